"""Tokens on the pages: their owner sees what acts as him; who guards his account may end it."""

import pytest
from django.test import Client

from foundation.models import Event
from organization.models import User
from tests.api.programs import Program, issue
from tests.cast import Cast
from tests.pages import browser
from tests.processes.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_work")]

OWN = "/accounts/keamanan/"


def page(client: Client, address: str) -> str:
    return text_of(client.get(address))


def guarded(user: User) -> str:
    return f"/pegawai/{user.employee_id}/keamanan/"


def test_the_owner_reads_what_acts_as_him_and_takes_it_back(cast: Cast) -> None:
    issued = issue(cast.operator, "tugas:baca")
    mine = page(browser(cast.operator), OWN)
    assert "Membaca tugas pemilik token" in mine
    assert "belum pernah dipakai" in mine
    assert issued.text not in mine
    answer = browser(cast.operator).post(f"{OWN}program/{issued.token.pk}/cabut/")
    assert (answer.status_code, answer["Location"]) == (302, OWN)
    assert Program(issued.text).get("/tasks").status == 401
    assert "Program yang bertindak" not in page(browser(cast.operator), OWN)


def test_a_token_of_somebody_else_is_not_there(cast: Cast) -> None:
    issued = issue(cast.operator)
    assert "Program yang bertindak" not in page(browser(cast.admin), OWN)
    answer = browser(cast.admin).post(f"{OWN}program/{issued.token.pk}/cabut/")
    assert answer.status_code == 404
    assert Program(issued.text).get("/tasks").status == 200


def test_who_guards_the_account_ends_a_program_with_a_reason(cast: Cast) -> None:
    issued, client = issue(cast.operator), browser(cast.kadis)
    assert "Program yang bertindak" in page(client, guarded(cast.operator))
    told = {"token": issued.token.public_id, "reason": ""}
    client.post(f"{guarded(cast.operator)}program/", told)
    assert Program(issued.text).get("/tasks").status == 200
    client.post(f"{guarded(cast.operator)}program/", told | {"reason": "Programnya diganti"})
    assert Program(issued.text).get("/tasks").status == 401
    event = Event.objects.get(verb="api_token_revoked")
    assert event.after == {"reason": "Programnya diganti"}


def test_a_token_is_ended_on_the_page_of_its_own_account_only(cast: Cast) -> None:
    issued = issue(cast.operator)
    told = {"token": issued.token.public_id, "reason": "Programnya diganti"}
    answer = browser(cast.kadis).post(f"{guarded(cast.operator2)}program/", told)
    assert answer.status_code == 404
    assert Program(issued.text).get("/tasks").status == 200
