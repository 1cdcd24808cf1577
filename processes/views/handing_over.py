"""Serah terima tugas: who holds what, until when he may, and to whom it goes."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from foundation.forms import limit_choices
from foundation.models import Event
from organization.models import Agency, Appointment, User
from organization.permissions import may_somewhere, users_with_role
from organization.questions import officers_of
from organization.views.scope import Scope, scope
from processes import services
from processes.context_processors import Waiting
from processes.models import Instance, Task
from processes.services.handing_over import CAPABILITY, held_by, held_tasks
from processes.views.actions import PersonField
from processes.views.common import person, refusals_as_pages

LATEST = 30
WITHIN = 500  # files, and changes of hands, among which the latest are looked for


class HandOverForm(forms.Form):
    """To whom, and why; nobody chosen: back into the queues."""

    to_user = PersonField(
        queryset=User.objects.none(),
        label="Penerima",
        required=False,
        empty_label="Kembali ke antrean",
        help_text="Tugas yang perannya tidak dipegang penerima kembali ke antrean.",
    )
    reason = forms.CharField(
        label="Alasan",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Dicatat dalam riwayat setiap berkas.",
    )


@dataclass(frozen=True)
class Holder:
    """A person who holds tasks, and the appointments under which he does."""

    user: User
    tasks: list[Task]
    appointments: list[Appointment]

    @property
    def serves(self) -> bool:
        """Whether he holds the role of each of his tasks."""
        held = {row.role for row in self.appointments}
        return all(task.by_name or task.lane in held for task in self.tasks)


@require_GET
@refusals_as_pages
def handing_over(request: HttpRequest) -> HttpResponse:
    """Show who holds tasks in an agency, and what was handed over lately."""
    here = scope(request, CAPABILITY)
    return render(
        request,
        "processes/handing_over.html",
        {
            "tab": "handing_over",
            "waiting": Waiting.of(request),
            "here": here,
            "holders": _holders(here),
            "events": _latest(here.agency),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_as_pages
def hand_over(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give everything that somebody holds in an agency to a successor, or back."""
    user = person(request)
    if not may_somewhere(user, CAPABILITY, timezone.now()):
        raise Http404  # not even that somebody holds tasks is told
    here = scope(request, CAPABILITY)
    holder = User.objects.filter(pk=user_id).select_related("employee").first()
    tasks = list(held_by(holder, here.agency).select_related("instance")) if holder else []
    if holder is None or not tasks:
        raise Http404
    form = HandOverForm(request.POST or None)
    limit_choices(form, "to_user", _successors(tasks, holder, here.agency, here.now))
    if form.is_valid():
        done = services.hand_over_tasks(
            from_user=holder, agency=here.agency, actor_user=user, now=here.now,
            to_user=form.cleaned_data["to_user"], reason=form.cleaned_data["reason"],
        )  # fmt: skip
        messages.success(request, told(done, form.cleaned_data["to_user"]))
        query = urlencode({"pd": here.agency.code})
        return redirect(f"{reverse('tasks:handing_over')}?{query}")
    context = {"here": here, "holder": holder, "tasks": tasks, "form": form}
    return render(
        request, "processes/hand_over.html", context, status=422 if form.is_bound else 200
    )


def told(done: services.HandedOver, to_user: User | None) -> str:
    """Say what became of the tasks."""
    parts = []
    if done.given and to_user is not None:
        parts.append(f"{done.given} tugas diserahkan kepada {to_user.get_full_name().rstrip('.')}")
    if done.returned:
        parts.append(f"{done.returned} tugas kembali ke antrean")
    if done.left:
        parts.append(f"{done.left} tugas sudah selesai atau beralih lebih dahulu")
    return f"{'; '.join(parts) or 'Tidak ada tugas yang beralih'}."


def _holders(here: Scope) -> list[Holder]:
    rows = held_tasks(here.agency).select_related("instance", "owner", "assignee")
    held: dict[int, list[Task]] = {}
    for task in rows.order_by("offered_at", "id"):
        held.setdefault(task.owner_id or task.assignee_id or 0, []).append(task)
    people = User.objects.select_related("employee").in_bulk(held)
    officers = officers_of(here.agency, here.now)
    found = [
        Holder(people[pk], tasks, [one for one in officers if one.user_id == pk])
        for pk, tasks in held.items()
    ]
    return sorted(found, key=lambda holder: (holder.serves, holder.user.get_full_name()))


def _successors(tasks: list[Task], holder: User, agency: Agency, now: datetime) -> QuerySet[User]:
    """Return who holds one of the roles of these tasks, but for the one who gives them on."""
    found = {
        pk
        for lane in {task.lane for task in tasks}
        for pk in users_with_role(lane, agency, now).values_list("pk", flat=True)
    }
    return User.objects.filter(pk__in=found - {holder.pk}).select_related("employee")


def _latest(agency: Agency) -> list[tuple[Event, str]]:
    """Return what was handed over lately in an agency, with the title of its instance."""
    instances = Instance.objects.filter(agency=agency).order_by("-pk")[:WITHIN]
    titles = {instance.stream: instance.title for instance in instances}
    events = Event.objects.filter(stream__in=titles, verb="task_reassigned").order_by("-pk")
    told = [event for event in events[:WITHIN] if event.after.get("handed_over")]
    return [(event, titles[event.stream]) for event in told[:LATEST]]
