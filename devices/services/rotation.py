"""Sealing anew, with the newest key, what is kept sealed: fingers, comm keys, bodies, and more.

What rooms above keep sealed they tell with `also_sealed`.
Row by row, in small transactions: a process that is killed leaves every row closed with the old
key or the new one, both of which open, and the next run takes up the rest.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction

from devices.events import record_all
from devices.models import Device, FingerprintTemplate, RawUpload
from devices.services.secrets import (
    open_comm_key,
    open_template,
    seal_comm_key,
    seal_template,
    template_digest,
)
from devices.services.storing import open_content, pack_content
from foundation import crypto, ledger
from foundation.actors import Actor
from foundation.ledger import Entry
from organization.models import Agency

BATCH = 50

Row = TypeVar("Row", bound=models.Model)
Progress = Callable[[int, int], None]


class AlreadyCurrent(Exception):
    """The newest key closed this row already."""


@dataclass(frozen=True)
class OtherSealed:
    """Rows of another room, each with a sealed value.

    `owner` is the way from a row to its agency; `seal` closes a row's value anew, saves it and
    returns the agency, or raises AlreadyCurrent or DecryptionFailed.
    """

    name: str
    rows: Callable[[], "models.QuerySet[Any]"]
    owner: str
    seal: Callable[[Any], Agency | None]


_others: dict[str, OtherSealed] = {}


def also_sealed(other: OtherSealed) -> None:
    """Let a rotation seal these rows too; told once, when the room is ready."""
    _others[other.name] = other


@dataclass
class RotationReport:
    """How many rows were sealed anew, by what they hold; `unreadable` names those that did not
    open because their key is not in the settings."""

    fingers: int = 0
    comm_keys: int = 0
    uploads: int = 0
    others: dict[str, int] = field(default_factory=dict)  # by the names that rooms gave
    unreadable: list[str] = field(default_factory=list)


def rotate_keys(*, actor: Actor, now: datetime, progress: Progress) -> RotationReport:
    """Seal with the newest key whatever an older one closed; safe to repeat.

    Digests of fingers are made anew too, where their key was changed. `progress` is told rows done
    and rows in all.
    """
    report = RotationReport()
    fingers = FingerprintTemplate.objects.current().select_related("employee__agency")
    devices = Device.objects.exclude(comm_key_sealed=b"").select_related("agency")
    uploads = RawUpload.objects.filter(coding=RawUpload.Coding.SEALED)
    others = [(other, other.rows()) for other in _others.values()]
    total = fingers.count() + devices.count() + uploads.count()
    total += sum(rows.count() for _, rows in others)
    done = 0

    def step(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total)

    for rows in _batches(fingers, step):
        report.fingers += _rotate(rows, "employee__agency", _seal_finger, report, actor, now)
    for batch in _batches(devices, step):
        report.comm_keys += _rotate(batch, "agency", _seal_comm_key, report, actor, now)
    for bodies in _batches(uploads.select_related("device__agency"), step):
        report.uploads += _rotate(bodies, "device__agency", _seal_upload, report, actor, now)
    for other, sealed in others:
        report.others[other.name] = sum(
            _rotate(rows, other.owner, other.seal, report, actor, now)
            for rows in _batches(sealed, step)
        )
    return report


def _batches(
    rows: "models.QuerySet[Row]", step: Callable[[int], None]
) -> Iterator["models.QuerySet[Row]"]:
    """Yield the rows in pieces, by their ids; rows that come meanwhile are sealed newly anyway."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        part = keys[start : start + BATCH]
        yield rows.filter(pk__in=part).order_by("pk")
        step(len(part))


@transaction.atomic
def _rotate(
    rows: "models.QuerySet[Row]",
    owner: str,
    seal: Callable[[Row], Agency | None],
    report: RotationReport,
    actor: Actor,
    now: datetime,
) -> int:
    """Seal a piece anew and leave one event per agency; return how many rows were written."""
    # Fingers come in under the agency's lock: taken first here too, nobody waits for the other.
    for owning in Agency.objects.filter(pk__in=rows.values(owner)).order_by("pk"):
        ledger.lock(owning)
    agencies: Counter[Agency] = Counter()
    written = 0
    for row in rows.select_for_update(of=("self",)):
        try:
            agency = seal(row)
        except AlreadyCurrent:
            continue
        except crypto.DecryptionFailed:
            report.unreadable.append(f"{row._meta.label_lower}:{row.pk}")
            continue
        written += 1
        if agency:
            agencies[agency] += 1
    for agency, count in agencies.items():
        after = {"rows": count, "of": rows.model._meta.label_lower}
        entry = Entry(actor=actor, verb="keys_rotated", subject=agency.stream, after=after)
        record_all(agency, [entry], now=now)
    return written


def _seal_finger(row: FingerprintTemplate) -> Agency:
    data = open_template(row)
    if crypto.is_current(row.sealed) and row.digest == template_digest(data):
        raise AlreadyCurrent
    seal_template(row, data)
    row.save(update_fields=["sealed", "size", "digest"])
    return row.employee.agency


def _seal_comm_key(row: Device) -> Agency:
    if crypto.is_current(row.comm_key_sealed):
        raise AlreadyCurrent
    row.comm_key_sealed = seal_comm_key(row.serial, open_comm_key(row))
    row.save(update_fields=["comm_key_sealed"])
    return row.agency


def _seal_upload(row: RawUpload) -> Agency | None:
    if crypto.is_current(row.content):
        raise AlreadyCurrent
    _, row.content, _ = pack_content(row.serial, open_content(row), sealed=True)
    row.save(update_fields=["content"])
    return row.device.agency if row.device else None
