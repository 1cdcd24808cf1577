"""The page that makes a file urgent, or ordinary again."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from processes import services
from processes.services.deeds import URGENCY
from processes.services.urgency import LONGEST
from processes.views.common import person, refusals_as_pages
from processes.views.instances import visible_instance


class UrgencyForm(forms.Form):
    reason = forms.CharField(
        label="Alasan",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Dicatat dalam riwayat berkas.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_as_pages
def urgency(request: HttpRequest, instance_id: int) -> HttpResponse:
    """Ask why, then turn what the file is: ordinary to urgent, urgent to ordinary."""
    user, now = person(request), timezone.now()
    instance = visible_instance(request, instance_id)
    URGENCY.require(user, instance.agency, now)
    form = UrgencyForm(request.POST or None)
    if form.is_valid():
        services.set_urgency(
            instance_id=instance.pk,
            is_urgent=request.POST.get("sifat") == "segera",
            reason=form.cleaned_data["reason"],
            actor_user=user,
            now=now,
        )
        messages.success(request, f"Sifat {instance.title} diubah.")
        return redirect("processes:detail", instance.pk)
    status = 422 if form.is_bound else 200
    context = {"instance": instance, "form": form}
    return render(request, "processes/urgency.html", context, status=status)
