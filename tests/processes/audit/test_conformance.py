"""What is said of an instance: what the BPMN did not lead to, and what is remarkable."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from processes.audit.measured.conformance import (
    Deviation,
    Kind,
    Played,
    conforms,
    deviations,
    in_order,
    played,
)
from processes.models import Task, VisitTiming
from tests.cast import NOW
from tests.workflows.definitions import e_absensi, hall
from workflows import scenarios
from workflows.definitions import ProcessDefinition

AS_IT_SHOULD = Played(frozenset(), complete=True)


def _straight(definition: ProcessDefinition) -> list[str]:
    return list(scenarios.play(definition, scenarios.read(definition)[0]).path)


def _tasks(steps: Sequence[str], **values: Any) -> list[Task]:
    """Return completed tasks, ids 1, 2, 3, a minute apart."""
    return [
        Task(
            pk=number,
            step=step,
            status=Task.Status.COMPLETED,
            offered_at=NOW,
            submitted_at=NOW + timedelta(minutes=number),
            **values,
        )
        for number, step in enumerate(steps, 1)
    ]


def _visits(tasks: Sequence[Task], **flags: Any) -> list[VisitTiming]:
    return [
        VisitTiming(task=task, step=task.step, submitted_at=task.submitted_at or NOW, **flags)
        for task in tasks
    ]


def _found(
    definition: ProcessDefinition, steps: Sequence[str], *, finished: bool = True
) -> list[Deviation]:
    """Return what is said of these steps, with the flag that the replay gives set on its visits."""
    tasks = _tasks(steps)
    course = played(definition, tasks)
    visits = _visits(tasks)
    for visit in visits:
        visit.out_of_order = visit.task_id in course.out_of_order
    return deviations(definition, visits, course, finished=finished)


def test_a_run_as_the_bpmn_leads_has_nothing_to_be_said() -> None:
    definition = e_absensi()
    assert _found(definition, _straight(definition)) == []
    assert conforms([])


def test_a_step_that_a_decision_led_past_was_not_skipped() -> None:
    refused = next(s for s in scenarios.read(hall()) if s.end != "aula_diserahkan" and s.end)
    path = scenarios.play(hall(), refused).path
    assert "serahkan_aula" not in path
    assert _found(hall(), path) == []


def test_a_left_out_step_was_skipped_and_what_came_instead_was_out_of_order() -> None:
    definition = e_absensi()
    steps = [step for step in _straight(definition) if step != "teliti_resume"]
    found = _found(definition, steps)
    assert [(one.kind, one.step) for one in found] == [
        (Kind.SKIPPED, "teliti_resume"),
        (Kind.OUT_OF_ORDER, "bekukan_rekap"),
    ]
    assert found[0].task is None
    assert found[1].task == steps.index("bekukan_rekap") + 1
    assert not conforms(found)


def test_nothing_is_skipped_as_long_as_the_instance_runs() -> None:
    definition = e_absensi()
    steps = _straight(definition)[:5]
    assert _found(definition, steps, finished=False) == []


def test_the_end_of_a_record_cut_off_is_a_skipped_step() -> None:
    definition = e_absensi()
    steps = _straight(definition)
    cut = steps[: steps.index("arsipkan_rekapan")]
    assert [(one.kind, one.step) for one in _found(definition, cut)] == [
        (Kind.SKIPPED, "arsipkan_rekapan")
    ]


def test_a_stage_that_is_still_valid_counts_as_visited() -> None:
    definition = e_absensi()
    reused = next(s for s in scenarios.read(definition) if "berlaku" in s.name)
    path = [s for s in scenarios.play(definition, reused).path if s != "arsipkan_rekapan"]
    visits = _visits(_tasks(path))
    for visit in visits:  # a reused stage stands under the step that it passed
        if visit.step == "catat_penugasan":
            visit.step = "menugaskan_petugas"
    found = deviations(definition, visits, Played(frozenset(), False), finished=True)
    assert "menugaskan_petugas" not in {one.step for one in found}
    assert "arsipkan_rekapan" in {one.step for one in found}


def test_every_flag_is_a_remark_and_breaks_nothing() -> None:
    tasks = _tasks(["teliti_resume"])
    flags = ("forced", "by_substitute", "outside_hours", "backdated", "clock_back")
    visits = _visits(tasks, **dict.fromkeys(flags, True))
    found = deviations(e_absensi(), visits, AS_IT_SHOULD, finished=True)
    assert [one.kind for one in found] == [Kind(flag) for flag in flags]
    assert all(one.step == "teliti_resume" and one.task == 1 for one in found)
    assert conforms(found)


def test_a_clock_set_back_between_visits_is_about_the_whole_instance() -> None:
    found = deviations(e_absensi(), [], AS_IT_SHOULD, finished=True, clock_back=True)
    assert [one.stored for one in found] == [{"kind": "clock_back", "step": "", "task": None}]


def test_tasks_follow_the_numbers_of_their_events_not_the_clock() -> None:
    first, second, third = _tasks(["a", "b", "c"])
    first.submitted_at = NOW + timedelta(days=1)
    open_task = Task(pk=4, step="d", status=Task.Status.READY, offered_at=NOW)
    tasks = [third, second, open_task, first]
    assert [t.pk for t in in_order(tasks, {1: 10, 2: 20, 3: 30})] == [1, 2, 3]
    assert [t.pk for t in in_order(tasks, {1: 10, 2: 20})] == [2, 3, 1]  # an event is missing
