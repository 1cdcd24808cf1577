"""What happened, played again: every run of the engine fits, what was changed is found."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workflows.definitions import FOLDERS, e_absensi, hall, sop
from tests.workflows.runs import ROUNDS
from tests.workflows.test_boundary_timers__in_memory import TimedBlocks
from tests.workflows.timer_sops import INTERRUPTED, REMINDED
from workflows import engine, repository, scenarios
from workflows.definitions import FieldType, ProcessDefinition
from workflows.replay import Replay, avoidable, replay

LONGEST = 60
BOTH = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
CALM = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FITS = Replay((), complete=True)


def _straight(definition: ProcessDefinition) -> tuple[str, ...]:
    return scenarios.play(definition, scenarios.read(definition)[0]).path


def _without(path: Sequence[str], step: str) -> list[str]:
    return [one for one in path if one != step]


@BOTH
def test_every_scenario_fits(folder: Path) -> None:
    definition = sop(folder)
    for scenario in scenarios.read(definition):
        found = replay(definition, scenarios.play(definition, scenario).path)
        assert found == Replay((), complete=not scenario.cancelled), scenario.name


@BOTH
@CALM
@given(dice=st.randoms(use_true_random=False))
def test_every_random_walk_of_the_engine_fits(folder: Path, dice: random.Random) -> None:
    definition = sop(folder)
    path, ended = _walk(definition, dice)
    found = replay(definition, path)
    assert found.out_of_order == ()
    # Answers are not in the path: one that is cut off may already have ended on other answers.
    assert found.complete or not ended


def _walk(definition: ProcessDefinition, dice: random.Random) -> tuple[list[str], bool]:
    """Complete tasks and let timers fire at random, on any answers and facts."""
    form: dict[str, Any] = {"hasil": "ulang"}
    path: list[str] = []
    snapshot = engine.start(definition, _names(definition, form, dice))
    while not snapshot.ended and len(path) < LONGEST:
        task = dice.choice(snapshot.ready)
        path.append(task.step)
        for field in definition.tasks[task.step].form.fields:
            if field.type in (FieldType.OUTCOME, FieldType.CHOICE) and field.options:
                form[field.name] = dice.choice(field.options).value
        names = _names(definition, form, dice)
        snapshot = engine.complete(definition, snapshot.state, task.engine_id, names)
    return path, snapshot.ended


def _names(
    definition: ProcessDefinition, form: dict[str, Any], dice: random.Random
) -> engine.Names:
    facts = {name: dice.randrange(3) for name in definition.facts}
    per_row = [task.id for task in definition.tasks.values() if task.rows]
    rows = {step: [str(key) for key in range(dice.randrange(3))] for step in per_row}
    return {"form": form, "facts": facts, "rows": rows}


@pytest.mark.parametrize("definition", [REMINDED, INTERRUPTED], ids=["beside", "interrupting"])
def test_runs_with_timers_on_the_edge_of_a_task_fit(definition: ProcessDefinition) -> None:
    for seed in range(200):
        path, ended = _walk(definition, random.Random(seed))
        assert replay(definition, path) == Replay((), complete=ended)


def test_runs_of_random_diagrams_with_timers_loops_and_joins_fit() -> None:
    walks = 0
    for seed in range(40):
        dice = random.Random(seed)
        definition = repository.examine(TimedBlocks(dice).files(), "acak").definition
        if definition is None:
            continue
        for _ in range(3):
            path, ended = _walk(definition, dice)
            assert replay(definition, path) == Replay((), complete=ended)
            walks += 1
    assert walks > 90


def test_nothing_done_is_no_finding_and_no_end() -> None:
    assert replay(e_absensi(), ()) == Replay((), complete=False)


def test_a_step_that_was_left_out_shows_at_what_came_instead() -> None:
    path = _straight(e_absensi())
    place = path.index("cetak_resume")
    assert replay(e_absensi(), _without(path, "cetak_resume")) == Replay((place,), complete=True)


def test_the_last_step_left_out_leaves_the_run_short_of_its_end() -> None:
    path = _straight(e_absensi())
    assert path[-1] == "arsipkan_rekapan" or "arsipkan_rekapan" in path
    cut = path[: path.index("arsipkan_rekapan")]
    assert replay(e_absensi(), cut) == Replay((), complete=False)


def test_a_doubled_step_is_found_at_its_second_time() -> None:
    path = list(_straight(e_absensi()))
    place = path.index("laporkan_hasil")
    path.insert(place, "laporkan_hasil")
    assert replay(e_absensi(), path) == Replay((place + 1,), complete=True)


def test_of_two_swapped_steps_the_one_that_came_too_early_is_found() -> None:
    path = list(_straight(e_absensi()))
    place = path.index("cetak_resume")
    later = path.index("teliti_resume")
    path[place], path[later] = path[later], path[place]
    found = replay(e_absensi(), path)
    assert found.out_of_order
    assert found.out_of_order[0] == place
    assert not found.fits


def test_neighbours_swapped_are_one_finding() -> None:
    path = list(_straight(e_absensi()))
    place = path.index("laporkan_hasil")
    path[place - 1], path[place] = path[place], path[place - 1]
    assert replay(e_absensi(), path) == Replay((place - 1,), complete=True)


def test_branches_at_once_may_be_done_in_either_order_but_both_before_the_join() -> None:
    either = ["catat_permohonan", "periksa_jadwal", "periksa_perlengkapan"]
    other = ["catat_permohonan", "periksa_perlengkapan", "periksa_jadwal"]
    rest = [s for s in _straight(hall()) if s not in either]
    assert replay(hall(), either + rest) == FITS
    assert replay(hall(), other + rest) == FITS
    assert replay(hall(), either[:2] + rest).out_of_order == (2,)


def test_a_join_in_a_loop_waits_for_both_branches_of_each_round() -> None:
    assert replay(ROUNDS, ["kiri", "kanan", "kanan", "kiri"]) == FITS
    assert replay(ROUNDS, ["kiri", "kanan", "kiri"]) == Replay((), complete=False)
    assert replay(ROUNDS, ["kiri", "kiri", "kanan"]).out_of_order == (1,)


def test_a_timer_beside_a_task_fires_once_each_time_that_task_is_entered() -> None:
    once = ["ajukan", "sehari", "ingatkan", "putuskan"]
    assert replay(REMINDED, once) == FITS
    assert replay(REMINDED, [*once, "ajukan", "sehari", "putuskan", "ingatkan"]) == FITS
    twice = ["ajukan", "sehari", "sehari", "ingatkan", "putuskan"]
    assert replay(REMINDED, twice).out_of_order == (2,)
    late = ["ajukan", "putuskan", "sehari", "ingatkan"]
    assert replay(REMINDED, late).out_of_order == (2,)


def test_a_task_that_its_timer_ended_cannot_be_completed_any_more() -> None:
    assert replay(INTERRUPTED, ["ajukan", "tiga_hari", "naikkan"]) == FITS
    assert replay(INTERRUPTED, ["ajukan", "tiga_hari", "putuskan", "naikkan"]).out_of_order == (2,)


def test_a_step_that_the_diagram_does_not_have_is_out_of_order_and_changes_nothing() -> None:
    path = list(_straight(hall()))
    path.insert(2, "tahap_lain")
    assert replay(hall(), path) == Replay((2,), complete=True)


@BOTH
@CALM
@given(data=st.data())
def test_whatever_was_recorded_is_answered(folder: Path, data: st.DataObject) -> None:
    definition = sop(folder)
    steps = data.draw(st.lists(st.sampled_from(sorted(definition.tasks)), max_size=40))
    found = replay(definition, steps)
    assert list(found.out_of_order) == sorted(set(found.out_of_order))
    assert all(0 <= place < len(steps) for place in found.out_of_order)


def test_a_step_is_avoidable_when_some_way_to_an_end_leaves_it_out() -> None:
    assert avoidable(hall(), ["serahkan_aula"])  # the request may be refused
    assert not avoidable(hall(), ["periksa_jadwal"])  # both checks come before the decision
    assert avoidable(e_absensi(), ["menugaskan_petugas"])  # the assignment may still hold
    assert not avoidable(e_absensi(), ["menugaskan_petugas", "catat_penugasan"])
    assert avoidable(REMINDED, ["sehari", "tiga_hari"])
    assert avoidable(INTERRUPTED, ["putuskan"])
    assert not avoidable(REMINDED, ["putuskan"])
