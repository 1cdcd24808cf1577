"""The visits behind every figure, as a page and as CSV."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from foundation.cells import csv_parts
from foundation.indonesian import DAYS
from processes.audit.questions.visits import (
    CSV_HEADER,
    KINDS,
    NEWEST_FIRST,
    Filter,
    csv_rows,
    ignored,
    read_filter,
    rows_of,
    visits,
)
from processes.audit.scope import Scope
from processes.audit.versions import newest_tasks, versions
from processes.views.audit.common import audit_page, paged_keys_first, scope_here
from workflows.definitions import SubjectKind

SIZE = 50
# (name in the address, heading, is a number) of the columns that can be ordered.
COLUMNS = (
    ("pd", "Berkas", False),
    ("langkah", "Tahap", False),
    ("kirim", "Ditawarkan, diambil, dikirim", False),
    ("kerja", "Kerja", True),
    ("tunggu", "Tunggu", True),
)
PERIODS = (SubjectKind.MONTH, SubjectKind.DAY)


@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    scope = scope_here(request)
    chosen = read_filter(request.GET)
    page = paged_keys_first(request, visits(scope, chosen), SIZE)
    shown = list(page)
    owner = next((visit.owner for visit in shown if chosen.person is not None), None)
    context = {
        "page": page,
        "rows": list(rows_of(scope, shown)),
        "person": owner.get_full_name() if owner else "",  # who has nothing here is not named
        "chosen": chosen,
        "ignored": ignored(request.GET, chosen),
        "found": page.paginator.count,
        "kinds": [(name, words) for name, (words, _) in KINDS.items()],
        "days": list(enumerate(DAYS)),
        "columns": [_column(*column, chosen) for column in COLUMNS],
        **_choices(scope, chosen),
    }
    if chosen.is_open:
        context["visits"] = page.paginator.count
    return audit_page(request, scope, "processes/audit/rows.html", context)


@require_safe
def rows_csv(request: HttpRequest) -> StreamingHttpResponse:
    scope = scope_here(request)
    found = visits(scope, read_filter(request.GET))
    response = StreamingHttpResponse(
        csv_parts(CSV_HEADER, csv_rows(scope, found)), content_type="text/csv; charset=utf-8"
    )
    name = f"kunjungan-{scope.definition_key}-{scope.first:%Y-%m}-{scope.last:%Y-%m}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _column(name: str, heading: str, is_number: bool, chosen: Filter) -> dict[str, object]:
    """Return a heading: choosing it orders by it, the largest first, and then the other way."""
    is_down = chosen.order == f"-{name}"
    direction = "descending" if is_down else "ascending" if chosen.order == name else ""
    return {
        "heading": heading,
        "is_number": is_number,
        "direction": direction,
        "urut": name if is_down else f"-{name}",
    }


def _choices(scope: Scope, chosen: Filter) -> dict[str, object]:
    """Return what the form offers: steps and lanes of every version in the scope."""
    found = versions(scope)
    tasks = newest_tasks(found)
    lanes = dict.fromkeys(lane.name for version in found for lane in version.definition.lanes)
    numbered = sorted((t for t in tasks.values() if t.number), key=lambda t: t.number or 0)
    return {
        "numbered": numbered,
        "system": [task for task in tasks.values() if not task.number],
        "lanes": list(lanes),
        "is_periodic": bool(found) and found[0].definition.subject in PERIODS,
        "is_ordered": chosen.order != NEWEST_FIRST,
        "returned_to": tasks.get(chosen.returned_to),
    }
