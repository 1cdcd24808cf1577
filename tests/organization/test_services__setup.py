"""The code of the server's terminal: it begins an empty installation, once, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest

from organization.exceptions import SetupRefused
from organization.models import SetupCode, User
from organization.services import (
    close_setup,
    is_untouched,
    issue_setup_code,
    redeem_setup_code,
    setup_under,
)
from organization.services.setup import MOST_FAILURES, VALID
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


def test_a_code_opens_once_and_is_kept_nowhere() -> None:
    code = issue_setup_code(now=NOW)
    assert code.replace("-", "") not in SetupCode.objects.get().digest
    row = redeem_setup_code(code=f" {code.upper()} ", now=NOW)
    assert setup_under(code_id=row.pk, now=NOW) == row
    with pytest.raises(SetupRefused):
        redeem_setup_code(code=code, now=NOW)


def test_a_newer_code_voids_the_one_before() -> None:
    first, second = issue_setup_code(now=NOW), issue_setup_code(now=NOW)
    with pytest.raises(SetupRefused):
        redeem_setup_code(code=first, now=NOW)
    redeem_setup_code(code=second, now=NOW)


def test_guessing_ends_after_some_tries_even_with_the_right_code() -> None:
    code = issue_setup_code(now=NOW)
    for _ in range(MOST_FAILURES):
        with pytest.raises(SetupRefused):
            redeem_setup_code(code="aaaa-bbbb-cccc", now=NOW)
    with pytest.raises(SetupRefused):
        redeem_setup_code(code=code, now=NOW)


def test_code_and_what_was_begun_with_it_end_after_a_day() -> None:
    code = issue_setup_code(now=NOW)
    with pytest.raises(SetupRefused):
        redeem_setup_code(code=code, now=NOW + VALID)
    row = redeem_setup_code(code=code, now=NOW + VALID - timedelta(seconds=1))
    assert setup_under(code_id=row.pk, now=NOW + VALID + timedelta(hours=23)) == row
    assert setup_under(code_id=row.pk, now=NOW + 2 * VALID) is None


@pytest.mark.parametrize("became", [{"last_login": NOW}, {"must_change_password": False}])
def test_once_an_account_is_its_owners_no_code_opens_anything(
    cast: Cast, became: dict[str, Any]
) -> None:
    User.objects.update(must_change_password=True, last_login=None)
    code = issue_setup_code(now=NOW)
    row = redeem_setup_code(code=code, now=NOW)
    later = issue_setup_code(now=NOW)
    User.objects.filter(pk=cast.kadis.pk).update(**became)
    assert not is_untouched()
    assert issue_setup_code(now=NOW) == ""
    assert setup_under(code_id=row.pk, now=NOW) is None
    with pytest.raises(SetupRefused):
        redeem_setup_code(code=later, now=NOW)


def test_what_was_closed_is_not_gone_on_with() -> None:
    row = redeem_setup_code(code=issue_setup_code(now=NOW), now=NOW)
    close_setup(code_id=row.pk, now=NOW)
    assert setup_under(code_id=row.pk, now=NOW) is None
