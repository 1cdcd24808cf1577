"""What gateways may ask of this room, with the record it rests on; and how many were enrolled."""

from datetime import datetime

from devices.guards import BOARD, LIST, everyone_enrolled, machines_registered
from devices.models import Enrolment
from devices.overview import devices_of, enrolment_rows
from devices.services.sessions import IN_SERVICE
from foundation.indonesian import list_text
from organization.models import Agency
from processes.models import Instance, Task
from workflows.registry import Fact, StepContext, fact, multiplier


@fact("devices.machines_registered")
def machines_are_registered(context: StepContext) -> Fact:
    """Whether the guard of the same name finds nothing missing; the machines as evidence."""
    serving = [d for d in devices_of(context.agency_id) if d.state in IN_SERVICE]
    names = list_text([f"{device.name} ({device.serial})" for device in serving[:5]])
    evidence = f"{len(serving)} mesin terdaftar: {names}" if serving else ""
    return Fact(value=not machines_registered(context), evidence=evidence, link=LIST)


@fact("devices.everyone_enrolled")
def everyone_is_enrolled(context: StepContext) -> Fact:
    """Whether nobody is left to record; the counts as evidence."""
    agency = Agency.objects.get(pk=context.agency_id)
    rows = enrolment_rows(agency, context.now)
    counts = {
        status: sum(r.status == status for r in rows)
        for status in ("recorded", "exception", "later")
    }
    evidence = (
        f"{counts['recorded']} pegawai terekam, {counts['exception']} pengecualian, "
        f"{counts['later']} menyusul"
    )
    return Fact(value=not everyone_enrolled(context), evidence=evidence, link=BOARD)


@multiplier("devices.people_enrolled")
def people_enrolled(context: StepContext) -> int:
    """Return how many people this visit records: those recorded since it was offered and, while it
    is open, those who still must be. Outside a task: since the instance began."""
    since, until = _span(context)
    recordings = Enrolment.objects.filter(
        employee__agency=context.agency_id,
        status=Enrolment.Status.RECORDED,
        at__gte=since,
        at__lte=until or context.now,
    )
    people = set(recordings.values_list("employee_id", flat=True))
    if until is None:
        agency = Agency.objects.get(pk=context.agency_id)
        rows = enrolment_rows(agency, context.now)
        people |= {row.employee.pk for row in rows if not row.settled}
    return len(people)


def _span(context: StepContext) -> tuple[datetime, datetime | None]:
    if context.task_id is not None:
        task = Task.objects.only("offered_at", "submitted_at").get(pk=context.task_id)
        return task.offered_at, task.submitted_at
    instance = Instance.objects.only("started_at", "finished_at").get(pk=context.instance_id)
    return instance.started_at, instance.finished_at
