"""Instances as every release stored them: today's code loads them, and they come to their end."""

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from foundation import ledger
from foundation.actors import SYSTEM
from processes import queries, services
from processes.models import Definition, Instance, Task
from processes.services.locking import save_instance
from tests.cast import NOW, Cast
from tests.processes.conftest import World
from tests.processes.golden.playing import Play
from tests.processes.test_services__tasks import complete
from workflows import engine, repository
from workflows.definitions import ProcessDefinition
from workflows.engine import ReadyTask

HERE = Path(__file__).parent
Stored = dict[str, Any]
KEPT: list[tuple[Path, Stored]] = [
    (file, stored)
    for file in sorted(HERE.glob("*/*.json"))
    for stored in json.loads(file.read_text())
]
SMALL = [(file, stored) for file, stored in KEPT if file.stem == "permohonan_singkat"]
LATER = NOW + timedelta(minutes=7)


def named(value: Any) -> str:
    """Name a case of a test: its SOP, or the instance with the moment at which it was kept."""
    return f"{value.parent.name} {value.stem}" if isinstance(value, Path) else str(value["name"])


def definition_of(file: Path) -> ProcessDefinition:
    return repository.load(repository.read_folder(file.with_suffix("")), file.stem)


def test_there_are_instances_of_several_sops_at_several_steps() -> None:
    releases = {file.parent.name for file in HERE.glob("*/*.json")}
    assert releases
    for release in releases:
        kept = [json.loads(file.read_text()) for file in HERE.glob(f"{release}/*.json")]
        assert len(kept) >= 4
        assert len({tuple(one["ready"]) for sop in kept for one in sop}) >= 8


@pytest.mark.parametrize(("file", "stored"), KEPT, ids=named)
@pytest.mark.fault("F21")
def test_a_stored_instance_loads_and_is_finished(file: Path, stored: Stored) -> None:
    definition = definition_of(file)
    play = Play(
        definition,
        dict(stored["facts"]),
        rows=stored.get("rows", {}),
        state=stored["state"].encode(),
        form=stored["form"],
    )
    assert play.ready == stored["ready"]
    for step in stored["to_do"]:
        assert not play.end
        play.do(step)
    play.finish()
    assert play.end == stored["end"]


def row_of(file: Path, stored: Stored, cast: Cast) -> Instance:
    """Write the rows of a stored instance as its release would have them."""
    definition = definition_of(file)
    kept = Definition.objects.create(
        key=file.stem,
        version=definition.version,
        title=definition.head.title,
        files={path: base64.b64encode(text).decode() for path, text in definition.files.items()},
        kept_at=NOW,
    )
    state = stored["state"].encode()
    instance = Instance.objects.create(
        definition=kept,
        definition_key=kept.key,
        definition_version=kept.version,
        agency=cast.agency,
        subject="Cuti Joko",
        title=kept.title,
        state=state,
        form=stored["form"],
        visits=stored["visits"],
        started_at=NOW,
    )
    started = ledger.Entry(
        actor=SYSTEM,
        verb="instance_started",
        subject=f"processes.instance:{instance.pk}",
    )
    save_instance(instance, [started], now=NOW)
    for waiting in engine.ready(definition, state):
        task_row(instance, definition, waiting, stored["visits"]).save()
    return instance


def task_row(
    instance: Instance, definition: ProcessDefinition, waiting: ReadyTask, visits: dict[str, int]
) -> Task:
    step = definition.tasks[waiting.step]
    return Task(
        instance=instance,
        agency=instance.agency,
        engine_id=waiting.engine_id,
        step=step.id,
        name=step.name,
        lane=step.lane,
        kind=step.kind,
        visit=visits[step.id],
        offered_at=NOW,
    )


@pytest.mark.parametrize(("file", "stored"), SMALL, ids=named)
@pytest.mark.fault("F21")
def test_a_stored_instance_shows_its_tasks_and_is_finished_by_people(
    file: Path, stored: Stored, cast: Cast, world: World
) -> None:
    instance = row_of(file, stored, cast)
    for step in stored["to_do"]:
        user = {"siapkan": cast.operator, "putuskan": cast.kadis}[step["task"]]
        (task,) = queries.queue(user, NOW).filter(instance=instance)
        assert task.step == step["task"]
        services.claim_task(task_id=task.pk, actor_user=user, now=NOW)
        complete(task, user, **step["form"])
        for one in instance.tasks.filter(status=Task.Status.READY).exclude(kind="user"):
            if one.kind == "timer":
                services.run_timer(task_id=one.pk, now=LATER + timedelta(hours=1))
            else:
                services.perform_task(task_id=one.pk, now=LATER)
    instance.refresh_from_db()
    assert instance.status == Instance.Status.FINISHED
