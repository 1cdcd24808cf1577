"""How a person wants to be told: where, when, and when not."""

from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organization.models import User
from organization.permissions import person as actor_of
from processes.clocks import State
from processes.exceptions import NotReady
from processes.models import NoticeAddress, NoticeDelivery, NoticePreference
from processes.notices.addresses import has_code, known_of
from processes.notices.channels import open_ways
from processes.notices.channels.push import browser_of
from processes.notices.channels.push_messages import public_key
from processes.notices.preference_form import PreferenceForm
from processes.services.notice_addresses import add_browser, begin_chat, remove_address
from processes.services.notice_preferences import set_preference
from processes.views.common import person
from processes.webhooks.addresses import AddressRefused

Channel = NoticeDelivery.Channel

READY = State("ok", "check-circle", "Siap")
NOT_YET = State("soon", "clock", "Belum")
CLOSED = State("info", "offline", "Tidak tersedia")
CODE = "telegram_code"  # of the session: only its digest is stored
WORKER = "processes/push-worker.js"
BRIEFLY = "Isinya hanya jumlah dan tautan, tanpa nama."
NOT_HERE = "Belum diatur di server ini; hubungi pengelola server bila Anda memerlukannya."


@dataclass(frozen=True)
class WayShown:
    """A way as the page shows it; `template` is what its reader can do about it."""

    title: str
    state: State
    words: str
    template: str = ""
    is_awaited: bool = False  # it looks again by itself


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
    here = WayShown("Di SOPan", READY, "Selalu; di Tugas, bagian Pemberitahuan.")
    ways, linked = open_ways(), list(known_of(user))
    code = request.session.get(CODE, "") if has_code(user, timezone.now()) else ""
    shown = [here, _mail(user, ways), _telegram(linked, ways, code), _push(linked, ways)]
    context = {
        "form": form,
        "ways": shown,
        "is_sent": bool(ways),
        "code": code,
        "bot": settings.TELEGRAM_BOT,
        "chats": [row for row in linked if row.channel == Channel.TELEGRAM],
        "browsers": [row for row in linked if row.channel == Channel.PUSH],
        "push_key": public_key() if Channel.PUSH in ways else "",
    }
    return render(request, "processes/notice_preferences.html", context, status=status)


def _mail(user: User, ways: Container[str]) -> WayShown:
    if Channel.MAIL not in ways:
        return WayShown("Surel", CLOSED, NOT_HERE)
    if not user.email:
        words = "Alamat surel Anda belum tercatat; minta pengelola kepegawaian mencatatnya."
        return WayShown("Surel", NOT_YET, words)
    return WayShown("Surel", READY, f"Dikirim ke {user.email}.")


def _telegram(linked: list[NoticeAddress], ways: Container[str], code: str) -> WayShown:
    if Channel.TELEGRAM not in ways:
        return WayShown("Telegram", CLOSED, NOT_HERE)
    part = "processes/parts/telegram_way.html"
    if any(row.channel == Channel.TELEGRAM for row in linked):
        return WayShown("Telegram", READY, f"Tersambung. {BRIEFLY}", part)
    words = "Kirim kode di bawah ini kepada bot dalam 15 menit." if code else BRIEFLY
    return WayShown("Telegram", NOT_YET, words, part, is_awaited=bool(code))


def _push(linked: list[NoticeAddress], ways: Container[str]) -> WayShown:
    title = "Pemberitahuan peramban"
    if Channel.PUSH not in ways:
        return WayShown(title, CLOSED, NOT_HERE)
    part = "processes/parts/push_way.html"
    count = sum(row.channel == Channel.PUSH for row in linked)
    if not count:
        return WayShown(
            title, NOT_YET, f"Muncul di layar ponsel atau komputer ini. {BRIEFLY}", part
        )
    return WayShown(title, READY, f"Aktif di {count} peramban. {BRIEFLY}", part)


@require_POST
def telegram(request: HttpRequest) -> HttpResponse:
    """Show a new code by which the person's chat is linked."""
    if Channel.TELEGRAM not in open_ways():
        messages.error(request, f"Telegram: {NOT_HERE}")
        return redirect("notice_preferences")
    request.session[CODE] = begin_chat(actor_user=person(request), now=timezone.now())
    return redirect("notice_preferences")


@require_POST
def browser(request: HttpRequest) -> HttpResponse:
    """Let the browser that asks be told from now on."""
    if Channel.PUSH not in open_ways():
        messages.error(request, f"Pemberitahuan peramban: {NOT_HERE}")
        return redirect("notice_preferences")
    told = [request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth")]
    try:
        address = browser_of(*told).text()
        add_browser(actor_user=person(request), address=address, now=timezone.now())
    except (AddressRefused, NotReady) as refused:
        messages.error(request, f"Peramban ini belum didaftarkan. {refused}")
        return redirect("notice_preferences")
    messages.success(request, "Pemberitahuan akan muncul di peramban ini.")
    return redirect("notice_preferences")


@require_POST
def remove(request: HttpRequest, address_id: int) -> HttpResponse:
    """Take one's own chat or browser away."""
    if not remove_address(actor_user=person(request), address_id=address_id, now=timezone.now()):
        raise Http404
    messages.success(request, "Diputus. Tidak ada lagi yang dikirim ke sana.")
    return redirect("notice_preferences")


@login_not_required
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The script that shows what is pushed; it lies at the root, so that it may open every page."""
    found = finders.find(WORKER)
    if found is None:
        raise Http404
    script = Path(str(found)).read_text(encoding="utf-8")
    answer = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer
