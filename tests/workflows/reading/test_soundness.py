"""Which diagrams can run, and that the engine agrees about those that pass."""

import random
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.workflows.sop_files import FlowRow, Node, draw
from workflows import engine, repository
from workflows.definitions import ProcessDefinition, SubjectKind
from workflows.files.findings import Findings
from workflows.reading import gate, reader, soundness
from workflows.reading.diagram import Diagram

SOP = 'title = "Acak"\n[facts.pilih]\nuse = "tests.choice"\n'


def findings_of(content: str) -> list[tuple[str, str]]:
    findings = Findings("process.bpmn")
    root = gate.open_gate(content.encode(), findings)
    assert root is not None, findings
    diagram = reader.read(root, findings)
    assert diagram is not None
    soundness.check(diagram, findings)
    return [(finding.code, finding.element) for finding in findings if finding.is_error]


def diagram_of(nodes: list[Node], flows: list[FlowRow], attributes: Mapping[str, str]) -> Diagram:
    findings = Findings("process.bpmn")
    root = gate.open_gate(draw(nodes, flows, attributes=attributes).encode(), findings)
    assert root is not None
    diagram = reader.read(root, findings)
    assert diagram is not None
    return diagram


def linked(*pairs: str) -> list[FlowRow]:
    """Return flows named after what they join: "a>b" or "a>b if condition"."""
    rows = []
    for pair in pairs:
        ends, _, condition = pair.partition(" if ")
        source, target = ends.split(">")
        rows.append((f"{source}__{target}", source, target, condition))
    return rows


def nodes_of(**elements: str) -> list[Node]:
    short = {"U": "userTask", "X": "exclusiveGateway", "P": "parallelGateway", "S": "serviceTask"}
    inner = [(short[element], name, "Staf") for name, element in elements.items()]
    return [("startEvent", "mulai", "Staf"), *inner, ("endEvent", "selesai", "Staf")]


def test_parallel_branches_that_meet_may_pass() -> None:
    flows = linked("mulai>bagi", "bagi>a", "bagi>b", "a>temu", "b>temu", "temu>selesai")
    nodes = nodes_of(bagi="P", a="U", b="U", temu="P")
    assert findings_of(draw(nodes, flows, attributes={})) == []


def test_many_long_branches_are_looked_at_quickly() -> None:
    inner = {f"t{b}_{s}": "U" for b in range(12) for s in range(5)}
    pairs = ["mulai>bagi", "temu>selesai"]
    for branch in range(12):
        pairs += [f"bagi>t{branch}_0", f"t{branch}_4>temu"]
        pairs += [f"t{branch}_{s}>t{branch}_{s + 1}" for s in range(4)]
    content = draw(nodes_of(bagi="P", temu="P", **inner), linked(*pairs), attributes={})
    assert findings_of(content) == []


def test_branches_may_end_apart() -> None:
    nodes = [*nodes_of(bagi="P", a="U", b="U"), ("endEvent", "selesai2", "Staf")]
    flows = linked("mulai>bagi", "bagi>a", "bagi>b", "a>selesai", "b>selesai2")
    assert findings_of(draw(nodes, flows, attributes={})) == []


def test_a_decision_inside_a_branch_may_pass() -> None:
    nodes = nodes_of(bagi="P", a="U", pilih="X", b="U", c="U", gabung="X", temu="P")
    flows = linked(
        "mulai>bagi", "bagi>a", "a>temu", "bagi>pilih", "pilih>b if facts.ya", "pilih>c",
        "b>gabung", "c>gabung", "gabung>temu", "temu>selesai",
    )  # fmt: skip
    assert findings_of(draw(nodes, flows, attributes={"pilih": 'default="pilih__c"'})) == []


def test_leaving_a_branch_early_leaves_the_join_waiting() -> None:
    nodes = nodes_of(bagi="P", a="U", pilih="X", b="U", temu="P")
    flows = linked(
        "mulai>bagi", "bagi>a", "a>temu", "bagi>pilih", "pilih>b if facts.ya", "pilih>selesai",
        "b>temu", "temu>selesai",
    )  # fmt: skip
    content = draw(nodes, flows, attributes={"pilih": 'default="pilih__selesai"'})
    assert findings_of(content) == [("E033", "temu")]


