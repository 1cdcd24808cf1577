"""Periodic evaluations: begun, looked at agency by agency, findings written by either side."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from attendance import links
from attendance.exceptions import AttendanceError, DataRefused
from attendance.models import Evaluation, EvaluationFinding, Side
from attendance.offered.evaluation_panels import follow_up_lines
from attendance.recaps.evaluation_forms import BeginForm, FindingForm
from attendance.recaps.evaluation_indicators import Indicators, content_hash
from attendance.recaps.evaluation_periods import quarter_before
from attendance.recaps.evaluation_texts import (
    evaluation_badge,
    period_text,
    recorded_text,
    remarks_of,
    uptime_text,
)
from attendance.services.evaluation_findings import remove_finding, sides_of, write_finding
from attendance.services.evaluation_follow_ups import default_due_on
from attendance.services.evaluation_runs import MAKE, seats
from attendance.services.evaluations import begin_evaluation
from attendance.views.common import page, person_of
from foundation.indonesian import minutes_text
from organization.models import Agency
from organization.permissions import REFUSAL, agencies_where, local_date

ROWS, QUARTERS_OFFERED = 20, 4


@require_http_methods(["GET", "POST"])
def evaluation_list(request: HttpRequest) -> HttpResponse:
    """The quarters that were evaluated; and where the next one is begun by hand."""
    now, user = timezone.now(), person_of(request)
    mine = agencies_where(user, MAKE, now)
    if not mine.exists():
        raise PermissionDenied(REFUSAL)
    seat = next((one for one in seats(now) if mine.filter(pk=one.pk).exists()), None)
    form = _begin_form(request, seat, now)
    status = 200
    if request.method == "POST":
        done = _begin(request, seat, form, now)
        if done is not None:
            return done
        status = 422
    rows = Evaluation.objects.visible_to(user, now).select_related("agency", "instance")
    page_obj = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "lines": [(row, period_text(row.period), evaluation_badge(row)) for row in page_obj],
        "page_obj": page_obj,
        "seat": seat,
        "form": form if seat and form.periods else None,
    }
    return page(request, "attendance/evaluations.html", context, tab="evaluation", status=status)


def _begin_form(request: HttpRequest, seat: Agency | None, now: datetime) -> BeginForm:
    periods: list[str] = []
    if seat is not None:
        today = local_date(seat, now)
        begun = Evaluation.objects.filter(agency=seat).select_related("instance")
        known = {row.period for row in begun if not row.is_cancelled}
        periods = [quarter_before(today, back) for back in range(1, QUARTERS_OFFERED + 1)]
        periods = [period for period in periods if period not in known]
    return BeginForm(
        request.POST or None, periods=[(period, period_text(period)) for period in periods]
    )


def _begin(
    request: HttpRequest, seat: Agency | None, form: BeginForm, now: datetime
) -> HttpResponse | None:
    """Begin what the form names; None where it is wrong, with its sentence in the form."""
    if not form.is_valid():
        return None
    try:
        if seat is None:
            raise DataRefused({"": "Belum ada kantor yang dapat mengevaluasi."})
        row = begin_evaluation(
            agency=seat, period=form.cleaned_data["period"], user=person_of(request), now=now
        )
    except AttendanceError as refusal:
        form.add_error(None, refusal.message)
        return None
    messages.success(request, "Evaluasi dimulai; indikatornya sedang disusun.")
    return HttpResponseRedirect(links.evaluation(row.pk))


@require_GET
def evaluation_page(request: HttpRequest, evaluation_id: int) -> HttpResponse:
    """One quarter: the frozen indicators, what either side found, what agencies answered."""
    now, user = timezone.now(), person_of(request)
    row = _evaluation(request, evaluation_id, now)
    indicators = getattr(row, "indicators", None)
    rows = indicators.rows if indicators else []
    findings = {(one.agency_id, one.side): one for one in row.findings.select_related("agency")}
    sides = sides_of(row, user)
    context = {
        "evaluation": row,
        "period": period_text(row.period),
        "badge": evaluation_badge(row),
        "zone": row.agency.time_zone,
        "indicators": indicators,
        "intact": not indicators or content_hash(rows) == indicators.sha256,
        "lines": [_line(one, findings, sides) for one in rows],
        "count": len(findings),
        "writes": sides,
        "follow_ups": follow_up_lines(row, now),
    }
    return page(request, "attendance/evaluation.html", context, tab="evaluation")


def _line(
    row: Indicators, findings: dict[tuple[int, str], EvaluationFinding], sides: list[str]
) -> dict[str, Any]:
    """Return one agency with what stands out, and what was found, for either side."""
    return {
        "row": row,
        "recorded": recorded_text(row),
        "uptime": uptime_text(row),
        "undertime": minutes_text(row["KJK"]),
        "sides": [
            {
                "side": side,
                "remarks": remarks_of(row, side.value),
                "finding": findings.get((row["id"], side.value)),
                "may_write": side.value in sides,
            }
            for side in Side
        ],
    }


@require_http_methods(["GET", "POST"])
def finding(request: HttpRequest, evaluation_id: int, code: str, side: str) -> HttpResponse:
    """What one side found in one agency; a proposal from the indicators stands there at first."""
    now, user = timezone.now(), person_of(request)
    row = _evaluation(request, evaluation_id, now)
    figures = _figures(row, code)
    agency = Agency.objects.get(pk=figures["id"])
    if side not in Side.values:
        raise Http404
    known = row.findings.filter(agency=agency, side=side).first()
    form = FindingForm(request.POST or None, initial=_proposed(known, figures, side, agency, now))
    error, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                write_finding(
                    evaluation_id=row.pk, agency=agency, side=side, user=user, now=now,
                    **form.cleaned_data,
                )  # fmt: skip
            except DataRefused as refusal:
                for name, text in refusal.errors.items():
                    form.add_error(name or None, text)
            except AttendanceError as refusal:
                error, status = refusal.message, refusal.status
            else:
                messages.success(request, f"Temuan {agency.name} disimpan.")
                return HttpResponseRedirect(f"{links.evaluation(row.pk)}#pd-{agency.code}")
    context = {
        "evaluation": row,
        "period": period_text(row.period),
        "examined": agency,
        "side": Side(side),
        "remarks": remarks_of(figures, side),
        "known": known,
        "may_write": side in sides_of(row, user),
        "form": form,
        "error": error,
    }
    return page(
        request, "attendance/evaluation_finding.html", context, tab="evaluation", status=status
    )


@require_POST
def unfind(request: HttpRequest, evaluation_id: int, code: str, side: str) -> HttpResponse:
    """Take a finding back."""
    now = timezone.now()
    row = _evaluation(request, evaluation_id, now)
    agency = Agency.objects.get(pk=_figures(row, code)["id"])
    try:
        remove_finding(
            evaluation_id=row.pk, agency=agency, side=side, user=person_of(request), now=now
        )
    except AttendanceError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"Temuan {agency.name} dihapus.")
    return HttpResponseRedirect(f"{links.evaluation(row.pk)}#pd-{agency.code}")


def _proposed(
    known: EvaluationFinding | None, row: Indicators, side: str, agency: Agency, now: datetime
) -> dict[str, Any]:
    if known is not None:
        return {
            "text": known.text,
            "recommendation": known.recommendation,
            "due_on": known.due_on.isoformat(),
        }
    remarks = remarks_of(row, side)
    return {
        "text": "; ".join(one.text for one in remarks).capitalize() + ("." if remarks else ""),
        "recommendation": "\n".join(f"{one.advice}." for one in remarks),
        "due_on": default_due_on(agency, now).isoformat(),
    }


def _figures(row: Evaluation, code: str) -> Indicators:
    """Return the indicators of an agency of this evaluation; 404 for any other."""
    indicators = getattr(row, "indicators", None)
    rows: list[Indicators] = indicators.rows if indicators else []
    found = next((one for one in rows if one["kode"] == code), None)
    if found is None:
        raise Http404
    return found


def _evaluation(request: HttpRequest, evaluation_id: int, now: datetime) -> Evaluation:
    """Return an evaluation that the person may see; 404 for any other."""
    rows = Evaluation.objects.visible_to(person_of(request), now)
    found = rows.select_related("agency", "instance", "indicators", "closed_by__employee")
    row = found.filter(pk=evaluation_id).first()
    if row is None:
        raise Http404
    return row
