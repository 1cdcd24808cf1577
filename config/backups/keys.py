"""The keys of an installation: named by fingerprints in backups, kept in a file of their own.

Who has a backup alone can open no finger and no comm key; who has the keys alone has no data.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from config.backups.failure import BackupError
from config.backups.manifest import Manifest
from foundation import crypto
from foundation.files import write_file


@dataclass(frozen=True)
class Keys:
    """What `SOPAN_FIELD_KEYS` and `SOPAN_SECRET_KEY` say; never printed."""

    field_keys: tuple[str, ...]
    secret_key: str

    def __repr__(self) -> str:
        return "Keys(...)"

    @property
    def field_fingerprints(self) -> list[str]:
        return crypto.fingerprints(self.field_keys)

    @property
    def secret_fingerprint(self) -> str:
        return hashlib.sha256(b"sopan secret key" + self.secret_key.encode()).hexdigest()[:16]


def current_keys() -> Keys:
    return Keys(tuple(settings.FIELD_KEYS), settings.SECRET_KEY)


def write_keys(path: Path, *, archive: Path) -> None:
    """Write the keys for their own safe; BackupError where the backup would lie beside them."""
    if path.resolve().parent == archive.resolve().parent:
        raise BackupError("Simpan kunci di folder atau media lain, tidak di sebelah cadangannya.")
    if path.exists():
        raise BackupError(f"{path} sudah ada; kunci lama tidak ditimpa.")
    keys = current_keys()
    told = {"field_keys": list(keys.field_keys), "secret_key": keys.secret_key}
    write_file(path, json.dumps(told).encode())


def read_keys(path: Path) -> Keys:
    try:
        told = json.loads(path.read_bytes())
        return Keys(tuple(map(str, told["field_keys"])), str(told["secret_key"]))
    except OSError as error:
        raise BackupError(f"Berkas kunci {path} tidak dapat dibaca.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{path} bukan berkas kunci SOPan.") from error


def missing_keys(manifest: Manifest, keys: Keys) -> Sequence[str]:
    """Return the fingerprints of keys that the backup needs and that are not there."""
    return sorted(set(manifest.field_keys) - set(keys.field_fingerprints))


def check_keys(manifest: Manifest, keys: Keys) -> None:
    if missing := missing_keys(manifest, keys):
        raise BackupError(
            f"Cadangan ini memerlukan kunci bersidik {', '.join(missing)}; berikan berkas kuncinya "
            "dengan --keys."
        )


def adopt_keys(keys: Keys) -> None:
    """Make these the keys of this installation; its own were made just now and closed nothing.

    Raises BackupError where the environment gives others: it would win at the next start.
    """
    for name, value in (
        ("SOPAN_FIELD_KEYS", ",".join(keys.field_keys)),
        ("SOPAN_SECRET_KEY", keys.secret_key),
    ):
        if os.environ.get(name) not in (None, "", value):
            raise BackupError(
                f"{name} di lingkungan berbeda dari berkas kunci; samakan atau hapus dahulu."
            )
    write_file(Path(settings.DATA_DIR) / "field-keys", ",".join(keys.field_keys).encode())
    write_file(Path(settings.DATA_DIR) / "secret-key", keys.secret_key.encode())
    settings.FIELD_KEYS = list(keys.field_keys)
    settings.SECRET_KEY = keys.secret_key
