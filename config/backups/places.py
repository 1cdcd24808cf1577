"""Where the files of an installation lie, and under which names they stand in a backup."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from config.backups.failure import BackupError
from documents.archive.left_overs import DRAFT, HALF_WRITTEN
from documents.models import archive_root
from documents.personal.copies import FOLDER as PERSONAL_COPIES
from documents.storage import stored_path


def folders() -> dict[str, Path]:
    """Return the folders that a backup holds, by the first part of their members' names."""
    return {
        "anchors": Path(settings.ANCHOR_FOLDER),
        "sops": Path(settings.SOPS_FOLDER),
        "archive": archive_root(),
        "files": stored_path(""),
    }


def backup_folder() -> Path:
    """Return where scheduled backups lie."""
    return Path(settings.BACKUP_FOLDER)


def kept_files() -> Iterator[tuple[str, Path]]:
    """Yield name and path of every file to be kept; what is half written is worth nothing."""
    for name, folder in folders().items():
        for path in _below(folder):
            inside = path.relative_to(folder)
            if path.name.endswith(HALF_WRITTEN) or inside.parts[0].startswith(DRAFT):
                continue
            # Kept for a week, and made anew when asked: it must not outlive that in a backup.
            if name == "files" and inside.parts[0] == PERSONAL_COPIES:
                continue
            yield f"{name}/{inside.as_posix()}", path


def _below(folder: Path) -> Iterator[Path]:
    """Yield the regular files below a folder in the order of their names; never through a link."""
    for current, inner, names in os.walk(folder):
        inner.sort()
        for name in sorted(names):
            path = Path(current, name)
            if path.is_file() and not path.is_symlink():
                yield path


def occupied() -> list[Path]:
    """Return the folders that hold files already."""
    return [folder for folder in folders().values() if next(_below(folder), None) is not None]


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a folder of backups for one process; BackupError while another is at work in it.

    The system lets go of the lock when its holder is killed.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BackupError("Pencadangan lain sedang berjalan di folder ini.") from error
        yield


def is_held(folder: Path) -> bool:
    """Say whether a process is at work there."""
    try:
        with alone(folder):
            return False
    except BackupError:
        return True
