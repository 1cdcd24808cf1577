"""The SOPs of the product and of the tests as definitions, and small ones made of a drawing."""

import hashlib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.workflows.sop_files import FlowRow, Node, draw
from workflows import engine, repository
from workflows.definitions import ProcessDefinition, SopHead, SubjectKind

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = sorted(
    file.parent
    for root in (ROOT / "workflows" / "bpmn", ROOT / "tests" / "sops")
    for file in root.glob("*/process.bpmn")
)
NO_NAMES: engine.Names = {"form": {}, "facts": {}}


def sop(folder: Path) -> ProcessDefinition:
    return repository.load(repository.read_folder(folder), folder.name)


def e_absensi() -> ProcessDefinition:
    return sop(ROOT / "workflows" / "bpmn" / "pengelolaan_e_absensi")


def hall() -> ProcessDefinition:
    return sop(ROOT / "tests" / "sops" / "peminjaman_aula")


def bare(bpmn: str | bytes) -> ProcessDefinition:
    """Return a definition that passed no gate: what the engine itself makes of a diagram."""
    content = bpmn.encode() if isinstance(bpmn, str) else bpmn
    return ProcessDefinition(
        key="kecil",
        version=hashlib.sha256(content).hexdigest(),
        process_id="proses",
        head=SopHead(number="1", title="Kecil"),
        subject=SubjectKind.NONE,
        lanes=(),
        tasks={},
        flows=(),
        facts={},
        files={"process.bpmn": content},
    )


def drawn(nodes: Sequence[Node], flows: Sequence[FlowRow], **more: Any) -> ProcessDefinition:
    return bare(draw(nodes, flows, **{"attributes": {}, "inside": {}, **more}))


def chain(*elements: tuple[str, str]) -> ProcessDefinition:
    """Return a process of these (element, id) one after the other, between a start and an end."""
    nodes: list[Node] = [("startEvent", "awal", "Staf")]
    nodes += [(element, identifier, "Staf") for element, identifier in elements]
    nodes += [("endEvent", "akhir", "Staf")]
    flows: list[FlowRow] = [
        (f"f{number}", before[1], after[1], "")
        for number, (before, after) in enumerate(pairwise(nodes))
    ]
    timers = {identifier: TIMER for element, identifier in elements if element == CATCH}
    return drawn(nodes, flows, inside=timers)


CATCH = "intermediateCatchEvent"
TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"


def names(
    form: Mapping[str, Any] | None = None, facts: Mapping[str, Any] | None = None
) -> engine.Names:
    return {"form": form or {}, "facts": facts or {}}
