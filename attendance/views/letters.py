"""Letters of absence: list, entry, page, scan; and the superior's decisions."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from attendance import links, services
from attendance.exceptions import AttendanceError, InvalidLetter
from attendance.forms import LetterForm, OutsideApprovalForm, ScanForm, letter_initial
from attendance.letter_texts import kind_text, letter_span
from attendance.models import AbsenceLetter
from attendance.panels import LETTER_BADGES, letter_line
from attendance.questions import approver_text, letters_of, unsettled, waiting_for
from attendance.superiors import Superiors
from attendance.views.common import agency_of, month_of, page, person_of
from foundation.models import Event
from organization.models import Agency, Employee
from organization.permissions import agencies_where, local_date, may

PAGE_SIZE = 50
VERBS = {
    "letter_entered": "Dicatat",
    "letter_corrected": "Diperbaiki",
    "letter_scanned": "Dipindai",
    "letter_submitted": "Diajukan kepada atasan langsung",
    "letter_approved": "Disetujui",
    "letter_rejected": "Ditolak",
    "letter_returned": "Dikembalikan",
    "letter_approval_noted": "Persetujuan tertulis dicatat",
    "letter_withdrawn": "Dibatalkan",
}


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Lead a superior to what waits for him, an officer to the letters, others to their month."""
    now, user = timezone.now(), person_of(request)
    if waiting_for(user, now):
        return HttpResponseRedirect(links.APPROVALS)
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
    if search := request.GET.get("q", "").strip():
        rows = rows.filter(employee__name__icontains=search)
    everything = list(rows)
    open_rows = unsettled(everything)
    only_open = request.GET.get("keadaan") == "belum"
    paged = Paginator(open_rows if only_open else everything, PAGE_SIZE)
    page_obj = paged.get_page(request.GET.get("page"))
    superiors = Superiors.of_agency(agency.pk) if agency else None
    on = local_date(agency, now) if agency else now.date()
    context = {
        "agency": agency,
        "agencies": agencies_where(user, "letters.view", now).order_by("name"),
        "month": month,
        "lines": [letter_line(row, superiors, on) for row in page_obj],
        "page_obj": page_obj,
        "search": search,
        "only_open": only_open,
        "open_count": len(open_rows),
        "all_count": len(everything),
    }
    return page(request, "attendance/letters.html", context, tab="letters")


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Write a letter down; an officer may add the scan and submit it in the same step."""
    now, user = timezone.now(), person_of(request)
    agency = agency_of(request, "letters.enter", now)
    if agency is None and user.employee is None:
        raise PermissionDenied
    people = Employee.objects.filter(agency=agency) if agency else Employee.objects.none()
    form = LetterForm(
        request.POST or None, request.FILES or None, people=people, officer=agency is not None
    )
    if request.method == "POST" and form.is_valid():
        try:
            letter = _enter(request, form, now)
        except InvalidLetter as refusal:
            for field, text in refusal.errors.items():
                form.add_error(field if field in form.fields else None, text)
        except AttendanceError as refusal:
            form.add_error("scan" if "scan" in form.fields else None, refusal.message)
        else:
            messages.success(request, "Surat dicatat.")
            return HttpResponseRedirect(links.letter(letter.pk))
    status = 422 if form.errors else 200
    context = {"form": form, "officer": agency is not None, "agency": agency}
    return page(request, "attendance/letter_form.html", context, tab="letters", status=status)


@transaction.atomic
def _enter(request: HttpRequest, form: LetterForm, now: datetime) -> AbsenceLetter:
    """Do all of it or nothing: a refused scan leaves no letter behind."""
    user = person_of(request)
    employee = form.cleaned_data.get("employee") or user.employee
    if employee is None:
        raise PermissionDenied
    letter = services.enter_letter(employee=employee, data=form.letter_data(), user=user, now=now)
    if scan := form.cleaned_data.get("scan"):
        letter = services.attach_scan(
            letter_id=letter.pk, file=scan, name=scan.name, user=user, now=now
        )
    if "submit" in request.POST:
        letter = services.submit_letter(letter_id=letter.pk, user=user, now=now)
    return letter


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, letter_id: int) -> HttpResponse:
    now, user = timezone.now(), person_of(request)
    letter = _letter(request, letter_id, now)
    if not _may_write(request, letter, now):
        raise Http404
    form = LetterForm(
        request.POST or None, initial=letter_initial(letter), people=None, officer=False
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.correct_letter(
                letter_id=letter.pk, data=form.letter_data(), user=user, now=now
            )
        except InvalidLetter as refusal:
            for field, text in refusal.errors.items():
                form.add_error(field if field in form.fields else None, text)
        except AttendanceError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Surat diperbaiki.")
            return HttpResponseRedirect(links.letter(letter.pk))
    status = 422 if form.errors else 200
    context = {"form": form, "letter": letter, "officer": False}
    return page(request, "attendance/letter_form.html", context, tab="letters", status=status)


@require_GET
def letter_page(request: HttpRequest, letter_id: int) -> HttpResponse:
    letter = _letter(request, letter_id, timezone.now())
    return _show(request, letter)


def _show(
    request: HttpRequest,
    letter: AbsenceLetter,
    *,
    error: str = "",
    status: int = 200,
    note: str = "",
) -> HttpResponse:
    now, user = timezone.now(), person_of(request)
    superiors = Superiors.of_agency(letter.employee.agency_id)
    on = local_date(letter.employee.agency, now)
    approver = superiors.approver(letter.employee_id, on)
    officer = may(user, "letters.enter", letter.employee.agency_id, now)
    submitted = letter.status == AbsenceLetter.Status.SUBMITTED
    decides = approver is not None and approver.pk == user.employee_id
    events = Event.objects.filter(subject=f"attendance.absenceletter:{letter.pk}").order_by("id")
    context = {
        "letter": letter,
        "zone": letter.employee.agency.time_zone,
        "kind": kind_text(letter),
        "span": letter_span(letter),
        "badge": LETTER_BADGES[AbsenceLetter.Status(letter.status)],
        "waits_for": approver_text(letter, superiors, on) if submitted else "",
        "history": [(event, VERBS.get(event.verb, event.verb)) for event in events],
        "error": error,
        "note": note,
        "may_correct": letter.is_open_to_change and _may_write(request, letter, now),
        "may_scan": letter.is_open_to_change and officer,
        "may_submit": letter.is_open_to_change and officer and bool(letter.scan_sha256),
        "may_decide": submitted and decides,
        "may_note": submitted
        and officer
        and approver is None
        and letter.employee_id != user.employee_id,
        "may_withdraw": letter.is_undecided and _may_write(request, letter, now),
        "scan_form": ScanForm(),
        "outside_form": OutsideApprovalForm(),
    }
    return page(request, "attendance/letter.html", context, tab="letters", status=status)


@require_GET
def scan(request: HttpRequest, letter_id: int) -> FileResponse:
    """Hand out the scan to whoever may see the letter."""
    letter = _letter(request, letter_id, timezone.now())
    if not letter.scan:
        raise Http404
    response = FileResponse(
        letter.scan.open("rb"), content_type=letter.scan_type, filename=letter.scan_name
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def upload(request: HttpRequest, letter_id: int) -> HttpResponse:
    def act(letter: AbsenceLetter, now: datetime) -> str:
        form = ScanForm(request.POST, request.FILES)
        if not form.is_valid():
            raise AttendanceError("Pilih berkas pindaian yang tidak kosong lebih dahulu.")
        file = form.cleaned_data["scan"]
        services.attach_scan(
            letter_id=letter.pk, file=file, name=file.name, user=person_of(request), now=now
        )
        return "Pindaian disimpan."

    return _act(request, letter_id, act)


@require_POST
def submit(request: HttpRequest, letter_id: int) -> HttpResponse:
    def act(letter: AbsenceLetter, now: datetime) -> str:
        services.submit_letter(letter_id=letter.pk, user=person_of(request), now=now)
        return "Surat diajukan kepada atasan langsung."

    return _act(request, letter_id, act)


@require_POST
def withdraw(request: HttpRequest, letter_id: int) -> HttpResponse:
    def act(letter: AbsenceLetter, now: datetime) -> str:
        services.withdraw_letter(letter_id=letter.pk, user=person_of(request), now=now)
        return "Surat dibatalkan."

    return _act(request, letter_id, act)


@require_POST
def note_outside(request: HttpRequest, letter_id: int) -> HttpResponse:
    def act(letter: AbsenceLetter, now: datetime) -> str:
        official = request.POST.get("official", "")
        services.confirm_outside_approval(
            letter_id=letter.pk, official=official, user=person_of(request), now=now
        )
        return "Persetujuan tertulis dicatat."

    return _act(request, letter_id, act)


@require_POST
def decide(request: HttpRequest, letter_id: int) -> HttpResponse:
    def act(letter: AbsenceLetter, now: datetime) -> str:
        try:
            decision = services.Decision(request.POST.get("decision", ""))
        except ValueError:
            raise AttendanceError("Pilih setujui, kembalikan, atau tolak.") from None
        decided = services.decide_letter(
            letter_id=letter.pk,
            decision=decision,
            note=request.POST.get("note", ""),
            user=person_of(request),
            now=now,
        )
        return f"{letter}: {decided.get_status_display().lower()}."

    return _act(request, letter_id, act, then=links.APPROVALS)


@require_GET
def approvals(request: HttpRequest) -> HttpResponse:
    """The letters of one's staff that wait, each with its scan and three buttons."""
    letters = waiting_for(person_of(request), timezone.now())
    cards = [(letter, kind_text(letter), letter_span(letter)) for letter in letters]
    return page(request, "attendance/approvals.html", {"cards": cards}, tab="approvals")


