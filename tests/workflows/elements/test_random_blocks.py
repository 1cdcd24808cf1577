"""Random diagrams: the engine opens what nested blocks say, and always comes to the end.

What is tangled comes to its end too, or is refused before anything runs.
"""

import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workflows.definitions import names
from tests.workflows.elements.blocks import Block, Split, blocks, drawn
from tests.workflows.elements.making import drawing, files
from tests.workflows.reading.test_soundness import findings_of
from tests.workflows.runs import do, steps
from workflows import engine, repository
from workflows.replay import replay

LONGEST = 60
TANGLES = 6000
CALM = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@CALM
@given(block=blocks(), data=st.data())
def test_no_token_is_lost_or_doubled_and_the_end_is_always_reached(
    block: Block, data: st.DataObject
) -> None:
    made = drawn(block)
    head = "".join(f'[facts.{name}]\nuse = "tests.fact"\n' for name in made.facts)
    bpmn = drawing(made.elements, made.flows, attributes=made.attributes)
    examination = repository.examine(files(bpmn, dict.fromkeys(made.tasks, ""), head=head), "acak")
    definition = examination.definition
    if definition is None:
        assert [f.text[:22] for f in examination.findings if f.is_error] == [
            "terlalu banyak cabang "
        ]
        return

    def facts(number: int) -> dict[str, Any]:
        rounds_end = number > LONGEST // 3
        return {
            name: data.draw(st.booleans(), label=name) and not (rounds_end and "_" not in name)
            for name in made.facts
        }

    now = facts(0)
    snapshot, done = engine.start(definition, names(facts=now)), block.enter(now)
    path = []
    for number in range(LONGEST * 3):
        assert sorted(steps(snapshot)) == sorted(block.open())
        assert snapshot.ended is done
        if done:
            break
        task = data.draw(st.sampled_from(sorted(block.open())), label="task")
        now = facts(number)
        path.append(task)
        snapshot = do(definition, snapshot, task, names(facts=now))
        done = block.complete(task, now)
    assert snapshot.ended
    assert snapshot.end_event == "selesai"
    assert replay(definition, path).fits


def test_the_blocks_hold_joins_of_every_kind() -> None:
    kinds = set[str]()

    @settings(max_examples=60, deadline=None, database=None, derandomize=True)
    @given(block=blocks())
    def look(block: Block) -> None:
        made = drawn(block)
        kinds.update(made.elements.values())
        if isinstance(block, Split):
            kinds.add(f"split {block.kind}")

    look()
    assert {"U", "X", "P", "O", "split O"} <= kinds


def tangle(dice: random.Random) -> tuple[dict[str, str], list[str], dict[str, str]]:
    """Return elements, flows and defaults of a diagram that nobody ordered."""
    elements = {f"n{number}": dice.choice("OOOXPUU") for number in range(dice.randint(5, 10))}
    order = ["mulai", *elements, "selesai"]
    flows, attributes = list[str](), dict[str, str]()
    for place, name in enumerate(order[:-1]):
        several = elements.get(name, "U") != "U" and dice.random() < 0.6
        ahead = range(place + 1, min(place + 4, len(order)))
        targets = {order[dice.choice(ahead)] for _ in range(1 + several)}
        if several and dice.random() < 0.15:
            targets.add(order[dice.randint(1, place)])  # back
        default, *others = sorted(targets - {name}) or [order[place + 1]]
        asks = others and elements[name] in "OX"
        flows += [f"{name}>{default}"]
        flows += [f"{name}>{t}" + (f" if facts.{name}_{t}" if asks else "") for t in others]
        if asks:
            attributes[name] = f'default="{name}__{default}"'
    return elements, flows, attributes


def test_what_passes_the_gate_however_tangled_comes_to_its_end() -> None:
    ran = joined = 0
    for seed in range(TANGLES):
        dice = random.Random(seed)
        elements, flows, attributes = tangle(dice)
        facts = [flow.partition(" if facts.")[2] for flow in flows if " if " in flow]
        tasks = [name for name, element in elements.items() if element == "U"]
        bpmn = drawing(elements, flows, attributes=attributes)
        if findings_of(bpmn):
            continue
        head = "".join(f'[facts.{name}]\nuse = "tests.fact"\n' for name in facts)
        definition = repository.load(files(bpmn, dict.fromkeys(tasks, ""), head=head), "kusut")
        ran += 1
        joined += "O" in elements.values()
        snapshot = engine.start(definition, names(facts=_thrown(facts, dice)))
        path = list[str]()
        while not snapshot.ended:
            assert len(set(steps(snapshot))) == len(snapshot.ready)
            assert len(path) < 2000
            path.append(dice.choice(steps(snapshot)))
            snapshot = do(definition, snapshot, path[-1], names(facts=_thrown(facts, dice)))
        assert replay(definition, path).fits
    assert ran > 40
    assert joined > 25


def _thrown(facts: list[str], dice: random.Random) -> dict[str, bool]:
    return {name: dice.random() < 0.5 for name in facts}
