"""How corrections, outages and days before and after are told on screens."""

from datetime import datetime
from zoneinfo import ZoneInfo

from attendance.evidence.correction_rules import Kind, shift_text
from attendance.law.cases import Verdict
from attendance.law.reasons import clock
from attendance.letters.texts import letter_title, span_text
from attendance.models import Correction, Outage
from foundation.indonesian import date_text

CORRECTION_BADGES = {
    Correction.Status.REQUESTED: ("soon", "hourglass", "Menunggu BKD"),
    Correction.Status.APPROVED: ("ok", "check-circle", "Dikabulkan"),
    Correction.Status.REJECTED: ("failed", "close", "Ditolak"),
    Correction.Status.WITHDRAWN: ("info", "cancel", "Ditarik kembali"),
}


def correction_badge(row: Correction) -> tuple[str, str, str]:
    """Return kind of badge, icon and word of how far a request is."""
    return CORRECTION_BADGES[Correction.Status(row.status)]


def subject_text(row: Correction) -> str:
    """Return what a request is about, in one line."""
    kind = Kind(row.kind)
    if kind is Kind.SHIFT_CLOCK and row.device is not None:
        first, last = (
            _moment(at, row.device.time_zone) for at in (row.wrong_from, row.wrong_until)
        )
        return f"{row.device.name}: {first} sampai {last} {shift_text(row.minutes)}"
    name = row.employee.name if row.employee is not None else "-"
    if kind is Kind.REVOKE_LETTER and row.letter is not None:
        return letter_title(row.letter)
    at = row.punch.at if row.punch is not None else row.at
    return f"{name}: absen {_moment(at, row.agency.time_zone)}"


def day_text(verdict: Verdict) -> str:
    """Return "H · 07.35 - 16.00 · TL 5 · KJK 5 menit" as both sides of a decision show a day."""
    parts = [verdict.label]
    if verdict.came is not None or verdict.left is not None:
        came = clock(verdict.came) if verdict.came is not None else "tanpa masuk"
        left = clock(verdict.left) if verdict.left is not None else "tanpa pulang"
        parts.append(f"{came} - {left}")
    lacking = {"TL": verdict.late, "PSW": verdict.early}
    parts += [f"{name} {minutes}" for name, minutes in lacking.items() if minutes]
    if verdict.deficit_net:
        parts.append(f"KJK {verdict.deficit_net} menit")
    # Late and early are told with their minutes already.
    others = [str(flag) for flag in verdict.flags if flag not in lacking]
    return " · ".join([*parts, *others])


def outage_span(row: Outage) -> str:
    """Return "13 April 2026", "13-14 April 2026", "sejak 13 April 2026"."""
    if row.last_on is None:
        return f"sejak {date_text(row.first_on)}"
    return span_text(row.first_on, row.last_on)


def outage_badge(row: Outage) -> tuple[str, str, str]:
    """Return kind of badge, icon and word of how far an outage is."""
    if row.withdrawn_at is not None:
        return ("info", "cancel", "Bukan gangguan")
    if row.listed_at is not None:
        return ("ok", "check-circle", "Daftar lengkap")
    if row.last_on is None:
        return ("late", "alert", "Masih terganggu")
    return ("soon", "hourglass", "Menunggu daftar manual")


def _moment(at: datetime | None, zone: str) -> str:
    if at is None:
        return "-"
    local = at.astimezone(ZoneInfo(zone))
    return f"{date_text(local)} {local:%H.%M}"
