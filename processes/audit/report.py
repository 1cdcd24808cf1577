"""The audit as a document: one scope with its figures, and what proves what it rests on.

Every figure comes from the functions that the pages ask; nothing is counted here but the rows
behind them, over which a hash is taken.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied

from foundation.fields import json_text
from foundation.indonesian import date_text, moment_text
from foundation.models import Anchor, Verification
from organization.models import Agency, User
from processes.audit.measured.refreshing import outdated, refresh
from processes.audit.questions.conformity import conformance_figures
from processes.audit.questions.naming import StepNames, step_names
from processes.audit.questions.returning import ReturnFigures, return_figures
from processes.audit.questions.steps import StepFigures, StepTable, step_table
from processes.audit.questions.waiting import by_lane
from processes.audit.scope import ClockKind, Scope, read_scope
from processes.audit.versions import versions
from processes.models import InstanceAudit, VisitTiming
from processes.templatetags.audit import interval, percent, told, whole
from workflows import durations
from workflows.drawing.sop_sheet import SHORT
from workflows.registry import Request, report_context

MOST_MEASURED = 1000  # instances that are measured here before they are counted
CHUNK = 2000


@report_context("processes.audit")
def audit(request: Request) -> Mapping[str, Any]:
    """Return `audit`: scope, counts, steps, returns, waiting, conformance, hash and anchor.

    The parameters are those of a `Scope`; without them it is the agency of the request and the
    month of its subject. Raises PermissionDenied where the asker may not audit.
    """
    refresh(now=request.now, limit=MOST_MEASURED)
    scope = scope_of_request(request)
    table = step_table(scope)
    names = step_names(scope)
    zone = (scope.agency or scope.agencies[0]).time_zone
    return {
        "audit": {
            "lingkup": _scope(scope, zone),
            "versi": [
                {"versi": one.definition.version[:SHORT], "sejak": date_text(one.since)}
                for one in versions(scope)
            ],
            "jumlah": _counts(scope, table),
            "sidik_data": fingerprint(scope),
            "tahap": [_step(step, scope.clock) for step in table.steps],
            "total": _total(table),
            "kembali": _returns(return_figures(scope, names.place), names, scope),
            "tunggu": [
                {
                    "jalur": portion.label,
                    "n": whole(portion.n),
                    "jumlah": told(portion.total, scope.clock),
                    "median": told(portion.median, scope.clock),
                    "p90": told(portion.p90, scope.clock),
                    "bagian": percent(portion.share),
                }
                for portion in by_lane(scope)
            ],
            "kepatuhan": _conformance(scope),
            "jangkar": _anchor(zone),
            "pemeriksaan": _last_check(zone),
        }
    }


def scope_of_request(request: Request) -> Scope:
    """Return the scope that a request names, over the agencies that its asker may audit."""
    if request.actor.user_id is None:
        raise PermissionDenied("Laporan audit diminta oleh orang yang berwenang mengaudit.")
    user = User.objects.get(pk=request.actor.user_id)
    parameters = {name: str(value) for name, value in request.parameters.items()}
    if "sop" not in parameters:
        agency = Agency.objects.get(pk=request.agency_id)
        parameters = {"pd": agency.code, "dari": request.subject, "sampai": request.subject}
    return read_scope(user, parameters, now=request.now)


def subject_of(scope: Scope, asked_at: datetime) -> str:
    """Return what the document is about; another minute is another audit, not its correction."""
    choice = hashlib.sha256(json_text(scope.parameters).encode()).hexdigest()[:8]
    months = f"{scope.last:%Y-%m}"
    if scope.first != scope.last:
        months = f"{scope.first:%Y-%m}..{months}"
    return f"{months}/{scope.definition_key}/{asked_at:%Y%m%d%H%M}-{choice}"


def fingerprint(scope: Scope) -> str:
    """Return the SHA-256 over the rows behind a scope, in hexadecimal.

    Per visit in the order of its task, then per instance in the order of its number, one line: the
    values of all columns, in the order of their names, as the ledger writes JSON.
    """
    digest = hashlib.sha256()
    for rows, model, order in (
        (scope.visits(), VisitTiming, "task_id"),
        (scope.instances(), InstanceAudit, "instance_id"),
    ):
        columns = sorted(field.attname for field in model._meta.concrete_fields)
        values = rows.order_by(order).values_list(*columns)
        for row in values.iterator(chunk_size=CHUNK):
            digest.update(json_text([_plain(value) for value in row]).encode() + b"\n")
    return digest.hexdigest()


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _scope(scope: Scope, zone: str) -> dict[str, Any]:
    return {
        "sop": scope.title,
        "pd": scope.agency_words,
        "semua_pd": [] if scope.agency else [agency.name for agency in scope.chosen],
        "periode": scope.period_words,
        "jam": scope.clock.label,
        "sampai": moment_text(scope.now, zone),
        "alamat": scope.query(),
    }


def _counts(scope: Scope, table: StepTable) -> dict[str, str]:
    instances = scope.instances()
    behind = outdated().filter(
        definition_key=scope.definition_key, agency__in=[agency.pk for agency in scope.chosen]
    )
    return {
        "berkas": whole(instances.count()),
        "selesai": whole(instances.exclude(finished_at=None).count()),
        "kunjungan": whole(table.visits),
        "orang": whole(table.n),
        "sistem": whole(sum(row.n for row in table.system)),
        "berlaku": whole(table.reused),
        "belum": whole(count) if (count := behind.count()) else "",
    }


def _step(step: StepFigures, clock: ClockKind) -> dict[str, str]:
    standard = step.standard
    unit = f" per {standard.per_label}" if standard and standard.per_label else ""
    length = standard.duration if standard else None
    return {
        "no": str(step.number or ""),
        "tahap": step.name,
        "pelaksana": step.lane,
        "baku": durations.in_words(length) + unit if length else "-",
        "n": whole(step.n),
        "median": told(step.handling.median, clock),
        "p90": told(step.handling.p90, clock),
        "sesuai": percent(step.within.value),
        "selang": interval(step.within),
        "lebih": whole(step.over),
        "tunggu_median": told(step.waiting_median, clock),
        "tunggu_p90": told(step.waiting_p90, clock),
        "kembali": whole(step.returns),
        "ulang": whole(step.repeats),
        "berlaku": whole(step.reused),
        "keterangan": "data sedikit" if step.is_thin else "",
    }


def _total(table: StepTable) -> dict[str, str]:
    return {
        "baku": durations.in_words(table.computed) if table.computed else "-",
        "tertulis": durations.in_words(table.stated) if table.stated else "-",
        "n": whole(table.n),
        "sesuai": percent(table.within.value),
        "selang": interval(table.within),
        "lebih": whole(table.over),
        "kembali": whole(table.returns),
        "ulang": whole(table.repeats),
        "berlaku": whole(table.reused),
    }


def _returns(figures: ReturnFigures, names: StepNames, scope: Scope) -> dict[str, Any]:
    """Return what was sent back. What it cost is told in working time, whatever the clock."""
    matrix = figures.matrix
    return {
        "sekali_jadi": percent(figures.first_pass.value),
        "selang": interval(figures.first_pass),
        "selesai": whole(figures.finished),
        "jumlah": whole(figures.total.n),
        "belum_dijawab": whole(figures.total.pending),
        "hilang": told(figures.total.lost),
        "diulang": told(figures.total.repeated),
        "baris": [
            {
                "dari": names.label(row),
                "ke": names.label(column),
                "n": whole(cost.n),
                "hilang": told(cost.lost),
                "diulang": told(cost.repeated),
            }
            for row in matrix.rows
            for column in matrix.columns
            if (cost := matrix.cells.get((row, column))) and cost.n
        ],
    }


def _conformance(scope: Scope) -> dict[str, Any]:
    figures = conformance_figures(scope)
    return {
        "sesuai": percent(figures.conforming.value),
        "selang": interval(figures.conforming),
        "selesai": whole(figures.conforming.whole),
        "berkas": whole(figures.instances),
        "menyimpang": whole(figures.deviating),
        "baris": [
            {
                "jenis": one.kind.label,
                "arti": "menyimpang" if one.kind.breaks else "catatan",
                "berkas": whole(one.instances),
                "kunjungan": whole(one.visits),
            }
            for one in figures.kinds
        ],
    }


def _anchor(zone: str) -> dict[str, str]:
    """Return the newest anchor, {} before the first: what the record was when it was written."""
    anchor = Anchor.objects.order_by("number").last()
    if anchor is None:
        return {}
    return {
        "nomor": str(anchor.number),
        "waktu": moment_text(anchor.at, zone),
        "sidik": anchor.digest,
        "peristiwa": whole(anchor.events),
    }


def _last_check(zone: str) -> dict[str, str]:
    """Return when the whole record was last checked and what was found, {} before the first."""
    check = Verification.objects.exclude(finished_at=None).order_by("-finished_at").first()
    if check is None or check.finished_at is None:
        return {}
    found = check.fault_count
    return {
        "waktu": moment_text(check.finished_at, zone),
        "hasil": f"{whole(found)} kejanggalan" if found else "utuh, tidak ada kejanggalan",
    }
