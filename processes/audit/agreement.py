"""Rows of tasks, their answers and files, and of instances, held against their events.

The events of an instance are played again into what its rows must say (`expected`, pure); a row
changed by hand in the database says something else. Drafts and beats of a form are working notes
that no event tells of.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from foundation import ledger
from foundation.ledger import Fault, Slice, plain, row_check
from foundation.models import Event
from processes.answers import answers_digest
from processes.attachments import is_as_received
from processes.models import Attachment, Instance, Task

INSTANCES = 200  # looked at in one go
_TASK, _INSTANCE = "processes.task:", "processes.instance:"

# What the event of a completion says of columns of the same name, where it says it.
_TOLD = (
    "step", "visit", "outcome", "comment", "reused", "standard_seconds", "standard_count",
    "form_seconds",
)  # fmt: skip
_WITHDRAWN = ("task_cancelled", "timer_cancelled", "message_cancelled")
_WORDS = {
    "status": "keadaan",
    "owner_id": "pelaksana",
    "assignee_id": "penerima tugas",
    "acting_as": "jabatan pelaksana",
    "outcome": "keputusan",
    "comment": "alasan",
    "offered_at": "waktu tersedia",
    "claimed_at": "waktu diambil",
    "submitted_at": "waktu selesai",
    "effective_at": "waktu berlaku",
    "finished_at": "waktu selesai",
    "started_at": "waktu mulai",
    "reused": "tanda masih berlaku",
    "step": "langkah",
    "visit": "putaran",
    "row_key": "baris",
    "row_label": "nama baris",
    "definition_version": "versi SOP",
    "called_by_id": "tahap yang memulainya",
    "standard_seconds": "mutu baku",
    "standard_count": "jumlah pada mutu baku",
    "form_seconds": "lama formulir terbuka",
    "earlier": "pengambilan sebelumnya",
    "pauses": "jeda",
    "undone_at": "tanda dimundurkan",
    "answers": "jawaban formulir",
    "form": "jawaban seluruh berkas",
    "start_form": "isi kabar yang memulainya",
    "subject": "perihal",
    "title": "judul",
    "cancel_reason": "alasan pembatalan",
    "sha256": "sidik berkas",
    "field": "isian formulir",
}


@dataclass
class Expected:
    """What the events say of one row: column -> value, and the last event that told of it."""

    columns: dict[str, Any] = field(default_factory=dict)
    sequence: int = 0


@dataclass
class Story:
    """What the events of one instance say of its rows, by id."""

    instance: Expected = field(default_factory=Expected)
    tasks: dict[int, Expected] = field(default_factory=dict)
    files: dict[int, Expected] = field(default_factory=dict)
    answers: dict[int, str] = field(default_factory=dict)  # digests, in the order of completions
    start_form: str | None = None  # digest of what the message that began it brought along


def expected(events: Iterable[Event]) -> Story:
    """Play the events of one instance, in their order. Pure."""
    story = Story()
    for event in events:
        kind, _, key = event.subject.partition(":")
        if f"{kind}:" == _INSTANCE:
            _tell_instance(story.instance, event)
            story.start_form = event.after.get("form_sha256") or story.start_form
        elif f"{kind}:" == _TASK and key.isdecimal():
            task = story.tasks.setdefault(int(key), Expected())
            task.sequence = event.sequence
            _tell_task(task.columns, event)
            if digest := event.after.get("answers_sha256"):
                story.answers.pop(int(key), None)
                story.answers[int(key)] = digest
            if event.verb == "attachment_added":
                told = {"sha256": event.after["sha256"], "field": event.after["field"]}
                story.files[event.after["attachment"]] = Expected(told, event.sequence)
    return story


def _tell_instance(row: Expected, event: Event) -> None:
    row.sequence = event.sequence
    if event.verb == "instance_started":
        row.columns |= {"status": "running", "started_at": event.at, "finished_at": None}
        row.columns |= {"subject": event.after.get("subject", "")}
        row.columns |= {"called_by_id": event.after.get("called_by")}
        if title := event.after.get("title"):
            row.columns["title"] = title
        if version := event.after.get("version"):
            row.columns["definition_version"] = version
    elif event.verb == "instance_carried_over":
        row.columns |= {"definition_version": event.after["version"]}
    elif event.verb in ("instance_finished", "instance_cancelled"):
        row.columns |= {"status": event.verb.removeprefix("instance_"), "finished_at": event.at}
        row.columns |= {"cancel_reason": event.after.get("reason", "")}


def _tell_task(row: dict[str, Any], event: Event) -> None:
    """Write into `row` what this event says of the task's columns."""
    told = event.after
    if event.verb == "task_opened":
        row |= {name: told[name] for name in ("step", "visit") if name in told}
        row |= {"row_key": told.get("row", ""), "row_label": told.get("row_label", "")}
        row |= {"status": "ready", "offered_at": event.at, "claimed_at": None}
        row |= {"submitted_at": None, "owner_id": None, "assignee_id": None, "acting_as": ""}
        row |= {"effective_at": None, "outcome": "", "comment": "", "answers": {}, "reused": False}
        row["undone_at"] = None
        return
    if event.verb in ("task_rewound", "task_undone"):
        row["undone_at"] = event.at
    if "status" not in told:
        return  # offered to others, rested, got a file: its state stays
    row["status"] = told["status"]
    if event.verb == "task_claimed":
        row |= {"owner_id": event.actor_id, "claimed_at": event.at, "acting_as": event.acting_as}
    elif event.verb in ("task_unclaimed", "task_reassigned", "task_reoffered"):
        row |= {"owner_id": None, "claimed_at": None, "acting_as": ""}
        if event.verb != "task_unclaimed":
            row["assignee_id"] = told.get("assignee")
    elif event.verb == "task_retried":
        row["claimed_at"] = None
    elif event.verb == "task_completed":
        done_at = datetime.fromisoformat(told.get("effective_at") or event.at.isoformat())
        done_at = done_at.astimezone(UTC)  # told by the office's clock, compared as it is kept
        row |= {name: told[name] for name in _TOLD if name in told}
        row.pop("answers", None)  # held by their digest
        if "form_seconds" in told:  # of a person's task; lists that are empty are not told
            row |= {name: told.get(name, []) for name in ("earlier", "pauses")}
        row |= {"owner_id": event.actor_id, "acting_as": event.acting_as}
        row |= {"submitted_at": event.at, "effective_at": done_at}
    elif event.verb in _WITHDRAWN or "left_by" in told:
        row["effective_at"] = event.at


