"""What happened, played again on the diagram: was each task what the BPMN offered next?

What decided is not recorded: facts, answers, how many rows there were, whether a task succeeded or
failed for good. So every way out of a decision is allowed and all courses are followed side by
side; the run fits if one of them fits. Tokens stand where the engine lets them wait: at tasks (one
for all rows), at events, before joins.
(`reading.net` plays with the tasks taken out of the diagram: here they are what is seen.)
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from workflows.definitions import Flow, ProcessDefinition
from workflows.reading import edges, reader
from workflows.reading.diagram import (
    EVENT_BASED,
    EXCLUSIVE,
    INCLUSIVE,
    PARALLEL,
    START,
    Diagram,
    Node,
    Trigger,
)
from workflows.reading.net import is_missed, together
from workflows.reading.soundness import MAXIMUM_MARKINGS

KEPT = 128  # diagrams held in memory

# Sorted: tasks and timers that wait, flows on which a token waits for a join. What runs beside a
# task may be entered again before it is done, so that a place can hold two.
Tokens = tuple[str, ...]


@dataclass(frozen=True)
class Replay:
    """`out_of_order` are the places in the sequence that the BPMN did not offer when they came.

    `complete` says that the run stands at an end: nothing waits any more.
    """

    out_of_order: tuple[int, ...]
    complete: bool

    @property
    def fits(self) -> bool:
        """Say whether a finished run went as the BPMN leads."""
        return self.complete and not self.out_of_order


@dataclass(frozen=True)
class _Course:
    """One way it may have gone. `ahead` is a task that was done before its turn came."""

    tokens: Tokens
    ahead: str = ""


def replay(definition: ProcessDefinition, completed: Sequence[str]) -> Replay:
    """Play the tasks that were completed, by BPMN id in the order of their completion.

    After a task that was not offered, either what stood before it was left out or its own turn is
    still to come; both are followed, and what explains the rest without a finding is taken.
    """
    game = _game(definition.bpmn)
    courses = {_Course(tokens) for tokens in game.begin()}
    out_of_order = []
    for place, step in enumerate(completed):
        following = set(game.after(courses, step))
        if not following:
            out_of_order.append(place)
            following = set(game.forced(courses, step)) or courses
        following |= set(game.caught_up(following))
        courses = _fewest(following)
    return Replay(tuple(out_of_order), any(not course.tokens for course in courses))


@dataclass(frozen=True)
class Standing:
    """Where the tokens may wait now; `stuck_at` is the first place that the BPMN did not offer."""

    tokens: frozenset[Tokens]
    stuck_at: int | None = None


def standing(definition: ProcessDefinition, completed: Sequence[str]) -> Standing:
    """Play the tasks that were completed strictly: nothing was left out, nothing done ahead."""
    game = _game(definition.bpmn)
    courses = {_Course(tokens) for tokens in game.begin()}
    for place, step in enumerate(completed):
        courses = set(game.after(courses, step))
        if not courses:
            return Standing(frozenset(), place)
    return Standing(frozenset(course.tokens for course in courses))


def avoidable(definition: ProcessDefinition, steps: Iterable[str]) -> bool:
    """Say whether some run comes to an end without any of these tasks."""
    return _avoidable(definition.bpmn, frozenset(steps))


@lru_cache(maxsize=8 * KEPT)
def _avoidable(bpmn: bytes, steps: frozenset[str]) -> bool:
    return _game(bpmn).ends_without(steps)


def _fewest(courses: set[_Course]) -> set[_Course]:
    """Keep what a record gone wrong can lead to within bounds; what went right stays below them."""
    if len(courses) <= MAXIMUM_MARKINGS:
        return courses
    simplest = sorted(courses, key=lambda c: (bool(c.ahead), len(c.tokens), sorted(c.tokens)))
    return set(simplest[:MAXIMUM_MARKINGS])


@lru_cache(maxsize=KEPT)
def _game(bpmn: bytes) -> "_Game":
    return _Game(reader.admitted(bpmn))


class _Game:
    """The moves of tokens on a diagram that passed the gate."""

    def __init__(self, diagram: Diagram) -> None:
        self.nodes = diagram.nodes
        self.outgoing = {node: tuple(diagram.outgoing[node]) for node in diagram.nodes}
        self.target = {flow.id: flow.target for flow in diagram.flows}
        self.incoming = {
            node: frozenset(flow.id for flow in diagram.incoming[node]) for node in diagram.nodes
        }
        self.before = {
            node.id: {f.id: edges.leading_to(diagram, f) for f in diagram.incoming[node.id]}
            for node in diagram.nodes.values()
            if node.element == INCLUSIVE
        }
        self.on_edge = {
            node: frozenset(event.id for event in diagram.events_on[node] if event.kind)
            for node in diagram.nodes
        }
        self.failures = {
            event.attached_to: event.id
            for event in diagram.nodes.values()
            if event.trigger is Trigger.ERROR
        }
        self.rivals = {
            flow.target: frozenset(f.target for f in self.outgoing[flow.source]) - {flow.target}
            for flow in diagram.flows
            if diagram.nodes[flow.source].element == EVENT_BASED
        }
        self.region = dict.fromkeys(diagram.nodes, "")
        for event in edges.events_beside(diagram):
            self.region |= dict.fromkeys(edges.nodes_beside(diagram, event), event.id)
        self.region |= {flow.id: self.region[flow.target] for flow in diagram.flows}

    def begin(self) -> set[Tokens]:
        """Return where the tokens may wait first."""
        starts = [node.id for node in self.nodes.values() if node.element == START]
        return set(self._led((), [flow for start in starts for flow in self.outgoing[start]]))

    def after(self, courses: Iterable[_Course], step: str) -> Iterator[_Course]:
        """Yield the courses in which this task was offered, with it completed."""
        for course in courses:
            if step in course.tokens:
                for tokens in self._completed(course.tokens, step):
                    yield _Course(tokens, course.ahead)

    def forced(self, courses: Iterable[_Course], step: str) -> Iterator[_Course]:
        """Yield what a task leads to that was not offered: a token jumps there, or it is ahead."""
        if step not in self.nodes:
            return
        for course in courses:
            if not course.ahead:
                yield _Course(course.tokens, step)
            for left in self._with_one_less(course.tokens, self.region[step]):
                for tokens in self._led(left, self.outgoing[step]):
                    yield _Course(tokens, course.ahead)

    def caught_up(self, courses: Iterable[_Course]) -> Iterator[_Course]:
        """Yield the courses that came to the task that had been done ahead of its turn."""
        for course in courses:
            if course.ahead in course.tokens:
                for tokens in self._completed(course.tokens, course.ahead):
                    yield _Course(tokens)

    def ends_without(self, steps: Set[str]) -> bool:
        """Say whether the tokens can all come to an end, none of these tasks being done."""
        seen = dict.fromkeys(self.begin())
        queue = list(seen)
        for tokens in queue:
            # A token on a flow waits for a join; a timer beside its task need not fire.
            movable = (t for t in tokens if t in self.nodes and not self.region[t])
            for token in (t for t in movable if t not in steps):
                fresh = [f for f in self._completed(tokens, token) if f not in seen]
                seen |= dict.fromkeys(fresh)
                queue += fresh
            if () in seen or len(seen) > MAXIMUM_MARKINGS:
                break
        return () in seen

    def _with_one_less(self, tokens: Tokens, region: str) -> Iterator[Tokens]:
        """Yield the tokens without each of those that may have jumped within this region."""
        movable = [t for t in tokens if self.region[t] == region and not self._hangs_on(t, tokens)]
        for token in movable:
            yield self._less(tokens, token)
        if not movable:
            yield tokens

    def _hangs_on(self, token: str, tokens: Tokens) -> bool:
        """Say whether this is an event that will go with the task that it would interrupt."""
        node = self.nodes.get(token)
        return node is not None and node.interrupts and node.attached_to in tokens

    def _less(self, tokens: Tokens, token: str) -> Tokens:
        """Return what is left without one token and all that ends with it."""
        place = tokens.index(token)
        gone = self.on_edge.get(token, frozenset()) | self.rivals.get(token, frozenset())
        node = self.nodes.get(token)
        if node is not None and node.interrupts:
            gone = self.on_edge[node.attached_to] | {node.attached_to}
        return tuple(t for t in (*tokens[:place], *tokens[place + 1 :]) if t not in gone)

    def _completed(self, tokens: Tokens, step: str) -> Iterator[Tokens]:
        """Yield where the tokens may wait once a task is done, for one row, or failed for good."""
        if self.nodes[step].per_row:
            yield tokens
        left = self._less(tokens, step)
        yield from self._led(left, self.outgoing[step])
        if step in self.failures:
            yield from self._led(left, self.outgoing[self.failures[step]])

    def _led(self, tokens: Tokens, flows: Sequence[Flow]) -> Iterator[Tokens]:
        """Yield where the tokens may wait once each of these flows has carried one on."""
        if not flows:
            yield from self._still(tokens)
            return
        flow, rest = flows[0], flows[1:]
        node = self.nodes[flow.target]
        onward = self.outgoing[node.id]
        if node.kind is not None:
            yield from self._led(_more(tokens, node.id, *self.on_edge[node.id]), rest)
            if node.per_row:  # there may be no row
                yield from self._led(tokens, (*onward, *rest))
        elif node.element == EXCLUSIVE:
            for way in onward:
                yield from self._led(tokens, (way, *rest))
        elif node.element == PARALLEL:
            yield from self._arrived(_more(tokens, flow.id), node, rest)
        elif node.element == INCLUSIVE and len(self.incoming[node.id]) > 1:
            yield from self._led(_more(tokens, flow.id), rest)
        elif node.element == INCLUSIVE:
            for ways in self._together(node):
                yield from self._led(tokens, (*ways, *rest))
        else:  # an end, or a gateway that opens all the events behind it
            yield from self._led(tokens, (*onward, *rest))

    def _still(self, tokens: Tokens) -> Iterator[Tokens]:
        """Nothing moves by itself any more but the first inclusive join that misses nobody."""
        for join, leading in self.before.items():
            arrived = self.incoming[join].intersection(tokens)
            left = tuple(token for token in tokens if token not in arrived)
            places = (self.target.get(token, token) for token in left)
            if arrived and not is_missed(arrived, places, leading):
                for ways in self._together(self.nodes[join]):
                    yield from self._led(left, ways)
                return
        yield tokens

    def _together(self, node: Node) -> Iterator[list[Flow]]:
        flows = {flow.id: flow for flow in self.outgoing[node.id]}
        if len(flows) < 2:
            yield list(flows.values())
            return
        for ways in together(list(flows), node.default):
            yield [flows[way] for way in ways]

    def _arrived(self, tokens: Tokens, join: Node, rest: Sequence[Flow]) -> Iterator[Tokens]:
        waited_for = self.incoming[join.id]
        if not waited_for.issubset(tokens):
            yield from self._led(tokens, rest)
            return
        left = list(tokens)
        for flow in waited_for:
            left.remove(flow)
        yield from self._led(tuple(left), (*self.outgoing[join.id], *rest))


def _more(tokens: Tokens, *places: str) -> Tokens:
    return tuple(sorted((*tokens, *places)))
