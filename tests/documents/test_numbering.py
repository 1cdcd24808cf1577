"""Numbers stay without gaps and without doubles when several workers issue letters at once."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORKERS, LETTERS = 4, 15

SETUP = """
import django; django.setup()
from organization.models import Agency
Agency.objects.create(code="uji", name="Uji", letter_code="UJI")
"""
# Rendering is replaced: the race is about numbers, and lasts longer than a real letter's.
WORKER = """
import sys, django; django.setup()
from django.utils import timezone
from documents import services
from foundation.actors import SYSTEM
from organization.models import Agency

services.fill_template = lambda template, context, name: context["nomor"].encode()
services.ATTEMPTS = 200
for number in range(int(sys.argv[2])):
    services.issue_document(
        instance=None, agency=Agency.objects.get(code="uji"), kind="surat", title="Surat",
        template=b"", template_name="surat.docx", context={}, numbered=True, signatory_role="",
        actor=SYSTEM, now=timezone.now(), item_key=f"{sys.argv[1]}-{number}",
    )
"""


def run(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    environment = os.environ | {
        "SOPAN_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"sqlite:///{folder / 'uji.sqlite3'}",
    }
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: "subprocess.Popen[str]") -> None:
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors


def test_four_workers_give_each_number_once_and_leave_no_gap(tmp_path: Path) -> None:
    finish(run(tmp_path, "manage.py", "migrate", "--skip-checks", "-v", "0"))
    finish(run(tmp_path, "-c", SETUP))
    workers = [run(tmp_path, "-c", WORKER, str(n), str(LETTERS)) for n in range(WORKERS)]
    for worker in workers:
        finish(worker)
    with sqlite3.connect(tmp_path / "uji.sqlite3") as database:
        rows = database.execute("select number, file from documents_document").fetchall()
    total = WORKERS * LETTERS
    assert sorted(int(number.split("/")[1]) for number, _ in rows) == list(range(1, total + 1))
    # Each file says the number of its row, and no loser left a file behind.
    files = {f: (tmp_path / "files" / f).read_text() for _, f in rows}
    assert files == {f: number for number, f in rows}
    assert len(list((tmp_path / "files").rglob("*.docx"))) == total
