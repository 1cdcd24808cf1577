"""Events on the edge of a task: each belongs to one task, and its way leads apart.

Timers and messages stand on the tasks of people, errors on what the system does or calls. What an
interrupting event leads to is another way out of its task. What one that lets its task go on leads
to runs beside the process: a token more, which must never meet the others again. So it has an end
of its own, and nothing on the way waits for a person or the clock: whoever comes back to the task
must not find the work of the last round there.
"""

from collections.abc import Iterable, Iterator

from workflows.definitions import Flow, TaskKind
from workflows.files.findings import Findings
from workflows.reading.diagram import (
    BOUNDARY,
    CALL,
    EVENT_BASED,
    INCLUSIVE,
    START,
    Diagram,
    Node,
    Trigger,
)

Pair = tuple[str, str]
# What may fail for good: work of the system, and a SOP that was called.
MAY_FAIL = {"serviceTask", "sendTask", CALL}


def check(diagram: Diagram, findings: Findings) -> None:
    """Note every event on an edge that stands or leads where it may not."""
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
    return set(reachable(starts, _ways_on(diagram)))


def nodes_beside(diagram: Diagram, event: Node) -> set[str]:
    """Return the event and what it leads to."""
    return set(reachable([event.id], _ways_on(diagram)))


def _ways_on(diagram: Diagram) -> list[Pair]:
    """Return the flows, and the ways from tasks to the events that end them."""
    ends = (node for node in diagram.nodes.values() if node.attached_to and node.interrupts)
    return [*flow_pairs(diagram), *((node.attached_to, node.id) for node in ends)]


def events_beside(diagram: Diagram) -> Iterator[Node]:
    """Yield the events that let their task go on."""
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


def leading_to(diagram: Diagram, flow: Flow) -> frozenset[str]:
    """Return the nodes from which a token may come to a flow, not passing its target."""
    pairs = (pair for pair in _ways_on(diagram) if flow.target not in pair)
    return frozenset(reachable([flow.source], ((after, before) for before, after in pairs)))


def _check_host(node: Node, diagram: Diagram, findings: Findings) -> None:
    host = diagram.nodes.get(node.attached_to)
    if node.trigger is Trigger.ERROR:
        _check_error(node, host, diagram, findings)
    elif host is None or host.kind is not TaskKind.USER:
        findings.note(
            "E037", f"menempel pada '{node.attached_to[:80]}', yang bukan tugas orang",
            element=node.id, hint="attachedToRef menyebut id sebuah userTask.",
        )  # fmt: skip
    elif host.lane != node.lane:
        findings.note(
            "E037", f"berada di lane lain daripada tugasnya '{host.id}'", element=node.id,
            hint=f"Pindahkan ke lane '{host.lane}'.",
        )  # fmt: skip


def _check_error(node: Node, host: Node | None, diagram: Diagram, findings: Findings) -> None:
    if host is None or host.element not in MAY_FAIL:
        findings.note(
            "E037", f"kegagalan menempel pada '{node.attached_to[:80]}', yang bukan tugas otomatis",
            element=node.id,
            hint="attachedToRef menyebut id sebuah serviceTask, sendTask atau callActivity.",
        )  # fmt: skip
        return
    if not node.interrupts:
        findings.note(
            "E037", "kegagalan selalu mengakhiri tugasnya", element=node.id,
            hint='Hapus cancelActivity="false".',
        )  # fmt: skip
    others = [e.id for e in diagram.events_on[host.id] if e.trigger is Trigger.ERROR]
    if len(others) > 1:
        findings.note(
            "E037", f"'{host.id}' mempunyai {len(others)} jalan kegagalan", element=node.id,
            hint="Satu saja: ia menangkap kegagalan apa pun.",
        )  # fmt: skip


def _check_ways(node: Node, diagram: Diagram, findings: Findings) -> None:
    if diagram.incoming[node.id]:
        findings.note(
            "E037", "peristiwa batas mempunyai alur masuk", element=node.id,
            hint="Ia mulai bersama tugasnya; hapus alur ini.",
        )  # fmt: skip
    if not diagram.outgoing[node.id]:
        findings.note(
            "E037", "peristiwa batas tanpa alur keluar", element=node.id,
            hint="Hubungkan dengan yang harus terjadi bila itu terjadi.",
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
        other = diagram.nodes[identifier]
        waits = other.kind not in (None, TaskKind.AUTOMATIC)
        if waits or other.element in (INCLUSIVE, EVENT_BASED):
            findings.note(
                "E037", f"berada di jalan peristiwa batas '{node.id}', tetapi menunggu",
                element=identifier,
                hint="Di sana hanya tugas otomatis dan gerbang eksklusif atau paralel; pewaktu "
                "kedua ditempelkan pada tugasnya sendiri.",
            )  # fmt: skip
