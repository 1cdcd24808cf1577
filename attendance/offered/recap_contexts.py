"""What Word files may say about a month of attendance: plain text, numbers and lists only."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from attendance.days.months import Month
from attendance.law.codes import NAMES, Code
from attendance.law.counting import PRINTED_DEFINITIONS
from attendance.letters.questions import letters_of, unsettled
from attendance.letters.texts import days_text, letter_span
from attendance.models import Recap, RecapRow
from attendance.models.recaps import WITHOUT_UNIT
from attendance.recaps.questions import frozen_before, latest_decision, recap_of_instance
from foundation.indonesian import (
    minutes_text,
    moment_text,
    number_text,
    period_label,
)
from organization.nip import display as nip_text
from processes.definitions import definition_of
from processes.models import Task
from workflows.registry import StepContext, document_context

ROWS_OF_A_PART = 40
COMPARED = (
    ("TK", "Tanpa keterangan (hari)"),
    ("TL_n", "Terlambat (kali)"),
    ("TL_m", "Terlambat (menit)"),
    ("PSW_n", "Pulang sebelum waktu (kali)"),
    ("TAM", "Tidak absen masuk (kali)"),
    ("TAP", "Tidak absen pulang (kali)"),
    ("DL", "Dinas luar (hari)"),
    ("C_n", "Cuti (hari)"),
    ("S", "Sakit (hari)"),
    ("I", "Izin (hari)"),
    ("KJK", "Kekurangan jam kerja (menit)"),
)
OUTSIDE = {"nama": "Atasan langsung di luar perangkat daerah", "nip": "-", "jabatan": "-"}


class NoRecap(LookupError):
    """A document asks for figures before there are any."""


@document_context("attendance.resume")
def resume(context: StepContext) -> Mapping[str, Any]:
    """Return the resume of the period: sentences, totals, units, and who needs attention."""
    recap, rows = recap_and_rows(context)
    letters = unsettled(list(letters_of(recap.agency_id, Month(recap.month))))
    return {
        "ringkasan": {"kalimat": summary(recap, rows)},
        "jumlah": _totals(recap),
        "per_bidang": [
            {**unit, "hadir_pct": unit["pct"], "TL": unit["TL_n"], "PSW": unit["PSW_n"]}
            for unit in units_of(recap)
        ],
        "perbandingan": compared(recap),
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


@document_context("attendance.validation")
def validation(context: StepContext) -> Mapping[str, Any]:
    """Return what was examined, the decision on it, and the people with TK and KJK."""
    recap, rows = recap_and_rows(context)
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
    """Return the matrix of the month: a row per person, a code per day, the sums.

    `matriks` has a part per bidang, of at most ROWS_OF_A_PART people each: a table of a thousand
    rows takes LibreOffice minutes. `jumlah` of a part are the sums of its bidang, at its last part.
    """
    recap, rows = recap_and_rows(context)
    units = units_of(recap)
    return {
        "hari": [day.day for day in Month(recap.month).days],
        "jumlah_pegawai": len(rows),
        "matriks": parts_of(rows, {str(unit["bidang"]): unit for unit in units}),
        "per_bidang": units,
        "total": _sums(recap.figures["jumlah"]),
        "definisi": list(PRINTED_DEFINITIONS),
    }


def units_of(recap: Recap) -> list[dict[str, Any]]:
    """Return the sums by bidang: `bidang`, `pegawai` (how many), and every counter."""
    units = [_sums(unit) for unit in recap.figures["per_bidang"]]
    return sorted(units, key=lambda unit: _leading_first(unit["bidang"]))


def parts_of(
    rows: Sequence[RecapRow], units: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the rows by bidang in parts that make a table each; their numbers stay."""
    by_unit: dict[str, list[RecapRow]] = {}
    for row in rows:
        by_unit.setdefault(row.unit, []).append(row)
    parts = []
    for unit in sorted(by_unit, key=_leading_first):
        members = by_unit[unit]
        for start in range(0, len(members), ROWS_OF_A_PART):
            last = start + ROWS_OF_A_PART >= len(members)
            parts.append(
                {
                    "bidang": unit,
                    "lanjutan": start > 0,
                    "pegawai": [_person(row) for row in members[start : start + ROWS_OF_A_PART]],
                    "jumlah": dict(units[unit]) if last else {},
                }
            )
    return parts


def _leading_first(unit: str) -> tuple[bool, str]:
    """Who leads the agency belongs to no bidang and stands before all of them."""
    return (unit != WITHOUT_UNIT, unit)


def _person(row: RecapRow) -> dict[str, Any]:
    return {
        "no": row.order,
        "nama": row.name,
        "nip": nip_text(row.number),
        "gol": row.grade,
        "jabatan": row.position,
        "kode": row.codes,
        **_sums(row.counters),
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


def compared(recap: Recap) -> dict[str, Any]:
    """Return `lalu`, the label of the last frozen month, and `baris`; {} where there is none.

    A row is {nama, lalu, kini, selisih} as texts.
    """
    before = frozen_before(recap.agency_id, Month(recap.month))
    if before is None:
        return {}
    now, then = recap.figures["jumlah"], before.figures["jumlah"]
    rows = [
        ("Hadir fisik (%)", _tenths(then["H"], then["HK"]), _tenths(now["H"], now["HK"]), 10),
        *((label, int(then.get(key, 0)), int(now.get(key, 0)), 1) for key, label in COMPARED),
    ]
    return {
        "lalu": period_label(before.subject),
        "baris": [
            {
                "nama": label,
                "lalu": _scaled(old, unit),
                "kini": _scaled(new, unit),
                "selisih": ("+" if new > old else "") + _scaled(new - old, unit),
            }
            for label, old, new, unit in rows
        ],
    }


def _scaled(amount: int, unit: int) -> str:
    return number_text(amount / unit, 1 if unit > 1 else 0)


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


def recap_and_rows(context: StepContext) -> tuple[Recap, list[RecapRow]]:
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
