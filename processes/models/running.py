"""Definitions kept, instances, tasks and their attachments."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.models import LedgerStream
from organization.models import Agency, User
from workflows.definitions import OutcomeKind, TaskKind


class Definition(models.Model):
    """A version of a SOP that was ever started, whole: its folder as it was."""

    key = models.CharField(max_length=80)
    version = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    files = models.JSONField()  # relative path -> base64 of the content
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="definition_kept_once")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.version[:8]})"


class Instance(LedgerStream):
    """A SOP at work for one agency and one subject (berkas)."""

    class Status(models.TextChoices):
        RUNNING = "running", "Berjalan"
        FINISHED = "finished", "Selesai"
        CANCELLED = "cancelled", "Dibatalkan"

    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="instances")
    # What the row of the definition says, so that reading the definition costs no query.
    definition_key = models.CharField(max_length=80)
    definition_version = models.CharField(max_length=64)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="instances")
    subject = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=250)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RUNNING)
    version = models.PositiveIntegerField(default=0)  # counts writes; compare-and-swap
    state = models.BinaryField()
    form = models.JSONField(default=dict)  # latest answer of every field
    visits = models.JSONField(default=dict)  # how often each step was entered
    measured_version = models.PositiveIntegerField(null=True)  # of the timings derived from it
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="started"
    )
    started_at = models.DateTimeField()
    # The task of another SOP that began this one and waits for its end.
    called_by = models.ForeignKey(
        "Task", on_delete=models.PROTECT, null=True, related_name="called"
    )
    start_form = models.JSONField(default=dict)  # what the message that began it brought along
    idempotency_key = models.CharField(max_length=64, blank=True)
    finished_at = models.DateTimeField(null=True)
    cancel_reason = models.TextField(blank=True)
    is_urgent = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["definition_key", "agency", "subject"],
                # A task that is done again calls its SOP again, for the same subject.
                condition=~Q(status="cancelled") & ~Q(subject="") & Q(called_by=None),
                name="instance_once_per_subject",
            ),
            models.UniqueConstraint(
                fields=["called_by"],
                condition=~Q(status="cancelled") & ~Q(called_by=None),
                name="instance_called_once",
            ),
            models.UniqueConstraint(
                fields=["started_by", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="instance_once_per_request",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="instance_unmeasured",
                condition=Q(measured_version=None) | ~Q(measured_version=F("version")),
            )
        ]
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return self.title


class Task(models.Model):
    """One visit to one step. Six instants are kept from the first day."""

    class Status(models.TextChoices):
        READY = "ready", "Menunggu diambil"
        CLAIMED = "claimed", "Sedang dikerjakan"
        COMPLETED = "completed", "Selesai"
        CANCELLED = "cancelled", "Dibatalkan"
        FAILED = "failed", "Gagal - coba lagi"

    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="tasks")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="tasks")
    engine_id = models.CharField(max_length=40)
    step = models.CharField(max_length=120)  # the BPMN id
    name = models.CharField(max_length=250)
    lane = models.CharField(max_length=80)  # the candidate role
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in TaskKind])
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.READY)
    visit = models.PositiveSmallIntegerField(default=1)
    # A step that is done once per row has a task for each: which row, and what people call it.
    row_key = models.CharField(max_length=80, blank=True)
    row_label = models.CharField(max_length=150, blank=True)
    message = models.CharField(max_length=80, blank=True)  # the name that a message task waits for
    # Data name the people (`candidates`), not the role: offered to them only, or, without any, to
    # nobody until somebody is named.
    by_name = models.BooleanField(default=False)
    # Somebody handed the task over: offered to this person only.
    assignee = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="tasks")
    acting_as = models.CharField(max_length=150, blank=True)

    offered_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    effective_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    # Claims that ended without a submission, {"from", "until", "by", "why"}, and declared pauses,
    # {"from", "until", "by", "reason"}: ISO moments in UTC; the pause that lasts has no "until".
    earlier = models.JSONField(default=list, blank=True)
    pauses = models.JSONField(default=list, blank=True)
    form_seconds = models.PositiveIntegerField(default=0)  # the form stood open, idle time capped
    form_beat_at = models.DateTimeField(null=True)
    # Mutu baku as it was at the completion: the whole standard, and the n in it.
    standard_seconds = models.PositiveIntegerField(null=True)
    standard_count = models.PositiveIntegerField(null=True)
    # When somebody was told that the standard is passed, that it waits long: once per visit.
    breach_told_at = models.DateTimeField(null=True)
    wait_told_at = models.DateTimeField(null=True)

    draft = models.JSONField(default=dict, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    outcome = models.CharField(max_length=80, blank=True)
    outcome_kind = models.CharField(
        max_length=10, blank=True, choices=[(k.value, k.value) for k in OutcomeKind]
    )
    comment = models.TextField(blank=True)
    returned_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    reused = models.BooleanField(default=False)  # "masih berlaku": not work, not a breach
    undone_at = models.DateTimeField(null=True)  # completed, then the instance went back before it
    note = models.TextField(blank=True)
    link = models.CharField(max_length=200, blank=True)
    idempotency_key = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instance", "engine_id"], name="task_once_per_visit")
        ]
        indexes = [
            models.Index(
                fields=["agency", "lane", "offered_at", "id"],
                name="task_queue",
                condition=Q(status="ready", kind="user", assignee=None, by_name=False),
            ),
            models.Index(
                fields=["owner", "offered_at"], name="task_mine", condition=Q(status="claimed")
            ),
            models.Index(
                fields=["assignee", "offered_at"],
                name="task_assigned",
                condition=Q(status="ready", assignee__isnull=False),
            ),
            models.Index(
                fields=["agency", "offered_at"],
                name="task_wait_untold",
                condition=Q(status="ready", kind="user", wait_told_at=None),
            ),
            models.Index(
                fields=["id"],
                name="task_breach_untold",
                condition=Q(status="claimed", kind="user", breach_told_at=None),
            ),
            models.Index(
                fields=["id"],
                name="task_by_name",
                condition=Q(status="ready", by_name=True, assignee=None),
            ),
            models.Index(
                fields=["owner", "-submitted_at", "-id"],
                name="task_done",
                condition=Q(status="completed", kind="user"),
            ),
            models.Index(
                fields=["agency", "message"],
                name="task_catching",
                condition=Q(status="ready", kind="message"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name} - {self.instance.title}"

    @property
    def full_name(self) -> str:
        """Return the name of the step with the row that it is done for."""
        return f"{self.name} · {self.row_label}" if self.row_label else self.name

    @property
    def was_left(self) -> bool:
        """Say whether the system failed and the process went on by the way for errors."""
        return self.status == self.Status.FAILED and self.effective_at is not None


class TaskCandidate(models.Model):
    """One of the people whom data name for a task; asked anew when the task is offered anew."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="candidates")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "user"], name="task_candidate_once")]
        ordering = ["id"]  # as the performer named them

    def __str__(self) -> str:
        return f"{self.user} - {self.task}"


class Attachment(models.Model):
    """A file that a form carried, checked at the door and named by its content."""

    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="attachments")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="attachments")
    field = models.CharField(max_length=80)
    file = models.FileField(upload_to="attachments/%Y/%m")
    original_name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.original_name
