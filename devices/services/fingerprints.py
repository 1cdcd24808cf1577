"""Fingers from one machine to the others: fetched, sealed, spread, read back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from devices.events import record_all
from devices.exceptions import ReadBackFailed
from devices.models import Device, DeviceUser, FingerprintTemplate, TemplateCopy
from devices.pull.client import MachineTemplate
from devices.services.secrets import Use, open_template, use_of
from devices.services.sessions import machine_session
from devices.services.shelf import FetchReport, Shelf
from devices.services.users import current_pins
from foundation import ledger
from foundation.actors import Actor
from foundation.ledger import Entry

__all__ = [
    "FetchReport",
    "SpreadReport",
    "fetch_templates",
    "forget_copies",
    "note_copies",
    "spread_templates",
    "store_templates",
]


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
        device=device,
        templates=templates,
        algorithm=algorithm,
        whole=True,
        actor=actor,
        now=now,
    )


@transaction.atomic
def store_templates(
    *,
    device: Device,
    templates: Sequence[MachineTemplate],
    algorithm: int,
    actor: Actor,
    now: datetime,
    whole: bool = False,
) -> FetchReport:
    """Keep the fingers that a machine showed, and note who is recorded by that.

    What is new waits for its supervisor. A finger that counts is replaced only with leave (art.
    8(4)); else it stays, is brought back to the machine, and an alarm is raised. `whole` says that
    the machine holds no others: what it has lost is to be brought there again.
    """
    ledger.lock(device.agency)  # two machines may show the same person at once
    shelf = Shelf(device, algorithm, templates, actor, now)
    for shown in templates:
        shelf.put(shown)
    note_copies(device, shelf.verified, now)
    lost = shelf.overwritten + (shelf.lacking(templates) if whole else [])
    forget_copies(device, lost)
    if whole or shelf.entries:
        fetched = Entry(
            actor=actor,
            verb="fingerprints_fetched",
            subject=device.subject,
            after=shelf.report.counts,
        )
        shelf.entries.append(fetched)
    record_all(device.agency, shelf.entries, now=now)
    return shelf.report


def spread_templates(*, device: Device, actor: Actor, now: datetime) -> SpreadReport:
    """Bring the agency's fingers to a machine that lacks them and read them back from it.

    Safe to repeat: what was read back before is not sent again. Raises ReadBackFailed when a
    finger that the machine acknowledged is not there; those that are there stay noted.
    """
    pins = {pin.employee_id: str(pin.number) for pin in current_pins(device.agency, now)}
    on_machine = DeviceUser.objects.filter(device=device, pin__valid_until=None)
    placed = set(on_machine.values_list("pin__employee_id", flat=True))
    # A recording that no supervisor has confirmed stays where it was made (art. 8(3)).
    rows = (
        FingerprintTemplate.objects.counting()
        .filter(employee__in=placed & set(pins))
        .order_by("employee_id", "finger")
    )
    copies = set(TemplateCopy.objects.filter(device=device).values_list("template_id", flat=True))
    missing = [row for row in rows if row.pk not in copies]
    with machine_session(device, now=now) as session:
        fitting = [row for row in missing if row.algorithm == session.status.algorithm]
        sent = _open_for(device, fitting, pins, actor, now)
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


def _open_for(
    device: Device,
    rows: Sequence[FingerprintTemplate],
    pins: dict[int, str],
    actor: Actor,
    now: datetime,
) -> list[MachineTemplate]:
    # Noted before: a use that is cut off in its middle was one all the same.
    entries = [use_of(row, Use.SENT, device=device, actor=actor) for row in rows]
    with transaction.atomic():
        record_all(device.agency, entries, now=now)
    return [
        MachineTemplate(pins[row.employee_id], row.finger, row.valid, open_template(row))
        for row in rows
    ]


@transaction.atomic
def _note_spread(
    device: Device, verified: list[FingerprintTemplate], actor: Actor, now: datetime
) -> None:
    if not verified:
        return
    note_copies(device, verified, now)
    entry = Entry(
        actor=actor,
        verb="fingerprints_spread",
        subject=device.subject,
        after={"copied": len(verified)},
    )
    record_all(device.agency, [entry], now=now)


def note_copies(device: Device, templates: Sequence[FingerprintTemplate], now: datetime) -> None:
    """Keep that these fingers were read back from this machine, in place of what was there."""
    TemplateCopy.objects.bulk_create(
        [TemplateCopy(template=row, device=device, verified_at=now) for row in templates],
        update_conflicts=True,
        unique_fields=["template", "device"],
        update_fields=["verified_at"],
    )
    present = {(row.employee_id, row.finger, row.algorithm) for row in templates}
    old = FingerprintTemplate.objects.dropped().filter(copies__device=device)
    gone = [r.pk for r in old if (r.employee_id, r.finger, r.algorithm) in present]
    forget_copies(device, gone)


def forget_copies(device: Device, template_ids: Sequence[int]) -> None:
    """Keep that these fingers are not on this machine, or not any more."""
    TemplateCopy.objects.filter(device=device, template__in=template_ids).delete()
