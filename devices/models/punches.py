"""Punches: what people did at machines, once each."""

from datetime import datetime

from django.db import models
from django.db.models import Q

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
    """

    device = models.ForeignKey(
        Device, on_delete=models.PROTECT, null=True, related_name="punches", db_index=False
    )
    source_key = models.CharField(max_length=80, null=True, unique=True)
    pin = models.CharField(max_length=24)
    local_time = models.CharField(max_length=19)
    at = models.DateTimeField()
    time_zone = models.CharField(max_length=40)
    state = models.SmallIntegerField(null=True)
    verify = models.SmallIntegerField(null=True)
    work_code = models.CharField(max_length=24, blank=True)
    channel = models.CharField(max_length=4, choices=RawUpload.Channel.choices)
    upload = models.ForeignKey(
        RawUpload, on_delete=models.PROTECT, null=True, related_name="punches"
    )
    employee = models.ForeignKey(
        Employee, on_delete=models.PROTECT, null=True, related_name="punches", db_index=False
    )
    quarantine = models.CharField(max_length=80, blank=True)

    objects = PunchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["device", "pin", "local_time"], name="punch_once_per_second"
            ),
            models.CheckConstraint(
                condition=Q(device__isnull=False, upload__isnull=False, source_key=None)
                | Q(device=None, upload=None, source_key__isnull=False),
                name="punch_has_one_source",
            ),
        ]
        indexes = [
            models.Index(fields=["employee", "at"], name="punch_of_employee"),
            models.Index(fields=["at"], name="punch_at"),
        ]

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
            models.UniqueConstraint(
                fields=["punch", "state", "verify", "work_code"],
                name="evidence_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.punch}: {self.state}/{self.verify}"
