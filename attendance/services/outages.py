"""Days on which machines did not work, and the signed list in their place (Pergub 67/2019 art. 13).

The agency says when (art. 13(2)); the copy of its list is typed at Diskominfo and nowhere else
(art. 13(5)), and somebody who typed none of it says that it is whole: only then are there punches.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from attendance.evidence.outage_lists import (
    ListRow,
    problems_of,
    rows_of,
    typed,
    typists,
)
from attendance.exceptions import AlreadyDecided, DataRefused, NotYoursToDecide
from attendance.models import Outage, OutageDelivery
from attendance.services.outage_rows import (
    end,
    judge,
    last_day_problem,
    locked_for,
    make_whole,
    note,
    state,
)
from devices.models import Device
from foundation import ledger
from foundation.indonesian import date_text
from organization.models import Agency, User
from organization.permissions import actor_allowed, local_date

RECORD, ENTER_LIST = "outages.record", "outages.enter_list"
OLDEST = timedelta(days=366)
GIVEN_BACK = (OutageDelivery.Status.RETURNED, OutageDelivery.Status.REJECTED)


@transaction.atomic
def record_outage(
    *,
    agency: Agency,
    device: Device | None,
    first_on: date,
    last_on: date | None,
    reason: str,
    user: User,
    now: datetime,
) -> Outage:
    """Say that the machines of an agency, or one of them, did not work; without an end: still.

    From then on nobody whom it is about (`attendance.days.outages`) is called absent on these days
    until the list is whole.
    Raises DataRefused with a sentence per field, PermissionDenied.
    """
    actor = actor_allowed(user, RECORD, agency, now)
    ledger.lock(agency)
    wanted = Outage(
        agency=agency, device=device, first_on=first_on, last_on=last_on,
        reason=reason.strip()[:300], recorded_by=user, recorded_at=now,
    )  # fmt: skip
    if errors := _problems(wanted, local_date(agency, now)):
        raise DataRefused(errors)
    wanted.save()
    note(wanted, "outage_recorded", actor, now)
    judge(wanted, "dicatat", now, until=wanted.last_on)
    return wanted


@transaction.atomic
def end_outage(*, outage_id: int, last_on: date, user: User, now: datetime) -> Outage:
    """Say on which day the machines failed for the last time."""
    row, actor = locked_for(outage_id, RECORD, user, now)
    _require_no_run(row)
    if row.last_on is not None:
        raise AlreadyDecided(f"Gangguan ini sudah berakhir {date_text(row.last_on)}.")
    if text := last_day_problem(row, last_on, now):
        raise DataRefused({"last_on": text})
    return end(row, last_on, actor, now)


@transaction.atomic
def enter_list(*, outage_id: int, rows: Sequence[ListRow], user: User, now: datetime) -> Outage:
    """Type rows of the signed list; an empty one takes back what was typed for that day.

    No row becomes a punch before the list is whole. Raises DataRefused with a sentence per row (by
    `ListRow.key`), AlreadyDecided, PermissionDenied.
    """
    row, actor = locked_for(outage_id, ENTER_LIST, user, now)
    _require_open(row)
    errors = problems_of(row, [listed for listed in rows if not listed.is_empty], now)
    if errors := errors or _not_to_type(row, rows):
        raise DataRefused(errors)
    before = state(row)
    for listed in rows:
        if listed.is_empty:
            row.rows.pop(listed.key, None)
        else:
            _type(row, listed, user)
    if state(row) == before:
        return row
    row.save(update_fields=["rows"])
    note(row, "outage_list_typed", actor, now, before=before)
    if row.device_id is not None:  # whose name is on the list is no longer judged without it
        people = {listed.employee.pk for listed in rows}
        judge(row, "daftar manual diketik", now, until=row.last_on, people=people)
    return row


@transaction.atomic
def complete_list(*, outage_id: int, without_rows: bool, user: User, now: datetime) -> Outage:
    """Say that the list is whole, as somebody who typed none of it: now its rows are punches.

    `without_rows`: there is no list, because other machines were used. Raises NotYoursToDecide,
    AlreadyDecided, DataRefused while the outage goes on, PermissionDenied.
    """
    row, actor = locked_for(outage_id, ENTER_LIST, user, now)
    _require_no_run(row)
    _require_open(row)
    if row.last_on is None:
        text = "Gangguan belum diakhiri; daftar dinyatakan lengkap sesudah mesin bekerja lagi."
        raise DataRefused({"": text})
    if user.pk in typists(row):
        raise NotYoursToDecide(
            "Anda ikut mengetik daftar ini; petugas lain yang mencocokkannya dengan daftar "
            "bertanda tangan dan menyatakannya lengkap."
        )
    listed = rows_of(row)
    if bool(listed) == without_rows:
        text = (
            "Daftar sudah berisi; kosongkan dahulu bila memang tidak ada daftar manual."
            if listed
            else "Daftar masih kosong; isi, atau nyatakan bahwa tidak ada daftar manual."
        )
        raise DataRefused({"without_rows": text})
    if errors := problems_of(row, listed, now):
        raise DataRefused(errors)
    return make_whole(row, listed, user, actor, now)


def _require_no_run(row: Outage) -> None:
    if row.withdrawn_at is not None:
        raise AlreadyDecided("Laporan ini ternyata bukan gangguan; harinya dinilai seperti biasa.")
    if row.is_running:
        raise AlreadyDecided(
            "Gangguan ini ditangani lewat tugas pada berkasnya; selesaikan langkahnya di sana."
        )


def _not_to_type(row: Outage, rows: Sequence[ListRow]) -> dict[str, str]:
    """Return why rows of an outage under way cannot be typed now: by day, its recap decides."""
    if not row.is_running:
        return {}
    held = dict(row.deliveries.exclude(status__in=GIVEN_BACK).values_list("day", "status"))
    wrong: dict[str, str] = {
        OutageDelivery.Status.CHECKED: "daftarnya sudah dicocokkan; minta koreksi BKD",
        OutageDelivery.Status.SENT: "rekapnya belum diterima BKD",
        "": "rekapnya belum dikirim operator",
    }
    problems = {listed.key: wrong.get(held.get(listed.day, ""), "") for listed in rows}
    return {
        listed.key: f"{listed.employee.name}, {date_text(listed.day)}: {problems[listed.key]}."
        for listed in rows
        if problems[listed.key]
    }


def _require_open(row: Outage) -> None:
    if row.listed_at is not None:
        raise AlreadyDecided(
            "Daftar manual sudah dinyatakan lengkap; perubahan diminta sebagai koreksi BKD."
        )


def _type(row: Outage, listed: ListRow, user: User) -> None:
    known = row.rows.get(listed.key)
    fresh = typed(listed, user.pk)
    # What somebody else typed and this one only looked at stays the other's.
    if known is None or (known["in"], known["out"]) != (fresh["in"], fresh["out"]):
        row.rows[listed.key] = fresh


def _problems(wanted: Outage, today: date) -> dict[str, str]:
    errors = {} if wanted.reason else {"reason": "Tuliskan sebab gangguan, misalnya listrik padam."}
    if wanted.device is not None and wanted.device.agency_id != wanted.agency_id:
        errors["device"] = f"Pilih mesin {wanted.agency}, atau kosongkan untuk semua mesin."
    if wanted.first_on > today:
        errors["first_on"] = "Tanggal ini belum tiba; gangguan dicatat sesudah terjadi."
    elif today - wanted.first_on > OLDEST:
        errors["first_on"] = "Lebih dari setahun yang lalu; periksa tahunnya."
    if wanted.last_on is not None and wanted.last_on < wanted.first_on:
        errors["last_on"] = "Akhir mendahului awal gangguan; periksa kedua tanggalnya."
    elif wanted.last_on is not None and wanted.last_on > today:
        errors["last_on"] = "Tanggal ini belum tiba; kosongkan bila mesin masih terganggu."
    if not errors and (twin := _overlapping(wanted)):
        until = date_text(twin.last_on) if twin.last_on else "sekarang"
        errors["first_on"] = (
            f"Sudah tercatat: {twin.device or 'semua mesin'}, {date_text(twin.first_on)} sampai "
            f"{until}. Lanjutkan pada catatan itu."
        )
    return errors


def _overlapping(wanted: Outage) -> Outage | None:
    rows = Outage.objects.filter(agency=wanted.agency).touching(wanted.first_on, wanted.last_on)
    return rows.filter(device=wanted.device).select_related("device").first()
