"""What comes too late for a frozen month: noted as findings (data susulan), changing nothing.

BKD makes an amendment of them or dismisses them (`attendance.services.amendments`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import BigAutoField, DateField, QuerySet

from attendance.days.months import Month, PersonMonth, employees_in, judge_month
from attendance.days.stored import as_data, day_of, from_data
from attendance.law.cases import Verdict
from attendance.law.codes import Code, Flag
from attendance.models import LateFinding, Recap, RecapRow
from attendance.recaps.composing import days_of, settled_day
from foundation import ledger
from foundation.actors import SYSTEM
from foundation.prepared import PreparedQuery, Slot
from organization.models import Agency

COMPARED = (
    "kode", "target", "masuk", "pulang", "TL", "PSW", "TAM", "TAP", "KJK_bruto", "KJK_dikecualikan",
)  # fmt: skip
# Marks of how far something else has come; they change no day.
PASSING = frozenset({Flag.WAITING, Flag.NOT_FINAL})
NOT_IN_RECAP = Verdict(
    Code.NOT_EMPLOYED, reasons=("Tidak ada dalam rekap saat dibekukan.",)
)  # somebody whose data came too late


@dataclass(frozen=True)
class Difference:
    """A day of a person: as it is frozen, and as it would be judged now."""

    employee_id: int
    was: Mapping[str, Any]
    becomes: Mapping[str, Any]

    @property
    def day(self) -> str:
        return str(self.was["tanggal"])


@transaction.atomic
def note_differences(
    *,
    agency: Agency,
    month: Month,
    employees: Collection[int] | None,
    cause: str,
    now: datetime,
    judged: Sequence[PersonMonth] | None = None,
) -> int:
    """Compare the frozen days of these people (None: of all) with what is judged now.

    A day that differs becomes an open finding, or its open finding is brought up to date; a finding
    whose day no longer differs is gone. `judged` spares judging again. Returns how many findings
    are open for these people; 0 where the month is not frozen.
    """
    recap = frozen_recap(agency, month)
    if recap is None:
        return 0
    if judged is None:
        everyone = employees_in(agency, month)
        people = [p for p in everyone if employees is None or p.pk in employees]
        judged = judge_month(agency, month, people=people, now=now)
    ledger.lock(agency)  # whoever amends this month waits, and the other way round
    rows = {
        row.employee_id: row
        for row in recap.rows.filter(employee__in=[person.employee.pk for person in judged])
    }
    found = {
        (difference.employee_id, difference.day): difference
        for person in judged
        for difference in differences(person, rows.get(person.employee.pk))
        if month.first <= date.fromisoformat(difference.day) <= month.last
    }
    undecidable = {
        (person.employee.pk, day.isoformat())
        for person in judged
        for day, verdict in zip(person.days, person.verdicts, strict=True)
        if not verdict.is_final
    }
    people_ids = [person.employee.pk for person in judged]
    open_rows = recap.late_findings.filter(status=LateFinding.Status.OPEN, employee__in=people_ids)
    open_findings = {(row.employee_id, row.day.isoformat()): row for row in open_rows}
    for key, row in open_findings.items():
        if key in found:
            _bring_up_to_date(row, found[key], cause, now)
        elif key not in undecidable:
            _close(row, cause, now)
    known = open_findings.keys() | _dismissed(recap, people_ids, found)
    fresh = [found[key] for key in found.keys() - known]
    LateFinding.objects.bulk_create(
        LateFinding(
            recap=recap,
            employee_id=difference.employee_id,
            day=difference.day,
            was=difference.was,
            becomes=difference.becomes,
            cause=cause[:300],
            found_at=now,
        )
        for difference in sorted(fresh, key=lambda x: (x.employee_id, x.day))
    )
    if fresh:
        _record(recap, fresh, cause, now)
    return recap.late_findings.filter(
        status=LateFinding.Status.OPEN, employee__in=people_ids
    ).count()


def _newest_asked() -> "QuerySet[Recap]":
    recaps = Recap.objects.filter(
        agency=Slot("agency", BigAutoField()), month=Slot("month", DateField())
    )
    return recaps.select_related("agency", "instance").order_by("-version")[:1]


_NEWEST = PreparedQuery(_newest_asked)


def frozen_recap(agency: Agency, month: Month) -> Recap | None:
    """Return the version that holds, with its agency.

    None while the month is not frozen, or is being drawn up again after its run was cancelled: the
    draft takes in what came late.
    """
    newest = _NEWEST.first(agency=agency.pk, month=month.first)
    return newest if newest is not None and newest.is_frozen else None


def differences(person: PersonMonth, row: RecapRow | None) -> Iterable[Difference]:
    """Yield the days that would be judged otherwise; days that are not final yet never do.

    Somebody who is not in the recap at all was no employee on any day, as far as it tells.
    """
    frozen = {day["tanggal"]: day for day in row.days} if row is not None else {}
    for current in days_of(person):
        if not from_data(current).is_final:
            continue
        was = frozen.get(current["tanggal"]) or as_data(day_of(current), NOT_IN_RECAP)
        becomes = settled_day(current)
        if _essence(was) != _essence(becomes):
            yield Difference(person.employee.pk, dict(was), becomes)


def _essence(day: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what makes two days differ: not their words, not a letter that is on its way."""
    flags = sorted({Flag(flag) for flag in day["tanda"]} - PASSING)
    return (*(day[name] for name in COMPARED), tuple(flags))


def _dismissed(
    recap: Recap, people: Collection[int], found: Mapping[tuple[int, str], Difference]
) -> set[tuple[int, str]]:
    """Return the days whose very difference BKD dismissed, in this version or one before."""
    rows = LateFinding.objects.filter(
        recap__agency=recap.agency_id,
        recap__month=recap.month,
        employee__in=people,
        status=LateFinding.Status.DISMISSED,
    )
    return {
        key
        for row in rows
        if (key := (row.employee_id, row.day.isoformat())) in found
        and _essence(row.becomes) == _essence(found[key].becomes)
    }


def _bring_up_to_date(row: LateFinding, difference: Difference, cause: str, now: datetime) -> None:
    if row.becomes == difference.becomes:
        return
    row.becomes, row.cause, row.found_at = dict(difference.becomes), cause[:300], now
    row.save(update_fields=["becomes", "cause", "found_at"])


def _close(row: LateFinding, cause: str, now: datetime) -> None:
    row.status, row.decided_at, row.note = LateFinding.Status.GONE, now, cause[:300]
    row.save(update_fields=["status", "decided_at", "note"])


def _record(recap: Recap, fresh: Sequence[Difference], cause: str, now: datetime) -> None:
    ledger.record(
        stream=recap.agency,
        actor=SYSTEM,
        verb="late_data_found",
        subject=f"attendance.recap:{recap.pk}",
        after={
            "month": recap.subject,
            "version": recap.version,
            "days": len(fresh),
            "employees": len({difference.employee_id for difference in fresh}),
        },
        now=now,
    )
