"""Read settings from the environment; what is secret is made once and kept beside the data."""

import os
import secrets
from pathlib import Path


def env_bool(name: str, default: bool) -> bool:
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in {"1", "true", "yes", "on"}


def env_int(name: str, default: int) -> int:
    return int(os.environ.get(name) or default)


def env_secret(name: str, keep_in: Path) -> str:
    """Return the secret of that name, or the one made on first start and kept in a file (mode 600).

    A secret never has a default in code: two installations must not share one.
    """
    if value := os.environ.get(name):
        return value
    if not keep_in.exists():
        keep_in.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(keep_in, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            # Another process of the same installation was faster; its secret is the one.
            return keep_in.read_text().strip()
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return keep_in.read_text().strip()
