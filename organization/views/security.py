"""The account of somebody else, as the office guards it: locks, sessions, programs, a telephone."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from organization import services
from organization.exceptions import OrganizationError
from organization.forms import ReasonForm
from organization.locked import locked_until, minutes_left
from organization.models import SecondFactor, User
from organization.permissions import actor_for, may, refusal
from organization.questions import tokens_of, visible_employees
from organization.services.accounts import agency_of
from organization.views.scope import signed_in

ISSUE, RESET = "officers.issue_password", "officers.reset_password"
# What is done, and which capabilities suffice. Without the telephone only the password guards an
# account, so that who may reset passwords may not be the same as who hands out first ones.
ACTS = {
    "kunci": (ISSUE, RESET),
    "sesi": (ISSUE, RESET),
    "program": (ISSUE, RESET),
    "kode": (RESET,),
}


@require_GET
@never_cache
def security(request: HttpRequest, employee_id: int) -> HttpResponse:
    """Show how somebody's account stands, with what may be done about it."""
    account, me, now = _account(request, employee_id), signed_in(request), timezone.now()
    agency = agency_of(account)
    until = locked_until(now=now, username=account.username)
    return render(
        request,
        "organization/security.html",
        {
            "account": account,
            "minutes": minutes_left(until, now) if until else 0,
            "has_factor": SecondFactor.objects.filter(
                user=account, confirmed_at__isnull=False
            ).exists(),
            "lock_form": ReasonForm(auto_id="id_lock_%s"),
            "sessions_form": ReasonForm(auto_id="id_sessions_%s"),
            "code_form": ReasonForm(auto_id="id_code_%s"),
            "tokens": [
                (token, ReasonForm(auto_id=f"id_token_{token.pk}_%s"))
                for token in tokens_of(account, now)
            ],
            "may_reset": may(me, RESET, agency, now) and account.pk != me.pk,
        },
    )


@require_POST
def guard(request: HttpRequest, employee_id: int, act: str) -> HttpResponse:
    """Unlock an account, sign it out, take a program's token or its second step; with a reason."""
    account, me, now = _account(request, employee_id), signed_in(request), timezone.now()
    agency = agency_of(account)
    if act not in ACTS:
        raise Http404
    if not any(may(me, capability, agency, now) for capability in ACTS[act]):
        raise PermissionDenied(refusal(me, ACTS[act][-1], agency, now))
    actor, reason = actor_for(me, None, agency, now), request.POST.get("reason", "")[:500]
    try:
        if act == "kunci":
            services.unlock_account(user=account, reason=reason, actor=actor, now=now)
            told = "Kunci dibuka; pemilik akun dapat masuk lagi."
        elif act == "sesi":
            services.sign_out_everywhere(user=account, reason=reason, actor=actor, now=now)
            told = "Akun itu sudah keluar dari semua perangkat."
        elif act == "program":
            token = get_object_or_404(account.api_tokens, public_id=request.POST.get("token", ""))
            services.revoke_api_token(token=token, reason=reason, actor=actor, now=now)
            told = f"Token “{token.name}” dicabut; programnya tidak dapat masuk lagi."
        else:
            services.reset_second_factor(user=account, reason=reason, actor=actor, now=now)
            told = "Kode masuk dihapus; pemilik akun masuk dengan sandi, lalu memasangnya lagi."
    except OrganizationError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, told)
    return redirect("pegawai:security", employee_id)


def _account(request: HttpRequest, employee_id: int) -> User:
    """Return the account of a person whom the visitor may see, and whose account he guards."""
    me, now = signed_in(request), timezone.now()
    if not visible_employees(me, now).filter(pk=employee_id).exists():
        raise Http404
    account = User.objects.filter(employee=employee_id).select_related("employee__agency").first()
    if account is None:
        raise Http404
    agency = agency_of(account)
    if not any(may(me, capability, agency, now) for capability in (ISSUE, RESET)):
        raise PermissionDenied(refusal(me, ISSUE, agency, now))
    return account
