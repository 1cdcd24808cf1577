"""What every write to an outage shares: the locked row, its event, its days judged anew."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from attendance.evidence.outage_lists import ListRow, punches_of, rows_of
from attendance.models import Outage
from attendance.services.evidence_rows import content_hash, judge_again, record
from devices.models import Punch
from devices.services.other_punches import tell_punches
from foundation import ledger
from foundation.actors import Actor
from foundation.indonesian import date_text
from organization.models import User
from organization.permissions import actor_allowed, local_date

SAID = (
    "symptom", "forwarded_as", "diagnosis", "repair", "parts", "technician", "test_result",
    "witness", "fetched_note", "withdrawn_note",
)  # fmt: skip
MOMENTS = (
    "reported_at", "forwarded_at", "diagnosed_at", "repaired_at", "tested_at", "fetched_at",
    "withdrawn_at",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Deed:
    """That a person did a step of the procedure, as what, and when he sent it in."""

    user: User
    actor: Actor
    at: datetime


def locked(outage_id: int) -> Outage:
    """Return the row under the lock of its agency, for a step that was the permission."""
    ledger.lock(Outage.objects.select_related("agency").get(pk=outage_id).agency)
    rows = Outage.objects.select_for_update(of=("self",))
    return rows.select_related("agency", "device", "instance").get(pk=outage_id)


def locked_for(outage_id: int, capability: str, user: User, now: datetime) -> tuple[Outage, Actor]:
    """Return the row under the lock, and as what the person may; raise PermissionDenied."""
    agency = Outage.objects.select_related("agency").get(pk=outage_id).agency
    actor = actor_allowed(user, capability, agency, now)
    return locked(outage_id), actor


def last_day_problem(row: Outage, last_on: date, now: datetime) -> str:
    """Return why an outage cannot have ended on this day, "" where it can."""
    if last_on > local_date(row.agency, now):
        return "Tanggal ini belum tiba; akhiri sesudah mesin diperbaiki."
    if last_on < row.first_on:
        return f"Akhir mendahului awal gangguan, {date_text(row.first_on)}; periksa tanggalnya."
    if late := [listed for listed in rows_of(row) if listed.day > last_on]:
        return f"Daftar manual sudah berisi {date_text(late[-1].day)}; periksa tanggalnya."
    sent = row.deliveries.filter(day__gt=last_on).exclude(status__in=("returned", "rejected"))
    if delivery := sent.last():
        return f"Rekap manual {date_text(delivery.day)} sudah dikirim; periksa tanggalnya."
    return ""


def end(row: Outage, last_on: date, actor: Actor, now: datetime) -> Outage:
    """Let a locked outage end on this day, which was found possible."""
    before = state(row)
    row.last_on = last_on
    row.save(update_fields=["last_on"])
    note(row, "outage_ended", actor, now, before=before)
    # The days after it, which had been part of the outage so far, are judged by machines again.
    judge(row, "berakhir", now, until=None)
    return row


def make_whole(
    row: Outage, listed: Sequence[ListRow], user: User, actor: Actor, now: datetime
) -> Outage:
    """Let the rows of a list that was found whole be punches, and say who found it so."""
    before = state(row)
    tell_punches(told=punches_of(row, listed), channel=Punch.Channel.LIST)
    row.listed_by, row.listed_at = user, now
    row.save(update_fields=["listed_by", "listed_at"])
    note(row, "outage_list_completed", actor, now, before=before)
    judge(row, "daftar manual lengkap", now, until=row.last_on)
    return row


def judge(
    row: Outage,
    what: str,
    now: datetime,
    until: date | None = None,
    people: Collection[int] | None = None,
) -> None:
    judge_again(
        row.agency, people, row.first_on, until,
        cause=f"Gangguan {row.device or 'semua mesin'} {date_text(row.first_on)}: {what}",
        now=now,
    )  # fmt: skip


def state(row: Outage) -> dict[str, Any]:
    """Return what an event keeps: days and machine, how far it is, hashes of what was said."""
    return {
        "device": row.device_id,
        "first_on": row.first_on,
        "last_on": row.last_on,
        "reason": row.reason,
        "rows": len(row.rows),
        "list": content_hash(*sorted(f"{key} {value}" for key, value in row.rows.items())),
        "listed": row.listed_at is not None,
        "instance": row.instance_id,
        "steps": [name.removesuffix("_at") for name in MOMENTS if getattr(row, name)],
        "said": content_hash(*(getattr(row, name) for name in SAID)),
        "other_machine": row.other_machine,
        "violation": row.violation_id,
    }


def note(
    row: Outage, verb: str, actor: Actor, now: datetime, *, before: dict[str, Any] | None = None
) -> None:
    record(row.agency, actor, verb, f"outage:{row.pk}", now=now, before=before, after=state(row))
