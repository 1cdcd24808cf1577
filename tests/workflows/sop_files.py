"""A small SOP as files in memory, and ways to draw others."""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.core.management import call_command
from django.core.management.base import SystemCheckError

from foundation.actors import Actor
from workflows import registry
from workflows.registry import StepContext

KEY = "permohonan_kecil"
NOW = datetime(2026, 4, 30, 1, 0, tzinfo=UTC)
Node = tuple[str, str, str]  # element, id, lane (may be empty)
FlowRow = tuple[str, str, str, str]  # id, source, target, condition

NODES: list[Node] = [
    ("startEvent", "mulai", "Staf"),
    ("userTask", "ajukan", "Staf"),
    ("serviceTask", "cetak", "Staf"),
    ("userTask", "putuskan", "Kepala"),
    ("exclusiveGateway", "diterima", "Kepala"),
    ("intermediateCatchEvent", "tenggang", "Staf"),
    ("endEvent", "selesai", "Staf"),
]
FLOWS: list[FlowRow] = [
    ("a1", "mulai", "ajukan", ""),
    ("a2", "ajukan", "cetak", ""),
    ("a3", "cetak", "putuskan", ""),
    ("a4", "putuskan", "diterima", ""),
    ("terima", "diterima", "tenggang", "form.hasil == 'lanjut' and facts.lengkap"),
    ("tolak", "diterima", "ajukan", ""),
    ("a5", "tenggang", "selesai", ""),
]
TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"

SOP = """
title = "Permohonan kecil"
number = "01/2026"
created_on = 2026-01-02
legal_basis = ["Peraturan yang dikarang"]
stated_total = "PT62M"
subject = "month"

[facts.lengkap]
use = "tests.complete"
roles = ["Staf", "Kepala"]

[steps.ajukan]
number = 1
requirements = ["Surat"]
standard = "PT5M"
per = { use = "tests.count" }
per_label = "pegawai"
output = ["Permohonan"]
guards = [{ use = "tests.guard", fields = { Staf = "nama" } }]
panels = [{ use = "tests.panel" }]

[steps.cetak]
operation = { use = "tests.print", template = "surat.docx", contexts = ["tests.context"] }
serves = "ajukan"

[steps.putuskan]
number = 2
standard = "PT20M"
not_same_person_as = "ajukan"

[steps.tenggang]
serves = "ajukan"
may_start_early = true
"""
FORM_AJUKAN = """
[[fields]]
name = "nama"
label = "Nama pemohon"
type = "text"

[[fields]]
name = "petugas"
label = "Petugas"
type = "choice"
source = { use = "tests.people", kind = "pns" }
"""
FORM_PUTUSKAN = """
[[fields]]
name = "hasil"
label = "Keputusan"
type = "outcome"
[[fields.options]]
value = "lanjut"
label = "Lanjutkan"
kind = "approve"
[[fields.options]]
value = "ulang"
label = "Kembalikan"
kind = "return"
comment_required = true

[[fields]]
name = "alasan"
label = "Alasan"
type = "comment"
"""


def draw(
    nodes: Sequence[Node] = NODES,
    flows: Sequence[FlowRow] = FLOWS,
    *,
    attributes: Mapping[str, str] | None = None,
    inside: Mapping[str, str] | None = None,
    extra: str = "",
    top: str = "",
) -> str:
    """Return BPMN with lanes and a drawing.

    `attributes` and `inside` add raw XML to the node or flow of that id; `extra` to the process,
    `top` before it.
    """
    attributes = {"diterima": 'default="tolak"'} if attributes is None else attributes
    inside = {"tenggang": TIMER, **(inside or {})}
    lanes = list(dict.fromkeys(lane for _, _, lane in nodes if lane))
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"',
        ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"',
        ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"',
        ' xmlns:di="http://www.omg.org/spec/DD/20100524/DI"',
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
        f' id="akar" targetNamespace="urn:sop">{top}',
        '<process id="proses" isExecutable="true"><laneSet id="jalur">',
    ]
    for number, lane in enumerate(lanes):
        members = "".join(f"<flowNodeRef>{i}</flowNodeRef>" for _, i, on in nodes if on == lane)
        parts.append(f'<lane id="lane{number}" name={quoteattr(lane)}>{members}</lane>')
    parts.append("</laneSet>")
    for element, identifier, _ in nodes:
        raw = attributes.get(identifier, "")
        parts.append(
            f'<{element} id="{identifier}" name="Langkah {identifier}" {raw}>'
            f"{inside.get(identifier, '')}</{element}>"
        )
    for identifier, source, target, condition in flows:
        text = (
            '<conditionExpression xsi:type="tFormalExpression">'
            f"{escape(condition)}</conditionExpression>"
            if condition
            else ""
        )
        parts.append(
            f'<sequenceFlow id="{identifier}" sourceRef="{source}" targetRef="{target}" '
            f"{attributes.get(identifier, '')}>{inside.get(identifier, text)}</sequenceFlow>"
        )
    parts.append(f"{extra}</process>{_drawing(nodes, flows, len(lanes))}</definitions>")
    return "\n".join(parts)


