"""A new version of a SOP while instances run: what it would mean for them, and carrying them over.

Nothing moves by itself: an instance goes on by the version it was started with until somebody who
may has read the preview and given a reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from organization.models import User
from organization.permissions import agencies_where, may_somewhere
from processes import queries, services
from processes.exceptions import InvalidAnswers, NotAllowed
from processes.models import Instance
from processes.services.deeds import CARRY_OVER
from processes.services.migration import Preview, preview
from processes.views.common import paged, person, refusals_as_pages
from processes.views.instances import LONGEST_ID
from workflows import repository
from workflows.definitions import ProcessDefinition

ROWS = 15  # each is played again on the new diagram


class ReasonForm(forms.Form):
    version = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reason = forms.CharField(
        label="Alasan pemindahan",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Dicatat dalam riwayat berkas.",
    )


@dataclass(frozen=True)
class Waiting:
    """A SOP of which instances still run by an older version."""

    definition: ProcessDefinition
    count: int


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_as_pages
def one(request: HttpRequest, instance_id: int) -> HttpResponse:
    """Show what carrying one instance over to today's version means, and do it."""
    user, now = person(request), timezone.now()
    rows = queries.visible_instances(user, now).select_related("agency")
    instance = rows.filter(pk=instance_id).first()
    if instance is None:
        raise Http404("Berkas ini tidak ada.")
    CARRY_OVER.require(user, instance.agency, now)
    definition = _deployed(instance.definition_key)
    form = ReasonForm(request.POST or None, initial={"version": definition.version})
    if form.is_valid():
        services.carry_over(
            instance_id=instance.pk,
            version=form.cleaned_data["version"],
            actor_user=user,
            reason=form.cleaned_data["reason"],
            now=now,
        )
        messages.success(request, f"{instance.title} kini memakai versi SOP yang baru.")
        return redirect("processes:detail", instance.pk)
    context = {
        "instance": instance,
        "preview": preview(instance, definition),
        "is_current": instance.definition_version == definition.version,
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "processes/version.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_as_pages
def many(request: HttpRequest) -> HttpResponse:
    """List the instances that run by an older version, and carry the chosen ones over."""
    user, now = person(request), timezone.now()
    if not may_somewhere(user, CARRY_OVER.capability, now):
        raise NotAllowed("Penugasan Anda tidak memberi wewenang memindahkan berkas ke versi lain.")
    found = waiting_sops(user, now)
    chosen = next(
        (one for one in found if one.definition.key == request.GET.get("sop")),
        found[0] if found else None,
    )
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        if form.is_valid():
            return _carry(request, user, form, now)
        messages.error(request, "Tuliskan alasan pemindahan.")
    page = None
    previews: list[Preview] = []
    if chosen is not None:
        page = paged(request, _older(user, chosen.definition, now), ROWS)
        previews = [preview(instance, chosen.definition) for instance in page]
        if not form.is_bound:
            form = ReasonForm(initial={"version": chosen.definition.version})
    context = {"sops": found, "chosen": chosen, "page": page, "previews": previews, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "processes/versions.html", context, status=status)


def _carry(request: HttpRequest, user: User, form: ReasonForm, now: datetime) -> HttpResponse:
    told = request.POST.getlist("berkas")[:ROWS]
    chosen = [int(text) for text in told if text.isdecimal() and len(text) < LONGEST_ID]
    if not chosen:
        raise InvalidAnswers({"berkas": "Pilih sekurang-kurangnya satu berkas."})
    visible = queries.visible_instances(user, now).filter(pk__in=chosen)
    titles = dict(visible.values_list("pk", "title"))
    done = services.carry_over_many(
        instance_ids=titles,
        version=form.cleaned_data["version"],
        actor_user=user,
        reason=form.cleaned_data["reason"],
        now=now,
    )
    carried = sum(not one.refusal for one in done)
    if carried:
        messages.success(request, f"{carried} berkas kini memakai versi SOP yang baru.")
    for one in done:
        if one.refusal:
            messages.error(request, f"{titles[one.instance_id]}: {one.refusal}")
    return redirect("processes:versions")


def waiting_sops(user: User, now: datetime) -> Sequence[Waiting]:
    """Return the SOPs of which instances run by an older version, where the person may say so."""
    found = [
        Waiting(definition, _older(user, definition, now).count())
        for definition in repository.all()
    ]
    return [one for one in found if one.count]


def _older(user: User, definition: ProcessDefinition, now: datetime) -> QuerySet[Instance]:
    return (
        Instance.objects.filter(
            ~Q(definition_version=definition.version),
            definition_key=definition.key,
            status=Instance.Status.RUNNING,
            agency__in=agencies_where(user, CARRY_OVER.capability, now),
        )
        .select_related("agency")
        .order_by("started_at", "pk")
    )


def _deployed(key: str) -> ProcessDefinition:
    try:
        return repository.get(key)
    except (repository.UnknownProcess, repository.DefinitionError) as error:
        raise Http404("SOP ini tidak ada lagi.") from error
