"""Who stands in for an official."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organization import services
from organization.calendars.calendar_forms import SubstitutionForm
from organization.calendars.pattern_words import State
from organization.exceptions import CalendarRefused
from organization.mandates import acting
from organization.models import Substitution
from organization.permissions import agencies_where, local_date, may
from organization.services.substitutions import MANAGE
from organization.views.patterns import tell
from organization.views.scope import scope, signed_in

VIEW = "calendar.view"
HISTORY = 50


@require_GET
def substitution_list(request: HttpRequest) -> HttpResponse:
    """Show the substitutes of an agency: those that serve or will, and the latest that did."""
    here = scope(request, VIEW)
    today = local_date(here.agency, here.now)
    rows = Substitution.objects.filter(principal__agency=here.agency).select_related(
        "principal", "substitute"
    )[:HISTORY]
    lines = []
    for row in rows:
        if row.revoked_at is not None:
            state = State("returned", "cancel", "Dicabut")
        elif today < row.valid_from:
            state = State("info", "hourglass", "Akan berlaku")
        elif row.valid_until is not None and row.valid_until < today:
            state = State("reused", "archive", "Sudah berakhir")
        else:
            state = State("ok", "check-circle", "Berlaku")
        lines.append((row, state, state.kind in ("ok", "info")))
    return render(
        request,
        "organization/calendar/substitutions.html",
        {
            "here": here,
            "tab": "substitutions",
            "lines": lines,
            "limits": limits_of_stand_ins(),
            "may_manage": may(signed_in(request), MANAGE, here.agency, here.now),
        },
    )


def limits_of_stand_ins() -> list[str]:
    """Return what no Plt. or Plh. decides about the staff of whom he stands in for."""
    return [
        f"{title} tidak berwenang {row.words} ({row.source})."
        for capacity, title in acting.TITLES.items()
        for row in acting.WITHHELD
        if capacity in row.capacities and row.decisions
    ]


@require_http_methods(["GET", "POST"])
def substitution_new(request: HttpRequest) -> HttpResponse:
    here = scope(request, MANAGE)
    form = SubstitutionForm(request.POST or None, agency=here.agency)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.appoint_substitute(
                **form.cleaned_data, user=signed_in(request), now=here.now
            )
        except CalendarRefused as refused:
            tell(form, refused)
        else:
            messages.success(request, f"{row.substitute} bertindak sebagai {row.title}.")
            query = urlencode({"pd": here.agency.code})
            return redirect(f"{reverse('kalender:substitutions')}?{query}")
    return render(
        request,
        "organization/calendar/substitution_form.html",
        {"here": here, "form": form},
        status=422 if form.errors or request.method == "POST" else 200,
    )


@require_POST
def substitution_revoke(request: HttpRequest, substitution_id: int) -> HttpResponse:
    now, user = timezone.now(), signed_in(request)
    row = Substitution.objects.filter(
        pk=substitution_id, principal__agency__in=agencies_where(user, VIEW, now)
    ).first()
    if row is None:
        raise Http404
    try:
        row = services.revoke_substitution(substitution_id=row.pk, user=user, now=now)
    except CalendarRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Penunjukan dicabut.")
    query = urlencode({"pd": row.principal.agency.code})
    return redirect(f"{reverse('kalender:substitutions')}?{query}")
