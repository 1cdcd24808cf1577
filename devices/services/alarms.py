"""Raising, clearing and settling alarms. Machines and the clock raise them, people settle them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from devices.exceptions import NotAllowedNow
from devices.models import Alarm, Device
from foundation import ledger
from foundation.actors import Actor
from foundation.cells import clean
from organization.models import Agency, Employee

TEXT, TARGET, NOTE = 300, 120, 300  # characters that a row holds


@transaction.atomic
def raise_alarm(
    *,
    kind: Alarm.Kind,
    target: str,
    text: str,
    now: datetime,
    agency: Agency | None = None,
    device: Device | None = None,
    employee: Employee | None = None,
    details: Mapping[str, Any] | None = None,
) -> Alarm:
    """Say that something needs eyes; while the same (`kind`, `target`) is open it only counts.

    `text` is a sentence for people, the latest one stays. Without `agency` it is the machine's or
    the employee's; one of neither (a caller that nobody knows) is shown to all who look after
    machines. `details` are plain figures, nothing secret.
    """
    if agency is None and (belongs := device or employee):
        agency = belongs.agency
    target, text = target[:TARGET], clean(text)[:TEXT]
    same = Alarm.objects.open().filter(kind=kind, target=target)
    if not same.update(
        text=text, details=dict(details or {}), last_seen_at=now, times=F("times") + 1
    ):
        row = Alarm(
            kind=kind,
            agency=agency,
            device=device,
            employee=employee,
            target=target,
            text=text,
            details=dict(details or {}),
            raised_at=now,
            last_seen_at=now,
        )
        # Two processes may meet the same trouble at the same moment: the constraint keeps one.
        Alarm.objects.bulk_create([row], ignore_conflicts=True)
    return Alarm.objects.filter(kind=kind, target=target).latest("raised_at", "id")


def clear_alarm(*, kind: Alarm.Kind, target: str, now: datetime) -> bool:
    """Close the open alarm whose cause is gone; say whether there was one."""
    same = Alarm.objects.open().filter(kind=kind, target=target[:TARGET])
    return bool(same.update(cleared_at=now))


@transaction.atomic
def settle_alarm(
    *, alarm: Alarm, actor: Actor, note: str, now: datetime, agency: Agency | None = None
) -> Alarm:
    """Close an alarm with what a person found out; NotAllowedNow when it is closed already.

    `agency` names in whose ledger an alarm is settled that belongs to no agency.
    """
    note = clean(note)[:NOTE]
    if not note:
        raise NotAllowedNow("Tulis apa yang ditemukan atau dilakukan.")
    if owning := alarm.agency or agency:
        ledger.lock(owning)
    fresh = Alarm.objects.select_for_update(no_key=True, of=("self",)).get(pk=alarm.pk)
    if fresh.cleared_at is not None:
        raise NotAllowedNow("Peringatan ini sudah ditutup. Muat ulang halaman.")
    owner = fresh.agency or agency
    if owner is None:
        raise NotAllowedNow("Pilih perangkat daerah yang menyelesaikan peringatan ini.")
    fresh.cleared_at, fresh.cleared_by_id, fresh.note = now, actor.user_id, note
    fresh.save(update_fields=["cleared_at", "cleared_by", "note"])
    ledger.record(
        stream=owner,
        actor=actor,
        verb="alarm_settled",
        subject=f"devices.alarm:{fresh.pk}",
        after={"kind": fresh.kind, "target": fresh.target, "note": note},
        now=now,
    )
    return fresh
