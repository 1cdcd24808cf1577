"""Verdicts as plain data in a recap, and back; and the hash over a recap's content."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from attendance.codes import Code, Flag
from attendance.models import Recap, RecapRow
from attendance.rules import DayVerdict


def as_data(verdict: DayVerdict) -> dict[str, Any]:
    return {
        "tanggal": verdict.day.isoformat(),
        "kode": verdict.label,
        "alasan": list(verdict.reasons),
        "tanda": [str(flag) for flag in verdict.flags],
        "target": verdict.target,
        "masuk": verdict.first_in.isoformat() if verdict.first_in else "",
        "pulang": verdict.last_out.isoformat() if verdict.last_out else "",
        "TL": verdict.late_minutes,
        "PSW": verdict.early_minutes,
        "TAM": verdict.missing_in,
        "TAP": verdict.missing_out,
        "KJK_bruto": verdict.deficit_gross,
        "KJK_dikecualikan": verdict.deficit_excused,
        "KJK": verdict.deficit_net,
        "absen": verdict.punches,
        "surat": verdict.letter_id,
    }


def from_data(data: Mapping[str, Any]) -> DayVerdict:
    """Return the verdict that `as_data` wrote."""
    label: str = data["kode"]
    return DayVerdict(
        day=date.fromisoformat(data["tanggal"]),
        code=Code(label.removesuffix("*")),
        reasons=tuple(data["alasan"]),
        flags=tuple(Flag(flag) for flag in data["tanda"]),
        provisional=label.endswith("*"),
        target=data["target"],
        first_in=datetime.fromisoformat(data["masuk"]) if data["masuk"] else None,
        last_out=datetime.fromisoformat(data["pulang"]) if data["pulang"] else None,
        late_minutes=data["TL"],
        early_minutes=data["PSW"],
        missing_in=data["TAM"],
        missing_out=data["TAP"],
        deficit_gross=data["KJK_bruto"],
        deficit_excused=data["KJK_dikecualikan"],
        punches=data["absen"],
        letter_id=data["surat"],
    )


def content_hash(recap: Recap, rows: Iterable[RecapRow]) -> str:
    """Return the SHA-256 over what the recap says: month, version, figures and every row."""
    content = {
        "perangkat_daerah": recap.agency.code,
        "bulan": recap.subject,
        "versi": recap.version,
        "angka": recap.figures,
        "pegawai": [row.content() for row in rows],
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def is_intact(recap: Recap, rows: Iterable[RecapRow] | None = None) -> bool:
    """Say whether the recap's rows (all of them) still are what its hash was taken over."""
    rows = recap.rows.all() if rows is None else rows
    return bool(recap.sha256) and content_hash(recap, rows) == recap.sha256
