"""The pages of the assistant at /mulai/: a code, then a page for each step."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.setup.forms import AgencyForm, CodeForm
from config.setup.steps import Step, next_step, steps, the_agency
from foundation.cells import write_csv, write_xlsx
from foundation.uploads import CONTENT_TYPES, Kind
from organization import services
from organization.calendars.holiday_seeds import NoHolidaysKnown
from organization.employee_rows import COLUMNS, EXAMPLE, REQUIRED
from organization.exceptions import OrganizationError, SetupRefused
from organization.forms import TableForm
from organization.mandates.heads import head_roles
from organization.models import Agency
from organization.official_form import OfficialForm
from organization.permissions import ROLES, local_date
from organization.services.setup import SETTER
from organization.views.imports import read_employees, shown_errors
from organization.views.scope import Scope

UNDER = "setup_code"  # in the session: the code that was typed here
Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponse]


def is_begun(request: HttpRequest, now: datetime) -> bool:
    """Say whether the code of the terminal was typed in this browser and still holds."""
    code_id = request.session.get(UNDER)
    return code_id is not None and services.setup_under(code_id=code_id, now=now) is not None


def begun(view: View[Rest]) -> View[Rest]:
    """Let only that browser in; any other is led to where the code is asked for."""

    @login_not_required
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if not is_begun(request, timezone.now()):
            return redirect("setup:index")
        return view(request, *args, **kwargs)

    return guarded


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Ask for the code; once it was typed, show how far the installation is."""
    now = timezone.now()
    if not services.is_untouched():
        return redirect("login")
    if is_begun(request, now):
        return _shown(request, "setup/index.html", "", now)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.redeem_setup_code(code=form.cleaned_data["code"], now=now)
        except SetupRefused as refused:
            form.add_error("code", str(refused))
        else:
            request.session.cycle_key()
            request.session[UNDER] = row.pk
            return redirect("setup:index")
    status = 422 if request.method == "POST" else 200
    return render(request, "setup/code.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@begun
def agency(request: HttpRequest) -> HttpResponse:
    """Found the agency; once it stands, its letterhead is changed on the pages of the site."""
    now, found = timezone.now(), the_agency()
    if found is not None:
        return _shown(request, "setup/agency.html", "instansi", now, agency=found)
    form = AgencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.found_agency(actor=SETTER, now=now, **form.cleaned_data)
        return redirect("setup:pegawai")
    return _shown(request, "setup/agency.html", "instansi", now, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@begun
def employees(request: HttpRequest) -> HttpResponse:
    """Bring the staff in from a table; with any error nothing is written, every line is named."""
    now, found = timezone.now(), the_agency()
    if found is None:
        return redirect("setup:instansi")
    form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
    told: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        report = read_employees(file, agency=found, actor=SETTER, now=now)
        if report.is_written:
            messages.success(request, f"{report.created} pegawai tersimpan.")
            return redirect("setup:pimpinan")
        told = shown_errors(report.errors)
    told["columns"] = [(name, name in REQUIRED) for name in COLUMNS]
    return _shown(request, "setup/employees.html", "pegawai", now, form=form, **told)


@require_safe
@begun
def example(request: HttpRequest, kind: str) -> HttpResponse:
    """Hand out an example table with one invented row."""
    header, rows = list(COLUMNS), [EXAMPLE]
    content = write_csv(header, rows) if kind == Kind.CSV else write_xlsx(header, rows)
    response = HttpResponse(content, content_type=CONTENT_TYPES[Kind(kind)])
    response["Content-Disposition"] = f'attachment; filename="contoh-pegawai.{kind}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@begun
def head(request: HttpRequest) -> HttpResponse:
    """Note the letter of the head, or of who acts for him."""
    return _appoint(request, "pimpinan", head_roles())


@require_http_methods(["GET", "HEAD", "POST"])
@begun
def officials(request: HttpRequest) -> HttpResponse:
    """Note the letters of others whom the first month needs."""
    others = [role for role in services.official_roles() if ROLES[role]]
    return _appoint(request, "pejabat", [role for role in others if role not in head_roles()])


def _appoint(request: HttpRequest, key: str, roles: list[str]) -> HttpResponse:
    now, found = timezone.now(), the_agency()
    if found is None:
        return redirect("setup:instansi")
    form = OfficialForm(request.POST or None, here=Scope(found, [found], now), roles=roles)
    if request.method == "POST" and form.is_valid():
        told = {k: v for k, v in form.cleaned_data.items() if k != "number"}
        try:
            made = services.appoint_official(agency=found, actor=SETTER, now=now, **told)
        except OrganizationError as refused:
            form.add_error(None, str(refused))
        else:
            account = made.appointment.user
            return _shown(
                request, "setup/password.html", key, now, account=account, password=made.password
            )
    return _shown(request, "setup/official.html", key, now, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@begun
def calendar(request: HttpRequest) -> HttpResponse:
    """Write the holidays of the year; the hours of the regulation hold without being written."""
    now, found = timezone.now(), the_agency()
    if found is None:
        return redirect("setup:instansi")
    year = local_date(found, now).year
    if request.method == "POST":
        try:
            report = services.seed_holidays(year=year, actor=SETTER, now=now)
        except (NoHolidaysKnown, OrganizationError) as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, f"{len(report.created)} hari {year} ditambahkan.")
            return redirect("setup:mesin")
    return _shown(request, "setup/calendar.html", "kalender", now, year=year)


@require_safe
@begun
def machines(request: HttpRequest) -> HttpResponse:
    """Tell what is entered in a terminal's own menu, and who registers it."""
    name, _, port = request.get_host().partition(":")
    port = port or ("443" if request.is_secure() else "80")
    return _shown(request, "setup/machines.html", "mesin", timezone.now(), host=name, port=port)


@login_not_required
@require_POST
def finish(request: HttpRequest) -> HttpResponse:
    """Close the assistant: the head goes on with his own account."""
    now, found = timezone.now(), the_agency()
    if is_begun(request, now):
        if missing := next_step(steps(found, now)):
            messages.warning(request, f"{missing.title} belum diisi.")
            return redirect(missing.link)
        services.close_setup(code_id=request.session.pop(UNDER), now=now)
    return redirect("login")


def _shown(
    request: HttpRequest, template: str, key: str, now: datetime, **more: Any
) -> HttpResponse:
    agency: Agency | None = the_agency()
    all_steps = steps(agency, now)
    here: Step | None = next((step for step in all_steps if step.key == key), None)
    context = {
        "steps": all_steps,
        "here": here,
        "next": next_step(all_steps),
        "following": _after(all_steps, key),
        "agency": agency,
        **more,
    }
    is_refused = request.method == "POST" and ("form" in more or "year" in more)
    return render(request, template, context, status=422 if is_refused else 200)


def _after(all_steps: "tuple[Step, ...] | Any", key: str) -> Step | None:
    keys = [step.key for step in all_steps]
    place = keys.index(key) + 1 if key in keys else 0
    return all_steps[place] if place < len(all_steps) else None
