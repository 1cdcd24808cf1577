"""What somebody should look at, and what was made of it."""

from django.db import models
from django.db.models import Q

from devices.models.machines import Device
from organization.models import Agency, Employee, User


class AlarmQuerySet(models.QuerySet["Alarm"]):
    def open(self) -> "AlarmQuerySet":
        return self.filter(cleared_at=None)


class Alarm(models.Model):
    """A state of things that needs eyes; raised once while it lasts, however often it is seen."""

    class Kind(models.TextChoices):
        OFFLINE = "offline", "Mesin tidak melapor"
        CLOCK = "clock", "Jam mesin melenceng"
        LOG_FULL = "log_full", "Memori catatan hampir penuh"
        CLONED = "cloned", "Satu nomor seri dari dua tempat"
        TAMPER = "tamper", "Menu mesin dipakai untuk menghapus atau mengubah"
        BODY_TOO_LARGE = "body_too_large", "Kiriman terlalu besar"
        UNREADABLE = "unreadable", "Kiriman tidak terbaca"
        UNKNOWN_PATH = "unknown_path", "Alamat yang tidak dikenal"
        PULL_FAILED = "pull_failed", "Mesin tidak dapat ditarik"
        FINGER_DOUBLED = "finger_doubled", "Satu sidik jari pada dua PIN"
        FINGER_CHANGED = "finger_changed", "Sidik jari berubah tanpa perekaman ulang"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="alarms")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, related_name="alarms")
    employee = models.ForeignKey(
        Employee, on_delete=models.PROTECT, null=True, related_name="alarms"
    )
    target = models.CharField(max_length=120)  # what tells two alarms of a kind apart
    text = models.CharField(max_length=300)
    details = models.JSONField(default=dict)
    raised_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    cleared_at = models.DateTimeField(null=True)
    # Empty when the cause went away by itself.
    cleared_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="cleared_alarms"
    )
    note = models.CharField(max_length=300, blank=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "target"], condition=Q(cleared_at=None), name="alarm_open_once"
            )
        ]
        indexes = [models.Index(fields=["device", "-raised_at"], name="alarm_of_device")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.target}"


class Violation(models.Model):
    """A suspected breach of Pergub 67/2019 art. 9 or 14, noted and handed over.

    It names facts and to whom they were given. It never sanctions: that is the task of another
    procedure (SOP Penyusunan Laporan Disiplin Pegawai).
    """

    class State(models.TextChoices):
        NOTED = "noted", "Dicatat"
        HANDED_OVER = "handed_over", "Diserahkan"
        DISMISSED = "dismissed", "Tidak terbukti"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="violations")
    employee = models.ForeignKey(
        Employee, on_delete=models.PROTECT, null=True, related_name="violations"
    )
    alarm = models.ForeignKey(Alarm, on_delete=models.PROTECT, null=True, related_name="violations")
    article = models.CharField(max_length=40)  # "Pasal 9 ayat (1)"
    facts = models.TextField("uraian")
    state = models.CharField(max_length=12, choices=State.choices, default=State.NOTED)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="noted_violations")
    handed_to = models.CharField("diserahkan kepada", max_length=150, blank=True)
    reference = models.CharField("nomor surat", max_length=80, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="closed_violations"
    )
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-noted_at", "-id"]

    def __str__(self) -> str:
        return f"{self.article}: {self.get_state_display()}"
