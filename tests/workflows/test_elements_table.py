"""The table of docs/bpmn.md is whole and true: executed, shown only, or refused by name."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.workflows.sop_files import KEY, draw, sop_files
from workflows import repository
from workflows.definitions import ProcessDefinition
from workflows.files.findings import Findings
from workflows.reading import gate
from workflows.reading.vocabulary import ALLOWED, HINTS

ROOT = Path(__file__).resolve().parents[2]
RUNS, SHOWN, REFUSED = "dijalankan", "hanya ditampilkan", "ditolak"

# Where each refused element would stand: in the process, in the document, or inside one of these.
LOOP = "multiInstanceLoopCharacteristics"
PLACES = {
    "task": "process",
    "scriptTask": "process",
    "businessRuleTask": "process",
    "subProcess": "process",
    "transaction": "process",
    "adHocSubProcess": "process",
    "complexGateway": "process",
    "signal": "document",
    "error": "document",
    "compensateEventDefinition": "selesai",
    "cancelEventDefinition": "selesai",
    "signalEventDefinition": "selesai",
    "escalationEventDefinition": "selesai",
    "conditionalEventDefinition": "tenggang",
    "linkEventDefinition": "tenggang",
    "terminateEventDefinition": "selesai",
    "extensionElements": "ajukan",
    "standardLoopCharacteristics": "ajukan",
    "loopCardinality": LOOP,
    "loopDataInputRef": LOOP,
    "loopDataOutputRef": LOOP,
    "inputDataItem": LOOP,
    "outputDataItem": LOOP,
    "completionCondition": LOOP,
    "timeDate": "timerEventDefinition",
    "timeCycle": "timerEventDefinition",
}
POOL = (
    '<collaboration id="kolaborasi"><participant id="kolam" name="Kolam" processRef="proses"/>'
    "</collaboration>"
)
NOTE = (
    '<textAnnotation id="catatan"><text>Lihat buku agenda</text></textAnnotation>'
    '<association id="garis" sourceRef="ajukan" targetRef="catatan"/>'
)
ARROWS = {"ajukan": "<incoming>a1</incoming><incoming>tolak</incoming><outgoing>a2</outgoing>"}


@dataclass(frozen=True)
class Row:
    elements: tuple[str, ...]
    status: str
    tests: tuple[str, ...]


def rows() -> list[Row]:
    section = (ROOT / "docs" / "bpmn.md").read_text("utf-8")
    found = []
    for line in section.partition("\n## ")[0].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `"):
            elements, status, tests = re.findall(r"`(\w+)`", cells[0]), cells[1], cells[-1]
            found.append(Row(tuple(elements), status, tuple(re.findall(r"`([\w/]+\.py)`", tests))))
    return found


def told(status: str) -> list[str]:
    return [element for row in rows() if row.status == status for element in row.elements]


def test_every_element_that_comes_in_and_every_one_with_a_hint_is_told_once() -> None:
    assert {row.status for row in rows()} == {RUNS, SHOWN, REFUSED}
    assert sorted([*told(RUNS), *told(SHOWN)]) == sorted(ALLOWED)
    assert sorted(told(REFUSED)) == sorted(HINTS)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.elements[0])
def test_every_row_names_tests_that_speak_of_its_elements(row: Row) -> None:
    assert row.tests
    texts = [(ROOT / "tests" / "workflows" / name).read_text("utf-8") for name in row.tests]
    for element in row.elements:
        assert any(re.search(rf"\b{element}\b", text) for text in texts), element


@pytest.mark.parametrize("element", sorted(HINTS))
def test_what_is_told_to_be_refused_is_refused_with_its_hint(element: str) -> None:
    findings = Findings("process.bpmn")
    assert gate.open_gate(_with(element).encode(), findings) is None
    said = [f for f in findings if f.code == "E014" and f"'{element}'" in f.text]
    assert [finding.hint for finding in said] == [HINTS[element]]


def _with(element: str) -> str:
    place, written = PLACES[element], f"<{element}/>"
    if place == "process":
        return draw(extra=written)
    if place == "document":
        return draw(top=written)
    if place == LOOP:
        return draw(inside={"ajukan": f"<{LOOP}>{written}</{LOOP}>"})
    if place == "timerEventDefinition":
        return draw(inside={"tenggang": f"<{place}>{written}</{place}>"})
    return draw(inside={place: written})


@pytest.mark.parametrize(
    ("drawn", "elements"),
    [
        (draw(top=POOL), "collaboration participant"),
        (draw(extra=NOTE), "textAnnotation text association"),
        (draw(inside=ARROWS), "incoming outgoing"),
    ],
)
def test_what_is_told_to_be_shown_only_changes_nothing_that_runs(drawn: str, elements: str) -> None:
    assert set(elements.split()) <= set(told(SHOWN))
    plain, marked = loaded(draw()), loaded(drawn)
    assert (marked.tasks, marked.lanes) == (plain.tasks, plain.lanes)
    assert (marked.flows, marked.start_message) == (plain.flows, plain.start_message)


def test_documentation_is_what_the_sheet_says_of_a_step_and_nothing_else() -> None:
    words = "<documentation>Mengajukan permohonan kepada kepala</documentation>"
    plain, marked = loaded(draw()), loaded(draw(inside={"ajukan": words}))
    assert marked.tasks["ajukan"].activity == "Mengajukan permohonan kepada kepala"
    assert plain.tasks["ajukan"].activity == plain.tasks["ajukan"].name
    assert marked.tasks["ajukan"].name == plain.tasks["ajukan"].name
    assert marked.flows == plain.flows


def test_lanes_flows_and_conditions_are_what_runs() -> None:
    """`definitions`, `process`, `laneSet`, `lane`, `flowNodeRef`, `sequenceFlow`."""
    definition = loaded(draw())
    assert definition.process_id == "proses"
    assert {t.id: t.lane for t in definition.tasks.values()}["putuskan"] == "Kepala"
    read = {flow.id: flow.condition for flow in definition.flows if flow.condition}
    assert read == {"terima": "form.hasil == 'lanjut' and facts.lengkap"}  # conditionExpression


def loaded(drawn: str) -> ProcessDefinition:
    return repository.load(sop_files(drawn), KEY)
