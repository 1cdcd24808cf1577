"""Days that nothing may be frozen over yet, and what to do about each kind."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from attendance.days.stored import from_data
from attendance.law.codes import NAMES, Code
from attendance.models import Recap, RecapRow
from foundation.indonesian import period_label

SHOWN = 3  # reasons told by name; one machine that is silent gives one reason for many days
NOT_FINAL = "Belum final"  # how attendance.reasons begins to say that more taps may come
WAYS_OUT = {
    Code.NOT_OVER: (
        "Tunggu hari berakhir dan mesin terhubung kembali, impor catatan absennya, atau catat"
        " gangguan mesin dan masukkan daftar manualnya; lalu susun ulang draf."
    ),
    Code.UNSCHEDULED: (
        "Lengkapi jadwal jaga atau jam kerja paruh waktu, atau benahi pola jam kerja yang"
        " bertumpuk; lalu susun ulang draf."
    ),
}


def kind_of(day: Mapping[str, Any]) -> Code | None:
    """Return why a stored day cannot be frozen: not over (or not final), or not scheduled."""
    verdict = from_data(day)
    if verdict.is_final:
        return None
    return Code.UNSCHEDULED if verdict.code is Code.UNSCHEDULED else Code.NOT_OVER


def obstacles(rows: Iterable[RecapRow]) -> list[str]:
    """Return a sentence per kind of day that keeps the recap open: how many, why, the way out."""
    return told(day for row in rows for day in row.days)


def told(days: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the same of any days, as `stored.as_data` wrote them."""
    counted: dict[Code, Counter[str]] = {}
    for day in days:
        kind = kind_of(day)
        if kind is not None:
            counted.setdefault(kind, Counter())[why(day, kind)] += 1
    return [_sentence(kind, reasons) for kind, reasons in sorted(counted.items())]


def why(day: Mapping[str, Any], kind: Code) -> str:
    """Return the reason that tells what is awaited; it names the machine, or the pattern."""
    reasons = [str(text) for text in day["alasan"]]
    if not reasons or kind is Code.UNSCHEDULED:
        return reasons[-1] if reasons else ""
    return next((text for text in reasons if text.startswith(NOT_FINAL)), reasons[0])


def refusal(recap: Recap, rows: Iterable[RecapRow]) -> str:
    """Return why this recap cannot be frozen, or nothing."""
    found = obstacles(rows)
    if not found:
        return ""
    return f"Rekap {period_label(recap.subject)} belum dapat dibekukan: {' '.join(found)}"


def _sentence(kind: Code, reasons: Counter[str]) -> str:
    told = [f"{count} hari: {text}" if text else "" for text, count in reasons.most_common(SHOWN)]
    more = len(reasons) - SHOWN
    rest = f" dan {more} sebab lain." if more > 0 else ""
    head = f"{reasons.total()} hari pegawai {NAMES[kind]}."
    return " ".join([head, *filter(None, told)]) + f"{rest} {WAYS_OUT[kind]}"
