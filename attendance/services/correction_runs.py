"""The run of a correction's procedure: found, begun, stopped.

Which SOP that is, its files say: the one whose automatic step asks this room to apply what BKD
decided about a row. Where none is offered, BKD decides on the page of the request.
"""

from datetime import datetime

from django.db.models import QuerySet

from attendance.evidence.texts import subject_text
from attendance.exceptions import AlreadyDecided
from attendance.models import Correction
from foundation import ledger
from foundation.actors import Actor
from organization.models import User
from processes import services as processes
from processes.models import Instance, Task
from workflows import repository
from workflows.definitions import ProcessDefinition, SubjectKind, TaskKind

APPLY = "attendance.apply_correction"
OPEN = (Task.Status.READY, Task.Status.CLAIMED, Task.Status.FAILED)


def procedure_key() -> str:
    """Return the key of the SOP about corrections, "" where none is offered."""
    for definition in repository.all():
        if definition.subject is SubjectKind.ROW and _applies(definition):
            return definition.key
    return ""


def runs() -> QuerySet[Instance]:
    """Return the runs that were not stopped; their subjects are ids of corrections."""
    rows = Instance.objects.filter(definition_key=procedure_key()).exclude(definition_key="")
    return rows.exclude(status=Instance.Status.CANCELLED)


def run_of(row: Correction) -> Instance | None:
    """Return the run of a request; None for one that has none, or whose run was stopped."""
    return runs().filter(agency=row.agency_id, subject=str(row.pk)).order_by("-pk").first()


def lock_run(correction_id: int) -> None:
    """Lock the run of a request, if it has one, until the transaction ends."""
    if (run := run_of(Correction.objects.get(pk=correction_id))) is not None:
        ledger.lock(run)


def is_under_way(row: Correction) -> bool:
    run = run_of(row)
    return run is not None and run.status == Instance.Status.RUNNING


def begin(row: Correction, *, user: User, now: datetime) -> Instance | None:
    """Begin the run of a request that was just made; None where no SOP is offered."""
    key = procedure_key()
    if not key:
        return None
    return processes.start_process(
        definition_key=key,
        agency=row.agency,
        subject=str(row.pk),
        actor_user=user,
        now=now,
        title=f"Koreksi nomor {row.pk}: {subject_text(row)}",
        permitted=True,
    )


def stop(row: Correction, *, reason: str, actor: Actor, now: datetime) -> None:
    """Stop the run of a locked request, if it has one.

    Raises AlreadyDecided while the system is working on what a person has just answered.
    """
    run = run_of(row)
    if run is None or run.status != Instance.Status.RUNNING:
        return
    busy = Task.objects.filter(instance=run, kind=TaskKind.AUTOMATIC, status__in=OPEN)
    if busy.exists():
        raise AlreadyDecided("Permintaan ini sedang diproses sistem; muat ulang sebentar lagi.")
    processes.stop_process(instance_id=run.pk, actor=actor, reason=reason, now=now)


def _applies(definition: ProcessDefinition) -> bool:
    calls = (task.operation for task in definition.tasks.values())
    return any(call is not None and call.name == APPLY for call in calls)
