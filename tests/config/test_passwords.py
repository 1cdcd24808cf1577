"""What checking a password costs, and that hashes of another cost still open their accounts."""

from importlib import import_module

import pytest
from argon2 import extract_parameters
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client, override_settings

from tests.cast import Cast

HASHER = "config.passwords.PasswordHasher"
PASSWORD = "sebuah-kata-sandi-yang-panjang"


def cost(encoded: str) -> tuple[int, int, int]:
    """Return KiB, passes and lanes of a hash."""
    parameters = extract_parameters(encoded.removeprefix("argon2"))
    return parameters.memory_cost, parameters.time_cost, parameters.parallelism


def test_settings_hash_with_the_house_s_costs() -> None:
    text = import_module("config.settings").PASSWORD_HASHERS
    assert text[0] == HASHER


@override_settings(PASSWORD_HASHERS=[HASHER])
@pytest.mark.django_db
def test_a_hash_of_another_cost_opens_and_is_made_anew(cast: Cast) -> None:
    user = cast.kadis
    user.password = Argon2PasswordHasher().encode(PASSWORD, "garam-yang-cukup-panjang")
    user.save(update_fields=["password"])
    assert Client().login(username=user.username, password=PASSWORD)
    user.refresh_from_db()
    assert cost(user.password) == (24 * 1024, 3, 1)
    assert Client().login(username=user.username, password=PASSWORD)
    assert not Client().login(username=user.username, password=PASSWORD + "x")
