"""A day's presences written out as a file with its hash: proof beside the database, not of it."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from attendance.checkins.late_presses import late_presses_of
from attendance.checkins.monitor import contacts_of
from attendance.models import CheckIn, DayFile, HelpTicket
from attendance.services.evidence_rows import record
from devices.models import Punch
from devices.punches import day_bounds
from documents.storage import sha256_of, stored_path, write_file
from foundation import ledger
from foundation.actors import Actor
from organization.calendars.work_hours import DAY_BEGINS
from organization.models import Agency

FOLDER = "presences"


class DayFileBroken(RuntimeError):
    """What was written could not be read back as it was; trying again writes it anew."""


def write_day_file(*, agency: Agency, day: date, key: str, actor: Actor, now: datetime) -> DayFile:
    """Write the punches, presses, tickets and contacts of a day; never in a transaction.

    `key` tells one writing from another: repeated, the file that stands is returned. Coordinates
    are not in it. Raises DayFileBroken where the disk does not hold what was written.
    """
    path = f"{FOLDER}/{agency.code}/{day.isoformat()}-{key}.json"
    if found := DayFile.objects.filter(path=path).first():
        return found
    data = _data(agency, day)
    content = json.dumps(data, ensure_ascii=False, indent=1).encode()
    write_file(stored_path(path), content)
    rows = _read_back(path, content)
    with transaction.atomic():
        ledger.lock(agency)
        row = DayFile.objects.create(
            agency=agency, day=day, path=path, name=f"presensi-{day.isoformat()}.json",
            size=len(content), sha256=sha256_of(content), rows=rows, read_back_at=now,
            written_at=now,
        )  # fmt: skip
        record(
            agency, actor, "day_file_written", f"dayfile:{row.pk}", now=now,
            after={"day": day, "sha256": row.sha256, "rows": rows},
        )  # fmt: skip
    return row


def _read_back(path: str, written: bytes) -> int:
    """Return how many rows the stored file holds."""
    stored = stored_path(path).read_bytes()
    if stored != written:
        raise DayFileBroken("Berkas harian tidak terbaca sama seperti yang ditulis.")
    return len(json.loads(stored)["absen"])


def _data(agency: Agency, day: date) -> dict[str, Any]:
    zone = ZoneInfo(agency.time_zone)
    contacts = contacts_of(agency, day)
    tickets = list(_tickets(agency, day))
    late = late_presses_of(tickets)
    return {
        "perangkat_daerah": agency.code,
        "hari": day.isoformat(),
        "zona": agency.time_zone,
        "absen": [_punch(row, zone) for row in _punches(agency, day, zone)],
        "presensi_ponsel": [_press(row, zone) for row in _presses(agency, day)],
        "tiket": [_ticket(row, late.get(row.pk, ()), zone) for row in tickets],
        "dihubungi": [
            {
                "nomor_induk": note.employee.number, "pukul": _clock(note.at, zone),
                "cara": note.channel, "hasil": note.result, "jawaban": note.answer,
            }
            for notes in contacts.values() for note in notes
        ],
    }  # fmt: skip


def _punches(agency: Agency, day: date, zone: ZoneInfo) -> Any:
    midnight, after = day_bounds(day, day + timedelta(days=1), zone)
    begins = midnight + timedelta(minutes=DAY_BEGINS)
    ends = min(begins + timedelta(days=1), after)
    rows = Punch.objects.counted().between(begins, ends).filter(employee__agency=agency)
    return rows.select_related("employee", "device").order_by("at", "pk")


def _presses(agency: Agency, day: date) -> Any:
    rows = CheckIn.objects.filter(agency=agency, day=day)
    return rows.select_related("employee", "workplace").order_by("received_at", "pk")


def _tickets(agency: Agency, day: date) -> Any:
    return HelpTicket.objects.filter(agency=agency, day=day).select_related("employee")


def _punch(row: Punch, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "nomor_induk": row.employee.number if row.employee else "",
        "pada": row.at.astimezone(zone).isoformat(), "asal": row.channel,
        "mesin": row.device.serial if row.device else "",
    }  # fmt: skip


def _press(row: CheckIn, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "nomor_induk": row.employee.number, "presensi": row.kind,
        "diterima": row.received_at.astimezone(zone).isoformat(),
        "lokasi": row.workplace.name if row.workplace else "", "jarak_m": row.distance_m,
        "ditolak": row.reason, "ditandai": row.flags,
    }  # fmt: skip


def _ticket(row: HelpTicket, late: Sequence[CheckIn], zone: ZoneInfo) -> dict[str, Any]:
    return {
        "nomor_induk": row.employee.number, "pokok": row.topic, "masalah": row.problem,
        "dibuka": _clock(row.opened_at, zone), "jawaban": row.answer,
        "dikirim_terlambat": [
            {
                "presensi": press.kind, "diterima": _clock(press.received_at, zone),
                "jam_ponsel": _clock(press.measured_at, zone) if press.measured_at else "",
            }
            for press in late
        ],
    }  # fmt: skip


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat()
