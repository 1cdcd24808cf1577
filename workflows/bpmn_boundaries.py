"""Timers on the edge of a task: each belongs to one task of a person, and its way leads apart.

What an interrupting timer leads to is another way out of its task. What one that lets its task go
on leads to runs beside the process: a token more, which must never meet the others again. So it has
an end of its own, and nothing on the way waits for a person or the clock: whoever comes back to the
task must not find the work of the last round there.
"""

from collections.abc import Iterable, Iterator

from workflows.bpmn_diagram import BOUNDARY, START, Diagram, Node
from workflows.definitions import TaskKind
from workflows.findings import Findings

Pair = tuple[str, str]


def check(diagram: Diagram, findings: Findings) -> None:
    """Note every boundary timer that stands or leads where it may not."""
    main = main_nodes(diagram)
    for node in diagram.nodes.values():
        if node.element == BOUNDARY:
            _check_host(node, diagram, findings)
            _check_ways(node, diagram, findings)
            if not node.interrupts:
                _check_way_beside(node, diagram, main, findings)


def main_nodes(diagram: Diagram) -> set[str]:
    """Return what the process itself may come to, without what only runs beside it."""
    starts = [node.id for node in diagram.nodes.values() if node.element == START]
    edges = (node for node in diagram.nodes.values() if node.attached_to and node.interrupts)
    pairs = [*flow_pairs(diagram), *((node.attached_to, node.id) for node in edges)]
    return set(reachable(starts, pairs))


def nodes_beside(diagram: Diagram, timer: Node) -> set[str]:
    """Return the timer and what it leads to."""
    return set(reachable([timer.id], flow_pairs(diagram)))


def timers_beside(diagram: Diagram) -> Iterator[Node]:
    """Yield the timers that let their task go on."""
    for node in diagram.nodes.values():
        if node.element == BOUNDARY and not node.interrupts:
            yield node


def flow_pairs(diagram: Diagram) -> list[Pair]:
    return [(flow.source, flow.target) for flow in diagram.flows]


def reachable(begin: Iterable[str], pairs: Iterable[Pair]) -> dict[str, None]:
    """Return what can be reached, in breadth-first order (a dict keeps it)."""
    following: dict[str, list[str]] = {}
    for source, target in pairs:
        following.setdefault(source, []).append(target)
    found = dict.fromkeys(begin)
    queue = list(found)
    for node in queue:
        for neighbour in following.get(node, ()):
            if neighbour not in found:
                found[neighbour] = None
                queue.append(neighbour)
    return found


def _check_host(node: Node, diagram: Diagram, findings: Findings) -> None:
    host = diagram.nodes.get(node.attached_to)
    if host is None or host.kind is not TaskKind.USER:
        findings.note(
            "E037", f"menempel pada '{node.attached_to[:80]}', yang bukan tugas orang",
            element=node.id, hint="attachedToRef menyebut id sebuah userTask.",
        )  # fmt: skip
    elif host.lane != node.lane:
        findings.note(
            "E037", f"berada di lane lain daripada tugasnya '{host.id}'", element=node.id,
            hint=f"Pindahkan ke lane '{host.lane}'.",
        )  # fmt: skip


def _check_ways(node: Node, diagram: Diagram, findings: Findings) -> None:
    if diagram.incoming[node.id]:
        findings.note(
            "E037", "pewaktu batas mempunyai alur masuk", element=node.id,
            hint="Ia mulai bersama tugasnya; hapus alur ini.",
        )  # fmt: skip
    if not diagram.outgoing[node.id]:
        findings.note(
            "E037", "pewaktu batas tanpa alur keluar", element=node.id,
            hint="Hubungkan dengan yang harus terjadi bila waktunya tiba.",
        )  # fmt: skip


def _check_way_beside(node: Node, diagram: Diagram, main: set[str], findings: Findings) -> None:
    beside = nodes_beside(diagram, node) - {node.id}
    shared = sorted(beside & main)
    if shared:
        findings.note(
            "E037", f"jalannya bertemu alur utama di {', '.join(shared[:3])}", element=node.id,
            hint="Tugasnya tetap berjalan, jadi jalan ini berakhir sendiri: beri endEvent "
            'tersendiri, atau pakai cancelActivity="true".',
        )  # fmt: skip
        return
    for identifier in sorted(beside):
        if diagram.nodes[identifier].kind not in (None, TaskKind.AUTOMATIC):
            findings.note(
                "E037", f"berada di jalan pewaktu batas '{node.id}', tetapi menunggu",
                element=identifier,
                hint="Di sana hanya tugas otomatis dan gerbang; pewaktu kedua ditempelkan pada "
                "tugasnya sendiri.",
            )  # fmt: skip
