"""Requests to record a person's fingers anew, as their procedure goes through them (art. 8(4))."""

from django.db import models
from django.db.models import Q

from devices.models.alarms import Violation
from devices.models.machines import Device
from devices.models.people import RerecordingPermit
from organization.models import Employee, User
from processes.models import Instance


class RecordingAnewQuerySet(models.QuerySet["RecordingAnew"]):
    def open_of(self, employee: Employee) -> "RecordingAnew | None":
        """Return the request about this person that is under way; there is one at most."""
        rows = self.filter(employee=employee, state=RecordingAnew.State.OPEN)
        return rows.select_related("instance", "employee__agency", "permit", "supervisor").first()


class RecordingAnew(models.Model):
    """One request: why, who looked at the identity, who is to supervise when, what came of it.

    The leave itself is a RerecordingPermit, the fingers are Enrolments recorded since it was given.
    """

    class Cause(models.TextChoices):
        WORN = "worn", "Jari luka atau aus"
        WRONG = "wrong", "Salah jari"
        MOVED = "moved", "Pindah perangkat daerah"
        MACHINE = "machine", "Mesin baru"
        MISUSE = "misuse", "Dugaan penyalahgunaan"

    class State(models.TextChoices):
        OPEN = "open", "Diproses"
        DONE = "done", "Selesai"
        REFUSED = "refused", "Ditolak"
        CANCELLED = "cancelled", "Dibatalkan"

    employee = models.ForeignKey(
        Employee, on_delete=models.PROTECT, related_name="recordings_anew", db_index=False
    )
    cause = models.CharField("sebab", max_length=10, choices=Cause.choices)
    reason = models.CharField("alasan", max_length=200)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    instance = models.ForeignKey(
        Instance, on_delete=models.PROTECT, null=True, related_name="recordings_anew"
    )
    identified_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    violation = models.ForeignKey(
        Violation, on_delete=models.PROTECT, null=True, related_name="recordings_anew"
    )
    scheduled_on = models.DateField("hari perekaman", null=True)
    supervisor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    permit = models.OneToOneField(
        RerecordingPermit, on_delete=models.PROTECT, null=True, related_name="request"
    )
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    closed_at = models.DateTimeField(null=True)
    closed_note = models.CharField(max_length=300, blank=True)

    objects = RecordingAnewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employee"], condition=Q(state="open"), name="one_open_recording_anew"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None)
                | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="recording_anew_closed_with_its_time",
            ),
        ]
        indexes = [models.Index(fields=["employee", "state"], name="recording_anew_of_employee")]

    def __str__(self) -> str:
        return f"{self.employee}: {self.get_cause_display()}"


class LeftOutMachineQuerySet(models.QuerySet["LeftOutMachine"]):
    def standing(self) -> "LeftOutMachineQuerySet":
        """Those that may still hold the old finger."""
        return self.filter(caught_up_at=None)


class LeftOutMachine(models.Model):
    """A broken or silent machine that one removal of an old finger does not wait for.

    Whoever supervises said so, and why. When it answers again the removal is made up for there.
    """

    request = models.ForeignKey(
        RecordingAnew, on_delete=models.PROTECT, related_name="left_out", db_index=False
    )
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="left_out")
    reason = models.CharField("alasan", max_length=200)
    left_out_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    left_out_at = models.DateTimeField()
    asked_again_at = models.DateTimeField(null=True)  # when it was last told to make up for it
    caught_up_at = models.DateTimeField(null=True)

    objects = LeftOutMachineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "device"], name="machine_left_out_once")
        ]

    def __str__(self) -> str:
        return f"{self.device}: {self.reason}"
