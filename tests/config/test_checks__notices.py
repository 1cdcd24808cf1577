"""Settings of notices that are set by half are told before somebody waits for a message."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.utils import timezone

from config.checks import check_settings
from config.doctor.registry import Level
from config.doctor.settings_checks import bot
from processes.notices.channels.push_messages import new_key
from tests.processes.notice_services import TOKEN, Service, open_service


@pytest.fixture
def telegram(settings: LazySettings) -> Iterator[Service]:
    with open_service() as service:
        settings.WEBHOOK_NETWORKS = ["127.0.0.1/32"]
        settings.TELEGRAM_API, settings.TELEGRAM_TOKEN = service.address, TOKEN
        yield service


def told(settings: LazySettings, **changes: str) -> set[str]:
    for name, value in changes.items():
        setattr(settings, name, value)
    ids = {found.id or "" for found in check_settings()}
    return ids & {"config.W014", "config.E015", "config.W016"}


@pytest.mark.parametrize(
    ("token", "bot_name", "ids"),
    [("", "", set()), (TOKEN, "sopan_bot", set()), (TOKEN, "", {"config.W014"}),
     ("", "sopan_bot", {"config.W014"})],
)  # fmt: skip
@pytest.mark.django_db
def test_a_bot_has_a_token_and_a_name(
    token: str, bot_name: str, ids: set[str], settings: LazySettings
) -> None:
    assert told(settings, TELEGRAM_TOKEN=token, TELEGRAM_BOT=bot_name) == ids


@pytest.mark.django_db
def test_a_key_for_browsers_can_be_read_and_the_site_is_called_by_https(
    settings: LazySettings,
) -> None:
    assert told(settings, PUSH_KEY=new_key(), PUBLIC_URL="https://sopan.example") == set()
    assert told(settings, PUBLIC_URL="http://localhost:8000") == set()
    assert told(settings, PUBLIC_URL="http://sopan.example") == {"config.W016"}
    assert told(settings, PUSH_KEY="bukan kunci") == {"config.E015", "config.W016"}


@pytest.mark.parametrize(
    ("name", "status", "level"),
    [("sopan_bot", 200, Level.FINE), ("bot_lain", 200, Level.NOTICE), ("x", 401, Level.GRAVE)],
)
def test_the_doctor_asks_telegram_whether_the_bot_holds(
    name: str, status: int, level: Level, telegram: Service, settings: LazySettings
) -> None:
    settings.TELEGRAM_BOT, telegram.bot, telegram.status = name, "sopan_bot", status
    (found,) = bot(timezone.now())
    assert found.level == level
    assert TOKEN not in found.text + found.advice


def test_the_doctor_says_that_telegram_is_not_reached(
    telegram: Service, settings: LazySettings
) -> None:
    telegram.is_down = True
    (found,) = bot(timezone.now())
    assert (found.level, found.text) == (
        Level.GRAVE, "Telegram tidak terjangkau dari server ini."
    )  # fmt: skip
