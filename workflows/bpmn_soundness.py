"""Whether a diagram can run: begins once, can always end, never spins, never waits in vain."""

from collections.abc import Callable, Iterable, Set

from workflows import bpmn_boundaries
from workflows.bpmn_boundaries import flow_pairs, reachable
from workflows.bpmn_diagram import END, EXCLUSIVE, PARALLEL, START, Diagram, Node
from workflows.definitions import TaskKind
from workflows.findings import Findings

MAXIMUM_MARKINGS = 5000

Marking = frozenset[str]  # the flows on which a token stands


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
    bpmn_boundaries.check(diagram, findings)
    _check_reach(diagram, starts, ends, findings)
    _check_loops(diagram, findings)
    if len(findings) == before:
        _check_tokens(_Net(diagram, bpmn_boundaries.main_nodes(diagram)), starts[0], findings)
        # What runs beside meets nothing of the process: it is a small process of its own.
        for timer in bpmn_boundaries.timers_beside(diagram):
            net = _Net(diagram, bpmn_boundaries.nodes_beside(diagram, timer))
            _check_tokens(net, timer.id, findings)


def in_order(diagram: Diagram) -> list[Node]:
    """Return the nodes as the flows lead to them, breadth first from the start."""
    starts = [node.id for node in diagram.nodes.values() if node.element == START]
    found = reachable(starts, [*flow_pairs(diagram), *_edge_pairs(diagram)])
    return [diagram.nodes[identifier] for identifier in found]


def avoidable(diagram: Diagram, goal: str, passing: set[str]) -> bool:
    """Return whether the goal can be reached without passing any of these nodes.

    A timer on the edge of a task may fire before the task is passed: entering it is enough.
    """
    starts = [n.id for n in diagram.nodes.values() if n.element == START and n.id not in passing]
    pairs = [
        (flow.source, target)
        for flow in diagram.flows
        for target in (flow.target, *(timer.id for timer in diagram.timers_on[flow.target]))
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
    spinning = _on_cycles(diagram, lambda node: node.kind is None)
    if spinning:
        findings.note(
            "E030", f"berputar tanpa tugas atau waktu tunggu: {', '.join(spinning)}",
            element=spinning[0], hint="Letakkan tugas atau pewaktu di dalam putaran.",
        )  # fmt: skip
    unattended = _on_cycles(diagram, lambda node: node.kind in (None, TaskKind.AUTOMATIC))
    unattended = [identifier for identifier in unattended if identifier not in spinning]
    if unattended:
        findings.note(
            "E030", f"tugas otomatis berputar tanpa orang atau pewaktu: {', '.join(unattended)}",
            element=unattended[0], hint="Letakkan userTask atau pewaktu di dalam putaran.",
        )  # fmt: skip


def _on_cycles(diagram: Diagram, passes: Callable[[Node], bool]) -> list[str]:
    """Return the nodes on (or between) cycles made only of nodes that let a token pass."""
    left = {node.id for node in diagram.nodes.values() if passes(node)}
    pairs = [(f.source, f.target) for f in diagram.flows if {f.source, f.target} <= left]
    while True:
        sources, targets = {source for source, _ in pairs}, {target for _, target in pairs}
        inner = sources & targets
        kept = [pair for pair in pairs if pair[0] in inner and pair[1] in inner]
        if len(kept) == len(pairs):
            return [identifier for identifier in diagram.nodes if identifier in inner]
        pairs = kept


def _check_tokens(net: "_Net", start: str, findings: Findings) -> None:
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


def _note_stuck(net: "_Net", following: dict[Marking, list[Marking]], findings: Findings) -> None:
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
            "yang dibuka gerbang paralel disatukan gerbang paralel.",
        )  # fmt: skip


class _Net:
    """The diagram with every node that merely passes a token on taken out.

    A node with one way in and one way out changes nothing about who waits for whom; without them
    parallel branches need not be played in every order. A task that a timer may interrupt is a
    choice: the token goes on by the task's way or by the timer's.
    """

    def __init__(self, diagram: Diagram, within: Set[str]) -> None:
        self.nodes = diagram.nodes
        self.target = {flow.id: flow.target for flow in diagram.flows if flow.source in within}
        self.incoming: dict[str, set[str]] = {node: set() for node in within}
        self.outgoing: dict[str, set[str]] = {node: set() for node in within}
        for flow in diagram.flows:
            source = diagram.nodes[flow.source]
            if source.id in within:
                leaves = source.attached_to if source.attached_to in within else source.id
                self.outgoing[leaves].add(flow.id)
            if flow.target in within:  # a join waits for every branch, from wherever it comes
                self.incoming[flow.target].add(flow.id)
        self.choices = {node.id for node in diagram.nodes.values() if node.element == EXCLUSIVE}
        self.choices |= {timer.attached_to for timer in diagram.nodes.values() if timer.interrupts}
        for node in within:
            if len(self.incoming[node]) == len(self.outgoing[node]) == 1:
                self._take_out(node)

    def _take_out(self, node: str) -> None:
        (before,), (after,) = self.incoming[node], self.outgoing[node]
        if before == after:
            return
        target = self.target[after]
        self.incoming[target].remove(after)
        self.incoming[target].add(before)
        self.target[before] = target
        del self.target[after]
        self.incoming[node], self.outgoing[node] = set(), set()

    def successors(self, marking: Marking, crowded: set[str]) -> Iterable[Marking]:
        """Yield each marking one step further; note nodes whose way out is still occupied."""
        for taken, node in self._enabled(marking):
            ways = self.outgoing[node]
            chooses = node in self.choices
            choices = [frozenset([way]) for way in sorted(ways)] if chooses else [frozenset(ways)]
            for placed in choices:
                left = marking - taken
                if left & placed:
                    crowded.update(self.target[flow] for flow in left & placed)
                else:
                    yield left | placed

    def _enabled(self, marking: Marking) -> Iterable[tuple[Marking, str]]:
        for node in sorted({self.target[flow] for flow in marking}):
            present = self.incoming[node] & marking
            if self.nodes[node].element == PARALLEL:
                if present == self.incoming[node]:
                    yield frozenset(present), node
            else:
                for flow in sorted(present):
                    yield frozenset([flow]), node

    def waiting(self, marking: Marking) -> list[str]:
        """Return the joins at which a token stands and another is missing."""
        targets = sorted({self.target[flow] for flow in marking})
        return [
            node
            for node in targets
            if self.nodes[node].element == PARALLEL and not self.incoming[node] <= marking
        ]
