"""Small SOPs with timers on the edge of a task, made of a drawing."""

from collections.abc import Mapping

from tests.workflows.definitions import NO_NAMES, TIMER
from tests.workflows.runs import do
from tests.workflows.sop_files import FORM_PUTUSKAN, FlowRow, Node, draw
from workflows import engine, repository
from workflows.definitions import ProcessDefinition
from workflows.engine import Snapshot

BESIDE, INTERRUPTING = 'cancelActivity="false"', 'cancelActivity="true"'
NODES: list[Node] = [
    ("startEvent", "mulai", "Staf"),
    ("userTask", "ajukan", "Staf"),
    ("userTask", "putuskan", "Kepala"),
    ("exclusiveGateway", "diterima", "Kepala"),
    ("endEvent", "selesai", "Kepala"),
    ("boundaryEvent", "sehari", "Kepala"),
    ("serviceTask", "ingatkan", "Kepala"),
    ("endEvent", "diingatkan", "Kepala"),
    ("boundaryEvent", "tiga_hari", "Kepala"),
    ("serviceTask", "naikkan", "Kepala"),
    ("endEvent", "dinaikkan", "Kepala"),
]
FLOWS: list[FlowRow] = [
    ("f1", "mulai", "ajukan", ""),
    ("f2", "ajukan", "putuskan", ""),
    ("f3", "putuskan", "diterima", ""),
    ("terima", "diterima", "selesai", "form.hasil == 'lanjut'"),
    ("ulang", "diterima", "ajukan", ""),
    ("t1", "sehari", "ingatkan", ""),
    ("t2", "ingatkan", "diingatkan", ""),
    ("t3", "tiga_hari", "naikkan", ""),
    ("t4", "naikkan", "dinaikkan", ""),
]
ATTRIBUTES = {
    "diterima": 'default="ulang"',
    "sehari": f'attachedToRef="putuskan" {BESIDE}',
    "tiga_hari": f'attachedToRef="putuskan" {BESIDE}',
}
INSIDE = {"sehari": TIMER, "tiga_hari": TIMER, "tenggang": ""}
SOP = """
title = "Surat yang ditunggu"
subject = "letter"

[steps.ajukan]
number = 1

[steps.putuskan]
number = 2

[steps.sehari]

[steps.tiga_hari]

[steps.ingatkan]
operation = { use = "tests.print" }
serves = "putuskan"

[steps.naikkan]
operation = { use = "tests.print" }
serves = "putuskan"
"""


def drawing(
    *,
    without: str = "",
    nodes: list[Node] | None = None,
    flows: list[FlowRow] | None = None,
    more: Mapping[str, str] | None = None,
    inside: Mapping[str, str] | None = None,
) -> str:
    """Return the BPMN; `without` drops a flow, `more` are other attributes, `inside` raw XML."""
    kept = [flow for flow in (flows or FLOWS) if flow[0] != without]
    return draw(
        nodes or NODES,
        kept,
        attributes=ATTRIBUTES | dict(more or {}),
        inside=INSIDE | dict(inside or {}),
    )


def interrupting() -> str:
    """Return a drawing in which the second timer ends the decision and goes on in its place."""
    nodes: list[Node] = [n for n in NODES if n[1] != "dinaikkan"]
    flows: list[FlowRow] = [f for f in FLOWS if f[0] != "t4"] + [("t4", "naikkan", "selesai", "")]
    more = {"tiga_hari": f'attachedToRef="putuskan" {INTERRUPTING}'}
    return drawing(nodes=nodes, flows=flows, more=more)


def files(bpmn: str | None = None, sop: str = SOP) -> dict[str, bytes]:
    return {
        "process.bpmn": (bpmn or drawing()).encode(),
        "sop.toml": sop.encode(),
        "forms/putuskan.toml": FORM_PUTUSKAN.encode(),
    }


def defined(bpmn: str | None = None, sop: str = SOP) -> ProcessDefinition:
    return repository.load(files(bpmn, sop), "surat_ditunggu")


REMINDED, INTERRUPTED = defined(), defined(interrupting())


def waiting(definition: ProcessDefinition = REMINDED) -> Snapshot:
    """Return the process at its decision, with both timers running."""
    return do(definition, engine.start(definition, NO_NAMES), "ajukan")


def names_of(tasks: tuple[engine.ReadyTask, ...]) -> list[str]:
    return sorted(task.step for task in tasks)
