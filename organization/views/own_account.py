"""One's own account: its second step, and signing out everywhere."""

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from organization import services
from organization.codes import address_of, in_groups
from organization.exceptions import AccountRefused
from organization.forms import CodeForm
from organization.middleware import LACKS_SECOND_FACTOR
from organization.models import SecondFactor, User
from organization.permissions import may_somewhere, person
from organization.questions import SECOND_FACTOR, tokens_of
from organization.services.second_factor import WRONG
from organization.views.scope import signed_in


@require_GET
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """Show how the account is guarded, and what its owner can do about it."""
    user = signed_in(request)
    factor = SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()
    return render(
        request,
        "organization/account.html",
        {
            "factor": factor,
            "codes_left": factor.codes.filter(used_at=None).count() if factor else 0,
            "is_required": is_required(user),
            "is_lacking": bool(request.session.get(LACKS_SECOND_FACTOR)),
            "renew_form": CodeForm(auto_id="id_renew_%s"),
            "give_up_form": CodeForm(auto_id="id_give_up_%s"),
            "tokens": tokens_of(user, timezone.now()),
        },
    )


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End all sessions of the account but this one."""
    user = signed_in(request)
    try:
        services.sign_out_everywhere(user=user, reason="", actor=person(user), now=timezone.now())
    except AccountRefused as refused:
        messages.error(request, str(refused))
        return redirect("account")
    user.refresh_from_db()
    update_session_auth_hash(request, user)
    messages.success(request, "Anda sudah keluar dari semua perangkat lain.")
    return redirect("account")


@require_POST
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """Let a program no longer act as the visitor."""
    user, now = signed_in(request), timezone.now()
    token = get_object_or_404(user.api_tokens, pk=token_id)
    services.revoke_api_token(token=token, actor=person(user), now=now)
    messages.success(request, f"Token “{token.name}” dicabut; programnya tidak dapat masuk lagi.")
    return redirect("account")


@never_cache
def second_factor(request: HttpRequest) -> HttpResponse:
    """Show the key to its owner's telephone; begin, confirm, renew the codes on paper, give up."""
    user, act = signed_in(request), request.POST.get("act", "")
    try:
        if act == "begin":
            services.begin_second_factor(user=user, actor=person(user), now=timezone.now())
            return redirect("second_factor")
        if act in ACTS:
            return ACTS[act](request, user)
    except AccountRefused as refused:
        messages.error(request, str(refused))
    begun = SecondFactor.objects.filter(user=user, confirmed_at=None).first()
    if begun is None:
        return redirect("account")
    key = services.key_of(begun)
    return render(
        request,
        "organization/second_factor.html",
        {
            "key": in_groups(key),
            "picture": picture_of(address_of(key, user.username)),
            "form": CodeForm(),
        },
    )


def _confirm(request: HttpRequest, user: User) -> HttpResponse:
    codes = services.confirm_second_factor(
        user=user, code=request.POST.get("code", ""), actor=person(user), now=timezone.now()
    )
    user.refresh_from_db()
    update_session_auth_hash(request, user)
    request.session.pop(LACKS_SECOND_FACTOR, None)
    return _show_codes(request, codes)


def _renew(request: HttpRequest, user: User) -> HttpResponse:
    _ask_code(request, user)
    codes = services.renew_recovery_codes(user=user, actor=person(user), now=timezone.now())
    return _show_codes(request, codes)


def _give_up(request: HttpRequest, user: User) -> HttpResponse:
    if is_required(user):
        raise AccountRefused("Peran Anda mewajibkan kode masuk; kode tidak dapat dimatikan.")
    _ask_code(request, user)
    services.give_up_second_factor(user=user, actor=person(user), now=timezone.now())
    messages.success(request, "Kode masuk dimatikan.")
    return redirect("account")


ACTS = {"confirm": _confirm, "renew": _renew, "give_up": _give_up}


def _ask_code(request: HttpRequest, user: User) -> None:
    code, now = request.POST.get("code", ""), timezone.now()
    if not services.check_code(user=user, code=code, actor=person(user), now=now).opens:
        raise AccountRefused(WRONG)


def _show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    context = {"codes": [in_groups(code) for code in codes]}
    return render(request, "organization/recovery_codes.html", context)


def is_required(user: User) -> bool:
    """Say whether a role that the person holds now asks for the second step here."""
    return settings.SECOND_FACTOR_REQUIRED and may_somewhere(user, SECOND_FACTOR, timezone.now())


def picture_of(text: str) -> SafeString:
    """Return a QR code as SVG without styles: the pages allow none in their text."""
    code = segno.make(text, error="m")
    # Drawn by segno from modules; the text itself does not stand in it.
    return mark_safe(code.svg_inline(scale=5, border=3, dark="#000", light="#fff"))  # noqa: S308
