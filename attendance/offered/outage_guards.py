"""May a step of an outage's procedure be completed? If not, what is missing, where to mend it."""

from collections.abc import Sequence
from datetime import date

from attendance import links
from attendance.evidence.outage_conflicts import conflicts_of
from attendance.evidence.outage_days import current_delivery, day_to_send
from attendance.evidence.outage_lists import rows_of, typists
from attendance.offered.letter_steps import answered_kind, user_of
from attendance.offered.outage_steps import answer, field, outage_of_step
from attendance.services.outage_deliveries import typed_it
from attendance.services.outage_rows import last_day_problem
from foundation.indonesian import date_text
from processes.definitions import definition_of
from processes.models import Instance
from workflows.definitions import OutcomeKind
from workflows.registry import Missing, StepContext, guard


@guard("attendance.outage_reported")
def outage_reported(context: StepContext) -> Sequence[Missing]:
    """A report names what is seen (`fields`: symptom); who says that it is none need not."""
    if answered_kind(context) is not OutcomeKind.APPROVE or answer(context, "symptom"):
        return []
    return [Missing("Tuliskan gejalanya: apa yang terlihat pada mesin")]


@guard("attendance.outage_last_day")
def outage_last_day(context: StepContext) -> Sequence[Missing]:
    """A machine is handed over before a witness, and on a last day (`fields`: witness, last_on)."""
    if answered_kind(context) is not OutcomeKind.APPROVE:
        return []
    outage = outage_of_step(context)
    found = [] if answer(context, "witness") else [Missing("Tuliskan nama saksi")]
    if outage.last_on is not None:
        return found
    last_on = str(answer(context, "last_on") or "")
    text = (
        last_day_problem(outage, date.fromisoformat(last_on), context.now)
        if last_on
        else "Isi hari terakhir mesin terganggu"
    )
    return [*found, *([Missing(text, links.outage(outage.pk))] if text else [])]


@guard("attendance.outage_recap_sendable")
def outage_recap_sendable(context: StepContext) -> Sequence[Missing]:
    """A recap goes in both forms (`fields`: softcopy, number), and only of a day that is over."""
    outage = outage_of_step(context)
    link = links.outage(outage.pk)
    day = day_to_send(outage, context.now)
    if answered_kind(context) is not OutcomeKind.APPROVE:
        return [Missing(f"Rekap {date_text(day)} masih harus dikirim", link)] if day else []
    if day is None:
        return [Missing("Tidak ada hari yang menunggu rekap", link)]
    found = []
    if not answer(context, "softcopy"):
        found.append(Missing(f"Softcopy rekap {date_text(day)} belum diunggah (Pasal 13 ayat 4)"))
    if not answer(context, "number"):
        found.append(Missing(f"Nomor hardcopy rekap {date_text(day)} belum ditulis"))
    return found


@guard("attendance.outage_both_forms")
def outage_both_forms(context: StepContext) -> Sequence[Missing]:
    """BKD receives both forms and gives a receipt (`fields`: forms = choices, receipt = text)."""
    if answered_kind(context) is not OutcomeKind.APPROVE:
        return []
    ticked = answer(context, "forms") or []
    found = [Missing(f"Belum diterima: {label}") for label in _unticked(context, ticked)]
    if not answer(context, "receipt"):
        found.append(Missing("Tuliskan nomor tanda terima"))
    return found


def _unticked(context: StepContext, ticked: Sequence[str]) -> list[str]:
    definition = definition_of(Instance.objects.get(pk=context.instance_id))
    fields = definition.tasks[context.step].form.fields
    name = field(context, "forms")
    options = [option for each in fields if each.name == name for option in each.options]
    return [option.label for option in options if option.value not in ticked]


@guard("attendance.outage_day_typed")
def outage_day_typed(context: StepContext) -> Sequence[Missing]:
    """The list of the day stands on its page, or nobody signed it (`fields`: empty = boolean)."""
    outage = outage_of_step(context)
    received = current_delivery(outage)
    if received is None:
        return []
    typed = any(row.day == received.day for row in rows_of(outage))
    link = links.outage_list(outage.pk, received.day)
    if answer(context, "empty"):
        text = f"Daftar {date_text(received.day)} sudah berisi; kosongkan, atau hapus centangnya"
        return [Missing(text, link)] if typed else []
    text = f"Daftar {date_text(received.day)} belum diinput"
    return [] if typed else [Missing(text, link)]


@guard("attendance.outage_not_typist")
def outage_not_typist(context: StepContext) -> Sequence[Missing]:
    """Who finds a day's rows right typed none of them."""
    if answered_kind(context) is not OutcomeKind.APPROVE:
        return []
    outage, user = outage_of_step(context), user_of(context)
    received = current_delivery(outage)
    if received is None or user is None or user.pk not in typists(outage, received.day):
        return []
    return [Missing(typed_it(received.day), links.outage(outage.pk))]


@guard("attendance.outage_conflicts_decided")
def outage_conflicts_decided(context: StepContext) -> Sequence[Missing]:
    """No difference of list and machine waits for BKD any more."""
    outage = outage_of_step(context)
    link = links.outage_conflicts(outage.pk)
    return [
        Missing(f"{one.employee.name}, {date_text(one.day)}: jam {one.side_name} berbeda", link)
        for one in conflicts_of(outage, context.now)
    ]
