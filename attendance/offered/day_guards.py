"""May a step of the day be completed, and for whom it is done."""

from collections.abc import Sequence

from attendance import links
from attendance.checkins.hours import work_is_over
from attendance.checkins.monitor import MissingPerson, contacts_of, missing_of
from attendance.days.today import board_of
from attendance.models import HelpTicket
from attendance.offered.days import agency_and_day
from organization.models import Employee
from workflows.registry import Missing, Row, StepContext, guard, rows

SHOWN = 20
MOST_ROWS = 150  # of people; where more are missing, a row is a unit
PERSON, UNIT = "pegawai", "bidang"


@guard("attendance.tickets_answered")
def tickets_answered(context: StepContext) -> Sequence[Missing]:
    """Say which tickets of the day nobody has answered."""
    agency, day = agency_and_day(context)
    tickets = HelpTicket.objects.filter(agency=agency, day=day, answered_at=None)
    link = links.watch(agency.code, day)
    return [
        Missing(f"{ticket.employee.name}: {ticket.get_topic_display()} belum dijawab", link)
        for ticket in tickets.select_related("employee")[:SHOWN]
    ]


@guard("attendance.day_is_over")
def day_is_over(context: StepContext) -> Sequence[Missing]:
    """Say that work goes on, while it does."""
    agency, day = agency_and_day(context)
    if work_is_over(agency, day, context.now):
        return []
    return [Missing("Jam kerja belum berakhir", links.watch(agency.code, day))]


@guard("attendance.day_adds_up")
def day_adds_up(context: StepContext) -> Sequence[Missing]:
    """Say where the report of the day does not tell of everybody who works here."""
    agency, day = agency_and_day(context)
    board = board_of(agency, day, now=context.now)
    staff = Employee.objects.filter(agency=agency).active(day).count()
    told = sum(board.total.values())
    if told == staff:
        return []
    text = f"Laporan memuat {told} orang, pegawai aktif {staff} orang; periksa data pegawai"
    return [Missing(text, links.watch(agency.code, day))]


@rows("attendance.people_without_presence")
def people_without_presence(context: StepContext) -> Sequence[Row]:
    """Return who lacks a presence: a row for each, of many a row for each unit."""
    missing = missing_on(context)
    if len(missing) <= MOST_ROWS:
        return [
            Row(f"{PERSON}:{p.present.employee_id}", f"{p.present.name}, belum {p.lacks}")
            for p in missing
        ]
    units: dict[str, int] = {}
    for person in missing:
        units[person.present.unit] = units.get(person.present.unit, 0) + 1
    return [Row(f"{UNIT}:{name}"[:120], f"{name}, {n} orang") for name, n in units.items()]


@guard("attendance.people_contacted")
def people_contacted(context: StepContext) -> Sequence[Missing]:
    """Say of whom of this row nothing is known: neither an answer nor two tries nor a presence."""
    agency, day = agency_and_day(context)
    return [
        Missing(
            f"{p.present.name}: catat siapa menghubungi, kapan, caranya dan hasilnya",
            f"{links.watch(agency.code, day)}#tanpa-presensi",
        )
        for p in missing_on(context)
        if not p.is_settled and is_of_row(p, context.row)
    ][:SHOWN]


def missing_on(context: StepContext) -> list[MissingPerson]:
    """Return who lacks a presence of the day, after its work."""
    agency, day = agency_and_day(context)
    board = board_of(agency, day, now=context.now)
    return missing_of(board, contacts_of(agency, day), after_hours=True)


def is_of_row(person: MissingPerson, row: str) -> bool:
    kind, _, key = row.partition(":")
    if kind == UNIT:
        return f"{UNIT}:{person.present.unit}"[:120] == row
    return not row or key == str(person.present.employee_id)
