"""Public holidays: seeded from the package `holidays`, corrected by people with their source."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from foundation import ledger
from foundation.actors import Actor
from foundation.indonesian import date_text
from organization.calendars.holiday_seeds import SOURCE, Seed, seeds_of
from organization.exceptions import CalendarRefused
from organization.models import Agency, PublicHoliday, User
from organization.permissions import local_date
from organization.services.calendar_events import authority, judge_again, note

Kind = PublicHoliday.Kind


@dataclass(frozen=True, kw_only=True)
class SeedReport:
    """What seeding did: days added, brought up to date, left as they were.

    `kept` names days that people wrote otherwise than the package; `only_here` those that it does
    not know.
    """

    year: int
    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: int = 0
    kept: tuple[str, ...] = ()
    only_here: tuple[str, ...] = ()


@transaction.atomic
def seed_holidays(
    *, year: int, now: datetime, user: User | None = None, actor: Actor | None = None
) -> SeedReport:
    """Write the holidays of a year for every agency; what people changed is never overwritten.

    A person needs the right for the province; a command hands in the system as `actor`. Raises
    NoHolidaysKnown where the package does not know the year's collective leave.
    """
    stream, who = _stream(user, actor, now)
    ledger.lock(stream)
    seeds = seeds_of(year)
    rows = PublicHoliday.objects.filter(agency=None, on__year=year)
    known = {row.on: row for row in rows}
    created, updated, kept, unchanged = [], [], [], 0
    for seed in seeds:
        row = known.pop(seed.on, None)
        if row is None:
            created.append(_new(seed))
        elif (row.kind, row.name) == (seed.kind, seed.name):
            unchanged += 1
        elif row.changed_by_id is None and row.source.startswith(SOURCE):
            row.kind, row.name, row.source = seed.kind, seed.name, seed.source
            updated.append(row)
        else:
            kept.append(f"{_text(row)}; menurut paket: {seed.name}")
    PublicHoliday.objects.bulk_create(created)
    PublicHoliday.objects.bulk_update(updated, ["kind", "name", "source"])
    report = SeedReport(
        year=year,
        created=tuple(map(_text, created)),
        updated=tuple(map(_text, updated)),
        unchanged=unchanged,
        kept=tuple(kept),
        only_here=tuple(map(_text, known.values())),
    )
    if changed := [*created, *updated]:
        days = {row.on.isoformat(): f"{row.get_kind_display()}: {row.name}" for row in changed}
        note(stream, who, "holidays_seeded", f"publicholiday:{year}", now=now, after=days)
        _judge(None, min(r.on for r in changed), max(r.on for r in changed), stream, now)
    return report


@transaction.atomic
def correct_holiday(
    *,
    on: date,
    kind: str,
    name: str,
    source: str,
    agency: Agency | None,
    user: User,
    now: datetime,
) -> PublicHoliday:
    """Write what a day is, by decree, for an agency or (None) for all; seeding leaves it alone.

    `Kind.WORKDAY` makes a holiday a day of work. Raises CalendarRefused, PermissionDenied.
    """
    stream, actor = authority(user, agency, now)
    ledger.lock(stream)
    if problems := _problems(kind, name, source):
        raise CalendarRefused(problems)
    row = PublicHoliday.objects.filter(on=on, agency=agency).first()
    before = _state(row) if row else {}
    row = row or PublicHoliday(on=on, agency=agency)
    row.kind, row.name, row.source = kind, name.strip(), source.strip()
    row.changed_by, row.changed_at = user, now
    row.save()
    note(
        stream, actor, "holiday_corrected", f"publicholiday:{row.pk}", now=now, before=before,
        after=_state(row),
    )  # fmt: skip
    _judge(agency, on, on, stream, now)
    return row


def _stream(user: User | None, actor: Actor | None, now: datetime) -> tuple[Agency, Actor]:
    """Return where seeding is noted: for the system, in the ledger of the first agency."""
    if user is not None:
        return authority(user, None, now)
    stream = Agency.objects.order_by("pk").first()
    if actor is None or not actor.is_system:
        raise PermissionDenied
    if stream is None:
        raise CalendarRefused(
            {"": "Belum ada perangkat daerah; buat dahulu sebelum mengisi hari libur."}
        )
    return stream, actor


def _problems(kind: str, name: str, source: str) -> dict[str, str]:
    found = {}
    if kind not in Kind.values:
        found["kind"] = "Pilih hari libur, cuti bersama, atau hari kerja."
    if not name.strip():
        found["name"] = "Isi namanya, misalnya Hari Jadi Provinsi."
    if not source.strip():
        found["source"] = "Isi nomor keputusan atau surat edaran yang menjadi dasarnya."
    return found


def _new(seed: Seed) -> PublicHoliday:
    return PublicHoliday(on=seed.on, name=seed.name, kind=seed.kind, source=seed.source)


def _text(row: PublicHoliday) -> str:
    return f"{date_text(row.on)} {row.name} ({row.get_kind_display().lower()})"


def _state(row: PublicHoliday) -> dict[str, Any]:
    return {
        "on": row.on, "kind": row.kind, "name": row.name, "source": row.source,
        "agency": row.agency_id,
    }  # fmt: skip


def _judge(agency: Agency | None, first: date, last: date, stream: Agency, now: datetime) -> None:
    judge_again(
        agency=agency,
        employees=None,
        first=first,
        last=last,
        today=local_date(stream, now),
        cause="Hari libur diubah",
        now=now,
    )
