"""Who decides on whose letter: the direct superior, who stands in for him, or the next one above.

Nobody decides on his own letter, also not as the stand-in of his own superior. A post that is
vacant, or whose holder has no account, is passed over unless somebody stands in by letter.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from attendance.exceptions import NotTheSuperior
from attendance.law.codes import Code
from attendance.models import AbsenceLetter
from organization.mandates.acting import capacity_of, withheld_decision
from organization.mandates.superiors import Superiors, employed, has_account
from organization.models import Employee, Substitution, User
from organization.permissions import local_date

UNPAID_LEAVE = "leave.unpaid"  # a decision of organization/mandates/acting.toml
DIRECT = "Atasan langsung"
NEXT_ABOVE = "Atasan berikutnya"


@dataclass(frozen=True)
class Decider:
    """A person whose account decides, and as what: "Plh. Kepala Bidang Informatika"."""

    person: Employee
    acting_as: str

    @property
    def user_id(self) -> int:
        return int(self.person.user.pk)

    def __str__(self) -> str:
        if self.acting_as in (DIRECT, NEXT_ABOVE):
            return self.person.name
        return f"{self.person.name}, {self.acting_as}"


@dataclass(frozen=True)
class Deciders:
    """The superiors of an agency and who stands in for them on one day, read in three queries."""

    superiors: Superiors
    stand_ins: Mapping[int, Sequence[Substitution]]  # by the id of the one who is away
    on: date

    @classmethod
    def of_agency(cls, agency_id: int, on: date) -> "Deciders":
        superiors = Superiors.of_agency(agency_id)
        found: dict[int, list[Substitution]] = defaultdict(list)
        letters = Substitution.objects.valid_on(on).select_related("principal", "substitute__user")
        for letter in letters.filter(principal__in=superiors.people):
            found[letter.principal_id].append(letter)
        return cls(superiors, found, on)

    def named(
        self, employee_id: int, *, escalated: bool = False, decision: str = ""
    ) -> list[Decider]:
        """Return who decides now: one, and the next above as well once the letter was escalated.

        `decision`: what acting.toml calls it (`decision_on`), where it is kept from stand-ins.
        """
        return self.along(employee_id, decision=decision)[: 2 if escalated else 1]

    def of_letter(self, letter: AbsenceLetter) -> list[Decider]:
        """Return who decides on this letter now."""
        escalated = letter.escalated_at is not None
        return self.named(letter.employee_id, escalated=escalated, decision=decision_on(letter))

    def along(self, employee_id: int, *, decision: str = "") -> list[Decider]:
        """Return everybody above who could decide, the nearest first; none within a ring."""
        if self.superiors.ring(employee_id):
            return []
        found: dict[int, Decider] = {}
        for decider in self._along(employee_id, decision):
            found.setdefault(decider.person.pk, decider)
        return list(found.values())

    def _along(self, employee_id: int, decision: str) -> Iterator[Decider]:
        title = DIRECT
        for post in self.superiors.chain(employee_id):
            letters = self._valid(post)
            if any(letter.substitute_id == employee_id for letter in letters):
                continue  # he stands in for his own superior: the next above decides
            able = [one for one in letters if has_account(one.substitute)]
            by_letter = next((one for one in able if _may_decide(one, decision)), None)
            if by_letter is not None:
                yield Decider(by_letter.substitute, by_letter.title)
            elif employed(post, self.on) and has_account(post):
                yield Decider(post, title)
            if by_letter is not None or employed(post, self.on):
                title = NEXT_ABOVE

    def _valid(self, post: Employee) -> list[Substitution]:
        letters = self.stand_ins.get(post.pk, ())
        return [letter for letter in letters if employed(letter.substitute, self.on)]

    def problem(self, employee_id: int) -> str:
        """Say why nobody in the house decides, and what would change that; "" where one does."""
        if self.along(employee_id):
            return ""
        if ring := self.superiors.ring(employee_id):
            names = " → ".join(person.name for person in [*ring, ring[0]])
            return f"Data atasan melingkar ({names}); perbaiki atasan pada data pegawai."
        chain = self.superiors.chain(employee_id)
        if not chain:
            return (
                "Pada data pegawai tidak tercatat atasannya. Bila ia kepala perangkat daerah, catat"
                " persetujuan tertulis pejabat di luar; bila bukan, lengkapi atasannya."
            )
        lacking = ", ".join(self._lack(person) for person in chain)
        return (
            f"Atasannya belum dapat memutuskan: {lacking}. Buatkan akun atau catat Plt./Plh.-nya."
        )

    def _lack(self, person: Employee) -> str:
        if not employed(person, self.on):
            return f"{person.name} tidak lagi bertugas"
        return f"{person.name} {'' if has_account(person) else 'belum mempunyai akun'}".strip()

    def is_ring(self, employee_id: int) -> bool:
        return bool(self.superiors.ring(employee_id))


def decision_on(letter: AbsenceLetter) -> str:
    """Return what acting.toml calls the decision on this letter; empty for the usual ones."""
    return UNPAID_LEAVE if letter.kind == Code.UNPAID_LEAVE else ""


def _may_decide(stand_in: Substitution, decision: str) -> bool:
    return not decision or withheld_decision(stand_in.capacity, decision) is None


def deciders_of(letter: AbsenceLetter, now: datetime) -> list[Decider]:
    """Return who decides on a letter now, the nearest first; none where nobody here can."""
    agency = letter.employee.agency
    deciders = Deciders.of_agency(agency.pk, local_date(agency, now))
    return deciders.of_letter(letter)


def approver_of(letter: AbsenceLetter, now: datetime) -> Employee | None:
    """Return the one who decides on a letter now; None where nobody in the house can."""
    found = deciders_of(letter, now)
    return found[0].person if found else None


def decider_for(letter: AbsenceLetter, user: User | None, now: datetime) -> Decider:
    """Return this user as the one who decides; raise NotTheSuperior, naming who does."""
    deciders = deciders_of(letter, now)
    for decider in deciders:
        if user is not None and decider.person.pk == user.employee_id:
            return decider
    names = " atau ".join(str(decider) for decider in deciders)
    who = f"; yang berwenang: {names}" if names else ""
    if user is not None and letter.employee_id == user.employee_id:
        raise NotTheSuperior(f"Surat sendiri tidak dapat Anda putuskan{who}.")
    if user is not None and (kept := _kept_from(letter, user, now)):
        raise NotTheSuperior(f"{kept}{who}.")
    raise NotTheSuperior(f"Surat ini hanya dapat diputuskan oleh atasan langsung{who}.")


def _kept_from(letter: AbsenceLetter, user: User, now: datetime) -> str:
    """Say that this user stands in for a superior who would decide, and why he himself may not."""
    decision, agency = decision_on(letter), letter.employee.agency
    if not decision:
        return ""
    deciders = Deciders.of_agency(agency.pk, local_date(agency, now))
    usual = deciders.along(letter.employee_id)
    stand_in = next((one for one in usual if one.person.pk == user.employee_id), None)
    kept = withheld_decision(capacity_of(stand_in.acting_as), decision) if stand_in else None
    if stand_in is None or kept is None:
        return ""
    return f"Sebagai {stand_in.acting_as} Anda tidak berwenang {kept.words} ({kept.source})"
