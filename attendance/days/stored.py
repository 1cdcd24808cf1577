"""Verdicts as plain data in a recap, in a short form for a month, and back."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from attendance.law.cases import Verdict, minute_of, moment_of
from attendance.law.codes import Code, Flag


def as_data(day: date, verdict: Verdict) -> dict[str, Any]:
    """Return the verdict whole, reasons included; times as the agency's wall clock showed them."""
    return {
        "tanggal": day.isoformat(),
        "kode": verdict.label,
        "alasan": list(verdict.reasons),
        "tanda": [str(flag) for flag in verdict.flags],
        "target": verdict.target,
        "masuk": _moment_text(verdict.came, day),
        "pulang": _moment_text(verdict.left, day),
        "TL": verdict.late,
        "PSW": verdict.early,
        "TAM": verdict.missing_in,
        "TAP": verdict.missing_out,
        "KJK_bruto": verdict.deficit_gross,
        "KJK_dikecualikan": verdict.deficit_excused,
        "KJK": verdict.deficit_net,
        "absen": verdict.punches,
        "dipakai": verdict.used,
        "surat": verdict.letter_id,
        "pola": verdict.pattern,
        "pola_id": verdict.pattern_id,
    }


def from_data(data: Mapping[str, Any]) -> Verdict:
    """Return the verdict that `as_data` wrote; older recaps tell no pattern and no `dipakai`."""
    label: str = data["kode"]
    day = day_of(data)
    return Verdict(
        code=Code(label.removesuffix("*")),
        reasons=tuple(data["alasan"]),
        flags=tuple(Flag(flag) for flag in data["tanda"]),
        provisional=label.endswith("*"),
        target=data["target"],
        came=_minute(data["masuk"], day),
        left=_minute(data["pulang"], day),
        late=data["TL"],
        early=data["PSW"],
        missing_in=data["TAM"],
        missing_out=data["TAP"],
        deficit_gross=data["KJK_bruto"],
        deficit_excused=data["KJK_dikecualikan"],
        punches=data["absen"],
        used=data.get("dipakai", bool(data["masuk"]) + bool(data["pulang"])),
        letter_id=data["surat"],
        pattern=data.get("pola", ""),
        pattern_id=data.get("pola_id", 0),
    )


def day_of(data: Mapping[str, Any]) -> date:
    """Return the day that `as_data` was given."""
    return date.fromisoformat(data["tanggal"])


def pack(verdicts: Iterable[Verdict]) -> str:
    """Return the days of a person in short, without reasons and names of patterns."""
    return "\n".join([pack_day(verdict) for verdict in verdicts])


def unpack(text: str) -> tuple[Verdict, ...]:
    """Return the verdicts that `pack` wrote, without reasons and names of patterns."""
    return tuple([_unpacked(line) for line in text.split("\n")]) if text else ()


def outline(line: str) -> tuple[str, str, bool]:
    """Return of one packed day its code, its flags ("TL|PSW") and whether it is provisional.

    Without the minutes there are few different days: whoever prints thousands asks for this.
    """
    parts = line.split(",", 10)
    count = len(parts)
    flags = parts[6] if count > 6 else ""
    provisional = count > 9 and parts[9] != "" and bool(int(parts[9]) & 1)
    return parts[0], flags, provisional


def pack_day(verdict: Verdict) -> str:
    """Return one day in short; whoever packs many packs equal ones once."""
    came, left = verdict.came, verdict.left
    marks = verdict.provisional + 2 * verdict.missing_in + 4 * verdict.missing_out
    text = (
        f"{verdict.code},{'' if came is None else came},{'' if left is None else left},"
        f"{verdict.target or ''},{verdict.deficit_gross or ''},{verdict.deficit_excused or ''},"
        f"{'|'.join(verdict.flags)},{verdict.late or ''},{verdict.early or ''},{marks or ''},"
        f"{verdict.punches or ''},{verdict.used or ''},{verdict.letter_id or ''},"
        f"{verdict.pattern_id or ''}"
    )
    return text.rstrip(",")


@lru_cache(maxsize=16_384)
def _unpacked(line: str) -> Verdict:
    parts = line.split(",")
    parts += [""] * (14 - len(parts))
    code, came, left, *numbers = parts
    flags = numbers.pop(3)
    target, gross, free, late, early, marks, punches, used, letter, pattern = (
        int(number) if number else 0 for number in numbers
    )
    return Verdict(
        code=Code(code),
        flags=tuple(Flag(flag) for flag in flags.split("|")) if flags else (),
        provisional=bool(marks & 1),
        target=target,
        came=int(came) if came else None,
        left=int(left) if left else None,
        late=late,
        early=early,
        missing_in=bool(marks & 2),
        missing_out=bool(marks & 4),
        deficit_gross=gross,
        deficit_excused=free,
        punches=punches,
        used=used,
        letter_id=letter,
        pattern_id=pattern,
    )


def _moment_text(minute: int | None, day: date) -> str:
    return "" if minute is None else moment_of(minute, day).isoformat()


def _minute(text: str, day: date) -> int | None:
    return minute_of(datetime.fromisoformat(text), day) if text else None
