"""Files that no row names: left by a worker that was killed, or by a restored database.

A half written file has a temporary name and is worth nothing. A whole one may be a document whose
row a restored database has lost: it waits a month before it is taken away, and is told meanwhile.
"""

import logging
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.db.models import FileField

from documents.models import Archive, archive_root
from documents.storage import stored_path

FOLDERS = ("documents", "templates")  # of the storage; every file in them has a row here
TOLD_AFTER, KEPT = timedelta(days=1), timedelta(days=30)
HALF_WRITTEN, DRAFT = ".part", ".draf-"
logger = logging.getLogger(__name__)


def left_overs(now: datetime, older_than: timedelta = TOLD_AFTER) -> Iterator[Path]:
    """Yield files of the storage and folders of archives that no row names, after a day."""
    named = _named_files()
    for folder in FOLDERS:
        root = stored_path(folder)
        for path in sorted(root.rglob("*")):
            name = path.relative_to(stored_path("")).as_posix()
            if path.is_file() and name not in named and _is_older(path, now, older_than):
                yield path
    sealed = set(Archive.objects.values_list("folder", flat=True))
    root = archive_root()
    for path in sorted([*root.glob(f"{DRAFT}*"), *root.glob("*/*/*")]):
        name = path.relative_to(root).as_posix()
        if name not in sealed and _is_older(path, now, older_than):
            yield path


def remove_left_overs(*, now: datetime) -> int:
    """Take away what is half written for a day and what nobody named for a month; return how many.

    Run by beat once a day. A file that a worker is writing now is younger than that.
    """
    removed = 0
    for path in list(left_overs(now)):
        if not _is_half(path) and not _is_older(path, now, KEPT):
            continue
        if path.is_dir():
            _remove_folder(path)
        else:
            path.unlink(missing_ok=True)
        logger.warning("removed a left-over: %s", path)
        removed += 1
    return removed


def _is_half(path: Path) -> bool:
    return path.name.endswith(HALF_WRITTEN) or path.name.startswith(DRAFT)


def _is_older(path: Path, now: datetime, age: timedelta) -> bool:
    try:
        return path.stat().st_mtime < (now - age).timestamp()
    except FileNotFoundError:
        return False  # its worker finished meanwhile


def _remove_folder(path: Path) -> None:
    """Take away a folder whose files are sealed."""
    shutil.rmtree(path, ignore_errors=True)


def _named_files() -> set[str]:
    """Return the name of every file that a row of this room has in one of its columns."""
    named: set[str] = set()
    for model in apps.get_app_config("documents").get_models():
        for column in model._meta.get_fields():
            if isinstance(column, FileField):
                named.update(model._default_manager.values_list(column.name, flat=True))
    return named
