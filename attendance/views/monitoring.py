"""The managers' day: who pressed and who did not, tickets, whom they contacted."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from attendance import links
from attendance.checkins.forms import AnswerForm, ContactForm
from attendance.checkins.hours import work_is_over
from attendance.checkins.monitor import day_watched
from attendance.checkins.standing import policy_on
from attendance.exceptions import AttendanceError
from attendance.models import DayFile, HelpTicket
from attendance.models.checkins import WATCH
from attendance.services.monitoring import answer_ticket, note_contact
from attendance.views.common import agency_of, page, person_of
from documents.storage import stored_path
from organization.models import Agency, Employee
from organization.permissions import REFUSAL, agencies_where, local_date, may

PEOPLE = 40


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Show a day as far as it has come; it looks again by itself."""
    now = timezone.now()
    agency = agency_of(request, WATCH, now)
    if agency is None:
        raise PermissionDenied(REFUSAL)
    day = _day(request, agency, now)
    over = work_is_over(agency, day, now)
    watched = day_watched(agency, day, now=now, after_hours=over)
    context: dict[str, Any] = {
        "agency": agency,
        "agencies": agencies_where(person_of(request), WATCH, now).order_by("name"),
        "zone": agency.time_zone,
        "now": now,
        "day": day,
        "over": over,
        "watched": watched,
        "takes": policy_on(agency, day).takes_check_ins,
        "missing": Paginator(watched.missing, PEOPLE).get_page(request.GET.get("page")),
        "contact_form": ContactForm(),
    }
    return page(request, "attendance/checkins/board.html", context, tab="watch")


@require_POST
def answer(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Say how a problem was handled."""
    now = timezone.now()
    agencies = agencies_where(person_of(request), WATCH, now)
    ticket = get_object_or_404(HelpTicket.objects.select_related("agency"), pk=ticket_id)
    if not agencies.filter(pk=ticket.agency_id).exists():
        raise Http404
    form = AnswerForm(request.POST)
    said = form.data.get("answer", "")

    def act() -> str:
        answer_ticket(ticket_id=ticket.pk, answer=said, user=person_of(request), now=now)
        return "Tiket dijawab."

    return _act(request, act, links.watch(ticket.agency.code, ticket.day))


@require_POST
def contact(request: HttpRequest, employee_id: int) -> HttpResponse:
    """Keep that somebody without presence was contacted (`?tanggal=`)."""
    now = timezone.now()
    employee = get_object_or_404(Employee.objects.select_related("agency"), pk=employee_id)
    if not may(person_of(request), WATCH, employee.agency, now):
        raise Http404
    day = _day(request, employee.agency, now)
    said = request.POST

    def act() -> str:
        note_contact(
            employee=employee, day=day, channel=said.get("channel", ""),
            result=said.get("result", ""), answer=said.get("answer", ""),
            user=person_of(request), now=now,
        )  # fmt: skip
        return f"{employee.name}: catatan disimpan."

    return _act(request, act, links.watch(employee.agency.code, day))


@require_GET
def day_file(request: HttpRequest, file_id: int) -> FileResponse:
    """Hand out the file in which a day was written."""
    agencies = agencies_where(person_of(request), WATCH, timezone.now())
    row = get_object_or_404(DayFile.objects.filter(agency__in=agencies), pk=file_id)
    try:
        stream = stored_path(row.path).open("rb")
    except FileNotFoundError:
        raise Http404("Berkas ini tidak ada di penyimpanan.") from None
    response = FileResponse(
        stream, as_attachment=True, filename=row.name, content_type="application/json"
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _act(request: HttpRequest, act: Callable[[], str], back: str) -> HttpResponse:
    try:
        messages.success(request, act())
    except AttendanceError as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(back)


def _day(request: HttpRequest, agency: Agency, now: datetime) -> date:
    """Return the day asked for as `?tanggal=`, today for what is no day or not yet one."""
    today = local_date(agency, now)
    try:
        day = date.fromisoformat(request.GET.get("tanggal", ""))
    except ValueError:
        return today
    return min(day, today)
