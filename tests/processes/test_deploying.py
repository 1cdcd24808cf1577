"""A new version of a SOP is deployed while instances run: who is on the way keeps to his own."""

from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest
from django.conf import LazySettings

from processes import services
from processes.definitions import definition_of
from processes.models import Instance
from tests.cast import Cast
from tests.processes.conftest import SOPS, World, begin
from tests.processes.test_services__migration import KEY, Office
from tests.processes.test_services__tasks import LATER, claim, complete, decide, open_task

ACTS = 4  # from the beginning to the end of this SOP


@pytest.fixture
def office(tmp_path: Path, settings: LazySettings) -> Office:
    copytree(SOPS / KEY, tmp_path / KEY)
    settings.SOP_ROOTS = [tmp_path]
    return Office(tmp_path)


def act(instance: Instance, cast: Cast, number: int) -> None:
    """Do the next thing: prepare, note (the system), decide, wait (the clock)."""
    if number == 0:
        complete(claim(instance, cast.operator), cast.operator, isi="mohon cuti")
    elif number == 1:
        services.perform_task(task_id=open_task(instance).pk, now=LATER)
    elif number == 2:
        decide(instance, cast, "ya")
    else:
        services.run_timer(task_id=open_task(instance).pk, now=LATER + timedelta(hours=1))


def steps(instance: Instance) -> list[str]:
    return list(instance.tasks.order_by("id").values_list("step", flat=True))


@pytest.mark.fault("F19")
@pytest.mark.parametrize("deployed_after", range(ACTS))
def test_who_is_on_the_way_goes_on_by_the_version_that_he_began_with(
    office: Office, cast: Cast, world: World, deployed_after: int
) -> None:
    usual = begin(cast, subject="Cuti Maria")
    for number in range(ACTS):
        act(usual, cast, number)
    running = begin(cast)
    began_with = definition_of(running).version
    for number in range(deployed_after):
        act(running, cast, number)
    office.with_reminder()
    for number in range(deployed_after, ACTS):
        act(running, cast, number)
    running.refresh_from_db()
    assert (running.status, definition_of(running).version) == ("finished", began_with)
    assert steps(running) == steps(usual)
    new = begin(cast, subject="Cuti Budi")
    assert definition_of(new).version == office.version != began_with
    for number in range(2):
        act(new, cast, number)
    assert "ingatkan" in steps(new)
