"""Period after period, and agency beside agency."""

from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from foundation.indonesian import MONTHS
from processes.audit.questions.lines import LineChart, Value, line_chart
from processes.audit.questions.naming import StepNames, step_names
from processes.audit.questions.trends import Figures, Month, agencies, months
from processes.audit.scope import Scope
from processes.audit.statistics import is_few, span
from processes.templatetags.audit import percent, told, whole
from processes.templatetags.audit_charts import times
from processes.views.audit.common import audit_page, scope_here


@require_safe
def trends(request: HttpRequest) -> HttpResponse:
    """Show the months; `langkah` in the address chooses one numbered step."""
    scope = scope_here(request)
    names = step_names(scope)
    step = _chosen(request, names)
    rows = months(scope, step)
    beside = agencies(scope, step)
    context = {
        "steps": names.numbered,
        "step": step,
        "ignored": ["langkah"] if request.GET.get("langkah") and not step else [],
        "step_label": names.label(step) if step else "",
        "months": rows,
        "charts": _charts(rows, scope),
        "beside": beside if len(beside) > 1 else [],
    }
    return audit_page(request, scope, "processes/audit/trends.html", context)


def _chosen(request: HttpRequest, names: StepNames) -> str:
    asked = request.GET.get("langkah", "")
    return asked if asked in {task.id for task in names.numbered} else ""


def _charts(rows: Sequence[Month], scope: Scope) -> list[LineChart]:
    def values(
        figure: Callable[[Figures], float | None], few: Callable[[Figures], bool]
    ) -> list[Value]:
        return [
            Value(_month(row), _short(row), figure(row.figures), few(row.figures)) for row in rows
        ]

    def thin(figures: Figures) -> bool:
        return figures.is_thin

    charts = [
        line_chart(
            "Sesuai baku", values(lambda f: f.within.value, lambda f: f.within.is_thin),
            percent, top=1.0,
        ),
        line_chart(
            "Kerja dibanding baku (median)", values(lambda f: f.ratio, thin),
            times, reference=1.0, reference_words="baku",
        ),
        line_chart(
            "Lama berkas (median)",
            values(lambda f: f.lead.total_seconds() if f.lead else None, _few_finished),
            lambda seconds: told(span(seconds), scope.clock),
        ),
        line_chart(
            "Pengembalian", values(lambda f: float(f.returns) if f.n else None, thin),
            lambda count: whole(round(count)),
        ),
    ]  # fmt: skip
    return [chart for chart in charts if chart]


def _few_finished(figures: Figures) -> bool:
    return is_few(figures.finished)


def _month(row: Month) -> str:
    return f"{MONTHS[row.first.month - 1]} {row.first.year}"


def _short(row: Month) -> str:
    return f"{MONTHS[row.first.month - 1][:3]} {row.first.year % 100:02d}"