def _act(
    request: HttpRequest,
    letter_id: int,
    act: Callable[[AbsenceLetter, datetime], str],
    *,
    then: str = "",
) -> HttpResponse:
    """Do one thing to a letter the person sees; a refusal shows the letter with the sentence."""
    now = timezone.now()
    letter = _letter(request, letter_id, now)
    try:
        done = act(letter, now)
    except AttendanceError as refusal:
        letter.refresh_from_db()
        note = request.POST.get("note", "")
        return _show(request, letter, error=refusal.message, status=refusal.status, note=note)
    messages.success(request, done)
    return HttpResponseRedirect(then or links.letter(letter.pk))


def _letter(request: HttpRequest, letter_id: int, now: datetime) -> AbsenceLetter:
    """Return a letter that the person may see; 404 for any other."""
    visible = AbsenceLetter.objects.visible_to(person_of(request), now)
    letter = visible.select_related(
        "employee__agency", "employee__unit", "scanned_by__employee", "decided_by__employee"
    ).filter(pk=letter_id)
    found = letter.first()
    if found is None:
        raise Http404
    return found


def _may_write(request: HttpRequest, letter: AbsenceLetter, now: datetime) -> bool:
    user = person_of(request)
    own = letter.employee_id == user.employee_id
    return own or may(user, "letters.enter", letter.employee.agency_id, now)


def _own_agency(request: HttpRequest) -> Agency | None:
    employee = person_of(request).employee
    return employee.agency if employee else None
