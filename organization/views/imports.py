"""Employees from a table and photos from a zip."""

from datetime import datetime

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from foundation.actors import Actor
from foundation.archives import MIB
from foundation.cells import CellsRefused, read_table, write_csv, write_xlsx
from foundation.uploads import CONTENT_TYPES, TABLES, Kind, UploadRefused, check_upload
from organization import services
from organization.employee_rows import COLUMNS, EXAMPLE, REQUIRED, LineError
from organization.forms import PhotoArchiveForm, TableForm
from organization.models import Agency
from organization.services.photos import PhotoError
from organization.views.scope import Scope, actor_here, scope

MANAGE = "employees.manage"
TABLE_LIMIT = 10 * MIB
ARCHIVE_LIMIT = 50 * MIB
SHOWN = 200


@require_http_methods(["GET", "POST"])
def import_employees(request: HttpRequest) -> HttpResponse:
    """Bring in a table; with any error nothing is written and every line is named."""
    here = scope(request, MANAGE)
    sent = request.method == "POST"
    form = TableForm(request.POST, request.FILES) if sent else TableForm()
    errors: tuple[LineError, ...] = ()
    if sent and form.is_valid():
        actor = actor_here(request, MANAGE, here)
        file = form.cleaned_data["file"]
        report = read_employees(file, agency=here.agency, actor=actor, now=here.now)
        if report.is_written:
            messages.success(request, _told(report))
            return redirect("pegawai:index")
        errors = report.errors
    return render(
        request,
        "organization/import.html",
        {
            "form": form,
            "here": here,
            "columns": [(name, name in REQUIRED) for name in COLUMNS],
            **shown_errors(errors),
        },
        status=422 if errors or form.errors else 200,
    )


def read_employees(
    file: "UploadedFile[bytes]", *, agency: Agency, actor: Actor, now: datetime
) -> services.ImportReport:
    """Bring an uploaded table in; a file that is none is one error of no line."""
    try:
        upload = check_upload(file, name=file.name or "", allowed=TABLES, limit=TABLE_LIMIT)
        table = read_table(upload)
    except (UploadRefused, CellsRefused) as error:
        return services.ImportReport(errors=(LineError(0, "", str(error)),))
    return services.import_employees(agency=agency, table=table, actor=actor, now=now)


def _told(report: services.ImportReport) -> str:
    text = (
        f"{report.created} pegawai baru, {report.updated} diperbarui, "
        f"{report.unchanged} tidak berubah."
    )
    if report.new_units:
        text += f" Bidang baru: {', '.join(report.new_units)}."
    return text


def shown_errors(errors: tuple[LineError, ...] | tuple[PhotoError, ...]) -> dict[str, object]:
    """Return the first errors for a page, how many there are, and how many it leaves out."""
    return {
        "errors": errors[:SHOWN],
        "error_count": len(errors),
        "more_errors": max(0, len(errors) - SHOWN),
    }


@require_GET
def example(request: HttpRequest, kind: str) -> HttpResponse:
    """Hand out an example table with one invented row."""
    scope(request, MANAGE)
    header, rows = list(COLUMNS), [EXAMPLE]
    content = write_csv(header, rows) if kind == Kind.CSV else write_xlsx(header, rows)
    response = HttpResponse(content, content_type=CONTENT_TYPES[Kind(kind)])
    response["Content-Disposition"] = f'attachment; filename="contoh-pegawai.{kind}"'
    return response


@require_http_methods(["GET", "POST"])
def import_photos(request: HttpRequest) -> HttpResponse:
    """Store photos from a zip; with any error none is stored and every file is named."""
    here = scope(request, MANAGE)
    sent = request.method == "POST"
    form = PhotoArchiveForm(request.POST, request.FILES) if sent else PhotoArchiveForm()
    errors: tuple[PhotoError, ...] = ()
    if sent and form.is_valid():
        report = _import_archive(request, here, form.cleaned_data["file"])
        if not report.errors:
            messages.success(request, f"{report.stored} foto tersimpan.")
            return redirect("pegawai:index")
        errors = report.errors
    return render(
        request,
        "organization/photos.html",
        {"form": form, "here": here, **shown_errors(errors)},
        status=422 if errors or form.errors else 200,
    )


def _import_archive(
    request: HttpRequest, here: Scope, file: "UploadedFile[bytes]"
) -> services.PhotoReport:
    try:
        archive = check_upload(file, name=file.name or "", allowed={Kind.ZIP}, limit=ARCHIVE_LIMIT)
    except UploadRefused as error:
        return services.PhotoReport(errors=(PhotoError("", str(error)),))
    return services.import_photos(
        agency=here.agency, archive=archive, actor=actor_here(request, MANAGE, here), now=here.now
    )
