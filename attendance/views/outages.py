"""Outages: recorded and ended by the agency, their list typed and checked at Diskominfo."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from attendance import links
from attendance.evidence.outage_conflicts import conflicts_of
from attendance.evidence.outage_forms import EndForm, ListFileForm, OutageForm, TypedRow, read_rows
from attendance.evidence.outage_lists import ListRow, rows_of, typists
from attendance.evidence.outage_table import read_list
from attendance.evidence.texts import outage_badge, outage_span
from attendance.exceptions import AttendanceError, DataRefused
from attendance.models import Outage
from attendance.offered.outage_panels import delivery_lines
from attendance.offered.report_contexts_outages import subject_of
from attendance.services.corrections import DECIDE
from attendance.services.outage_conflicts import Holds, decide_conflict
from attendance.services.outage_procedure import begin_procedure, report_outage
from attendance.services.outages import (
    ENTER_LIST,
    RECORD,
    complete_list,
    end_outage,
    enter_list,
)
from attendance.views.common import agency_of, page, person_of
from foundation.cells import CellsRefused, read_table
from foundation.uploads import TABLES, UploadRefused, check_upload
from organization.mandates.superiors import employed
from organization.models import Employee, Unit
from organization.permissions import REFUSAL, agencies_where, local_date, may
from processes.models import Instance

VIEW = "outages.view"
ROWS, PEOPLE, PROBLEMS_SHOWN = 50, 60, 30


@require_GET
def outage_list(request: HttpRequest) -> HttpResponse:
    now, user = timezone.now(), person_of(request)
    agencies = agencies_where(user, VIEW, now)
    if not agencies.exists():
        raise PermissionDenied(REFUSAL)
    rows = Outage.objects.filter(agency__in=agencies).select_related("agency", "device")
    if asked := request.GET.get("pd"):
        if not agencies.filter(code=asked).exists():
            raise Http404
        rows = rows.filter(agency__code=asked)
    page_obj = Paginator(rows.defer("rows"), ROWS).get_page(request.GET.get("page"))
    context = {
        "lines": [(row, outage_span(row), outage_badge(row)) for row in page_obj],
        "page_obj": page_obj,
        "may_record": agencies_where(user, RECORD, now).exists(),
    }
    return page(request, "attendance/outages.html", context, tab="evidence")


@require_http_methods(["GET", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    agency = agency_of(request, RECORD, now)
    if agency is None:
        raise PermissionDenied(REFUSAL)
    typed = {"first_on": request.GET.get("tanggal"), "reason": request.GET.get("sebab", "")[:300]}
    form = OutageForm(request.POST or None, agency=agency, initial=typed)
    if request.method == "POST" and form.is_valid():
        try:
            row = report_outage(
                agency=agency, user=person_of(request), now=now, **form.cleaned_data
            )
        except DataRefused as refusal:
            for field, text in refusal.errors.items():
                form.add_error(field or None, text)
        else:
            messages.success(request, "Gangguan dicatat dan dilaporkan; lengkapi lewat tugasnya.")
            return HttpResponseRedirect(links.outage(row.pk))
    context = {"form": form, "agency": agency}
    status = 422 if form.errors else 200
    return page(request, "attendance/outage_form.html", context, tab="evidence", status=status)


@require_GET
def outage_page(request: HttpRequest, outage_id: int) -> HttpResponse:
    return _show(request, _outage(request, outage_id))


@require_POST
def end(request: HttpRequest, outage_id: int) -> HttpResponse:
    def act(row: Outage, now: datetime) -> str:
        form = EndForm(request.POST)
        if not form.is_valid():
            raise DataRefused({"last_on": "Isi tanggal terakhir mesin terganggu."})
        last_on = form.cleaned_data["last_on"]
        end_outage(outage_id=row.pk, last_on=last_on, user=person_of(request), now=now)
        return "Gangguan diakhiri."

    return _act(request, outage_id, act)


@require_POST
def begin(request: HttpRequest, outage_id: int) -> HttpResponse:
    def act(row: Outage, now: datetime) -> str:
        begin_procedure(outage_id=row.pk, user=person_of(request), now=now)
        return "Gangguan dilaporkan; lengkapi lewat tugasnya."

    return _act(request, outage_id, act)


@require_http_methods(["GET", "POST"])
def conflicts(request: HttpRequest, outage_id: int) -> HttpResponse:
    """Where list and machine differ; BKD says which time holds, one by one."""
    now, user = timezone.now(), person_of(request)
    row = _outage(request, outage_id)
    error, status = "", 200
    if request.method == "POST":
        try:
            decide_conflict(
                outage_id=row.pk, key=request.POST.get("key", ""),
                holds=_holds(request.POST.get("holds", "")), note=request.POST.get("note", ""),
                user=user, now=now,
            )  # fmt: skip
        except AttendanceError as refusal:
            error, status = refusal.message, refusal.status
        else:
            messages.success(request, "Selisih diputuskan; harinya dinilai ulang.")
            return HttpResponseRedirect(links.outage_conflicts(row.pk))
    context = {
        "outage": row,
        "span": outage_span(row),
        "conflicts": conflicts_of(row, now),
        "may_decide": may(user, DECIDE, row.agency, now),
        "error": error,
    }
    return page(request, "attendance/outage_conflicts.html", context, tab="evidence", status=status)


def _holds(asked: str) -> Holds:
    try:
        return Holds(asked)
    except ValueError:
        raise DataRefused({"holds": "Pilih jam mesin atau jam daftar manual."}) from None


@require_POST
def complete(request: HttpRequest, outage_id: int) -> HttpResponse:
    def act(row: Outage, now: datetime) -> str:
        none = request.POST.get("without_rows") == "1"
        complete_list(outage_id=row.pk, without_rows=none, user=person_of(request), now=now)
        return "Daftar manual dinyatakan lengkap; harinya dinilai ulang."

    return _act(request, outage_id, act)


@require_http_methods(["GET", "POST"])
def type_list(request: HttpRequest, outage_id: int) -> HttpResponse:
    """The signed list of one day, by unit: two times per person."""
    now, user = timezone.now(), person_of(request)
    row = _outage(request, outage_id)
    if not may(user, ENTER_LIST, row.agency, now):
        raise PermissionDenied(REFUSAL)
    day = _day(request, row, now)
    staff = _staff(request, row, day)
    page_obj = Paginator(staff, PEOPLE).get_page(request.GET.get("page"))
    shown, error, status = None, "", 200
    if request.method == "POST":
        shown, rows = read_rows(request.POST, staff, day)
        error, status = _type(request, row, shown, rows, now)
        if not error:
            messages.success(request, "Daftar disimpan.")
            return HttpResponseRedirect(request.get_full_path())
    context = {
        "outage": row,
        "day": day,
        "lines": shown or [_typed(row, employee, day) for employee in page_obj],
        "page_obj": page_obj,
        "units": Unit.objects.filter(agency=row.agency).order_by("name"),
        "unit": request.GET.get("bidang", ""),
        "error": error,
        "first": row.first_on,
        "last": row.last_on or local_date(row.agency, now),
    }
    return page(request, "attendance/outage_list.html", context, tab="evidence", status=status)


@require_POST
def upload_list(request: HttpRequest, outage_id: int) -> HttpResponse:
    """The signed list as a table; all of it is taken, or nothing."""
    row, form = _outage(request, outage_id), ListFileForm(request.POST, request.FILES)
    now, user = timezone.now(), person_of(request)
    if not may(user, ENTER_LIST, row.agency, now):
        raise PermissionDenied(REFUSAL)
    problems = ["Pilih berkas daftar yang tidak kosong."]
    rows: list[ListRow] = []
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            checked = check_upload(file, name=file.name, allowed=TABLES)
            rows, problems = read_list(read_table(checked), row)
            if not problems:
                enter_list(outage_id=row.pk, rows=rows, user=user, now=now)
        except DataRefused as refusal:
            problems = list(refusal.errors.values())
        except (UploadRefused, CellsRefused, AttendanceError) as refusal:
            problems = [str(refusal)]
    if problems:
        return _show(request, row, error="Tidak ada yang disimpan.", problems=problems, status=422)
    messages.success(request, f"{len(rows)} baris daftar disimpan.")
    return HttpResponseRedirect(links.outage(row.pk))


def _type(
    request: HttpRequest, row: Outage, shown: list[TypedRow], rows: list[ListRow], now: datetime
) -> tuple[str, int]:
    """Keep the rows; return what is wrong, "" if nothing, and the status of the answer."""
    if any(line.error for line in shown):
        return "Ada jam yang tidak terbaca; perbaiki lalu simpan lagi.", 422
    try:
        enter_list(outage_id=row.pk, rows=rows, user=person_of(request), now=now)
    except DataRefused as refusal:
        by_person = {key.split(":")[0]: text for key, text in refusal.errors.items()}
        for line in shown:
            line.error = by_person.get(str(line.employee.pk), "")
        return "Ada baris yang belum benar; tidak ada yang disimpan.", refusal.status
    except AttendanceError as refusal:
        return refusal.message, refusal.status
    return "", 200


def _typed(row: Outage, employee: Employee, day: date) -> TypedRow:
    known = row.rows.get(f"{employee.pk}:{day.isoformat()}", {})
    return TypedRow(employee, known.get("in", ""), known.get("out", ""))


def _day(request: HttpRequest, row: Outage, now: datetime) -> date:
    """Return the day asked for as `?tanggal=`, within the outage; else its first."""
    try:
        day = date.fromisoformat(request.GET.get("tanggal", ""))
    except ValueError:
        return row.first_on
    return min(max(day, row.first_on), row.last_on or local_date(row.agency, now))


def _staff(request: HttpRequest, row: Outage, day: date) -> list[Employee]:
    rows = Employee.objects.filter(agency=row.agency).select_related("agency", "unit")
    if (unit := request.GET.get("bidang", "")).isdecimal():
        rows = rows.filter(unit=int(unit))
    return [person for person in rows.order_by("name", "pk") if employed(person, day)]


def _show(
    request: HttpRequest,
    row: Outage,
    *,
    error: str = "",
    problems: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    now, user = timezone.now(), person_of(request)
    listed = rows_of(row)
    types = may(user, ENTER_LIST, row.agency, now) and row.listed_at is None
    records = may(user, RECORD, row.agency, now)
    by_hand = not row.is_running and row.withdrawn_at is None  # else its tasks do it
    context = {
        "outage": row,
        "zone": row.agency.time_zone,
        "report_subject": subject_of(row),
        "span": outage_span(row),
        "badge": outage_badge(row),
        "rows": Paginator(listed, ROWS).get_page(request.GET.get("page")),
        "count": len(listed),
        "conflicts": conflicts_of(row, now),
        "conflicts_link": links.outage_conflicts(row.pk),
        "may_decide": may(user, DECIDE, row.agency, now),
        "deliveries": delivery_lines(row),
        "may_report": records,
        "may_begin": records and _is_to_begin(row),
        "may_end": row.last_on is None and by_hand and records,
        "may_type": types,
        "may_complete": types
        and by_hand
        and row.last_on is not None
        and user.pk not in typists(row),
        "typed_it": types and by_hand and user.pk in typists(row),
        "end_form": EndForm(),
        "file_form": ListFileForm(),
        "error": error,
        "problems": problems[:PROBLEMS_SHOWN],
        "more_problems": max(0, len(problems) - PROBLEMS_SHOWN),
    }
    return page(request, "attendance/outage.html", context, tab="evidence", status=status)


def _is_to_begin(row: Outage) -> bool:
    """Say whether the procedure of an outage may still begin."""
    never = row.instance is None or row.instance.status == Instance.Status.CANCELLED
    return never and row.listed_at is None and row.withdrawn_at is None


def _act(
    request: HttpRequest, outage_id: int, act: Callable[[Outage, datetime], str]
) -> HttpResponse:
    """Do one thing to an outage that the person sees; a refusal shows it with the sentence."""
    row = _outage(request, outage_id)
    try:
        done = act(row, timezone.now())
    except AttendanceError as refusal:
        row.refresh_from_db()
        return _show(request, row, error=refusal.message, status=refusal.status)
    messages.success(request, done)
    return HttpResponseRedirect(links.outage(row.pk))


def _outage(request: HttpRequest, outage_id: int) -> Outage:
    """Return an outage that the person may see; 404 for any other."""
    rows = Outage.objects.visible_to(person_of(request), timezone.now())
    found = rows.select_related(
        "agency", "device", "instance", "recorded_by__employee", "listed_by__employee",
        "withdrawn_by__employee",
    )  # fmt: skip
    row = found.filter(pk=outage_id).first()
    if row is None:
        raise Http404
    return row
