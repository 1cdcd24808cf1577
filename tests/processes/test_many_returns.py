"""No number of returns is too many; and where the engine has a limit, people read a sentence."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from foundation import ledger
from processes import services
from processes.exceptions import NotReady
from processes.models import Instance
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.pages import text_of
from tests.processes.small_sops import do, offer, sop, start, status, task_of
from tests.workflows.elements.making import field
from workflows.engine import run

RETURNS = 300
LATER = NOW + timedelta(minutes=7)
FILES = sop(
    {"kerja": "U", "baik": "X"},
    ["mulai>kerja", "kerja>baik", "baik>selesai if form.hasil == 'ya'", "baik>kerja"],
    {"kerja": "number = 1"},
    head='subject = "text"',
    attributes={"baik": 'default="baik__kerja"'},
    forms={"kerja": field("hasil", "ya", "tidak")},
)


@pytest.fixture
def instance(cast: Cast, tmp_path: Path, settings: LazySettings) -> Instance:
    offer(tmp_path, settings, berputar=FILES)
    return start(cast, "berputar")


@pytest.mark.timeout(300)
@pytest.mark.fault("F25")
def test_three_hundred_returns_run_and_the_pages_show_them(instance: Instance, cast: Cast) -> None:
    size = len(bytes(instance.state))
    for _ in range(RETURNS):
        do(instance, cast, "kerja", hasil="tidak")
    instance.refresh_from_db()
    assert len(bytes(instance.state)) == size
    task = task_of(instance, "kerja")
    assert task.visit == instance.visits["kerja"] == RETURNS + 1
    assert "Putaran 301" in text_of(browser(cast.operator).get(f"/tugas/{task.pk}/"))
    assert "301\u00d7" in text_of(browser(cast.operator).get(f"/proses/{instance.pk}/"))
    do(instance, cast, "kerja", hasil="ya")
    assert status(instance) == Instance.Status.FINISHED
    assert list(ledger.verify()) == []


@pytest.mark.fault("F25")
def test_who_meets_the_limit_of_the_engine_reads_why_and_nothing_is_lost(
    instance: Instance, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = task_of(instance, "kerja")
    services.claim_task(task_id=task.pk, actor_user=cast.operator, now=NOW)
    monkeypatch.setattr(run, "STEP_BUDGET", 0)
    answer = browser(cast.operator).post(f"/tugas/{task.pk}/selesai/", {"hasil": "tidak"})
    assert answer.status_code == 409
    page = text_of(answer)
    assert "Alur berputar tanpa tugas: lebih dari 0 langkah mesin" in page
    assert "Periksa gerbang pada diagram" in page
    assert "tidak" in page  # what was typed is handed back
    task.refresh_from_db()
    assert (task.status, status(instance)) == ("claimed", "running")
    monkeypatch.undo()
    services.complete_task(
        task_id=task.pk, actor_user=cast.operator, answers={"hasil": "ya"}, now=LATER
    )
    assert status(instance) == Instance.Status.FINISHED


def test_who_begins_what_the_engine_refuses_reads_why(
    instance: Instance, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "STEP_BUDGET", 0)
    with pytest.raises(NotReady, match="Alur berputar tanpa tugas"):
        start(cast, "berputar", "Cuti Budi")
    assert Instance.objects.count() == 1
