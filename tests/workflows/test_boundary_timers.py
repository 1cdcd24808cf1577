"""Timers on the edge of a task: they live with their task, and what they begin runs beside it."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

from tests.workflows import timer_sops
from tests.workflows.definitions import NO_NAMES, TIMER, bare, names
from tests.workflows.kept_in_memory import KeptInMemory
from tests.workflows.sop_files import FlowRow, Node, draw
from tests.workflows.test_bpmn_soundness import Blocks, linked
from tests.workflows.test_engine import do, steps
from tests.workflows.timer_sops import ATTRIBUTES, BESIDE, FLOWS, INTERRUPTING, NODES, drawing
from workflows import diagram, engine, repository, scenarios
from workflows.definitions import ProcessDefinition, TaskKind
from workflows.diagram import Mark, MarkKind
from workflows.engine import Snapshot
from workflows.scenarios import Scenario, ScenarioFailed, Step

ON, AGAIN = names({"hasil": "lanjut"}), names({"hasil": "ulang"})


def defined(bpmn: str | None = None, sop: str = timer_sops.SOP) -> ProcessDefinition:
    return repository.load(timer_sops.files(bpmn, sop), "surat_ditunggu")


SOP, INTERRUPTED = defined(), defined(timer_sops.interrupting())


def waiting(definition: ProcessDefinition = SOP) -> Snapshot:
    """Return the process at its decision, with both timers running."""
    return do(definition, engine.start(definition, NO_NAMES), "ajukan")


def names_of(tasks: tuple[engine.ReadyTask, ...]) -> list[str]:
    return sorted(task.step for task in tasks)


# --- the engine ---


def test_the_timers_begin_with_their_task() -> None:
    snapshot = engine.start(SOP, NO_NAMES)
    assert steps(snapshot) == ["ajukan"]
    snapshot = do(SOP, snapshot, "ajukan")
    assert names_of(snapshot.opened) == ["putuskan", "sehari", "tiga_hari"]
    assert engine.ready(SOP, snapshot.state) == snapshot.ready


def test_a_task_that_is_done_takes_its_timers_with_it_and_the_process_ends() -> None:
    snapshot = do(SOP, waiting(), "putuskan", ON)
    assert names_of(snapshot.withdrawn) == ["sehari", "tiga_hari"]
    assert (snapshot.ended, snapshot.end_event, snapshot.ready) == (True, "selesai", ())


def test_a_timer_that_fires_leaves_its_task_and_the_other_timer_alone() -> None:
    before = waiting()
    snapshot = do(SOP, before, "sehari")
    assert names_of(snapshot.ready) == ["ingatkan", "putuskan", "tiga_hari"]
    assert names_of(snapshot.opened) == ["ingatkan"]
    assert snapshot.withdrawn == ()
    same = {t.engine_id for t in before.ready} & {t.engine_id for t in snapshot.ready}
    assert len(same) == 2
    snapshot = do(SOP, snapshot, "ingatkan")
    assert names_of(snapshot.ready) == ["putuskan", "tiga_hari"]
    assert not snapshot.ended
    snapshot = do(SOP, snapshot, "putuskan", ON)
    assert (snapshot.ended, snapshot.end_event) == (True, "selesai")
    assert names_of(snapshot.withdrawn) == ["tiga_hari"]


def test_a_task_entered_again_has_new_timers() -> None:
    first = waiting()
    snapshot = do(SOP, first, "putuskan", AGAIN)
    assert steps(snapshot) == ["ajukan"]
    assert names_of(snapshot.withdrawn) == ["sehari", "tiga_hari"]
    snapshot = do(SOP, snapshot, "ajukan")
    assert names_of(snapshot.opened) == ["putuskan", "sehari", "tiga_hari"]
    assert not {t.engine_id for t in first.ready} & {t.engine_id for t in snapshot.ready}


def test_a_withdrawn_timer_can_no_longer_fire() -> None:
    before = waiting()
    after = do(SOP, before, "putuskan", AGAIN)
    for task in after.withdrawn:
        with pytest.raises(engine.NotReady):
            engine.complete(SOP, after.state, task.engine_id, NO_NAMES)


def test_what_a_timer_began_is_finished_though_the_task_is_done() -> None:
    snapshot = do(SOP, do(SOP, waiting(), "sehari"), "putuskan", ON)
    assert (snapshot.ended, steps(snapshot)) == (False, ["ingatkan"])
    snapshot = do(SOP, snapshot, "ingatkan")
    # The process came to its own end before: what ran beside it is not how it ended.
    assert (snapshot.ended, snapshot.end_event) == (True, "selesai")


def test_a_reminder_of_the_last_round_does_not_stand_in_the_way_of_this_one() -> None:
    snapshot = do(SOP, do(SOP, waiting(), "sehari"), "putuskan", AGAIN)
    snapshot = do(SOP, do(SOP, snapshot, "ajukan"), "sehari")
    assert names_of(snapshot.ready) == ["ingatkan", "ingatkan", "putuskan", "tiga_hari"]
    for _ in range(2):
        snapshot = do(SOP, snapshot, "ingatkan")
    assert do(SOP, snapshot, "putuskan", ON).end_event == "selesai"


def test_three_hundred_returns_leave_the_state_as_small_as_it_was() -> None:
    snapshot = waiting()
    size = len(snapshot.state)
    for _ in range(300):
        snapshot = do(SOP, do(SOP, snapshot, "putuskan", AGAIN), "ajukan")
        assert len(snapshot.state) == size


def test_an_interrupting_timer_ends_its_task_and_the_other_timers() -> None:
    snapshot = do(INTERRUPTED, waiting(INTERRUPTED), "tiga_hari")
    assert names_of(snapshot.withdrawn) == ["putuskan", "sehari"]
    assert steps(snapshot) == ["naikkan"]
    snapshot = do(INTERRUPTED, snapshot, "naikkan")
    assert (snapshot.ended, snapshot.end_event) == (True, "selesai")


def test_a_decision_before_an_interrupting_timer_withdraws_it() -> None:
    snapshot = do(INTERRUPTED, waiting(INTERRUPTED), "putuskan", ON)
    assert names_of(snapshot.withdrawn) == ["sehari", "tiga_hari"]
    assert snapshot.ended


def test_a_refused_completion_withdraws_nothing() -> None:
    before = waiting()
    with pytest.raises(engine.ConditionFailed):
        do(SOP, before, "putuskan", NO_NAMES)
    assert do(SOP, before, "sehari").opened
    assert names_of(do(SOP, before, "putuskan", ON).withdrawn) == ["sehari", "tiga_hari"]


def test_a_state_that_names_a_timer_the_diagram_lacks_is_refused() -> None:
    stored = json.loads(waiting().state)
    stored["ready"] = [[i, s.replace("sehari", "seminggu")] for i, s in stored["ready"]]
    (timer,) = (i for i, s in stored["ready"] if s == "seminggu")
    with pytest.raises(engine.StateRefused, match="seminggu"):
        engine.complete(SOP, json.dumps(stored).encode(), timer, NO_NAMES)


@pytest.mark.parametrize(
    ("host", "inside"),
    [
        ("serviceTask", TIMER),
        ("exclusiveGateway", TIMER),
        ("userTask", '<messageEventDefinition id="pesan"/>'),
        ("userTask", ""),
    ],
)
def test_past_the_gate_only_timers_on_tasks_of_people_are_run(host: str, inside: str) -> None:
    nodes: list[Node] = [
        ("startEvent", "awal", "Staf"),
        (host, "kerja", "Staf"),
        ("endEvent", "akhir", "Staf"),
        ("boundaryEvent", "batas", "Staf"),
        ("endEvent", "lain", "Staf"),
    ]
    flows = linked("awal>kerja", "kerja>akhir", "batas>lain")
    bpmn = draw(
        nodes, flows, attributes={"batas": 'attachedToRef="kerja"'}, inside={"batas": inside}
    )
    with pytest.raises(engine.EngineError, match="tidak dapat dibaca"):
        engine.parse(bare(bpmn))


# --- beside SpiffWorkflow's own boundary events ---


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


@pytest.mark.parametrize("definition", [SOP, INTERRUPTED], ids=["beside", "interrupting"])
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


# --- what the gate makes of it ---


def found(bpmn: str, sop: str = timer_sops.SOP) -> list[tuple[str, str]]:
    examination = repository.examine(timer_sops.files(bpmn, sop), "surat_ditunggu")
    return [(f.code, f.element) for f in examination.findings if f.is_error]


def test_the_definition_knows_whose_timer_it_is_and_which_step_it_serves() -> None:
    timer = SOP.tasks["sehari"]
    assert (timer.kind, timer.attached_to, timer.interrupts) == (TaskKind.TIMER, "putuskan", False)
    assert SOP.step_of("sehari").id == "putuskan"
    assert INTERRUPTED.tasks["tiga_hari"].interrupts
    order = list(SOP.tasks)
    assert order.index("putuskan") < order.index("sehari") < order.index("ingatkan")


def test_a_timer_may_have_its_deadline_in_sop_toml() -> None:
    sop = timer_sops.SOP.replace(
        "[steps.sehari]", '[steps.sehari]\ndeadline = { use = "tests.days", days = 1 }'
    )
    bpmn = drawing(inside={"sehari": "<timerEventDefinition/>"})
    assert found(bpmn, sop) == []
    deadline = defined(bpmn, sop).tasks["sehari"].deadline
    assert deadline is not None
    assert deadline.parameters == {"days": 1}
    assert found(drawing(), sop) == [("E031", "sehari")]
    assert found(bpmn) == [("E031", "sehari")]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("may_start_early = true", "E045"),
        ('operation = { use = "tests.print" }', "E045"),
        ('serves = "ajukan"', "E047"),
    ],
)
def test_sop_toml_says_nothing_of_a_timer_that_its_place_does_not_allow(
    line: str, code: str
) -> None:
    assert code in {c for c, _ in found(drawing(), timer_sops.SOP.replace(
        "[steps.sehari]", f"[steps.sehari]\n{line}"
    ))}  # fmt: skip


def test_a_field_that_its_own_task_fills_may_be_missing_on_the_way_of_a_timer() -> None:
    nodes: list[Node] = [*NODES, ("exclusiveGateway", "perlu", "Kepala")]
    flows: list[FlowRow] = [
        *(f for f in FLOWS if f[0] != "t1"),
        ("t1", "sehari", "perlu", ""),
        ("ya", "perlu", "ingatkan", "form.hasil == 'lanjut'"),
        ("tidak", "perlu", "diingatkan", ""),
    ]
    bpmn = drawing(nodes=nodes, flows=flows, more={"perlu": 'default="tidak"'})
    assert found(bpmn) == [("E062", "ya")]


def _beside_with(node: Node) -> str:
    nodes: list[Node] = [*NODES, node]
    flows: list[FlowRow] = [f for f in FLOWS if f[0] != "t2"]
    flows += [("t2", "ingatkan", node[1], ""), ("t5", node[1], "diingatkan", "")]
    return drawing(nodes=nodes, flows=flows, inside={node[1]: TIMER * ("Catch" in node[0])})


REFUSED: list[tuple[str, Callable[[], str], tuple[str, str]]] = [
    (
        "attached to a task of the system",
        lambda: drawing(more={"sehari": f'attachedToRef="ingatkan" {BESIDE}'}),
        ("E037", "sehari"),
    ),
    (
        "attached to a gateway",
        lambda: drawing(more={"sehari": f'attachedToRef="diterima" {BESIDE}'}),
        ("E037", "sehari"),
    ),
    (
        "attached to nothing that exists",
        lambda: drawing(more={"sehari": f'attachedToRef="hilang" {BESIDE}'}),
        ("E037", "sehari"),
    ),
    (
        "attached to itself",
        lambda: drawing(more={"sehari": f'attachedToRef="sehari" {BESIDE}'}),
        ("E037", "sehari"),
    ),
    ("leads nowhere", lambda: drawing(without="t1"), ("E037", "sehari")),
    (
        "leads two ways",
        lambda: drawing(flows=[*FLOWS, ("t5", "sehari", "naikkan", "")]),
        ("E032", "sehari"),
    ),
    (
        "is led to",
        lambda: drawing(flows=[*FLOWS, ("t5", "naikkan", "sehari", "")]),
        ("E037", "sehari"),
    ),
    (
        "ends where the process ends",
        lambda: drawing(flows=[*(f for f in FLOWS if f[0] != "t2"),
                               ("t2", "ingatkan", "selesai", "")]),
        ("E037", "sehari"),
    ),
    (
        "goes back to its own task",
        lambda: drawing(flows=[*(f for f in FLOWS if f[0] != "t2"),
                               ("t2", "ingatkan", "putuskan", "")]),
        ("E037", "sehari"),
    ),
    (
        "lets a person wait beside",
        lambda: _beside_with(("userTask", "tanya", "Kepala")),
        ("E037", "tanya"),
    ),
    (
        "lets a clock wait beside",
        lambda: _beside_with(("intermediateCatchEvent", "tunggu", "Kepala")),
        ("E037", "tunggu"),
    ),
    (
        "stands in another lane",
        lambda: drawing(nodes=[(e, i, "Staf" if i == "sehari" else on) for e, i, on in NODES]),
        ("E037", "sehari"),
    ),
    (
        "an interrupting one that comes back by machines alone is a circle through a person",
        lambda: drawing(
            flows=[*(f for f in FLOWS if f[0] not in ("t3", "t4")),
                   ("t3", "tiga_hari", "ingatkan", ""), ("t4", "naikkan", "dinaikkan", "")],
        ),
        ("E028", "naikkan"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("bpmn", "finding"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_a_timer_that_stands_or_leads_wrongly_is_refused(
    bpmn: Callable[[], str], finding: tuple[str, str]
) -> None:
    assert finding in found(bpmn())


def test_two_timers_that_wait_for_each_other_are_refused() -> None:
    nodes: list[Node] = [n for n in NODES if n[1] not in ("naikkan", "dinaikkan")]
    nodes.append(("parallelGateway", "keduanya", "Kepala"))
    flows: list[FlowRow] = [f for f in FLOWS if f[0] not in ("t1", "t3", "t4")]
    flows += [("t1", "sehari", "keduanya", ""), ("t3", "tiga_hari", "keduanya", ""),
              ("t5", "keduanya", "ingatkan", "")]  # fmt: skip
    sop = timer_sops.SOP.partition("[steps.naikkan]")[0]
    assert ("E033", "keduanya") in found(drawing(nodes=nodes, flows=flows), sop)


def test_an_interrupting_timer_may_go_back_to_its_task() -> None:
    flows: list[FlowRow] = [*(f for f in FLOWS if f[0] != "t4"), ("t4", "naikkan", "putuskan", "")]
    nodes: list[Node] = [n for n in NODES if n[1] != "dinaikkan"]
    more = {"tiga_hari": f'attachedToRef="putuskan" {INTERRUPTING}'}
    definition = defined(drawing(nodes=nodes, flows=flows, more=more))
    snapshot = do(definition, do(definition, waiting(definition), "tiga_hari"), "naikkan")
    assert names_of(snapshot.ready) == ["putuskan", "sehari", "tiga_hari"]


def test_an_interrupting_timer_inside_a_branch_must_still_meet_the_others() -> None:
    nodes: list[Node] = [
        ("startEvent", "mulai", "Staf"), ("parallelGateway", "bagi", "Staf"),
        ("userTask", "kiri", "Staf"), ("userTask", "kanan", "Staf"),
        ("parallelGateway", "temu", "Staf"), ("endEvent", "selesai", "Staf"),
        ("boundaryEvent", "habis", "Staf"), ("endEvent", "putus", "Staf"),
    ]  # fmt: skip
    sop = '\ntitle = "Cabang"\n[steps.kiri]\n[steps.kanan]\n[steps.habis]\n'
    pairs = ["mulai>bagi", "bagi>kiri", "bagi>kanan", "kiri>temu", "kanan>temu", "temu>selesai"]

    def codes(way: str) -> list[str]:
        ends = [n for n in nodes if n[1] != "putus" or "putus" in way]
        bpmn = draw(
            ends, linked(*pairs, way), inside={"habis": TIMER},
            attributes={"habis": f'attachedToRef="kiri" {INTERRUPTING}'},
        )  # fmt: skip
        files = {"process.bpmn": bpmn.encode(), "sop.toml": sop.encode()}
        return [f.code for f in repository.examine(files, "cabang").findings if f.is_error]

    assert codes("habis>putus") == ["E033"]
    # A second way into the join would be one more branch to wait for.
    assert codes("habis>temu") == ["E033"]


# --- scenarios ---

PLAYED = Scenario(
    "Diingatkan lalu disetujui",
    (Step("ajukan"), Step(timer="sehari"), Step("putuskan", {"hasil": "lanjut"})),
    end="selesai",
    visits={"ingatkan": 1, "naikkan": 0},
)


def test_a_scenario_says_which_timer_fires_before_the_answer() -> None:
    assert scenarios.play(SOP, PLAYED).path == ("ajukan", "sehari", "ingatkan", "putuskan")
    silent = replace(PLAYED, steps=(PLAYED.steps[0], PLAYED.steps[2]), visits={"ingatkan": 0})
    assert scenarios.play(SOP, silent).end == "selesai"


def test_a_timer_whose_task_does_not_wait_cannot_fire() -> None:
    late = replace(PLAYED, steps=(Step(timer="sehari"), *PLAYED.steps))
    with pytest.raises(ScenarioFailed, match="'sehari' belum gilirannya"):
        scenarios.play(SOP, late)


def test_scenarios_are_read_with_their_timers() -> None:
    text = """
