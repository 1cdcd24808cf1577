"""Who is told more than whether this server can serve: this machine, networks that are named, and
whoever has the token."""

import ipaddress
import secrets

from django.conf import settings
from django.http import HttpRequest

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")


def may_look_inside(request: HttpRequest) -> bool:
    return _has_token(request) or _comes_from_near(request)


def _has_token(request: HttpRequest) -> bool:
    token: str = settings.HEALTH_TOKEN
    told = request.headers.get("Authorization", "")
    # Bytes: text with other than ASCII letters cannot be compared so.
    return bool(token) and secrets.compare_digest(told.encode(), f"Bearer {token}".encode())


def _comes_from_near(request: HttpRequest) -> bool:
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    if any(address in ipaddress.ip_network(network) for network in settings.HEALTH_ADDRESSES):
        return True
    # A proxy on this machine speaks for the whole world.
    return address.is_loopback and not any(name in request.headers for name in FORWARDED)
