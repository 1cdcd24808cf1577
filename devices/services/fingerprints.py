"""Fingers from one machine to the others: fetched, sealed, spread, read back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from devices.events import record_all
from devices.exceptions import ReadBackFailed
from devices.models import Device, DevicePin, DeviceUser, FingerprintTemplate, TemplateCopy
from devices.services.enrolments import note_recorded, subject_of
from devices.services.secrets import holds, open_template, seal_template, template_digest
from devices.services.sessions import machine_session
from devices.services.users import current_pins
from devices.zk_client import MachineTemplate
from foundation.actors import Actor
from foundation.ledger import Entry


@dataclass
class FetchReport:
    """What was found on one machine, in fingers."""

    device: str
    fresh: int = 0  # recorded at this machine and new to us
    renewed: int = 0  # recorded anew at this machine
    known: int = 0
    differing: int = 0  # another recording than ours; ours stays and is brought back
    foreign: int = 0  # of users that we did not put on the machine: left where they are
    doubled: int = 0  # the very same finger under two people: not taken
    employees: set[int] = field(default_factory=set)

    @property
    def taken(self) -> int:
        return self.fresh + self.renewed


@dataclass(frozen=True)
class SpreadReport:
    device: str
    copied: int
    already: int
    other_algorithm: int  # recorded for machines of another generation


def fetch_templates(*, device: Device, actor: Actor, now: datetime) -> FetchReport:
    """Read all fingers of a machine and keep, sealed, those of our people; safe to repeat."""
    with machine_session(device, now=now) as session:
        templates = session.client.templates()
        algorithm = session.status.algorithm
    return store_templates(
        device=device, templates=templates, algorithm=algorithm, actor=actor, now=now
    )


@transaction.atomic
def store_templates(
    *,
    device: Device,
    templates: Sequence[MachineTemplate],
    algorithm: int,
    actor: Actor,
    now: datetime,
) -> FetchReport:
    """Keep the fingers that a machine showed, and note who is recorded by that."""
    shelf = _Shelf(device, algorithm)
    report = FetchReport(device.name)
    entries: list[Entry] = []
    for shown in templates:
        employee_id = shelf.owner(shown.pin)
        if employee_id is None or not shown.data:
            report.foreign += 1
            continue
        entries += _store_one(shelf, shown, employee_id, report, actor, now)
    _forget_lost(shelf, templates)
    entries.append(_fetched(device, report, actor))
    record_all(device.agency, entries, now=now)
    return report


class _Shelf:
    """What we hold that matters for one machine, read once."""

    def __init__(self, device: Device, algorithm: int) -> None:
        self.device, self.algorithm = device, algorithm
        # A PIN that we did not put there may be anybody's.
        users = DeviceUser.objects.filter(device=device, pin__valid_until=None)
        self._owners = {str(row.pin.number): row.pin for row in users.select_related("pin")}
        rows = FingerprintTemplate.objects.filter(
            employee__agency=device.agency_id, algorithm=algorithm
        )
        self.current = {
            (row.employee_id, row.finger): row for row in rows if row.replaced_at is None
        }
        copies = TemplateCopy.objects.filter(device=device).select_related("template")
        self.copies = {copy.template_id for copy in copies}
        self.seen = {
            (copy.template.employee_id, copy.template.finger, copy.template.digest)
            for copy in copies
        }
        self.owners_by_digest = {row.digest: row.employee_id for row in self.current.values()}

    def owner(self, pin: str) -> int | None:
        found: DevicePin | None = self._owners.get(pin)
        return found.employee_id if found else None


def _store_one(
    shelf: _Shelf,
    shown: MachineTemplate,
    employee_id: int,
    report: FetchReport,
    actor: Actor,
    now: datetime,
) -> list[Entry]:
    digest = template_digest(shown.data)
    current = shelf.current.get((employee_id, shown.finger))
    if current is not None and holds(current, shown.data):
        report.known += 1
        _note_copies(shelf.device, [current], now)
        return []
    if shelf.owners_by_digest.get(digest, employee_id) != employee_id:
        report.doubled += 1
        return [Entry(actor=actor, verb="fingerprint_doubled", subject=subject_of(employee_id))]
    if current is not None:
        first_recorded_elsewhere = current.pk not in shelf.copies
        if first_recorded_elsewhere or (employee_id, shown.finger, digest) in shelf.seen:
            report.differing += 1
            return []
        # This machine had our finger and shows another now: it was recorded anew there.
        current.replaced_at, current.sealed = now, b""
        current.save(update_fields=["replaced_at", "sealed"])
        report.renewed += 1
    else:
        report.fresh += 1
    _keep(shelf, shown, employee_id, now)
    report.employees.add(employee_id)
    _, entries = note_recorded(
        employee_id=employee_id, finger=shown.finger, device=shelf.device, actor=actor, now=now
    )
    return entries


def _keep(shelf: _Shelf, shown: MachineTemplate, employee_id: int, now: datetime) -> None:
    template = FingerprintTemplate(
        employee_id=employee_id,
        finger=shown.finger,
        algorithm=shelf.algorithm,
        valid=shown.valid,
        source=shelf.device,
        fetched_at=now,
    )
    seal_template(template, shown.data)
    template.save()
    shelf.current[employee_id, shown.finger] = template
    shelf.owners_by_digest[template.digest] = employee_id
    _note_copies(shelf.device, [template], now)


def _forget_lost(shelf: _Shelf, templates: Sequence[MachineTemplate]) -> None:
    """A machine that was reset or cleaned has lost fingers: they are to be brought there again."""
    shown = {(shelf.owner(template.pin), template.finger) for template in templates}
    lost = [
        row.pk for key, row in shelf.current.items() if key not in shown and row.pk in shelf.copies
    ]
    TemplateCopy.objects.filter(device=shelf.device, template__in=lost).delete()


def spread_templates(*, device: Device, actor: Actor, now: datetime) -> SpreadReport:
    """Bring the agency's fingers to a machine that lacks them and read them back from it.

    Safe to repeat: what was read back before is not sent again. Raises ReadBackFailed when a
    finger that the machine acknowledged is not there; those that are there stay noted.
    """
    pins = {pin.employee_id: str(pin.number) for pin in current_pins(device.agency, now)}
    on_machine = DeviceUser.objects.filter(device=device, pin__valid_until=None)
    placed = set(on_machine.values_list("pin__employee_id", flat=True))
    rows = FingerprintTemplate.objects.filter(
        employee__in=placed & set(pins), replaced_at=None
    ).order_by("employee_id", "finger")
    copies = set(TemplateCopy.objects.filter(device=device).values_list("template_id", flat=True))
    missing = [row for row in rows if row.pk not in copies]
    with machine_session(device, now=now) as session:
        fitting = [row for row in missing if row.algorithm == session.status.algorithm]
        sent = [_for_machine(row, pins[row.employee_id]) for row in fitting]
        if sent:
            session.client.write_templates(sent)
        found = session.client.templates() if sent else ()
    shown = {(row.pin, row.finger): row.data for row in found}
    verified = [
        row
        for row, template in zip(fitting, sent, strict=True)
        if shown.get((template.pin, template.finger)) == template.data
    ]
    _note_spread(device, verified, actor, now)
    if len(verified) < len(fitting):
        raise ReadBackFailed(
            f"{len(fitting) - len(verified)} dari {len(fitting)} sidik jari tidak terbaca kembali "
            f"dari {device.name}. Periksa sisa kapasitas mesin, lalu ulangi."
        )
    return SpreadReport(
        device.name, len(verified), len(rows) - len(missing), len(missing) - len(fitting)
    )


def _for_machine(row: FingerprintTemplate, pin: str) -> MachineTemplate:
    return MachineTemplate(pin, row.finger, row.valid, open_template(row))


@transaction.atomic
def _note_spread(
    device: Device, verified: list[FingerprintTemplate], actor: Actor, now: datetime
) -> None:
    if not verified:
        return
    _note_copies(device, verified, now)
    entry = Entry(
        actor=actor,
        verb="fingerprints_spread",
        subject=device.subject,
        after={"copied": len(verified)},
    )
    record_all(device.agency, [entry], now=now)


def _note_copies(device: Device, templates: list[FingerprintTemplate], now: datetime) -> None:
    TemplateCopy.objects.bulk_create(
        [TemplateCopy(template=row, device=device, verified_at=now) for row in templates],
        update_conflicts=True,
        unique_fields=["template", "device"],
        update_fields=["verified_at"],
    )


def _fetched(device: Device, report: FetchReport, actor: Actor) -> Entry:
    counts = {
        name: getattr(report, name)
        for name in ("fresh", "renewed", "known", "differing", "foreign", "doubled")
    }
    return Entry(actor=actor, verb="fingerprints_fetched", subject=device.subject, after=counts)
