"""Recaps: a draft is built whole from punches and letters; a frozen one is never changed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from attendance.codes import Code
from attendance.counting import add_up, count
from attendance.exceptions import RecapRefused
from attendance.models import Recap, RecapRow
from attendance.months import Month, PersonMonth, judge_month, working_days
from attendance.rules import DayVerdict, settled
from attendance.stored import as_data, content_hash, from_data
from attendance.superiors import Superiors
from foundation import ledger
from foundation.actors import Actor
from foundation.indonesian import period_label
from foundation.models import LedgerStream
from organization.models import Agency, Employee
from organization.nip import display as nip_text
from organization.permissions import local_date
from processes.models import Instance, Task
from workflows.definitions import OutcomeKind

WITHOUT_UNIT = "Pimpinan"


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

    Raises RecapRefused where the month is frozen already, or approved and waiting to be frozen.
    """
    people = judge_month(agency, month, now=now)  # reads only, outside the transaction
    superiors = Superiors.of_agency(agency.pk)
    with transaction.atomic():
        ledger.lock(agency)  # two builders of one month wait for each other here
        draft = _draft_row(agency, month, instance, now)
        RecapRow.objects.filter(recap=draft).delete()
        last = min(month.last, local_date(agency, now))
        rows = [
            _row(draft, order, person, superiors, last)
            for order, person in enumerate(people, start=1)
        ]
        RecapRow.objects.bulk_create(rows, batch_size=200)
        if instance is not None:
            draft.instance, draft.round = instance, visit
        draft.built_at, draft.builds = now, draft.builds + 1
        _seal(draft, rows, working_days(month))
        draft.save()
        _record(draft, "recap_built", actor=actor, now=now)
    return draft


@transaction.atomic
def freeze_recap(
    *, agency: Agency, month: Month, actor: Actor, now: datetime, instance: Instance | None = None
) -> Recap:
    """Freeze the draft as it is; letters still undecided count as unexplained.

    Freezing again for the same instance returns what is frozen. Raises RecapRefused where there is
    no draft, where days are not over, or where the draft changed after it was approved.
    """
    ledger.lock(agency)
    recaps = Recap.objects.filter(agency=agency, month=month.first).select_related("agency")
    if instance is not None:
        done = recaps.filter(instance=instance, status=Recap.Status.FROZEN).first()
        if done is not None:
            return done
    draft = recaps.filter(status=Recap.Status.DRAFT, instance=instance).first()
    label = period_label(str(month))
    if draft is None:
        raise RecapRefused(f"Draf rekap {label} belum disusun untuk berkas ini.")
    if left := draft.figures["jumlah"]["belum"]:
        raise RecapRefused(
            f"Rekap {label} belum dapat dibekukan: {left} hari pegawai belum dinilai. "
            "Tunggu periode berakhir, lalu susun ulang draf."
        )
    decision = latest_decision(instance)
    if decision and decision.submitted_at and draft.built_at > decision.submitted_at:
        raise RecapRefused("Draf disusun ulang sesudah keputusan; periksa dan putuskan kembali.")
    rows = list(draft.rows.all())
    _settle(rows)
    draft.status, draft.frozen_at = Recap.Status.FROZEN, now
    _seal(draft, rows, draft.figures["hari_kerja"])
    draft.save()
    _record(draft, "recap_frozen", actor=actor, now=now)
    return draft


def latest_decision(instance: Instance | None) -> Task | None:
    """Return the last completed task of the instance that decided something."""
    if instance is None:
        return None
    decided = instance.tasks.filter(status=Task.Status.COMPLETED).exclude(outcome_kind="")
    return decided.select_related("owner").order_by("-submitted_at", "-pk").first()


def is_approved(instance: Instance | None) -> bool:
    decision = latest_decision(instance)
    return decision is not None and decision.outcome_kind == OutcomeKind.APPROVE


def rebuild_draft(*, agency: Agency, month: Month, actor: Actor, now: datetime) -> Recap:
    """Build the draft anew at a person's wish, for the instance it belongs to.

    Raises RecapRefused once it is approved: what was approved is what will be frozen.
    """
    draft = Recap.objects.filter(
        agency=agency, month=month.first, status=Recap.Status.DRAFT
    ).first()
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


def _draft_row(agency: Agency, month: Month, instance: Instance | None, now: datetime) -> Recap:
    """Return the month's draft, or begin one. A frozen month stays unless its run was cancelled."""
    recaps = list(Recap.objects.filter(agency=agency, month=month.first).order_by("version"))
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


def _row(recap: Recap, order: int, person: PersonMonth, superiors: Superiors, on: date) -> RecapRow:
    employee = person.employee
    return RecapRow(
        recap=recap,
        employee=employee,
        order=order,
        name=employee.name,
        number=employee.number,
        employment=employee.status,
        grade=employee.grade,
        position=employee.position,
        unit=employee.unit.name if employee.unit else WITHOUT_UNIT,
        superior=_superior(superiors.direct(employee.pk, on)),
        **_derived(person.verdicts),
    )


def _superior(person: Employee | None) -> dict[str, Any]:
    if person is None:
        return {}
    return {
        "id": person.pk,
        "nama": person.name,
        "nip": nip_text(person.number),
        "jabatan": person.position,
    }


def _derived(verdicts: Sequence[DayVerdict]) -> dict[str, Any]:
    return {
        "codes": [verdict.label for verdict in verdicts],
        "counters": count(verdicts).as_data(),
        "days": [as_data(verdict) for verdict in verdicts],
    }


def _settle(rows: Iterable[RecapRow]) -> None:
    """Turn what is provisional into its final verdict, where there is any."""
    changed = []
    for row in rows:
        verdicts = [from_data(day) for day in row.days]
        if any(verdict.provisional for verdict in verdicts):
            for column, value in _derived([settled(v) for v in verdicts]).items():
                setattr(row, column, value)
            changed.append(row)
    RecapRow.objects.bulk_update(changed, ["codes", "counters", "days"], batch_size=200)


def _seal(recap: Recap, rows: list[RecapRow], days: int) -> None:
    """Take the figures of the whole and the hash over everything."""
    recap.figures = figures_of(rows, days)
    recap.sha256 = content_hash(recap, rows)


def figures_of(rows: Sequence[RecapRow], days: int) -> dict[str, Any]:
    """Return the totals of a recap, of all and by unit; `days` are the month's working days."""
    by_unit: dict[str, list[RecapRow]] = defaultdict(list)
    for row in rows:
        by_unit[row.unit].append(row)
    return {
        "pegawai": len(rows),
        "hari_kerja": days,
        "jumlah": add_up(row.counters for row in rows),
        "per_bidang": [
            {
                "bidang": unit,
                "pegawai": len(members),
                **add_up(row.counters for row in members),
            }
            for unit, members in sorted(by_unit.items())
        ],
        "pegawai_tk": sum(row.counters["TK"] > 0 for row in rows),
        "pegawai_menunggu": sum(row.counters["menunggu"] > 0 for row in rows),
    }


def _record(recap: Recap, verb: str, *, actor: Actor, now: datetime) -> None:
    stream: LedgerStream = recap.instance or recap.agency
    ledger.record(
        stream=stream,
        actor=actor,
        verb=verb,
        subject=f"attendance.recap:{recap.pk}",
        after={
            "month": recap.subject,
            "version": recap.version,
            "status": recap.status,
            "builds": recap.builds,
            "employees": recap.figures["pegawai"],
            "unexplained": recap.figures["jumlah"][str(Code.UNEXPLAINED)],
            "sha256": recap.sha256,
        },
        now=now,
    )
