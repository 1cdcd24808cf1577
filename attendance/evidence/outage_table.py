"""A signed list that comes as a table: who, on which day, from when to when; nothing is written."""

from collections.abc import Mapping
from datetime import date

from attendance.evidence.outage_forms import read_clock
from attendance.evidence.outage_lists import ListRow
from attendance.models import Outage
from foundation.cells import Row, Table
from foundation.indonesian import parse_date
from organization.models import Employee

# Column of the file -> how people also call it.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "nip": ("nip / nomor induk", "nip/nomor induk", "nomor induk"),
    "tanggal": ("hari", "tgl"),
    "masuk": ("jam masuk", "datang"),
    "pulang": ("jam pulang", "keluar"),
}


def read_list(table: Table, outage: Outage) -> tuple[list[ListRow], list[str]]:
    """Return the rows, and a sentence per line that cannot be read.

    Without a column of dates the rows are about the outage's one day.
    """
    places = _places(table.header)
    lacking = [name for name in ("nip", "masuk", "pulang") if name not in places]
    if "tanggal" not in places and outage.last_on != outage.first_on:
        lacking.append("tanggal")
    if lacking:
        wanted = ", ".join(lacking)
        return [], [f"Kolom {wanted} tidak ada; beri judul kolom nip, tanggal, masuk, pulang."]
    people = _people(table, outage, places["nip"])
    rows, problems = [], []
    for line in table.rows:
        try:
            rows.append(_row(line, places, people, outage))
        except ValueError as problem:
            problems.append(f"Baris {line.line}: {problem}")
    return rows, problems


def _places(header: Row) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, cell in enumerate(header.cells):
        said = " ".join(cell.lower().split())
        for name, others in COLUMNS.items():
            if said == name or said in others:
                found.setdefault(name, index)
    return found


def _people(table: Table, outage: Outage, place: int) -> dict[str, Employee]:
    numbers = {_number(line.cell(place)) for line in table.rows}
    people = Employee.objects.filter(agency=outage.agency_id).select_related("agency")
    return {
        _number(person.number): person for person in people if _number(person.number) in numbers
    }


def _row(
    line: Row, places: Mapping[str, int], people: Mapping[str, Employee], outage: Outage
) -> ListRow:
    number = line.cell(places["nip"])
    if line.problems:
        raise ValueError(line.problems[0].text)
    person = people.get(_number(number))
    if person is None:
        raise ValueError(f"tidak ada pegawai dengan NIP {number or '(kosong)'} di sini.")
    day: date | None = outage.first_on
    if "tanggal" in places:
        said = line.cell(places["tanggal"])
        day = parse_date(said)
        if day is None:
            raise ValueError(f"tanggal “{said}” tidak terbaca; tulis seperti 2026-04-30.")
    times = []
    for name in ("masuk", "pulang"):
        said = line.cell(places[name]).strip("- ")
        try:
            times.append(read_clock(said))
        except ValueError:
            raise ValueError(f"jam {name} “{said}” tidak terbaca; tulis seperti 07.35.") from None
    return ListRow(employee=person, day=day or outage.first_on, came=times[0], left=times[1])


def _number(text: str) -> str:
    return "".join(text.split())
