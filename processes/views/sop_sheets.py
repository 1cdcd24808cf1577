"""The SOP sheet (SOP-AP) for those who work by it; what it came to is the audit's matter."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from processes.sop_sheet import UnknownSheet, definition_named
from processes.views.audit.sheets import drawn_rows
from workflows import repository
from workflows.drawing.sop_sheet import sheet_on_screen
from workflows.files.findings import DefinitionError


@require_safe
def sheets(request: HttpRequest) -> HttpResponse:
    """List the SOPs that are in force, by title."""
    definitions = sorted(repository.all(), key=lambda definition: definition.head.title)
    return render(request, "processes/sheets.html", {"definitions": definitions})


@require_safe
def sheet(request: HttpRequest, key: str) -> HttpResponse:
    """Show one SOP as its sheet; `versi` in the address chooses one by which something ran."""
    version = request.GET.get("versi", "")
    try:
        definition = definition_named(f"{key}/{version}" if version else key)
    except (UnknownSheet, DefinitionError) as error:
        raise Http404("Lembar SOP ini tidak ada.") from error
    shown = sheet_on_screen(definition)
    return render(request, "processes/sheet.html", {"sheet": shown, "rows": drawn_rows(shown)})
