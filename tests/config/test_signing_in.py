"""The account of each request."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.signing_in import AccountBackend
from organization.models import User
from tests.cast import Cast
from tests.pages import browser

pytestmark = pytest.mark.django_db


def test_the_account_of_a_request_comes_with_its_person(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as asked:
        user = AccountBackend().get_user(cast.kadis.pk)
        assert user == cast.kadis
        assert user.get_full_name() == "Ratna Seran"
    assert len(asked) == 1


def test_whoever_is_signed_in_when_his_account_closes_is_led_to_the_sign_in(cast: Cast) -> None:
    client = browser(cast.operator)
    assert client.get("/tugas/").status_code == 200
    User.objects.filter(pk=cast.operator.pk).update(is_active=False)
    assert client.get("/tugas/")["Location"] == "/accounts/login/?next=/tugas/"


def test_an_account_that_is_no_more_is_nobody(cast: Cast) -> None:
    assert AccountBackend().get_user(0) is None
