"""Letters of absence: the list, the page of one with its run, its scan; the superior's page."""

from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from attendance import links
from attendance.days.seen import CAPABILITY
from attendance.letters.deciders import Deciders
from attendance.letters.forms import ScanForm, ShortenForm
from attendance.letters.questions import (
    approver_text,
    letters_of,
    shortened_lately,
    unsettled,
    waiting_for,
)
from attendance.letters.rules import kind_choices
from attendance.letters.texts import badge_of, kind_text, late_text, letter_span, pages_text
from attendance.models import AbsenceLetter
from attendance.offered.letter_steps import open_tasks
from attendance.offered.recap_panels import letter_line
from attendance.recaps.questions import frozen_months_of
from attendance.services.letter_rows import subject_of
from attendance.services.letter_runs import is_running
from attendance.views.common import agency_of, month_of, page, person_of
from foundation.models import Event
from foundation.viewings import LETTER
from organization.looking import note_look
from organization.models import Agency
from organization.permissions import agencies_where, local_date, may
from processes.access import may_work
from processes.definitions import definition_of
from processes.models import Task
from processes.performers import candidates_of, offered_words
from processes.queries import visible_instances
from processes.timeline import TimelineRow, timeline

PAGE_SIZE = 50
VERBS = {
    "letter_entered": "Dicatat",
    "letter_corrected": "Diperbaiki",
    "letter_scanned": "Dipindai",
    "letter_handed_in": "Diajukan",
    "letter_submitted": "Diteruskan untuk diperiksa kelengkapannya",
    "letter_checked": "Lengkap; diteruskan kepada atasan langsung",
    "letter_sent_back": "Dikembalikan untuk dilengkapi",
    "letter_checked_again": "Diperiksa ulang",
    "letter_reminded": "Atasan langsung diingatkan",
    "letter_escalated": "Dinaikkan kepada atasan berikutnya",
    "letter_approved": "Disetujui",
    "letter_rejected": "Ditolak",
    "letter_returned": "Dikembalikan",
    "letter_approval_noted": "Persetujuan tertulis dicatat",
    "letter_shortened": "Dipersingkat karena kembali lebih awal",
    "letter_withdrawn": "Dibatalkan",
    "letter_revoked": "Dicabut oleh BKD",
}


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Lead a superior to what waits for him, an officer to the letters, others to their month.

    Who looks after several agencies chooses one first.
    """
    now, user = timezone.now(), person_of(request)
    if waiting_for(user, now):
        return HttpResponseRedirect(links.APPROVALS)
    if agencies_where(user, CAPABILITY, now).count() > 1:
        return HttpResponseRedirect(links.AGENCIES)
    if user.employee is None or agencies_where(user, "letters.view", now).exists():
        return HttpResponseRedirect(links.LETTERS)
    return HttpResponseRedirect(links.MINE)


@require_GET
def letter_list(request: HttpRequest) -> HttpResponse:
    now, user = timezone.now(), person_of(request)
    agency = agency_of(request, "letters.view", now) or _own_agency(request)
    month = month_of(request, agency, now)
    rows = letters_of(agency, month) if agency else AbsenceLetter.objects.none()
    rows = rows.filter(pk__in=AbsenceLetter.objects.visible_to(user, now).values("pk"))
    everything = list(_filtered(request, rows))
    open_rows = unsettled(everything)
    only_open = request.GET.get("keadaan") == "belum"
    paged = Paginator(open_rows if only_open else everything, PAGE_SIZE)
    page_obj = paged.get_page(request.GET.get("page"))
    deciders = Deciders.of_agency(agency.pk, local_date(agency, now)) if agency else None
    context = {
        "agency": agency,
        "agencies": agencies_where(user, "letters.view", now).order_by("name"),
        "month": month,
        "lines": [letter_line(row, deciders) for row in page_obj],
        "page_obj": page_obj,
        "search": request.GET.get("q", "").strip(),
        "kinds": kind_choices(),
        "kind": request.GET.get("jenis", ""),
        "states": AbsenceLetter.Status.choices,
        "state": request.GET.get("status", ""),
        "only_open": only_open,
        "open_count": len(open_rows),
        "all_count": len(everything),
        "may_enter": agencies_where(user, "letters.enter", now).exists(),
    }
    return page(request, "attendance/letters.html", context, tab="letters")


def _filtered(request: HttpRequest, rows: "QuerySet[AbsenceLetter]") -> "QuerySet[AbsenceLetter]":
    """Keep what the address asks for: words, kind and state; what it does not know is ignored."""
    if search := request.GET.get("q", "").strip():
        number = "".join(search.split())
        rows = rows.filter(
            Q(employee__name__icontains=search)
            | Q(employee__number__icontains=number)
            | Q(number__icontains=search)
        )
    if (kind := request.GET.get("jenis", "")) in dict(kind_choices()):
        rows = rows.filter(kind=kind)
    if (state := request.GET.get("status", "")) in AbsenceLetter.Status.values:
        rows = rows.filter(status=state)
    return rows


@require_GET
def letter_page(request: HttpRequest, letter_id: int) -> HttpResponse:
    return show(request, find(request, letter_id, timezone.now()))


def show(
    request: HttpRequest, letter: AbsenceLetter, *, error: str = "", status: int = 200
) -> HttpResponse:
    """Show a letter, with what was just refused."""
    now, user = timezone.now(), person_of(request)
    agency = letter.employee.agency
    deciders = Deciders.of_agency(agency.pk, local_date(agency, now))
    officer = may(user, "letters.enter", agency.pk, now)
    waits = letter.status == AbsenceLetter.Status.CHECKED
    events = Event.objects.filter(stream=agency.stream, subject=subject_of(letter.pk))
    running = is_running(letter)
    context = {
        "letter": letter,
        "zone": agency.time_zone,
        "kind": kind_text(letter),
        "span": letter_span(letter),
        "badge": badge_of(letter),
        "pages": pages_text(letter),
        "late": late_text(frozen_months_of(letter))
        if letter.is_undecided or letter.decided_at
        else "",
        "waits_for": approver_text(letter, deciders) if waits else "",
        "problem": deciders.problem(letter.employee_id) if letter.is_undecided else "",
        "history": [(event, VERBS.get(event.verb, event.verb)) for event in events.order_by("id")],
        "error": error,
        "tasks": _tasks(request, letter, now),
        "run": _run(letter),
        "instance": letter.instance,
        "may_see_run": letter.instance is not None
        and visible_instances(user, now).filter(pk=letter.instance.pk).exists(),
        "is_stopped": letter.is_undecided and not running,
        "may_hand_in": letter.is_undecided and not running and may_write(request, letter, now),
        "may_correct": letter.is_open_to_change and may_write(request, letter, now),
        "may_scan": letter.is_open_to_change and officer,
        "may_withdraw": letter.is_undecided and may_write(request, letter, now),
        "may_shorten": letter.status == AbsenceLetter.Status.APPROVED
        and officer
        and letter.first_on < letter.last_on
        and letter.employee_id != user.employee_id,
        "scan_form": ScanForm(),
        "shorten_form": ShortenForm(),
    }
    return page(request, "attendance/letter.html", context, tab="letters", status=status)


def _tasks(
    request: HttpRequest, letter: AbsenceLetter, now: datetime
) -> list[tuple[Task, bool, str]]:
    """Return what has to be done now, whether this person may, and who else."""
    user = person_of(request)
    tasks = list(open_tasks(letter))
    named = candidates_of(tasks)
    return [(t, may_work(user, t, now), offered_words(t, named.get(t.pk)) or t.lane) for t in tasks]


def _run(letter: AbsenceLetter) -> list[TimelineRow]:
    if letter.instance is None:
        return []
    tasks = list(letter.instance.tasks.order_by("id").select_related("owner__employee"))
    return timeline(letter.instance, definition_of(letter.instance), tasks)


@require_GET
def scan(request: HttpRequest, letter_id: int) -> FileResponse:
    """Hand out the scan to whoever may see the letter."""
    now = timezone.now()
    letter = find(request, letter_id, now)
    if not letter.scan:
        raise Http404
    note_look(
        user=person_of(request),
        kind=LETTER,
        subject=f"attendance.absenceletter:{letter.pk}",
        person_id=letter.employee_id,
        now=now,
    )
    response = FileResponse(
        letter.scan.open("rb"), content_type=letter.scan_type, filename=letter.scan_name
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def approvals(request: HttpRequest) -> HttpResponse:
    """The letters of one's staff that wait, each with its scan and the way into its task."""
    now, user = timezone.now(), person_of(request)
    cards = [
        {
            "letter": letter,
            "kind": kind_text(letter),
            "span": letter_span(letter),
            "badge": badge_of(letter),
            "pages": pages_text(letter),
            "late": late_text(frozen_months_of(letter)),
            "task": open_tasks(letter).first(),
        }
        for letter in waiting_for(user, now)
    ]
    shortened = [(letter, letter_span(letter), at) for letter, at in shortened_lately(user, now)]
    zone = user.employee.agency.time_zone if user.employee else ""
    context = {"cards": cards, "shortened": shortened, "zone": zone}
    return page(request, "attendance/approvals.html", context, tab="approvals")


