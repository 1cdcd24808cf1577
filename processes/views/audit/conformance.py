"""What did not go as the BPMN says, what is remarkable, and the instances by how they went."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from processes.audit.measured.conformance import Kind
from processes.audit.questions.conformity import (
    SORTS,
    Sort,
    conformance_figures,
    read_sort,
    remarks,
    sorted_instances,
)
from processes.audit.questions.naming import step_names
from processes.audit.questions.steps import column
from processes.audit.statistics import span
from processes.views.audit.common import audit_page, paged_keys_first, scope_here

# What the page of rows calls the visits of a kind.
ROWS = {
    Kind.OUT_OF_ORDER: "order",
    Kind.FORCED: "forced",
    Kind.BY_SUBSTITUTE: "substitute",
    Kind.OUTSIDE_HOURS: "outside",
    Kind.BACKDATED: "backdated",
    Kind.CLOCK_BACK: "clock",
    Kind.UNDONE: "undone",
}
EXPLAINED = {
    Kind.SKIPPED: "Tahap bernomor yang tidak pernah dikunjungi, padahal tidak ada jalan lain.",
    Kind.OUT_OF_ORDER: "Diselesaikan ketika BPMN belum sampai di sana.",
    Kind.FORCED: "Diambil dari pemegangnya, atau waktu tunggu diakhiri orang lebih awal.",
    Kind.BY_SUBSTITUTE: "Dikerjakan sebagai Plt. atau Plh.",
    Kind.OUTSIDE_HOURS: "Dikirim ketika kantor tutup.",
    Kind.BACKDATED: "Dinyatakan berlaku sebelum dikirim.",
    Kind.CLOCK_BACK: "Satu saat tercatat lebih awal daripada yang mendahuluinya.",
    Kind.UNDONE: "Dikerjakan lagi: berkasnya dimundurkan ke sini atau ke sebelumnya.",
}


@require_safe
def conformance(request: HttpRequest) -> HttpResponse:
    """Show the instances of one sort; `jenis` in the address chooses it."""
    scope = scope_here(request)
    names = step_names(scope)
    figures = conformance_figures(scope)
    asked = request.GET.get("jenis", "")
    sort = read_sort(asked)
    page = paged_keys_first(request, sorted_instances(scope, sort))
    lead = column(scope.clock, "lead")
    context = {
        "figures": figures,
        "kinds": [(one, EXPLAINED[one.kind], ROWS.get(one.kind, "")) for one in figures.kinds],
        "sorts": [(sort.value, label) for sort, (label, _) in SORTS.items()]
        + [(kind.value, kind.label) for kind in Kind],
        "sort": sort.value,
        "ignored": ["jenis"] if asked not in {"", sort.value} else [],
        "sort_label": sort.label if isinstance(sort, Kind) else SORTS[sort][0],
        "is_usual": sort is Sort.NOTED,
        "page": page,
        "rows": [(row, remarks(row, names), span(getattr(row, lead))) for row in page],
    }
    return audit_page(request, scope, "processes/audit/conformance.html", context)