def test_going_back_out_of_a_branch_doubles_the_work() -> None:
    nodes = nodes_of(awal="U", bagi="P", a="U", pilih="X", temu="P")
    flows = linked(
        "mulai>awal", "awal>bagi", "bagi>a", "a>temu", "bagi>pilih", "pilih>awal if facts.ya",
        "pilih>temu", "temu>selesai",
    )  # fmt: skip
    found = findings_of(draw(nodes, flows, attributes={"pilih": 'default="pilih__temu"'}))
    assert {code for code, _ in found} == {"E033"}


def test_a_loop_with_a_person_in_it_may_pass() -> None:
    nodes = nodes_of(a="U", pilih="X")
    flows = linked("mulai>a", "a>pilih", "pilih>a if facts.ya", "pilih>selesai")
    assert findings_of(draw(nodes, flows, attributes={"pilih": 'default="pilih__selesai"'})) == []


@pytest.mark.fault("F24")
def test_a_loop_of_machines_needs_a_timer() -> None:
    nodes = nodes_of(a="S", pilih="X")
    flows = linked("mulai>a", "a>pilih", "pilih>a if facts.ya", "pilih>selesai")
    marks = {"pilih": 'default="pilih__selesai"'}
    assert findings_of(draw(nodes, flows, attributes=marks)) == [("E030", "a")]
    nodes.append(("intermediateCatchEvent", "tenggang", "Staf"))
    flows = linked(
        "mulai>a", "a>pilih", "pilih>tenggang if facts.ya", "tenggang>a", "pilih>selesai"
    )
    assert findings_of(draw(nodes, flows, attributes=marks)) == []


def test_a_long_chain_is_no_trouble() -> None:
    names = [f"t{n}" for n in range(400)]
    pairs = zip(["mulai", *names], [*names, "selesai"], strict=True)
    flows = linked(*(f"{a}>{b}" for a, b in pairs))
    assert findings_of(draw(nodes_of(**dict.fromkeys(names, "U")), flows, attributes={})) == []


def test_avoidable_tells_whether_a_way_leads_past() -> None:
    nodes = nodes_of(a="U", b="U", pilih="X")
    flows = linked("mulai>a", "a>pilih", "pilih>b if facts.ya", "pilih>selesai", "b>selesai")
    diagram = diagram_of(nodes, flows, {"pilih": 'default="pilih__selesai"'})
    assert not soundness.avoidable(diagram, "selesai", {"a"})
    assert soundness.avoidable(diagram, "selesai", {"b"})


