"""The rows of a recap made from judged days, its figures, and the hash over all of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from attendance.days.months import PersonMonth
from attendance.days.stored import as_data, day_of, from_data
from attendance.law.counting import add_up, count
from attendance.models import Recap, RecapRow
from attendance.models.recaps import WITHOUT_UNIT
from attendance.recaps.seals import content_hash
from attendance.rules import settled
from organization.mandates.superiors import Superiors
from organization.models import Employee
from organization.nip import display as nip_text


def make_row(
    recap: Recap, order: int, person: PersonMonth, superiors: Superiors, on: date
) -> RecapRow:
    """Return an unsaved row; the superior is who is in office on this day."""
    employee = person.employee
    return RecapRow(
        recap=recap,
        employee=employee,
        order=order,
        name=employee.name,
        number=employee.number,
        employment=employee.status,
        grade=employee.grade,
        position=employee.position,
        unit=employee.unit.name if employee.unit else WITHOUT_UNIT,
        superior=_superior(superiors.direct(employee.pk, on)),
        **derived(days_of(person)),
    )


def days_of(person: PersonMonth) -> list[dict[str, Any]]:
    """Return the person's days as a recap keeps them."""
    return [
        as_data(day, verdict) for day, verdict in zip(person.days, person.verdicts, strict=True)
    ]


def derived(days: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the columns of a row that follow from its days, as `stored.as_data` wrote them."""
    return {
        "codes": [day["kode"] for day in days],
        "counters": count(from_data(day) for day in days).as_data(),
        "days": [dict(day) for day in days],
    }


def settle(rows: Iterable[RecapRow]) -> list[RecapRow]:
    """Turn what is provisional into its final verdict; return the rows that changed, unsaved."""
    changed = []
    for row in rows:
        verdicts = [from_data(day) for day in row.days]
        if any(verdict.provisional for verdict in verdicts):
            write_days(row, [settled_day(day) for day in row.days])
            changed.append(row)
    return changed


def settled_day(day: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored day as it stands in a frozen recap: a letter that waits excuses nothing."""
    verdict = from_data(day)
    return as_data(day_of(day), settled(verdict)) if verdict.provisional else dict(day)


def write_days(row: RecapRow, days: Sequence[Mapping[str, Any]]) -> None:
    """Put these days into the row, and what follows from them."""
    for column, value in derived(days).items():
        setattr(row, column, value)


def seal(recap: Recap, rows: Sequence[RecapRow], working_days: int) -> None:
    """Take the figures of the whole and the hash over everything."""
    recap.figures = figures_of(rows, working_days)
    recap.sha256 = content_hash(recap, rows)


def figures_of(rows: Sequence[RecapRow], working_days: int) -> dict[str, Any]:
    """Return the totals of all and by unit; `working_days` are those of the month."""
    by_unit: dict[str, list[RecapRow]] = defaultdict(list)
    for row in rows:
        by_unit[row.unit].append(row)
    return {
        "pegawai": len(rows),
        "hari_kerja": working_days,
        "jumlah": add_up(row.counters for row in rows),
        "per_bidang": [
            {
                "bidang": unit,
                "pegawai": len(members),
                **add_up(row.counters for row in members),
            }
            for unit, members in sorted(by_unit.items())
        ],
        "pegawai_tk": sum(row.counters["TK"] > 0 for row in rows),
        "pegawai_menunggu": sum(row.counters["menunggu"] > 0 for row in rows),
    }


def _superior(person: Employee | None) -> dict[str, Any]:
    if person is None:
        return {}
    return {
        "id": person.pk,
        "nama": person.name,
        "nip": nip_text(person.number),
        "jabatan": person.position,
    }
