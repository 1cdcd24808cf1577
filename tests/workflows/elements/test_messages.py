"""Messages: what waits for one, what sends one, and what sop.toml says of them."""

from typing import Any

import pytest

from tests.workflows.elements.making import (
    HEARS,
    drawing,
    errors,
    field,
    files,
    on_edge,
    played,
    sop,
    told,
)
from tests.workflows.runs import do, steps
from workflows import engine, messages, repository, scenarios
from workflows.definitions import Call, Correlation, TaskKind
from workflows.scenarios import Scenario, ScenarioFailed, Step

TOP = '<message id="pesan" name="surat_masuk"/><message id="balas" name="surat_dijawab"/>'
ELEMENTS = {
    "baca": "U",
    "batal": "B",
    "ingat": "B",
    "catat": "S",
    "dicatat": "E",
    "minta": "T",
    "kirim": "sendTask",
    "tunggu": "C",
    "terima": "receiveTask",
    "dibatalkan": "E",
}
FLOWS = [
    "mulai>baca",
    "baca>minta",
    "minta>tunggu",
    "tunggu>kirim",
    "kirim>terima",
    "terima>selesai",
    "batal>dibatalkan",
    "ingat>catat",
    "catat>dicatat",
]
ANSWER = '<messageEventDefinition messageRef="balas"/>'
INSIDE = {
    "mulai": HEARS,
    "batal": HEARS,
    "ingat": ANSWER,
    "minta": ANSWER,
    "tunggu": HEARS,
    "selesai": ANSWER,
}
ATTRIBUTES = {
    "batal": on_edge("baca"),
    "ingat": on_edge("baca", beside=True),
    "kirim": 'messageRef="balas"',
    "terima": 'messageRef="pesan"',
}
STEPS = {
    "baca": "number = 1",
    "batal": "",
    "ingat": 'correlates = "agency"',
    "catat": 'operation = { use = "tests.print" }',
    "minta": "",
    "tunggu": 'correlates = "agency"',
    "kirim": 'operation = { use = "processes.send_message", to = "bkd", '
    'subject = "form.nama", form = ["nama"] }',
    "terima": 'serves = "baca"',
    "selesai": "",
}
FORMS = {"baca": field("nama")}


def folder(**changes: Any) -> dict[str, bytes]:
    bpmn = drawing(
        changes.get("elements", ELEMENTS),
        changes.get("flows", FLOWS),
        inside={**INSIDE, **changes.get("inside", {})},
        attributes={**ATTRIBUTES, **changes.get("attributes", {})},
        top=changes.get("top", TOP),
    )
    return files(bpmn, {**STEPS, **changes.get("steps", {})}, forms=FORMS)


LETTERS = sop(folder())


def test_a_definition_tells_which_message_each_waits_for_or_sends() -> None:
    assert LETTERS.start_message == "surat_masuk"
    told = {t.id: (t.kind, t.message) for t in LETTERS.tasks.values() if t.message}
    waits, sends = TaskKind.MESSAGE, TaskKind.AUTOMATIC
    assert told == {
        "batal": (waits, "surat_masuk"),
        "ingat": (waits, "surat_dijawab"),
        "minta": (sends, "surat_dijawab"),
        "tunggu": (waits, "surat_masuk"),
        "kirim": (sends, "surat_dijawab"),
        "terima": (waits, "surat_masuk"),
        "selesai": (sends, "surat_dijawab"),
    }


def test_what_waits_says_how_it_is_found_and_what_sends_by_which_operation() -> None:
    tasks = LETTERS.tasks
    assert tasks["tunggu"].correlates is Correlation.AGENCY
    assert tasks["terima"].correlates is Correlation.SUBJECT
    assert (tasks["batal"].attached_to, tasks["batal"].interrupts) == ("baca", True)
    assert (tasks["ingat"].attached_to, tasks["ingat"].interrupts) == ("baca", False)
    assert tasks["minta"].operation == tasks["selesai"].operation == Call(messages.SEND)
    sent = tasks["kirim"].operation
    assert sent is not None
    assert dict(sent.parameters) == {"to": "bkd", "subject": "form.nama", "form": ("nama",)}


def test_the_engine_stops_at_each_of_them_in_turn() -> None:
    snapshot = played(LETTERS, "baca")
    order = []
    while not snapshot.ended:
        (task,) = snapshot.ready
        order.append(task.step)
        snapshot = do(LETTERS, snapshot, task.step)
    assert order == ["minta", "tunggu", "kirim", "terima", "selesai"]
    assert snapshot.end_event == "selesai"


def test_a_message_on_the_edge_waits_with_its_task() -> None:
    snapshot = engine.start(LETTERS, {"form": {}, "facts": {}})
    assert sorted(steps(snapshot)) == ["baca", "batal", "ingat"]
    after = do(LETTERS, snapshot, "batal")
    assert sorted(t.step for t in after.withdrawn) == ["baca", "ingat"]
    assert (after.ended, after.end_event) == (True, "dibatalkan")


