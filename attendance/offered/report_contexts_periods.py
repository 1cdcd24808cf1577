"""What the reports of a day and of a week say (art. 11(1)): plain text, numbers and lists."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from attendance.law.codes import Code, Flag
from attendance.law.counting import PRINTED_DEFINITIONS, add_up
from attendance.models import AbsenceLetter, PeriodicRecap
from attendance.models.recaps import WITHOUT_UNIT
from attendance.offered.recap_contexts import ROWS_OF_A_PART
from attendance.services.periodic import WEEK, Kind, figures_of, rows_of, span
from documents.periods import period_of
from foundation.indonesian import DAYS, date_with_day, moment_text
from organization.models import Agency
from organization.nip import display as nip_text
from workflows.registry import Request, report_context

SHORT_DAYS = tuple(name[:3] for name in DAYS)
# What minutes and codes of the row tell already.
TOLD = frozenset({Flag.LATE, Flag.EARLY, Flag.WAITING, Flag.NO_ROSTER})
WORDS = {
    Flag.NO_IN: "tidak absen masuk",
    Flag.NO_OUT: "tidak absen pulang",
    Flag.MANUAL: "daftar manual",
}
FREE = frozenset({Code.DAY_OFF, Code.COLLECTIVE_LEAVE, Code.NOT_EMPLOYED})
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """Rows and figures of a period; `recap` is the one that was made and sent, if it was."""

    agency: Agency
    first: date
    last: date
    rows: Sequence[Row]
    figures: Row
    recap: PeriodicRecap | None


@report_context("attendance.daily")
def daily(request: Request) -> Mapping[str, Any]:
    """Return the report of a day ("2026-04-17").

    `hari`, `dasar` (on what the figures rest; `sementara` where no recap was made yet), `bagian`
    (a part per bidang: `bidang`, `lanjutan`, `pegawai`, `jumlah`), `jumlah_pegawai`, `total`.
    """
    told = told_of(request, Kind.DAILY)
    letters = letter_texts(told.rows)
    return {
        "hari": date_with_day(told.first),
        **_common(told, lambda row: _on_day(row, letters)),
    }


@report_context("attendance.weekly")
def weekly(request: Request) -> Mapping[str, Any]:
    """Return the report of a week ("2026-W17"): as `daily`, with `hari` the heads of its days."""
    told = told_of(request, Kind.WEEKLY)
    days = [told.first + timedelta(days=index) for index in range(WEEK)]
    return {
        "hari": [f"{SHORT_DAYS[day.weekday()]}\n{day.day}" for day in days],
        **_common(told, lambda row: {"kode": list(row["kode"])}),
    }


def told_of(request: Request, kind: Kind) -> Told:
    """Return what was sent of the period, else what would be said of it now.

    Raises ValueError for a subject that is no such period.
    """
    agency = Agency.objects.get(pk=request.agency_id)
    first, last = _span(request.subject, kind)
    recap = PeriodicRecap.objects.filter(agency=agency, kind=kind, first=first).first()
    if recap is not None:
        return Told(agency, first, last, recap.rows, recap.figures, recap)
    rows = rows_of(agency, first, last, request.now)
    return Told(agency, first, last, rows, figures_of(rows), None)


def _span(subject: str, kind: Kind) -> tuple[date, date]:
    """Return the first and last day that the subject names."""
    period = period_of(subject)
    if period.first is None or span(kind, period.first) != (period.first, period.last):
        raise ValueError(f"“{subject}” bukan {'hari' if kind == Kind.DAILY else 'minggu'}.")
    return span(kind, period.first)


def letter_texts(rows: Iterable[Row]) -> dict[int, str]:
    """Return the numbers of the letters that days of these rows rest on, by id; one query."""
    ids = {day["surat"] for row in rows for day in row["hari"] if day["surat"]}
    found = AbsenceLetter.objects.filter(pk__in=ids).values_list("pk", "number")
    return {pk: f"surat No. {number}" if number else "surat tanpa nomor" for pk, number in found}


def printed(counters: Row) -> dict[str, Any]:
    """Return counters as tables print them: leave of all kinds in one number."""
    return {**counters, "C": counters["C_n"], "C_jenis": dict(counters["C"])}


def definitions() -> list[str]:
    """Return what the columns of the reports mean; not those that no report prints."""
    return list(PRINTED_DEFINITIONS)


def by_unit(
    rows: Sequence[Row], print_person: Callable[[Row], dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the rows in parts of a bidang that make a table each, with its sums at the last.

    Who leads the agency stands before all bidang. `no` runs on through all parts.
    """
    units: dict[str, list[Row]] = {}
    for row in rows:
        units.setdefault(row["bidang"], []).append(row)
    parts: list[dict[str, Any]] = []
    number = 0
    for unit in sorted(units, key=lambda name: (name != WITHOUT_UNIT, name)):
        members = units[unit]
        for start in range(0, len(members), ROWS_OF_A_PART):
            people = []
            for row in members[start : start + ROWS_OF_A_PART]:
                number += 1
                people.append({"no": number, **print_person(row)})
            last = start + ROWS_OF_A_PART >= len(members)
            sums = {"pegawai": len(members), **printed(add_up(row["angka"] for row in members))}
            parts.append(
                {
                    "bidang": unit,
                    "lanjutan": start > 0,
                    "pegawai": people,
                    "jumlah": sums if last else {},
                }
            )
    return parts


