"""Walks in this process: the product served beside the test, and a browser."""

import os
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from django.test.utils import override_settings
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests import tables
from tests.e2e.people import browser


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def served(transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """The product's address, with a connection to the database for each request and the test.

    In memory all of them would be one connection, and one request's statement would meet the
    transaction of another. The environment lets the test look at the database beside the loop
    that Playwright runs.
    """
    aside = patch.dict(os.environ, {"DJANGO_ALLOW_ASYNC_UNSAFE": "1"})
    with aside, override_settings(ALLOWED_HOSTS=["*"]), tables.in_file(tmp_path):
        server = LiveServer("127.0.0.1")
        try:
            yield server.url
        finally:
            server.stop()