[[scenario]]
name = "Diingatkan"
end = "selesai"
[[scenario.steps]]
task = "ajukan"
[[scenario.steps]]
timer = "sehari"
[[scenario.steps]]
task = "putuskan"
form = { hasil = "lanjut" }
"""

    def told(content: str) -> Any:
        files = {**SOP.files, "scenarios.toml": content.encode()}
        return scenarios.read(replace(SOP, files=files))

    (scenario,) = told(text)
    assert scenario.steps == PLAYED.steps
    for wrong in ("putuskan", "tidak_ada"):
        with pytest.raises(repository.DefinitionError, match=f"'{wrong}' bukan pewaktu"):
            told(text.replace('"sehari"', f'"{wrong}"'))
    with pytest.raises(repository.DefinitionError, match="ditulis sendiri"):
        told(text.replace('timer = "sehari"', 'timer = "sehari"\ntask = "putuskan"'))


# --- the picture ---


def test_the_picture_shows_a_timer_on_the_edge_over_its_task_and_whether_it_interrupts() -> None:
    marks = {"sehari": Mark(MarkKind.DONE), "putuskan": Mark(MarkKind.CURRENT)}
    root = etree.fromstring(diagram.draw(SOP, marks))
    groups = [g for g in root.iter("{*}g") if g.get("data-step")]
    order = [g.get("data-step") for g in groups]
    assert order.index("putuskan") < order.index("sehari")
    timer = next(g for g in groups if g.get("data-step") == "sehari")
    assert "Selesai" in (timer.findtext("{*}title") or "")
    assert [c.get("stroke-dasharray") for c in timer.iter("{*}circle")][:2] == ["4 2.5"] * 2
    interrupting = etree.fromstring(diagram.draw(INTERRUPTED))
    group = next(g for g in interrupting.iter("{*}g") if g.get("data-step") == "tiga_hari")
    assert not [c for c in group.iter("{*}circle") if c.get("stroke-dasharray")]
    assert list(group.iter("{*}circle"))


def test_the_attributes_of_the_drawings_are_those_the_engine_reads() -> None:
    assert "cancelActivity" not in str(ATTRIBUTES["diterima"])
    unwritten = drawing(more={"sehari": 'attachedToRef="putuskan"'})
    # BPMN takes "true" where nothing is written: then the way must be another way of the process.
    definition = bare(unwritten)
    snapshot = do(definition, engine.start(definition, NO_NAMES), "ajukan")
    assert names_of(do(definition, snapshot, "sehari").withdrawn) == ["putuskan", "tiga_hari"]
