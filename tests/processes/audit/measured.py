"""Measured visits made by hand: each figure of a page can be computed from what stands here."""

from datetime import date, datetime, timedelta
from typing import Any

from organization.models import Agency, User
from processes.audit.scope import Scope, read_scope
from processes.definitions import keep
from processes.models import Instance, InstanceAudit, Task, VisitTiming
from tests.cast import NOW, Cast
from tests.workflows.definitions import e_absensi
from workflows.definitions import TaskKind

APRIL = date(2026, 4, 1)
MINUTE = 60
KEY = "pengelolaan_e_absensi"


def scope_of(user: User, **parameters: str) -> Scope:
    """Return a scope as the address would name it; January to April 2026 until told otherwise."""
    values = {"sop": KEY, "dari": "2026-01", "sampai": "2026-04"} | parameters
    return read_scope(user, values, now=NOW)


def audited(
    cast: Cast,
    period: date = APRIL,
    *,
    agency: Agency | None = None,
    finished: bool = True,
    **values: Any,
) -> Instance:
    """Create an instance as it is after its measuring; `values` are columns of its audit."""
    agency = agency or cast.agency
    definition = keep(e_absensi(), now=NOW)
    instance = Instance.objects.create(
        definition=definition,
        definition_key=definition.key,
        definition_version=definition.version,
        agency=agency,
        title=f"E-Absensi {Instance.objects.count() + 1}",
        status=Instance.Status.FINISHED if finished else Instance.Status.RUNNING,
        state=b"{}",
        started_at=NOW,
        finished_at=NOW if finished else None,
        version=1,
        measured_version=1,
    )
    InstanceAudit.objects.create(
        instance=instance,
        definition_key=definition.key,
        agency=agency,
        period=period,
        started_at=NOW,
        finished_at=NOW if finished else None,
        **values,
    )
    return instance


def visited(instance: Instance, step: str, owner: User, **values: Any) -> VisitTiming:
    """Create a finished visit; durations in minutes: `waiting`, `handling`, `lost`, `repeated`.

    On the wall everything takes twice the working time. `comment` and `acting_as` are the task's.
    """
    task_of = e_absensi().tasks[step]
    served = e_absensi().step_of(step)
    waiting, handling = (values.pop(n, 0) * MINUTE for n in ("waiting", "handling"))
    standard = values.pop("standard", None)
    said = {name: values.pop(name, "") for name in ("comment", "acting_as")}
    costs = {
        f"{name}_work": values.pop(name) * MINUTE for name in ("lost", "repeated") if name in values
    }
    submitted_at: datetime = values.pop("submitted_at", NOW)
    place = Task.objects.filter(instance=instance, step=step).count() + 1
    task = Task.objects.create(
        instance=instance,
        agency=instance.agency,
        engine_id=f"{step}-{place}",
        step=step,
        name=task_of.name,
        lane=task_of.lane,
        kind=task_of.kind,
        status=Task.Status.COMPLETED,
        visit=place,
        owner=owner if task_of.kind is TaskKind.USER else None,
        offered_at=submitted_at - timedelta(hours=1),
        submitted_at=submitted_at,
        effective_at=submitted_at,
        outcome_kind=values.get("outcome_kind", ""),
        **said,
    )
    verdict = "none"
    if standard is not None:
        standard *= MINUTE
        verdict = "within" if handling <= standard else "over"
    defaults: dict[str, Any] = {
        "definition_key": instance.definition_key,
        "agency": instance.agency,
        "period": instance.audit.period,
        "step": step,
        "number": served.number,
        "lane": task_of.lane,
        "kind": task_of.kind,
        "visit": place,
        "owner": task.owner,
        "acting_as": task.acting_as,
        "offered_weekday": 0,
        "submitted_at": submitted_at,
        "waiting_work": waiting,
        "waiting_wall": 2 * waiting,
        "handling_work": handling,
        "handling_wall": 2 * handling,
        "lead_work": waiting + handling,
        "lead_wall": 2 * (waiting + handling),
        "standard": standard,
        "verdict": verdict,
    }
    return VisitTiming.objects.create(task=task, instance=instance, **(defaults | costs | values))
