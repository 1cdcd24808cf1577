"""The ways out of each node: one, unless a gateway says how to choose between several."""

from collections import Counter

from workflows.definitions import Flow
from workflows.files.findings import Findings
from workflows.reading.diagram import (
    CATCH,
    DECISIONS,
    END,
    EVENT_BASED,
    GATEWAYS,
    INCLUSIVE,
    START,
    Diagram,
    Node,
)

# Each set of them is a course of its own: whether the whole can end must be played through.
MAXIMUM_TOGETHER = 8


def check(diagram: Diagram, findings: Findings) -> None:
    """Note every node that leads on in a way that could not be decided."""
    for node in diagram.nodes.values():
        outgoing = diagram.outgoing[node.id]
        if node.element in DECISIONS:
            _check_decision(node, outgoing, findings)
        elif node.element == EVENT_BASED:
            _check_race(node, diagram, findings)
        elif len(outgoing) > 1 and node.element not in GATEWAYS:
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
    if node.element == INCLUSIVE:
        _check_together(node, outgoing, findings)
        return
    for condition, count in Counter(f.condition for f in outgoing if f.condition).items():
        if count > 1:
            findings.note(
                "E025", f"kondisi '{condition}' ditulis pada {count} alur", element=node.id,
                hint="Alur yang kedua tidak akan pernah ditempuh.",
            )  # fmt: skip


def _check_together(node: Node, outgoing: list[Flow], findings: Findings) -> None:
    if not node.default:
        findings.note(
            "E025", "gerbang inklusif tanpa alur bawaan", element=node.id,
            hint="Beri default: jalan itu ditempuh bila tidak satu pun kondisi berlaku.",
        )  # fmt: skip
    if len(outgoing) > MAXIMUM_TOGETHER:
        findings.note(
            "E032", f"gerbang inklusif dengan {len(outgoing)} jalan keluar", element=node.id,
            hint=f"Paling banyak {MAXIMUM_TOGETHER}.",
        )  # fmt: skip


def _check_race(node: Node, diagram: Diagram, findings: Findings) -> None:
    """What happens first withdraws its rivals: they must be open together, and only here."""
    outgoing = diagram.outgoing[node.id]
    if len(outgoing) < 2:
        findings.note(
            "E032", "gerbang berbasis peristiwa tanpa pilihan", element=node.id,
            hint="Ia menunggu sedikitnya dua peristiwa antara; satu saja tidak perlu gerbang.",
        )  # fmt: skip
    for flow in outgoing:
        target = diagram.nodes[flow.target]
        if target.element != CATCH:
            findings.note(
                "E032", f"keluar dari '{node.id}' ke '{target.id}', yang bukan peristiwa antara",
                element=flow.id, hint="Hanya intermediateCatchEvent: pewaktu atau pesan.",
            )  # fmt: skip
        elif len(diagram.incoming[target.id]) > 1:
            findings.note(
                "E032", f"ditunggu gerbang '{node.id}' dan masih mempunyai alur masuk lain",
                element=target.id, hint="Beri setiap gerbang peristiwa antaranya sendiri.",
            )  # fmt: skip
