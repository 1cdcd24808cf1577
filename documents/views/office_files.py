"""A version of an office's template, and the files around templates."""

from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from documents.issue.letterhead import letterhead_of
from documents.issue.paper import on_paper
from documents.models import OfficeTemplate
from documents.office.listing import UnknownTemplate, offered_template
from documents.office.versions import MANAGE
from documents.storage import stored_path
from documents.views.office import offered_or_404
from foundation.cells import write_csv
from foundation.uploads import CONTENT_TYPES, Kind
from organization.permissions import agencies_where
from organization.views.scope import scope, signed_in

NAMES_HEADER = ["Nama", "Cara menulis di Word", "Contoh isi"]


@require_safe
@login_required
def version(request: HttpRequest, template_id: int) -> HttpResponse:
    """Show how far the look through a version is, and what was found."""
    found = _version(request, template_id)
    try:
        offered = offered_template(found.key)
    except UnknownTemplate:
        offered = None
    context = {
        "version": found,
        "offered": offered,
        "errors": [row for row in found.findings if row["is_error"]],
        "warnings": [row for row in found.findings if not row["is_error"]],
        "is_working": found.state == OfficeTemplate.State.CHECKING,
    }
    return render(request, "documents/template_version.html", context)


@require_safe
@login_required
def version_file(request: HttpRequest, template_id: int) -> FileResponse:
    """Hand out the file as it was uploaded."""
    found = _version(request, template_id)
    name = f"{Path(found.key).stem} v{found.version}.docx"
    return _handed_out(found.file.name or "", name, Kind.DOCX)


@require_safe
@login_required
def preview(request: HttpRequest, template_id: int) -> FileResponse:
    """Hand out the version filled with example data."""
    found = _version(request, template_id)
    name = f"contoh {Path(found.key).stem} v{found.version}.docx"
    return _handed_out(found.preview.name or "", name, Kind.DOCX)


@require_safe
@login_required
def preview_pdf(request: HttpRequest, template_id: int) -> FileResponse:
    """Show the same as PDF."""
    found = _version(request, template_id)
    name = f"contoh {Path(found.key).stem} v{found.version}.pdf"
    return _handed_out(found.preview_pdf.name or "", name, Kind.PDF)


@require_safe
@login_required
def standard(request: HttpRequest, group: str, name: str) -> HttpResponse:
    """Hand out the standard template, on the office's paper, to be changed in Word."""
    here, offered = scope(request, MANAGE), offered_or_404(group, name)
    content = on_paper(offered.standard, letterhead_of(here.agency).paper)
    return _attached(content, offered.file_name, Kind.DOCX)


@require_safe
@login_required
def names(request: HttpRequest, group: str, name: str) -> HttpResponse:
    """Hand out the names that the template may use, with an example of each, as a table."""
    scope(request, MANAGE)
    offered = offered_or_404(group, name)
    rows = [[each.path, each.written, each.example] for each in offered.shape.names()]
    return _attached(write_csv(NAMES_HEADER, rows), f"nama {offered.name}.csv", Kind.CSV)


def _version(request: HttpRequest, template_id: int) -> OfficeTemplate:
    agencies = agencies_where(signed_in(request), MANAGE, timezone.now())
    versions = OfficeTemplate.objects.filter(agency__in=agencies)
    return get_object_or_404(versions.select_related("agency", "uploaded_by"), pk=template_id)


def _attached(content: bytes, name: str, kind: Kind) -> HttpResponse:
    response = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _handed_out(stored: str, name: str, kind: Kind) -> FileResponse:
    if not stored:
        raise Http404("Berkas ini belum ada.")
    try:
        stream = stored_path(stored).open("rb")
    except FileNotFoundError:
        raise Http404("Berkas ini tidak ada di penyimpanan.") from None
    response = FileResponse(
        stream, as_attachment=kind != Kind.PDF, filename=name, content_type=CONTENT_TYPES[kind]
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
