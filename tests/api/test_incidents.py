"""What the system could not do is listed for programs, tried again or given up, once."""

import pytest

from attendance.services.periodic import JOB
from foundation.models import Event, OutboxJob
from tests.api.programs import program_of
from tests.cast import NOW, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_work")]


def fail(cast: Cast, name: str) -> OutboxJob:
    payload = {"agency": cast.agency.pk, "kind": "daily", "day": "2026-04-17"}
    return OutboxJob.objects.create(
        kind=JOB, key=name, payload=payload,
        state=OutboxJob.State.INCIDENT, run_after=NOW, created_at=NOW, last_error="Mesin mati",
    )  # fmt: skip


def test_an_incident_is_decided_once(cast: Cast) -> None:
    first, second = fail(cast, "a"), fail(cast, "b")
    program = program_of(cast.admin)
    told = program.get("/incidents").body["items"]
    assert [(row["id"], row["agency"]) for row in told] == [
        (first.pk, cast.agency.code),
        (second.pk, cast.agency.code),
    ]
    assert program.post(f"/incidents/{first.pk}/retry").status == 204
    assert program.post(f"/incidents/{first.pk}/retry").status == 409
    path = f"/incidents/{second.pk}/give-up"
    assert program.post(path, {"reason": " "}).status == 422
    assert program.post(path, {"reason": "dibuat dengan tangan"}).status == 204
    assert program.post(path, {"reason": "dibuat dengan tangan"}).status == 409
    assert program.get("/incidents").body["items"] == []
    verbs = Event.objects.filter(verb__startswith="incident_").values_list("verb", flat=True)
    assert sorted(verbs) == ["incident_given_up", "incident_retried"]


def test_incidents_of_another_agency_are_not_there(cast: Cast) -> None:
    job = fail(cast, "a")
    other = program_of(cast.outsider)
    assert other.get("/incidents").body["items"] == []
    assert other.post(f"/incidents/{job.pk}/retry").status == 404
