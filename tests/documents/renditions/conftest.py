"""Documents that are there already, and something in the place of LibreOffice."""

import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from django.conf import LazySettings

from documents.models import Document
from documents.storage import sha256_of, stored_path, write_file
from tests.cast import NOW, Cast
from tests.documents.words import make_template

MakeDocument = Callable[..., Document]
StandIn = Callable[[str], None]
HEAD = """
import os, pathlib, sys, time
arguments = sys.argv[1:]
target = pathlib.Path(arguments[arguments.index("--outdir") + 1])
files = [pathlib.Path(a) for a in arguments if a.endswith(".docx")]
log = pathlib.Path(__file__).with_name("starts")
log.open("a").write(f"{len(files)}\\n")
starts = len(log.read_text().split())

def make(file):
    (target / f"{file.stem}.pdf").write_bytes(b"%PDF-1.4 of " + file.stem.encode() + b" %%EOF")
"""


@pytest.fixture
def make_document(cast: Cast) -> MakeDocument:
    """Return what stores a Word file as an issued document."""

    def make(name: str = "Surat April 2026", **values: Any) -> Document:
        content = values.pop("content", None) or make_template(f"Isi {name}")
        stored = f"documents/{sha256_of(name.encode())[:12]}.docx"
        write_file(stored_path(stored), content)
        given: dict[str, Any] = {
            "agency": cast.agency,
            "kind": "surat",
            "subject": "2026-04",
            "title": name,
            "file": stored,
            "file_name": f"{name}.docx",
            "sha256": sha256_of(content),
            "size": len(content),
            "template_name": "surat.docx",
            "template_sha256": "0" * 64,
            "written_at": NOW,
            "written_by": "Sistem",
        }
        return Document.objects.create(**(given | values))

    return make


@pytest.fixture
def data_folder(settings: LazySettings, tmp_path: Path) -> Path:
    """Profiles and locks of this test alone."""
    settings.DATA_DIR = tmp_path / "data"
    return tmp_path / "data"


@pytest.fixture
def stand_in(settings: LazySettings, tmp_path: Path, data_folder: Path) -> StandIn:
    """Return what puts a program in the place of LibreOffice; its text knows `files` and `make`."""

    def put(text: str) -> None:
        path = tmp_path / "soffice"
        path.write_text(f"#!{sys.executable}{HEAD}{dedent(text)}")
        path.chmod(0o700)
        settings.SOFFICE = str(path)

    return put


@pytest.fixture
def starts(tmp_path: Path) -> Callable[[], list[int]]:
    """Return what tells how often the stand-in was started, and with how many files."""

    def read() -> list[int]:
        log = tmp_path / "starts"
        return [int(line) for line in log.read_text().split()] if log.exists() else []

    return read
