"""Settings that would fail later are named by `manage.py check`."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

from config.checks import check_server, check_settings


def test_the_settings_as_shipped_are_fine() -> None:
    assert check_settings() == []


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("FIELD_KEYS", ["pendek"], "config.E001"),
        ("FIELD_KEYS", ["x" * 40, "pendek"], "config.E001"),
        ("OUTBOX_LEASE_SECONDS", 1, "config.E002"),
        ("TIME_ZONE", "Asia/Kupang", "config.E003"),
        ("CELERY_BROKER_URL", "kafka://localhost", "config.E004"),
        ("CELERY_BROKER_URL", "", "config.E004"),
        ("LOCK_AFTER", 0, "config.E013"),
        ("LOCK_MINUTES", 0, "config.E013"),
        ("LOCK_ADDRESS_AFTER", 5, "config.E013"),
    ],
)
def test_a_bad_setting_is_named_with_a_hint(
    monkeypatch: pytest.MonkeyPatch, name: str, value: Any, code: str
) -> None:
    given(monkeypatch, **{name: value})
    (found,) = check_settings()
    assert (found.id, bool(found.hint)) == (code, True)


def test_debugging_in_the_open_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, DEBUG=True, ALLOWED_HOSTS=["absensi.example.go.id"])
    assert [found.id for found in check_settings()] == ["config.W005"]


@pytest.mark.parametrize("required", [False, True])
def test_a_server_that_asks_for_no_second_step_is_warned_of(
    monkeypatch: pytest.MonkeyPatch, required: bool
) -> None:
    given(monkeypatch, SECOND_FACTOR_REQUIRED=required)
    assert [found.id for found in check_server()] == ([] if required else ["config.W012"])


def given(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    """Let the checks see these settings; the process itself keeps its own."""
    names = (
        "FIELD_KEYS", "OUTBOX_LEASE_SECONDS", "TIME_ZONE", "CELERY_BROKER_URL", "DEBUG",
        "ALLOWED_HOSTS", "LOCK_AFTER", "LOCK_NAME_AFTER", "LOCK_ADDRESS_AFTER", "LOCK_MINUTES",
        "SECOND_FACTOR_REQUIRED", "TELEGRAM_TOKEN", "TELEGRAM_BOT", "PUSH_KEY",
    )  # fmt: skip
    values = {name: getattr(settings, name) for name in names}
    monkeypatch.setattr("config.checks.settings", SimpleNamespace(**(values | changes)))
