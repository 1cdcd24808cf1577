"""Instances by how they went: counted by kind, listed by sort, told in words."""

from typing import Any

import pytest

from processes.audit.measured.conformance import Deviation, Kind
from processes.audit.questions.conformity import (
    SORTS,
    Sort,
    conformance_figures,
    read_sort,
    remarks,
    sorted_instances,
)
from processes.audit.questions.naming import step_names
from processes.audit.statistics import Share
from processes.models import Instance
from tests.cast import Cast
from tests.processes.audit.measured import audited, scope_of, visited

DECIDES, ENTERS = "teliti_resume", "input_ketidakhadiran"


@pytest.fixture
def told(cast: Cast) -> dict[str, Instance]:
    """One straight, one skipping, one out of order, one late in the evening, one still open."""
    evening = audited(cast, returns=1)
    late = [
        visited(evening, step, cast.kadis, outside_hours=True)
        for step in (DECIDES, DECIDES, ENTERS)
    ]
    _said(evening, *(Deviation(Kind.OUTSIDE_HOURS, v.step, v.task_id) for v in late))
    skipped, swapped = audited(cast), audited(cast)
    _said(skipped, Deviation(Kind.SKIPPED, DECIDES), conforms=False)
    visit = visited(swapped, ENTERS, cast.operator, out_of_order=True)
    _said(swapped, Deviation(Kind.OUT_OF_ORDER, ENTERS, visit.task_id), conforms=False)
    return {
        "straight": audited(cast),
        "evening": evening,
        "skipped": skipped,
        "swapped": swapped,
        "running": audited(cast, finished=False),
    }


def _said(instance: Instance, *found: Deviation, **values: Any) -> None:
    audit = instance.audit
    audit.deviations = [one.stored for one in found]
    for name, value in values.items():
        setattr(audit, name, value)
    audit.save()


def test_finished_instances_conform_or_not(told: dict[str, Instance], cast: Cast) -> None:
    figures = conformance_figures(scope_of(cast.kadis))
    assert figures.conforming == Share(2, 4)
    assert (figures.instances, figures.deviating) == (5, 2)


def test_each_kind_counts_instances_and_visits(told: dict[str, Instance], cast: Cast) -> None:
    found = {
        one.kind: (one.instances, one.visits)
        for one in conformance_figures(scope_of(cast.kadis)).kinds
    }
    assert found == {
        Kind.SKIPPED: (1, None),
        Kind.OUT_OF_ORDER: (1, 1),
        Kind.FORCED: (0, 0),
        Kind.BY_SUBSTITUTE: (0, 0),
        Kind.OUTSIDE_HOURS: (1, 3),
        Kind.BACKDATED: (0, 0),
        Kind.CLOCK_BACK: (0, 0),
        Kind.UNDONE: (0, 0),
    }


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", {"evening", "skipped", "swapped"}),
        ("menyimpang", {"skipped", "swapped"}),
        ("skipped", {"skipped"}),
        ("outside_hours", {"evening"}),
        ("forced", set()),
        ("selesai", {"straight", "evening", "skipped", "swapped"}),
        ("lancar", {"straight", "skipped", "swapped"}),
        ("kembali", {"evening"}),
        ("semua", {"straight", "evening", "skipped", "swapped", "running"}),
        ("yang lain", {"evening", "skipped", "swapped"}),
    ],
)
def test_a_sort_lists_its_instances(
    told: dict[str, Instance], cast: Cast, asked: str, found: set[str]
) -> None:
    rows = sorted_instances(scope_of(cast.kadis), read_sort(asked))
    assert {row.instance_id for row in rows} == {told[name].pk for name in found}


def test_what_deviates_stands_first(told: dict[str, Instance], cast: Cast) -> None:
    rows = list(sorted_instances(scope_of(cast.kadis), Sort.ALL))
    assert [row.conforms for row in rows] == [False, False, True, True, True]


def test_every_sort_and_kind_has_words() -> None:
    assert set(SORTS) == set(Sort)
    assert all(kind.label for kind in Kind)


def test_what_is_said_of_one_step_is_said_once(told: dict[str, Instance], cast: Cast) -> None:
    scope = scope_of(cast.kadis)
    (remark,) = remarks(told["evening"].audit, step_names(scope))
    assert remark.kind is Kind.OUTSIDE_HOURS
    first, second = remark.places
    assert (first.label.partition(".")[0], first.times) == ("5", 1)
    assert (second.label.partition(".")[0], second.times) == ("7", 2)
    assert second.task == max(v.task_id for v in told["evening"].timings.filter(step=DECIDES))


def test_what_is_about_the_whole_instance_names_no_step(cast: Cast) -> None:
    instance = audited(cast)
    _said(instance, Deviation(Kind.CLOCK_BACK))
    (remark,) = remarks(instance.audit, step_names(scope_of(cast.kadis)))
    assert [(place.label, place.task) for place in remark.places] == [("berkas ini", None)]
