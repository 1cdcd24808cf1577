"""Corrections: what an agency asked, asking, and the decision of BKD."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from attendance import links
from attendance.evidence.corrected_days import DayLine, concerned, judged, lines
from attendance.evidence.correction_forms import (
    FORMS,
    CorrectionForm,
    DayOfPersonForm,
    IgnorePunchForm,
    punches_of_day,
)
from attendance.evidence.correction_rules import Kind
from attendance.evidence.texts import correction_badge, day_text, subject_text
from attendance.exceptions import AttendanceError, DataRefused
from attendance.letters.texts import late_text
from attendance.models import Correction
from attendance.offered.report_contexts_corrections import is_reportable, subject_of
from attendance.recaps.questions import frozen_months
from attendance.services.correction_runs import run_of
from attendance.services.corrections import (
    DECIDE,
    REQUEST,
    decide_correction,
    hand_in_correction,
    withdraw_correction,
)
from attendance.views.common import agency_of, page, person_of
from foundation.viewings import EVIDENCE
from organization.looking import note_look
from organization.models import Agency, User
from organization.permissions import REFUSAL, agencies_where, may
from processes.models import Instance, Task
from processes.queries import queue

VIEW = "corrections.view"
ROWS, SHOWN_DAYS = 50, 60


@require_GET
def correction_list(request: HttpRequest) -> HttpResponse:
    """What was asked, where the person's roles show it; what waits comes first to mind."""
    now, user = timezone.now(), person_of(request)
    agencies = agencies_where(user, VIEW, now)
    if not agencies.exists():
        raise PermissionDenied(REFUSAL)
    rows = Correction.objects.filter(agency__in=agencies).select_related(
        "agency", "employee", "device", "letter", "punch"
    )
    if asked := request.GET.get("pd"):
        if not agencies.filter(code=asked).exists():
            raise Http404
        rows = rows.filter(agency__code=asked)
    waiting = rows.requested()
    only_waiting = request.GET.get("keadaan") != "semua"
    paged = Paginator(waiting if only_waiting else rows, ROWS)
    page_obj = paged.get_page(request.GET.get("page"))
    context = {
        "lines": [(row, subject_text(row), correction_badge(row)) for row in page_obj],
        "page_obj": page_obj,
        "only_waiting": only_waiting,
        "waiting_rows": waiting.count(),
        "all_rows": rows.count(),
        "may_request": agencies_where(user, REQUEST, now).exists(),
        "agencies": agencies.order_by("name"),
        "asked": asked,
    }
    return page(request, "attendance/corrections.html", context, tab="evidence")


@require_http_methods(["GET", "POST"])
def correction_request(request: HttpRequest) -> HttpResponse:
    """Ask for one; `?jenis=` says which kind, without it the kinds are told apart."""
    now = timezone.now()
    agency = agency_of(request, REQUEST, now)
    if agency is None:
        raise PermissionDenied(REFUSAL)
    kind = _kind(request)
    if kind is None:
        kinds = {"kinds": [(str(kind), kind.label, _HINTS[kind]) for kind in Kind]}
        status = 422 if request.method == "POST" else 200
        return page(
            request, "attendance/correction_kinds.html", kinds, tab="evidence", status=status
        )
    form, chooser = _form(request, kind, agency)
    row = None
    if request.method == "POST" and form is not None and form.is_valid():
        row = _request(request, form, agency, now)
    if row is not None:
        messages.success(request, "Permintaan koreksi dikirim kepada BKD.")
        return HttpResponseRedirect(links.correction(row.pk))
    context: dict[str, Any] = {"form": form, "chooser": chooser, "kind": kind, "label": kind.label}
    status = 422 if form is not None and form.errors else 200
    return page(request, "attendance/correction_form.html", context, tab="evidence", status=status)


@require_GET
def correction_page(request: HttpRequest, correction_id: int) -> HttpResponse:
    return _show(request, _correction(request, correction_id))


