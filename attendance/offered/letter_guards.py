"""May a step of a letter's procedure be completed? If not, what is missing and where to mend it."""

from collections.abc import Sequence

from attendance import links
from attendance.exceptions import NotTheSuperior
from attendance.letters.deciders import Deciders, approver_of, decider_for
from attendance.letters.rules import lacks_official_data
from attendance.letters.texts import letter_title
from attendance.models import AbsenceLetter
from attendance.offered.letter_steps import answered_kind, letter_of, user_of
from foundation.indonesian import list_text
from organization.permissions import local_date
from processes.definitions import definition_of
from processes.models import Instance
from workflows.definitions import OutcomeKind
from workflows.registry import Missing, StepContext, guard

NO_SCAN = "belum dipindai; pilih berkas pindaiannya (Pasal 9 ayat 5)"


@guard("attendance.letter_scanned")
def letter_scanned(context: StepContext) -> Sequence[Missing]:
    """The letter has a scan, or the answer brings one (`fields`: scan = file field)."""
    letter = letter_of(context)
    name = context.parameters.get("fields", {}).get("scan", "")
    if letter.scan_sha256 or context.answers.get(name):
        return []
    return [Missing(f"{letter_title(letter)}: {NO_SCAN}", links.letter(letter.pk))]


@guard("attendance.letter_complete")
def letter_complete(context: StepContext) -> Sequence[Missing]:
    """Who says that a letter is complete has looked at everything (`fields`: ticked = choices)."""
    if answered_kind(context) is not OutcomeKind.APPROVE:
        return []
    letter = letter_of(context)
    link = links.letter(letter.pk)
    found = [Missing(f"Belum diperiksa: {label}", link) for label in _unticked(context)]
    if not letter.scan_sha256:
        found.append(Missing(f"{letter_title(letter)}: {NO_SCAN}", link))
    if lacking := lacks_official_data(letter):
        text = f"{letter_title(letter)}: {list_text(lacking)} belum diisi; kembalikan ke operator"
        found.append(Missing(text, link))
    return found


def _unticked(context: StepContext) -> list[str]:
    """Return the labels of the list that are not ticked, as the SOP words them."""
    name = context.parameters.get("fields", {}).get("ticked", "")
    definition = definition_of(Instance.objects.get(pk=context.instance_id))
    fields = definition.tasks[context.step].form.fields
    ticked = context.answers.get(name) or []
    options = [option for field in fields if field.name == name for option in field.options]
    return [option.label for option in options if option.value not in ticked]


@guard("attendance.letter_decider")
def letter_decider(context: StepContext) -> Sequence[Missing]:
    """Only who stands above that employee now decides, and nothing without a scan."""
    letter = letter_of(context)
    link = links.letter(letter.pk)
    if not letter.scan_sha256:
        return [Missing(f"{letter_title(letter)}: {NO_SCAN}", link)]
    try:
        decider_for(letter, user_of(context), context.now)
    except NotTheSuperior as refusal:
        return [Missing(refusal.message, link)]
    return []


@guard("attendance.outside_approval")
def outside_approval(context: StepContext) -> Sequence[Missing]:
    """An approval from outside is noted only where nobody here can decide, and not on one's own.

    Parameter `fields`: official = text field.
    """
    if answered_kind(context) is OutcomeKind.RETURN:
        return []
    letter = letter_of(context)
    missing = [Missing(text, links.letter(letter.pk)) for text in _outside_lacks(context, letter)]
    return missing


def _outside_lacks(context: StepContext, letter: AbsenceLetter) -> list[str]:
    user = user_of(context)
    if user is not None and letter.employee_id == user.employee_id:
        return ["Surat sendiri tidak dapat Anda setujui; serahkan kepada petugas lain"]
    approver = approver_of(letter, context.now)
    if approver is not None:
        return [f"Surat ini sekarang diputuskan {approver.name}: pilih periksa ulang"]
    agency = letter.employee.agency
    deciders = Deciders.of_agency(agency.pk, local_date(agency, context.now))
    if deciders.is_ring(letter.employee_id):
        return [deciders.problem(letter.employee_id)]
    name = context.parameters.get("fields", {}).get("official", "")
    if answered_kind(context) is OutcomeKind.APPROVE and not str(context.answers.get(name) or ""):
        return ["Tuliskan jabatan pejabat yang menyetujui surat ini"]
    return []
