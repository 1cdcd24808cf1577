"""The one password of the demo accounts: from the environment, or made once and kept."""

import os
import secrets
from pathlib import Path

from django.conf import settings


def demo_password_file() -> Path:
    return Path(settings.DATA_DIR) / "demo-password"


def demo_password() -> str:
    """Return the password of all demo accounts, keeping it in a file of mode 600."""
    file = demo_password_file()
    if not file.exists():
        password = os.environ.get("SOPAN_DEMO_PASSWORD") or secrets.token_urlsafe(9)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(password)
    return file.read_text().strip()
