"""Writing letters down and changing them: thin over the services."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from attendance import links, services
from attendance.exceptions import AttendanceError, InvalidLetter
from attendance.letters.forms import LetterForm, ScanForm, ShortenForm, letter_initial
from attendance.models import AbsenceLetter
from attendance.views.common import agency_of, page, person_of
from attendance.views.letters import find, may_write, show
from organization.models import Employee
from organization.permissions import local_date


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Write a letter down and hand it in; an officer may add the scan in the same step."""
    now, user = timezone.now(), person_of(request)
    agency = agency_of(request, "letters.enter", now)
    if agency is None and user.employee is None:
        raise PermissionDenied
    people = Employee.objects.none()
    if agency is not None:
        people = Employee.objects.filter(agency=agency).active(local_date(agency, now))
    form = LetterForm(
        request.POST or None,
        request.FILES or None,
        people=people,
        officer=agency is not None,
        initial={name: request.GET.get(name, "") for name in ("employee", "first_on", "last_on")},
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
            messages.success(request, "Surat dicatat dan diajukan.")
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
        services.attach_scan(letter_id=letter.pk, file=scan, name=scan.name, user=user, now=now)
    return services.hand_in(letter_id=letter.pk, user=user, now=now)


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, letter_id: int) -> HttpResponse:
    now, user = timezone.now(), person_of(request)
    letter = find(request, letter_id, now)
    if not may_write(request, letter, now):
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
    """Begin the procedure of a letter that has none, or whose run was stopped."""

    def act(letter: AbsenceLetter, now: datetime) -> str:
        services.hand_in(letter_id=letter.pk, user=person_of(request), now=now)
        return "Surat diajukan."

    return _act(request, letter_id, act)


@require_POST
def withdraw(request: HttpRequest, letter_id: int) -> HttpResponse:
    def act(letter: AbsenceLetter, now: datetime) -> str:
        services.withdraw_letter(letter_id=letter.pk, user=person_of(request), now=now)
        return "Surat dibatalkan."

    return _act(request, letter_id, act)


@require_POST
def shorten(request: HttpRequest, letter_id: int) -> HttpResponse:
    def act(letter: AbsenceLetter, now: datetime) -> str:
        form = ShortenForm(request.POST)
        if not form.is_valid():
            raise AttendanceError("Isi hari terakhir tidak di kantor dan alasannya.")
        services.shorten_letter(
            letter_id=letter.pk,
            last_on=form.cleaned_data["last_on"],
            reason=form.cleaned_data["reason"],
            user=person_of(request),
            now=now,
        )
        return "Surat dipersingkat; hari-hari sesudahnya dinilai ulang."

    return _act(request, letter_id, act)


def _act(
    request: HttpRequest, letter_id: int, act: Callable[[AbsenceLetter, datetime], str]
) -> HttpResponse:
    """Do one thing to a letter the person sees; a refusal shows the letter with the sentence."""
    now = timezone.now()
    letter = find(request, letter_id, now)
    try:
        done = act(letter, now)
    except AttendanceError as refusal:
        return show(
            request, find(request, letter_id, now), error=refusal.message, status=refusal.status
        )
    messages.success(request, done)
    return HttpResponseRedirect(links.letter(letter.pk))
