"""What the processes do that are killed while they issue a letter."""

import os
import signal
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.db import connections
from django.utils import timezone

from documents.archive.checking import verify_archive
from documents.archive.left_overs import left_overs, remove_left_overs
from documents.filling import fill_template
from documents.issue import issuing
from documents.issue.issuing import Wanted, issue_document
from documents.issue.stamping import NUMBER_MARK
from documents.models import Document, DocumentOrder, LetterNumber
from documents.office.choosing import Template
from documents.storage import stored_path
from foundation.actors import SYSTEM
from organization.models import Agency
from tests.documents.words import make_template, text_of

TEMPLATE = make_template("{{ nomor }}")
BEFORE_RENAME, BEFORE_COMMIT = "before the rename", "before the commit"


def found() -> None:
    agency = Agency.objects.create(code="uji", name="Uji", letter_code="UJI")
    DocumentOrder.objects.create(agency=agency, key="uji", title="Uji", asked_at=timezone.now())


def issue_and_kill(point: str, times: int) -> dict[str, Any]:
    """Issue letters; kill -9 who issues each at this point, then let another try it again.

    It is rendered once for all: a forked process would start a renderer of its own each time.
    """
    rendered = fill_template(TEMPLATE, {"nomor": NUMBER_MARK}, name="surat.docx")
    patch.object(issuing, "fill_template", lambda *_, **__: rendered).start()
    seen: dict[str, Any] = {"half": 0, "rows": 0, "whole": 0}
    for number in range(times):
        _killed(point, f"{point}-{number}")
        seen["half"] += len(_files(".part"))
        seen["rows"] += Document.objects.filter(item_key=f"{point}-{number}").count()
        first = issue_document(_wanted(f"{point}-{number}"))
        seen["whole"] += issue_document(_wanted(f"{point}-{number}")).pk == first.pk
    return seen


def standing() -> dict[str, Any]:
    """Return what is there after all that, and what the sweeps of later days leave of it."""
    documents = list(Document.objects.order_by("pk"))
    told = {
        "last": LetterNumber.objects.get().last,
        "serials": [int(document.number.split("/")[1]) for document in documents],
        "printed": [_printed(document) == document.number for document in documents],
        "faults": [fault.reason for fault in verify_archive()],
        "visible_halves": [f.name for f in _files("") if f.suffix == ".docx" and _is_torn(f)],
        "left_over_today": len(list(left_overs(timezone.now()))),
    }
    remove_left_overs(now=timezone.now() + timedelta(days=2))
    told["parts_after_two_days"] = len(_files(".part"))
    remove_left_overs(now=timezone.now() + timedelta(days=31))
    told["files_after_a_month"] = len(_files(""))
    return told


def _killed(point: str, key: str) -> None:
    """Fork a process that issues; end it with SIGKILL once it has come to the point."""
    connections.close_all()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            _stop_at(point, writing)
            issue_document(_wanted(key))
        os._exit(1)  # it was to be killed before
    os.close(writing)
    reached = os.read(reading, 1)
    os.close(reading)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if reached != b"!" or not os.WIFSIGNALED(status):
        sys.stderr.write(f"the process never came {point}\n")
        raise AssertionError(point)


def _stop_at(point: str, writing: int) -> None:
    def wait(*_: Any, **__: Any) -> None:
        os.write(writing, b"!")
        while True:
            signal.pause()

    if point == BEFORE_RENAME:
        Path.replace = wait  # type: ignore[assignment, method-assign]
    else:
        issuing._record = wait


def _wanted(key: str) -> Wanted:
    return Wanted(
        agency=Agency.objects.get(code="uji"),
        order=DocumentOrder.objects.get(key="uji"),
        kind="surat",
        title="Surat",
        template=Template("uji/surat.docx", TEMPLATE),
        numbered=True,
        actor=SYSTEM,
        now=timezone.now(),
        item_key=key,
    )


def _files(ending: str) -> list[Path]:
    found = stored_path("documents").rglob("*")
    return [path for path in found if path.is_file() and path.name.endswith(ending)]


def _is_torn(path: Path) -> bool:
    try:
        text_of(path.read_bytes())
    except Exception:  # whatever Word would say
        return True
    return False


def _printed(document: Document) -> str:
    return text_of(stored_path(document.file.name or "").read_bytes())[0]
