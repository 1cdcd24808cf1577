"""A step that is done once per row: a task for each, one visit, one way on."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from foundation import ledger
from foundation.models import Event
from processes import services
from processes.audit.measured.refreshing import refresh
from processes.exceptions import NotAllowed
from processes.models import Instance, InstanceAudit, VisitTiming
from processes.views.instances import instance_rows
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.pages import text_of
from tests.processes.small_sops import do, offer, sop, start, status, task_of, waiting
from tests.workflows.elements.making import MANY, field
from workflows import registry
from workflows.registry import Row, StepContext

LATER = NOW + timedelta(minutes=7)
FILES = sop(
    {"buka": "U", "nilai": "U", "sahkan": "U", "diterima": "X"},
    [
        "mulai>buka",
        "buka>nilai",
        "nilai>sahkan",
        "sahkan>diterima",
        "diterima>selesai if form.hasil == 'ya'",
        "diterima>nilai",
    ],
    {
        "buka": "number = 1",
        "nilai": 'number = 2\nrows = { use = "tests.people" }\nguards = [{ use = "tests.row" }]',
        "sahkan": 'number = 3\nnot_same_person_as = "nilai"',
    },
    head='subject = "text"',
    inside={"nilai": MANY},
    attributes={"diterima": 'default="diterima__nilai"'},
    forms={"nilai": field("skor"), "sahkan": field("hasil", "ya", "tidak")},
)


class People:
    """Whom the step is done for now, and for which row each task asked its guard."""

    def __init__(self) -> None:
        self.rows = [Row("7", "Joko Tallo"), Row("8", "Maria Tefa")]
        self.entered: list[tuple[str, int]] = []
        self.asked: list[str] = []

    def of(self, context: StepContext) -> list[Row]:
        self.entered.append((context.step, context.visit))
        return self.rows

    def guard(self, context: StepContext) -> list[registry.Missing]:
        self.asked.append(context.row)
        return []


@pytest.fixture
def people(tmp_path: Path, settings: LazySettings) -> Iterator[People]:
    offer(tmp_path, settings, penilaian=FILES)
    found = People()
    registry.rows("tests.people")(found.of)
    registry.guard("tests.row")(found.guard)
    yield found
    del registry.rows._functions["tests.people"]
    del registry.guard._functions["tests.row"]


@pytest.fixture
def opened(people: People, cast: Cast) -> Instance:
    """An instance that waits once for each of two people."""
    instance = start(cast, "penilaian")
    do(instance, cast, "buka")
    return instance


def test_every_row_has_a_task_and_all_are_one_visit(opened: Instance, people: People) -> None:
    assert waiting(opened) == ["nilai 7", "nilai 8"]
    first, second = task_of(opened, "nilai", "7"), task_of(opened, "nilai", "8")
    assert first.full_name == "Langkah nilai · Joko Tallo"
    assert (first.visit, second.visit) == (1, 1)
    opened.refresh_from_db()
    assert opened.visits["nilai"] == 1
    assert people.entered == [("nilai", 1)]
    told = Event.objects.get(subject=f"processes.task:{second.pk}", verb="task_opened").after
    assert (told["row"], told["row_label"]) == ("8", "Maria Tefa")


def test_the_last_row_leads_on(opened: Instance, people: People, cast: Cast) -> None:
    do(opened, cast, "nilai", row="8", skor="80")
    assert waiting(opened) == ["nilai 7"]
    do(opened, cast, "nilai", row="7", skor="70")
    assert waiting(opened) == ["sahkan"]
    assert people.asked == ["8", "7"]
    opened.refresh_from_db()
    assert opened.form == {"skor": "70"}
    assert list(ledger.verify()) == []
    assert list(ledger.disagreements()) == []


def test_a_next_round_asks_anew_for_whom(opened: Instance, people: People, cast: Cast) -> None:
    for row in ("7", "8"):
        do(opened, cast, "nilai", row=row, skor="1")
    people.rows = [Row("9", "Budi Manafe")]
    task = task_of(opened, "sahkan")
    services.claim_task(task_id=task.pk, actor_user=cast.operator2, now=LATER)
    services.complete_task(
        task_id=task.pk, actor_user=cast.operator2, answers={"hasil": "tidak"}, now=LATER
    )
    assert waiting(opened) == ["nilai 9"]
    assert task_of(opened, "nilai", "9").visit == 2
    people.rows = []


def test_without_rows_the_process_goes_on_by_itself(people: People, cast: Cast) -> None:
    people.rows = []
    instance = start(cast, "penilaian")
    do(instance, cast, "buka")
    assert waiting(instance) == ["sahkan"]


def test_nobody_who_did_a_row_decides_about_the_whole(opened: Instance, cast: Cast) -> None:
    do(opened, cast, "nilai", row="7", skor="1")
    task = task_of(opened, "nilai", "8")
    services.claim_task(task_id=task.pk, actor_user=cast.operator2, now=NOW)
    services.complete_task(
        task_id=task.pk, actor_user=cast.operator2, answers={"skor": "1"}, now=NOW
    )
    task = task_of(opened, "sahkan")
    for user in (cast.operator, cast.operator2):
        with pytest.raises(NotAllowed, match="Anda sendiri"):
            services.claim_task(task_id=task.pk, actor_user=user, now=LATER)


def test_the_audit_measures_every_row_and_finds_the_run_in_order(
    opened: Instance, cast: Cast
) -> None:
    for row in ("7", "8"):
        do(opened, cast, "nilai", row=row, skor="1")
    task = task_of(opened, "sahkan")
    services.claim_task(task_id=task.pk, actor_user=cast.operator2, now=NOW)
    services.complete_task(
        task_id=task.pk, actor_user=cast.operator2, answers={"hasil": "ya"}, now=LATER
    )
    assert status(opened) == Instance.Status.FINISHED
    refresh(now=LATER)
    assert VisitTiming.objects.filter(instance=opened, step="nilai").count() == 2
    assert InstanceAudit.objects.get(instance=opened).conforms


def test_the_row_is_shown_behind_the_name(opened: Instance, cast: Cast) -> None:
    task = task_of(opened, "nilai", "8")
    for page in (f"/tugas/{task.pk}/", f"/proses/{opened.pk}/"):
        assert "Langkah nilai · Maria Tefa" in text_of(browser(cast.operator).get(page))
    assert "Langkah nilai · Maria Tefa" in text_of(browser(cast.operator).get("/tugas/antrean/"))
    do(opened, cast, "nilai", row="8", skor="1")
    history = text_of(browser(cast.operator).get(f"/proses/{opened.pk}/"))
    assert "Menyelesaikan “Langkah nilai · Maria Tefa”" in history


def test_a_list_says_once_how_many_rows_wait(opened: Instance) -> None:
    (row,) = instance_rows([opened])
    assert row.waiting == ["Langkah nilai · Operator (2)"]
