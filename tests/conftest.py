"""Fixtures that every room uses: the cast and a quick password hasher."""

import pytest
from django.conf import settings
from django.core.signals import setting_changed

from tests.cast import Cast, make_cast


def pytest_configure() -> None:
    # Argon2 costs a tenth of a second on purpose; a test signs in often and guesses nothing.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    setting_changed.send(
        sender=None, setting="PASSWORD_HASHERS", value=settings.PASSWORD_HASHERS, enter=True
    )


@pytest.fixture
def cast(db: None) -> Cast:
    """The invented people of two agencies; see tests/cast.py."""
    return make_cast()
