"""What Word files may say about a month of attendance: plain text, numbers and lists only."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from attendance.days.absence_counts import counts_of
from attendance.days.months import Month
from attendance.law.codes import NAMES, Code
from attendance.law.counting import DEFINITIONS
from attendance.law.discipline import Counted
from attendance.letters.questions import letters_of, unsettled
from attendance.letters.texts import days_text, letter_span
from attendance.models import Recap, RecapRow
from attendance.recaps.questions import frozen_before, latest_decision, recap_of_instance
from foundation.indonesian import (
    date_with_day,
    minutes_text,
    moment_text,
    number_text,
    period_label,
)
from foundation.models import Event
from organization.models import EmploymentStatus, PublicHoliday
from organization.nip import display as nip_text
from organization.work_hours import STANDARD_WEEK, DayHours
from processes.definitions import definition_of
from processes.models import Task
from workflows.registry import StepContext, document_context

DAYS_TO_CLARIFY = 3
OUTSIDE = {"nama": "Atasan langsung di luar perangkat daerah", "nip": "-", "jabatan": "-"}


class NoRecap(LookupError):
    """A document asks for figures before there are any."""


@document_context("attendance.resume")
def resume(context: StepContext) -> Mapping[str, Any]:
    """Return the resume of the period: sentences, totals, units, and who needs attention."""
    recap, rows = _recap_and_rows(context)
    letters = unsettled(list(letters_of(recap.agency_id, Month(recap.month))))
    return {
        "ringkasan": {"kalimat": summary(recap, rows)},
        "jumlah": _totals(recap),
        "per_bidang": [
            {
                "bidang": unit["bidang"],
                "pegawai": unit["pegawai"],
                "hadir_pct": unit["pct"],
                "TK": unit["TK"],
                "TL": unit["TL_n"],
            }
            for unit in recap.figures["per_bidang"]
        ],
        "tk": unexplained_people(rows),
        "terlambat": late_people(rows),
        "surat_tertunda": [
            {
                "nama": letter.employee.name,
                "jenis": NAMES[Code(letter.kind)],
                "tanggal": letter_span(letter),
            }
            for letter in letters
        ],
        "versi": recap.version,
        "disusun_ke": recap.builds,
        "sidik": recap.sha256,
    }


@document_context("attendance.unexplained")
def unexplained(context: StepContext) -> Mapping[str, Any]:
    """Return one entry per direct superior of people without explanation, and the term to answer.

    Of each person also the days of the year so far and, for PNS, what PP 94/2021 provides; and what
    an earlier notice of this period told that no longer holds.
    The parameter `working_days` (default 3) says how long the superiors have.
    """
    recap, rows = _recap_and_rows(context)
    groups: dict[int, dict[str, Any]] = {}
    absent = [(row, days) for row in rows if (days := days_with(row, Code.UNEXPLAINED))]
    year = absences_with(recap, [row for row, _ in absent])
    taken_back = withdrawn(recap, rows)
    for row, days in absent:
        superior = row.superior or OUTSIDE
        key = row.superior.get("id", 0)
        group = groups.setdefault(
            key,
            {
                "kunci": f"atasan-{key}",
                "atasan": {name: superior[name] for name in ("nama", "nip", "jabatan")},
                "pegawai": [],
                "dicabut": taken_back.get(key, []),
            },
        )
        group["pegawai"].append(
            {
                "no": len(group["pegawai"]) + 1,
                "nama": row.name,
                "nip": nip_text(row.number),
                "tanggal": days_text(days),
                "jumlah": len(days),
                "kumulatif": year[row.employee_id].unexplained,
                "penanda": flag_text(row, year[row.employee_id]),
            }
        )
    today = context.now.astimezone(ZoneInfo(recap.agency.time_zone)).date()
    wait = int(context.parameters.get("working_days", DAYS_TO_CLARIFY))
    return {
        "atasan": sorted(groups.values(), key=lambda group: str(group["atasan"]["nama"])),
        "batas_klarifikasi": date_with_day(working_day_after(today, wait)),
    }


def absences_with(recap: Recap, rows: Sequence[RecapRow]) -> dict[int, Counted]:
    """Return the year's counters by employee id, with this recap's month as it tells it."""
    return counts_of(recap.agency, [row.employee_id for row in rows], recap.month.year, rows)


def flag_text(row: RecapRow, counted: Counted) -> str:
    """Return what PP 94/2021 provides for so many days; nothing for whom it does not apply to."""
    if row.employment != EmploymentStatus.PNS:
        return ""
    return "; ".join(band.text for band in counted.bands)


def withdrawn(recap: Recap, rows: Sequence[RecapRow]) -> dict[int, list[str]]:
    """Return by superior's id what a notice of an earlier round told and is taken back."""
    by_id = {row.employee_id: row for row in rows}
    events = Event.objects.filter(
        subject=f"attendance.recap:{recap.pk}", verb="unexplained_withdrawn"
    )
    found: dict[int, list[str]] = {}
    for event in events.order_by("pk"):
        days: dict[int, list[date]] = {}
        for item in event.after["days"]:
            days.setdefault(item["employee"], []).append(date.fromisoformat(item["day"]))
        for employee, dates in days.items():
            row = by_id.get(employee)
            still = set(days_with(row, Code.UNEXPLAINED)) if row else set()
            if row is not None and (gone := [day for day in dates if day not in still]):
                text = f"{row.name}: {days_text(gone)}"
                found.setdefault(row.superior.get("id", 0), []).append(text)
    return found


