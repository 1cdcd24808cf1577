"""A person links his mailbox, his chat, his browser, and takes them away again."""

from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from processes.exceptions import NotReady
from processes.models import NoticePreference
from processes.notices.channels import open_ways
from processes.notices.channels.push import browser_of
from processes.notices.preference_form import PreferenceForm
from processes.notices.ways_shown import NOT_HERE, TITLES, Channel
from processes.services.notice_addresses import add_browser, begin_chat, remove_address
from processes.services.notice_mailboxes import begin_mailbox, confirm_mailbox, remove_mailbox
from processes.views.common import person
from processes.views.notice_preferences import CODE, shown
from processes.webhooks.addresses import AddressRefused

WORKER = "processes/push-worker.js"
PAGE = "notice_preferences"


@require_POST
def mailbox(request: HttpRequest) -> HttpResponse:
    """Take an address for mail, the code that was sent there, or nothing any more."""
    user, now = person(request), timezone.now()
    if "hapus" in request.POST:
        remove_mailbox(actor_user=user, now=now)
        messages.success(request, "Alamat surel dihapus; tidak ada lagi yang dikirim ke sana.")
        return redirect(PAGE)
    if Channel.MAIL not in open_ways():
        return _closed(request, Channel.MAIL)
    email = request.POST.get("surel", "").strip()
    try:
        if "kode" in request.POST:
            confirm_mailbox(actor_user=user, code=request.POST["kode"][:40], now=now)
            messages.success(request, "Alamat surel tersimpan.")
            return redirect(PAGE)
        validate_email(email[:255])
        begin_mailbox(actor_user=user, address=email[:255], now=now)
    except ValidationError:
        problem = "Tuliskan alamat surel yang lengkap, misalnya nama@contoh.go.id."
        return _refused(request, problem, email)
    except NotReady as error:
        return _refused(request, error.message, email)
    messages.success(request, "Kode sedang dikirim; periksa surel Anda.")
    return redirect(PAGE)


def _refused(request: HttpRequest, problem: str, email: str) -> HttpResponse:
    row = NoticePreference.objects.filter(user=person(request)).first()
    return shown(request, PreferenceForm(row=row), email=email, problem=problem, status=422)


@require_POST
def telegram(request: HttpRequest) -> HttpResponse:
    """Show a new code by which the person's chat is linked."""
    if Channel.TELEGRAM not in open_ways():
        return _closed(request, Channel.TELEGRAM)
    request.session[CODE] = begin_chat(actor_user=person(request), now=timezone.now())
    return redirect(PAGE)


@require_POST
def browser(request: HttpRequest) -> HttpResponse:
    """Let the browser that asks be told from now on."""
    if Channel.PUSH not in open_ways():
        return _closed(request, Channel.PUSH)
    told = [request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth")]
    try:
        address = browser_of(*told).text()
        add_browser(actor_user=person(request), address=address, now=timezone.now())
    except (AddressRefused, NotReady) as refused:
        messages.error(request, f"Peramban ini belum didaftarkan. {refused}")
        return redirect(PAGE)
    messages.success(request, "Pemberitahuan akan muncul di peramban ini.")
    return redirect(PAGE)


@require_POST
def remove(request: HttpRequest, address_id: int) -> HttpResponse:
    """Take one's own chat or browser away."""
    if not remove_address(actor_user=person(request), address_id=address_id, now=timezone.now()):
        raise Http404
    messages.success(request, "Diputus. Tidak ada lagi yang dikirim ke sana.")
    return redirect(PAGE)


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


def _closed(request: HttpRequest, channel: Channel) -> HttpResponse:
    messages.error(request, f"{TITLES[channel]}: {NOT_HERE}")
    return redirect(PAGE)
