"""Random well-nested diagrams, and what happens in them told without any tokens.

A block knows of itself alone which of its tasks are open: there is nothing to join and nobody to
wait for but its own parts. What the engine makes of the same as a drawing must be the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

Facts = Mapping[str, Any]


@dataclass
class Block:
    """`enter` opens it, `complete` does one of its open tasks; both say whether it is done."""

    name: str = ""

    def enter(self, facts: Facts) -> bool:
        raise NotImplementedError

    def complete(self, task: str, facts: Facts) -> bool:
        raise NotImplementedError

    def open(self) -> list[str]:
        raise NotImplementedError


@dataclass
class Task(Block):
    is_open: bool = False

    def enter(self, facts: Facts) -> bool:
        assert not self.is_open
        self.is_open = True
        return False

    def complete(self, task: str, facts: Facts) -> bool:
        assert self.is_open
        self.is_open = False
        return True

    def open(self) -> list[str]:
        return [self.name] if self.is_open else []


@dataclass
class Empty(Block):
    def enter(self, facts: Facts) -> bool:
        return True

    def open(self) -> list[str]:
        return []


@dataclass
class Row(Block):
    """One part after the other."""

    parts: list[Block] = field(default_factory=list)
    at: int = 0

    def enter(self, facts: Facts) -> bool:
        self.at = 0
        return self._on(facts, self.parts[0].enter(facts))

    def complete(self, task: str, facts: Facts) -> bool:
        return self._on(facts, self.parts[self.at].complete(task, facts))

    def _on(self, facts: Facts, done: bool) -> bool:
        while done and self.at + 1 < len(self.parts):
            self.at += 1
            done = self.parts[self.at].enter(facts)
        return done

    def open(self) -> list[str]:
        return self.parts[self.at].open()


@dataclass
class Split(Block):
    """Branches: one (X), all (P) or some (O) of them. The last is the default."""

    kind: str = ""
    branches: list[Block] = field(default_factory=list)
    left: list[Block] = field(default_factory=list)

    def enter(self, facts: Facts) -> bool:
        holds = [b for n, b in enumerate(self.branches[:-1]) if facts[f"{self.name}_{n}"]]
        chosen = {
            "X": holds[:1] or self.branches[-1:],
            "O": holds or self.branches[-1:],
            "P": self.branches,
        }[self.kind]
        self.left = [branch for branch in chosen if not branch.enter(facts)]
        return not self.left

    def complete(self, task: str, facts: Facts) -> bool:
        branch = next(branch for branch in self.left if task in branch.open())
        if branch.complete(task, facts):
            self.left = [other for other in self.left if other is not branch]
        return not self.left

    def open(self) -> list[str]:
        return [task for branch in self.left for task in branch.open()]


@dataclass
class Round(Block):
    """Once, and again as long as its fact says so; begins with a task, so that it never spins."""

    body: Block = field(default_factory=Empty)

    def enter(self, facts: Facts) -> bool:
        return self._again(self.body.enter(facts), facts)

    def complete(self, task: str, facts: Facts) -> bool:
        return self._again(self.body.complete(task, facts), facts)

    def _again(self, done: bool, facts: Facts) -> bool:
        if done and facts[self.name]:
            return self.body.enter(facts)
        return done

    def open(self) -> list[str]:
        return self.body.open()


def blocks() -> st.SearchStrategy[Block]:
    """Return blocks without names; `named` gives them theirs."""

    def wider(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
        branches = st.lists(inner, min_size=2, max_size=3)
        # One way may lead straight to the join; two would be the same flow twice.
        with_empty = st.tuples(branches, st.integers(0, 5)).map(_one_empty)
        kinds = st.sampled_from("XPOOO")
        return st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: Row(parts=parts)),
            st.tuples(kinds, with_empty).map(lambda made: Split(kind=made[0], branches=made[1])),
            inner.map(lambda body: Round(body=Row(parts=[Task(), body]))),
        )

    return st.recursive(st.builds(Task), wider, max_leaves=8)


def _one_empty(made: tuple[list[Block], int]) -> list[Block]:
    branches, place = made
    if place < len(branches):
        branches[place] = Empty()
    return branches


@dataclass
class Drawn:
    """The same block as elements, flows, defaults and the facts that its conditions read."""

    elements: dict[str, str] = field(default_factory=dict)
    flows: list[str] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    facts: list[str] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)

    def add(self, block: Block, before: str, condition: str = "") -> str:
        """Draw a block behind a node and return its last node."""
        number = len(self.elements)
        if isinstance(block, Empty):
            return before
        if isinstance(block, Row):
            for part in block.parts:
                before, condition = self.add(part, before, condition), ""
            return before
        if isinstance(block, Round):
            block.name = f"g{number}"
            begin, end = f"{block.name}_masuk", f"{block.name}_lagi"
            self.elements |= {begin: "X", end: "X"}
            self._flow(before, begin, condition)
            self._flow(self.add(block.body, begin), end)
            self._flow(end, begin, f"facts.{block.name}")
            self.facts.append(block.name)
            self.attributes[end] = f'default="{end}__NEXT"'
            return end
        if isinstance(block, Split):
            block.name = f"g{number}"
            begin, end = f"{block.name}_bagi", f"{block.name}_temu"
            self.elements |= {begin: block.kind, end: block.kind}
            self._flow(before, begin, condition)
            for place, branch in enumerate(block.branches):
                self._branch(block, branch, place, begin, end)
            return end
        block.name = f"t{number}"
        self.elements[block.name] = "U"
        self.tasks.append(block.name)
        self._flow(before, block.name, condition)
        return block.name

    def _branch(self, split: Split, branch: Block, place: int, begin: str, end: str) -> None:
        condition, is_last = "", place == len(split.branches) - 1
        if not is_last:
            self.facts.append(f"{split.name}_{place}")
            if split.kind != "P":
                condition = f"facts.{split.name}_{place}"
        known = len(self.flows)
        if isinstance(branch, Empty):
            self._flow(begin, end, condition)
        else:
            self._flow(self.add(branch, begin, condition), end)
        if is_last and split.kind != "P":
            first = self.flows[known].partition(" if ")[0].replace(">", "__")
            self.attributes[begin] = f'default="{first}"'

    def _flow(self, source: str, target: str, condition: str = "") -> None:
        named = self.attributes.get(source, "")
        self.attributes |= {source: named.replace("NEXT", target)} if "NEXT" in named else {}
        self.flows.append(f"{source}>{target}" + (f" if {condition}" if condition else ""))


def drawn(block: Block) -> Drawn:
    """Name the parts of a block and draw it between start and end."""
    made = Drawn()
    made._flow(made.add(block, "mulai"), "selesai")
    return made
