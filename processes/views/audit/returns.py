"""What was sent back, why, to where, and what it cost."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from processes.audit.questions.naming import StepNames, step_names
from processes.audit.questions.returning import Cost, ReturnFigures, return_figures, returned_visits
from processes.audit.statistics import Share, span
from processes.views.audit.common import audit_page, paged_keys_first, scope_here

REASONS = 10  # on one page


@dataclass(frozen=True)
class MatrixRow:
    """A step that decided: where it sent back to, as (step, label, cost), and all of it."""

    step: str
    label: str
    cells: list[tuple[str, str, Cost]]
    total: Cost


@require_safe
def returns(request: HttpRequest) -> HttpResponse:
    scope = scope_here(request)
    names = step_names(scope)
    figures = return_figures(scope, names.place)
    page = paged_keys_first(request, returned_visits(scope), REASONS)
    context = {
        "figures": figures,
        "columns": [names.label(step) for step in figures.matrix.columns],
        "matrix": [_row(step, figures, names) for step in figures.matrix.rows],
        "spread": [
            (count, Share(instances, figures.finished)) for count, instances in figures.spread
        ],
        "page": page,
        "reasons": [
            (visit, names.label(visit.step), names.label(visit.returned_to), span(visit.lost_work))
            for visit in page
        ],
    }
    return audit_page(request, scope, "processes/audit/returns.html", context)


def _row(step: str, figures: ReturnFigures, names: StepNames) -> MatrixRow:
    matrix = figures.matrix
    cells = zip(matrix.columns, matrix.row(step), strict=True)
    return MatrixRow(
        step=step,
        label=names.label(step),
        cells=[(target, names.label(target), cost) for target, cost in cells],
        total=figures.by_step[step],
    )
