"""What gateways read about a letter."""

from attendance import links
from attendance.letters.deciders import approver_of
from attendance.letters.texts import letter_title, pages_text
from attendance.models import AbsenceLetter
from attendance.offered.letter_steps import NoLetter, letter_of
from workflows.registry import Fact, StepContext, fact


@fact("attendance.letter_scanned")
def letter_scanned(context: StepContext) -> Fact:
    """Say whether the scan is there, of a letter that was not given back to be mended."""
    letter = letter_of(context)
    if not letter.is_undecided:
        raise NoLetter(f"{letter_title(letter)} sudah diputuskan atau dibatalkan.")
    returned = letter.status == AbsenceLetter.Status.RETURNED
    value = bool(letter.scan_sha256) and not returned
    evidence = f"Pindaian sudah ada ({pages_text(letter)})." if value else "Belum dipindai."
    return Fact(value=value, evidence=evidence, link=links.letter(letter.pk))


@fact("attendance.decided_outside")
def decided_outside(context: StepContext) -> Fact:
    """Say whether nobody in the house can decide on this letter."""
    letter = letter_of(context)
    approver = approver_of(letter, context.now)
    evidence = f"Diputuskan {approver.name}." if approver else "Tidak ada atasan yang berwenang."
    return Fact(value=approver is None, evidence=evidence, link=links.letter(letter.pk))
