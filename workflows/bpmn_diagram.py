"""What an admitted BPMN file says: lanes, nodes and flows, each looked at by itself.

Whether the whole of them can run is `bpmn_soundness`'s part.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, lru_cache

from lxml import etree

from workflows import durations, expressions
from workflows.bpmn_gate import BPMN, BPMNDI, TIMER_PLACES, is_element, local, open_gate, tag
from workflows.definitions import Flow, Lane, TaskKind
from workflows.findings import DefinitionError, Findings

BOUNDARY = "boundaryEvent"
START, END, EXCLUSIVE, PARALLEL = "startEvent", "endEvent", "exclusiveGateway", "parallelGateway"
TASK_KINDS = {
    "userTask": TaskKind.USER,
    "manualTask": TaskKind.USER,
    "serviceTask": TaskKind.AUTOMATIC,
    "sendTask": TaskKind.AUTOMATIC,
    "intermediateCatchEvent": TaskKind.TIMER,
    BOUNDARY: TaskKind.TIMER,
}
NODES = {START, END, EXCLUSIVE, PARALLEL, *TASK_KINDS}
DRAWN = NODES | {"sequenceFlow", "lane"}
FARTHEST = 100_000.0  # units of the drawing


@dataclass(frozen=True)
class Node:
    """A task, event or gateway. `lane` is the lane's name, `duration` a timer's literal.

    `documentation` is what stands there at length: of a step, its whole sentence.
    `attached_to` is the task on whose edge a timer stands; `interrupts` says that it ends that task
    when it fires, otherwise the task goes on.
    """

    id: str
    element: str
    name: str
    lane: str = ""
    default: str = ""
    duration: timedelta | None = None
    attached_to: str = ""
    interrupts: bool = False
    documentation: str = ""

    @property
    def kind(self) -> TaskKind | None:
        """Who moves it on; None for events and gateways, which do not wait."""
        return TASK_KINDS.get(self.element)


@dataclass(frozen=True)
class Diagram:
    process_id: str
    lanes: tuple[Lane, ...]
    nodes: Mapping[str, Node]
    flows: tuple[Flow, ...]

    @cached_property
    def outgoing(self) -> Mapping[str, list[Flow]]:
        """The flows out of each node, in the order of the file."""
        return _grouped((flow.source, flow) for flow in self.flows)

    @cached_property
    def incoming(self) -> Mapping[str, list[Flow]]:
        return _grouped((flow.target, flow) for flow in self.flows)

    @cached_property
    def timers_on(self) -> Mapping[str, list[Node]]:
        """The timers on the edge of each task."""
        groups: defaultdict[str, list[Node]] = defaultdict(list)
        for node in self.nodes.values():
            if node.attached_to:
                groups[node.attached_to].append(node)
        return groups

    @property
    def tasks(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes.values() if node.kind}


def _grouped(pairs: Iterable[tuple[str, Flow]]) -> Mapping[str, list[Flow]]:
    groups: defaultdict[str, list[Flow]] = defaultdict(list)
    for key, flow in pairs:
        groups[key].append(flow)
    return groups


@lru_cache(maxsize=128)
def admitted(bpmn: bytes) -> Diagram:
    """Return the diagram of a definition's BPMN, which passed the gate when it was loaded.

    Raises DefinitionError for a file that never did.
    """
    findings = Findings("process.bpmn")
    root = open_gate(bpmn, findings)
    diagram = None if root is None else read(root, findings)
    if diagram is None:
        raise DefinitionError("", findings)
    return diagram


def read(root: etree._Element, findings: Findings) -> Diagram | None:
    """Return what the file describes, noting every element that is wrong by itself.

    None if there is no single process to speak of.
    """
    processes = root.findall(tag("process"))
    if len(processes) != 1:
        findings.note(
            "E020", f"memuat {len(processes)} proses", hint="Satu berkas memuat tepat satu proses."
        )
        return None
    process = processes[0]
    if not process.get("id"):
        findings.note("E020", "proses tidak mempunyai id")
        return None
    _check_participants(root, str(process.get("id")), findings)
    lanes, lane_of = _lanes(process, findings)
    nodes = _nodes(process, lane_of, findings)
    flows = _flows(process, nodes, findings)
    diagram = Diagram(str(process.get("id")), lanes, nodes, flows)
    for node in nodes.values():
        _check_ways_out(node, diagram, findings)
    _check_listed_flows(process, flows, findings)
    _check_associations(root, findings)
    _check_drawing(root, findings)
    return diagram


def _text(element: etree._Element | None) -> str:
    return "" if element is None else (element.text or "").strip()


def _name(element: etree._Element) -> str:
    """Return the name on one line: modelers break long names."""
    return " ".join((element.get("name") or "").split())


def _check_participants(root: etree._Element, process_id: str, findings: Findings) -> None:
    for participant in root.iter(tag("participant")):
        reference = participant.get("processRef")
        if reference is not None and reference.rpartition(":")[2] != process_id:
            findings.note(
                "E035", f"menunjuk proses '{reference}' yang tidak ada",
                element=participant.get("id") or "",
            )  # fmt: skip


def _lanes(
    process: etree._Element, findings: Findings
) -> tuple[tuple[Lane, ...], dict[str, list[str]]]:
    """Return the lanes and, per node id, the names of the lanes that claim it."""
    lanes: list[Lane] = []
    lane_of: dict[str, list[str]] = {}
    nodes = {child.get("id") for child in process if local_name(child) in NODES}
    for element in process.iter(tag("lane")):
        lane = Lane(id=element.get("id") or "", name=_name(element))
        if not lane.name:
            findings.note(
                "E024", "lane tidak bernama", element=lane.id, hint="Namai lane menurut perannya."
            )
        elif any(other.name == lane.name for other in lanes):
            findings.note("E024", f"nama lane '{lane.name}' dipakai dua kali", element=lane.id)
        lanes.append(lane)
        for reference in element.iter(tag("flowNodeRef")):
            if _text(reference) not in nodes:
                findings.note(
                    "E035", f"lane memuat '{_text(reference)[:80]}' yang tidak ada di diagram",
                    element=lane.id,
                )  # fmt: skip
            lane_of.setdefault(_text(reference), []).append(lane.name)
    return tuple(lanes), lane_of


def local_name(element: etree._Element) -> str:
    """Return the name of a BPMN element; empty for comments and other namespaces."""
    if is_element(element) and etree.QName(element).namespace == BPMN:
        return local(element)
    return ""


def _nodes(
    process: etree._Element, lane_of: dict[str, list[str]], findings: Findings
) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    for element in process:
        if local_name(element) not in NODES:
            continue
        node = Node(
            id=element.get("id") or "",
            element=local(element),
            name=_name(element),
            lane=next(iter(lane_of.get(element.get("id") or "", ())), ""),
            default=element.get("default") or "",
            duration=_timer(element, findings),
            attached_to=element.get("attachedToRef") or "",
            interrupts=local(element) == BOUNDARY and _interrupts(element, findings),
            documentation=" ".join(_text(element.find(tag("documentation"))).split()),
        )
        if not node.id:
            findings.note(
                "E019", f"{node.element} '{node.name}' (baris {element.sourceline}) tanpa id"
            )
            continue
        nodes[node.id] = node
        if node.kind and not node.name:
            findings.note(
                "E019", "tugas tidak bernama", element=node.id,
                hint="Tulis nama langkah seperti di lembar SOP.",
            )  # fmt: skip
        count = len(lane_of.get(node.id, ()))
        if count > 1 or (node.kind and count == 0):
            findings.note(
                "E024", "berada di lebih dari satu lane" if count else "tidak berada di lane",
                element=node.id, hint="Letakkan setiap tugas di tepat satu lane.",
            )  # fmt: skip
    return nodes


def _interrupts(element: etree._Element, findings: Findings) -> bool:
    """Say whether a timer on an edge ends its task; BPMN takes yes where nothing is written."""
    written = element.get("cancelActivity", "true")
    if written not in ("true", "false"):
        findings.note(
            "E037", f"cancelActivity '{written[:20]}' tidak dapat dibaca",
            element=element.get("id") or "",
            hint="Tulis true (tugas berakhir) atau false (tugas tetap berjalan).",
        )  # fmt: skip
    return written != "false"


def _timer(element: etree._Element, findings: Findings) -> timedelta | None:
    if local(element) not in TIMER_PLACES:
        return None
    identifier = element.get("id") or ""
    timers = element.findall(tag("timerEventDefinition"))
    if len(timers) != 1:
        findings.note(
            "E031", "peristiwa ini bukan pewaktu", element=identifier,
            hint="Hanya pewaktu (timerEventDefinition) yang didukung, tepat satu.",
        )  # fmt: skip
        return None
    literal = timers[0].find(tag("timeDuration"))
    if literal is None:
        return None
    try:
        return durations.parse(_text(literal))
    except durations.DurationError as error:
        findings.note(
            "E031", str(error), element=identifier,
            hint="Tulis lama waktu tetap, atau kosongkan dan sebut deadline di sop.toml.",
        )  # fmt: skip
        return None


def _flows(
    process: etree._Element, nodes: Mapping[str, Node], findings: Findings
) -> tuple[Flow, ...]:
    flows: list[Flow] = []
    joined: set[tuple[str, str]] = set()
    for element in process.findall(tag("sequenceFlow")):
        identifier = element.get("id") or ""
        source, target = element.get("sourceRef") or "", element.get("targetRef") or ""
        if not identifier:
            findings.note("E019", f"alur dari '{source}' ke '{target}' tanpa id")
            continue
        missing = [end for end in (source, target) if end not in nodes]
        for end in missing:
            findings.note("E023", f"alur menunjuk '{end}' yang tidak ada", element=identifier)
        if missing:
            continue
        if (source, target) in joined:
            findings.note(
                "E023", f"alur kedua dari '{source}' ke '{target}'", element=identifier,
                hint="Gabungkan kedua kondisi dengan or.",
            )  # fmt: skip
        joined.add((source, target))
        condition = element.find(tag("conditionExpression"))
        if condition is not None:
            _check_condition(_text(condition), identifier, nodes[source], findings)
        flows.append(Flow(identifier, source, target, _name(element), _text(condition)))
    return tuple(flows)


def _check_condition(text: str, identifier: str, source: Node, findings: Findings) -> None:
    if source.element != EXCLUSIVE:
        findings.note(
            "E026", "kondisi pada alur yang tidak keluar dari gerbang eksklusif",
            element=identifier, hint="Letakkan gerbang eksklusif sebelum alur ini.",
        )  # fmt: skip
    try:
        expressions.parse(text)
    except expressions.ExpressionError as error:
        shown = " ".join(text.split())[:60]
        findings.note(
            "E027", f"kondisi '{shown}': {error}", element=identifier, hint=expressions.HINT
        )


def _check_ways_out(node: Node, diagram: Diagram, findings: Findings) -> None:
    outgoing = diagram.outgoing[node.id]
    if node.element == EXCLUSIVE:
        _check_decision(node, outgoing, findings)
    elif len(outgoing) > 1 and node.element != PARALLEL:
        findings.note(
            "E032", f"mempunyai {len(outgoing)} alur keluar tanpa gerbang", element=node.id,
            hint="Pakai gerbang eksklusif (memilih) atau paralel (bersamaan).",
        )  # fmt: skip
    if node.element == START and diagram.incoming[node.id]:
        findings.note("E021", "awal mempunyai alur masuk", element=node.id)
    if node.element == END and outgoing:
        findings.note("E022", "akhir mempunyai alur keluar", element=node.id)


def _check_decision(node: Node, outgoing: list[Flow], findings: Findings) -> None:
    default = next((flow for flow in outgoing if flow.id == node.default), None)
    if node.default and default is None:
        findings.note(
            "E025", f"alur bawaan '{node.default}' tidak keluar dari gerbang ini", element=node.id
        )
    if default and default.condition:
        findings.note("E026", "alur bawaan tidak boleh berkondisi", element=default.id)
    if len(outgoing) < 2:
        if outgoing and outgoing[0].condition:
            findings.note("E026", "kondisi pada satu-satunya jalan keluar", element=outgoing[0].id)
        return
    for flow in outgoing:
        if not flow.condition and flow is not default:
            findings.note(
                "E025", f"keluar dari gerbang '{node.id}' tanpa kondisi dan bukan alur bawaan",
                element=flow.id, hint="Tulis kondisi, atau jadikan alur bawaan (default).",
            )  # fmt: skip
    for condition, count in Counter(f.condition for f in outgoing if f.condition).items():
        if count > 1:
            findings.note(
                "E025", f"kondisi '{condition}' ditulis pada {count} alur", element=node.id,
                hint="Alur yang kedua tidak akan pernah ditempuh.",
            )  # fmt: skip


def _check_listed_flows(
    process: etree._Element, flows: tuple[Flow, ...], findings: Findings
) -> None:
    """What a node lists as incoming and outgoing repeats the flows; it must not say otherwise."""
    ends = {
        "incoming": {f.id: f.target for f in flows},
        "outgoing": {f.id: f.source for f in flows},
    }
    for element in process.iter(tag("incoming"), tag("outgoing")):
        parent = element.getparent()
        owner = "" if parent is None else parent.get("id") or ""
        if ends[local(element)].get(_text(element).rpartition(":")[2]) != owner:
            findings.note(
                "E035", f"{local(element)} '{_text(element)[:80]}' tidak cocok dengan alurnya",
                element=owner, hint="Simpan ulang dari modeler.",
            )  # fmt: skip


def _check_associations(root: etree._Element, findings: Findings) -> None:
    known = {str(element.get("id")) for element in root.iter() if element.get("id")}
    for element in root.iter(tag("association")):
        for side in ("sourceRef", "targetRef"):
            if (element.get(side) or "").rpartition(":")[2] not in known:
                findings.note(
                    "E035",
                    f"{side} '{element.get(side)}' tidak ada",
                    element=element.get("id") or "",
                )


def _check_drawing(root: etree._Element, findings: Findings) -> None:
    known = {str(element.get("id")) for element in root.iter() if element.get("id")}
    drawn: Counter[str] = Counter()
    for shape in root.iter(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge"):
        reference = (shape.get("bpmnElement") or "").rpartition(":")[2]
        drawn[reference] += 1
        if reference not in known:
            findings.note(
                "E034", f"gambar menunjuk '{reference}' yang tidak ada",
                element=shape.get("id") or "",
            )  # fmt: skip
        for part in shape.iter():
            _check_place(part, reference, findings)
    for element in root.iter(*(tag(name) for name in DRAWN)):
        identifier = element.get("id") or ""
        if drawn[identifier] != 1:
            findings.note(
                "W034", "digambar lebih dari sekali" if drawn[identifier] else "belum digambar",
                element=identifier, hint="Simpan ulang dari modeler, lengkap dengan gambarnya.",
            )  # fmt: skip


def _check_place(part: etree._Element, reference: str, findings: Findings) -> None:
    if not is_element(part):
        return
    for attribute in ("x", "y", "width", "height"):
        value = part.get(attribute)
        # The schema lets INF and NaN through; neither is a place. NaN fails every comparison.
        if value is not None and not abs(float(value.strip())) <= FARTHEST:
            findings.note("E034", f"{attribute}={value[:20]} bukan tempat", element=reference)
