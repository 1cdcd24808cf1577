"""One instance measured: its rows in memory in, the derived rows of the audit out.

Pure: whoever calls has read tasks and events and writes what comes back (`refreshing`). Measured
are the finished visits, people's and the system's; what is not finished has no verdict yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from organization.calendars.working_time import Calendar
from processes import spells
from processes.audit.measured import conformance, flags
from processes.audit.measured.flags import EventMoment
from processes.audit.measured.verdicts import standard_of, verdict_of
from processes.models import Instance, InstanceAudit, Task, VisitTiming
from processes.services.locking import subject_of
from workflows.definitions import OutcomeKind, ProcessDefinition, SubjectKind, TaskKind


@dataclass(frozen=True)
class Measured:
    """The rows of one instance, not yet stored."""

    visits: list[VisitTiming]
    audit: InstanceAudit


@dataclass(frozen=True)
class Office:
    """The clocks of an agency."""

    zone: ZoneInfo
    calendar: Calendar

    @property
    def work(self) -> spells.Measure:
        return spells.work(self.zone, self.calendar)


def measure(
    definition: ProcessDefinition,
    instance: Instance,
    tasks: Sequence[Task],
    events: Sequence[EventMoment],
    office: Office,
) -> Measured:
    """Measure an instance; `tasks` are all of it, oldest first, `events` in their sequence."""
    stepped_back = flags.stepped_back(events)
    done = conformance.in_order(tasks, flags.completions(events, tasks))
    completed = [task for task in done if task.status == Task.Status.COMPLETED]
    visits = []
    for task in completed:
        visit = _visit(definition, instance, task, office)
        visit.clock_back |= subject_of(task) in stepped_back
        visits.append(visit)
    _measure_returns(tasks, completed, visits, definition, office)
    course = conformance.played(definition, conformance.course(tasks, done))
    for visit in visits:
        visit.out_of_order = visit.task_id in course.out_of_order
    of_tasks = {subject_of(task) for task in completed}
    deviations = conformance.deviations(
        definition,
        visits,
        course,
        finished=instance.status == Instance.Status.FINISHED,
        clock_back=bool(stepped_back - of_tasks),
    )
    return Measured(visits, _audit(definition, instance, visits, deviations, office))


def period_of(
    definition: ProcessDefinition, instance: Instance, moment: datetime, zone: ZoneInfo
) -> date:
    """Return the first day of the month that counts: the subject's, else that of the moment."""
    if definition.subject in (SubjectKind.MONTH, SubjectKind.DAY):
        return date.fromisoformat(f"{instance.subject[:7]}-01")
    return moment.astimezone(zone).date().replace(day=1)


def _visit(
    definition: ProcessDefinition, instance: Instance, task: Task, office: Office
) -> VisitTiming:
    served = definition.step_of(task.step)
    submitted_at = task.submitted_at or task.offered_at
    visit = VisitTiming(
        task=task,
        instance=instance,
        definition_key=instance.definition_key,
        agency_id=instance.agency_id,
        period=period_of(definition, instance, task.offered_at, office.zone),
        step=served.id if task.reused else task.step,
        number=served.number,
        lane=task.lane,
        kind=task.kind,
        visit=task.visit,
        owner_id=task.owner_id,
        acting_as=task.acting_as,
        offered_weekday=task.offered_at.astimezone(office.zone).weekday(),
        submitted_at=submitted_at,
        outcome_kind=task.outcome_kind,
        by_substitute=flags.by_substitute(task),
        outside_hours=flags.outside_hours(task, zone=office.zone, calendar=office.calendar),
        forced=flags.forced(task),
        backdated=flags.backdated(task),
        clock_back=flags.clock_back(task),
        undone=task.undone_at is not None,
    )
    if not task.reused:
        _set_times(visit, task, submitted_at, office)
    visit.verdict = verdict_of(task, visit.handling_work)
    return visit


def _set_times(visit: VisitTiming, task: Task, end: datetime, office: Office) -> None:
    work = spells.times(task, until=end, measure=office.work)
    wall = spells.times(task, until=end, measure=spells.wall)
    visit.waiting_work, visit.waiting_wall = work.waiting, wall.waiting
    visit.handling_work, visit.handling_wall = work.handling, wall.handling
    visit.paused_work, visit.paused_wall = work.paused, wall.paused
    visit.lead_work, visit.lead_wall = work.lead, wall.lead
    visit.form_open = task.form_seconds
    visit.standard, visit.count = standard_of(task), task.standard_count


def _measure_returns(
    tasks: Sequence[Task],
    completed: Sequence[Task],
    visits: Sequence[VisitTiming],
    definition: ProcessDefinition,
    office: Office,
) -> None:
    """Say of every return where it led and what it cost; `visits` are those of `completed`."""
    for place, (task, visit) in enumerate(zip(completed, visits, strict=True)):
        if task.outcome_kind != OutcomeKind.RETURN:
            continue
        visit.returned_to = _target(task, tasks, definition)
        repeated = 0
        for later in visits[place + 1 :]:
            if later.kind == TaskKind.USER:
                repeated += later.handling_work
            if later.step == visit.step:
                visit.lost_work = office.work(visit.submitted_at, later.submitted_at)
                visit.repeated_work = repeated
                break


def _target(back: Task, tasks: Sequence[Task], definition: ProcessDefinition) -> str:
    """Return the step that a return led to: of the first task of people that it opened.

    Where it opened work of the system alone, the step that this serves.
    """
    opened = [task for task in tasks if task.returned_by_id == back.pk]
    people = [task for task in opened if task.kind == TaskKind.USER]
    if people:
        return people[0].step
    return definition.step_of(opened[0].step).id if opened else ""


def _audit(
    definition: ProcessDefinition,
    instance: Instance,
    visits: Sequence[VisitTiming],
    deviations: Sequence[conformance.Deviation],
    office: Office,
) -> InstanceAudit:
    # A cancelled instance ended, but did not finish: it has no lead time to compare.
    is_finished = instance.status == Instance.Status.FINISHED
    end = instance.finished_at if is_finished else None
    return InstanceAudit(
        instance=instance,
        definition_key=instance.definition_key,
        agency_id=instance.agency_id,
        period=period_of(definition, instance, instance.started_at, office.zone),
        started_at=instance.started_at,
        finished_at=end,
        lead_work=office.work(instance.started_at, end) if end else None,
        lead_wall=spells.wall(instance.started_at, end) if end else None,
        returns=sum(visit.outcome_kind == OutcomeKind.RETURN for visit in visits),
        conforms=conformance.conforms(deviations),
        deviations=[deviation.stored for deviation in deviations],
    )
