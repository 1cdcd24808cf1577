"""A check that a person asked for: done in slices by a worker, told as n of m, kept."""

from typing import Any

import pytest
from django.conf import LazySettings

from foundation import outbox
from foundation.actors import Actor
from foundation.ledger import asking, verifying
from foundation.ledger.asking import ask_verification, go_on, job_key, progress_text
from foundation.models import Event, OutboxJob, Verification
from organization.models import Agency
from tests.cast import NOW, make_agency
from tests.foundation.ledger_acts import write

pytestmark = pytest.mark.django_db
MARIA = Actor(user_id=3, name="Maria Parera", acting_as="Auditor")


@pytest.fixture
def agencies(settings: LazySettings, tmp_path: Any) -> list[Agency]:
    settings.ANCHOR_FOLDER = tmp_path
    made = [make_agency(code) for code in ("satu", "dua", "tiga")]
    for agency in made:
        write(agency, 2)
    return made


def test_a_whole_record_is_told_with_what_was_counted(agencies: list[Agency]) -> None:
    asked = ask_verification(actor=MARIA, now=NOW)
    assert ask_verification(actor=MARIA, now=NOW) == asked  # one at a time
    outbox.drain()
    asked.refresh_from_db()
    assert asked.finished_at is not None
    assert (asked.faults, asked.fault_count, asked.asked_by_name) == ([], 0, "Maria Parera")
    assert asked.counts["chains"] == {"things": "peristiwa", "of": 6, "seen": 6}
    assert ask_verification(actor=MARIA, now=NOW) != asked


def test_a_long_check_gives_others_their_turn_and_goes_on(
    agencies: list[Agency], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "SLICE", 2)
    Event.objects.filter(stream=agencies[1].stream, sequence=2).update(verb="lain")
    asked = ask_verification(actor=MARIA, now=NOW)
    told = []
    for _ in range(20):
        asked = Verification.objects.get(pk=asked.pk)
        try:
            go_on(verification=asked, seconds=0)
        except outbox.Postponed as pause:
            told.append(pause.progress)
        else:
            break
    assert told[:2] == ["2 dari 6 peristiwa diperiksa", "4 dari 6 peristiwa diperiksa"]
    assert asked.finished_at is not None
    assert asked.fault_count == 1
    assert asked.faults == [
        {"stream": agencies[1].stream, "sequence": 2, "reason": "isi peristiwa berubah"}
    ]
    assert progress_text(asked).startswith("6 dari 6 peristiwa")


def test_a_check_that_cannot_be_done_ends_and_says_so(agencies: list[Agency]) -> None:
    asked = ask_verification(actor=MARIA, now=NOW)
    asking.fail({"verification": asked.pk}, "disk penuh")
    asked.refresh_from_db()
    assert asked.finished_at is not None
    assert asked.faults[0]["reason"] == "Pemeriksaan tidak selesai: disk penuh"
    assert OutboxJob.objects.filter(key=job_key(asked)).exists()
