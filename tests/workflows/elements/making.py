"""Small SOPs made of a few words: elements by name, what leads to what, and `sop.toml`."""

from collections.abc import Mapping, Sequence

from tests.workflows.definitions import NO_NAMES
from tests.workflows.reading.test_soundness import linked
from tests.workflows.runs import do
from tests.workflows.sop_files import draw
from workflows import engine, repository
from workflows.definitions import ProcessDefinition
from workflows.engine import Snapshot
from workflows.files.findings import Finding

SHORT = {
    "U": "userTask",
    "S": "serviceTask",
    "X": "exclusiveGateway",
    "P": "parallelGateway",
    "O": "inclusiveGateway",
    "R": "eventBasedGateway",
    "C": "intermediateCatchEvent",
    "T": "intermediateThrowEvent",
    "B": "boundaryEvent",
    "E": "endEvent",
    "A": "callActivity",
}
MESSAGE = '<message id="pesan" name="surat_masuk"/>'
HEARS = '<messageEventDefinition messageRef="pesan"/>'
FAILS = "<errorEventDefinition/>"
MANY = "<multiInstanceLoopCharacteristics/>"
WORK = 'operation = { use = "tests.print" }'


def on_edge(host: str, *, beside: bool = False) -> str:
    return f'attachedToRef="{host}" cancelActivity="{"false" if beside else "true"}"'


def drawing(
    elements: Mapping[str, str],
    flows: Sequence[str],
    *,
    inside: Mapping[str, str] | None = None,
    attributes: Mapping[str, str] | None = None,
    top: str = MESSAGE,
) -> str:
    """Return BPMN from "mulai" on; "selesai" is there unless it is among the elements."""
    named = {"selesai": "E", **elements}
    nodes = [(SHORT.get(element, element), name, "Staf") for name, element in named.items()]
    return draw(
        [("startEvent", "mulai", "Staf"), *nodes],
        linked(*flows),
        attributes=attributes or {},
        inside=inside or {},
        top=top,
    )


def files(
    bpmn: str, steps: Mapping[str, str], *, head: str = "", forms: Mapping[str, str] | None = None
) -> dict[str, bytes]:
    sop = f'title = "Kecil"\n{head}\n'
    sop += "\n".join(f"[steps.{name}]\n{text}" for name, text in steps.items())
    written = {f"forms/{name}.toml": text.encode() for name, text in (forms or {}).items()}
    return {"process.bpmn": bpmn.encode(), "sop.toml": sop.encode(), **written}


def sop(folder: Mapping[str, bytes]) -> ProcessDefinition:
    return repository.load(folder, "kecil")


def errors(folder: Mapping[str, bytes]) -> list[Finding]:
    return [f for f in repository.examine(folder, "kecil").findings if f.is_error]


def told(folder: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """Return code and element of every mistake."""
    return [(finding.code, finding.element) for finding in errors(folder)]


def begun(definition: ProcessDefinition, names: engine.Names = NO_NAMES) -> Snapshot:
    return engine.start(definition, names)


def played(definition: ProcessDefinition, *steps: str, names: engine.Names = NO_NAMES) -> Snapshot:
    """Return the process after these tasks, one by one."""
    snapshot = begun(definition, names)
    for step in steps:
        snapshot = do(definition, snapshot, step, names)
    return snapshot


def field(name: str, *values: str) -> str:
    """Return a form with one field: a choice of these values, or a text."""
    if not values:
        return f'[[fields]]\nname = "{name}"\nlabel = "{name}"\ntype = "text"\n'
    options = "".join(
        f'[[fields.options]]\nvalue = "{value}"\nlabel = "{value}"\n' for value in values
    )
    return f'[[fields]]\nname = "{name}"\nlabel = "{name}"\ntype = "choice"\n{options}'
