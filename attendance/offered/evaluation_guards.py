"""May a step of an evaluation be completed? If not, what is missing, where to mend it."""

from collections.abc import Sequence
from datetime import date

from attendance import links
from attendance.models import EvaluationIndicators, FollowUp
from attendance.offered.evaluation_steps import evaluation_of_step
from attendance.offered.letter_steps import answered_kind
from attendance.offered.outage_steps import answer
from attendance.services.evaluation_follow_ups import current_follow_ups
from attendance.services.evaluation_runs import REVIEWED
from organization.permissions import local_date
from workflows.definitions import OutcomeKind
from workflows.registry import Missing, StepContext, guard


@guard(REVIEWED)
def evaluation_reviewed(context: StepContext) -> Sequence[Missing]:
    """There is something to review: indicators are frozen (`side`: whose findings are written)."""
    row = evaluation_of_step(context)
    link = links.evaluation(row.pk)
    found = []
    if not EvaluationIndicators.objects.filter(evaluation=row).exists():
        found.append(Missing("Indikator belum dibekukan", link))
    if answered_kind(context) is OutcomeKind.RETURN:
        return found
    today = local_date(row.agency, context.now)
    for finding in row.findings.filter(side=context.parameters["side"], due_on__lte=today):
        text = f"Batas waktu temuan {finding.agency} sudah lewat; perbarui"
        found.append(Missing(text, links.finding(row.pk, finding.agency.code, finding.side)))
    return found


@guard("attendance.follow_ups_checked")
def follow_ups_checked(context: StepContext) -> Sequence[Missing]:
    """What is closed was answered by all; what is asked again names whom (`fields`)."""
    row = evaluation_of_step(context)
    rows = current_follow_ups(row)
    kind = answered_kind(context)
    if kind is OutcomeKind.RETURN:
        return _asked_again(context, local_date(row.agency, context.now))
    if kind is OutcomeKind.REJECT:
        return []
    link = links.evaluation(row.pk)
    return [
        Missing(f"{one.agency.name} belum menjawab; minta lagi, atau teruskan", link)
        for one in rows
        if one.status == FollowUp.Status.ASKED
    ]


def _asked_again(context: StepContext, today: date) -> Sequence[Missing]:
    found = []
    if not answer(context, "agencies"):
        found.append(Missing("Pilih perangkat daerah yang diminta lagi"))
    due_on = str(answer(context, "due_on") or "")
    if due_on and date.fromisoformat(due_on) <= today:
        found.append(Missing("Batas waktu yang baru harus sesudah hari ini"))
    return found
