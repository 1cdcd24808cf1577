"""How a person wants to be told: where, when, and when not."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from organization.permissions import person as actor_of
from processes.models import NoticePreference
from processes.notices.preference_form import PreferenceForm
from processes.notices.ways_shown import reach_of
from processes.services.notice_preferences import set_preference
from processes.views.common import person

CODE = "telegram_code"  # of the session: only its digest is stored


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Show and keep how the person wants to be told."""
    user = person(request)
    row = NoticePreference.objects.filter(user=user).first()
    if request.method != "POST":
        return shown(request, PreferenceForm(row=row))
    form = PreferenceForm(request.POST, row=row)
    if not form.is_valid():
        return shown(request, form, status=422)
    set_preference(actor_user=user, actor=actor_of(user), chosen=form.chosen(), now=timezone.now())
    messages.success(request, "Pengaturan pemberitahuan tersimpan.")
    return redirect("notice_preferences")


def shown(
    request: HttpRequest,
    form: PreferenceForm,
    *,
    email: str = "",
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the page; with an address for mail that was refused, and why."""
    reach = reach_of(person(request), request.session.get(CODE, ""), timezone.now())
    context = {"form": form, "reach": reach, "email": email, "problem": problem}
    return render(request, "processes/notice_preferences.html", context, status=status)
