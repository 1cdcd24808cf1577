"""Holds the history of the clerks against what is stored; runs in a process of the office."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import connection

from documents.models import Document, LetterNumber
from documents.storage import sha256_of_file, stored_path
from foundation import ledger
from foundation.models import Event, OutboxJob
from processes.models import Instance, Task
from tests.faults.room.operations import VERB, attempts_file

History = list[dict[str, Any]]


def check(*, history: History) -> dict[str, list[str]]:
    """Return every disagreement, in words, by what it breaks."""
    verbs = events_by_verb()
    return {
        "acknowledged but missing": list(missing(history, verbs)),
        "refused but done": list(refused_but_done(history)),
        "done twice": list(doubled(history, verbs)),
        "not at its end": list(unfinished()),
        "stories that differ": list(differing(verbs)),
        "ledger": [f"{f.stream}#{f.sequence}: {f.reason}" for f in ledger.verify()],
        "letters": list(odd_letters()),
        "database": list(damage()),
    }


def figures() -> dict[str, int]:
    """Return how much was going on."""
    attempts = attempts_file().read_text().split("\n") if attempts_file().exists() else []
    tasks = [line.split()[0] for line in attempts if line]
    return {
        "instances": Instance.objects.count(),
        "completed": Task.objects.filter(status=Task.Status.COMPLETED).count(),
        "events": Event.objects.count(),
        "letters": Document.objects.count(),
        "operations": len(set(tasks)),
        "operations begun again": len(tasks) - len(set(tasks)),
    }


def events_by_verb() -> dict[str, dict[int, list[Event]]]:
    """Return the events about tasks, by verb and task."""
    found: dict[str, dict[int, list[Event]]] = defaultdict(lambda: defaultdict(list))
    for event in Event.objects.filter(subject__startswith="processes.task:").order_by("pk"):
        found[event.verb][int(event.subject.partition(":")[2])].append(event)
    return found


def missing(history: History, verbs: dict[str, dict[int, list[Event]]]) -> Iterator[str]:
    names = dict(Task.objects.values_list("pk", "owner__username"))
    keys = dict(Task.objects.values_list("pk", "idempotency_key"))
    subjects = set(Instance.objects.values_list("subject", flat=True))
    for told in history:
        if told["outcome"] != "ok":
            continue
        if told["act"] == "start":
            if told["target"] not in subjects:
                yield f"start of {told['target']}"
            continue
        task = int(told["target"])
        verb = "task_claimed" if told["act"] == "claim" else "task_completed"
        if not verbs[verb][task]:
            yield f"{verb} of task {task} by {told['person']}"
        if told["act"] == "complete" and (names[task], keys[task]) != (
            told["person"],
            told["key"],
        ):
            yield f"task {task}: {told['person']} was told it is his, it is {names[task]}'s"


def refused_but_done(history: History) -> Iterator[str]:
    keys = dict(Task.objects.values_list("pk", "idempotency_key"))
    for told in history:
        is_refusal = told["act"] == "complete" and told["outcome"] == "fail"
        if is_refusal and keys[int(told["target"])] == told["key"]:
            yield f"task {told['target']} by {told['person']}"


def doubled(history: History, verbs: dict[str, dict[int, list[Event]]]) -> Iterator[str]:
    for verb in ("task_opened", "task_claimed", "task_completed", VERB):
        for task, events in verbs[verb].items():
            if len(events) != 1:
                yield f"{verb} of task {task}: {len(events)}"
    winners: dict[str, set[str]] = defaultdict(set)
    for told in history:
        if told["act"] == "complete" and told["outcome"] == "ok":
            winners[told["target"]].add(told["key"])
    for target, found in winners.items():
        if len(found) > 1:
            yield f"task {target} was acknowledged for {len(found)} clicks"


def unfinished() -> Iterator[str]:
    for instance in Instance.objects.exclude(status=Instance.Status.FINISHED):
        yield f"{instance}: {instance.status}"
    for task in Task.objects.exclude(status=Task.Status.COMPLETED):
        yield f"task {task.pk} {task.step}: {task.status}"
    for job in OutboxJob.objects.exclude(state=OutboxJob.State.DONE):
        yield f"{job} after {job.attempts} attempts: {job.last_error}"


def differing(verbs: dict[str, dict[int, list[Event]]]) -> Iterator[str]:
    """Each row has its events, each automatic task its effect, each instance a possible path."""
    for task in Task.objects.select_related("instance"):
        completed = verbs["task_completed"][task.pk]
        if [event.after["outcome"] for event in completed] != [task.outcome]:
            yield f"task {task.pk}: outcome {task.outcome}, events {len(completed)}"
        effects = len(verbs[VERB][task.pk]) + task.documents.count()
        if effects != (1 if task.kind == "automatic" else 0):
            yield f"task {task.pk} {task.step}: {effects} effects"
    for instance in Instance.objects.all():
        steps = Counter(instance.tasks.values_list("step", flat=True))
        kinds = Counter(
            instance.tasks.exclude(outcome_kind="").values_list("outcome_kind", flat=True)
        )
        returns = kinds["return"]
        wanted = Counter(
            memutuskan=returns + 1,
            memperbaiki=returns,
            mencatat=returns,
            menyimpan=1,
            mengarsipkan=1,
            menutup=1,
        )
        if kinds["approve"] != 1 or steps != +wanted or instance.visits != dict(steps):
            yield f"{instance}: {dict(steps)}, {dict(kinds)}"


def odd_letters() -> Iterator[str]:
    """Every letter has a number of its own, none was skipped, and its file is the one it names."""
    documents = list(Document.objects.exclude(number=""))
    numbers = {document.number for document in documents}
    given = sum(LetterNumber.objects.values_list("last", flat=True))
    if not len(numbers) == len(documents) == given:
        yield f"{len(documents)} letters, {len(numbers)} numbers, {given} given"
    for document in documents:
        if sha256_of_file(stored_path(str(document.file)))[0] != document.sha256:
            yield f"{document}: another file"


def damage() -> Iterator[str]:
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for pragma in ("integrity_check", "foreign_key_check"):
            cursor.execute(f"PRAGMA {pragma}")
            for row in cursor.fetchall():
                if row != ("ok",):
                    yield f"{pragma}: {row}"
