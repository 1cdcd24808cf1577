"""What is running: the list, one instance whole, its picture, its end by force."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_safe

from organization.models import Agency
from organization.permissions import actor_for, may, may_somewhere
from processes import quality, queries, services
from processes.access import may_work
from processes.clocks import State
from processes.context import instance_context
from processes.definitions import definition_of
from processes.models import Instance, Task
from processes.panels import instance_panels
from processes.performers import candidates_of, offered_words
from processes.progress import marks, progress
from processes.services.deeds import CANCEL, CARRY_OVER, REWIND, URGENCY
from processes.services.migration import current_version
from processes.starting import may_start_something
from processes.timeline import timeline
from processes.views.common import paged, person, refusals_as_pages
from processes.views.correspondence import CAPABILITY as MESSAGES
from processes.views.incidents import CAPABILITY as INCIDENTS
from processes.views.incidents import waiting_for
from processes.views.waits import called_by, sent_by, waited_for
from workflows.definitions import TaskKind
from workflows.drawing import diagram

STATES = {
    Instance.Status.RUNNING: State("info", "play", "Berjalan"),
    Instance.Status.FINISHED: State("ok", "flag", "Selesai"),
    Instance.Status.CANCELLED: State("", "cancel", "Dibatalkan"),
}
VERDICTS = {
    "within": State("ok", "check", "Sesuai baku"),
    "over": State("late", "alert", "Melebihi baku"),
    "reused": State("reused", "reused", "Masih berlaku"),
    "open": State("info", "play", "Berjalan"),
    "withdrawn": State("", "cancel", "Tidak diselesaikan"),
    "none": State("", "info", "Tanpa baku"),
}

LONGEST_ID = 19  # digits of the largest id that a database knows; what is longer is nobody's


@dataclass(frozen=True)
class InstanceRow:
    """One line of the list, with what it waits for now."""

    instance: Instance
    waiting: list[str] = field(default_factory=list)
    step: int | None = None
    total: int = 0
    failed: bool = False

    @property
    def done(self) -> int:
        """How many steps lie behind the one that waits."""
        return (self.step or 1) - 1

    @property
    def state(self) -> State:
        if self.failed:
            return State("failed", "error", "Gagal - perlu tindakan")
        return STATES[Instance.Status(self.instance.status)]


@dataclass(frozen=True, kw_only=True)
class OpenRow:
    """What waits in an instance now: for whom, for what, and the SOP that it began."""

    task: Task
    is_mine: bool
    working: str
    offered: str
    waits_for: str
    called: Instance | None


def _visible(request: HttpRequest) -> QuerySet[Instance]:
    return queries.visible_instances(person(request), timezone.now())


def visible_instance(request: HttpRequest, instance_id: int) -> Instance:
    """Return an instance that the person may see; 404 for any other."""
    rows = _visible(request).select_related("agency", "started_by__employee")
    instance = rows.defer("state").filter(pk=instance_id).first()
    if instance is None:
        raise Http404("Berkas ini tidak ada.")
    return instance


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    user, visible = person(request), _visible(request)
    chosen = {name: request.GET.get(name, "").strip() for name in ("q", "status", "sop", "agency")}
    shown = _filtered(visible, chosen)
    page = paged(request, shown.select_related("agency").defer("state", "form"))
    context = {
        "page": page,
        "rows": instance_rows(page),
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "statuses": Instance.Status.choices,
        "sops": visible.order_by("definition_key")
        .values_list("definition_key", "definition__title")
        .distinct(),
        "agencies": Agency.objects.filter(pk__in=visible.values("agency")).order_by("name"),
        "may_read_messages": may_somewhere(user, MESSAGES, timezone.now()),
        "may_carry_over": may_somewhere(user, CARRY_OVER.capability, timezone.now()),
        "may_handle_incidents": may_somewhere(user, INCIDENTS, timezone.now()),
        "incidents": waiting_for(user, timezone.now()),
        "may_start": may_start_something(user, timezone.now()),
    }
    return render(request, "processes/instances.html", context)


def _filtered(rows: QuerySet[Instance], chosen: dict[str, str]) -> QuerySet[Instance]:
    if chosen["status"] in Instance.Status.values:
        rows = rows.filter(status=chosen["status"])
    if chosen["sop"]:
        rows = rows.filter(definition_key=chosen["sop"])
    if chosen["agency"].isdecimal() and len(chosen["agency"]) < LONGEST_ID:
        rows = rows.filter(agency_id=int(chosen["agency"]))
    for word in chosen["q"].split():
        rows = rows.filter(Q(title__icontains=word) | Q(agency__name__icontains=word))
    return rows


def instance_rows(instances: Iterable[Instance]) -> list[InstanceRow]:
    """Return the lines of a list; one query for the open tasks of all."""
    listed = list(instances)
    waiting: defaultdict[int, list[Task]] = defaultdict(list)
    still = (Task.Status.READY, Task.Status.CLAIMED, Task.Status.FAILED)
    tasks = Task.objects.filter(instance__in=listed, status__in=still, effective_at=None)
    for task in tasks.order_by("id"):
        waiting[task.instance_id].append(task)
    return [_instance_row(instance, waiting[instance.pk]) for instance in listed]


def _instance_row(instance: Instance, tasks: list[Task]) -> InstanceRow:
    definition = definition_of(instance)
    tasks = [task for task in tasks if definition.tasks[task.step].attached_to is None]
    numbers = [definition.step_of(task.step).number for task in tasks]
    known = [number for number in numbers if number is not None]
    return InstanceRow(
        instance=instance,
        waiting=[_counted(*entry) for entry in Counter(map(_waits_for, tasks)).items()],
        step=min(known, default=None),
        total=len(definition.steps),
        failed=any(task.status == Task.Status.FAILED for task in tasks),
    )


def _counted(words: str, count: int) -> str:
    """Say once what is waited for once per row."""
    return f"{words} ({count})" if count > 1 else words


def _waits_for(task: Task) -> str:
    if task.kind == TaskKind.AUTOMATIC:
        return f"{task.name} · sistem"
    if task.kind == TaskKind.TIMER:
        return f"{task.name} · menunggu waktunya"
    if task.kind == TaskKind.MESSAGE:
        return f"{task.name} · menunggu kabar"
    if task.kind == TaskKind.CALL:
        return f"{task.name} · menunggu SOP lain"
    return f"{task.name} · {task.lane}"


@require_safe
@refusals_as_pages
def detail(request: HttpRequest, instance_id: int) -> HttpResponse:
    user, now = person(request), timezone.now()
    instance = visible_instance(request, instance_id)
    definition = definition_of(instance)
    tasks = list(
        instance.tasks.order_by("id").select_related("owner__employee", "assignee__employee")
    )
    # What only waits beside a task, to remind of it, is not where the process stands.
    open_tasks = [
        t
        for t in tasks
        if t.status in ("ready", "claimed", "failed")
        and not t.was_left
        and definition.tasks[t.step].attached_to is None
    ]
    named, visible = candidates_of(open_tasks), _visible(request)
    called = called_by(open_tasks, visible)
    actor = actor_for(user, None, instance.agency, now)
    context_of_instance = instance_context(instance, definition, actor=actor, now=now)
    rows = quality.rows(instance, now)
    task_marks = marks(definition, tasks)
    running = instance.status == Instance.Status.RUNNING
    working = services.progress_of(open_tasks)
    context = {
        "instance": instance,
        "definition": definition,
        "state": STATES[Instance.Status(instance.status)],
        "open_tasks": [
            OpenRow(
                task=t,
                is_mine=t.kind == TaskKind.USER and may_work(user, t, now),
                working=working.get(t.pk, ""),
                offered=offered_words(t, named.get(t.pk)),
                waits_for=waited_for(t, definition.tasks[t.step]),
                called=called.get(t.pk),
            )
            for t in open_tasks
        ],
        "newer": running
        and CARRY_OVER.allows(user, instance.agency, now)
        and current_version(instance.definition_key) not in (None, instance.definition_version),
        "parent": _parent(instance, visible),
        "may_read_messages": may(user, MESSAGES, instance.agency, now),
        "sent": sent_by(instance, definition, visible),
        "is_system_busy": any(
            t.kind == TaskKind.AUTOMATIC and t.status != "failed" for t in open_tasks
        ),
        "progress": progress(definition, tasks, is_over=not running),
        "rows": [(row, VERDICTS[row.verdict]) for row in rows],
        "total": _total(rows),
        "panels": instance_panels(request, context_of_instance),
        "timeline": timeline(instance, definition, tasks),
        # Drawn by our own code, which escapes every name of the file.
        "diagram": mark_safe(diagram.draw(definition, task_marks)),  # noqa: S308
        "twin": [
            (t, definition.step_of(t.id), task_marks.get(t.id)) for t in definition.tasks.values()
        ],
        "may_set_urgency": running and URGENCY.allows(user, instance.agency, now),
        "may_rewind": running and REWIND.allows(user, instance.agency, now),
        "may_cancel": running and CANCEL.allows(user, instance.agency, now),
    }
    return render(request, "processes/instance.html", context)


def _parent(instance: Instance, visible: QuerySet[Instance]) -> Instance | None:
    """Return the instance that waits for the end of this one, if the person may see it."""
    if instance.called_by_id is None:
        return None
    return visible.filter(tasks=instance.called_by_id).defer("state", "form").first()


@dataclass(frozen=True)
class Total:
    """Sums over the visits that were worked on."""

    standard: timedelta
    handling: timedelta
    waiting: timedelta


def _total(rows: Iterable[quality.QualityRow]) -> Total:
    worked = [row for row in rows if not row.reused]
    zero = timedelta()
    return Total(
        standard=sum((row.standard or zero for row in worked), zero),
        handling=sum((row.handling or zero for row in worked), zero),
        waiting=sum((row.waiting or zero for row in worked), zero),
    )


@require_safe
def picture(request: HttpRequest, instance_id: int) -> HttpResponse:
    """The diagram alone, as an SVG file."""
    instance = visible_instance(request, instance_id)
    definition = definition_of(instance)
    tasks = instance.tasks.order_by("id")
    response = HttpResponse(
        diagram.draw(definition, marks(definition, tasks)), content_type="image/svg+xml"
    )
    response["Content-Disposition"] = f'inline; filename="diagram-{instance.pk}.svg"'
    return response


class CancelForm(forms.Form):
    reason = forms.CharField(
        label="Alasan pembatalan",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Dicatat dalam riwayat. Berkas yang dibatalkan tidak dapat dilanjutkan.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_as_pages
def cancel(request: HttpRequest, instance_id: int) -> HttpResponse:
    """Stop an instance for good, with a reason."""
    user, now = person(request), timezone.now()
    instance = visible_instance(request, instance_id)
    CANCEL.require(user, instance.agency, now)
    form = CancelForm(request.POST or None)
    if form.is_valid():
        services.cancel_process(
            instance_id=instance.pk, actor_user=user, reason=form.cleaned_data["reason"], now=now
        )
        messages.success(request, f"{instance.title} dibatalkan; riwayatnya tetap tersimpan.")
        return redirect("processes:detail", instance.pk)
    status = 422 if form.is_bound else 200
    context = {"instance": instance, "form": form}
    return render(request, "processes/cancel.html", context, status=status)
