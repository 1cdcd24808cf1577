"""The rules that an office may decide: what holds, what it means, and where it comes from."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from attendance import links
from attendance.days.policies import problem_of, rank
from attendance.evidence.outage_forms import PolicyForm
from attendance.exceptions import DataRefused
from attendance.law.policy import Setting, in_words, settings
from attendance.models import PolicySetting
from attendance.services.policies import SET, set_policy
from attendance.views.common import agency_of, page, person_of
from organization.models import Agency
from organization.permissions import agencies_where, local_date, may, refusal

VIEW = "policy.view"


@require_GET
def policy_list(request: HttpRequest) -> HttpResponse:
    """Anyone who is judged by them may read them; of which agency depends on the person's roles."""
    now, user = timezone.now(), person_of(request)
    own = user.employee.agency if user.employee else None
    agency = agency_of(request, VIEW, now) or own
    today = local_date(agency, now) if agency else now.date()
    rows = PolicySetting.objects.filter(agency=None)
    if agency is not None:
        rows = rows | PolicySetting.objects.filter(agency=agency)
    rows = rows.select_related("agency")
    by_name: dict[str, list[PolicySetting]] = {}
    for row in rows:
        by_name.setdefault(row.name, []).append(row)
    context = {
        "agency": agency,
        "agencies": agencies_where(user, VIEW, now).order_by("name"),
        "lines": [_line(setting, by_name.get(setting.name, []), today)
                  for setting in settings().values()],
        "may_set": agency is not None and may(user, SET, agency, now),
    }  # fmt: skip
    return page(request, "attendance/policies.html", context, tab="evidence")


@require_http_methods(["GET", "POST"])
def policy_set(request: HttpRequest, name: str) -> HttpResponse:
    now = timezone.now()
    setting = settings().get(name)
    if setting is None or setting.fixed:
        raise Http404
    agency = agency_of(request, SET, now)
    if agency is None:
        raise PermissionDenied(refusal(person_of(request), SET, None, now))
    form = PolicyForm(
        request.POST or None,
        setting=setting,
        agency=agency,
        initial={"value": setting.value, "scope": "agency"},
    )
    if request.method == "POST" and form.is_valid() and _set(request, form, setting, agency):
        messages.success(request, f"{setting.title}: keputusan dicatat.")
        return HttpResponseRedirect(f"{links.POLICIES}?pd={agency.code}")
    status = 422 if form.errors else 200
    context = {"form": form, "setting": setting, "agency": agency}
    return page(request, "attendance/policy_form.html", context, tab="evidence", status=status)


def _set(request: HttpRequest, form: PolicyForm, setting: Setting, agency: Agency) -> bool:
    said = form.cleaned_data
    try:
        set_policy(
            name=setting.name,
            value=said["value"],
            agency=agency if said["scope"] == "agency" else None,
            decree_number=said["decree_number"],
            valid_from=said["valid_from"],
            user=person_of(request),
            now=timezone.now(),
        )
    except DataRefused as refusal:
        for field, text in refusal.errors.items():
            form.add_error(field or None, text)
        return False
    return True


def _line(setting: Setting, rows: list[PolicySetting], today: Any) -> dict[str, Any]:
    readable = [row for row in rows if not problem_of(row)]
    begun = sorted((row for row in readable if row.valid_from <= today), key=rank)
    held = begun[-1] if begun else None
    return {
        "setting": setting,
        "value": in_words(setting.read(held.value) if held else setting.value),
        "held": held,
        "coming": _told(sorted((row for row in readable if row.valid_from > today), key=rank)),
        "unreadable": [(row, problem_of(row)) for row in rows if problem_of(row)],
        "older": _told(begun[:-1]),
    }


def _told(rows: list[PolicySetting]) -> list[tuple[str, PolicySetting]]:
    return [(in_words(row.value), row) for row in rows]
