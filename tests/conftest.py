"""Fixtures that every room uses: tables made once, the cast, and a quick password hasher."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.signals import setting_changed

from tests import tables
from tests.cast import Cast, make_cast


def pytest_configure(config: pytest.Config) -> None:
    if tables.begin_run():
        config.add_cleanup(tables.end_run)
    # Argon2 costs a tenth of a second on purpose; a test signs in often and guesses nothing.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    setting_changed.send(
        sender=None, setting="PASSWORD_HASHERS", value=settings.PASSWORD_HASHERS, enter=True
    )
    # Where locks are tried they are switched on; elsewhere each sign-in would ask for them.
    settings.AXES_ENABLED = False
    # Tests jump through hours with a browser that stays signed in.
    settings.SESSION_IDLE_MINUTES = 0
    # Else each client of a test begins by listing all styles and scripts, which it never asks for.
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """What pytest-django asks for before it makes the test database of a process."""
    with tables.in_test_database():
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    """The invented people of two agencies; see tests/cast.py."""
    return make_cast()
