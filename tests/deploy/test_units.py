"""The systemd units: valid where systemd can say so, hardened alike, started as the Procfile."""

import shutil
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import pytest

from tests.deploy.example import DEPLOY, ROOT

UNITS = DEPLOY / "systemd"
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "CapabilityBoundingSet": "",
    "User": "sopan",
    "UMask": "0077",
}


def read(name: str) -> RawConfigParser:
    parser = RawConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(UNITS / name)
    return parser


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd: tidak terpasang")
def test_systemd_finds_no_mistake_in_the_units(tmp_path: Path) -> None:
    programs = str(Path(sys.executable).parent)
    for path in UNITS.iterdir():
        text = path.read_text().replace("/opt/sopan/.venv/bin", programs)
        (tmp_path / path.name).write_text(text)
    units = sorted(map(str, tmp_path.iterdir()))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        capture_output=True,
        text=True,
        check=False,
    )
    told = [line for line in done.stderr.splitlines() if "sopan" in line]
    assert (done.returncode, told) == (0, [])


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_may_do_no_more_than_it_needs(name: str) -> None:
    service = read(name)["Service"]
    assert {key: service.get(key) for key in HARDENED} == HARDENED


def test_the_target_wants_every_service_that_stays() -> None:
    wanted = read("sopan.target")["Unit"]["Wants"].split()
    assert sorted(wanted) == sorted(set(SERVICES) - {"sopan-backup.service"})


@pytest.mark.parametrize("name", ["worker", "clock"])
def test_a_service_is_started_as_the_procfile_starts_it(name: str) -> None:
    lines = dict(
        line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines() if line
    )
    command = read(f"sopan-{name}.service")["Service"]["ExecStart"]
    assert command.replace("/opt/sopan/", "") == lines[name]


@pytest.mark.parametrize("name", ["web", "machines"])
def test_what_serves_reads_the_same_settings(name: str) -> None:
    command = read(f"sopan-{name}.service")["Service"]["ExecStart"]
    assert "gunicorn config.asgi --config python:config.serving" in command