def test_a_message_that_lets_its_task_go_on_is_heard_once_per_entering() -> None:
    snapshot = played(LETTERS, "ingat")
    assert sorted(steps(snapshot)) == ["baca", "batal", "catat"]
    snapshot = do(LETTERS, do(LETTERS, snapshot, "catat"), "baca")
    assert steps(snapshot) == ["minta"]


def test_an_end_that_sends_waits_for_its_worker_and_then_is_the_end() -> None:
    snapshot = played(LETTERS, "baca", "minta", "tunggu", "kirim", "terima")
    assert (steps(snapshot), snapshot.ended, snapshot.end_event) == (["selesai"], False, "")
    snapshot = do(LETTERS, snapshot, "selesai")
    assert (snapshot.ended, snapshot.end_event) == (True, "selesai")


# --- what is refused ---


@pytest.mark.parametrize("name", ["", "Surat", "surat masuk", "1surat", "s" * 81, "surat-masuk"])
def test_names_of_messages_are_plain(name: str) -> None:
    assert not messages.is_name(name)
    top = f'<message id="pesan" name="{name}"/><message id="balas" name="surat_dijawab"/>'
    assert ("E038", "pesan") in told(folder(top=top))


@pytest.mark.parametrize("reference", ["", 'messageRef="lain"'])
def test_a_message_must_be_among_those_of_the_file(reference: str) -> None:
    event = f"<messageEventDefinition {reference}/>"
    assert ("E038", "tunggu") in told(folder(inside={"tunggu": event}))
    assert ("E038", "terima") in told(folder(attributes={"terima": reference}))


@pytest.mark.parametrize("events", ["", HEARS * 2])
def test_an_event_between_is_one_message(events: str) -> None:
    assert ("E031", "minta") in told(folder(inside={"minta": events}))
    assert ("E031", "tunggu") in told(folder(inside={"tunggu": events}))


def test_what_sends_needs_its_own_operation_and_no_other_task_may_use_it() -> None:
    other = {"minta": 'operation = { use = "tests.print" }'}
    assert told(folder(steps=other)) == [("E046", "minta")]
    borrowed = {"catat": f'operation = {{ use = "{messages.SEND}" }}'}
    assert told(folder(steps=borrowed)) == [("E046", "catat")]


@pytest.mark.parametrize(
    "written",
    ['subject = "form.alamat"', 'subject = "facts.alamat"', 'subject = "x"', 'form = ["alamat"]'],
)
def test_what_a_message_hands_over_must_be_there(written: str) -> None:
    operation = f'operation = {{ use = "{messages.SEND}", {written} }}'
    assert told(folder(steps={"kirim": operation})) == [("E066", "kirim")]


def test_keys_of_sop_toml_that_mean_nothing_to_a_message_are_refused() -> None:
    assert told(folder(steps={"tunggu": "may_start_early = true"})) == [("E045", "tunggu")]
    assert told(folder(steps={"tunggu": 'correlates = "semua"'})) == [("E042", "tunggu")]
    assert told(folder(steps={"baca": 'number = 1\ncorrelates = "agency"'})) == [("E045", "baca")]


def test_a_message_beside_a_task_leads_to_no_waiting() -> None:
    elements = {**ELEMENTS, "catat": "receiveTask"}
    found = errors(folder(elements=elements, attributes={"catat": 'messageRef="pesan"'},
                          steps={"catat": ""}))  # fmt: skip
    assert [(f.code, f.element) for f in found] == [("E037", "catat")]


# --- scenarios ---

WAY = ("baca", "minta", "tunggu", "kirim", "terima", "selesai")


def test_a_scenario_says_when_a_message_comes() -> None:
    steps = (Step("baca"), Step(message="tunggu"), Step(message="terima"))
    assert scenarios.play(LETTERS, Scenario("x", steps, end="selesai")).path == WAY
    silent = Scenario("x", steps[:2], end="selesai")
    with pytest.raises(ScenarioFailed, match="yang menunggu: terima"):
        scenarios.play(LETTERS, silent)
    left = Scenario("x", (Step(message="batal"),), end="dibatalkan")
    assert scenarios.play(LETTERS, left).end == "dibatalkan"


def test_scenarios_are_read_with_their_messages() -> None:
    def read(step: str) -> Any:
        text = f'[[scenario]]\nname = "x"\nend = "selesai"\n[[scenario.steps]]\n{step}\n'
        return scenarios.read(sop(folder() | {"scenarios.toml": text.encode()}))

    (scenario,) = read('message = "tunggu"\nform = { nama = "Ina" }')
    assert scenario.steps == (Step(message="tunggu", form={"nama": "Ina"}),)
    for wrong in ("baca", "minta", "tidak_ada"):
        with pytest.raises(repository.DefinitionError, match=f"'{wrong}' bukan pesan"):
            read(f'message = "{wrong}"')
    with pytest.raises(repository.DefinitionError, match="ditulis sendiri"):
        read('message = "tunggu"\ntask = "baca"')
