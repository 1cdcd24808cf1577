"""What every answer tells the browser to refuse, pages of errors and files included."""

import pytest
from django.test import Client

from config.headers import CONTENT_SECURITY_POLICY, PERMISSIONS_POLICY
from tests.cast import Cast

ADDRESSES = {
    "/accounts/login/": 200,
    "/accounts/password/": 302,
    "/tugas/": 302,
    "/v/tidak-ada/": 404,
    "/tidak-ada-sama-sekali/": 404,
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ADDRESSES)
def test_every_answer_says_that_only_our_own_files_run(path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == ADDRESSES[path]
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=(self)" in answer.headers["Permissions-Policy"]
    assert "camera=()" in answer.headers["Permissions-Policy"]


def test_a_forged_post_is_refused_under_the_same_policy(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.admin)
    answer = client.post("/accounts/logout/")
    assert answer.status_code == 403
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_nothing_is_allowed_that_no_page_needs() -> None:
    directives = CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert directives["default-src"] == ["'none'"]
    assert all(sources in (["'self'"], ["'none'"]) for sources in directives.values())
    assert [sense for sense, who in PERMISSIONS_POLICY.items() if who] == ["geolocation"]