class Dice(Mapping[str, Any]):
    """A fact that answers anew each time it is asked."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice

    def __getitem__(self, name: str) -> int:
        return self.dice.randrange(3)

    def __iter__(self) -> Iterator[str]:
        return iter(["pilih"])

    def __len__(self) -> int:
        return 1


def random_files(dice: random.Random) -> dict[str, bytes]:
    """Return a SOP drawn at random; most of them cannot run."""
    inner = {f"n{n}": dice.choice("UUXP") for n in range(dice.randint(2, 6))}
    targets = [*inner, "selesai"]
    pairs, marks = [f"mulai>{dice.choice(list(inner))}"], {}
    for name, element in inner.items():
        ways = dice.sample(targets, 1 if element == "U" else min(len(targets), dice.randint(1, 2)))
        decides = element == "X" and len(ways) > 1
        for number, way in enumerate(ways):
            bound = decides and number < len(ways) - 1
            pairs.append(f"{name}>{way}" + (" if facts.pilih == 1" if bound else ""))
        if decides:
            marks[name] = f'default="{name}__{ways[-1]}"'
    content = draw(nodes_of(**inner), linked(*pairs), attributes=marks)
    steps = "".join(f"[steps.{name}]\n" for name, element in inner.items() if element == "U")
    return {"process.bpmn": content.encode(), "sop.toml": (SOP + steps).encode()}


def walk(definition: ProcessDefinition, dice: random.Random) -> None:
    """Complete waiting tasks at random; it must always wait or end."""
    names = {"form": {}, "facts": Dice(dice)}
    snapshot = engine.start(definition, names)
    for _ in range(25):
        if snapshot.ended:
            assert snapshot.end_event == "selesai"
            return
        assert snapshot.ready
        steps = [task.step for task in snapshot.ready]
        assert len(set(steps)) == len(steps), "one step waits twice"
        chosen = dice.choice(snapshot.ready)
        snapshot = engine.complete(definition, snapshot.state, chosen.engine_id, names)


def test_the_engine_runs_every_diagram_that_passes() -> None:
    passed, refused = 0, set()
    for seed in range(1500):
        dice = random.Random(seed)
        examination = repository.examine(random_files(dice), "acak")
        refused |= {finding.code for finding in examination.findings if finding.is_error}
        if examination.definition is not None:
            passed += 1
            for _ in range(4):
                walk(examination.definition, dice)
    assert passed >= 40
    assert {"E028", "E029", "E030", "E033"} <= refused


class Blocks:
    """Draws blocks inside blocks: every diagram made like this can run."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.nodes: dict[str, str] = {}
        self.pairs: list[str] = []
        self.marks: dict[str, str] = {}
        first, last = self.block(3)
        self.pairs += [f"mulai>{first}", f"{last}>selesai"]

    def node(self, element: str) -> str:
        name = f"{element.lower()}{len(self.nodes)}"
        self.nodes[name] = element
        return name

    def block(self, depth: int) -> tuple[str, str]:
        """Draw one block and return its first and last node."""
        kind = (
            self.dice.choice(["task", "chain", "choice", "parallel", "loop"]) if depth else "task"
        )
        if kind == "task":
            task = self.node("U")
            return task, task
        parts = [self.block(depth - 1) for _ in range(self.dice.randint(2, 3))]
        if kind == "chain":
            self.pairs += [f"{parts[n][1]}>{parts[n + 1][0]}" for n in range(len(parts) - 1)]
            return parts[0][0], parts[-1][1]
        if kind == "loop":
            (first, last), (back, again) = parts[:2]
            door, gate = self.node("X"), self.node("X")
            self.pairs += [f"{door}>{first}", f"{last}>{gate}", f"{again}>{door}"]
            self.pairs.append(f"{gate}>{back} if facts.pilih == 1")
            for extra in parts[2:]:
                self.pairs += [f"{gate}>{extra[0]} if facts.pilih == 2", f"{extra[1]}>{door}"]
            after = self.node("U")
            self.pairs.append(f"{gate}>{after}")
            self.marks[gate] = f'default="{gate}__{after}"'
            return door, after
        element = "X" if kind == "choice" else "P"
        split, join = self.node(element), self.node(element)
        for number, (first, last) in enumerate(parts):
            bound = element == "X" and number
            condition = f" if facts.pilih == {number}" if bound else ""
            self.pairs += [f"{split}>{first}{condition}", f"{last}>{join}"]
        if element == "X":
            self.marks[split] = f'default="{split}__{parts[0][0]}"'
        return split, join

    def files(self) -> dict[str, bytes]:
        content = draw(nodes_of(**self.nodes), linked(*self.pairs), attributes=self.marks)
        steps = "".join(f"[steps.{n}]\n" for n, element in self.nodes.items() if element == "U")
        return {"process.bpmn": content.encode(), "sop.toml": (SOP + steps).encode()}


def test_blocks_inside_blocks_pass_and_run() -> None:
    parallel = 0
    for seed in range(120):
        dice = random.Random(seed)
        blocks = Blocks(dice)
        parallel += "P" in blocks.nodes.values()
        definition = repository.load(blocks.files(), "acak")
        for _ in range(3):
            walk(definition, dice)
    assert parallel >= 30


def test_the_engine_gets_stuck_where_the_gate_says_so() -> None:
    nodes = nodes_of(pilih="X", a="U", b="U", temu="P")
    flows = linked("mulai>pilih", "pilih>a if facts.pilih == 1", "pilih>b", "a>temu", "b>temu",
                   "temu>selesai")  # fmt: skip
    files = {
        "process.bpmn": draw(nodes, flows, attributes={"pilih": 'default="pilih__b"'}).encode(),
        "sop.toml": f"{SOP}[steps.a]\n[steps.b]\n".encode(),
    }
    examination = repository.examine(files, "acak")
    assert [f.code for f in examination.findings if f.is_error] == ["E033"]
    assert examination.sop is not None
    head, version = examination.sop.head, repository.version_of(files)
    stuck = ProcessDefinition(
        "acak", version, "proses", head, SubjectKind.NONE, (), {}, (), {}, files
    )
    names = {"form": {}, "facts": {"pilih": 1}}
    snapshot = engine.start(stuck, names)
    with pytest.raises(engine.EngineError):
        engine.complete(stuck, snapshot.state, snapshot.ready[0].engine_id, names)
