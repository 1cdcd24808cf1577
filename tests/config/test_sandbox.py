"""The example beside an installation: nobody takes one for the other."""

import os
import subprocess
import sys

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.cast import Cast
from tests.e2e.installation import ROOT
from tests.pages import browser, html_of

REAL, EXAMPLE = "http://kantor.example:8000/", "http://kantor.example:8001/"


@pytest.mark.django_db
def test_every_page_of_an_example_says_so_and_leads_back(
    cast: Cast, settings: LazySettings
) -> None:
    settings.IS_SANDBOX, settings.REAL_URL = True, REAL
    for page in (Client().get("/accounts/login/"), browser(cast.kadis).get("/")):
        assert "CONTOH" in html_of(page)
        assert f'href="{REAL}"' in html_of(page)


@pytest.mark.django_db
def test_an_office_leads_to_its_example_and_calls_itself_none(
    cast: Cast, settings: LazySettings
) -> None:
    settings.SANDBOX_URL = EXAMPLE
    told = html_of(Client().get("/accounts/login/"))
    assert f'href="{EXAMPLE}"' in told
    assert "CONTOH" not in told


def test_who_is_signed_in_to_both_is_signed_out_of_neither() -> None:
    look = "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)"
    names = []
    for is_sandbox in ("0", "1"):
        environment = os.environ | {"SOPAN_IS_SANDBOX": is_sandbox}
        environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
        told = subprocess.run(
            [sys.executable, "-c", look], cwd=ROOT, env=environment, capture_output=True, check=True
        )
        names.append(set(told.stdout.split()))
    assert not names[0] & names[1]
