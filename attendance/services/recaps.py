"""Recaps: a draft is built whole from punches and letters, submitted, and frozen when approved."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from attendance.days.months import Month, judge_month, working_days
from attendance.exceptions import RecapRefused
from attendance.law.codes import Code
from attendance.models import Recap, RecapRow
from attendance.models.recaps import RecapQuerySet
from attendance.recaps.composing import make_row, seal, settle
from attendance.recaps.lifecycle import RecapLifecycle, TransitionNotAllowed
from attendance.recaps.questions import is_approved, latest_decision, was_returned
from attendance.recaps.seals import is_intact
from attendance.recaps.unfinished import refusal
from attendance.services.deliveries import deliver
from foundation import ledger
from foundation.actors import Actor
from foundation.indonesian import period_label
from foundation.models import LedgerStream
from organization.mandates.superiors import Superiors
from organization.models import Agency
from organization.permissions import local_date
from processes.models import Instance

BATCH = 200


def build_draft(
    *,
    agency: Agency,
    month: Month,
    actor: Actor,
    now: datetime,
    instance: Instance | None = None,
    visit: int = 1,
) -> Recap:
    """Judge the month and keep it as the draft; an earlier draft is replaced as a whole.

    Raises RecapRefused where the month is frozen already, or submitted and not returned.
    """
    people = judge_month(agency, month, now=now)  # reads only, outside the transaction
    superiors = Superiors.of_agency(agency.pk)
    with transaction.atomic():
        ledger.lock(agency)  # two builders of one month wait for each other here
        draft = _draft_row(agency, month, instance, now)
        came_back = was_returned(draft) or visit > draft.round
        told = unexplained_days(draft) if _open_again(draft, came_back, actor, now) else set()
        RecapRow.objects.filter(recap=draft).delete()
        last = min(month.last, local_date(agency, now))
        rows = [
            make_row(draft, order, person, superiors, last)
            for order, person in enumerate(people, start=1)
        ]
        RecapRow.objects.bulk_create(rows, batch_size=BATCH)
        if instance is not None:
            draft.instance, draft.round = instance, visit
        draft.built_at, draft.builds = now, draft.builds + 1
        seal(draft, rows, working_days(month))
        draft.save()
        record(draft, "recap_built", actor=actor, now=now)
        _withdraw_notices(draft, told, actor=actor, now=now)
    return draft


@transaction.atomic
def submit_recap(
    *, agency: Agency, month: Month, actor: Actor, now: datetime, instance: Instance
) -> Recap:
    """Lay the draft, now printed, before whoever decides; from here on it is not rebuilt by hand.

    Submitting again what is submitted or frozen changes nothing. Raises RecapRefused where this
    instance has no draft.
    """
    ledger.lock(agency)
    recap = _recaps(agency, month).filter(instance=instance).order_by("version").last()
    if recap is None:
        raise RecapRefused(_no_draft(month))
    if recap.status != Recap.Status.DRAFT:
        return recap
    RecapLifecycle(recap).submit()
    recap.submitted_at = now
    recap.save()
    record(recap, "recap_submitted", actor=actor, now=now)
    return recap


@transaction.atomic
def freeze_recap(
    *, agency: Agency, month: Month, actor: Actor, now: datetime, instance: Instance | None = None
) -> Recap:
    """Freeze the recap as it is; letters still undecided count as unexplained.

    Freezing again for the same instance returns what is frozen. Raises RecapRefused where there is
    no draft, where a day is not over, not final or not scheduled, where the rows are not what the
    hash says, or where the draft changed after it was approved.
    """
    ledger.lock(agency)
    recaps = _recaps(agency, month)
    if instance is not None:
        done = recaps.filter(instance=instance, status=Recap.Status.FROZEN).first()
        if done is not None:
            return done
    draft = recaps.filter(status__in=Recap.OPEN, instance=instance).first()
    if draft is None:
        raise RecapRefused(_no_draft(month))
    rows = list(draft.rows.all())
    if sentence := refusal(draft, rows):
        raise RecapRefused(sentence)
    if not is_intact(draft, rows):
        raise RecapRefused(
            f"Isi draf rekap {period_label(str(month))} tidak cocok dengan sidik SHA-256-nya;"
            " susun ulang draf dan periksa kembali."
        )
    decision = latest_decision(instance)
    if decision and decision.submitted_at and draft.built_at > decision.submitted_at:
        raise RecapRefused("Draf disusun ulang sesudah keputusan; periksa dan putuskan kembali.")
    changed = settle(rows)
    RecapRow.objects.bulk_update(changed, ["codes", "counters", "days"], batch_size=BATCH)
    close(draft, rows, now=now)
    record(draft, "recap_frozen", actor=actor, now=now)
    return draft


def close(recap: Recap, rows: list[RecapRow], *, now: datetime) -> None:
    """Seal the recap with these rows, freeze it, and hand it to whoever gets it."""
    RecapLifecycle(recap).freeze()
    recap.frozen_at = now
    seal(recap, rows, recap.figures["hari_kerja"])
    recap.save()
    deliver(recap=recap, now=now)


def rebuild_draft(*, agency: Agency, month: Month, actor: Actor, now: datetime) -> Recap:
    """Build the draft anew at a person's wish, for the instance it belongs to.

    Raises RecapRefused once it is approved: what was approved is what will be frozen; and for a
    month that has not begun.
    """
    refuse_future(agency, month, now)
    draft = _recaps(agency, month).filter(status__in=Recap.OPEN).first()
    if draft is not None and is_approved(draft.instance):
        raise RecapRefused(
            "Draf ini sudah disetujui dan menunggu dibekukan; perubahan memerlukan ralat."
        )
    return build_draft(
        agency=agency,
        month=month,
        actor=actor,
        now=now,
        instance=draft.instance if draft else None,
        visit=draft.round if draft else 1,
    )


def refuse_future(agency: Agency, month: Month, now: datetime) -> None:
    """Raise RecapRefused for a month of which no day has begun where the agency is."""
    if month.first > local_date(agency, now):
        raise RecapRefused(f"{period_label(str(month))} belum mulai; periksa bulannya.")


def unexplained_days(recap: Recap) -> set[tuple[int, str]]:
    """Return (employee id, day) of every unexplained day in a recap."""
    rows = recap.rows.values_list("employee_id", "codes")
    first = recap.month
    return {
        (employee_id, first.replace(day=number).isoformat())
        for employee_id, codes in rows
        for number, code in enumerate(codes, start=1)
        if code == Code.UNEXPLAINED
    }


def record(
    recap: Recap,
    verb: str,
    *,
    actor: Actor,
    now: datetime,
    more: Mapping[str, Any] | None = None,
) -> None:
    """Leave an event of the recap in its run's stream, or in its agency's."""
    stream: LedgerStream = recap.instance or recap.agency
    ledger.record(
        stream=stream,
        actor=actor,
        verb=verb,
        subject=subject_of(recap),
        after={
            "month": recap.subject,
            "version": recap.version,
            "status": recap.status,
            "builds": recap.builds,
            "employees": recap.figures["pegawai"],
            "unexplained": recap.figures["jumlah"][str(Code.UNEXPLAINED)],
            "sha256": recap.sha256,
            **(more or {}),
        },
        now=now,
    )


def subject_of(recap: Recap) -> str:
    return f"attendance.recap:{recap.pk}"


def _withdraw_notices(
    recap: Recap, told: set[tuple[int, str]], *, actor: Actor, now: datetime
) -> None:
    """Note which days the superiors were told of that are not unexplained any more.

    The next notice says that they are taken back.
    """
    gone = sorted(told - unexplained_days(recap))
    if gone:
        days = [{"employee": employee, "day": day} for employee, day in gone]
        record(recap, "unexplained_withdrawn", actor=actor, now=now, more={"days": days})


def _recaps(agency: Agency, month: Month) -> RecapQuerySet:
    recaps = Recap.objects.filter(agency=agency, month=month.first)
    return recaps.select_related("agency", "instance")


def _no_draft(month: Month) -> str:
    return f"Draf rekap {period_label(str(month))} belum disusun untuk berkas ini."


def _open_again(recap: Recap, came_back: bool, actor: Actor, now: datetime) -> bool:
    """Make a recap that came back a draft again, and say so; refuse to touch a submitted one."""
    lifecycle = RecapLifecycle(recap)
    reopened = came_back and recap.status == Recap.Status.SUBMITTED
    if reopened:
        lifecycle.give_back()
        recap.submitted_at = None
        record(recap, "recap_returned", actor=actor, now=now)
    try:
        lifecycle.build()
    except TransitionNotAllowed:
        raise RecapRefused(
            f"Rekap {period_label(recap.subject)} sudah diajukan dan menunggu keputusan pimpinan."
            " Draf dapat disusun ulang bila dikembalikan."
        ) from None
    return reopened


def _draft_row(agency: Agency, month: Month, instance: Instance | None, now: datetime) -> Recap:
    """Return the month's draft, or begin one. A frozen month stays unless its run was cancelled."""
    recaps = list(_recaps(agency, month).order_by("version"))
    for recap in recaps:
        recap.agency = agency
    if recaps and not recaps[-1].is_frozen:
        return recaps[-1]
    if recaps and not _was_cancelled(recaps[-1]):
        raise RecapRefused(
            f"Rekap {period_label(str(month))} sudah dibekukan; perubahan memerlukan ralat."
        )
    version = recaps[-1].version + 1 if recaps else 1
    return Recap.objects.create(
        agency=agency, month=month.first, version=version, instance=instance, built_at=now
    )


def _was_cancelled(recap: Recap) -> bool:
    return recap.instance is not None and recap.instance.status == Instance.Status.CANCELLED
