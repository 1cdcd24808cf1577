"""Serah terima: what frozen recaps handed to the SOPs that follow, and who received it."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from attendance.models import Handover, HandoverPackage
from attendance.models.handovers import VIEW, HandoverQuerySet
from attendance.offered.handover_panels import told_of
from attendance.recaps.exporting import FORMATS
from attendance.recaps.handover_texts import badge_of, follows, title_of
from attendance.services.handover_runs import run_of
from attendance.views.common import page, person_of
from documents.storage import stored_path
from organization.permissions import REFUSAL, agencies_where

ROWS = 50


@require_GET
def handover_list(request: HttpRequest) -> HttpResponse:
    """The handovers of the agencies that the person looks after, the newest month first."""
    now, user = timezone.now(), person_of(request)
    agencies = agencies_where(user, VIEW, now).order_by("name")
    if not agencies.exists():
        raise PermissionDenied(REFUSAL)
    asked = {name: request.GET.get(name, "") for name in ("pd", "jenis", "keadaan")}
    if asked["pd"] and not agencies.filter(code=asked["pd"]).exists():
        raise Http404
    rows = _chosen(Handover.objects.visible_to(user, now), asked)
    page_obj = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "lines": [(row, title_of(row), follows(row), badge_of(row)) for row in page_obj],
        "page_obj": page_obj,
        "agencies": agencies,
        "kinds": Handover.Kind.choices,
        "statuses": Handover.Status.choices,
        "asked": asked,
    }
    return page(request, "attendance/handovers.html", context, tab="recaps")


@require_GET
def handover_page(request: HttpRequest, handover_id: int) -> HttpResponse:
    """One handover: its rounds with their files, the receipt, and the process that receives it."""
    visible = Handover.objects.visible_to(person_of(request), timezone.now())
    related = ("agency", "recap__agency", "received_by__employee", "replaces__recap")
    row = visible.select_related(*related).filter(pk=handover_id).first()
    if row is None:
        raise Http404
    run = run_of(row)
    context = {
        **told_of(row),
        "agency": row.agency,
        "successor": row.successor,
        "run": run,
        "papers": run.documents.without_context() if run is not None else [],
    }
    return page(request, "attendance/handover.html", context, tab="recaps")


@require_GET
def handover_file(request: HttpRequest, package_id: int) -> FileResponse:
    """Hand out the sheet of one round, to whoever sees its handover."""
    visible = Handover.objects.visible_to(person_of(request), timezone.now())
    package = HandoverPackage.objects.filter(handover__in=visible, pk=package_id).first()
    if package is None:
        raise Http404
    try:
        stream = stored_path(package.path).open("rb")
    except FileNotFoundError:
        raise Http404("Berkas ini tidak ada di penyimpanan; pulihkan dari cadangan.") from None
    response = FileResponse(
        stream, as_attachment=True, filename=package.name, content_type=FORMATS["xlsx"]
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _chosen(rows: HandoverQuerySet, asked: dict[str, str]) -> HandoverQuerySet:
    """Return those that the filters leave; a filter that means nothing filters nothing."""
    if asked["pd"]:
        rows = rows.filter(agency__code=asked["pd"])
    if asked["jenis"] in Handover.Kind:
        rows = rows.filter(kind=asked["jenis"])
    if asked["keadaan"] in Handover.Status:
        rows = rows.filter(status=asked["keadaan"])
    return rows.select_related("agency", "recap", "received_by__employee")