@require_GET
def my_letters(request: HttpRequest) -> HttpResponse:
    """One's own letters, the newest first, whatever their month."""
    user = person_of(request)
    if user.employee is None:
        raise Http404
    letters = AbsenceLetter.objects.filter(employee=user.employee).select_related("employee")
    page_obj = Paginator(letters, PAGE_SIZE).get_page(request.GET.get("page"))
    agency = user.employee.agency
    deciders = Deciders.of_agency(agency.pk, local_date(agency, timezone.now()))
    context = {
        "lines": [letter_line(row, deciders) for row in page_obj],
        "page_obj": page_obj,
    }
    return page(request, "attendance/my_letters.html", context, tab="my_letters")


def find(request: HttpRequest, letter_id: int, now: datetime) -> AbsenceLetter:
    """Return a letter that the person may see; 404 for any other."""
    visible = AbsenceLetter.objects.visible_to(person_of(request), now)
    letter = visible.select_related(
        "employee__agency",
        "employee__unit",
        "scanned_by__employee",
        "decided_by__employee",
        "instance",
    )
    found = letter.filter(pk=letter_id).first()
    if found is None:
        raise Http404
    return found


def may_write(request: HttpRequest, letter: AbsenceLetter, now: datetime) -> bool:
    user = person_of(request)
    own = letter.employee_id == user.employee_id
    return own or may(user, "letters.enter", letter.employee.agency_id, now)


def _own_agency(request: HttpRequest) -> Agency | None:
    employee = person_of(request).employee
    return employee.agency if employee else None
