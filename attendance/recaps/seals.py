"""The hash over a recap, and whether the recap still is what it was taken over."""

import hashlib
import json
from collections.abc import Iterable

from attendance.models import Recap, RecapRow


def content_hash(recap: Recap, rows: Iterable[RecapRow]) -> str:
    """Return the SHA-256 over what the recap says: month, version, figures and every row."""
    content = {
        "perangkat_daerah": recap.agency.code,
        "bulan": recap.subject,
        "versi": recap.version,
        "angka": recap.figures,
        "pegawai": [row.content() for row in rows],
    }
    if recap.amendment:
        content["ralat"] = {
            "ke": recap.amendment,
            "mengganti": recap.amends.sha256 if recap.amends else "",
            "alasan": recap.reason,
            "perubahan": recap.changes,
        }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def is_intact(recap: Recap, rows: Iterable[RecapRow] | None = None) -> bool:
    """Say whether the recap's rows (all of them) still are what its hash was taken over."""
    rows = recap.rows.all() if rows is None else rows
    return bool(recap.sha256) and content_hash(recap, rows) == recap.sha256
