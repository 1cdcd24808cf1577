"""What automatic steps do with machines.

One that fails raises, and the step is retried; one that waits for a machine to call raises
Postponed with how far it is, and is done again after a while.
"""

from collections.abc import Collection
from datetime import datetime

from devices import waiting  # noqa: F401  registers itself
from devices.guards import BOARD, LIST
from devices.overview import devices_of
from devices.services import check_machines as check_all
from devices.services import push_users_everywhere
from devices.services import sync_fingerprints as sync_all
from devices.services.synchronizing import machines_to_serve
from foundation.indonesian import list_text
from organization.models import Agency
from processes.models import Task
from workflows.registry import Result, StepContext, operation

SHOWN = 5


@operation("devices.push_users", binding=False)
def push_users(context: StepContext) -> Result:
    """Put the agency's employees on every approved machine, by call or by command."""
    agency = Agency.objects.get(pk=context.agency_id)
    reports = push_users_everywhere(
        agency=agency, actor=context.actor, now=context.now, since=_begun(context)
    )
    if not reports:
        return Result(note=_nobody(agency), link=LIST)
    return Result(note="; ".join(str(report) for report in reports), link=LIST)


@operation("devices.sync_fingerprints", binding=False)
def sync_fingerprints(context: StepContext) -> Result:
    """Fetch the fingers recorded at each machine and bring them to the others, read back."""
    return sync_all_but((), context)


def sync_all_but(left_out: Collection[int], context: StepContext) -> Result:
    """Do that with every machine in service but those with these ids."""
    agency = Agency.objects.get(pk=context.agency_id)
    if not machines_to_serve(agency, left_out):
        return Result(note=_nobody(agency), link=BOARD)
    report = sync_all(
        agency=agency, actor=context.actor, now=context.now, since=_begun(context),
        left_out=left_out,
    )  # fmt: skip
    return Result(note=str(report), link=BOARD)


@operation("devices.check_machines", binding=False)
def check_machines(context: StepContext) -> Result:
    """Ask every approved machine how it is, so that the figures on its page are of today."""
    agency = Agency.objects.get(pk=context.agency_id)
    if not machines_to_serve(agency):
        return Result(note=_nobody(agency), link=LIST)
    checked = check_all(agency=agency, actor=context.actor, now=context.now, since=_begun(context))
    names = list_text([device.name for device in checked[:SHOWN]])
    return Result(note=f"{len(checked)} mesin diperiksa: {names}", link=LIST)


def _begun(context: StepContext) -> datetime | None:
    """Return when the system took this step up: what was done since is not done again."""
    rows = Task.objects.filter(pk=context.task_id or 0)
    return rows.values_list("claimed_at", flat=True).first()


def _nobody(agency: Agency) -> str:
    """Say truly that nothing was sent, and which machines there are."""
    names = [device.name for device in devices_of(agency)]
    if not names:
        return "Tidak ada mesin terdaftar; tidak ada yang dikirim."
    return f"Tidak ada mesin yang disetujui ({list_text(names[:SHOWN])}); tidak ada yang dikirim."
