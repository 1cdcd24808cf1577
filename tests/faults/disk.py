"""A disk on which no file may grow any more: what is acknowledged then; runs inside an office."""

import resource
import signal
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone

from documents.storage import stored_path, write_file
from organization.models import User
from processes.models import Instance
from processes.services import start_process
from tests.faults.staging import HEADS, SOP

ROOM = 40_000  # bytes that the database's log may still grow by


def fill(*, times: int) -> dict[str, list[str]]:
    """Begin processes until the disk is full, and go on trying; return which were acknowledged."""
    head = User.objects.get(username=HEADS[0])
    assert head.employee is not None
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # an error of the write instead
    log = Path(f"{settings.DATABASES['default']['NAME']}-wal")
    size = log.stat().st_size if log.exists() else 0
    _limit(size + ROOM)
    told: dict[str, list[str]] = {"ok": [], "refused": []}
    for number in range(times):
        subject = f"disk penuh {number}"
        try:
            start_process(
                definition_key=SOP, agency=head.employee.agency, subject=subject,
                actor_user=head, now=timezone.now(),
            )  # fmt: skip
            told["ok"].append(subject)
        except OperationalError:
            told["refused"].append(subject)
            connection.close()
    return told


def write_too_much() -> list[str]:
    """Write a document's file for which there is no room; return what lies there then."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    _limit(10_000)
    path = stored_path("dokumen/uji/penuh.docx")
    try:
        write_file(path, b"x" * 1_000_000)
    except OSError:
        pass
    else:
        raise AssertionError("a file was written beyond the limit")
    return sorted(found.name for found in path.parent.iterdir())


def subjects() -> list[str]:
    return list(Instance.objects.values_list("subject", flat=True))


def _limit(size: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
