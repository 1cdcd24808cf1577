"""What people see while the database does not answer or cannot write: 503, and try again soon.

Django would call it a fault of the program (500). Nothing is half stored: whatever was to be
written is one transaction. Who sends the same form again sends the same key: nothing happens twice.
"""

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import server_error

logger = logging.getLogger(__name__)
RETRY_SECONDS = 5


def failed(request: HttpRequest) -> HttpResponse:
    """Answer a request that broke off (`handler500`)."""
    error = sys.exc_info()[1]
    if not isinstance(error, InterfaceError | OperationalError):
        return server_error(request)
    logger.error("database unavailable: %s", type(error).__name__)
    # Without request: the page must ask the database nothing.
    answer = render(None, "503.html", status=503)
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer
