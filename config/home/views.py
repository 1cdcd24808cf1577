"""The first page, and the rows behind its numbers that no room has a page for."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from attendance.days.seen import CAPABILITY
from attendance.days.today import NAMES_OF_STATES, State
from attendance.views.common import month_of
from config.home import machines as machine_parts
from config.home.first_month import first_month
from config.home.heads import APPOINTS, headless_of
from config.home.machines import machines
from config.home.own import own
from config.home.periods import compared, period
from config.home.presence import LOOKING, PATIENCE, presence
from config.home.tasks import needs_me, waits_for_others
from organization.permissions import REFUSAL, mandates_of, may_somewhere, showing_to
from processes.context_processors import Waiting
from processes.views.common import person

SECONDS, SOON = 20, 2  # until the page looks again; soon where agencies are not judged anew

OWN_DAYS, FEW_DAYS = 5, 2  # days to look at: of somebody without a role, of others


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show each part to whoever may see it; who looks again has more time for agencies."""
    user = person(request)
    with showing_to(user):
        numbers = Waiting.of(request)
        now = numbers.now
        told, is_plain = own(user, now), not mandates_of(user, now)
        looks_again = "X-Looks-Again" in request.headers
        months = compared(user, now)
        today = presence(user, now, patience=LOOKING if looks_again else PATIENCE)
        context = {
            "now": now,
            "mine": needs_me(user, numbers),
            "running": waits_for_others(user, now),
            "presence": today,
            "machines": machines(user, now),
            "compared": months,
            "first": first_month(user, now) if months and not months.last.rows else None,
            "headless": headless_of(user, now),
            "appoints": may_somewhere(user, APPOINTS, now),
            "own": told,
            "own_days": told.days[: OWN_DAYS if is_plain else FEW_DAYS] if told else [],
            "is_plain": is_plain,  # without a role his own attendance comes first
            "seconds": SOON if today and (today.waiting or not today.is_fresh) else SECONDS,
        }
        return render(request, "home/page.html", context)


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Show today agency by agency, those with most people in the state asked for first."""
    user, now = person(request), timezone.now()
    with showing_to(user):
        told = presence(user, now, patience=None)
        if told is None or told.is_staff:
            raise PermissionDenied(REFUSAL)
        asked = request.GET.get("keadaan", "")
        state = State(asked) if asked in set(State) else State.NOT_YET
        context = {
            "presence": told,
            "state": state,
            "state_name": NAMES_OF_STATES[state],
            "columns": list(NAMES_OF_STATES.values()),
            "rows": told.by(state),
            "totals": [(NAMES_OF_STATES[one], told.total.get(one, 0)) for one in State],
            "seconds": SECONDS,
        }
        return render(request, "home/today.html", context)


@require_safe
def machine_rows(request: HttpRequest) -> HttpResponse:
    """Show the machines that are as asked, with all that is to say of each."""
    user, now = person(request), timezone.now()
    with showing_to(user):
        told = machines(user, now)
        if told is None:
            raise PermissionDenied(REFUSAL)
        asked, states = request.GET.get("keadaan", ""), machine_parts.State
        state = states(asked) if asked in set(states) else states.SILENT
        context = {
            "machines": told,
            "state": state,
            "state_name": machine_parts.BADGES[state][2],
            "rows": told.of(state),
            "seconds": SECONDS,
        }
        return render(request, "home/machines.html", context)


@require_safe
def period_rows(request: HttpRequest) -> HttpResponse:
    """Show the frozen recaps of a month, agency by agency."""
    user, now = person(request), timezone.now()
    with showing_to(user):
        if not may_somewhere(user, CAPABILITY, now):
            raise PermissionDenied(REFUSAL)
        told = period(user, month_of(request, None, now), now)
        return render(request, "home/period.html", {"period": told})
