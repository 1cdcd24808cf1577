"""The server's one application: machines at /iclock/, the Django site for everybody else.

The site stays synchronous, in threads of its own: Django under ASGI would open a database
connection per request's thread and answer slower.
"""

import os
from typing import Any

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from config.env import env_int
from devices.door.http import Application


def build() -> Application:
    """Set Django up and put the machines' door before its site."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # Typed loosely: Django, a2wsgi and we each have our own words for the same two interfaces.
    pages: Any = get_wsgi_application()
    get_resolver().url_patterns  # noqa: B018  every page's module, not for the first caller
    site: Any = WSGIMiddleware(pages, workers=env_int("SOPAN_THREADS", 8))
    # Their models exist once Django is set up.
    from config.bodies import BodyLimit
    from config.health.answers import LiveDoor
    from devices.door.app import MachineDoor
    from workflows import repository

    repository.all()  # nor are the SOPs read while the first caller waits
    return LiveDoor(MachineDoor(BodyLimit(site)))


application = build()
