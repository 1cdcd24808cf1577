"""Hours of work: the decrees of an agency and of the province, written down and taken back."""

from datetime import datetime

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organization import services
from organization.calendars.calendar_forms import EndForm, PatternForm
from organization.calendars.pattern_data import week_hint
from organization.calendars.pattern_words import line_of
from organization.exceptions import CalendarRefused
from organization.models import Agency, WorkPattern
from organization.permissions import agencies_where, local_date, may
from organization.services.calendar_events import OWN, PROVINCE, authority
from organization.views.scope import Scope, scope, signed_in

VIEW = "calendar.view"


@require_GET
def pattern_list(request: HttpRequest) -> HttpResponse:
    """Show what holds for an agency: its own decrees and those of the province."""
    here = scope(request, VIEW)
    user, today = signed_in(request), local_date(here.agency, here.now)
    lines = [line_of(pattern, today, {here.agency.pk}) for pattern in _bearing_on([here.agency.pk])]
    return render(
        request,
        "organization/calendar/patterns.html",
        {
            "here": here,
            "tab": "patterns",
            "current": [line for line in lines if line.state.words in ("Berlaku", "Akan berlaku")],
            "past": [line for line in lines if line.state.words not in ("Berlaku", "Akan berlaku")],
            "may_manage": may(user, OWN, here.agency, here.now),
            "may_order_all": agencies_where(user, PROVINCE, here.now).exists(),
        },
    )


def _bearing_on(agencies: list[int]) -> QuerySet[WorkPattern]:
    """Return the patterns that these agencies wrote, or that are for somebody in them."""
    inside = Q(scopes__agency__in=agencies) | Q(scopes__unit__agency__in=agencies)
    inside |= Q(scopes__employee__agency__in=agencies) | Q(agency__in=agencies)
    everybody = Q(scopes__agency=None, scopes__unit=None, scopes__employee=None)
    found = WorkPattern.objects.filter(inside | everybody & Q(agency=None)).distinct()
    related = ("hours", "scopes__agency", "scopes__unit", "scopes__employee")
    return found.select_related("agency", "created_by__employee").prefetch_related(*related)


@require_GET
def pattern_page(request: HttpRequest, pattern_id: int) -> HttpResponse:
    return _page(request, *_visible(request, pattern_id))


def _page(
    request: HttpRequest,
    pattern: WorkPattern,
    agencies: list[Agency],
    now: datetime,
    form: EndForm | None = None,
) -> HttpResponse:
    user = signed_in(request)
    today = local_date(pattern.agency or agencies[0], now)
    if pattern.agency is not None:
        allowed = may(user, OWN, pattern.agency, now)
    else:
        allowed = agencies_where(user, PROVINCE, now).exists()
    return render(
        request,
        "organization/calendar/pattern.html",
        {
            "line": line_of(pattern, today, {agency.pk for agency in agencies}),
            "pattern": pattern,
            "may_manage": allowed and pattern.withdrawn_at is None,
            "may_change": pattern.valid_from > today,
            "end_form": form or EndForm(initial={"last_on": pattern.valid_until or today}),
        },
        status=422 if form is not None else 200,
    )


def _visible(request: HttpRequest, pattern_id: int) -> tuple[WorkPattern, list[Agency], datetime]:
    """Return the pattern and the agencies that the person may see, else 404."""
    now = timezone.now()
    agencies = list(agencies_where(signed_in(request), VIEW, now).order_by("name"))
    found = _bearing_on([agency.pk for agency in agencies]) if agencies else None
    pattern = found.filter(pk=pattern_id).first() if found is not None else None
    if pattern is None:
        raise Http404
    return pattern, agencies, now


@require_http_methods(["GET", "POST"])
def pattern_new(request: HttpRequest) -> HttpResponse:
    """Write a decree down, for an agency or (`untuk=semua`) for everybody."""
    for_all = request.GET.get("untuk") == "semua"
    here = scope(request, PROVINCE if for_all else OWN)
    agency = None if for_all else here.agency
    form = PatternForm(request.POST or None, agency=agency)
    if request.method == "POST" and form.is_valid():
        data = form.as_data()
        try:
            pattern = services.create_pattern(
                data=data, agency=agency, user=signed_in(request), now=here.now
            )
        except CalendarRefused as refused:
            tell(form, refused)
        else:
            messages.success(request, f"Pola {pattern} tersimpan.")
            if hint := week_hint(data):
                messages.warning(request, hint)
            return redirect("kalender:pattern", pattern.pk)
    return _form(request, form, here=here)


@require_http_methods(["GET", "POST"])
def pattern_change(request: HttpRequest, pattern_id: int) -> HttpResponse:
    pattern, _, now = _visible(request, pattern_id)
    authority(signed_in(request), pattern.agency, now)
    form = PatternForm(request.POST or None, agency=pattern.agency, pattern=pattern)
    if request.method == "POST" and form.is_valid():
        data = form.as_data()
        try:
            services.change_pattern(
                pattern_id=pattern.pk, data=data, user=signed_in(request), now=now
            )
        except CalendarRefused as refused:
            tell(form, refused)
        else:
            messages.success(request, "Perubahan pola tersimpan.")
            if hint := week_hint(data):
                messages.warning(request, hint)
            return redirect("kalender:pattern", pattern.pk)
    return _form(request, form, pattern=pattern)


def _form(
    request: HttpRequest,
    form: PatternForm,
    *,
    here: Scope | None = None,
    pattern: WorkPattern | None = None,
) -> HttpResponse:
    plain = ("name", "kind", "decree_number", "decree_date", "valid_from", "valid_until")
    whom = ("whole", "units", "employees")
    return render(
        request,
        "organization/calendar/pattern_form.html",
        {
            "form": form,
            "plain": [form[name] for name in plain],
            "whom": [form[name] for name in whom if name in form.fields],
            "here": here,
            "pattern": pattern,
        },
        status=422 if form.errors or request.method == "POST" else 200,
    )


@require_POST
def pattern_end(request: HttpRequest, pattern_id: int) -> HttpResponse:
    pattern, agencies, now = _visible(request, pattern_id)
    authority(signed_in(request), pattern.agency, now)
    form = EndForm(request.POST)
    if form.is_valid():
        try:
            services.end_pattern(
                pattern_id=pattern.pk,
                last_on=form.cleaned_data["last_on"],
                user=signed_in(request),
                now=now,
            )
        except CalendarRefused as refused:
            tell(form, refused)
        else:
            messages.success(request, "Akhir pola tersimpan; hari sesudahnya dihitung ulang.")
            return redirect("kalender:pattern", pattern.pk)
    return _page(request, pattern, agencies, now, form)


@require_POST
def pattern_withdraw(request: HttpRequest, pattern_id: int) -> HttpResponse:
    pattern, _, now = _visible(request, pattern_id)
    try:
        services.withdraw_pattern(pattern_id=pattern.pk, user=signed_in(request), now=now)
    except CalendarRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Pola dicabut; hari-harinya dihitung ulang.")
    return redirect("kalender:pattern", pattern.pk)


def tell(form: Form, refused: CalendarRefused) -> None:
    """Put what was refused beside the fields it is about."""
    for field, text in refused.problems.items():
        form.add_error(field if field in form.fields else None, text)