def _drawing(nodes: Sequence[Node], flows: Sequence[FlowRow], lanes: int) -> str:
    names = [*(f"lane{n}" for n in range(lanes)), *(identifier for _, identifier, _ in nodes)]
    shapes = "".join(
        f'<bpmndi:BPMNShape id="{name}_gambar" bpmnElement="{name}">'
        f'<dc:Bounds x="{number * 120}" y="80" width="100" height="60"/></bpmndi:BPMNShape>'
        for number, name in enumerate(names)
    )
    edges = "".join(
        f'<bpmndi:BPMNEdge id="{flow}_gambar" bpmnElement="{flow}">'
        '<di:waypoint x="0" y="0"/><di:waypoint x="10" y="0"/></bpmndi:BPMNEdge>'
        for flow, _, _, _ in flows
    )
    plane = f'<bpmndi:BPMNPlane id="bidang" bpmnElement="proses">{shapes}{edges}</bpmndi:BPMNPlane>'
    return f'<bpmndi:BPMNDiagram id="gambar">{plane}</bpmndi:BPMNDiagram>'


def sop_files(bpmn: str | bytes | None = None, *, sop: str = SOP, **forms: str) -> dict[str, bytes]:
    """Return the folder of the small SOP, with another diagram, sop.toml or forms where given."""
    content = draw() if bpmn is None else bpmn
    written = {"ajukan": FORM_AJUKAN, "putuskan": FORM_PUTUSKAN, **forms}
    return {
        "process.bpmn": content.encode() if isinstance(content, str) else content,
        "sop.toml": sop.encode(),
        "docx/surat.docx": b"PK",
        **{f"forms/{name}.toml": text.encode() for name, text in written.items()},
    }


def write_folder(root: Path, files: Mapping[str, bytes], key: str = KEY) -> Path:
    folder = root / key
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def run_check() -> str:
    """Return what `manage.py check` says about the SOPs; an error or warning is no exception."""
    answer = io.StringIO()
    try:
        call_command("check", tags=["workflows"], stdout=answer, stderr=answer)
    except SystemCheckError as error:
        return str(error)
    return answer.getvalue()


def context(**changes: Any) -> StepContext:
    values: dict[str, Any] = {
        "instance_id": 1,
        "definition_key": KEY,
        "version": "v",
        "agency_id": 1,
        "subject": "2026-04",
        "step": "ajukan",
        "visit": 1,
        "actor": Actor(user_id=1, name="Maria Bria"),
        "now": NOW,
    }
    return StepContext(**values | changes)


@contextmanager
def registered_names() -> Iterator[None]:
    """Offer every name that the small SOP calls, for as long as the block runs."""
    offers: tuple[tuple[registry.Registry[Any], str, Any], ...] = (
        (registry.fact, "tests.complete", lambda ctx: registry.Fact(True)),
        (registry.multiplier, "tests.count", lambda ctx: 3),
        (registry.guard, "tests.guard", lambda ctx: []),
        (registry.operation, "tests.print", lambda ctx: registry.Result()),
        (registry.document_context, "tests.context", lambda ctx: {}),
        (registry.choices, "tests.people", lambda ctx: PEOPLE[ctx.parameters["kind"]]),
    )
    registry.panel("tests.panel", template="tests/panel.html")(lambda ctx: {})
    for kind, name, function in offers:
        kind(name)(function)
    try:
        yield
    finally:
        for kind, name, _ in offers:
            del kind._functions[name]
        del registry._panels["tests.panel"]


PEOPLE = {"pns": [("7", "Maria Bria - 19800101"), ("8", "Yohanes Lende - 19810202")]}
