"""Whether what a BPMN file repeats agrees with itself: listed flows, associations, the drawing."""

from collections import Counter

from lxml import etree

from workflows.definitions import Flow
from workflows.files.findings import Findings
from workflows.reading.diagram import NODES
from workflows.reading.vocabulary import BPMNDI, is_element, local, tag

DRAWN = NODES | {"sequenceFlow", "lane"}
FARTHEST = 100_000.0  # units of the drawing


def check(
    root: etree._Element, process: etree._Element, flows: tuple[Flow, ...], findings: Findings
) -> None:
    """Note every reference that leads nowhere or says otherwise than the flows do."""
    _check_listed_flows(process, flows, findings)
    _check_associations(root, findings)
    _check_drawing(root, findings)


def _text(element: etree._Element) -> str:
    return (element.text or "").strip()


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
