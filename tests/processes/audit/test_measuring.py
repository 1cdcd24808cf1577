"""Forty acts of one period: every row of the audit is what a pencil finds."""

import pytest

from foundation import ledger
from foundation.models import Event
from foundation.quantiles import Quantiles
from processes import quality
from processes.audit.measured.refreshing import rebuild, refresh
from processes.models import Instance, InstanceAudit, VisitTiming
from tests.cast import Cast
from tests.processes.audit.forty_steps import (
    ACTS,
    FINISHED,
    NOW,
    RETURNS,
    STARTED,
    STEPS,
    VISITS,
    WHOLE,
    Played,
    Visit,
    at,
    play,
)

FLAGS = ("by_substitute", "outside_hours", "forced", "backdated", "clock_back", "out_of_order")
MINUTE = 60


@pytest.fixture
def played(cast: Cast) -> Played:
    return play(cast)


def found(timing: VisitTiming, cast: Cast) -> Visit:
    """Return a stored row as the script tells it, in minutes; seconds left over are an error."""
    people = {getattr(cast, name).pk: name for name in _names()}

    def minutes(seconds: int | None) -> int | None:
        assert seconds is None or seconds % MINUTE == 0
        return None if seconds is None else seconds // MINUTE

    def three(kind: str) -> tuple[int, int, int]:
        spans = [minutes(getattr(timing, f"{part}_{kind}")) for part in PARTS]
        return spans[0] or 0, spans[1] or 0, spans[2] or 0

    wita = timing.submitted_at.astimezone(at(STARTED).tzinfo)
    offered = timing.task.offered_at.astimezone(at(STARTED).tzinfo)
    return Visit(
        step=timing.step,
        visit=timing.visit,
        offered=f"{offered:%d %H.%M}",
        submitted=f"{wita:%d %H.%M}",
        owner=people[timing.owner_id] if timing.owner_id else "system",
        work=three("work"),
        wall=three("wall"),
        form=minutes(timing.form_open) or 0,
        standard=minutes(timing.standard),
        count=timing.count,
        verdict=timing.verdict,
        outcome=timing.outcome_kind,
        flags=frozenset(flag for flag in FLAGS if getattr(timing, flag)),
        lost=minutes(timing.lost_work),
        repeated=minutes(timing.repeated_work),
    )


PARTS = ("waiting", "handling", "paused")


def _names() -> tuple[str, ...]:
    return ("kadis", "admin", "operator", "operator2", "secretary")


def timings(played: Played) -> list[VisitTiming]:
    rows = VisitTiming.objects.filter(instance=played.instance).select_related("task")
    return list(rows.order_by("task"))


def test_the_script_has_forty_acts_of_people() -> None:
    assert sum(act.who != "system" and act.what != "beat" for act in ACTS) == 40
    assert [act.moment for act in ACTS] == sorted(act.moment for act in ACTS)


def test_every_visit_is_as_it_was_worked_out_by_hand(played: Played) -> None:
    assert [found(row, played.cast) for row in timings(played)] == list(VISITS)


def test_the_parts_of_every_visit_make_its_lead(played: Played) -> None:
    for row, expected in zip(timings(played), VISITS, strict=True):
        assert row.lead_work == expected.lead_work * MINUTE, expected
        assert row.lead_wall == expected.lead_wall * MINUTE, expected


def test_every_visit_stands_in_its_period_its_lane_and_its_weekday(played: Played) -> None:
    rows = {(row.step, row.visit): row for row in timings(played)}
    assert {f"{row.period:%Y-%m-%d}" for row in rows.values()} == {"2026-04-01"}
    assert {row.definition_key for row in rows.values()} == {"periode_sembilan"}
    assert [rows[key].offered_weekday for key in (("mendata", 1), ("meneliti", 1))] == [3, 0]
    assert [rows[key].lane for key in (("susun", 1), ("meneliti", 2))] == ["Operator", "Kadis"]
    assert [rows[key].number for key in (("susun", 1), ("menugaskan", 1))] == [5, 1]
    targets = {(row.step, row.returned_to) for row in rows.values() if row.returned_to}
    assert targets == {(RETURNS.source, RETURNS.target)}


