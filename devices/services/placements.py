"""Who is on which machine: those we put there, and whoever a machine has shown."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from devices.adms.tables import User
from devices.models import Device, DeviceCommand, DevicePin, DeviceUser, SeenUser, TemplateCopy
from devices.services.secrets import Use, use_of
from foundation.actors import Actor
from foundation.cells import clean
from foundation.ledger import Entry

PIN, NAME = 24, 150  # characters that a row holds


def is_other_person(pin: str, name: str, shown: str) -> bool:
    """Say whether a machine has a person of another name under this PIN.

    It keeps only the first bytes of a name, or shows NN-<PIN> where it has none.
    """
    return shown != f"NN-{pin}" and not clean(name).startswith(clean(shown))


@transaction.atomic
def note_placed(*, device: Device, pins: Sequence[DevicePin], now: datetime) -> None:
    """Keep that these people of ours are users of the machine under their present names."""
    DeviceUser.objects.bulk_create(
        [
            DeviceUser(device=device, pin=pin, name=pin.employee.name, pushed_at=now)
            for pin in sorted(pins, key=lambda pin: pin.pk)
        ],
        update_conflicts=True,
        unique_fields=["device", "pin"],
        update_fields=["name", "pushed_at"],
    )
    note_names(device=device, names={str(p.number): p.employee.name for p in pins}, now=now)


@transaction.atomic
def forget_users(*, device: Device, pins: Iterable[str], actor: Actor) -> list[Entry]:
    """Keep that these PINs and their fingers are gone; return an event for each finger."""
    numbers = [int(pin) for pin in pins]
    rows = DevicePin.objects.filter(number__in=numbers)
    copies = TemplateCopy.objects.filter(
        device=device, template__employee__in=rows.values("employee")
    )
    entries = _forget(device, copies, actor)
    DeviceUser.objects.filter(device=device, pin__in=rows).delete()
    SeenUser.objects.filter(device=device, pin__in=[str(n) for n in numbers]).delete()
    return entries


@transaction.atomic
def forget_fingers(
    *, device: Device, fingers: Iterable[tuple[str, int]], actor: Actor
) -> list[Entry]:
    """Keep that these fingers (PIN, finger) are gone from a machine; return an event for each."""
    entries: list[Entry] = []
    for pin, finger in fingers:
        copies = TemplateCopy.objects.filter(
            device=device,
            template__finger=finger,
            template__employee__device_pins__number=int(pin),
        )
        entries += _forget(device, copies, actor)
    return entries


def _forget(device: Device, copies: QuerySet[TemplateCopy], actor: Actor) -> list[Entry]:
    rows = list(copies.select_related("template").defer("template__sealed"))
    TemplateCopy.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return [use_of(row.template, Use.DELETED, device=device, actor=actor) for row in rows]


def note_names(*, device: Device, names: Mapping[str, str], now: datetime) -> None:
    """Keep whom a machine showed, by PIN; nobody is taken off."""
    SeenUser.objects.bulk_create(
        [
            SeenUser(device=device, pin=pin[:PIN], name=clean(names[pin])[:NAME], seen_at=now)
            for pin in sorted(names)
        ],
        update_conflicts=True,
        unique_fields=["device", "pin"],
        update_fields=["name", "seen_at"],
    )


@transaction.atomic
def note_listed(*, device: Device, names: Mapping[str, str], now: datetime) -> None:
    """Keep all users that a machine has; whoever is not among them is not there."""
    note_names(device=device, names=names, now=now)
    SeenUser.objects.filter(device=device).exclude(pin__in=[pin[:PIN] for pin in names]).delete()


def note_fingers(
    *, device: Device, shown: Iterable[tuple[str, int]], now: datetime, are_all: bool = False
) -> None:
    """Keep which fingers a machine showed, as PIN and finger, beside those it showed before.

    `are_all` says that it has no others.
    """
    rows = {row.pin: row for row in SeenUser.objects.filter(device=device)}
    before = {pin: () if are_all else tuple(row.fingers) for pin, row in rows.items()}
    fingers: dict[str, set[int]] = {pin: set(known) for pin, known in before.items()}
    told = set()
    for pin, finger in shown:
        told.add(pin[:PIN])
        fingers.setdefault(pin[:PIN], set()).add(finger)
    changed = fingers.keys() if are_all else told
    SeenUser.objects.bulk_create(
        [
            SeenUser(device=device, pin=pin, fingers=sorted(fingers[pin]), seen_at=now)
            for pin in sorted(changed)
        ],
        update_conflicts=True,
        unique_fields=["device", "pin"],
        update_fields=["fingers", "seen_at"],
    )


def note_told(*, device: Device, told: Sequence[User], now: datetime) -> None:
    """Keep the users that a machine told by itself or on being asked.

    One whom we sent and whose acknowledgement was lost is known to be there by this.
    """
    if not told:
        return
    names = {user.pin: user.name for user in told}
    note_names(device=device, names=names, now=now)
    sent = DeviceCommand.objects.filter(
        device=device, kind=DeviceCommand.Kind.PUT_USER, target__in=names, attempts__gt=0
    ).values_list("target", flat=True)
    rows = DevicePin.objects.filter(
        number__in={int(pin) for pin in sent},
        valid_until=None,
        employee__agency=device.agency_id,
    )
    unnoted = rows.exclude(device_users__device=device).select_related("employee")
    here = [
        pin
        for pin in unnoted
        if not is_other_person(str(pin.number), pin.employee.name, names[str(pin.number)])
    ]
    note_placed(device=device, pins=here, now=now)
