"""The derived rows follow the record: what changed is measured anew, once, whoever else does it."""

import json
import logging
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from config.celery import REGULARLY, app
from processes.audit.measured.refreshing import outdated, rebuild, refresh
from processes.models import Instance, InstanceAudit, VisitTiming
from tests.cast import NOW, Cast
from tests.office import Office
from tests.processes.conftest import begin
from tests.processes.test_services__tasks import claim, complete, decide, prepare

HOUR = timedelta(hours=1)


def rows(instance: Instance) -> list[tuple[str, int]]:
    visits = VisitTiming.objects.filter(instance=instance).order_by("task")
    return [(visit.step, visit.handling_work) for visit in visits]


def test_what_was_finished_is_measured_and_what_is_open_is_not(
    instance: Instance, cast: Cast
) -> None:
    prepare(instance, cast)
    assert refresh(now=NOW + HOUR) == 1
    assert rows(instance) == [("siapkan", 7 * 60), ("catat", 0)]
    audit = InstanceAudit.objects.get(instance=instance)
    assert (audit.finished_at, audit.returns, audit.conforms) == (None, 0, True)


def test_what_did_not_change_is_not_measured_again(instance: Instance, cast: Cast) -> None:
    prepare(instance, cast)
    assert [refresh(now=NOW + HOUR) for _ in range(2)] == [1, 0]
    decide(instance, cast, "ya")
    assert [refresh(now=NOW + HOUR) for _ in range(2)] == [1, 0]
    assert [step for step, _ in rows(instance)] == ["siapkan", "catat", "putuskan"]


def test_rows_are_replaced_and_never_patched(instance: Instance, cast: Cast) -> None:
    prepare(instance, cast)
    refresh(now=NOW + HOUR)
    VisitTiming.objects.update(handling_work=1)
    assert rebuild(now=NOW + HOUR) == 1
    assert rows(instance)[0] == ("siapkan", 7 * 60)


def test_a_limit_is_kept_and_the_rest_follows(instance: Instance, cast: Cast) -> None:
    for number in range(4):
        begin(cast, subject=f"Cuti {number}")
    assert [refresh(now=NOW, limit=2) for _ in range(4)] == [2, 2, 1, 0]


def test_who_asks_for_his_agency_measures_no_other(instance: Instance, cast: Cast) -> None:
    begin(cast, subject="Cuti Budi")
    assert refresh(now=NOW, agencies=[cast.other_agency]) == 0
    assert refresh(now=NOW, agencies=[cast.other_agency, cast.agency]) == 2


def test_many_instances_take_as_many_queries_as_one(
    instance: Instance, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    prepare(instance, cast)
    refresh(now=NOW)
    for number in range(9):
        another = begin(cast, subject=f"Cuti {number}")
        complete(claim(another, cast.operator), cast.operator, isi="x")
    # Instances, tasks, events, agencies, their calendars, two deletions, two insertions, the
    # versions; and a savepoint, since a test is a transaction already.
    with django_assert_num_queries(12):
        assert refresh(now=NOW, limit=9) == 9


def test_one_that_cannot_be_measured_stops_no_other(
    instance: Instance, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    begin(cast, subject="Cuti Budi")
    Instance.objects.filter(pk=instance.pk).update(definition_version="hilang")
    with caplog.at_level(logging.ERROR):
        assert refresh(now=NOW) == 1
    assert f"instance {instance.pk} cannot be measured" in caplog.text
    assert list(outdated()) == [instance]


def test_the_clock_measures_three_times_a_minute(instance: Instance, cast: Cast) -> None:
    assert REGULARLY["measure_instances"] == 20
    app.tasks["config.tasks.measure_instances"]()
    assert not outdated().exists()


def test_the_command_measures_all_anew_and_names_what_it_could_not(
    instance: Instance, cast: Cast
) -> None:
    begin(cast, subject="Umbu", agency=cast.other_agency, actor_user=cast.outsider)
    assert told("--json") == {"measured": 2, "left": 0}
    assert told("--agency", "dinkes", "--json") == {"measured": 1, "left": 0}


def told(*arguments: str) -> Any:
    out = StringIO()
    call_command("rebuild_timings", *arguments, stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.xdist_group("races")
def test_two_processes_measure_every_instance_once(office: Office) -> None:
    office.call("tests.processes.audit.measured_at_once:stage", count=40)
    racers = [office.begin("tests.processes.audit.measured_at_once:race") for _ in range(2)]
    for racer in racers:
        racer.wait_until_ready()
    for racer in racers:
        racer.go("")
    shares = [racer.answer() for racer in racers]
    found = office.call("tests.processes.audit.measured_at_once:state")
    assert sum(shares) == 40, "an instance was measured twice, or not at all"
    assert min(shares) > 0, "no race: one did everything"
    assert found == {"outdated": 0, "audits": 40, "visits": 40}