def test_the_instance_is_as_it_was_worked_out_by_hand(played: Played) -> None:
    audit = InstanceAudit.objects.get(instance=played.instance)
    assert (audit.started_at, audit.finished_at) == (at(STARTED), at(FINISHED))
    assert audit.lead_work == WHOLE.lead_work * MINUTE
    assert audit.lead_wall == WHOLE.lead_wall * MINUTE
    assert (audit.returns, audit.conforms) == (WHOLE.returns, WHOLE.conforms)
    deviations = [(found["kind"], found["step"]) for found in audit.deviations]
    assert sorted(deviations) == sorted(WHOLE.deviations)


@pytest.mark.parametrize("step", [step for step, expected in STEPS.items() if expected.n])
def test_the_figures_of_a_step_are_those_of_the_pencil(played: Played, step: str) -> None:
    expected = STEPS[step]
    rows = VisitTiming.objects.filter(step=step, kind="user")
    assert (rows.count(), rows.filter(verdict="within").count()) == (expected.n, expected.within)
    figures = rows.aggregate(
        handling=Quantiles("handling_work", shares=(0.5, 0.9)),
        waiting=Quantiles("waiting_work", shares=(0.5, 0.9)),
    )
    for name in ("handling", "waiting"):
        by_hand = [minutes * MINUTE for minutes in getattr(expected, name)]
        assert figures[name] == pytest.approx(by_hand), name
    assert rows.filter(outcome_kind="return").count() == expected.returns


def test_the_page_of_the_instance_tells_the_same(played: Played) -> None:
    instance = Instance.objects.get(pk=played.instance.pk)
    told = [
        (row.step, row.visit, row.handling, row.waiting, row.standard, row.verdict)
        for row in quality.rows(instance, NOW)
    ]
    stored = [
        (
            row.step,
            row.visit,
            None if row.verdict == "reused" else row.handling_work,
            None if row.verdict == "reused" else row.waiting_work,
            row.standard,
            row.verdict,
        )
        for row in timings(played)
        if row.kind == "user" or row.verdict == "reused"
    ]
    seconds = [
        (*row[:2], *(None if span is None else span.total_seconds() for span in row[2:5]), row[5])
        for row in told
    ]
    assert sorted(seconds, key=str) == sorted(stored, key=str)


def test_measured_again_it_is_the_same(played: Played) -> None:
    assert refresh(now=NOW) == 0
    assert rebuild(now=NOW) == 1
    assert [found(row, played.cast) for row in timings(played)] == list(VISITS)


def test_the_record_of_the_period_proves_itself(played: Played) -> None:
    assert list(ledger.verify()) == []


@pytest.mark.fault("F45")
def test_an_event_whose_clock_stepped_back_marks_its_visit(played: Played) -> None:
    claimed = Event.objects.filter(stream=played.instance.stream, verb="task_claimed")
    task = played.task("mendata", 1)
    claimed.filter(subject=f"processes.task:{task.pk}").update(at=at("16 07.59"))
    rebuild(now=NOW)
    assert [row.step for row in timings(played) if row.clock_back] == ["mendata"]
    assert "clock_back" in {
        found["kind"] for found in InstanceAudit.objects.get(instance=played.instance).deviations
    }


def test_a_task_that_the_diagram_did_not_lead_to_is_out_of_order(played: Played) -> None:
    played.task("mencetak", 4).delete()
    played.task("menyiapkan", 1).delete()
    rebuild(now=NOW)
    audit = InstanceAudit.objects.get(instance=played.instance)
    kinds = {(found["kind"], found["step"]) for found in audit.deviations}
    assert not audit.conforms
    assert ("skipped", "menyiapkan") in kinds
    assert [row.step for row in timings(played) if row.out_of_order] == ["mengumpulkan", "meneliti"]
