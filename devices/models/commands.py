"""What a machine that calls us is told to do: rows with a lease."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from devices.models.machines import Device
from devices.models.people import FINGERS
from foundation.indonesian import date_text
from foundation.tracing import LONGEST, current_trace
from organization.models import User


class DeviceCommandQuerySet(models.QuerySet["DeviceCommand"]):
    def open(self) -> "DeviceCommandQuerySet":
        return self.filter(state__in=(DeviceCommand.State.WAITING, DeviceCommand.State.SENT))

    def due(self, now: datetime) -> "DeviceCommandQuerySet":
        """Commands to hand out at the next call: never sent, or sent and not answered in time."""
        waiting = Q(state=DeviceCommand.State.WAITING)
        return self.filter(waiting | Q(state=DeviceCommand.State.SENT, leased_until__lte=now))


class DeviceCommand(models.Model):
    """One command; its id is the number that the machine answers with.

    `arguments` name rows and PINs, never the bytes of a finger: the text is composed when it is
    sent. What destroys a machine's content (CLEAR, SHELL, PutFile) is not among the kinds.
    """

    class Kind(models.TextChoices):
        PUT_USER = "put_user", "Kirim pegawai"
        DELETE_USER = "delete_user", "Hapus pegawai"
        PUT_FINGER = "put_finger", "Kirim sidik jari"
        DELETE_FINGER = "delete_finger", "Hapus sidik jari"
        QUERY_USERS = "query_users", "Baca pegawai"
        QUERY_FINGERS = "query_fingers", "Baca sidik jari"
        QUERY_PUNCHES = "query_punches", "Minta ulang catatan absen"
        ENROL_FINGER = "enrol_finger", "Rekam sidik jari"
        CHECK = "check", "Baca ulang pengaturan"
        SEND_NEW = "send_new", "Kirim data baru"
        INFO = "info", "Periksa mesin"
        SET_TIME = "set_time", "Cocokkan jam"
        SET_OPTION = "set_option", "Ubah pengaturan"
        REBOOT = "reboot", "Nyalakan ulang"

    class State(models.TextChoices):
        WAITING = "waiting", "Menunggu"
        SENT = "sent", "Terkirim, belum dijawab"
        CONFIRMED = "confirmed", "Dikerjakan"
        FAILED = "failed", "Gagal"
        CANCELLED = "cancelled", "Dibatalkan"

    device = models.ForeignKey(
        Device, on_delete=models.PROTECT, related_name="commands", db_index=False
    )
    kind = models.CharField(max_length=16, choices=Kind.choices)
    # What it is about, as "1001" or "1001/6": the same thing is not told twice while it is open.
    target = models.CharField(max_length=80, blank=True)
    arguments = models.JSONField(default=dict)
    rank = models.PositiveSmallIntegerField(default=50)  # lower goes first; REBOOT goes last
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="device_commands"
    )
    sent_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    return_code = models.IntegerField(null=True)
    answer = models.JSONField(default=dict)  # figures that the machine gave, as AttlogSum
    error = models.CharField(max_length=200, blank=True)
    # The id of the request or the work that ordered it (foundation/tracing.py).
    trace = models.CharField(max_length=LONGEST, default=current_trace, db_default="", blank=True)

    objects = DeviceCommandQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["device", "kind", "target"],
                condition=Q(state__in=("waiting", "sent")),
                name="command_open_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["device", "rank", "id"],
                name="command_open",
                condition=Q(state__in=("waiting", "sent")),
            ),
            models.Index(fields=["device", "-id"], name="command_of_device"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.target} ({self.state})"

    @property
    def about(self) -> str:
        """Return in words what is meant: a PIN, a finger of one, or a stretch of days."""
        first, _, rest = self.target.partition("/")
        if self.kind == self.Kind.QUERY_PUNCHES and rest:
            days = [date_text(datetime.fromisoformat(text)) for text in (first, rest)]
            return " - ".join(dict.fromkeys(days))
        if rest.isdigit() and int(rest) < len(FINGERS):
            return f"PIN {first}, {FINGERS[int(rest)]}"
        return f"PIN {first}" if first.isdigit() else first
