"""Daily and weekly recaps (Pergub NTT 67/2019 art. 11(1)): made on a schedule, kept as they were.

A daily recap says what was known when it was made. What comes later is in the next one and in the
month's; nothing corrects it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from attendance.days.months import Month, employees_in, judge_people
from attendance.days.policies import policies_of
from attendance.exceptions import RecapRefused
from attendance.law.codes import Code
from attendance.law.counting import NOT_COUNTED, add_up
from attendance.law.policy import Policy
from attendance.models import PeriodicRecap
from attendance.models.recaps import WITHOUT_UNIT
from attendance.recaps.composing import days_of, derived
from attendance.services.deliveries import ask_for_report, deliver
from foundation import ledger, outbox
from foundation.actors import SYSTEM
from foundation.models import OutboxJob
from organization.models import Agency, Employee

JOB = "attendance.periodic"
WEEK = 7
CATCH_UP = 7  # days that a stopped clock may leave behind and that are still made
Kind = PeriodicRecap.Kind


def span(kind: str, day: date) -> tuple[date, date]:
    """Return the first and last day of the day's period; a week is Monday to Sunday."""
    if kind == Kind.DAILY:
        return day, day
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=WEEK - 1)


def make_periodic(*, agency: Agency, kind: str, day: date, now: datetime) -> PeriodicRecap | None:
    """Make the recap of the period in which the day lies, and hand it out; once.

    Returns None where nobody was to work in it. Raises RecapRefused for a period that is not over.
    """
    first, last = span(kind, day)
    if last >= now.astimezone(ZoneInfo(agency.time_zone)).date():
        raise RecapRefused("Periode ini belum berakhir; rekap disusun sesudahnya.")
    made = PeriodicRecap.objects.filter(agency=agency, kind=kind, first=first).first()
    if made is not None:
        return made
    rows = rows_of(agency, first, last, now)
    if all(_is_free(row) for row in rows):
        return None
    figures = figures_of(rows)
    with transaction.atomic():
        ledger.lock(agency)
        recap, created = PeriodicRecap.objects.get_or_create(
            agency=agency,
            kind=kind,
            first=first,
            defaults={
                "last": last,
                "made_at": now,
                "figures": figures,
                "rows": rows,
                "sha256": content_hash(agency, kind, first, last, figures, rows),
            },
        )
        if created:
            deliver(periodic=recap, now=now)
            ask_for_report(recap, now)
            _record(recap, now)
    return recap


def due_periodic(now: datetime) -> int:
    """Put down as jobs what is due by now in every agency; return how many are new.

    Beat calls this as often as it likes. The first recap of an agency is that of the last period;
    after a standstill those of the last days are made too.
    """
    asked = [
        (agency, kind, first)
        for agency in Agency.objects.filter(employees__isnull=False).distinct().order_by("pk")
        for kind, first in due_for(agency, now)
    ]
    keys = {key_of(agency.pk, kind, first): (agency, kind, first) for agency, kind, first in asked}
    known = set(OutboxJob.objects.filter(key__in=keys).values_list("key", flat=True))
    made = PeriodicRecap.objects.filter(first__gte=now.date() - timedelta(days=4 * WEEK))
    known |= {key_of(row.agency_id, row.kind, row.first) for row in made.defer("rows", "figures")}
    for key in sorted(keys.keys() - known):
        agency, kind, first = keys[key]
        payload = {"agency": agency.pk, "kind": str(kind), "day": first.isoformat()}
        outbox.enqueue(kind=JOB, key=key, payload=payload, run_after=now)
    return len(keys.keys() - known)


def key_of(agency_id: int, kind: str, first: date) -> str:
    return f"{JOB}:{agency_id}:{kind}:{first.isoformat()}"


def due_for(agency: Agency, now: datetime) -> Iterator[tuple[str, date]]:
    """Yield the kind and first day of each period of an agency that is due, oldest first."""
    local = now.astimezone(ZoneInfo(agency.time_zone)).replace(tzinfo=None)
    policy = policies_of(agency.pk, local.date(), local.date()).on(local.date())
    made = dict(
        PeriodicRecap.objects.filter(agency=agency).order_by("first").values_list("kind", "first")
    )
    for kind, step in ((Kind.DAILY, 1), (Kind.WEEKLY, WEEK)):
        newest = _newest_due(kind, local, policy)
        before = made.get(kind)
        oldest = newest
        if before is not None:
            oldest = max(before + timedelta(days=step), newest - timedelta(days=CATCH_UP))
        for days in range(0, (newest - oldest).days + 1, step):
            yield kind, oldest + timedelta(days=days)


