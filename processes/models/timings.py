"""What the clocks of finished work say: derived from tasks, rebuilt and never patched.

Every duration is whole seconds; *work* is working time of the agency's calendar, *wall* is what a
clock on the wall shows. lead = waiting + handling + paused, in both.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from organization.models import Agency
from processes.models.running import Instance, Task
from workflows.definitions import OutcomeKind, TaskKind


class Verdict(models.TextChoices):
    """Handling beside the standard time."""

    WITHIN = "within", "Sesuai baku"
    OVER = "over", "Melebihi baku"
    NONE = "none", "Tanpa baku"
    REUSED = "reused", "Masih berlaku"


PEOPLES = Q(kind=TaskKind.USER.value) & ~Q(verdict=Verdict.REUSED)  # what people worked on
RETURNED = Q(outcome_kind=OutcomeKind.RETURN.value)
FLAGGED = (
    Q(by_substitute=True)
    | Q(outside_hours=True)
    | Q(forced=True)
    | Q(backdated=True)
    | Q(clock_back=True)
    | Q(out_of_order=True)
    | Q(undone=True)
)


class VisitTiming(models.Model):
    """The clocks of one finished visit to a step, people's and the system's alike."""

    task = models.OneToOneField(
        Task, on_delete=models.CASCADE, primary_key=True, related_name="timing"
    )
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="timings")
    definition_key = models.CharField(max_length=80)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    period = models.DateField()  # first day of the month that the visit counts to
    step = models.CharField(max_length=120)  # the BPMN id; of a reused stage the numbered step
    number = models.PositiveSmallIntegerField(null=True)  # of the numbered step it is or serves
    lane = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in TaskKind])
    visit = models.PositiveSmallIntegerField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    acting_as = models.CharField(max_length=150, blank=True)
    offered_weekday = models.PositiveSmallIntegerField()  # 0 is Monday, in the agency's zone
    submitted_at = models.DateTimeField()

    waiting_work = models.PositiveIntegerField(default=0)
    handling_work = models.PositiveIntegerField(default=0)
    paused_work = models.PositiveIntegerField(default=0)
    lead_work = models.PositiveIntegerField(default=0)
    waiting_wall = models.PositiveIntegerField(default=0)
    handling_wall = models.PositiveIntegerField(default=0)
    paused_wall = models.PositiveIntegerField(default=0)
    lead_wall = models.PositiveIntegerField(default=0)
    form_open = models.PositiveIntegerField(default=0)  # wall, idle time capped
    standard = models.PositiveIntegerField(null=True)  # times the count at completion
    count = models.PositiveIntegerField(null=True)  # the n of "5 menit per pegawai"
    verdict = models.CharField(max_length=6, choices=Verdict.choices)

    outcome_kind = models.CharField(
        max_length=10, blank=True, choices=[(k.value, k.value) for k in OutcomeKind]
    )
    returned_to = models.CharField(max_length=120, blank=True)  # the step a return led to
    # Of a return: from it until the same step was submitted again, and the handling in between.
    lost_work = models.PositiveIntegerField(null=True)
    repeated_work = models.PositiveIntegerField(null=True)

    by_substitute = models.BooleanField(default=False)
    outside_hours = models.BooleanField(default=False)  # submitted when the office was closed
    forced = models.BooleanField(default=False)  # taken from its owner, or ended before its time
    backdated = models.BooleanField(default=False)  # said to have been done before it was sent
    clock_back = models.BooleanField(default=False)  # a moment lies before the one it follows
    out_of_order = models.BooleanField(default=False)  # the BPMN did not lead here
    undone = models.BooleanField(
        db_default=False, default=False
    )  # the instance went back to before it

    class Meta:
        indexes = [
            models.Index(fields=["definition_key", "agency", "period"], name="timing_scope"),
            # The others have every column that a page of the audit counts: it reads them alone.
            models.Index(
                fields=[
                    *("definition_key", "agency", "period", "step", "number", "visit"),
                    *("lane", "acting_as", "owner", "offered_weekday"),
                    *("verdict", "outcome_kind", "standard"),
                    *("handling_work", "waiting_work", "handling_wall", "waiting_wall"),
                ],
                name="timing_people",
                condition=PEOPLES,
            ),
            models.Index(
                fields=[
                    *("definition_key", "agency", "period", "step", "kind", "verdict"),
                    "lead_wall",
                ],
                name="timing_others",
                condition=~PEOPLES,
            ),
            models.Index(
                fields=[
                    *("definition_key", "agency", "period", "step", "returned_to", "visit"),
                    *("lost_work", "repeated_work", "submitted_at", "task"),
                ],
                name="timing_returns",
                condition=PEOPLES & RETURNED,
            ),
            models.Index(
                fields=[
                    *("definition_key", "agency", "period", "by_substitute", "outside_hours"),
                    *("forced", "backdated", "clock_back", "out_of_order", "undone"),
                ],
                name="timing_flagged",
                condition=FLAGGED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} #{self.visit} ({self.verdict})"


class InstanceAudit(models.Model):
    """One instance as the auditor sees it: how it went, and whether as the BPMN says."""

    instance = models.OneToOneField(
        Instance, on_delete=models.CASCADE, primary_key=True, related_name="audit"
    )
    definition_key = models.CharField(max_length=80)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    period = models.DateField()  # first day of the month that the instance counts to
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    lead_work = models.PositiveIntegerField(null=True)  # started to finished
    lead_wall = models.PositiveIntegerField(null=True)
    returns = models.PositiveSmallIntegerField(default=0)
    conforms = models.BooleanField(default=True)
    # [{"kind": "skipped" | "out_of_order" | "forced" | ..., "step": id, "task": id or None}]
    deviations = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["definition_key", "agency", "period"], name="audit_scope")]

    def __str__(self) -> str:
        return f"{self.instance_id}: {'sesuai' if self.conforms else 'menyimpang'}"
