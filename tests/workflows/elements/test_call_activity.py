"""A task that begins another SOP and waits for its end."""

from typing import Any

import pytest

from tests.workflows.definitions import names
from tests.workflows.elements.making import FAILS, drawing, field, files, played, sop, told
from tests.workflows.runs import do, steps
from workflows import engine, scenarios
from workflows.definitions import TaskKind
from workflows.scenarios import Scenario, Step

ELEMENTS = {"ajukan": "U", "minta_izin": "A", "batal": "B", "jadi": "X", "tidak_jadi": "E"}
FLOWS = [
    "mulai>ajukan",
    "ajukan>minta_izin",
    "minta_izin>jadi",
    "batal>tidak_jadi",
    "jadi>selesai if form.izin == 'ya'",
    "jadi>tidak_jadi",
]
STEPS = {
    "ajukan": "number = 1",
    "minta_izin": 'serves = "ajukan"\nsubject = "form.surat"\nresults = { izin = "keputusan" }',
}
FORMS = {"ajukan": field("surat")}
ATTRIBUTES = {
    "minta_izin": 'calledElement="izin_keluar"',
    "jadi": 'default="jadi__tidak_jadi"',
    "batal": 'attachedToRef="minta_izin"',
}


def folder(**changes: Any) -> dict[str, bytes]:
    bpmn = drawing(
        {**ELEMENTS, **changes.get("elements", {})},
        changes.get("flows", FLOWS),
        inside={"batal": FAILS, **changes.get("inside", {})},
        attributes={**ATTRIBUTES, **changes.get("attributes", {})},
    )
    return files(bpmn, {**STEPS, **changes.get("steps", {})}, forms=FORMS)


CALLING = sop(folder())


def test_the_definition_tells_what_is_called_about_what_and_what_comes_back() -> None:
    task = CALLING.tasks["minta_izin"]
    assert (task.kind, task.calls, task.subject) == (TaskKind.CALL, "izin_keluar", "form.surat")
    assert dict(task.results) == {"izin": "keputusan"}
    assert task.error_way == "batal"
    silent = sop(folder(steps={"minta_izin": "results = { izin = 'keputusan' }"}))
    assert silent.tasks["minta_izin"].subject == "subject"


def test_the_engine_waits_at_it_and_reads_its_results_in_conditions() -> None:
    snapshot = played(CALLING, "ajukan")
    assert steps(snapshot) == ["minta_izin"]
    assert do(CALLING, snapshot, "minta_izin", names({"izin": "ya"})).end_event == "selesai"
    assert do(CALLING, snapshot, "minta_izin", names({"izin": "no"})).end_event == "tidak_jadi"


def test_a_call_that_failed_goes_on_by_its_error_way() -> None:
    snapshot = played(CALLING, "ajukan")
    failed = engine.fail(CALLING, snapshot.state, snapshot.ready[0].engine_id, names())
    assert failed.end_event == "tidak_jadi"


# --- what is refused ---


@pytest.mark.parametrize(
    "called", ["", 'calledElement="IzinKeluar"', 'calledElement="izin-keluar"']
)
def test_what_is_called_is_the_key_of_a_sop(called: str) -> None:
    assert told(folder(attributes={"minta_izin": called})) == [("E039", "minta_izin")]


def test_results_are_names_of_fields_and_the_subject_can_be_read() -> None:
    step = 'subject = "form.alamat"\nresults = { izin = "keputusan" }'
    assert told(folder(steps={"minta_izin": step})) == [("E066", "minta_izin")]
    step = 'results = { izin = "form.keputusan" }'
    assert told(folder(steps={"minta_izin": step})) == [("E042", "minta_izin")]


def test_a_condition_reads_a_result_only_after_the_call() -> None:
    (found,) = told(folder(steps={"minta_izin": ""}))
    assert found == ("E060", "jadi__selesai")
    flows = [f if f != "batal>tidak_jadi" else "batal>jadi" for f in FLOWS]
    assert told(folder(flows=flows)) == [("E062", "jadi__selesai")]


def test_only_calls_have_results() -> None:
    step = {"ajukan": 'number = 1\nresults = { izin = "keputusan" }'}
    assert ("E045", "ajukan") in told(folder(steps=step))


# --- scenarios ---


def test_a_scenario_tells_what_came_back_or_that_it_failed() -> None:
    given = (Step("ajukan"), Step("minta_izin", {"izin": "ya"}))
    assert scenarios.play(CALLING, Scenario("x", given, end="selesai")).end == "selesai"
    failed = (Step("ajukan"), Step(fails="minta_izin"))
    assert scenarios.play(CALLING, Scenario("x", failed, end="tidak_jadi")).end == "tidak_jadi"
    plain = sop(folder(flows=["mulai>ajukan", "ajukan>minta_izin", "minta_izin>jadi",
                              "jadi>selesai", "batal>tidak_jadi"],
                       attributes={"jadi": ""}))  # fmt: skip
    assert scenarios.play(plain, Scenario("x", (Step("ajukan"),), end="selesai")).path == (
        "ajukan", "minta_izin",
    )  # fmt: skip


def test_results_of_a_scenario_are_those_that_come_back() -> None:
    text = '[[scenario]]\nname = "x"\nend = "selesai"\n[[scenario.steps]]\ntask = "minta_izin"\n'
    content = f'{text}form = {{ keputusan = "ya" }}\n'.encode()
    with pytest.raises(ValueError, match="tidak mengembalikan 'keputusan'"):
        scenarios.read(sop(folder() | {"scenarios.toml": content}))