def _common(told: Told, print_days: Callable[[Row], dict[str, Any]]) -> dict[str, Any]:
    def print_person(row: Row) -> dict[str, Any]:
        counters = row["angka"]
        return {
            "nama": row["nama"],
            "nip": nip_text(row["nip"]),
            "gol": row["gol"],
            "jabatan": row["jabatan"],
            **{name: counters[name] for name in ("TL_m", "PSW_m", "KJK", "TK")},
            **print_days(row),
        }

    return {
        "dasar": _basis(told),
        "sementara": told.recap is None,
        "bagian": by_unit(told.rows, print_person),
        "jumlah_pegawai": told.figures["pegawai"],
        "total": printed(told.figures["jumlah"]),
        "definisi": definitions(),
    }


def _basis(told: Told) -> str:
    recap, zone = told.recap, told.agency.time_zone
    if recap is None:
        return (
            "SEMENTARA: rekap periode ini belum disusun dan dikirim; angka menurut data saat "
            "laporan ini dibuat dan masih dapat berubah."
        )
    return (
        f"Menurut rekap yang disusun {moment_text(recap.made_at, zone)}, sidik SHA-256 "
        f"{recap.sha256[:16]}. Data yang datang kemudian ada pada rekap bulanan."
    )


def _on_day(row: Row, letters: Mapping[int, str]) -> dict[str, Any]:
    (day,) = row["hari"]
    return {
        "masuk": clock_of(day["masuk"]),
        "pulang": clock_of(day["pulang"]),
        "kode": day["kode"],
        "keterangan": remark(day, letters),
    }


def clock_of(moment: str) -> str:
    """Return "07.21" of the text that a stored day keeps; "" where there was no punch."""
    return moment[11:16].replace(":", ".")


def remark(day: Row, letters: Mapping[int, str]) -> str:
    """Return what a reader should know of a day beside its code and minutes; often nothing."""
    parts = [letters[day["surat"]]] if day["surat"] in letters else []
    if day["kode"].endswith("*"):
        parts.append("menunggu keputusan atasan")
    flags = [Flag(flag) for flag in day["tanda"]]
    parts += [WORDS.get(flag, str(flag)) for flag in flags if flag not in TOLD]
    # A holiday has its name only among the reasons.
    code = Code(day["kode"].removesuffix("*"))
    if not parts and code in FREE | {Code.UNSCHEDULED} and day["alasan"]:
        parts.append(str(day["alasan"][0]).rstrip("."))
    return "; ".join(parts)
