"""Today's board: who is there, per unit; it looks again by itself."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from attendance import links
from attendance.days.seen import CAPABILITY, staff_seen
from attendance.days.today import NAMES_OF_STATES, State, board_of
from attendance.views.common import page, person_of
from attendance.views.matrix import seen_agency
from organization.permissions import agencies_where, local_date

PEOPLE_PER_PAGE = 60
LOOKS = {
    State.PRESENT: ("ok", "check-circle"),
    State.LATE: ("late", "clock"),
    State.NOT_YET: ("soon", "hourglass"),
    State.AWAY: ("info", "document"),
    State.OFF: ("reused", "calendar"),
    State.UNSCHEDULED: ("failed", "alert"),
}


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Show the people whom the user may see; who sees only himself has a page for that."""
    now, user = timezone.now(), person_of(request)
    agency = seen_agency(request, now)
    seen = staff_seen(user, agency, now)
    if seen is not None and len(seen) < 2:
        return HttpResponseRedirect(links.MINE)
    today = local_date(agency, now)
    told = board_of(agency, today, now=now, people=seen)
    state, unit = _state(request), request.GET.get("bidang", "")
    shown = Paginator(told.of(state, unit), PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "agency": agency,
        "agencies": agencies_where(user, CAPABILITY, now).order_by("name"),
        "whole": seen is None,
        "zone": agency.time_zone,
        "now": now,
        "board": told,
        "states": [
            (s, NAMES_OF_STATES[s], told.total.get(s, 0), *LOOKS[s])
            for s in State
            if s is not State.UNSCHEDULED or told.total.get(s)
        ],
        "units": [
            (name, count, [(label, counts.get(s, 0)) for s, label in NAMES_OF_STATES.items()])
            for name, counts, count in told.units
        ],
        "columns": list(NAMES_OF_STATES.values()),
        "state": state,
        "state_name": NAMES_OF_STATES[state],
        "unit": unit,
        "page_obj": shown,
        "lines": [(person, links.why(person.employee_id, today)) for person in shown],
    }
    return page(request, "attendance/today.html", context, tab="today")


def _state(request: HttpRequest) -> State:
    asked = request.GET.get("keadaan", "")
    return State(asked) if asked in set(State) else State.NOT_YET
