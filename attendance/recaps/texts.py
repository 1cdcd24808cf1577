"""How the state of a recap is shown: kind of badge, icon and words; never colour alone."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from attendance import links
from attendance.days.months import Month
from attendance.law.codes import NAMES, Code
from attendance.models import LateFinding, Recap
from attendance.recaps.questions import was_returned
from foundation.indonesian import date_text

Badge = tuple[str, str, str]


@dataclass(frozen=True)
class ChangeLine:
    """A day that an amendment changed, or would: whose, before, after, and what made it known."""

    name: str
    day: str
    was: str
    becomes: str
    was_why: str
    becomes_why: str
    cause: str
    value: str = ""  # what a form sends back when it is chosen
    link: str = ""


def badge_of(recap: Recap, newest: Recap | None = None) -> Badge:
    """Return how a recap's state looks; `newest` is the version that holds of its month."""
    if recap.is_frozen:
        if newest is not None and newest.pk != recap.pk:
            return "info", "reused", f"Digantikan {newest.title}"
        return "ok", "lock", "Dibekukan"
    if was_returned(recap):
        return "returned", "return", "Dikembalikan"
    if recap.status == Recap.Status.SUBMITTED:
        return "soon", "hourglass", "Diajukan"
    return "info", "edit", "Draf"


def change_lines(recap: Recap) -> list[ChangeLine]:
    """Return what an amendment changed, day by day."""
    return [
        _line(
            change["nama"],
            change["semula"],
            change["menjadi"],
            change["sebab"],
            link=links.person(recap.pk, change["pegawai"]),
        )
        for change in recap.changes
    ]


def finding_lines(findings: Sequence[LateFinding]) -> list[ChangeLine]:
    """Return late data as a form offers them: each with a mark of what was read."""
    return [
        _line(
            row.employee.name,
            row.was,
            row.becomes,
            row.cause,
            value=f"{row.pk}-{seen(row)}",
            link=links.person(row.recap_id, row.employee_id),
        )
        for row in findings
    ]


def seen(finding: LateFinding) -> str:
    """Return a mark of what the finding says now, for a form to send back: nobody decides blind."""
    text = json.dumps(finding.becomes, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def chosen_of(values: Sequence[str]) -> dict[int, str]:
    """Read what `finding_lines` gave; anything else is left out."""
    pairs = (value.partition("-") for value in values)
    return {int(key): mark for key, _, mark in pairs if key.isascii() and key.isdigit() and mark}


def _line(
    name: str, was: Mapping[str, Any], becomes: Mapping[str, Any], cause: str, **more: str
) -> ChangeLine:
    day = Month.parse(was["tanggal"][:7]).first.replace(day=int(was["tanggal"][8:]))
    return ChangeLine(
        name=name,
        day=date_text(day),
        was=day_text(was),
        becomes=day_text(becomes),
        was_why=" ".join(was["alasan"]),
        becomes_why=" ".join(becomes["alasan"]),
        cause=cause,
        **more,
    )


def day_text(day: Mapping[str, Any]) -> str:
    """Return "H (hadir), 07.20 - 16.01, KJK 10 menit"."""
    label = str(day["kode"])
    parts = [f"{label} ({NAMES[Code(label.removesuffix('*'))]})"]
    came, left = day["masuk"][11:16].replace(":", "."), day["pulang"][11:16].replace(":", ".")
    if came or left:
        parts.append(f"{came or 'tanpa masuk'} - {left or 'tanpa pulang'}")
    if day["KJK"]:
        parts.append(f"KJK {day['KJK']} menit")
    return ", ".join(parts)
