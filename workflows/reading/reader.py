"""From an admitted BPMN file to its `Diagram`, each lane, node and flow looked at by itself.

Whether the whole of them can run is `soundness`'s part.
"""

from collections.abc import Mapping
from functools import lru_cache

from lxml import etree

from workflows import expressions
from workflows.definitions import KEY, Flow, Lane
from workflows.files.findings import DefinitionError, Findings
from workflows.reading import events, references, ways
from workflows.reading.diagram import BOUNDARY, CALL, DECISIONS, NODES, Diagram, Node
from workflows.reading.gate import open_gate
from workflows.reading.vocabulary import BPMN, is_element, local, tag


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
    nodes = _nodes(process, lane_of, events.message_names(root, findings), findings)
    flows = _flows(process, nodes, findings)
    diagram = Diagram(str(process.get("id")), lanes, nodes, flows)
    ways.check(diagram, findings)
    references.check(root, process, flows, findings)
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
    process: etree._Element,
    lane_of: dict[str, list[str]],
    messages: Mapping[str, str],
    findings: Findings,
) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    for element in process:
        if local_name(element) not in NODES:
            continue
        event = events.read(element, messages, findings)
        node = Node(
            id=element.get("id") or "",
            element=local(element),
            name=_name(element),
            lane=next(iter(lane_of.get(element.get("id") or "", ())), ""),
            default=element.get("default") or "",
            trigger=event.trigger,
            duration=event.duration,
            message=event.message,
            attached_to=element.get("attachedToRef") or "",
            interrupts=local(element) == BOUNDARY and _interrupts(element, findings),
            per_row=element.find(tag("multiInstanceLoopCharacteristics")) is not None,
            calls=_called(element, findings),
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
    """Say whether an event on an edge ends its task; BPMN takes yes where nothing is written."""
    written = element.get("cancelActivity", "true")
    if written not in ("true", "false"):
        findings.note(
            "E037", f"cancelActivity '{written[:20]}' tidak dapat dibaca",
            element=element.get("id") or "",
            hint="Tulis true (tugas berakhir) atau false (tugas tetap berjalan).",
        )  # fmt: skip
    return written != "false"


def _called(element: etree._Element, findings: Findings) -> str:
    """Return the key of the SOP that a callActivity begins."""
    if local(element) != CALL:
        return ""
    key = element.get("calledElement") or ""
    if not KEY.fullmatch(key):
        findings.note(
            "E039", f"memanggil '{key[:80]}', yang bukan kunci sebuah SOP" if key
            else "tidak menyebut SOP yang dipanggil", element=element.get("id") or "",
            hint="calledElement menyebut nama folder SOP itu, misalnya persetujuan_cuti.",
        )  # fmt: skip
    return key


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
    if source.element not in DECISIONS:
        findings.note(
            "E026", "kondisi pada alur yang tidak keluar dari gerbang eksklusif atau inklusif",
            element=identifier, hint="Letakkan gerbang eksklusif sebelum alur ini.",
        )  # fmt: skip
    try:
        expressions.parse(text)
    except expressions.ExpressionError as error:
        shown = " ".join(text.split())[:60]
        findings.note(
            "E027", f"kondisi '{shown}': {error}", element=identifier, hint=expressions.HINT
        )
