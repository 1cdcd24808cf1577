"""The SOP sheet (SOP-AP) of what runs, and which versions of it ran."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from processes.audit.scope import scope_of
from processes.audit.sop_list import sop_list
from processes.sop_sheet import UnknownSheet, definition_named, subject_of
from processes.views.audit.common import audit_page
from workflows.drawing.sop_flow_drawing import svg_of
from workflows.drawing.sop_sheet import Sheet, SheetRow, sheet_on_screen
from workflows.files.findings import DefinitionError


@require_safe
def sheets(request: HttpRequest) -> HttpResponse:
    """Show the SOPs with their versions and standards; also those that never ran."""
    scope = scope_of(request)
    context = {"sop_list": sop_list(scope), "visits": 0}
    return audit_page(request, scope, "processes/audit/sheets.html", context)


@require_safe
def sheet(request: HttpRequest, key: str) -> HttpResponse:
    """Show one SOP as its sheet; `versi` in the address chooses an older one."""
    scope = scope_of(request)
    version = request.GET.get("versi", "")
    try:
        definition = definition_named(f"{key}/{version}" if version else key)
    except (UnknownSheet, DefinitionError) as error:
        raise Http404("Lembar SOP ini tidak ada.") from error
    shown = sheet_on_screen(definition)
    context = {
        "sheet": shown,
        "rows": drawn_rows(shown),
        "sop": next((sop for sop in sop_list(scope) if sop.key == key), None),
        "subject": subject_of(definition),
        "asker": (scope.agency or scope.agencies[0]).code,
        "visits": 0,
    }
    return audit_page(request, scope, "processes/audit/sheet.html", context)


def drawn_rows(sheet: Sheet) -> list[tuple[SheetRow, str]]:
    """Return the rows of a sheet, each with its picture."""
    # Drawn here from numbers; what is written in it is escaped there.
    return [(row, mark_safe(svg_of(row.drawing, row.words))) for row in sheet.rows]  # noqa: S308
