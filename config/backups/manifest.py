"""What is in a backup: the last member of its archive, so that a torn archive has none."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from config.backups.failure import BackupError

NAME = "manifest.json"
HEADS = "ledger-heads.txt"  # the head of every chain at the moment of the snapshot
FORMAT = 1


@dataclass(frozen=True)
class Member:
    """A file of the archive."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Contents:
    """What the snapshot of the database held."""

    engine: str  # "sqlite" or "postgresql"
    counts: dict[str, int]  # rows by table
    migrations: list[str]  # "room.0001_initial", all that were applied
    streams: int  # chains of the ledger; their heads stand in the member HEADS
    anchors: int  # number of the last anchor


@dataclass(frozen=True)
class Manifest:
    """Everything that a restored place is held against."""

    made_at: datetime  # of the snapshot: what came later is not inside
    contents: Contents
    members: dict[str, Member]
    field_keys: list[str]  # fingerprints of the keys that open what is sealed inside
    secret_key: str  # fingerprint
    faults: list[str] = field(default_factory=list)  # what was wrong when it was made
    removed: list[str] = field(default_factory=list)  # files withdrawn while it was being made
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(self.contents.counts.values())

    @property
    def database(self) -> str:
        """Return the name of the member that holds the database."""
        return f"database.{'sqlite3' if self.contents.engine == 'sqlite' else 'dump'}"

    def to_bytes(self) -> bytes:
        told = asdict(self) | {"made_at": self.made_at.isoformat()}
        return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Manifest":
        try:
            told: dict[str, Any] = json.loads(content)
            if told["format"] != FORMAT:
                raise BackupError(f"Bentuk cadangan {told['format']} tidak dikenal program ini.")
            contents = Contents(**told.pop("contents"))
            members = {name: Member(**row) for name, row in told.pop("members").items()}
            made_at = datetime.fromisoformat(told.pop("made_at"))
            return cls(made_at=made_at, contents=contents, members=members, **told)
        except (KeyError, TypeError, ValueError) as error:
            raise BackupError("Daftar isi cadangan tidak terbaca.") from error
