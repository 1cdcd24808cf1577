"""What is known of a backup, in a file beside it: kept when the archive is rotated away.

The evidence is written before the archive gets its name: an archive without evidence does not
exist, and evidence without its archive is that of one that was never finished, or was rotated away
(then it says so).
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from foundation.files import write_file

ENDING = ".tar.gz"
BESIDE = ".json"


@dataclass(frozen=True)
class Finding:
    """One check of a restored backup; `told` says what was seen or what is wrong."""

    name: str
    ok: bool
    told: str


@dataclass(frozen=True)
class Trial:
    """A backup was restored into a throwaway place and checked there."""

    at: datetime
    seconds: float
    findings: list[Finding]

    @property
    def ok(self) -> bool:
        return all(finding.ok for finding in self.findings)


@dataclass(frozen=True)
class Evidence:
    """A backup, as it stands on the page of evidence."""

    name: str
    made_at: datetime  # of the snapshot
    seconds: float
    engine: str
    size: int
    sha256: str
    rows: int
    tables: int
    files: int
    streams: int
    heads_sha256: str
    field_keys: list[str]
    faults: list[str] = field(default_factory=list)
    removed: int = 0
    trial: Trial | None = None
    rotated_at: datetime | None = None

    @property
    def is_good(self) -> bool:
        """Say whether it would be restored without a doubt, as far as anybody has looked."""
        return not self.faults and (self.trial is None or self.trial.ok)

    @property
    def is_kept(self) -> bool:
        return self.rotated_at is None


def evidence_path(archive: Path) -> Path:
    return archive.with_name(archive.name + BESIDE)


def write_evidence(archive: Path, evidence: Evidence) -> None:
    told = asdict(evidence)
    write_file(
        evidence_path(archive),
        json.dumps(told, default=_moment, ensure_ascii=False, indent=1).encode(),
    )


def _moment(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def read_evidence(archive: Path) -> Evidence | None:
    """Return the evidence of an archive that is there in its full size; else None."""
    evidence = _read(evidence_path(archive))
    if evidence is None or not archive.is_file() or archive.stat().st_size != evidence.size:
        return None
    return evidence


def _read(path: Path) -> Evidence | None:
    try:
        told = json.loads(path.read_bytes())
        trial = told.pop("trial")
        return Evidence(
            **told
            | {
                "made_at": datetime.fromisoformat(told["made_at"]),
                "rotated_at": _parsed(told["rotated_at"]),
                "trial": _trial(trial) if trial else None,
            }
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _trial(told: dict[str, Any]) -> Trial:
    findings = [Finding(**row) for row in told["findings"]]
    return Trial(datetime.fromisoformat(told["at"]), told["seconds"], findings)


def _parsed(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def note_trial(archive: Path, trial: Trial) -> None:
    """Keep what a trial found, where there is evidence to keep it with."""
    if evidence := read_evidence(archive):
        write_evidence(archive, replace(evidence, trial=trial))


def note_rotation(archive: Path, *, now: datetime) -> None:
    if evidence := read_evidence(archive):
        write_evidence(archive, replace(evidence, rotated_at=now))


def all_evidence(folder: Path) -> list[Evidence]:
    """Return the evidence of a folder, the newest first: of what is there, and of what was."""
    found = []
    for path in folder.glob(f"*{ENDING}{BESIDE}"):
        evidence = _read(path)
        if evidence is None:
            continue
        if not evidence.is_kept or read_evidence(path.with_name(evidence.name)):
            found.append(evidence)
    return sorted(found, key=lambda evidence: evidence.made_at, reverse=True)


def kept(folder: Path) -> list[Evidence]:
    """Return the backups that lie in a folder whole, the newest first."""
    return [evidence for evidence in all_evidence(folder) if evidence.is_kept]


def last_good(rows: Sequence[Evidence]) -> Evidence | None:
    return next((row for row in rows if row.is_kept and row.is_good), None)