@row_check("processes.instances", things="berkas", total=lambda: Instance.objects.count())
def instances_slice(after: str) -> Slice:
    """Check the next instances with all that is in them."""
    rows = Instance.objects.filter(pk__gt=int(after or 0)).order_by("pk")
    instances = list(rows.defer("state", "visits")[:INSTANCES])
    faults: list[Fault] = []
    for suspect in {fault.stream: fault for fault in _faults(instances)}:
        faults += _looked_at_again(int(suspect.partition(":")[2]))
    last = str(instances[-1].pk) if len(instances) == INSTANCES else None
    return Slice(faults, len(instances), last)


def _looked_at_again(pk: int) -> list[Fault]:
    """Look under the instance's lock: somebody may have worked while rows and events were read."""
    with transaction.atomic():
        return list(_faults([ledger.lock(Instance(pk=pk))]))


def _faults(instances: Sequence[Instance]) -> Iterator[Fault]:
    by_stream = {instance.stream: instance for instance in instances}
    events: dict[str, list[Event]] = {stream: [] for stream in by_stream}
    for event in Event.objects.filter(stream__in=list(by_stream)).order_by("stream", "sequence"):
        events[event.stream].append(event)
    tasks: dict[int, dict[int, Task]] = {instance.pk: {} for instance in instances}
    for task in Task.objects.filter(instance__in=list(tasks)).defer("draft"):
        tasks[task.instance_id][task.pk] = task
    files: dict[int, dict[int, Attachment]] = {instance.pk: {} for instance in instances}
    for row in Attachment.objects.filter(instance__in=list(files)):
        files[row.instance_id][row.pk] = row
    for stream, instance in by_stream.items():
        story = expected(events[stream])
        yield from compare(instance, tasks[instance.pk], files[instance.pk], story)
        for pk, told in story.files.items():
            file = files[instance.pk].get(pk)
            if file and file.sha256 == told.columns["sha256"] and not is_as_received(file):
                yield Fault(stream, told.sequence, f"Lampiran {pk}: isi berkas diubah.")


def compare(
    instance: Instance,
    tasks: Mapping[int, Task],
    files: Mapping[int, Attachment],
    story: Story,
) -> Iterator[Fault]:
    """Yield every row of the instance that is not as the events say, in words. Pure."""
    where = _Where(instance.stream)
    if not story.instance.columns:
        yield where.fault(0, "Berkas ini tidak punya peristiwa permulaan.")
    yield from where.differences("Berkas", instance, story.instance)
    for pk, task in tasks.items():
        name = f"Tugas {pk} “{task.name}”"
        if pk not in story.tasks:
            yield where.fault(0, f"{name} tidak disebut peristiwa mana pun.")
            continue
        told = story.tasks[pk]
        yield from where.differences(name, task, told)
        digest = story.answers.get(pk)
        if digest is not None and digest != answers_digest(task.answers):
            yield where.fault(told.sequence, f"{name}: {_words('answers')} diubah.")
    for pk in story.tasks.keys() - tasks.keys():
        yield where.fault(story.tasks[pk].sequence, f"Tugas {pk} hilang.")
    yield from _form_faults(where, instance, tasks, story)
    for pk, row in files.items():
        if pk not in story.files:
            yield where.fault(0, f"Lampiran {pk} tidak disebut peristiwa mana pun.")
        else:
            yield from where.differences(f"Lampiran {pk}", row, story.files[pk])
    for pk in story.files.keys() - files.keys():
        yield where.fault(story.files[pk].sequence, f"Lampiran {pk} hilang.")


def _form_faults(
    where: "_Where", instance: Instance, tasks: Mapping[int, Task], story: Story
) -> Iterator[Fault]:
    """What gateways read are the answers of all completions, the later over the earlier."""
    done = [tasks[pk] for pk in story.answers if pk in tasks]
    if len(done) < sum(1 for task in tasks.values() if task.answers):
        return  # completed before answers were told to events, or missing: said elsewhere
    if instance.start_form and story.start_form != answers_digest(instance.start_form):
        yield where.fault(story.instance.sequence, f"Berkas: {_words('start_form')} diubah.")
    form: dict[str, Any] = dict(instance.start_form)
    for task in done:
        form |= task.answers
    if form != instance.form:
        yield where.fault(story.instance.sequence, f"Berkas: {_words('form')} diubah.")


@dataclass(frozen=True)
class _Where:
    stream: str

    def fault(self, sequence: int, reason: str) -> Fault:
        return Fault(self.stream, sequence, reason)

    def differences(self, name: str, row: Any, told: Expected) -> Iterator[Fault]:
        names = [
            _words(column)
            for column, value in told.columns.items()
            if plain({"": getattr(row, column)}) != plain({"": value})
        ]
        if names:
            yield self.fault(told.sequence, f"{name}: {', '.join(names)} diubah.")


def _words(column: str) -> str:
    return _WORDS.get(column, column)
