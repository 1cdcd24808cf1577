"""Whether a diagram can run: begins once, can always end, never spins, never waits in vain."""

from collections.abc import Callable

from workflows.definitions import TaskKind
from workflows.files.findings import Findings
from workflows.reading import edges
from workflows.reading.diagram import END, START, Diagram, Node
from workflows.reading.edges import flow_pairs, reachable
from workflows.reading.net import Marking, Net

MAXIMUM_MARKINGS = 5000


def check(diagram: Diagram, findings: Findings) -> None:
    """Note every node that can never be reached, never lead to an end, spin or wait in vain."""
    before = len(findings)
    starts = [node.id for node in diagram.nodes.values() if node.element == START]
    ends = [node.id for node in diagram.nodes.values() if node.element == END]
    if len(starts) != 1:
        findings.note(
            "E021", f"mempunyai {len(starts)} awal", element=", ".join(starts),
            hint="Satu proses mempunyai tepat satu startEvent.",
        )  # fmt: skip
    if not ends:
        findings.note("E022", "tidak mempunyai akhir", hint="Tambahkan endEvent.")
    if not starts or not ends:
        return
    edges.check(diagram, findings)
    _check_reach(diagram, starts, ends, findings)
    _check_loops(diagram, findings)
    if len(findings) == before:
        _check_tokens(Net(diagram, edges.main_nodes(diagram)), starts[0], findings)
        # What runs beside meets nothing of the process: it is a small process of its own.
        for event in edges.events_beside(diagram):
            net = Net(diagram, edges.nodes_beside(diagram, event))
            _check_tokens(net, event.id, findings)


def in_order(diagram: Diagram) -> list[Node]:
    """Return the nodes as the flows lead to them, breadth first from the start."""
    starts = [node.id for node in diagram.nodes.values() if node.element == START]
    found = reachable(starts, [*flow_pairs(diagram), *_edge_pairs(diagram)])
    return [diagram.nodes[identifier] for identifier in found]


def avoidable(diagram: Diagram, goal: str, passing: set[str]) -> bool:
    """Return whether the goal can be reached without passing any of these nodes.

    An event on the edge of a task may happen before the task is passed: entering it is enough.
    """
    starts = [n.id for n in diagram.nodes.values() if n.element == START and n.id not in passing]
    pairs = [
        (flow.source, target)
        for flow in diagram.flows
        for target in (flow.target, *(event.id for event in diagram.events_on[flow.target]))
        if target not in passing
    ]
    return goal in reachable(starts, pairs)


def _edge_pairs(diagram: Diagram) -> list[tuple[str, str]]:
    return [(n.attached_to, n.id) for n in diagram.nodes.values() if n.attached_to]


def _check_reach(diagram: Diagram, starts: list[str], ends: list[str], findings: Findings) -> None:
    forward = reachable(starts, [*flow_pairs(diagram), *_edge_pairs(diagram)])
    backward = reachable(ends, ((f.target, f.source) for f in diagram.flows))
    for node in diagram.nodes.values():
        if node.id not in forward:
            findings.note(
                "E028", "tidak pernah tercapai dari awal", element=node.id,
                hint="Hubungkan dengan alur masuk, atau hapus.",
            )  # fmt: skip
        if node.id not in backward:
            findings.note(
                "E029", "tidak ada jalan ke akhir", element=node.id,
                hint="Hubungkan dengan alur keluar yang sampai ke endEvent.",
            )  # fmt: skip


def _check_loops(diagram: Diagram, findings: Findings) -> None:
    spinning = _on_cycles(diagram, lambda node: node.may_pass)
    if spinning:
        findings.note(
            "E030", f"berputar tanpa tugas atau waktu tunggu: {', '.join(spinning)}",
            element=spinning[0], hint="Letakkan tugas atau pewaktu di dalam putaran; "
            "tugas per baris tidak cukup, sebab barisnya boleh tidak ada.",
        )  # fmt: skip
    unattended = _on_cycles(diagram, _is_unattended)
    unattended = [identifier for identifier in unattended if identifier not in spinning]
    if unattended:
        findings.note(
            "E030", f"tugas otomatis berputar tanpa orang atau pewaktu: {', '.join(unattended)}",
            element=unattended[0], hint="Letakkan userTask atau pewaktu di dalam putaran.",
        )  # fmt: skip


def _is_unattended(node: Node) -> bool:
    """Say whether nobody is waited for; who waits for another SOP waits for its people."""
    return node.may_pass or node.kind is TaskKind.AUTOMATIC


def _on_cycles(diagram: Diagram, passes: Callable[[Node], bool]) -> list[str]:
    """Return the nodes on (or between) cycles made only of nodes that let a token pass."""
    left = {node.id for node in diagram.nodes.values() if passes(node)}
    ways = [*flow_pairs(diagram), *_edge_pairs(diagram)]
    pairs = [pair for pair in ways if left.issuperset(pair)]
    while True:
        sources, targets = {source for source, _ in pairs}, {target for _, target in pairs}
        inner = sources & targets
        kept = [pair for pair in pairs if pair[0] in inner and pair[1] in inner]
        if len(kept) == len(pairs):
            return [identifier for identifier in diagram.nodes if identifier in inner]
        pairs = kept


def _check_tokens(net: Net, start: str, findings: Findings) -> None:
    """Play every course of tokens: none may wait in vain, none may overtake another."""
    first = frozenset(net.outgoing[start])
    following: dict[Marking, list[Marking]] = {first: []}
    queue = [first]
    crowded: set[str] = set()
    for marking in queue:
        for successor in net.successors(marking, crowded):
            following[marking].append(successor)
            if successor not in following:
                following[successor] = []
                queue.append(successor)
        if len(queue) > MAXIMUM_MARKINGS:
            findings.note(
                "E033", "terlalu banyak cabang paralel untuk diperiksa",
                hint="Sederhanakan, atau bagi SOP menjadi beberapa proses.",
            )  # fmt: skip
            return
    for identifier in sorted(crowded):
        findings.note(
            "E033", "dapat dikerjakan dua kali bersamaan dalam satu putaran", element=identifier,
            hint="Satukan cabang paralel dengan gerbang paralel sebelum titik ini.",
        )  # fmt: skip
    if not crowded:
        _note_stuck(net, following, findings)


def _note_stuck(net: Net, following: dict[Marking, list[Marking]], findings: Findings) -> None:
    preceding: dict[Marking, list[Marking]] = {}
    for marking, successors in following.items():
        for successor in successors:
            preceding.setdefault(successor, []).append(marking)
    can_end = {frozenset[str]()}
    queue = list(can_end)
    for marking in queue:
        fresh = [m for m in preceding.get(marking, ()) if m not in can_end]
        can_end.update(fresh)
        queue.extend(fresh)
    stuck = [marking for marking in following if marking not in can_end]
    if stuck:
        # The smallest one in which a join waits shows best who waits for whom.
        marking = min(stuck, key=lambda m: (not net.waiting(m), len(m), sorted(m)))
        waiting = net.waiting(marking) or [net.target[flow] for flow in sorted(marking)]
        findings.note(
            "E033", "dapat menunggu cabang yang tidak akan pernah tiba", element=waiting[0],
            hint="Cabang yang dibuka gerbang eksklusif disatukan gerbang eksklusif; "
            "yang dibuka gerbang paralel disatukan gerbang paralel, yang inklusif oleh inklusif.",
        )  # fmt: skip
