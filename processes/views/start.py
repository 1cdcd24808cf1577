"""Begin a period: choose the SOP, the agency and what it is about."""

import uuid
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from foundation.forms import limit_choices
from foundation.indonesian import period_label
from organization.models import Agency
from organization.permissions import showing_to
from processes import services
from processes.exceptions import DuplicateInstance, InvalidAnswers, NotAllowed
from processes.models import Instance
from processes.starting import agencies_to_start, may_start_something, startable
from processes.views.common import person, refusals_as_pages
from workflows import repository
from workflows.definitions import ROOM_SUBJECTS, ProcessDefinition, SubjectKind

MONTHS_BACK, MONTHS_AHEAD = 12, 2
REFUSAL = "Penugasan Anda tidak memberi wewenang memulai proses."
_LABELS = {
    SubjectKind.MONTH: "Periode",
    SubjectKind.DAY: "Tanggal",
    SubjectKind.TEXT: "Perihal",
}


class StartForm(forms.Form):
    """Agency and subject; the field of the subject follows its kind."""

    agency = forms.ModelChoiceField(
        queryset=Agency.objects.none(), label="Instansi", empty_label=None
    )

    def __init__(
        self, kind: SubjectKind, agencies: QuerySet[Agency], now: datetime, *args: Any
    ) -> None:
        super().__init__(*args)
        limit_choices(self, "agency", agencies)
        if kind is not SubjectKind.NONE:
            self.fields["subject"] = _subject_field(kind, agencies, timezone.localdate(now))

    @property
    def subject(self) -> str:
        """Return the subject as an instance keeps it."""
        value = self.cleaned_data.get("subject", "")
        return value.isoformat() if isinstance(value, date) else str(value)


def _subject_field(kind: SubjectKind, agencies: QuerySet[Agency], today: date) -> forms.Field:
    label = _LABELS[kind]
    match kind:
        case SubjectKind.MONTH:
            months = list(_months(today))
            choices = [(month, period_label(month)) for month in months]
            # Work on a period usually begins while it runs.
            return forms.ChoiceField(label=label, choices=choices, initial=f"{today:%Y-%m}")
        case SubjectKind.DAY:
            widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            return forms.DateField(label=label, initial=today, widget=widget)
        case _:
            return forms.CharField(label=label, max_length=120)


def _months(today: date) -> list[str]:
    """Return the months that may be begun, newest first."""
    latest = today.year * 12 + today.month - 1 + MONTHS_AHEAD
    counts = range(latest, latest - MONTHS_AHEAD - MONTHS_BACK - 1, -1)
    return [f"{count // 12:04d}-{count % 12 + 1:02d}" for count in counts]


def _agencies(
    request: HttpRequest, definition: ProcessDefinition, now: datetime
) -> QuerySet[Agency]:
    agencies = agencies_to_start(person(request), definition, now).order_by("name")
    if not agencies:
        raise NotAllowed(REFUSAL)
    return agencies


def startable_here(key: str) -> ProcessDefinition:
    """Return a SOP that people begin from its page or over the API; raise Http404 for any other."""
    try:
        definition = repository.get(key)
    except (repository.UnknownProcess, repository.DefinitionError) as error:
        raise Http404("SOP ini tidak ada.") from error
    if definition.subject in ROOM_SUBJECTS:
        raise Http404("SOP ini dimulai dari halamannya sendiri.")
    if definition.start_message:
        raise Http404("SOP ini dimulai oleh sebuah kabar.")
    return definition


@require_safe
@refusals_as_pages
def choose(request: HttpRequest) -> HttpResponse:
    user, now = person(request), timezone.now()
    if not may_start_something(user, now):
        raise NotAllowed(REFUSAL)
    with showing_to(user):
        definitions = list(startable(user, now))
    if len(definitions) == 1:
        return redirect("processes:start", definitions[0].key)
    return render(request, "processes/choose.html", {"definitions": definitions})


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_as_pages
def start(request: HttpRequest, key: str) -> HttpResponse:
    now = timezone.now()
    definition = startable_here(key)
    agencies = _agencies(request, definition, now)
    form = StartForm(definition.subject, agencies, now, request.POST or None)
    if form.is_valid():
        try:
            instance = services.start_process(
                definition_key=key,
                agency=form.cleaned_data["agency"],
                subject=form.subject,
                actor_user=person(request),
                now=now,
                idempotency_key=request.POST.get("kunci", "")[:64],
            )
        except (DuplicateInstance, InvalidAnswers) as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, f"{instance.title} dimulai.")
            return redirect("processes:detail", instance.pk)
    context = {
        "definition": definition,
        "form": form,
        "existing": _existing(key, agencies),
        "key": request.POST.get("kunci") or uuid.uuid4().hex,
    }
    status = 422 if form.is_bound else 200
    return render(request, "processes/start.html", context, status=status)


def _existing(key: str, agencies: QuerySet[Agency]) -> QuerySet[Instance]:
    rows = Instance.objects.filter(definition_key=key, agency__in=agencies)
    newest = rows.exclude(status=Instance.Status.CANCELLED).select_related("agency")
    return newest.defer("state", "form")[:6]
