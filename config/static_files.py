"""Styles, scripts and pictures: an address names one content, so that browsers keep it for a year.

Nothing has to be collected or built first: the version in the address is read from the file.
"""

import hashlib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]

VERSION = "v"  # in the address
LENGTH = 10  # of a version, in hexadecimal digits
KEPT = "max-age=31536000, public, immutable"


class VersionedStorage(StaticFilesStorage):
    """Names files by address and content."""

    def url(self, name: str | None) -> str:
        address: str = super().url(name)
        version = version_of(name or "")
        return f"{address}?{VERSION}={version}" if version else address


class KeptFilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Hands files out; what is asked for by its own version may be kept.

    Another version is of an older or newer program, whose file this one cannot speak for.
    """

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = WhiteNoiseMiddleware.serve(static_file, request)
        asked = request.GET.get(VERSION, "")
        if asked and asked == version_of(request.path_info.removeprefix(settings.STATIC_URL)):
            response["Cache-Control"] = KEPT
        return response


def version_of(name: str) -> str:
    """Return the version of a static file by its name ("sopan/base.css"); empty where none is."""
    path = _path(name)
    return _version(path, path.stat().st_mtime_ns) if path else ""


@cache
def _path(name: str) -> Path | None:
    found = finders.find(name) if name else None
    return Path(found) if isinstance(found, str) and Path(found).is_file() else None


@lru_cache(maxsize=500)
def _version(path: Path, changed_at: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:LENGTH]
