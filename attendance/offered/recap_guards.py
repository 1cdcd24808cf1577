"""May this step be completed? If not, which letters, days or recaps are missing."""

from collections.abc import Sequence

from attendance import links
from attendance.days.months import Month
from attendance.letters.deciders import Deciders
from attendance.letters.questions import letters_of, unsettled, what_is_lacking
from attendance.letters.texts import letter_title
from attendance.models import Recap
from attendance.recaps.questions import decided_since, recap_of_instance
from attendance.recaps.seals import is_intact
from attendance.recaps.unfinished import obstacles
from documents.models import Document
from foundation.indonesian import period_label
from organization.models import Agency
from organization.permissions import local_date
from processes.definitions import definition_of
from processes.models import Instance
from workflows.definitions import OutcomeKind
from workflows.registry import Missing, StepContext, guard

SHOWN = 50


@guard("attendance.letters_settled")
def letters_settled(context: StepContext) -> Sequence[Missing]:
    """Every letter of the period is scanned (art. 9(5)) and decided by the superior.

    A month without any letter is settled: days without one are shown as unexplained.
    """
    month = Month.parse(context.subject)
    open_letters = unsettled(list(letters_of(context.agency_id, month)))
    if not open_letters:
        return []
    on = local_date(Agency.objects.get(pk=context.agency_id), context.now)
    deciders = Deciders.of_agency(context.agency_id, on)
    missing = [
        Missing(what_is_lacking(letter, deciders), links.letter(letter.pk))
        for letter in open_letters[:SHOWN]
    ]
    if len(open_letters) > SHOWN:
        rest = len(open_letters) - SHOWN
        missing.append(Missing(f"dan {rest} surat lainnya", links.letters(str(month))))
    return missing


@guard("attendance.draft_built")
def draft_built(context: StepContext) -> Sequence[Missing]:
    """The instance has a recap, of days that are over, that knows every decision on letters.

    With the parameter `printed` (kinds of documents) it must also be the one that they tell of.
    An answer that sends the work back needs none: the draft will be built anew anyway.
    """
    if _gives_back(context):
        return []
    month = Month.parse(context.subject)
    recap = recap_of_instance(context.instance_id, month)
    label = period_label(str(month))
    if recap is None:
        return [Missing(f"Draf rekap {label} belum disusun", links.RECAPS)]
    link = links.recap(recap.pk)
    if recap.figures["jumlah"]["belum"]:
        open_days = obstacles(recap.rows.all())
        return [Missing(f"Draf rekap {label}: {text}", link) for text in open_days]
    if recap.is_frozen:
        return []
    printed: list[str] = list(context.parameters.get("printed", []))
    remedy = "kembalikan agar draf dan dokumennya disusun ulang" if printed else "susun ulang draf"
    if _printed_before(recap, printed):
        return [Missing(f"Draf rekap {label} berubah sesudah dicetak; {remedy}", link)]
    return [
        Missing(f"{letter_title(late)}: diputuskan sesudah draf disusun; {remedy}", link)
        for late in decided_since(recap)[:SHOWN]
    ]


@guard("attendance.recap_frozen")
def recap_frozen(context: StepContext) -> Sequence[Missing]:
    """The instance's recap is frozen and still is what its hash says."""
    month = Month.parse(context.subject)
    recap = recap_of_instance(context.instance_id, month)
    label = period_label(str(month))
    if recap is None or not recap.is_frozen:
        link = links.recap(recap.pk) if recap else links.RECAPS
        return [Missing(f"Rekap {label} belum dibekukan", link)]
    if not is_intact(recap):
        text = f"Isi rekap {label} tidak cocok dengan sidik SHA-256-nya; laporkan kepada pengelola"
        return [Missing(text, links.recap(recap.pk))]
    return []


def _printed_before(recap: Recap, kinds: Sequence[str]) -> bool:
    """Say whether a document of these kinds, in its latest round, is older than the draft."""
    documents = Document.objects.filter(instance=recap.instance_id)
    latest = [documents.filter(kind=kind).order_by("round").last() for kind in kinds]
    return any(found is not None and found.written_at < recap.built_at for found in latest)


def _gives_back(context: StepContext) -> bool:
    """Say whether the answer sends the work back."""
    instance = Instance.objects.filter(pk=context.instance_id).first()
    if instance is None:
        return False
    form = definition_of(instance).tasks[context.step].form
    answer = context.answers.get(form.outcome.name, "") if form.outcome else ""
    option = form.option(str(answer)) if answer else None
    return option is not None and option.kind is not OutcomeKind.APPROVE
