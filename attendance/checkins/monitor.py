"""The day of an agency as its managers watch it: who pressed, what failed, who is missing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from attendance.checkins.late_presses import late_presses_of, late_text
from attendance.checkins.texts import REASONS, flags_text
from attendance.days.today import Board, Present, State, board_of
from attendance.models import CheckIn, ContactNote, HelpTicket
from organization.models import Agency

PRESSES = 200  # shown of a day
TRIES = 2  # after so many the one who did not answer counts as contacted
SETTLED = frozenset(
    {
        ContactNote.Result.CLARIFIED,
        ContactNote.Result.LETTER_FOLLOWS,
        ContactNote.Result.UNEXPLAINED,
    }
)


@dataclass(frozen=True)
class MissingPerson:
    """Somebody who is expected and lacks a presence, with whom was spoken already."""

    present: Present
    lacks: str  # "masuk dan pulang", "masuk", "pulang"
    contacts: Sequence[ContactNote]

    @property
    def is_settled(self) -> bool:
        """Say whether it is known what became of him, or that he cannot be reached."""
        results = [note.result for note in self.contacts]
        return bool(SETTLED & set(results)) or len(results) >= TRIES


@dataclass(frozen=True)
class DayWatched:
    """A day of an agency."""

    day: date
    board: Board
    presses: Sequence[tuple[CheckIn, str, str]]  # with the reason in words, and the flags
    tickets: Sequence[HelpTicket]
    late: Mapping[int, Sequence[CheckIn]]  # the presses that a ticket asks about, by its id
    missing: Sequence[MissingPerson]
    pressed_in: int
    pressed_out: int

    @property
    def open_tickets(self) -> list[HelpTicket]:
        return [ticket for ticket in self.tickets if ticket.is_open]

    @property
    def asked(self) -> list[tuple[HelpTicket, list[tuple[CheckIn, str]]]]:
        """Return the tickets, each with the late presses it is about, in words."""
        return [
            (ticket, [(row, late_text(row)) for row in self.late.get(ticket.pk, ())])
            for ticket in self.tickets
        ]

    @property
    def unsettled(self) -> list[MissingPerson]:
        return [person for person in self.missing if not person.is_settled]

    @property
    def flagged(self) -> int:
        return sum(bool(row.flags) or not row.is_accepted for row, _, _ in self.presses)


def day_watched(agency: Agency, day: date, *, now: datetime, after_hours: bool) -> DayWatched:
    """Judge a day as far as it has come; two dozen queries for any number of people.

    `after_hours`: who did not leave is missing too; until then nobody has to.
    """
    board = board_of(agency, day, now=now)
    rows = CheckIn.objects.filter(agency=agency, day=day)
    presses = rows.select_related("employee", "workplace")[:PRESSES]
    tickets = list(
        HelpTicket.objects.filter(agency=agency, day=day).select_related(
            "employee", "check_in", "answered_by__employee"
        )
    )
    accepted = rows.accepted()
    return DayWatched(
        day=day,
        board=board,
        presses=[
            (row, REASONS.get(row.reason, ""), flags_text({*row.flags} - {row.reason}))
            for row in presses
        ],
        tickets=tickets,
        late=late_presses_of(tickets),
        missing=missing_of(board, contacts_of(agency, day), after_hours=after_hours),
        pressed_in=accepted.filter(kind=CheckIn.Kind.IN).count(),
        pressed_out=accepted.filter(kind=CheckIn.Kind.OUT).count(),
    )


def contacts_of(agency: Agency, day: date) -> Mapping[int, Sequence[ContactNote]]:
    """Return who was contacted about a day, by employee id, the first note first."""
    found: dict[int, list[ContactNote]] = defaultdict(list)
    notes = ContactNote.objects.filter(agency=agency, day=day).select_related("by__employee")
    for note in notes:
        found[note.employee_id].append(note)
    return found


def missing_of(
    board: Board, contacts: Mapping[int, Sequence[ContactNote]], *, after_hours: bool
) -> list[MissingPerson]:
    """Return who is expected and lacks a presence; whoever has a letter or the day off is not."""
    found = []
    for person in board.people:
        lacks = lacking(person, after_hours=after_hours)
        if lacks:
            notes = contacts.get(person.employee_id, ())
            found.append(MissingPerson(person, lacks, notes))
    return found


def lacking(person: Present, *, after_hours: bool) -> str:
    """Return what somebody lacks: "masuk dan pulang", "masuk", "pulang", ""."""
    if person.state not in (State.PRESENT, State.LATE, State.NOT_YET):
        return ""
    came, left = person.verdict.came is not None, person.verdict.left is not None
    if not after_hours:
        return "" if came or left else "masuk"
    if not came and not left:
        return "masuk dan pulang"
    return "" if came and left else "pulang" if came else "masuk"
