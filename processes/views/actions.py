"""The small acts on a task: take, put back, hand over, try again, begin early; its files."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.forms import limit_choices
from organization.models import User
from organization.permissions import may, users_with_role
from processes import queries, services
from processes.access import may_work
from processes.attachments import is_as_received
from processes.definitions import definition_of
from processes.exceptions import AttachmentSpoiled, NotAllowed
from processes.models import Attachment, Task
from processes.performers import candidates_of, offered_words, vacancy
from processes.preparers import preparers_of
from processes.services.locking import overtaken
from processes.views.common import person, refusals_as_pages


class PersonField(forms.ModelChoiceField[User]):
    def label_from_instance(self, obj: User) -> str:
        return obj.get_full_name()


class ReassignForm(forms.Form):
    to_user = PersonField(queryset=User.objects.none(), label="Dialihkan kepada")
    reason = forms.CharField(
        label="Alasan",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Dicatat dalam riwayat berkas.",
    )


def _visible(request: HttpRequest, task_id: int) -> Task:
    return queries.get_visible_task(person(request), task_id, timezone.now())


@require_POST
@refusals_as_pages
def claim(request: HttpRequest, task_id: int) -> HttpResponse:
    _visible(request, task_id)
    services.claim_task(task_id=task_id, actor_user=person(request), now=timezone.now())
    return redirect("tasks:detail", task_id)


@require_POST
@refusals_as_pages
def unclaim(request: HttpRequest, task_id: int) -> HttpResponse:
    task = _visible(request, task_id)
    reason = request.POST.get("reason", "")[:500]
    services.unclaim_task(
        task_id=task_id, actor_user=person(request), now=timezone.now(), reason=reason
    )
    told = f"“{task.full_name}” kembali ke antrean; isian Anda tersimpan bersamanya."
    messages.success(request, told)
    return redirect("tasks:queue")


@require_POST
@refusals_as_pages
def begin_early(request: HttpRequest, task_id: int) -> HttpResponse:
    """End a waiting time that the SOP lets end early."""
    task = _visible(request, task_id)
    services.complete_task(
        task_id=task_id, actor_user=person(request), answers={}, now=timezone.now()
    )
    messages.success(request, f"“{task.full_name}” diakhiri lebih awal.")
    return redirect("processes:detail", task.instance_id)


@require_POST
@refusals_as_pages
def retry(request: HttpRequest, task_id: int) -> HttpResponse:
    _visible(request, task_id)
    services.retry_task(task_id=task_id, actor_user=person(request), now=timezone.now())
    messages.success(request, "Sistem mencoba lagi.")
    return redirect("tasks:detail", task_id)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_as_pages
def reassign(request: HttpRequest, task_id: int) -> HttpResponse:
    """Hand the task to another holder of its role, with a reason; or ask anew who is named."""
    task, user, now = _visible(request, task_id), person(request), timezone.now()
    if task.owner_id != user.pk and not may(user, "processes.reassign", task.agency, now):
        raise NotAllowed("Hanya pemegang tugas atau pimpinan yang dapat mengalihkannya.")
    if task.by_name:
        return _reoffer(request, task, now)
    form = ReassignForm(request.POST or None)
    candidates = users_with_role(task.lane, task.agency, now).exclude(
        pk__in={task.owner_id or 0, *preparers_of(task, definition_of(task.instance))}
    )
    limit_choices(form, "to_user", candidates.select_related("employee"))
    if form.is_valid():
        chosen = form.cleaned_data["to_user"]
        services.reassign_task(
            task_id=task_id,
            actor_user=user,
            to_user=chosen,
            reason=form.cleaned_data["reason"],
            now=now,
        )
        messages.success(request, f"“{task.full_name}” dialihkan kepada {chosen.get_full_name()}.")
        return redirect("processes:detail", task.instance_id)
    status = 422 if form.is_bound else 200
    return render(request, "processes/reassign.html", {"task": task, "form": form}, status=status)


def _reoffer(request: HttpRequest, task: Task, now: datetime) -> HttpResponse:
    """Ask anew who is named for the task: nobody else may be chosen by hand."""
    if request.method != "POST":
        offered = offered_words(task, candidates_of([task])[task.pk])
        return render(request, "processes/reoffer.html", {"task": task, "offered": offered})
    people = services.reoffer_task(task_id=task.pk, actor_user=person(request), now=now)
    if people:
        offered = offered_words(task, candidates_of([task])[task.pk])
        messages.success(request, f"“{task.full_name}” ditawarkan kepada {offered}.")
    else:
        messages.warning(request, f"{vacancy(task)} Tetapkan lebih dahulu, lalu tawarkan lagi.")
    return redirect("processes:detail", task.instance_id)


@require_safe
@refusals_as_pages
def attachment(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    """Hand out a file that a form carried, to whoever may see its instance, unless it changed."""
    visible = queries.visible_instances(person(request), timezone.now())
    found = Attachment.objects.filter(pk=attachment_id, instance__in=visible).first()
    if found is None:
        raise Http404("Berkas ini tidak ada.")
    if not is_as_received(found):
        raise AttachmentSpoiled(
            f"“{found.original_name}” bukan lagi berkas yang diterima: isinya berubah atau hilang "
            "dari penyimpanan. Sampaikan kepada pengelola; berkas aslinya ada di cadangan."
        )
    response = FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=found.original_name,
        content_type=found.content_type,
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@refusals_as_pages
def pause(request: HttpRequest, task_id: int) -> HttpResponse:
    """Let one's own task rest, with a reason."""
    task = _visible(request, task_id)
    services.pause_task(
        task_id=task_id,
        actor_user=person(request),
        reason=request.POST.get("reason", "")[:500],
        now=timezone.now(),
    )
    told = f"“{task.full_name}” dijeda; waktunya tidak dihitung sampai dilanjutkan."
    messages.success(request, told)
    return redirect("tasks:detail", task_id)


@require_POST
@refusals_as_pages
def resume(request: HttpRequest, task_id: int) -> HttpResponse:
    """Go on with one's own task that rested."""
    task = _visible(request, task_id)
    services.resume_task(task_id=task_id, actor_user=person(request), now=timezone.now())
    messages.success(request, f"“{task.full_name}” dilanjutkan; waktunya dihitung lagi.")
    return redirect("tasks:detail", task_id)


@require_POST
@refusals_as_pages
def beat(request: HttpRequest, task_id: int) -> HttpResponse:
    """Hear from a form that stands open (`sopan/beat.js`); there is nothing to answer."""
    user, now = person(request), timezone.now()
    if services.note_beat(task_id=task_id, actor_user=user, now=now):
        return HttpResponse(status=204)
    if may_work(user, _visible(request, task_id), now):
        raise overtaken(task_id)
    raise NotAllowed("Tugas ini bukan untuk Anda.")
