"""Read settings from the environment; what is secret is made once and kept beside the data."""

import ipaddress
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# What may stand in a file of its own instead: `DATABASE_URL_FILE=/run/secrets/database-url`.
# A variable is seen by whoever may look at the process, a file by whom its mode names.
IN_FILES = (
    "CACHE_URL",
    "CELERY_BROKER_URL",
    "DATABASE_URL",
    "SOPAN_EMAIL_URL",
    "SOPAN_FIELD_KEYS",
    "SOPAN_HEALTH_TOKEN",
    "SOPAN_PUSH_KEY",
    "SOPAN_SECRET_KEY",
    "SOPAN_TELEGRAM_TOKEN",
)


def read_secret_files() -> None:
    """Put what lies in the files that `<NAME>_FILE` names where every other reader looks.

    A variable that is set to nothing is as good as none.
    """
    for name in IN_FILES:
        if not os.environ.get(name, "").strip():
            os.environ.pop(name, None)
        if file := os.environ.get(f"{name}_FILE"):
            os.environ[name] = Path(file).read_text().strip()


def env_bool(name: str, default: bool) -> bool:
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in {"1", "true", "yes", "on"}


def env_int(name: str, default: int) -> int:
    return int(os.environ.get(name) or default)


def env_choice(name: str, default: str, *others: str) -> str:
    """Return one of the words that the variable may hold; ends the start with another."""
    value = os.environ.get(name) or default
    if value not in (default, *others):
        raise ValueError(f"{name} must be one of: {', '.join((default, *others))}")
    return value


def env_networks(name: str) -> list[str]:
    """Return addresses and networks, comma separated; ends the start with a wrong one."""
    told = [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]
    return [str(ipaddress.ip_network(part, strict=False)) for part in told]


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


def env_kept(name: str, kept_in: Path) -> str:
    """Return the secret of that name, or the one that a command put into a file; else nothing."""
    if (value := os.environ.get(name)) or not kept_in.exists():
        return value or ""
    return kept_in.read_text().strip()


def env_email(name: str) -> dict[str, Any]:
    """Return Django's settings for mail from `smtp://user:password@host:587?from=sopan@...`.

    `smtp+tls` begins TLS after the greeting, `smtps` speaks it from the start. Without the
    variable nothing is said: Django's own defaults hold.
    """
    if not (value := os.environ.get(name)):
        return {}
    parts = urlsplit(value)
    senders = dict(parse_qsl(parts.query))
    return {
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or {"smtps": 465, "smtp+tls": 587}.get(parts.scheme, 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "DEFAULT_FROM_EMAIL": senders.get("from", "sopan@localhost"),
    }


def env_https(name: str) -> dict[str, Any]:
    """Return Django's settings for a server that is reached by TLS; none without the variable.

    Whether a request came by TLS is told by the server (config/serving.py), which believes its
    proxies only: no header of a stranger is looked at here.
    """
    if not env_bool(name, False):
        return {}
    return {
        "SECURE_SSL_REDIRECT": True,
        # Terminals follow no redirect, and whoever asks for the health asks this machine itself.
        "SECURE_REDIRECT_EXEMPT": [r"(?i)^iclock", r"^healthz"],
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 365 * 24 * 3600,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    }
