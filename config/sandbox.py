"""The example beside an installation: data and port of its own, marked, linked both ways."""

from django.conf import settings
from django.http import HttpRequest


def sandbox(request: HttpRequest) -> dict[str, str | bool]:
    """Tell every page whether it is an example, and where the other of the two stands."""
    return {
        "is_sandbox": settings.IS_SANDBOX,
        "sandbox_url": settings.SANDBOX_URL,
        "real_url": settings.REAL_URL,
    }
