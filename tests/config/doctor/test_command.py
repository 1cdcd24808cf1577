"""`manage.py doctor` as people and programs call it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from config.doctor import registry
from config.doctor.registry import Found, fine, grave, notice
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[3]


def doctor(monkeypatch: pytest.MonkeyPatch, *found: Found, **options: bool) -> tuple[str, str]:
    """Run the command with one check that finds this; return what it printed and refused."""

    def check(now: datetime) -> Iterator[Found]:
        yield from found

    monkeypatch.setattr(registry, "_checks", [registry._Listed("Atap", check, False)])
    out = StringIO()
    try:
        call_command("doctor", stdout=out, no_color=True, **options)
    except CommandError as refused:
        return out.getvalue(), str(refused)
    return out.getvalue(), ""


@pytest.mark.django_db
def test_it_says_how_bad_each_thing_is_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    out, refused = doctor(
        monkeypatch,
        fine("Kering."),
        notice("Berlumut.", "Bersihkan."),
        grave("Bocor.", "Tambal."),
    )
    assert out.splitlines() == [
        "OK         Atap: Kering.",
        "PERHATIAN  Atap: Berlumut.",
        "           -> Bersihkan.",
        "GAWAT      Atap: Bocor.",
        "           -> Tambal.",
    ]
    assert refused == "1 hal harus diperbaiki."


@pytest.mark.django_db
def test_what_is_only_noticed_refuses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    out, refused = doctor(monkeypatch, notice("Berlumut.", "Bersihkan."))
    assert (out.splitlines()[-1], refused) == ("Tidak ada yang harus diperbaiki.", "")


@pytest.mark.django_db
def test_programs_read_the_same_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    out, refused = doctor(monkeypatch, grave("Bocor.", "Tambal."), json=True)
    assert json.loads(out) == {
        "ok": False,
        "rows": [{"subject": "Atap", "level": "gawat", "text": "Bocor.", "advice": "Tambal."}],
    }
    assert refused


@pytest.mark.django_db
def test_a_check_that_fails_itself_does_not_keep_the_others_from_theirs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(now: datetime) -> Iterator[Found]:
        yield fine("Mulai.")
        raise RuntimeError("sandi: rahasia")

    def sound(now: datetime) -> Iterator[Found]:
        yield fine("Utuh.")

    listed = [registry._Listed("Pintu", broken, False), registry._Listed("Lantai", sound, False)]
    monkeypatch.setattr(registry, "_checks", listed)
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("doctor", stdout=out, no_color=True)
    assert "GAWAT      Pintu: Tidak dapat diperiksa (RuntimeError)." in out.getvalue()
    assert "OK         Lantai: Utuh." in out.getvalue()
    assert "rahasia" not in out.getvalue()


def test_nothing_that_runs_is_said_plainly_without_a_password(tmp_path: Path) -> None:
    """A database and a broker that are down: no traceback, exit 1, and an end within seconds."""
    environment = os.environ | {
        "SOPAN_DATA": str(tmp_path),
        "DATABASE_URL": f"postgres://sopan:geheim@127.0.0.1:{free_port()}/sopan",
        "CELERY_BROKER_URL": f"redis://:geheim@127.0.0.1:{free_port()}/0",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor", "--json"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 1, done.stderr
    levels = {row["subject"]: row["level"] for row in json.loads(done.stdout)["rows"]}
    assert (levels["Basis data"], levels["Broker"]) == ("gawat", "gawat")
    assert "Migrasi" not in levels
    assert "geheim" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
