"""Late data of a frozen month: BKD makes an amendment of them, or leaves the days as they are."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from attendance import links
from attendance.days.months import Month
from attendance.exceptions import AttendanceError
from attendance.models import Recap
from attendance.recaps.questions import newest_version
from attendance.recaps.texts import chosen_of
from attendance.services.amendments import AMEND, amend_recap, dismiss_findings
from attendance.views.common import person_of
from organization.permissions import may


@require_POST
def amend(request: HttpRequest, recap_id: int) -> HttpResponse:
    """Freeze a new version in which the chosen days hold."""

    def told(new: Recap) -> str:
        return f"{new.title.capitalize()} dibekukan: {len(new.changes)} hari berubah."

    return _decide(request, recap_id, amend_recap, told)


@require_POST
def dismiss(request: HttpRequest, recap_id: int) -> HttpResponse:
    """Leave the frozen days as they are."""

    def told(findings: list[Any]) -> str:
        return f"{len(findings)} data susulan tidak dipakai; rekap tidak berubah."

    return _decide(request, recap_id, dismiss_findings, told)


def _decide(
    request: HttpRequest, recap_id: int, how: Callable[..., Any], told: Callable[[Any], str]
) -> HttpResponse:
    now, user = timezone.now(), person_of(request)
    recap = Recap.objects.visible_to(user, now).select_related("agency").filter(pk=recap_id).first()
    if recap is None or not may(user, AMEND, recap.agency_id, now):
        raise Http404
    try:
        done = how(
            agency=recap.agency,
            month=Month(recap.month),
            chosen=chosen_of(request.POST.getlist("susulan")),
            reason=request.POST.get("alasan", ""),
            user=user,
            now=now,
        )
    except AttendanceError as refusal:
        messages.error(request, str(refusal))
        typed = request.POST.get("alasan", "")[:1000]  # what was typed is not lost
        return HttpResponseRedirect(links.late_data(newest_version(recap).pk, typed))
    messages.success(request, told(done))
    return HttpResponseRedirect(links.recap(newest_version(recap).pk))
