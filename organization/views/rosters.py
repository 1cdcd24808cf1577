"""The roster of a month: a grid to type in, a table to fill elsewhere and bring back."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.archives import MIB
from foundation.cells import CellsRefused, read_table, write_xlsx
from foundation.indonesian import day_name, month_name
from foundation.uploads import CONTENT_TYPES, TABLES, Kind, UploadRefused, check_upload
from organization import services
from organization.calendars.rosters import Grid, GridRow, month_days, roster_gaps, roster_grid
from organization.employee_rows import LineError
from organization.forms import TableForm
from organization.models import Unit
from organization.permissions import local_date, may
from organization.services.calendar_events import OWN
from organization.services.rosters import Assignment, RosterReport
from organization.views.scope import Scope, actor_here, scope, signed_in

VIEW = "calendar.view"
LIMIT = 10 * MIB
PER_PAGE = 25  # people: more cells than these a form does not carry
SHOWN = 200


@require_GET
def roster_page(request: HttpRequest) -> HttpResponse:
    return _page(request, scope(request, VIEW))


@require_POST
def roster_save(request: HttpRequest) -> HttpResponse:
    """Write the cells of the page that was sent; all of them or, with any error, none."""
    here = scope(request, OWN)
    typed = dict(_typed(request))
    report = services.set_roster(
        agency=here.agency,
        assignments=[Assignment(pk, on, code) for (pk, on), code in typed.items()],
        user=signed_in(request),
        now=here.now,
    )
    if report.errors:
        return _page(request, here, errors=report.errors, typed=typed)
    messages.success(request, _told(report))
    return redirect(f"{reverse('kalender:rosters')}?{_query(request, here)}")


def _typed(request: HttpRequest) -> list[tuple[tuple[int, date], str]]:
    """Return the cells of a form: "g-<employee>-<date>"."""
    found = []
    for name, value in request.POST.items():
        kind, _, rest = name.partition("-")
        pk, _, day = rest.partition("-")
        if kind == "g" and pk.isdecimal() and len(pk) < 19:
            try:
                found.append(((int(pk), date.fromisoformat(day)), str(value)))
            except ValueError:
                raise Http404 from None
    return found


def _page(
    request: HttpRequest,
    here: Scope,
    errors: tuple[LineError, ...] = (),
    typed: Mapping[tuple[int, date], str] | None = None,
) -> HttpResponse:
    month, unit = _month(request, here), _unit(request, here)
    grid = roster_grid(here.agency, month, unit)
    told = {**request.GET.dict(), **request.POST.dict()}
    page: Page[GridRow] = Paginator(grid.rows, PER_PAGE).get_page(told.get("page"))
    rows = [_with_typed(row, typed) if typed else row for row in page.object_list]
    gaps = roster_gaps(here.agency, month)
    return render(
        request,
        "organization/calendar/roster.html",
        {
            "here": here,
            "tab": "rosters",
            "grid": grid,
            "heads": [(day, day_name(day)) for day in grid.days],
            "rows": rows,
            "page_obj": page,
            "month": month,
            "unit": unit,
            "units": here.agency.units.order_by("name"),
            "query": _query(request, here),
            "gaps": [(gap.employee, _runs(gap.days)) for gap in gaps],
            "errors": errors[:SHOWN],
            "more_errors": max(len(errors) - SHOWN, 0),
            "may_manage": may(signed_in(request), OWN, here.agency, here.now),
        },
        status=422 if errors else 200,
    )


def _with_typed(row: GridRow, typed: Mapping[tuple[int, date], str]) -> GridRow:
    """Show what was typed, so that nothing of it is lost when a cell is refused."""
    cells = [
        replace(cell, code=typed.get((row.employee.pk, cell.day), cell.code)) for cell in row.cells
    ]
    return replace(row, cells=tuple(cells))


def _runs(days: tuple[date, ...]) -> str:
    """Return "3-5, 9" for days of one month."""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day.day - 1:
            runs[-1].append(day.day)
        else:
            runs.append([day.day])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _month(request: HttpRequest, here: Scope) -> date:
    text = request.POST.get("bulan") or request.GET.get("bulan")
    if not text:
        return local_date(here.agency, here.now).replace(day=1)
    if not re.fullmatch(r"[12]\d{3}-(0[1-9]|1[0-2])", text):  # a month of 9999 has no next day
        raise Http404
    return date.fromisoformat(f"{text}-01")


def _unit(request: HttpRequest, here: Scope) -> Unit | None:
    text = request.POST.get("bidang") or request.GET.get("bidang") or ""
    if not text:
        return None
    unit = here.agency.units.filter(pk=int(text)).first() if _is_id(text) else None
    if unit is None:
        raise Http404
    return unit


def _is_id(text: str) -> bool:
    return text.isdecimal() and len(text) < 19


def _query(request: HttpRequest, here: Scope) -> str:
    unit, month = _unit(request, here), _month(request, here)
    told = {"pd": here.agency.code, "bulan": f"{month:%Y-%m}"}
    return urlencode(told | ({"bidang": str(unit.pk)} if unit else {}))


def _told(report: RosterReport) -> str:
    if not report.changed:
        return "Tidak ada yang berubah."
    return f"{report.changed} hari dari {report.people} pegawai tersimpan."


@require_GET
def roster_table(request: HttpRequest) -> HttpResponse:
    """Hand out the month as a table that can be filled in and brought back."""
    here = scope(request, VIEW)
    month, unit = _month(request, here), _unit(request, here)
    grid: Grid = roster_grid(here.agency, month, unit)
    header = ["NIP", "Nama", *(day.isoformat() for day in month_days(month))]
    rows = [
        [row.employee.number, row.employee.name, *(cell.code for cell in row.cells)]
        for row in grid.rows
    ]
    title = f"{month_name(month.month)} {month.year}"
    content = write_xlsx(header, rows, title=title)
    response = HttpResponse(content, content_type=CONTENT_TYPES[Kind.XLSX])
    response["Content-Disposition"] = f'attachment; filename="jadwal-{month:%Y-%m}.xlsx"'
    return response


@require_http_methods(["GET", "POST"])
def roster_import(request: HttpRequest) -> HttpResponse:
    """Bring a table in; with any error nothing is written and every row and person is named."""
    here = scope(request, OWN)
    sent = request.method == "POST"
    form = TableForm(request.POST, request.FILES) if sent else TableForm()
    errors: tuple[LineError, ...] = ()
    if sent and form.is_valid():
        report = _bring(request, here, form.cleaned_data["file"])
        if report.is_written:
            messages.success(request, _told(report))
            return redirect(f"{reverse('kalender:rosters')}?{urlencode({'pd': here.agency.code})}")
        errors = report.errors
    return render(
        request,
        "organization/calendar/roster_import.html",
        {
            "form": form,
            "here": here,
            "errors": errors[:SHOWN],
            "more_errors": max(len(errors) - SHOWN, 0),
            "error_count": len(errors),
        },
        status=422 if errors or form.errors else 200,
    )


def _bring(request: HttpRequest, here: Scope, file: "UploadedFile[bytes]") -> RosterReport:
    try:
        upload = check_upload(file, name=file.name or "", allowed=TABLES, limit=LIMIT)
        table = read_table(upload)
    except (UploadRefused, CellsRefused) as error:
        return RosterReport(errors=(LineError(0, "", str(error)),))
    return services.import_roster(
        agency=here.agency,
        table=table,
        actor=actor_here(request, OWN, here),
        user=signed_in(request),
        now=here.now,
    )
