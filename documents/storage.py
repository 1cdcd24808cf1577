"""Files on disk: written whole or not at all, and sealed where they must not change."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.core.files.storage import default_storage

from foundation.files import sync_folder, write_file

__all__ = ["files_below", "sha256_of", "sha256_of_file", "stored_path", "sync_folder", "write_file"]

CHUNK = 1024 * 1024


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def sha256_of_file(path: Path) -> tuple[str, int]:
    """Return hash and size of a file without holding it in memory."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while piece := stream.read(CHUNK):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size


def stored_path(name: str) -> Path:
    """Return where a stored file lies on disk."""
    return Path(default_storage.path(name))


def files_below(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())
