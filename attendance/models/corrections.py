"""What is done to the evidence of a day: corrections by BKD, registered exceptions, decrees.

A punch itself is never edited (Pergub NTT 67/2019 art. 6(2)b gives repairs to BKD alone).
"""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from attendance.models.letters import AbsenceLetter
from devices.models import Device, Punch
from organization.models import Agency, Employee, User
from organization.permissions import agencies_where


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def requested(self) -> "CorrectionQuerySet":
        """Those that wait for a decision."""
        return self.filter(status=Correction.Status.REQUESTED)

    def visible_to(self, user: User, at: datetime) -> "CorrectionQuerySet":
        """Those of the agencies where a role shows them, and those of one's own days."""
        agencies = agencies_where(user, "corrections.view", at).values("pk")
        own = Q(employee__isnull=False, employee=user.employee_id)
        return self.filter(Q(agency__in=agencies) | own)


class Correction(models.Model):
    """An agency asks BKD to mend attendance data; BKD decides; before and after are kept."""

    class Kind(models.TextChoices):
        ADD_PUNCH = "add", "Menambah absen yang tidak terekam"
        IGNORE_PUNCH = "ignore", "Tidak memakai satu absen"
        SHIFT_CLOCK = "clock", "Menggeser jam mesin yang salah"
        REVOKE_LETTER = "revoke", "Mencabut surat yang disetujui"

    class Status(models.TextChoices):
        REQUESTED = "requested", "Menunggu BKD"
        APPROVED = "approved", "Dikabulkan"
        REJECTED = "rejected", "Ditolak"
        WITHDRAWN = "withdrawn", "Ditarik kembali"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="corrections")
    kind = models.CharField("jenis", max_length=10, choices=Kind.choices)
    # Whose day; empty for a machine's clock, which is everybody's.
    employee = models.ForeignKey(
        Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    day = models.DateField("tanggal", null=True, blank=True)
    at = models.DateTimeField("jam absen", null=True, blank=True)
    punch = models.ForeignKey(
        Punch, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    letter = models.ForeignKey(
        AbsenceLetter, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    # A machine's clock was wrong by so many minutes (slow: positive) between these moments.
    device = models.ForeignKey(
        Device, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    wrong_from = models.DateTimeField("salah sejak", null=True, blank=True)
    wrong_until = models.DateTimeField("salah sampai", null=True, blank=True)
    minutes = models.SmallIntegerField("digeser (menit)", default=0)

    reason = models.TextField("alasan")
    evidence = models.FileField("bukti", upload_to="corrections/%Y/%m", blank=True)
    evidence_name = models.CharField(max_length=200, blank=True)
    evidence_type = models.CharField(max_length=80, blank=True)
    evidence_sha256 = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.REQUESTED)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    note = models.TextField("catatan keputusan", blank=True)
    before = models.JSONField(default=list, blank=True)  # the days as they were judged
    after = models.JSONField(default=list, blank=True)
    # How many of the people whose days may change a worker has judged; equal where it is done.
    people_done = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="clock", device__isnull=False, employee=None)
                & Q(wrong_from__lt=F("wrong_until"))
                & ~Q(minutes=0)
                | Q(kind="add", employee__isnull=False, at__isnull=False)
                | Q(kind="ignore", employee__isnull=False, punch__isnull=False)
                | Q(kind="revoke", employee__isnull=False, letter__isnull=False),
                name="correction_is_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day or ''}".strip()

    @property
    def is_counting(self) -> bool:
        """Say whether a worker still judges the days before and after."""
        return self.people_done < self.people


class FingerException(models.Model):
    """Somebody whose fingers a machine cannot read may use another way (art. 8(1))."""

    employee = models.ForeignKey(
        Employee, on_delete=models.PROTECT, related_name="finger_exceptions"
    )
    reason = models.CharField("alasan", max_length=300)
    letter_number = models.CharField("nomor surat", max_length=100)
    valid_from = models.DateField("berlaku sejak")
    valid_until = models.DateField("berlaku sampai", null=True, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    registered_at = models.DateTimeField()

    class Meta:
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="finger_exception_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"Pengecualian sidik jari {self.employee}"


class PolicySetting(models.Model):
    """An office decided otherwise where the Pergub is silent; unset ones stand in `policy.toml`."""

    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="policy_settings"
    )
    name = models.CharField(max_length=60)
    value = models.CharField("nilai", max_length=60)
    decree_number = models.CharField("nomor keputusan", max_length=150)
    valid_from = models.DateField("berlaku sejak")
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(decree_number=""), name="policy_setting_has_a_decree"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} = {self.value} sejak {self.valid_from}"
