"""Amendments (ralat): BKD alone turns late findings into a new frozen version, or dismisses them.

Pergub NTT 67/2019 art. 6(2)b gives the repair of attendance data to BKD. The version that is
replaced stays as it was and can be read.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from attendance.days.months import Month, PersonMonth
from attendance.exceptions import RecapRefused
from attendance.law.codes import NAMES, Code
from attendance.models import LateFinding, Recap, RecapRow
from attendance.models.recaps import WITHOUT_UNIT
from attendance.recaps.composing import make_row, write_days
from attendance.recaps.seals import is_intact
from attendance.recaps.texts import seen
from attendance.services.handover_runs import ask_to_hand_over
from attendance.services.late import NOT_IN_RECAP, frozen_recap
from attendance.services.recaps import BATCH, close, record
from foundation import ledger
from foundation.actors import Actor
from foundation.indonesian import date_text, period_label
from organization.mandates.superiors import Superiors
from organization.models import Agency, Employee, User
from organization.permissions import actor_allowed, require
from workflows.registry import Request
from workflows.requests import request_operation

AMEND = "recap.amend"
REPORTED = "attendance.recap"  # the document context with the frozen figures
SHORTEST_REASON = 10  # characters


@transaction.atomic
def amend_recap(
    *,
    agency: Agency,
    month: Month,
    chosen: Mapping[int, str],
    reason: str,
    user: User,
    now: datetime,
) -> Recap:
    """Freeze a new version in which the chosen findings hold; return it.

    `chosen` gives of each finding's id the mark that `seen` gave when it was read. The new version
    names what it replaces and tells of each changed day before, after and why. Findings that were
    not chosen wait on. Raises PermissionDenied, RecapRefused.
    """
    require(user, AMEND, agency, now)
    ledger.lock(agency)
    old = _frozen(agency, month)
    findings = _findings(old, chosen)
    reason = _reason(reason)
    old_rows = list(old.rows.select_related("employee"))
    if not is_intact(old, old_rows):
        raise RecapRefused(
            f"Isi rekap {period_label(old.subject)} tidak cocok dengan sidik SHA-256-nya; ralat"
            " tidak dapat dibuat sebelum diperiksa pengelola."
        )
    new = Recap.objects.create(
        agency=old.agency,
        month=old.month,
        version=old.version + 1,
        instance=old.instance,
        round=old.round,
        builds=old.builds,
        built_at=now,
        submitted_at=old.submitted_at,
        amends=old,
        amendment=old.amendment + 1,
        reason=reason,
        changes=[_change(finding) for finding in findings],
        figures=old.figures,
    )
    rows = [_copy(row, new) for row in old_rows] + _newcomers(new, old_rows, findings)
    _put_in(rows, findings)
    RecapRow.objects.bulk_create(rows, batch_size=BATCH)
    close(new, rows, now=now)
    for finding in findings:
        finding.status, finding.amendment = LateFinding.Status.AMENDED, new
        finding.decided_by, finding.decided_at, finding.note = user, now, reason[:300]
    _save(findings)
    old.late_findings.filter(status=LateFinding.Status.OPEN).update(recap=new)
    actor = actor_allowed(user, AMEND, agency, now)
    record(new, "recap_amended", actor=actor, now=now, more=_told(old, findings, reason))
    _reissue_papers(new, actor, now)
    ask_to_hand_over(new, now=now)
    return new


def _reissue_papers(recap: Recap, actor: Actor, now: datetime) -> None:
    """Have the report of the month that left the house issued anew, as a ralat of the old one.

    What was examined before the decision (resume, validation) stays: it tells what was known then.
    """
    if recap.instance_id is None:
        return
    parameters = {
        "instance": recap.instance_id,
        "contexts": [REPORTED],
        "key": f"rekap-{recap.version}",
        "reason": recap.reason,
    }
    request_operation(
        name="documents.reissue",
        key=f"recap:{recap.pk}",
        request=Request(
            agency_id=recap.agency_id,
            subject=recap.subject,
            actor=actor,
            now=now,
            parameters=parameters,
        ),
    )


@transaction.atomic
def dismiss_findings(
    *,
    agency: Agency,
    month: Month,
    chosen: Mapping[int, str],
    reason: str,
    user: User,
    now: datetime,
) -> list[LateFinding]:
    """Leave the frozen days as they are; the same difference is not brought up again.

    Raises PermissionDenied, RecapRefused.
    """
    require(user, AMEND, agency, now)
    ledger.lock(agency)
    recap = _frozen(agency, month)
    findings = _findings(recap, chosen)
    reason = _reason(reason)
    for finding in findings:
        finding.status = LateFinding.Status.DISMISSED
        finding.decided_by, finding.decided_at, finding.note = user, now, reason[:300]
    _save(findings)
    actor = actor_allowed(user, AMEND, agency, now)
    told = _told(recap, findings, reason)
    record(recap, "late_data_dismissed", actor=actor, now=now, more=told)
    return findings


def _frozen(agency: Agency, month: Month) -> Recap:
    recap = frozen_recap(agency, month)
    if recap is None:
        raise RecapRefused(
            f"Rekap {period_label(str(month))} belum dibekukan atau sedang disusun ulang; data"
            " susulan masuk ke drafnya."
        )
    return recap


def _findings(recap: Recap, chosen: Mapping[int, str]) -> list[LateFinding]:
    """Return the chosen open findings of this version, each still as it was read."""
    if not chosen:
        raise RecapRefused("Pilih sedikitnya satu data susulan.")
    rows = LateFinding.objects.select_for_update(of=("self",)).select_related("employee__unit")
    open_rows = rows.filter(recap=recap, status=LateFinding.Status.OPEN, pk__in=chosen)
    findings = list(open_rows.order_by("employee__name", "employee_id", "day"))
    if len(findings) != len(chosen) or any(seen(row) != chosen[row.pk] for row in findings):
        raise RecapRefused(
            "Data susulan berubah atau sudah diputuskan sejak halaman dibuka; muat ulang dan"
            " periksa kembali."
        )
    return findings


def _reason(text: str) -> str:
    reason = text.strip()
    if len(reason) < SHORTEST_REASON:
        raise RecapRefused(
            f"Tuliskan alasan sedikitnya {SHORTEST_REASON} huruf; alasan ini tercatat pada rekap."
        )
    return reason


def _copy(row: RecapRow, recap: Recap) -> RecapRow:
    """Return the row for the new version, with the identity as it was frozen."""
    return RecapRow(
        recap=recap,
        employee=row.employee,
        order=row.order,
        **_frozen_columns(row),
    )


def _frozen_columns(row: RecapRow) -> dict[str, Any]:
    names = ("name", "number", "employment", "grade", "position", "unit", "superior")
    return {name: getattr(row, name) for name in (*names, "codes", "counters", "days")}


def _newcomers(
    recap: Recap, rows: Sequence[RecapRow], findings: Sequence[LateFinding]
) -> list[RecapRow]:
    """Return rows of people who were not in the recap at all, no employees on any day yet."""
    had = {row.employee_id for row in rows}
    missing: dict[int, Employee] = {}
    for finding in findings:
        if finding.employee_id not in had:
            missing.setdefault(finding.employee_id, finding.employee)
    if not missing:
        return []
    month = Month(recap.month)
    superiors = Superiors.of_agency(recap.agency_id)
    nothing = (NOT_IN_RECAP,) * len(month.days)
    start = max((row.order for row in rows), default=0) + 1
    return [
        make_row(recap, order, PersonMonth(employee, month.days, nothing), superiors, month.last)
        for order, employee in enumerate(missing.values(), start=start)
    ]


def _put_in(rows: Sequence[RecapRow], findings: Sequence[LateFinding]) -> None:
    """Put the days of the findings in place of the frozen ones."""
    days: dict[int, dict[str, Any]] = {}
    for finding in findings:
        days.setdefault(finding.employee_id, {})[finding.day.isoformat()] = finding.becomes
    for row in rows:
        if changed := days.get(row.employee_id):
            write_days(row, [changed.get(day["tanggal"], day) for day in row.days])


def _change(finding: LateFinding) -> dict[str, Any]:
    """Return what an amendment tells of a day: whose, before, after, and what made it known."""
    employee = finding.employee
    return {
        "pegawai": employee.pk,
        "nama": employee.name,
        "nip": employee.number,
        "bidang": employee.unit.name if employee.unit else WITHOUT_UNIT,
        "tanggal": finding.day.isoformat(),
        "semula": finding.was,
        "menjadi": finding.becomes,
        "sebab": finding.cause,
        "ditemukan": finding.found_at.isoformat(),
    }


def change_text(change: Mapping[str, Any]) -> str:
    """Return "Joko Tallo, 7 April 2026: TK (tanpa keterangan) menjadi DL (dinas luar)"."""
    on = date_text(date.fromisoformat(change["tanggal"]))
    return f"{change['nama']}, {on}: {_code(change['semula'])} menjadi {_code(change['menjadi'])}"


def _code(day: Mapping[str, Any]) -> str:
    label = str(day["kode"])
    return f"{label} ({NAMES[Code(label.removesuffix('*'))]})"


def _save(findings: Sequence[LateFinding]) -> None:
    columns = ["status", "amendment", "decided_by", "decided_at", "note"]
    LateFinding.objects.bulk_update(findings, columns, batch_size=BATCH)


def _told(recap: Recap, findings: Sequence[LateFinding], reason: str) -> dict[str, Any]:
    """Return what an event keeps: which findings, of which version; the reason only as a hash."""
    return {
        "of_version": recap.version,
        "of_sha256": recap.sha256,
        "findings": [finding.pk for finding in findings],
        "reason": hashlib.sha256(reason.encode()).hexdigest(),
    }
