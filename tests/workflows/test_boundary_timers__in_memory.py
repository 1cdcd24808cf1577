"""Timers of ours beside SpiffWorkflow's own boundary events: random walks through both."""

import random
from typing import Any

import pytest

from tests.workflows.definitions import TIMER, names
from tests.workflows.kept_in_memory import KeptInMemory
from tests.workflows.reading.test_soundness import Blocks, linked
from tests.workflows.sop_files import Node, draw
from tests.workflows.timer_sops import (
    BESIDE,
    INTERRUPTED,
    INTERRUPTING,
    REMINDED,
)
from workflows import engine, repository
from workflows.definitions import ProcessDefinition


class TimedBlocks(Blocks):
    """Blocks inside blocks, with timers on some tasks of people."""

    def __init__(self, dice: random.Random) -> None:
        super().__init__(dice)
        self.timers = [
            (name, kind)
            for name, element in self.nodes.items()
            for kind in dice.choices([(), ("b",), ("i",), ("b", "b"), ("b", "i")], k=1)[0]
            if element == "U"
        ]
        # A second way into a join would be one more branch to wait for.
        self.timers = [t for t in self.timers if t[1] == "b" or not self._joins_after(t[0])]

    def _joins_after(self, name: str) -> bool:
        (way,) = (pair for pair in self.pairs if pair.startswith(f"{name}>"))
        return self.nodes.get(way.partition(">")[2]) == "P"

    def files(self) -> dict[str, bytes]:
        inner = {"U": "userTask", "X": "exclusiveGateway", "P": "parallelGateway"}
        nodes: list[Node] = [(inner[e], name, "Staf") for name, e in self.nodes.items()]
        nodes = [("startEvent", "mulai", "Staf"), *nodes, ("endEvent", "selesai", "Staf")]
        pairs, attributes, inside = list(self.pairs), dict(self.marks), {}
        sop = '\ntitle = "Acak"\n[facts.pilih]\nuse = "tests.choice"\n'
        sop += "".join(f"[steps.{n}]\n" for n, element in self.nodes.items() if element == "U")
        for number, (host, kind) in enumerate(self.timers):
            timer, work = f"waktu{number}", f"kerja{number}"
            nodes += [("boundaryEvent", timer, "Staf"), ("serviceTask", work, "Staf")]
            pairs.append(f"{timer}>{work}")
            if kind == "b":
                nodes.append(("endEvent", f"lain{number}", "Staf"))
                pairs.append(f"{work}>lain{number}")
            else:  # goes on where its task would have
                way = next(pair for pair in self.pairs if pair.startswith(f"{host}>"))
                pairs.append(f"{work}>{way.partition('>')[2]}")
            ends = BESIDE if kind == "b" else INTERRUPTING
            attributes[timer] = f'attachedToRef="{host}" {ends}'
            inside[timer] = TIMER
            sop += f'[steps.{timer}]\n[steps.{work}]\noperation = {{ use = "tests.print" }}\n'
        bpmn = draw(nodes, linked(*pairs), attributes=attributes, inside=inside)
        return {"process.bpmn": bpmn.encode(), "sop.toml": sop.encode()}


def walk(definition: ProcessDefinition, dice: random.Random) -> int:
    """Complete tasks and let timers fire at random; return how many timers were withdrawn."""
    given: dict[str, Any] = {"form": {}, "facts": {"pilih": dice.randrange(3)}}
    kept = KeptInMemory(definition, given, own_joins=False)
    snapshot = engine.start(definition, given)
    withdrawn = 0
    for _ in range(30):
        assert sorted(task.step for task in snapshot.ready) == kept.steps
        assert snapshot.ended is kept.ended
        if snapshot.ended:
            assert snapshot.end_event == "selesai"
            break
        task = dice.choice(snapshot.ready)
        given = {"form": {}, "facts": {"pilih": dice.randrange(3)}}
        before = {ready.engine_id for ready in snapshot.ready}
        snapshot = engine.complete(definition, snapshot.state, task.engine_id, given)
        kept.complete(task.step, given)
        gone = {ready.engine_id for ready in snapshot.withdrawn}
        assert before - gone - {task.engine_id} <= {ready.engine_id for ready in snapshot.ready}
        withdrawn += len(gone)
    return withdrawn


def test_random_diagrams_with_timers_pass_and_run_as_they_would_in_memory() -> None:
    passed = timers = withdrawn = 0
    for seed in range(40):
        dice = random.Random(seed)
        blocks = TimedBlocks(dice)
        examination = repository.examine(blocks.files(), "acak")
        if examination.definition is None:
            (finding,) = (finding for finding in examination.findings if finding.is_error)
            assert finding.text.startswith("terlalu banyak cabang")
            continue
        passed += 1
        timers += len(blocks.timers)
        withdrawn += sum(walk(examination.definition, dice) for _ in range(2))
    assert passed > 30
    assert timers > 200
    assert withdrawn > 120


@pytest.mark.parametrize("definition", [REMINDED, INTERRUPTED], ids=["beside", "interrupting"])
def test_the_small_sops_run_as_they_would_in_memory(definition: ProcessDefinition) -> None:
    for seed in range(100):
        dice = random.Random(seed)
        form = {"hasil": "ulang"}
        snapshot = engine.start(definition, names(form))
        kept = KeptInMemory(definition, names(form))
        for _ in range(40):
            assert sorted(task.step for task in snapshot.ready) == kept.steps
            assert snapshot.ended is kept.ended
            if snapshot.ended:
                break
            task = dice.choice(snapshot.ready)
            form = {"hasil": dice.choice(["lanjut", "ulang"])}
            snapshot = engine.complete(definition, snapshot.state, task.engine_id, names(form))
            kept.complete(task.step, names(form))
