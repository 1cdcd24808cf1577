"""The product's settings with SOPs and an operation for the tests that run several processes."""

from pathlib import Path

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.room"]
ROOT = Path(__file__).resolve().parent.parent
SOP_ROOTS = [ROOT / "tests" / "faults" / "sops", ROOT / "bench" / "sops"]
# Signing in is not what is measured here.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
