"""Work that failed for good: told in words, tried again or given up, decided by one person."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
import time_machine

from foundation import incidents, ledger, outbox
from foundation.incidents import About, IncidentOver, NotHere, describe
from foundation.models import Event, OutboxJob
from organization.permissions import person
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
State = OutboxJob.State


@pytest.fixture
def kinds(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incidents, "_kinds", {})
    monkeypatch.setattr(outbox, "_kick", None)

    def about(payload: Mapping[str, Any]) -> About:
        return About(
            text="Sesuatu", agency_id=payload["agency"], is_over=payload.get("over", False)
        )

    describe({"uji": "Uji coba"}, about)
    describe({"uji.halaman": "Dari halaman lain"}, about, retried_here=False, given_up_here=False)


def failed(cast: Cast, kind: str = "uji", error: str = "mesin mati", **more: Any) -> OutboxJob:
    return OutboxJob.objects.create(
        kind=kind,
        key=f"{kind}:{OutboxJob.objects.count()}",
        payload={"agency": cast.agency.pk, **more},
        state=State.INCIDENT,
        attempts=6,
        run_after=NOW,
        created_at=NOW,
        last_error=error,
    )


def decision(cast: Cast, job: OutboxJob) -> dict[str, Any]:
    return {"job_id": job.pk, "stream": cast.agency, "actor": person(cast.admin), "now": NOW}


def test_an_incident_is_told_in_words(cast: Cast, kinds: None) -> None:
    failed(cast)
    (found,) = incidents.open_incidents()
    assert (found.kind.label, found.about.text, found.error) == (
        "Uji coba",
        "Sesuatu",
        "mesin mati",
    )


def test_what_was_overtaken_waits_for_nobody(cast: Cast, kinds: None) -> None:
    job = failed(cast, over=True)
    assert incidents.open_incidents() == []
    with pytest.raises(IncidentOver):
        incidents.retry_incident(**decision(cast, job))


def test_what_it_was_about_may_be_gone(cast: Cast, kinds: None) -> None:
    OutboxJob.objects.filter(pk=failed(cast).pk).update(payload={})
    (found,) = incidents.open_incidents()
    assert found.about == About(text=incidents.GONE, agency_id=None)


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("Mesin Aula tidak menjawab.", "Mesin Aula tidak menjawab."),
        ("ConnectionRefusedError: [Errno 111] 10.1.2.3", "Sambungan ditolak."),
        ("KeyError: 'Joko Tallo 198503122010011001'", "Kesalahan program (KeyError)"),
        ("OperationalError", "Kesalahan program (OperationalError)"),
        ("", "Tidak diketahui"),
    ],
)
def test_the_words_of_libraries_are_kept_from_pages(stored: str, told: str) -> None:
    shown = incidents.plain_error(stored)
    assert shown.startswith(told)
    assert not re.search(r"\d|Joko", shown)


def test_tried_again_it_has_all_its_attempts_and_the_ledger_knows_by_whom(
    cast: Cast, kinds: None
) -> None:
    job = failed(cast)
    incidents.retry_incident(**decision(cast, job))
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.WAITING, 0)
    event = Event.objects.get(verb="incident_retried")
    assert (event.actor_id, event.stream) == (cast.admin.pk, cast.agency.stream)
    assert list(ledger.verify()) == []


def test_given_up_it_rests_and_the_reason_stands_in_the_ledger(cast: Cast, kinds: None) -> None:
    job = failed(cast)
    incidents.give_up_incident(reason=" mesin dilepas ", **decision(cast, job))
    job.refresh_from_db()
    assert (job.state, job.done_at, job.last_error) == (State.DONE, NOW, "mesin mati")
    assert Event.objects.get(verb="incident_given_up").after["reason"] == "mesin dilepas"
    with time_machine.travel(NOW, tick=False):
        assert outbox.drain() == 0


def test_giving_up_needs_a_reason(cast: Cast, kinds: None) -> None:
    job = failed(cast)
    with pytest.raises(ValueError, match="reason"):
        incidents.give_up_incident(reason="  ", **decision(cast, job))
    job.refresh_from_db()
    assert job.state == State.INCIDENT


def test_of_two_who_decide_the_second_is_told(cast: Cast, kinds: None) -> None:
    job = failed(cast)
    stale = incidents.incident_of(job)
    incidents.retry_incident(**decision(cast, job))
    with pytest.raises(IncidentOver):
        incidents.give_up_incident(reason="mesin dilepas", **decision(cast, job))
    assert not outbox.drop(job=stale.job, now=NOW)  # whoever read it before
    assert not outbox.retry(job=stale.job, now=NOW)
    assert Event.objects.filter(verb__startswith="incident_").count() == 1


def test_what_has_a_page_of_its_own_is_decided_there(cast: Cast, kinds: None) -> None:
    job = failed(cast, "uji.halaman")
    with pytest.raises(NotHere):
        incidents.retry_incident(**decision(cast, job))
    with pytest.raises(NotHere):
        incidents.give_up_incident(reason="apa saja", **decision(cast, job))
    assert not Event.objects.filter(verb__startswith="incident_").exists()


def test_every_kind_of_work_says_what_it_is_about() -> None:
    own = {kind for kind in outbox.kinds() if "." in kind}
    assert own - set(incidents.described()) == set()
