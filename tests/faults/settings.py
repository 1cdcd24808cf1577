"""The product's settings with the SOP and the operation of the tests of faults."""

from pathlib import Path

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.app"]
SOP_ROOTS = [Path(__file__).resolve().parent / "sops"]
# Signing in is not what is measured here.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
