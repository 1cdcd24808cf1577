"""Sealing anew, with the newest key, what this room keeps sealed: fingers, comm keys, bodies.

Row by row, in small transactions: a process that is killed leaves every row closed with the old
key or the new one, both of which open, and the next run takes up the rest.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

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


@dataclass
class RotationReport:
    """How many rows were sealed anew, by what they hold; `unreadable` names those that did not
    open because their key is not in the settings."""

    fingers: int = 0
    comm_keys: int = 0
    uploads: int = 0
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
    total = fingers.count() + devices.count() + uploads.count()
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
        except _Current:
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


class _Current(Exception):
    """The newest key closed this row already."""


def _seal_finger(row: FingerprintTemplate) -> Agency:
    data = open_template(row)
    if crypto.is_current(row.sealed) and row.digest == template_digest(data):
        raise _Current
    seal_template(row, data)
    row.save(update_fields=["sealed", "size", "digest"])
    return row.employee.agency


def _seal_comm_key(row: Device) -> Agency:
    if crypto.is_current(row.comm_key_sealed):
        raise _Current
    row.comm_key_sealed = seal_comm_key(row.serial, open_comm_key(row))
    row.save(update_fields=["comm_key_sealed"])
    return row.agency


def _seal_upload(row: RawUpload) -> Agency | None:
    if crypto.is_current(row.content):
        raise _Current
    _, row.content, _ = pack_content(row.serial, open_content(row), sealed=True)
    row.save(update_fields=["content"])
    return row.device.agency if row.device else None
