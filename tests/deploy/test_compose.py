"""compose.yaml: valid by the schema of the Compose specification, without a password in it."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.example import DEPLOY, ROOT

PROGRAMS = Path(sys.executable).parent
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if service["image"] == "sopan"]


def test_the_file_holds_to_the_compose_specification() -> None:
    done = subprocess.run(
        [
            PROGRAMS / "check-jsonschema",
            "--builtin-schema",
            "vendor.compose-spec",
            DEPLOY / "compose.yaml",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_part_of_an_installation_is_there() -> None:
    parts = ["postgres", "redis", "prepare", "web", "machines", "worker", "clock", "nginx"]
    assert sorted(SERVICES) == sorted(parts)


def test_every_service_has_a_healthcheck_or_says_that_it_has_none() -> None:
    assert [n for n, s in SERVICES.items() if "healthcheck" not in s and n != "prepare"] == []


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]


def test_secrets_come_from_files_that_are_not_in_the_repository() -> None:
    for name, secret in COMPOSE["secrets"].items():
        assert secret == {"file": f"./secrets/{name}"}
    assert "/secrets/" in (DEPLOY / ".gitignore").read_text().splitlines()
    variables = [service.get("environment", {}) for service in SERVICES.values()]
    written = {name for given in variables for name in given if re.search("PASSW|SECRET", name)}
    assert written == {"POSTGRES_PASSWORD_FILE"}
    # A default would be a password that everybody knows.
    assert "${" not in (DEPLOY / "compose.yaml").read_text()


@pytest.mark.parametrize("name", OURS)
def test_a_container_of_ours_may_write_its_data_only(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]


def test_the_image_runs_as_nobody_special_and_copies_what_runs_only() -> None:
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    assert "USER sopan" in lines
    copied = {line.split()[1] for line in lines if line.startswith("COPY")}
    assert not copied & {".", "tests", "var", ".git"}
    assert all((ROOT / name).exists() for name in copied)


def test_the_passwords_are_made_once_and_never_anew(tmp_path: Path) -> None:
    script = tmp_path / "make-secrets"
    script.write_text((DEPLOY / "make-secrets").read_text())

    def made() -> dict[str, str]:
        subprocess.run(["bash", script], check=True, capture_output=True)
        return {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}

    first = made()
    assert made() == first
    assert sorted(first) == sorted(COMPOSE["secrets"])
    assert len(first["postgres-password"]) == 48
    assert first["postgres-password"] in first["database-url"]
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0
