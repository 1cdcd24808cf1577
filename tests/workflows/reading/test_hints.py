"""What does not run is refused with what to write instead; the docs tell all that does."""

import re
from pathlib import Path

import pytest

from tests.workflows.sop_files import draw
from workflows.files.findings import Findings
from workflows.reading import gate
from workflows.reading.diagram import NODES
from workflows.reading.vocabulary import ALLOWED, HINTS

ROOT = Path(__file__).resolve().parents[3]
DOCS = (ROOT / "docs" / "architecture.md").read_text()
TABLE = DOCS.partition("## Which BPMN runs")[2].partition("\n## ")[0]


def hint_of(content: str) -> str:
    findings = Findings("process.bpmn")
    gate.open_gate(content.encode(), findings)
    return next(finding.hint for finding in findings if finding.code == "E014")


@pytest.mark.parametrize(
    ("element", "word"),
    [
        ("subProcess", "callActivity"),
        ("transaction", "satu operation"),
        ("adHocSubProcess", "gerbang paralel"),
        ("complexGateway", "inklusif"),
        ("scriptTask", "serviceTask"),
        ("businessRuleTask", "facts"),
        ("task", "userTask"),
    ],
)
def test_nodes_that_are_refused_have_their_own_hint(element: str, word: str) -> None:
    assert word in hint_of(draw(extra=f'<{element} id="asing"/>'))


@pytest.mark.parametrize(
    ("event", "word"),
    [
        ("compensateEventDefinition", "Kompensasi tidak dijalankan"),
        ("cancelEventDefinition", "Kompensasi tidak dijalankan"),
        ("signalEventDefinition", "messageEventDefinition"),
        ("escalationEventDefinition", "pewaktu"),
        ("conditionalEventDefinition", "facts"),
        ("linkEventDefinition", "alur"),
        ("terminateEventDefinition", "endEvent"),
    ],
)
def test_events_that_are_refused_have_their_own_hint(event: str, word: str) -> None:
    assert word in hint_of(draw(inside={"selesai": f'<{event} id="x"/>'}))


def test_compensation_is_refused_wherever_it_is_asked_for() -> None:
    mark = {"diterima": 'default="tolak"', "ajukan": 'isForCompensation="true"'}
    findings = Findings("process.bpmn")
    assert gate.open_gate(draw(attributes=mark).encode(), findings) is None
    assert [(f.code, f.element) for f in findings] == [("E015", "ajukan")]


def test_nothing_that_runs_has_a_hint_how_to_do_without_it() -> None:
    assert not HINTS.keys() & ALLOWED.keys()


def test_the_docs_tell_every_element_that_runs_and_name_files_that_exist() -> None:
    told = set(re.findall(r"`(\w+)`", TABLE))
    assert told >= NODES
    named = set(re.findall(r"`((?:elements/|reading/)?test_[\w*]+\.py)`", TABLE))
    assert named
    for name in named:
        assert list((ROOT / "tests" / "workflows").glob(name)), name