def _newest_due(kind: str, local: datetime, policy: Policy) -> date:
    """Return the first day of the last period whose recap is due at this local moment."""
    today = local.date()
    if kind == Kind.DAILY:
        back = 1 if local.hour >= policy.daily_hour else 2
        return today - timedelta(days=back)
    monday = today - timedelta(days=today.weekday())
    due_on = monday + timedelta(days=policy.weekly_day - 1)
    due = (today, local.hour) >= (due_on, policy.weekly_hour)
    return monday - timedelta(days=WEEK if due else 2 * WEEK)


def content_hash(
    agency: Agency, kind: str, first: date, last: date, figures: Any, rows: Any
) -> str:
    """Return the SHA-256 over what a periodic recap says."""
    content = {
        "perangkat_daerah": agency.code,
        "jenis": str(kind),
        "dari": first.isoformat(),
        "sampai": last.isoformat(),
        "angka": figures,
        "pegawai": rows,
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def is_intact(recap: PeriodicRecap) -> bool:
    """Say whether a periodic recap still is what its hash was taken over."""
    told = (recap.agency, recap.kind, recap.first, recap.last, recap.figures, recap.rows)
    return recap.sha256 == content_hash(*told)


def rows_of(agency: Agency, first: date, last: date, now: datetime) -> list[dict[str, Any]]:
    """Return a row per person with the days as they are judged now, as a recap keeps them."""
    people = _people(agency, first, last, now)
    return [_row(order, *person) for order, person in enumerate(people, 1)]


def _people(
    agency: Agency, first: date, last: date, now: datetime
) -> Iterator[tuple[Employee, list[dict[str, Any]]]]:
    """Yield everyone with his days of the period; a week may lie in two months."""
    months = dict.fromkeys((Month.of(first), Month.of(last)))
    people = {p.pk: p for month in months for p in employees_in(agency, month)}
    period = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    for person in judge_people(agency, period, list(people.values()), now=now):
        if any(verdict.code is not Code.NOT_EMPLOYED for verdict in person.verdicts):
            yield person.employee, days_of(person)


def _row(order: int, employee: Employee, days: list[dict[str, Any]]) -> dict[str, Any]:
    columns = derived(days)
    return {
        "no": order,
        "pegawai": employee.pk,
        "nama": employee.name,
        "nip": employee.number,
        "status": employee.status,
        "gol": employee.grade,
        "jabatan": employee.position,
        "bidang": employee.unit.name if employee.unit else WITHOUT_UNIT,
        "kode": columns["codes"],
        "angka": columns["counters"],
        "hari": columns["days"],
    }


def _is_free(row: Mapping[str, Any]) -> bool:
    """Say whether the person had no working day in the period, not even one still open."""
    off = NOT_COUNTED - {Code.NOT_OVER, Code.UNSCHEDULED}
    return all(Code(label.removesuffix("*")) in off for label in row["kode"])


def figures_of(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the totals of the rows: how many people, their counters, who needs a look."""
    return {
        "pegawai": len(rows),
        "jumlah": add_up(row["angka"] for row in rows),
        "pegawai_tk": sum(row["angka"]["TK"] > 0 for row in rows),
        "pegawai_menunggu": sum(row["angka"]["menunggu"] > 0 for row in rows),
    }


def _record(recap: PeriodicRecap, now: datetime) -> None:
    ledger.record(
        stream=recap.agency,
        actor=SYSTEM,
        verb="periodic_recap_made",
        subject=f"attendance.periodicrecap:{recap.pk}",
        after={
            "kind": recap.kind,
            "first": recap.first,
            "last": recap.last,
            "employees": recap.figures["pegawai"],
            "unexplained": recap.figures["jumlah"]["TK"],
            "sha256": recap.sha256,
            "sent_to": list(
                recap.deliveries.order_by("recipient").values_list("recipient", flat=True)
            ),
        },
        now=now,
    )
