"""Work with machines that a person asks for: a job in the outbox, never done in a web request."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from devices.models import Device
from foundation import ledger, outbox
from foundation.actors import Actor
from foundation.models import OutboxJob
from organization.models import Agency

WORK = {
    "devices.check": "Periksa mesin",
    "devices.check_machines": "Periksa semua mesin",
    "devices.set_clock": "Cocokkan jam mesin",
    "devices.push_users": "Kirim data pegawai ke mesin",
    "devices.pull_punches": "Tarik log absensi",
    "devices.sync_fingerprints": "Tarik dan salin sidik jari",
}


@dataclass(frozen=True)
class AskedWork:
    """A job as a page shows it; `progress` says how far a machine is that calls us."""

    label: str
    state: str
    error: str
    progress: str
    asked_at: datetime
    done_at: datetime | None


@transaction.atomic
def request_work(*, kind: str, owner: Device | Agency, actor: Actor, now: datetime) -> OutboxJob:
    """Ask the worker for something on a machine, or on all of an agency; twice is one job, now."""
    agency = owner.agency if isinstance(owner, Device) else owner
    row = ledger.lock(agency)  # two clicks at once find one job
    waiting = _waiting(kind, owner).first()
    if waiting:
        # Whoever presses again does not want to wait for the next attempt's turn.
        OutboxJob.objects.filter(pk=waiting.pk).update(run_after=min(waiting.run_after, now))
        outbox.wake()
        return waiting
    ledger.record(
        stream=row,
        actor=actor,
        verb="device_work_requested",
        subject=_owner(owner),
        after={"work": kind},
        now=now,
    )
    return outbox.enqueue(
        kind=kind,
        key=f"{_prefix(kind, owner)}{now:%Y%m%dT%H%M%S.%f}",
        payload={
            "id": owner.pk,
            "actor": actor_to_payload(actor),
            "asked_at": now.isoformat(),
        },
        run_after=now,
    )


def is_waiting(*, kind: str, owner: Device | Agency) -> bool:
    """Say whether somebody asked for this work and it is not done yet."""
    return _waiting(kind, owner).exists()


def _waiting(kind: str, owner: Device | Agency) -> QuerySet[OutboxJob]:
    return OutboxJob.objects.filter(
        key__startswith=_prefix(kind, owner), state=OutboxJob.State.WAITING
    )


def work_of(owner: Device | Agency, *, limit: int = 5) -> list[AskedWork]:
    """Return the latest work asked for on a machine (or for an agency), the newest first."""
    jobs = OutboxJob.objects.filter(kind__in=WORK, key__contains=f":{_owner(owner)}:")
    return [
        AskedWork(
            label=WORK[job.kind],
            state=job.state,
            error=job.last_error.partition(": ")[2] or job.last_error,
            progress=job.progress,
            asked_at=job.created_at,
            done_at=job.done_at,
        )
        for job in jobs.order_by("-id")[:limit]
    ]


def actor_to_payload(actor: Actor) -> dict[str, Any]:
    return {"user_id": actor.user_id, "name": actor.name, "acting_as": actor.acting_as}


def actor_from_payload(payload: Mapping[str, Any]) -> Actor:
    return Actor(**payload)


def _prefix(kind: str, owner: Device | Agency) -> str:
    return f"{kind}:{_owner(owner)}:"


def _owner(owner: Device | Agency) -> str:
    return f"{owner._meta.label_lower}:{owner.pk}"
