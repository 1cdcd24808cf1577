"""Holds what is stored against what must have happened once; runs inside an office."""

from collections import Counter
from collections.abc import Iterator

from attendance.models import Handover, Recap
from documents.models import Archive, Document, LetterNumber
from documents.storage import sha256_of_file, stored_path
from foundation import ledger
from foundation.models import Event, OutboxJob
from processes.models import Instance, Task
from tests.forty.offices import SOP
from workflows.definitions import TaskKind

COMPLETED, CANCELLED = Task.Status.COMPLETED, Task.Status.CANCELLED
ONCE_AN_INSTANCE = ("instance_started", "instance_finished")
ONCE_A_RECAP = ("recap_frozen",)
ONCE_A_HANDOVER = ("handover_prepared", "handover_handed", "handover_received")
# What waits on the edge of a step is withdrawn when the step is over before it happened.
WITHDRAWN = {TaskKind.TIMER: "timer_cancelled", TaskKind.MESSAGE: "message_cancelled"}
TAKEN_UP = (TaskKind.USER, TaskKind.AUTOMATIC)


def check() -> dict[str, list[str]]:
    """Return every disagreement, in words, by what it breaks."""
    return {
        "ledger": [f"{f.stream}#{f.sequence}: {f.reason}" for f in ledger.verify()],
        "not at its end": list(_unfinished()),
        "events": list(_events()),
        "recaps": list(_recaps()),
        "letters": list(_letters()),
        "courses": list(_courses()),
    }


def figures() -> dict[str, int]:
    """Return how much was going on; jobs that were taken up again show that kills hit work."""
    return {
        "tasks": Task.objects.count(),
        "events": Event.objects.count(),
        "documents": Document.objects.count(),
        "jobs": OutboxJob.objects.count(),
        "taken up again": OutboxJob.objects.filter(attempts__gt=1).count(),
    }


def _unfinished() -> Iterator[str]:
    for instance in Instance.objects.exclude(status=Instance.Status.FINISHED):
        yield f"{instance}: {instance.status}"
    for task in Task.objects.select_related("instance"):
        may_be_withdrawn = task.kind in WITHDRAWN and task.status == CANCELLED
        if task.status != COMPLETED and not may_be_withdrawn:
            yield f"{task.instance} {task.step}: {task.status}"
    for job in OutboxJob.objects.exclude(state=OutboxJob.State.DONE):
        yield f"{job} after {job.attempts} attempts: {job.last_error}"


def _events() -> Iterator[str]:
    """Every task, instance, recap and paper has each of its events once, and no other of these."""
    told = Counter(Event.objects.values_list("subject", "verb"))
    wanted: dict[str, tuple[str, ...]] = {}
    for task in Task.objects.all():
        wanted[f"processes.task:{task.pk}"] = _of_task(task)
    for instance in Instance.objects.all():
        wanted[f"processes.instance:{instance.pk}"] = ONCE_AN_INSTANCE
    for recap in Recap.objects.all():
        wanted[f"attendance.recap:{recap.pk}"] = ONCE_A_RECAP
    for handover in Handover.objects.all():
        wanted[f"attendance.handover:{handover.pk}"] = ONCE_A_HANDOVER
    for document in Document.objects.all():
        wanted[f"documents.document:{document.pk}"] = ("document_issued",)
    known = {verb for verbs in wanted.values() for verb in verbs}
    for subject, verbs in wanted.items():
        for verb in known:
            if told[subject, verb] != verbs.count(verb):
                yield f"{subject} {verb}: {told[subject, verb]}, not {verbs.count(verb)}"


def _of_task(task: Task) -> tuple[str, ...]:
    claimed = ("task_claimed",) if task.kind in TAKEN_UP else ()
    kind = TaskKind(task.kind)
    end = WITHDRAWN.get(kind, "") if task.status == CANCELLED else "task_completed"
    return ("task_opened", *claimed, end)


def _recaps() -> Iterator[str]:
    """Every agency has one recap of the month: frozen, first version, built once a round."""
    recaps = Counter(Recap.objects.values_list("agency", flat=True))
    for instance in Instance.objects.all():
        if recaps[instance.agency_id] != 1:
            yield f"{instance}: {recaps[instance.agency_id]} recaps"
    for recap in Recap.objects.all():
        if (recap.status, recap.version) != (Recap.Status.FROZEN, 1):
            yield f"{recap}: {recap.status}, version {recap.version}"


def _letters() -> Iterator[str]:
    """Every paper was written once for its task; numbers have no gaps; files are what rows say."""
    papers = Counter(Document.objects.values_list("task", "kind", "item_key"))
    for key, count in papers.items():
        if count != 1:
            yield f"{key}: {count} documents"
    numbered = Counter(Document.objects.exclude(number="").values_list("agency", "number"))
    numbered += Counter(Archive.objects.values_list("agency", "number"))
    given = sum(LetterNumber.objects.values_list("last", flat=True))
    if numbered.total() != len(numbered) or numbered.total() != given:
        yield f"{numbered.total()} numbered, {len(numbered)} numbers, {given} given"
    if Archive.objects.count() != Instance.objects.filter(definition_key=SOP).count():
        yield f"{Archive.objects.count()} archives"
    for document in Document.objects.all():
        if sha256_of_file(stored_path(str(document.file)))[0] != document.sha256:
            yield f"{document}: another file"


def _courses() -> Iterator[str]:
    """Agencies with as many returns went the same way and got the same papers."""
    seen: dict[tuple[str, int], tuple[Counter[str], Counter[str]]] = {}
    for instance in Instance.objects.all():
        tasks = instance.tasks.all()
        returns = tasks.filter(outcome_kind="return").count()
        course = Counter(tasks.values_list("step", flat=True))
        papers = Counter(Document.objects.filter(instance=instance).values_list("kind", flat=True))
        alike = (instance.definition_key, returns)
        if seen.setdefault(alike, (course, papers)) != (course, papers):
            yield f"{instance}: {returns} returns, {dict(course)}, {dict(papers)}"
        if dict(course) != instance.visits:
            yield f"{instance}: visited {instance.visits}, has {dict(course)}"
