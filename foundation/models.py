"""The rows of the ledger and of the outbox."""

from datetime import datetime
from typing import Any, NoReturn

from django.db import models

from foundation.fields import WrittenJSONField
from foundation.tracing import LONGEST, current_trace


class LedgerStream(models.Model):
    """A row that owns a hash chain of events and carries the chain's head itself.

    Whoever writes to the stream holds this row's lock, so no lock is shared by all streams and the
    head costs no query of its own when the row is written anyway.
    """

    ledger_length = models.PositiveIntegerField(default=0, editable=False)
    ledger_hash = models.CharField(max_length=64, default="", blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def stream(self) -> str:
        return f"{self._meta.label_lower}:{self.pk}"


class Event(models.Model):
    """One thing that happened; appended, never changed."""

    stream = models.CharField(max_length=60)
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    acting_as = models.CharField(max_length=150, blank=True)
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    before = WrittenJSONField(default=dict)
    after = WrittenJSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "sequence"], name="event_once_per_sequence")
        ]
        indexes = [models.Index(fields=["subject"], name="event_subject")]

    def __str__(self) -> str:
        return f"{self.stream}#{self.sequence} {self.verb}"

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Events are appended by foundation.ledger and never saved again.")

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Events are never deleted.")


class Anchor(models.Model):
    """The heads of all chains on one day, as they were written outside the database as well."""

    number = models.PositiveIntegerField(unique=True)  # 1, 2, 3 without a gap
    at = models.DateTimeField()
    streams = models.PositiveIntegerField()  # that the file names
    events = models.PositiveBigIntegerField()  # that there were
    last_event = models.BigIntegerField(default=0)  # the newest of them, by id
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)  # SHA-256 of the file with the heads

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"Jangkar {self.number}: {self.digest[:12]}"


class Verification(models.Model):
    """One check of the whole record that somebody asked for: how far it is, and what it found."""

    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(max_length=150)
    finished_at = models.DateTimeField(null=True)
    stage = models.CharField(max_length=60, blank=True)  # the check that is going on
    after = models.CharField(max_length=60, blank=True)  # where its next slice begins
    counts = models.JSONField(default=dict)  # by check: {"things", "of": how many, "seen": of them}
    # The first bad place of each stream, at most 200: [{"stream", "sequence", "reason"}]
    faults = models.JSONField(default=list)
    fault_count = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return f"Pemeriksaan {self.asked_at:%Y-%m-%d %H:%M} oleh {self.asked_by_name}"


class OutboxJob(models.Model):
    """Work to do after a commit: a row with a lease, so that no broker or worker can lose it."""

    class State(models.TextChoices):
        WAITING = "waiting", "Menunggu"
        DONE = "done", "Selesai"
        INCIDENT = "incident", "Gagal - perlu tindakan"

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=160, unique=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    run_after = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    lease_token = models.CharField(max_length=32, blank=True)
    last_error = models.TextField(blank=True)
    progress = models.TextField(blank=True)  # how far work is that waits for something outside
    postponed_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    # The id of the request or the work that asked for it. The database has a default too: servers
    # of the release before do not know this column.
    trace = models.CharField(max_length=LONGEST, default=current_trace, db_default="", blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["run_after"], name="outbox_due", condition=models.Q(state="waiting")
            ),
            models.Index(
                fields=["created_at"], name="outbox_failed", condition=models.Q(state="incident")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} ({self.state})"

    def is_due(self, now: datetime) -> bool:
        return self.state == self.State.WAITING and self.run_after <= now


class Heartbeat(models.Model):
    """When a worker or the clock was last seen at work."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.at:%Y-%m-%d %H:%M:%S}"


class Viewing(models.Model):
    """Somebody opened what is sensitive about a person: a photo, a letter's scan, a copy of all.

    No event: a page that is looked at changes nothing, and takes no lock of a chain.
    """

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    kind = models.CharField(max_length=40)  # one of foundation.viewings.KINDS
    subject = models.CharField(max_length=80)  # "app.model:pk"
    person_id = models.BigIntegerField()  # whom it is about: the id of an employee

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["person_id", "-id"], name="viewing_of_person")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}: {self.actor_name}"
