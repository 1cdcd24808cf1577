"""Where waiting sits: lanes, roles, people, weekdays; and what waits now."""

from dataclasses import replace
from datetime import timedelta

import pytest

from processes.audit.questions.waiting import by_lane, by_person, by_role, by_weekday, waiting_now
from processes.models import Instance, Task
from tests.cast import NOW, Cast
from tests.processes.audit.measured import KEY, audited, scope_of, visited
from tests.processes.conftest import begin

DECIDES, ENTERS = "teliti_resume", "input_ketidakhadiran"


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.fixture
def waited(cast: Cast) -> Cast:
    """The head waits 30 and 90 minutes, his substitute 60; entering waits 20: 200 in all."""
    instance = audited(cast)
    visited(instance, DECIDES, cast.kadis, waiting=30, acting_as="Kepala Dinas")
    visited(instance, DECIDES, cast.kadis, waiting=90, acting_as="Kepala Dinas", offered_weekday=4)
    visited(
        instance, DECIDES, cast.secretary, waiting=60, acting_as="Plh. Kepala Dinas",
        offered_weekday=4,
    )  # fmt: skip
    visited(instance, ENTERS, cast.operator, waiting=20, acting_as="Operator")
    visited(instance, ENTERS, cast.operator, waiting=500, verdict="reused")
    visited(instance, "susun_rekap", cast.operator, waiting=700)  # the system's
    return cast


def test_lanes_share_the_whole_waiting(waited: Cast) -> None:
    head, entering = by_lane(scope_of(waited.kadis))
    assert (head.n, head.total, head.share) == (3, minutes(180), 0.9)
    assert (head.median, head.p90) == (minutes(60), minutes(84))  # 60 + 0.8 of the way to 90
    assert (entering.n, entering.total, entering.share) == (1, minutes(20), 0.1)
    assert head.is_thin
    assert entering.key == entering.label != head.label


def test_by_the_wall_it_is_the_waiting_of_the_wall(waited: Cast) -> None:
    head, _ = by_lane(scope_of(waited.kadis, jam="dinding"))
    assert head.total == minutes(360)
    assert head.share == 0.9


def test_roles_tell_a_substitute_apart(waited: Cast) -> None:
    found = by_role(scope_of(waited.kadis))
    assert [(row.label, row.total) for row in found] == [
        ("Kepala Dinas", minutes(120)),
        ("Plh. Kepala Dinas", minutes(60)),
        ("Operator", minutes(20)),
    ]


def test_people_stand_by_name_and_only_for_one_agency(waited: Cast) -> None:
    scope = scope_of(waited.kadis)
    assert scope.agency is not None
    assert [row.label for row in by_person(scope)] == sorted(
        user.get_full_name() for user in (waited.kadis, waited.secretary, waited.operator)
    )
    assert by_person(replace(scope, agency=None)) == []


def test_weekdays_are_those_of_the_offer_in_their_order(waited: Cast) -> None:
    found = by_weekday(scope_of(waited.kadis))
    assert [(row.label, row.key, row.total) for row in found] == [
        ("Senin", "0", minutes(50)),
        ("Jumat", "4", minutes(150)),
    ]


def test_nothing_waited_says_nothing(cast: Cast) -> None:
    visited(audited(cast), DECIDES, cast.kadis)
    (only,) = by_lane(scope_of(cast.kadis))
    assert (only.share, only.total) == (0.0, minutes(0))


def test_what_waits_now_is_told_the_longest_first(instance: Instance, cast: Cast) -> None:
    later = begin(cast, subject="Cuti Maria", now=NOW + minutes(30))
    scope = scope_of(cast.kadis, sop="permohonan_singkat")
    waits, count = waiting_now(replace(scope, now=NOW + minutes(45)))
    assert count == 2
    assert [(wait.task.instance_id, wait.waited) for wait in waits] == [
        (instance.pk, minutes(45)),
        (later.pk, minutes(15)),
    ]
    Task.objects.filter(instance=later).update(status=Task.Status.CLAIMED)
    assert [wait.task.instance_id for wait in waiting_now(scope)[0]] == [instance.pk]


def test_what_waits_in_another_agency_or_sop_is_not_told(instance: Instance, cast: Cast) -> None:
    audited(cast)
    assert waiting_now(scope_of(cast.kadis, sop=KEY)) == ([], 0)
    elsewhere = scope_of(cast.outsider, sop="permohonan_singkat")
    assert waiting_now(elsewhere) == ([], 0)
