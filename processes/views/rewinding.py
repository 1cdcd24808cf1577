"""The page that lets a running file go back to a step that was done."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from processes import services
from processes.services.deeds import REWIND
from processes.services.rewinding import Target, targets
from processes.views.common import person, refusals_as_pages
from processes.views.instances import visible_instance

LONGEST = 500


class RewindForm(forms.Form):
    """Which step, and why; a field of the steps that the file may go back to."""

    task = forms.TypedChoiceField(label="Mundur ke tahap", coerce=int, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Alasan",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Dibaca oleh pelaksana tahap itu dan dicatat dalam riwayat.",
    )

    def __init__(self, *args: Any, found: Sequence[Target], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.TypedChoiceField, self.fields["task"])
        field.choices = [(target.task.pk, _words(target)) for target in found]


def _words(target: Target) -> str:
    """Return the step, who did it, and what else would be done again."""
    task = target.task
    by = task.owner.get_full_name() if task.owner else "Sistem"
    others = len({(one.step, one.visit) for one in target.undone}) - 1
    again = f"; {others} langkah sesudahnya diulang" if others else ""
    return f"{task.full_name} - dikerjakan {by}{again}"


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_as_pages
def rewind(request: HttpRequest, instance_id: int) -> HttpResponse:
    """Show how far back the file may go, and let it go there with a reason."""
    user, now = person(request), timezone.now()
    visible = visible_instance(request, instance_id)
    REWIND.require(user, visible.agency, now)
    reach = targets(visible)
    form = RewindForm(request.POST or None, found=reach.found)
    if form.is_valid():
        services.rewind(
            instance_id=visible.pk,
            task_id=form.cleaned_data["task"],
            actor_user=user,
            reason=form.cleaned_data["reason"],
            now=now,
        )
        messages.success(request, f"{visible.title} mundur; tahap itu ditawarkan lagi.")
        return redirect("processes:detail", visible.pk)
    context = {"instance": visible, "form": form, "reach": reach}
    return render(request, "processes/rewind.html", context, status=422 if form.is_bound else 200)
