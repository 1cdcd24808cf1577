"""All machines of an agency at once; one that fails does not stop the others."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from devices.exceptions import DeviceError, PinTaken, SyncIncomplete
from devices.models import Device
from devices.services import fingerprints, users
from devices.services.fingerprints import FetchReport, SpreadReport
from devices.services.sessions import IN_SERVICE
from devices.services.users import PushReport
from foundation.actors import Actor
from foundation.indonesian import list_text
from organization.models import Agency

Report = TypeVar("Report")


@dataclass(frozen=True)
class SyncReport:
    """What went from where to where."""

    pushed: tuple[PushReport, ...]
    fetched: tuple[FetchReport, ...]
    spread: tuple[SpreadReport, ...]

    def __str__(self) -> str:
        sources = [f"{r.taken} sidik jari dari {r.device} diambil" for r in self.fetched if r.taken]
        receivers = [r for r in self.spread if r.copied]
        copied = sum(r.copied for r in receivers)
        parts = sources or ["tidak ada sidik jari baru"]
        if receivers:
            names = list_text([r.device for r in receivers])
            parts.append(f"{copied} salinan ditulis ke {len(receivers)} mesin ({names})")
        if other := sum(r.other_algorithm for r in self.spread):
            parts.append(f"{other} tidak cocok dengan jenis mesin tujuan")
        if differing := sum(r.differing for r in self.fetched):
            parts.append(f"{differing} rekaman lama di mesin diganti rekaman yang berlaku")
        if doubled := sum(r.doubled for r in self.fetched):
            parts.append(f"{doubled} jari yang sama di dua PIN ditolak, periksa")
        text = "; ".join(parts)
        return text[0].upper() + text[1:]


def machines_to_serve(agency: Agency) -> list[Device]:
    """Return the machines that this system calls and that may hold names and fingers."""
    rows = Device.objects.filter(agency=agency, state__in=IN_SERVICE).pulled()
    return list(rows.select_related("agency"))


def push_users_everywhere(*, agency: Agency, actor: Actor, now: datetime) -> tuple[PushReport, ...]:
    """Put the employees on every machine; SyncIncomplete names those that failed, at the end."""
    reports, failures = _on_each(
        machines_to_serve(agency), lambda d: users.push_users(device=d, actor=actor, now=now)
    )
    _raise(failures)
    return reports


def sync_fingerprints(*, agency: Agency, actor: Actor, now: datetime) -> SyncReport:
    """Put users on every machine, fetch what was recorded, bring it to the others, read it back.

    Safe to repeat; SyncIncomplete at the end when a machine failed, the others being served.
    """
    devices = machines_to_serve(agency)
    pushed, not_pushed = _on_each(
        devices, lambda d: users.push_users(device=d, actor=actor, now=now)
    )
    # A PIN that is taken concerns that one person; the machine itself works.
    dead = {pk for pk, error in not_pushed.items() if not isinstance(error, PinTaken)}
    reachable = [device for device in devices if device.pk not in dead]
    fetched, not_fetched = _on_each(
        reachable, lambda d: fingerprints.fetch_templates(device=d, actor=actor, now=now)
    )
    spread, not_spread = _on_each(
        [device for device in reachable if device.pk not in not_fetched],
        lambda d: fingerprints.spread_templates(device=d, actor=actor, now=now),
    )
    _raise(not_pushed | not_fetched | not_spread)
    return SyncReport(pushed, fetched, spread)


def _on_each(
    devices: list[Device], work: Callable[[Device], Report]
) -> tuple[tuple[Report, ...], dict[int, DeviceError]]:
    reports: list[Report] = []
    failures: dict[int, DeviceError] = {}
    for device in devices:
        try:
            reports.append(work(device))
        except DeviceError as error:
            # Told together at the end: one dead machine must not keep the others from their work.
            failures[device.pk] = error
    return tuple(reports), failures


def _raise(failures: dict[int, DeviceError]) -> None:
    if failures:
        raise SyncIncomplete(
            " ".join(dict.fromkeys(str(error) for error in failures.values()))
            + " Mesin yang rusak dapat dinonaktifkan sementara di halaman mesin."
        )
