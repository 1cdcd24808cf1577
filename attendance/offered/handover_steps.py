"""What the steps about a handover ask: which one, of which kind."""

from attendance.days.months import Month
from attendance.models import Handover, Recap
from attendance.recaps.questions import recap_of_instance
from foundation.indonesian import period_label
from foundation.outbox import Refused
from processes.exceptions import InvalidAnswers
from workflows.registry import StepContext


class NoHandover(InvalidAnswers):
    """The subject of an instance names no handover of its agency."""

    def __init__(self, subject: str) -> None:
        super().__init__({"subject": f"Serah terima nomor {subject} tidak ada di sini."})


def handover_of_step(context: StepContext) -> Handover:
    """Return the handover that the instance is about; raise NoHandover for another agency's."""
    subject = context.subject
    if subject.isascii() and subject.isdigit() and len(subject) < 19:
        rows = Handover.objects.select_related("agency", "recap__agency", "received_by__employee")
        found = rows.filter(pk=int(subject), agency=context.agency_id).first()
        if found is not None:
            return found
    raise NoHandover(subject)


def frozen_recap_of_step(context: StepContext) -> Recap:
    """Return the frozen recap of a period's instance, the version that holds."""
    recap = recap_of_instance(context.instance_id, Month.parse(context.subject))
    if recap is None or not recap.is_frozen:
        raise Refused(f"Rekap {period_label(context.subject)} belum dibekukan.")
    return recap


def handover_of_period(context: StepContext, kind: str) -> Handover:
    """Return what the period's recap hands over; raise Refused where it was not made yet."""
    recap = frozen_recap_of_step(context)
    found = Handover.objects.select_related("agency").filter(recap=recap, kind=kind).first()
    if found is None:
        label = Handover.Kind(kind).label.lower()
        raise Refused(f"{label.capitalize()} {period_label(context.subject)} belum disiapkan.")
    found.recap = recap
    return found
