"""Fixtures that every room uses: the cast and a quick password hasher."""

import pytest
from django.conf import settings
from django.contrib.auth.hashers import get_hashers, get_hashers_by_algorithm

from tests.cast import Cast, make_cast


def pytest_configure() -> None:
    # Argon2 costs a tenth of a second on purpose; a test signs in often and guesses nothing.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    get_hashers.cache_clear()
    get_hashers_by_algorithm.cache_clear()


@pytest.fixture
def cast(db: None) -> Cast:
    """The invented people of two agencies; see tests/cast.py."""
    return make_cast()
