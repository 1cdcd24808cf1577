"""What the gate makes of timers on the edge of a task."""

from collections.abc import Callable

import pytest

from tests.workflows import timer_sops
from tests.workflows.definitions import TIMER
from tests.workflows.reading.test_soundness import linked
from tests.workflows.runs import do
from tests.workflows.sop_files import FlowRow, Node, draw
from tests.workflows.timer_sops import (
    BESIDE,
    FLOWS,
    INTERRUPTED,
    INTERRUPTING,
    NODES,
    REMINDED,
    defined,
    drawing,
    names_of,
    waiting,
)
from workflows import repository
from workflows.definitions import TaskKind


def found(bpmn: str, sop: str = timer_sops.SOP) -> list[tuple[str, str]]:
    examination = repository.examine(timer_sops.files(bpmn, sop), "surat_ditunggu")
    return [(f.code, f.element) for f in examination.findings if f.is_error]


def test_the_definition_knows_whose_timer_it_is_and_which_step_it_serves() -> None:
    timer = REMINDED.tasks["sehari"]
    assert (timer.kind, timer.attached_to, timer.interrupts) == (TaskKind.TIMER, "putuskan", False)
    assert REMINDED.step_of("sehari").id == "putuskan"
    assert INTERRUPTED.tasks["tiga_hari"].interrupts
    order = list(REMINDED.tasks)
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
