"""What automatic steps do with machines. One that fails raises, and the step is retried."""

from devices import waiting  # noqa: F401  registers itself
from devices.guards import BOARD, LIST
from devices.overview import devices_of
from devices.services import push_users_everywhere
from devices.services import sync_fingerprints as sync_all
from devices.services.synchronizing import machines_to_serve
from foundation.indonesian import list_text
from organization.models import Agency
from workflows.registry import Result, StepContext, operation


@operation("devices.push_users")
def push_users(context: StepContext) -> Result:
    """Put the agency's employees on every approved machine that this system calls."""
    agency = Agency.objects.get(pk=context.agency_id)
    reports = push_users_everywhere(agency=agency, actor=context.actor, now=context.now)
    if not reports:
        return Result(note=_nobody(agency), link=LIST)
    return Result(note="; ".join(str(report) for report in reports), link=LIST)


@operation("devices.sync_fingerprints")
def sync_fingerprints(context: StepContext) -> Result:
    """Fetch the fingers recorded at each machine and bring them to the others, read back."""
    agency = Agency.objects.get(pk=context.agency_id)
    if not machines_to_serve(agency):
        return Result(note=_nobody(agency), link=BOARD)
    report = sync_all(agency=agency, actor=context.actor, now=context.now)
    return Result(note=str(report), link=BOARD)


def _nobody(agency: Agency) -> str:
    """Say truly that nothing was sent, and which machines there are."""
    names = [device.name for device in devices_of(agency)]
    if not names:
        return "Tidak ada mesin terdaftar; tidak ada yang dikirim."
    return (
        f"Tidak ada mesin yang dapat dihubungi lewat port 4370 ({list_text(names[:5])}); "
        "tidak ada yang dikirim."
    )