@document_context("attendance.validation")
def validation(context: StepContext) -> Mapping[str, Any]:
    """Return what was examined, the decision on it, and the people with TK and KJK."""
    recap, rows = _recap_and_rows(context)
    return {
        "diperiksa": _examined(recap, rows),
        "keputusan": _decision(recap),
        "tk": unexplained_people(rows),
        "kjk": [
            {"nama": row.name, "nip": nip_text(row.number), "menit": row.counters["KJK"]}
            for row in sorted(rows, key=lambda row: (-row.counters["KJK"], row.order))
            if row.counters["KJK"]
        ],
    }


@document_context("attendance.recap")
def recap_matrix(context: StepContext) -> Mapping[str, Any]:
    """Return the matrix of the month: a row per person, a code per day, the sums."""
    recap, rows = _recap_and_rows(context)
    return {
        "hari": [day.day for day in Month(recap.month).days],
        "pegawai": [
            {
                "no": row.order,
                "nama": row.name,
                "nip": nip_text(row.number),
                "gol": row.grade,
                "jabatan": row.position,
                "kode": row.codes,
                **_sums(row.counters),
            }
            for row in rows
        ],
        "total": _sums(recap.figures["jumlah"]),
        "definisi": list(DEFINITIONS),
    }


def summary(recap: Recap, rows: Sequence[RecapRow]) -> list[str]:
    """Return half a page in sentences."""
    total = recap.figures["jumlah"]
    zone = recap.agency.time_zone
    label = period_label(recap.subject)
    missing = recap.figures["pegawai_tk"]
    late = sum(row.counters["TL_n"] > 0 for row in rows)
    sentences = [
        (
            f"Pada {label} tercatat {recap.figures['pegawai']} pegawai dengan"
            f" {recap.figures['hari_kerja']} hari kerja, seluruhnya {number_text(total['HK'])} hari"
            f" kerja orang. Hadir fisik {total['pct']} % dan hadir sah {total['pct_sah']} %."
        ),
        (
            f"Tanpa keterangan: {missing} pegawai, {total['TK']} hari."
            f" Terlambat: {late} pegawai, {total['TL_n']} kali, {minutes_text(total['TL_m'])}."
        ),
        (
            f"Tidak absen masuk {total['TAM']} kali, tidak absen pulang {total['TAP']} kali."
            f" Kekurangan jam kerja neto {minutes_text(total['KJK'])}."
        ),
    ]
    before = frozen_before(recap.agency_id, Month(recap.month))
    if before is not None:
        sentences.append(comparison(recap, before))
    if waiting := recap.figures["pegawai_menunggu"]:
        sentences.append(f"Surat {waiting} pegawai masih menunggu keputusan atasan langsung.")
    sentences.append(
        f"Disusun {moment_text(recap.built_at, zone)} (penyusunan ke-{recap.builds},"
        f" sidik {recap.sha256[:16]})."
    )
    return sentences


def comparison(recap: Recap, before: Recap) -> str:
    """Return "Dibandingkan Maret 2026: hadir naik 0,4 poin, tanpa keterangan turun 2 hari." """
    now, then = recap.figures["jumlah"], before.figures["jumlah"]
    tenths = _tenths(now["H"], now["HK"]) - _tenths(then["H"], then["HK"])
    present = _change(tenths, f"{abs(tenths) // 10},{abs(tenths) % 10} poin")
    days = now["TK"] - then["TK"]
    unexplained_days = _change(days, f"{abs(days)} hari")
    return (
        f"Dibandingkan {period_label(before.subject)}: hadir {present},"
        f" tanpa keterangan {unexplained_days}."
    )


