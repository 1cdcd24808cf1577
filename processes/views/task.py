"""One task: what it is about, its form, its clock; and completing it."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from foundation.indonesian import list_text, moment_text, period_label
from foundation.uploads import UploadRefused
from organization.mandates.acting import capacity_of
from organization.models import User
from organization.permissions import actor_for, may
from processes import queries, services, spells
from processes.access import is_mine, may_hold, may_retry, may_work
from processes.clocks import clock_of
from processes.context import step_context
from processes.definitions import definition_of
from processes.exceptions import GuardRefused, InvalidAnswers, NotAllowed, ProcessError
from processes.inbox import shortcuts
from processes.inbox.asking import WHOLE
from processes.models import Attachment, Instance, Task
from processes.panels import render_panels
from processes.performers import candidates_of, offered_words
from processes.preparers import prepared_words
from processes.progress import progress
from processes.quality import calendars_of
from processes.services.asides import may_take_back
from processes.services.locking import overtaken
from processes.timeline import comments
from processes.views.common import person, refusals_as_pages, refused
from processes.views.waits import called_by, waited_for
from workflows.definitions import FieldType, ProcessDefinition, TaskDefinition, TaskKind
from workflows.forms import TaskForm, build_form
from workflows.registry import StepContext

BY_ITSELF = "X-Keeps-Draft"  # sopan/draft.js asked, nobody pressed a button
DONE_AT = "dikerjakan_pada"  # when the work was done, if it is only recorded now

# Each round confirms and decides anew; other answers of the last round are offered again.
_AFRESH = (FieldType.OUTCOME, FieldType.COMMENT, FieldType.CHECKLIST, FieldType.BOOLEAN)


@dataclass(frozen=True)
class Desk:
    """A task as its page needs it: with its definition, step and context."""

    task: Task
    definition: ProcessDefinition
    context: StepContext
    now: datetime

    @property
    def step(self) -> TaskDefinition:
        return self.definition.tasks[self.task.step]


def desk_of(request: HttpRequest, task_id: int) -> Desk:
    """Return the desk of a task that the person may see; raise `TaskNotFound` else."""
    user, now = person(request), timezone.now()
    task = queries.get_visible_task(user, task_id, now)
    definition = definition_of(task.instance)
    actor = actor_for(user, None, task.agency, now)
    return Desk(task, definition, step_context(task, definition, actor=actor, now=now), now)


@require_safe
@refusals_as_pages
def detail(request: HttpRequest, task_id: int) -> HttpResponse:
    desk, user = desk_of(request, task_id), person(request)
    form = None
    if is_mine(user, desk.task):
        services.note_opened(task_id=task_id, actor_user=user, now=desk.now)
        form = build_form(desk.step.form, desk.context)(initial=_initial(desk))
    return _page(request, desk, form=form, key=uuid.uuid4().hex)


@require_POST
@refusals_as_pages
def complete(request: HttpRequest, task_id: int) -> HttpResponse:
    """Complete the task, or show the form again with what is wrong or missing (422)."""
    desk, user = desk_of(request, task_id), person(request)
    form = build_form(desk.step.form, desk.context)(
        request.POST, request.FILES, initial=_initial(desk)
    )
    key = request.POST.get("kunci", "")[:64]
    missing: list[Any] = []
    try:
        answers, is_valid = _keep(desk, form, request)
        if is_valid or not is_mine(user, desk.task):
            completion = services.complete_task(
                task_id=task_id,
                actor_user=user,
                answers=answers,
                now=timezone.now(),
                idempotency_key=key,
                effective_at=_done_at(request, desk),
            )
            return redirect(_after(request, desk.task, completion))
    except GuardRefused as error:
        missing = error.missing
    except InvalidAnswers as error:
        for name, sentence in error.errors.items():
            form.add_error(name if name in form.fields else None, sentence)
    except ProcessError as error:
        return refused(request, error, task=desk.task, typed=_typed(form))
    return _page(request, desk, form=form, key=key, missing=missing, status=422)


@require_POST
@refusals_as_pages
def keep_draft(request: HttpRequest, task_id: int) -> HttpResponse:
    """Keep what was typed without checking it; while somebody types, the page asks by itself."""
    desk, user = desk_of(request, task_id), person(request)
    form = build_form(desk.step.form, desk.context)(
        request.POST, request.FILES, initial=_initial(desk)
    )
    form.is_valid()
    by_itself = BY_ITSELF in request.headers
    if not is_mine(user, desk.task):
        allowed = may_work(user, desk.task, desk.now)
        error = overtaken(task_id) if allowed else NotAllowed("Tugas ini bukan untuk Anda.")
        if by_itself:
            return JsonResponse({"words": f"Tidak tersimpan. {error.message}"}, status=error.status)
        return refused(request, error, task=desk.task, typed=_typed(form))
    _keep(desk, form, request)
    if by_itself:
        return JsonResponse({"words": _kept(desk.now, desk.task)})
    messages.success(request, "Draf tersimpan. Tugas ini tetap milik Anda sampai Anda kirim.")
    return redirect("tasks:detail", task_id)


def _kept(at: datetime, task: Task) -> str:
    return f"Draf tersimpan pukul {at.astimezone(ZoneInfo(task.agency.time_zone)):%H.%M.%S}."


def _draft_words(task: Task) -> str:
    """Return when the draft on the page was kept; it may be of another day, or another person."""
    if not task.draft or task.saved_at is None:
        return ""
    return f"Draf tersimpan {moment_text(task.saved_at, task.agency.time_zone)}."


def _done_at(request: HttpRequest, desk: Desk) -> datetime | None:
    """Return when the work was done, where somebody says that it was before now.

    The clock of the form is the agency's. Raises `InvalidAnswers` for what is no moment.
    """
    text = request.POST.get(DONE_AT, "").strip()
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidAnswers({DONE_AT: "Tuliskan tanggal dan jam pengerjaannya."}) from error
    if moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=ZoneInfo(desk.task.agency.time_zone))


def _initial(desk: Desk) -> dict[str, Any]:
    """Return the draft, over the answers of the last round where the step comes again."""
    before: Mapping[str, Any] = {}
    if desk.task.visit > 1:
        last = Task.objects.filter(
            instance=desk.task.instance, step=desk.task.step, status=Task.Status.COMPLETED
        )
        last = last.filter(row_key=desk.task.row_key)
        before = last.order_by("-id").values_list("answers", flat=True).first() or {}
    afresh = {field.name for field in desk.step.form.fields if field.type in _AFRESH}
    return {k: v for k, v in before.items() if k not in afresh} | dict(desk.task.draft)


def _keep(desk: Desk, form: TaskForm, request: HttpRequest) -> tuple[dict[str, Any], bool]:
    """Keep new files and what was typed, so that no refusal loses them.

    Returns the answers, files as the id of their attachment, and whether the form is right.
    """
    user, task = person(request), desk.task
    is_valid = form.is_valid()
    answers = dict(form.cleaned_data) if is_valid else form.typed()
    if not is_mine(user, task):
        return answers, is_valid
    files = {}
    for field in desk.step.form.fields:
        value = form.cleaned_data.get(field.name)
        if field.type is not FieldType.FILE or value is None:
            continue
        if isinstance(value, UploadedFile):
            try:
                value = services.attach_file(
                    task_id=task.pk, actor_user=user, field=field.name, upload=value, now=desk.now
                ).pk
            except UploadRefused as error:
                form.add_error(field.name, str(error))
                is_valid = False
                continue
        files[field.name] = value
    draft = form.typed() | files
    services.save_draft(task_id=task.pk, actor_user=user, draft=draft, now=desk.now)
    return answers | files, is_valid


def _typed(form: TaskForm) -> Iterator[tuple[str, str]]:
    """Return what was typed as pairs of label and text, choices in their words."""
    for field in form.definition.fields:
        if field.type is FieldType.FILE:
            continue
        value = form[field.name].data
        labels = dict(getattr(form.fields[field.name], "choices", ()))
        values = value if isinstance(value, list) else [value]
        text = "\n".join(str(labels.get(item, item)) for item in values if item)
        if text:
            yield field.label, "ya" if value is True else text


def _after(request: HttpRequest, task: Task, completion: services.Completion) -> str:
    """Return where to go next, with a message that says what comes next."""
    user, now = person(request), timezone.now()
    instance_page = reverse("processes:detail", args=[completion.instance_id])
    if completion.repeated:
        messages.info(request, f"“{task.full_name}” sudah Anda kirim; tidak dicatat dua kali.")
        return instance_page
    if completion.instance_ended:
        messages.success(request, f"“{task.full_name}” selesai. Seluruh tahap berkas ini selesai.")
        return instance_page
    following = Task.objects.filter(pk__in=completion.next_task_ids).select_related("agency")
    for row in following:
        if row.kind == TaskKind.USER and may_work(user, row, now):
            messages.success(request, f"“{task.full_name}” selesai. Berikutnya juga untuk Anda.")
            return reverse("tasks:detail", args=[row.pk])
    messages.success(request, f"“{task.full_name}” selesai. {_words(list(following))}")
    is_system = any(row.kind != TaskKind.USER for row in following)
    if is_system:
        return reverse("tasks:after", args=[task.pk])
    return f"{reverse('tasks:index')}?{WHOLE}=1&lanjut=1"


_COMES = {
    TaskKind.AUTOMATIC: "Sistem melanjutkan pekerjaan; hasilnya tampak di halaman ini.",
    TaskKind.CALL: "Berikutnya SOP lain dikerjakan; kemajuannya tampak di halaman ini.",
    TaskKind.TIMER: "Tahap berikutnya menunggu waktunya.",
    TaskKind.MESSAGE: "Tahap berikutnya menunggu kabar.",
}


def _words(tasks: list[Task]) -> str:
    for kind, words in _COMES.items():
        if any(task.kind == kind for task in tasks):
            return words
    names = ", ".join(dict.fromkeys(f"“{task.name}” ({task.lane})" for task in tasks))
    return f"Berikutnya: {names}." if names else ""


def _page(
    request: HttpRequest,
    desk: Desk,
    *,
    form: TaskForm | None,
    key: str,
    missing: list[Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    task, user = desk.task, person(request)
    tasks = list(task.instance.tasks.order_by("id").select_related("owner__employee"))
    is_over = task.instance.status != Instance.Status.RUNNING
    calendar = calendars_of([task], desk.now).of(task.agency_id)
    work = spells.work(ZoneInfo(task.agency.time_zone), calendar)
    shows_panels = task.kind == TaskKind.USER and task.status in ("ready", "claimed")
    context = {
        "task": task,
        "instance": task.instance,
        "definition": desk.definition,
        "step": desk.definition.step_of(task.step),
        "own_step": desk.step,
        "reason_for": list_text(_with_reason(desk.step)),
        "form": form,
        "key": key,
        "missing": missing or [],
        "done_at": request.POST.get(DONE_AT, ""),
        "acts_as": task.acting_as if capacity_of(task.acting_as) else "",
        "comments": comments(task.instance, tasks),
        "may_comment": not is_over,
        "may_take_back": may_take_back(user, task) and may_hold(user, task, desk.now),
        "shortcuts": shortcuts.are_on(request),
        "kept": _draft_words(task),
        "pause": spells.open_pause(task) if is_mine(user, task) else None,
        "mode": _mode(desk, request),
        "progress": progress(desk.definition, tasks, is_over=is_over),
        "clock": clock_of(task, work=work, now=desk.now),
        "back": _return_of(task),
        "files": list(Attachment.objects.filter(task=task).order_by("id")),
        "answers": list(_answers(desk)),
        "panels": render_panels(request, desk.step.panels, desk.context) if shows_panels else [],
        "may_reassign": task.kind == TaskKind.USER
        and task.status in ("ready", "claimed")
        and (task.owner_id == user.pk or may(user, "processes.reassign", task.agency, desk.now)),
        "may_retry": not task.was_left and may_retry(user, task, desk.now),
        "offered": offered_words(task, candidates_of([task]).get(task.pk)),
        "work_progress": services.progress_of([task]).get(task.pk, ""),
        "prepared": prepared_words(user, task, desk.definition) if _could(desk, user) else "",
        "waits_for": waited_for(task, desk.step),
        "called": called_by([task], queries.visible_instances(user, desk.now)).get(task.pk),
    }
    return render(request, "processes/task.html", context, status=status)


def _could(desk: Desk, user: User) -> bool:
    """Say whether the task waits for somebody, and it could be this person."""
    return desk.task.status == Task.Status.READY and may_hold(user, desk.task, desk.now)


def _with_reason(step: TaskDefinition) -> list[str]:
    """Return the labels of the decisions that need a reason."""
    options = step.form.outcome.options if step.form.outcome else ()
    return [f"“{option.label}”" for option in options if option.comment_required]


def _mode(desk: Desk, request: HttpRequest) -> str:
    """Return which of its faces the page shows."""
    task, user = desk.task, person(request)
    if task.status in (Task.Status.COMPLETED, Task.Status.CANCELLED, Task.Status.FAILED):
        return str(task.status)
    if task.kind == TaskKind.TIMER:
        early = desk.step.may_start_early and may_work(user, task, desk.now)
        return "timer_early" if early else "timer"
    if task.kind in (TaskKind.MESSAGE, TaskKind.CALL):
        return str(task.kind)
    if task.kind == TaskKind.AUTOMATIC:
        return "system"
    if task.status == Task.Status.CLAIMED:
        return "form" if task.owner_id == user.pk else "taken"
    return "claim" if may_work(user, task, desk.now) else "waiting"


def _return_of(task: Task) -> Task | None:
    """Return the decision that sent this task, or this round of it, back."""
    if task.returned_by_id is None:
        return None
    return Task.objects.select_related("owner__employee", "agency").get(pk=task.returned_by_id)


def _answers(desk: Desk) -> Iterator[tuple[str, str]]:
    """Return what a finished task answered, in words."""
    if desk.task.status != Task.Status.COMPLETED:
        return
    form = build_form(desk.step.form, desk.context)
    for field in desk.step.form.fields:
        value = desk.task.answers.get(field.name)
        if field.type is FieldType.FILE or value in (None, "", []):
            continue
        labels = dict(getattr(form.base_fields[field.name], "choices", ()))
        values = value if isinstance(value, list) else [value]
        text = "\n".join(str(labels.get(str(item), item)) for item in values)
        if field.type is FieldType.DATE:
            text = period_label(text)
        yield field.label, "ya" if value is True else text
