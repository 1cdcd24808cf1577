"""Which agency a page is about, among those that the person's roles open."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone

from foundation.actors import Actor
from organization.models import Agency, User
from organization.permissions import actor_allowed, agencies_where, refusal


@dataclass(frozen=True)
class Scope:
    """The agency at hand, the others that may be chosen, and the moment of the request."""

    agency: Agency
    agencies: list[Agency]
    now: datetime


def signed_in(request: HttpRequest) -> User:
    """Return the person; the middleware let nobody else come here."""
    return cast(User, request.user)


def scope(request: HttpRequest, capability: str) -> Scope:
    """Return the agency named by `pd`, or the first; 403 where no role allows this at all."""
    now, user = timezone.now(), signed_in(request)
    agencies = list(agencies_where(user, capability, now).order_by("name"))
    if not agencies:
        raise PermissionDenied(refusal(user, capability, None, now))
    code = request.POST.get("pd") or request.GET.get("pd")
    if not code:
        return Scope(agencies[0], agencies, now)
    chosen = next((agency for agency in agencies if agency.code == code), None)
    if chosen is None:
        _refuse_acting(user, capability, code, now)
        raise Http404
    return Scope(chosen, agencies, now)


def _refuse_acting(user: User, capability: str, code: str, now: datetime) -> None:
    """Say what is kept from who only acts in that agency; of others' agencies nothing is told."""
    agency = Agency.objects.filter(code=code).first()
    if agency is not None and (reason := refusal(user, capability, agency, now, otherwise="")):
        raise PermissionDenied(reason)


def actor_here(request: HttpRequest, capability: str, at: Scope) -> Actor:
    return actor_allowed(signed_in(request), capability, at.agency, at.now)
