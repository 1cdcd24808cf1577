"""A server that is set up for Telegram and for browsers, with stand-ins for both services."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from processes.notices.channels.push_messages import new_key
from tests.processes.notice_services import TOKEN, Service, open_service


@pytest.fixture
def telegram(settings: LazySettings) -> Iterator[Service]:
    with open_service() as service:
        settings.WEBHOOK_NETWORKS = ["127.0.0.1/32"]
        settings.TELEGRAM_API, settings.TELEGRAM_TOKEN = service.address, TOKEN
        settings.TELEGRAM_BOT, settings.PUBLIC_URL = "sopan_uji_bot", "https://sopan.example"
        yield service


@pytest.fixture
def push(settings: LazySettings) -> Iterator[Service]:
    with open_service() as service:
        settings.WEBHOOK_NETWORKS = ["127.0.0.1/32"]
        settings.PUSH_KEY, settings.PUBLIC_URL = new_key(), "https://sopan.example"
        yield service
