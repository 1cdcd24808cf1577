"""Tokens: who gets in with one, and who does not."""

import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import Client

from foundation import ledger
from foundation.actors import SYSTEM
from foundation.models import Event
from organization.api_scopes import SCOPES
from organization.exceptions import AccountRefused, TokenRefused
from organization.models import ApiToken
from organization.services import create_api_token, revoke_api_token
from tests.api.programs import Program, issue, program_of
from tests.cast import NOW, PASSWORD, Cast, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_work")]


def test_a_token_acts_as_its_owner_and_is_kept_as_a_hash_alone(cast: Cast) -> None:
    issued = issue(cast.operator)
    assert Program(issued.text).get("/instances").status == 200
    row = ApiToken.objects.get()
    secret = issued.text.split("_", 2)[2]
    assert len(secret) == 43
    assert secret not in str(ApiToken.objects.values())
    assert secret not in str(list(Event.objects.values()))
    assert row.last_used_on is not None
    assert list(ledger.verify()) == []


def test_making_and_revoking_a_token_are_events_of_the_agency(cast: Cast) -> None:
    token = issue(cast.operator, "tugas:baca").token
    assert revoke_api_token(token=token, actor=SYSTEM, now=NOW)
    assert not revoke_api_token(token=token, actor=SYSTEM, now=NOW)
    events = Event.objects.filter(subject=f"organization.apitoken:{token.pk}")
    assert [event.verb for event in events.order_by("sequence")] == [
        "api_token_created",
        "api_token_revoked",
    ]


def test_whoever_has_no_valid_token_is_told_401_as_a_problem(cast: Cast) -> None:
    issued = issue(cast.operator)
    wrong = issued.text[:-1] + ("a" if issued.text[-1] != "a" else "b")
    for text in ("", "x", "sopan_", wrong, f"sopan_{issued.token.public_id}_", "sopan_é_é"):
        answer = Program(text).get("/tasks")
        assert answer.status == 401, text
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.body["status"] == 401


def test_a_session_opens_no_address_of_the_api(cast: Cast) -> None:
    client = Client()
    assert client.login(username=cast.operator.username, password=PASSWORD)
    assert client.get("/api/v1/tasks").status_code == 401


def test_a_token_that_is_over_or_taken_back_opens_nothing(cast: Cast) -> None:
    issued = issue(cast.operator, days=1)
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert Program(issued.text).get("/tasks").status == 401
    assert Program(issued.text).get("/tasks").status == 200
    revoke_api_token(token=issued.token, actor=SYSTEM, now=NOW)
    assert Program(issued.text).get("/tasks").status == 401


@pytest.mark.parametrize("change", [{"is_active": False}, {"must_change_password": True}])
def test_an_owner_who_may_not_work_takes_his_tokens_along(
    cast: Cast, change: dict[str, bool]
) -> None:
    program = program_of(cast.operator)
    for name, value in change.items():
        setattr(cast.operator, name, value)
    cast.operator.save()
    assert program.get("/tasks").status == 401


def test_a_scope_that_the_token_has_not_is_told_403(cast: Cast) -> None:
    program = program_of(cast.operator, "proses:baca")
    assert program.get("/instances").status == 200
    answer = program.get("/tasks")
    assert answer.status == 403
    assert "tugas:baca" in answer.body["detail"]


def test_too_many_requests_are_told_when_to_come_again(cast: Cast, settings: LazySettings) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3
    program, other = program_of(cast.operator), program_of(cast.admin)
    assert [program.get("/tasks").status for _ in range(4)] == [200, 200, 200, 429]
    answer = program.get("/tasks")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert other.get("/tasks").status == 200


def test_wrong_tokens_are_counted_by_address_and_right_ones_stay_welcome(
    cast: Cast, settings: LazySettings
) -> None:
    settings.API_FAILURES_PER_MINUTE = 2
    program = program_of(cast.operator)
    assert [Program("sopan_x_y").get("/tasks").status for _ in range(3)] == [401, 401, 429]
    assert program.get("/tasks").status == 200


def test_reading_with_a_token_writes_once_a_day(cast: Cast) -> None:
    program = program_of(cast.operator)
    program.get("/tasks")
    ApiToken.objects.update(name="lain")
    before = ApiToken.objects.values().get()
    program.get("/tasks")
    assert ApiToken.objects.values().get() == before


@pytest.mark.parametrize(
    ("scopes", "days"), [([], 30), (["apa:saja"], 30), (["tugas:baca"], 0), (["tugas:baca"], 367)]
)
def test_a_token_needs_known_scopes_and_an_end(cast: Cast, scopes: list[str], days: int) -> None:
    with pytest.raises(TokenRefused):
        create_api_token(
            user=cast.operator, name="Uji", scopes=scopes, days=days, actor=SYSTEM, now=NOW
        )
    assert not ApiToken.objects.exists()


def test_commands_make_a_token_and_take_it_back(cast: Cast) -> None:
    told = StringIO()
    call_command(
        "create_api_token", cast.operator.username, "--scope", "tugas:baca", "--days", "30",
        "--json", stdout=told,
    )  # fmt: skip
    made = json.loads(told.getvalue())
    assert Program(made["token"]).get("/tasks").status == 200
    call_command("revoke_api_token", made["id"], stdout=told)
    assert Program(made["token"]).get("/tasks").status == 401
    with pytest.raises(CommandError, match="Tidak ada akun"):
        call_command("create_api_token", "siapa", "--scope", "tugas:baca", "--days", "30")
    with pytest.raises(CommandError, match="Tidak ada token"):
        call_command("revoke_api_token", "tidakada")
    with pytest.raises(CommandError, match="366"):
        call_command("create_api_token", cast.operator.username, "--scope", "tugas:baca",
                     "--days", "400")  # fmt: skip


def test_an_account_without_any_agency_gets_no_token(cast: Cast) -> None:
    with pytest.raises(AccountRefused):
        issue(make_user(None, "tamu"))


def test_every_scope_is_said_in_words() -> None:
    assert all(name.count(":") == 1 and words for name, words in SCOPES.items())
