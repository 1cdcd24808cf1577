"""The settings behind TLS: what the example switches on, and what stays as it is without it."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client, override_settings

from config.env import env_https, read_secret_files
from tests.deploy.example import ROOT, given


@pytest.fixture
def behind_tls(monkeypatch: pytest.MonkeyPatch) -> override_settings:
    monkeypatch.setenv("SOPAN_HTTPS", "1")
    return override_settings(**env_https("SOPAN_HTTPS"))


def test_a_server_with_the_settings_of_the_example_has_nothing_to_be_warned_of(
    tmp_path: Path,
) -> None:
    settings = given() | {"SOPAN_DATA": str(tmp_path), "SOPAN_STATIC": str(tmp_path / "static")}
    secrets = [name for name in settings if name.endswith("_FILE")]
    for name in secrets:
        del settings[name]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=kept | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert sorted(secrets) == ["CELERY_BROKER_URL_FILE", "DATABASE_URL_FILE"]


def test_without_tls_nothing_is_redirected(db: None, client: Client) -> None:
    assert client.get("/accounts/login/").status_code == 200
    assert env_https("SOPAN_HTTPS_THAT_NOBODY_SET") == {}


def test_behind_tls_people_are_led_to_it_and_told_to_stay(
    db: None, behind_tls: override_settings
) -> None:
    with behind_tls:
        plain = Client().get("/accounts/login/")
        sure = Client().get("/accounts/login/", secure=True)
    assert plain.status_code == 301
    assert plain["Location"] == "https://testserver/accounts/login/"
    assert sure["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert sure.cookies["csrftoken"]["secure"]


@pytest.mark.parametrize("path", ["/iclock/cdata", "/iClock/getrequest", "/healthz/live"])
def test_behind_tls_machines_and_watchmen_are_never_redirected(
    db: None, behind_tls: override_settings, path: str
) -> None:
    with behind_tls:
        answer = Client().get(path)
    assert not answer.get("Location", "").startswith("https://")


def test_a_stranger_who_says_that_he_came_by_tls_is_not_believed(
    db: None, behind_tls: override_settings
) -> None:
    with behind_tls:
        answer = Client().get("/accounts/login/", headers={"X-Forwarded-Proto": "https"})
    assert answer.status_code == 301


def test_a_secret_is_read_from_the_file_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mail").write_text("smtp://surat.invalid\n")
    monkeypatch.setenv("SOPAN_EMAIL_URL", "")
    monkeypatch.setenv("SOPAN_EMAIL_URL_FILE", str(tmp_path / "mail"))
    read_secret_files()
    assert os.environ["SOPAN_EMAIL_URL"] == "smtp://surat.invalid"


def test_a_variable_that_is_set_to_nothing_is_as_good_as_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("CACHE_URL", " ")
    read_secret_files()
    assert not {"DATABASE_URL", "CACHE_URL"} & set(os.environ)


def test_styles_that_were_collected_can_be_read_by_the_proxy(
    tmp_path: Path, settings: object
) -> None:
    with override_settings(STATIC_ROOT=tmp_path / "static"):
        call_command("collectstatic", interactive=False, verbosity=0)
    modes = {
        stat.S_IMODE(path.stat().st_mode)
        for path in (tmp_path / "static").rglob("*")
        if path.is_file()
    }
    assert modes == {0o644}
