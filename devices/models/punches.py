"""Punches: what people did at machines, once each."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from devices.models.machines import Device
from devices.models.uploads import RawUpload
from organization.models import Employee


class PunchQuerySet(models.QuerySet["Punch"]):
    def counted(self) -> "PunchQuerySet":
        """Punches whose time can be believed."""
        return self.filter(quarantine="")

    def between(self, start: datetime, end: datetime) -> "PunchQuerySet":
        return self.filter(at__gte=start, at__lt=end)


class Punch(models.Model):
    """One scan as a machine told it, or a presence told otherwise; never edited.

    `local_time` is the machine's wall clock to the second as text ("2026-04-01 07:20:31"): with
    machine and PIN it is the punch's identity, because no channel tells anything finer. The first
    telling wins; others that differ are kept as evidence. `employee` is derived from the PIN and
    may be found later, when the PIN is given to somebody. A punch that no machine told (a check-in,
    a list on paper, a correction) has no machine; its `source_key` is its identity.

    The database checks no foreign key of a punch: its upload is written or locked by whoever writes
    the punch, machine and employee are read there, and Django refuses to delete any of them
    (PROTECT). Checking them again would cost half of the price of a punch.
    """

    class Channel(models.TextChoices):
        FILE = RawUpload.Channel.FILE.value, RawUpload.Channel.FILE.label
        PULL = RawUpload.Channel.PULL.value, RawUpload.Channel.PULL.label
        PUSH = RawUpload.Channel.PUSH.value, RawUpload.Channel.PUSH.label
        CHECK_IN = "self", "presensi sendiri"
        LIST = "list", "daftar hadir manual"
        CORRECTION = "fix", "koreksi BKD"

    device = models.ForeignKey(
        Device, on_delete=models.PROTECT, null=True, related_name="punches",
        db_index=False, db_constraint=False,
    )  # fmt: skip
    source_key = models.CharField(max_length=80, null=True)
    pin = models.CharField(max_length=24)
    local_time = models.CharField(max_length=19)
    at = models.DateTimeField()
    time_zone = models.CharField(max_length=40)
    state = models.SmallIntegerField(null=True)
    verify = models.SmallIntegerField(null=True)
    work_code = models.CharField(max_length=24, blank=True)
    channel = models.CharField(max_length=4, choices=Channel.choices)
    upload = models.ForeignKey(
        RawUpload, on_delete=models.PROTECT, null=True, related_name="punches", db_constraint=False
    )
    employee = models.ForeignKey(
        Employee, on_delete=models.PROTECT, null=True, related_name="punches",
        db_index=False, db_constraint=False,
    )  # fmt: skip
    quarantine = models.CharField(max_length=80, blank=True)

    objects = PunchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["device", "pin", "local_time"], name="punch_once_per_second"
            ),
            models.UniqueConstraint(
                fields=["source_key"],
                condition=Q(source_key__isnull=False),
                name="punch_of_source_once",
            ),
            models.CheckConstraint(
                condition=Q(device__isnull=False, upload__isnull=False, source_key=None)
                | Q(device=None, upload=None, source_key__isnull=False),
                name="punch_has_one_source",
            ),
        ]
        # Each index is paid for by every punch: what asks by moment names people, or nobody.
        indexes = [models.Index(fields=["employee", "at"], name="punch_of_employee")]

    def __str__(self) -> str:
        return f"{self.pin} {self.local_time}"


class PunchEvidence(models.Model):
    """The same punch, told again with other values; kept beside the first telling."""

    punch = models.ForeignKey(Punch, on_delete=models.PROTECT, related_name="evidence")
    upload = models.ForeignKey(RawUpload, on_delete=models.PROTECT, related_name="evidence")
    state = models.SmallIntegerField(null=True)
    verify = models.SmallIntegerField(null=True)
    work_code = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints = [
            # Two tellings without a state are the same telling, which NULLs alone would not be.
            models.UniqueConstraint(
                F("punch"),
                Coalesce("state", -32768),
                Coalesce("verify", -32768),
                F("work_code"),
                name="evidence_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.punch}: {self.state}/{self.verify}"
