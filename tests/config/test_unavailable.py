"""The database does not answer: 503 with a page that asks it nothing, and when to try again."""

import json

import pytest
from django.core.handlers.exception import response_for_exception
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from config.api import api
from tests.processes.pages import text_of

AWAY = [
    OperationalError("terminating connection due to administrator command"),
    OperationalError("database or disk is full"),
    InterfaceError("connection already closed"),
]


def answer_to(error: Exception) -> HttpResponse:
    request = RequestFactory().post("/tugas/1/selesai/")
    try:
        raise error
    except type(error) as raised:
        return response_for_exception(request, raised)


@pytest.mark.fault("F8", "F17")
@pytest.mark.parametrize("error", AWAY)
def test_a_database_that_does_not_answer_is_told_as_such(error: Exception) -> None:
    answer = answer_to(error)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    words = text_of(answer)
    assert "Penyimpanan sedang tidak dapat dipakai" in words
    assert str(error) not in words


def test_a_fault_of_the_program_stays_one() -> None:
    assert answer_to(IntegrityError("ganda")).status_code == 500


@pytest.mark.fault("F8", "F17")
@pytest.mark.parametrize("error", AWAY)
def test_programs_are_told_the_same_as_a_problem(error: Exception) -> None:
    request = RequestFactory().post("/api/v1/tasks/1/complete")
    answer = api.on_exception(request, error)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer["Content-Type"] == "application/problem+json"
    told = json.loads(answer.content)
    assert (told["type"], told["status"]) == ("urn:sopan:masalah:unavailable", 503)
    assert "kunci yang sama" in told["detail"]
    assert str(error) not in answer.content.decode()


def test_a_fault_of_the_program_stays_one_for_programs_too() -> None:
    request = RequestFactory().get("/api/v1/tasks")
    assert api.on_exception(request, IntegrityError("ganda")).status_code == 500
