"""The diagram with its hot steps, and the same as a table."""

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from processes.audit.questions.heat import HeatMap, HotStep, Measure, heat_of, level_limits
from processes.audit.scope import Scope
from processes.views.audit.common import audit_page, rows_url, scope_here
from workflows.drawing import diagram, diagram_shapes
from workflows.drawing.diagram_heat import heat_state

# Where the rows behind a figure of each measure stand: (filter, order).
BEHIND = {
    Measure.WAITING: ("people", "-tunggu"),
    Measure.HANDLING: ("people", "-kerja"),
    Measure.RETURNS: ("turned", ""),
    Measure.COUNT: ("people", ""),
}


@require_safe
def heat_map(request: HttpRequest) -> HttpResponse:
    scope = scope_here(request)
    asked = request.GET.get("ukuran", "")
    measure = Measure(asked) if asked in set(Measure) else Measure.HANDLING
    found = heat_of(scope, measure)
    context = {
        "measure": measure,
        "ignored": ["ukuran"] if asked not in {"", *Measure} else [],
        "measures": list(Measure),
        "heat": found,
        "rows": [(step, _link(scope, step, measure)) for step in found.steps] if found else [],
        "picture": _picture(scope, found) if found else "",
        "legend": [(swatch(level), words) for level, words in level_limits(measure)],
        "nothing": swatch(0),
    }
    return audit_page(request, scope, "processes/audit/heat.html", context)


def swatch(level: int) -> SafeString:
    """Return the field of a level as the legend shows it; drawn by our own code."""
    return mark_safe(diagram_shapes.swatch(heat_state(level)))  # noqa: S308


def _link(scope: Scope, step: HotStep, measure: Measure) -> str:
    saring, urut = BEHIND[measure]
    return rows_url(scope, langkah=step.step, saring=saring, urut=urut) if step.n else ""


def _picture(scope: Scope, found: HeatMap) -> SafeString:
    heats = {
        step.step: diagram.Heat(
            level=step.level,
            plate=step.plate,
            words=f"{found.measure.label} {step.words}",
            link=_link(scope, step, found.measure),
            is_thin=step.is_thin,
        )
        for step in found.steps
    }
    # Drawn by our own code, which escapes every name of the file.
    return mark_safe(diagram.draw(found.definition, heats))  # noqa: S308