def unexplained_people(rows: Sequence[RecapRow]) -> list[dict[str, Any]]:
    """Return who has unexplained days, most days first."""
    people = [
        {
            "nama": row.name,
            "nip": nip_text(row.number),
            "tanggal": days_text(days),
            "jumlah": len(days),
            "atasan": row.superior.get("nama", OUTSIDE["nama"]),
        }
        for row in rows
        if (days := days_with(row, Code.UNEXPLAINED))
    ]
    return sorted(people, key=lambda person: -int(person["jumlah"]))


def late_people(rows: Sequence[RecapRow]) -> list[dict[str, Any]]:
    """Return who came late, most minutes first."""
    late = [row for row in rows if row.counters["TL_n"]]
    return [
        {
            "nama": row.name,
            "nip": nip_text(row.number),
            "kali": row.counters["TL_n"],
            "menit": row.counters["TL_m"],
        }
        for row in sorted(late, key=lambda row: (-row.counters["TL_m"], row.order))
    ]


def days_with(row: RecapRow, code: Code) -> list[date]:
    return [date.fromisoformat(day["tanggal"]) for day in row.days if day["kode"] == code]


def working_day_after(day: date, count: int) -> date:
    """Return the working day that comes `count` working days later."""
    holidays = set(
        PublicHoliday.objects.filter(
            on__gt=day, on__lte=day + timedelta(days=10 * count + 30)
        ).values_list("on", flat=True)
    )
    while count > 0:
        day += timedelta(days=1)
        count -= isinstance(STANDARD_WEEK[day.weekday()], DayHours) and day not in holidays
    return day


def _recap_and_rows(context: StepContext) -> tuple[Recap, list[RecapRow]]:
    month = Month.parse(context.subject)
    recap = recap_of_instance(context.instance_id, month)
    if recap is None:
        raise NoRecap(f"Draf rekap {period_label(context.subject)} belum disusun.")
    return recap, list(recap.rows.all())


def _totals(recap: Recap) -> dict[str, Any]:
    total = recap.figures["jumlah"]
    return {
        "pegawai": recap.figures["pegawai"],
        "hari_kerja": recap.figures["hari_kerja"],
        "TL": total["TL_n"],
        "PSW": total["PSW_n"],
        **_sums(total),
    }


def _sums(counters: Mapping[str, Any]) -> dict[str, Any]:
    """Return counters as a table prints them: leave of all kinds in one number."""
    return {**counters, "C": counters["C_n"], "C_jenis": dict(counters["C"])}


def _examined(recap: Recap, rows: Sequence[RecapRow]) -> list[str]:
    month = Month(recap.month)
    letters = list(letters_of(recap.agency_id, month))
    scanned = sum(bool(letter.scan_sha256) for letter in letters)
    approved = sum(letter.status == letter.Status.APPROVED for letter in letters)
    total = recap.figures["jumlah"]
    deficits = sum(row.counters["KJK"] > 0 for row in rows)
    built = moment_text(recap.built_at, recap.agency.time_zone)
    return [
        (
            f"Resume kehadiran {period_label(recap.subject)}: {recap.figures['pegawai']} pegawai,"
            f" {number_text(total['HK'])} hari kerja orang."
        ),
        (
            f"Surat ketidakhadiran: {len(letters)} surat, {scanned} dengan pindaian, {approved}"
            " disetujui atasan langsung."
        ),
        (
            f"Daftar tanpa keterangan: {recap.figures['pegawai_tk']} pegawai, {total['TK']} hari;"
            f" daftar kekurangan jam kerja: {deficits} pegawai."
        ),
        (
            f"Draf rekap versi {recap.version}, penyusunan ke-{recap.builds}, {built}, SHA-256"
            f" {recap.sha256}."
        ),
    ]


def _decision(recap: Recap) -> dict[str, str]:
    task = latest_decision(recap.instance)
    if task is None:
        return {"label": "Belum diputuskan", "catatan": "", "oleh": "-", "waktu": "-"}
    definition = definition_of(task.instance)
    option = definition.tasks[task.step].form.option(task.outcome)
    name = task.owner.get_full_name() if task.owner else "-"
    return {
        "label": option.label if option else task.outcome,
        "catatan": task.comment,
        "oleh": f"{name} ({task.acting_as})" if task.acting_as else name,
        "waktu": _moment(task, recap.agency.time_zone),
    }


def _moment(task: Task, zone: str) -> str:
    at: datetime | None = task.submitted_at
    return moment_text(at, zone) if at else "-"


def _tenths(part: int, whole: int) -> int:
    return (part * 1000 + whole // 2) // whole if whole else 0


def _change(amount: int, text: str) -> str:
    if amount == 0:
        return "tetap"
    return f"naik {text}" if amount > 0 else f"turun {text}"
