"""What processes of an office do in the tests of fetching on 4370."""

from datetime import timedelta

from django.utils import timezone

from devices import services
from devices.exceptions import DeviceError
from devices.models import Device, Punch, RawUpload
from foundation.actors import SYSTEM
from foundation.models import OutboxJob
from organization.models import Agency
from tests.devices.make import make_device
from tests.faults.staging import agency_id
from tests.inside import wait_for_signal


def register(*, serials: list[str], port: int = 4370) -> None:
    agency = Agency.objects.get(pk=agency_id())
    for serial in serials:
        make_device(agency, serial, port=port)


def schedule() -> int:
    """Order what is due at the signal."""
    Device.objects.exists()
    wait_for_signal()
    return services.schedule_pulls(now=timezone.now())


def ordered() -> int:
    return OutboxJob.objects.filter(kind="devices.pull_punches").count()


def pull(*, serial: str) -> dict[str, object]:
    """Fetch a log at the signal; return what became of it."""
    device = Device.objects.get(serial=serial)
    wait_for_signal()
    return _pull(device)


def _pull(device: Device) -> dict[str, object]:
    try:
        report = services.pull_punches(device=device, actor=SYSTEM, now=timezone.now())
    except DeviceError as error:
        return {"error": str(error)}
    return {"held": report.held, "accepted": report.accepted}


def kept(*, serial: str) -> list[int]:
    """Return how many punches, uploads and lines in them are kept."""
    uploads = RawUpload.objects.filter(serial=serial)
    lines = sum(uploads.values_list("total", flat=True))
    return [Punch.objects.filter(device__serial=serial).count(), uploads.count(), lines]


def recover(*, serial: str) -> list[object]:
    """Return what is kept, a pull at once, and a pull when the lost session is free again."""
    device = Device.objects.get(serial=serial)
    before, at_once = kept(serial=serial), _pull(device)
    Device.objects.filter(pk=device.pk).update(session_until=timezone.now() - timedelta(seconds=1))
    return [before, at_once, _pull(device), kept(serial=serial)]