@require_GET
def evidence(request: HttpRequest, correction_id: int) -> FileResponse:
    """Hand out the proof to whoever may see the request."""
    row = _correction(request, correction_id)
    note_look(
        user=person_of(request),
        kind=EVIDENCE,
        subject=f"attendance.correction:{row.pk}",
        person_id=row.employee_id,
        now=timezone.now(),
    )
    response = FileResponse(
        row.evidence.open("rb"), content_type=row.evidence_type, filename=row.evidence_name
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def decide(request: HttpRequest, correction_id: int) -> HttpResponse:
    now = timezone.now()
    row = _correction(request, correction_id)
    decision = request.POST.get("decision")
    note = request.POST.get("note", "")
    try:
        if decision not in ("grant", "turn_down"):
            raise DataRefused({"": "Pilih kabulkan atau tolak."})
        decided = decide_correction(
            correction_id=row.pk, approve=decision == "grant", note=note,
            user=person_of(request), now=now,
        )  # fmt: skip
    except AttendanceError as refusal:
        row.refresh_from_db()
        return _show(request, row, error=refusal.message, note=note, status=refusal.status)
    done = decided.get_status_display().lower()
    messages.success(request, f"Permintaan koreksi nomor {row.pk}: {done}.")
    return HttpResponseRedirect(links.correction(row.pk))


@require_POST
def withdraw(request: HttpRequest, correction_id: int) -> HttpResponse:
    """Take one's own request back."""
    row = _correction(request, correction_id)
    try:
        withdraw_correction(correction_id=row.pk, user=person_of(request), now=timezone.now())
    except AttendanceError as refusal:
        row.refresh_from_db()
        return _show(request, row, error=refusal.message, status=refusal.status)
    messages.success(request, f"Permintaan koreksi nomor {row.pk} ditarik kembali.")
    return HttpResponseRedirect(links.correction(row.pk))


_HINTS = {
    Kind.ADD_PUNCH: "Pegawai hadir dan absen, tetapi tidak ada mesin yang merekamnya.",
    Kind.IGNORE_PUNCH: "Satu absen keliru, misalnya memakai jari orang lain. Absennya tetap ada.",
    Kind.SHIFT_CLOCK: "Jam mesin terlambat atau mendahului. Jam aslinya tetap tersimpan.",
    Kind.REVOKE_LETTER: "Surat ketidakhadiran yang disetujui ternyata tidak benar.",
}


def _kind(request: HttpRequest) -> Kind | None:
    asked = request.POST.get("kind") or request.GET.get("jenis") or ""
    return Kind(asked) if asked in Kind.values else None


def _form(
    request: HttpRequest, kind: Kind, agency: Agency
) -> tuple[CorrectionForm | None, DayOfPersonForm | None]:
    """Return the form, and for a punch to be left out first the one that finds it."""
    given: dict[str, Any] = {"agency": agency}
    initial = {"letter": request.GET.get("surat"), "employee": request.GET.get("pegawai"),
               "day": request.GET.get("tanggal")}  # fmt: skip
    chooser = None
    if kind is Kind.IGNORE_PUNCH:
        asked = request.GET if "pegawai" in request.GET else None
        chooser = DayOfPersonForm(asked, agency=agency)
        said = chooser.cleaned_data if chooser.is_valid() else {}
        given["punches"] = punches_of_day(said.get("pegawai"), said.get("tanggal"))
        if not said:
            return None, chooser
        return IgnorePunchForm(request.POST or None, request.FILES or None, **given), chooser
    form = FORMS[kind](request.POST or None, request.FILES or None, initial=initial, **given)
    return form, chooser


def _request(
    request: HttpRequest, form: CorrectionForm, agency: Agency, now: datetime
) -> Correction | None:
    file = form.cleaned_data["evidence"]
    try:
        return hand_in_correction(
            agency=agency, data=form.correction_data(), evidence=file, evidence_name=file.name,
            user=person_of(request), now=now,
        )  # fmt: skip
    except DataRefused as refusal:
        form.tell(refusal.errors)
        return None


def _show(
    request: HttpRequest, row: Correction, *, error: str = "", note: str = "", status: int = 200
) -> HttpResponse:
    now, user = timezone.now(), person_of(request)
    waits = row.status == Correction.Status.REQUESTED
    about = concerned(row, now)
    days = lines(row)
    run = run_of(row)
    by_task = run is not None and waits
    context = {
        "correction": row,
        "run": run,
        "may_see_run": may(user, "processes.view", row.agency, now),
        "task": _task_of(user, run, now) if run is not None and waits else None,
        "zone": row.agency.time_zone,
        "subject": subject_text(row),
        "badge": correction_badge(row),
        "days": [_day(line) for line in days[:SHOWN_DAYS]],
        "more_days": max(0, len(days) - SHOWN_DAYS),
        "waits": waits,
        "overtaken": waits and _overtaken(row, days, now),
        "late": late_text(frozen_months(row.agency_id, about.first, about.last)),
        "may_decide": waits
        and not by_task
        and may(user, DECIDE, row.agency, now)
        and row.requested_by_id != user.pk
        and (row.employee_id is None or row.employee_id != user.employee_id),
        "may_withdraw": waits
        and row.requested_by_id == user.pk
        and may(user, REQUEST, row.agency, now),
        "report_subject": subject_of(row)
        if is_reportable(row) and may(user, REQUEST, row.agency, now)
        else "",
        "sees_list": may(user, VIEW, row.agency, now),
        "error": error,
        "note": note,
    }
    return page(request, "attendance/correction.html", context, tab="evidence", status=status)


def _task_of(user: User, run: Instance, now: datetime) -> Task | None:
    """Return the task of the run that lies with this person, if one does."""
    return queue(user, now).filter(instance=run).first()


def _day(line: DayLine) -> dict[str, Any]:
    return {
        "person": line.person,
        "on": line.day,
        "was": day_text(line.was),
        "becomes": day_text(line.becomes) if line.becomes is not None else None,
        "differs": line.differs,
        "reasons": line.becomes.reasons if line.becomes is not None else (),
    }


def _overtaken(row: Correction, days: list[DayLine], now: datetime) -> bool:
    """Say whether the day of one person is judged otherwise than when the request was made."""
    if row.employee_id is None or row.kind == Kind.REVOKE_LETTER or not days:
        return False
    current = judged(concerned(row, now), now)
    return day_text(current[row.employee_id, days[0].day]) != day_text(days[0].was)


def _correction(request: HttpRequest, correction_id: int) -> Correction:
    """Return a request that the person may see; 404 for any other."""
    rows = Correction.objects.visible_to(person_of(request), timezone.now()).select_related(
        "agency", "employee__agency", "device", "punch__device", "punch__employee__agency",
        "letter__employee__agency", "requested_by__employee", "decided_by__employee",
    )  # fmt: skip
    found = rows.filter(pk=correction_id).first()
    if found is None:
        raise Http404
    return found
