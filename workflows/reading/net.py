"""The moves of tokens over a diagram, as far as they decide who waits for whom."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import combinations

from workflows.reading.diagram import EVENT_BASED, EXCLUSIVE, INCLUSIVE, PARALLEL, Diagram

Marking = frozenset[str]  # the flows on which a token stands


def together(ways: Sequence[str], default: str) -> Iterator[tuple[str, ...]]:
    """Yield each set of flows that an inclusive gateway may give a token at once.

    These are any of those with a condition, or the default alone.
    """
    asked = [way for way in ways if way != default]
    for count in range(1, len(asked) + 1):
        yield from combinations(asked, count)
    if default in ways:
        yield (default,)


def is_missed(arrived: Set[str], places: Iterable[str], leading: Mapping[str, Set[str]]) -> bool:
    """Say whether an inclusive join must wait (BPMN 2.0, 13.4.3).

    `arrived` are the flows into it that hold a token, `places` where all other tokens stand,
    `leading` for each flow into it the places from which a token may come to it. It waits for who
    can come to a flow that is still empty, unless he can come to a filled one as well: he is at
    the split of a later round.
    """
    filled = frozenset[str]().union(*(leading[flow] for flow in arrived))
    empty = frozenset[str]().union(*(leading[flow] for flow in leading.keys() - arrived))
    return any(place in empty and place not in filled for place in places)


class Net:
    """The diagram with every node that merely passes a token on taken out.

    A node with one way in and one way out changes nothing about who waits for whom; without them
    parallel branches need not be played in every order. A task that an event may end is a choice:
    the token goes on by the task's way or by the event's.
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
        nodes = diagram.nodes.values()
        self.choices = {n.id for n in nodes if n.element in (EXCLUSIVE, EVENT_BASED)}
        self.choices |= {event.attached_to for event in nodes if event.interrupts}
        for node in within:
            if len(self.incoming[node]) == len(self.outgoing[node]) == 1:
                self._take_out(node)
        inclusive = (n for n in within if self.nodes[n].element == INCLUSIVE)
        self.before = {join: self._leading_to(join) for join in inclusive}

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

    def _leading_to(self, join: str) -> dict[str, frozenset[str]]:
        """Return for each flow into a join from where a token may come, not passing the join."""
        source = {flow: node for node, flows in self.outgoing.items() for flow in flows}
        found = {}
        for entry in self.incoming[join]:
            before: set[str] = set()
            queue = [entry]
            for flow in queue:
                came_from = source.get(flow, join)
                fresh = set() if came_from == join else self.incoming[came_from] - before
                before |= fresh
                queue += fresh
            found[entry] = frozenset(before)
        return found

    def successors(self, marking: Marking, crowded: set[str]) -> Iterable[Marking]:
        """Yield each marking one step further; note nodes whose way out is still occupied."""
        for taken, node in self._enabled(marking):
            for placed in self._ways_out(node):
                left = marking - taken
                if left & placed:
                    crowded.update(self.target[flow] for flow in left & placed)
                else:
                    yield left | placed

    def _ways_out(self, node: str) -> Iterator[frozenset[str]]:
        """Yield each set of flows that a node may give a token at once."""
        ways = sorted(self.outgoing[node])
        if node in self.choices:
            yield from (frozenset([way]) for way in ways)
        elif self.nodes[node].element == INCLUSIVE and len(ways) > 1:
            yield from map(frozenset, together(ways, self.nodes[node].default))
        else:
            yield frozenset(ways)

    def _enabled(self, marking: Marking) -> Iterable[tuple[Marking, str]]:
        for node in sorted({self.target[flow] for flow in marking}):
            present = self.incoming[node] & marking
            if self.nodes[node].element in (PARALLEL, INCLUSIVE):
                if not self._is_missed(node, marking):
                    yield frozenset(present), node
            else:
                for flow in sorted(present):
                    yield frozenset([flow]), node

    def _is_missed(self, join: str, marking: Marking) -> bool:
        """Say whether a join waits for a token more, or for one that may still come."""
        if self.nodes[join].element == PARALLEL:
            return not self.incoming[join] <= marking
        arrived = marking & self.incoming[join]
        return is_missed(arrived, marking - arrived, self.before[join])

    def waiting(self, marking: Marking) -> list[str]:
        """Return the joins at which a token stands and another is missing."""
        targets = sorted({self.target[flow] for flow in marking})
        joins = [node for node in targets if self.nodes[node].element in (PARALLEL, INCLUSIVE)]
        return [join for join in joins if self._is_missed(join, marking)]
