"""How a person wants to be told: where, when, and when not."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from organization.models import User
from organization.permissions import person as actor_of
from processes.clocks import State
from processes.models import NoticePreference
from processes.notices.channels import open_ways
from processes.notices.preference_form import PreferenceForm
from processes.services.notice_preferences import set_preference
from processes.views.common import person

READY = State("ok", "check-circle", "Siap")
NOT_YET = State("soon", "clock", "Belum")
CLOSED = State("info", "offline", "Tidak tersedia")
NOT_HERE = "Belum diatur di server ini; hubungi pengelola server bila Anda memerlukannya."


@dataclass(frozen=True)
class WayShown:
    """A way as the page shows it; `template` is what its reader can do about it."""

    title: str
    state: State
    words: str
    template: str = ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Show and keep how the person wants to be told."""
    user = person(request)
    row = NoticePreference.objects.filter(user=user).first()
    if request.method != "POST":
        return _shown(request, user, PreferenceForm(row=row))
    form = PreferenceForm(request.POST, row=row)
    if not form.is_valid():
        return _shown(request, user, form, status=422)
    set_preference(actor_user=user, actor=actor_of(user), chosen=form.chosen(), now=timezone.now())
    messages.success(request, "Pengaturan pemberitahuan tersimpan.")
    return redirect("notice_preferences")


def _shown(
    request: HttpRequest, user: User, form: PreferenceForm, *, status: int = 200
) -> HttpResponse:
    ways = [WayShown("Di SOPan", READY, "Selalu; di Tugas, bagian Pemberitahuan."), _mail(user)]
    context = {"form": form, "ways": ways, "is_sent": bool(open_ways())}
    return render(request, "processes/notice_preferences.html", context, status=status)


def _mail(user: User) -> WayShown:
    if "mail" not in open_ways():
        return WayShown("Surel", CLOSED, NOT_HERE)
    if not user.email:
        words = "Alamat surel Anda belum tercatat; minta pengelola kepegawaian mencatatnya."
        return WayShown("Surel", NOT_YET, words)
    return WayShown("Surel", READY, f"Dikirim ke {user.email}.")
