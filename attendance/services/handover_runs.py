"""What follows a handover elsewhere: its letter written anew, the SOP that receives it, amendments.

Which SOP receives a kind of package, its files say: the one that a message begins and whose
automatic step asks this room to note that such a package lies there.
"""

from datetime import datetime, timedelta

from django.db import transaction

from attendance.models import Handover, HandoverPackage, Recap
from attendance.services.handovers import (
    WAITING,
    document_of,
    locked,
    newest,
    prepare,
    record,
)
from foundation import ledger
from foundation.actors import SYSTEM, Actor
from foundation.indonesian import period_label
from foundation.outbox import Postponed, enqueue
from processes import services as processes
from processes.models import Instance, Message
from workflows import repository
from workflows.definitions import ProcessDefinition
from workflows.registry import Request
from workflows.requests import request_operation

NOTE = "attendance.note_handover"
CONTEXTS = {  # the document contexts with which the letter of a kind is written
    Handover.Kind.DISCIPLINE: "attendance.discipline_handover",
    Handover.Kind.PERFORMANCE: "attendance.performance_handover",
}
JOB = "attendance.hand_over_amendment"
BEING_WRITTEN = "Surat pengantar bahan sedang ditulis."
LOOK_AGAIN = timedelta(seconds=5)


def receiving_definition(kind: str) -> ProcessDefinition | None:
    """Return the SOP that a package of this kind begins; None where none is offered."""
    for definition in repository.all():
        calls = (task.operation for task in definition.tasks.values())
        notes = [call for call in calls if call is not None and call.name == NOTE]
        if definition.start_message and any(c.parameters.get("kind") == kind for c in notes):
            return definition
    return None


def run_of(handover: Handover) -> Instance | None:
    """Return the run in which a handover is received; None before its message arrived."""
    definition = receiving_definition(handover.kind)
    rows = Instance.objects.filter(agency=handover.agency_id, subject=str(handover.pk))
    rows = rows.filter(definition_key=definition.key if definition else "")
    return rows.exclude(status=Instance.Status.CANCELLED).order_by("-pk").first()


def require_letter(package: HandoverPackage, *, actor: Actor, now: datetime, reason: str) -> None:
    """Have the letter written anew for a package that follows another; Postponed until it is."""
    if not ask_for_letter(package, actor=actor, now=now, reason=reason):
        raise Postponed(BEING_WRITTEN, LOOK_AGAIN)


def ask_for_letter(package: HandoverPackage, *, actor: Actor, now: datetime, reason: str) -> bool:
    """Say whether the letter of a package that follows another is there; ask for it where not.

    It is none where the package before had none: then the SOP writes no letters.
    """
    before = _before(package)
    if before is None or before.document is None or document_of(package) is not None:
        return True
    recap = package.handover.recap
    parameters = {
        "instance": recap.instance_id,
        "contexts": [CONTEXTS[Handover.Kind(package.handover.kind)]],
        "key": f"bahan-{package.pk}",
        "reason": reason,
    }
    with transaction.atomic():
        request_operation(
            name="documents.reissue",
            key=f"handover:{package.pk}",
            request=Request(
                agency_id=recap.agency_id,
                subject=recap.subject,
                actor=actor,
                now=now,
                parameters=parameters,
            ),
        )
    return False


def ask_to_hand_over(recap: Recap, *, now: datetime) -> None:
    """Have what an earlier version handed over handed over anew; in the caller's transaction."""
    if recap.amends_id is None or not Handover.objects.filter(recap=recap.amends_id).exists():
        return
    enqueue(kind=JOB, key=f"{JOB}:{recap.pk}", payload={"recap": recap.pk}, run_after=now)


def hand_over_amendment(*, recap_id: int, now: datetime) -> None:
    """Make the packages of an amendment and send them in place of those of the version before.

    Safe to repeat; Postponed while a letter is being written.
    """
    recap = Recap.objects.select_related("agency", "instance", "amends").get(pk=recap_id)
    owed = list(Handover.objects.filter(recap=recap.amends_id).order_by("pk"))
    packages = [prepare(recap=recap, kind=old.kind, actor=SYSTEM, now=now) for old in owed]
    unwritten = [
        package
        for package in packages
        if not ask_for_letter(package, actor=SYSTEM, now=now, reason=recap.reason)
    ]
    if unwritten:
        raise Postponed(BEING_WRITTEN, LOOK_AGAIN)
    for old, package in zip(owed, packages, strict=True):
        withdraw_replaced(package, now=now)
        _send(old, package.handover, now)


@transaction.atomic
def withdraw_replaced(package: HandoverPackage, *, now: datetime) -> None:
    """Stop the run of what a package replaces; what was received already stays received."""
    if package.handover.replaces_id is None:
        return
    run = run_of(Handover.objects.get(pk=package.handover.replaces_id))
    if run is not None:
        run = ledger.lock(run)  # before the agency, as every step does
    old = locked(package.handover.replaces_id)
    if old.status not in WAITING:
        return
    if run is not None and run.status == Instance.Status.RUNNING:
        reason = f"Digantikan bahan dari {package.handover.recap.title}."
        processes.stop_process(instance_id=run.pk, actor=SYSTEM, reason=reason, now=now)
    old.status = Handover.Status.REPLACED
    old.save(update_fields=["status"])
    record(newest(old), "handover_replaced", actor=SYSTEM, now=now, more={"by": package.pk})


def _before(package: HandoverPackage) -> HandoverPackage | None:
    """Return the package of the round before, or the last one of what this handover replaces."""
    if package.round > 1:
        rows = package.handover.packages.select_related("document")
        return rows.filter(round=package.round - 1).first()
    replaced = package.handover.replaces
    return newest(replaced) if replaced is not None else None


def _send(old: Handover, handover: Handover, now: datetime) -> None:
    """Tell the SOP that receives it, as the process told of the one before."""
    definition = receiving_definition(handover.kind)
    if definition is None:
        return
    name = definition.start_message
    told = Message.objects.filter(agency=old.agency_id, name=name, subject=str(old.pk))
    first = told.select_related("sent_by_task__instance").first()
    recap = handover.recap
    processes.send_message(
        name=name,
        agency_id=handover.agency_id,
        subject=str(handover.pk),
        payload={},
        key=f"handover:{handover.pk}",
        actor=SYSTEM,
        sender=first.sent_by_task if first else None,
        about=f"{period_label(recap.subject)}, {recap.title}",
        now=now,
    )
