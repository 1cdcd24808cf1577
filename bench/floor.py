"""The floor: a Django that does nothing, for `gunicorn bench.floor`; what HTTP alone costs here."""

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import re_path

settings.configure(
    SECRET_KEY="of a server without secrets",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    USE_I18N=False,
)
django.setup()


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"OK", content_type="text/plain")


urlpatterns = [re_path("", empty)]
application = get_wsgi_application()
