"""Work of the system that failed for good: what it is about, another try, or giving it up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation import incidents
from foundation.actors import Actor
from foundation.incidents import Incident
from foundation.models import OutboxJob
from organization.models import Agency, User
from organization.permissions import actor_allowed, agencies_where, may_somewhere, refusal
from processes.exceptions import AlreadyDone
from processes.views.common import ROWS, person, refusals_as_pages

CAPABILITY = "incidents.handle"
SYSTEM = "incidents.system"  # what is no agency's own


class GiveUpForm(forms.Form):
    reason = forms.CharField(
        label="Alasan",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Dicatat bersama nama Anda. Pekerjaan ini tidak dicoba lagi.",
    )


@dataclass(frozen=True)
class Row:
    """An incident beside the agency that it concerns; None: the whole installation."""

    incident: Incident
    agency: Agency | None


@dataclass(frozen=True)
class Desk:
    """Whose incidents a person handles."""

    user: User
    now: datetime
    agencies: Mapping[int, Agency]
    system: Agency | None  # where the decisions on the installation's incidents are recorded

    @classmethod
    def of(cls, user: User, now: datetime) -> "Desk":
        rows = agencies_where(user, CAPABILITY, now).order_by("name")
        system = agencies_where(user, SYSTEM, now).order_by("pk").first()
        return cls(user, now, {agency.pk: agency for agency in rows}, system)

    def sees(self, incident: Incident) -> bool:
        of = incident.about.agency_id
        return self.system is not None if of is None else of in self.agencies

    def rows(self) -> list[Row]:
        if not self.agencies and self.system is None:
            return []
        seen = filter(self.sees, incidents.open_incidents())
        return [Row(one, self.agencies.get(one.about.agency_id or 0)) for one in seen]

    def acting_on(self, incident: Incident) -> tuple[Agency, Actor]:
        """Return in whose stream the decision stands, and as whom the person decides."""
        if incident.about.agency_id is None and self.system is not None:
            return self.system, actor_allowed(self.user, SYSTEM, self.system, self.now)
        agency = self.agencies[incident.about.agency_id or 0]
        return agency, actor_allowed(self.user, CAPABILITY, agency, self.now)


def waiting_for(user: User, now: datetime) -> int:
    """Return how many incidents wait for a decision of this person."""
    return len(Desk.of(user, now).rows())


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """List what failed, by kind and agency where the person asks for it."""
    desk = Desk.of(person(request), timezone.now())
    if not desk.agencies and desk.system is None:
        raise PermissionDenied(refusal(desk.user, CAPABILITY, None, desk.now))
    rows = desk.rows()
    chosen = {name: request.GET.get(name, "").strip() for name in ("jenis", "pd")}
    shown = [row for row in rows if _fits(row, chosen)]
    context = {
        "page": Paginator(shown, ROWS).get_page(request.GET.get("page")),
        "count": len(rows),
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "kinds": sorted({(row.incident.job.kind, row.incident.kind.label) for row in rows}),
        "agencies": list(desk.agencies.values()),
        "may_manage_webhooks": may_somewhere(desk.user, "webhooks.manage", desk.now),
    }
    return render(request, "processes/incidents.html", context)


def _fits(row: Row, chosen: Mapping[str, str]) -> bool:
    code = row.agency.code if row.agency else ""
    kind = row.incident.job.kind
    return chosen["jenis"] in ("", kind) and chosen["pd"] in ("", code)


@require_POST
@refusals_as_pages
def retry(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Have the system try it again."""
    desk, found = found_for(person(request), incident_id, timezone.now())
    stream, actor = desk.acting_on(found)
    try:
        incidents.retry_incident(job_id=incident_id, stream=stream, actor=actor, now=desk.now)
    except (incidents.IncidentOver, incidents.NotHere) as over:
        raise AlreadyDone(str(over)) from over
    messages.success(request, f"Sistem mencoba lagi: {found.kind.label}.")
    return redirect("processes:incidents")


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_as_pages
def give_up(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Let it rest for good, with a reason."""
    desk, found = found_for(person(request), incident_id, timezone.now())
    form = GiveUpForm(request.POST or None)
    if form.is_valid():
        stream, actor = desk.acting_on(found)
        try:
            incidents.give_up_incident(
                job_id=incident_id,
                reason=form.cleaned_data["reason"],
                stream=stream,
                actor=actor,
                now=desk.now,
            )
        except (incidents.IncidentOver, incidents.NotHere) as over:
            raise AlreadyDone(str(over)) from over
        messages.success(request, f"Tidak dicoba lagi: {found.kind.label}. Alasannya dicatat.")
        return redirect("processes:incidents")
    context = {"incident": found, "form": form}
    return render(request, "processes/give_up.html", context, status=422 if form.is_bound else 200)


def found_for(user: User, incident_id: int, now: datetime) -> tuple[Desk, Incident]:
    """Return what the person may decide on; of what is others' not even that it is there."""
    desk = Desk.of(user, now)
    job = OutboxJob.objects.filter(pk=incident_id).first()
    incident = incidents.incident_of(job) if job is not None else None
    if incident is None or not desk.sees(incident):
        raise Http404
    if incident.job.state != OutboxJob.State.INCIDENT or incident.about.is_over:
        raise AlreadyDone(incidents.IncidentOver.message)
    return desk, incident
