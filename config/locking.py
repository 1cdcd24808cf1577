"""Wrong passwords lock: django-axes counts and refuses; what counts, and what is said, is ours."""

from contextlib import suppress
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from organization.exceptions import AccountRefused
from organization.locked import cool_off, locked_until, minutes_left, name_key
from organization.models import User
from organization.services import note_lock

# Whoever comes from an address that is none is counted with the others who do: a proxy may hand on
# "unknown" or a port, which PostgreSQL refuses to compare.
NOWHERE = str(IPv6Address(0))
CUSTOMER = 64  # bits


def address_of(request: HttpRequest) -> str:
    """Return whom gunicorn takes for the client: a proxy is believed there (config/serving.py).

    Of IPv6 the network of /64: that is what one customer is given, with all addresses in it.
    """
    try:
        found = ip_address(request.META.get("REMOTE_ADDR", "").partition("%")[0])
    except ValueError:
        return NOWHERE
    found = getattr(found, "ipv4_mapped", None) or found
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, CUSTOMER), strict=False).network_address)
    return str(found)


def name_of(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Return the name that a try is counted for."""
    return name_key((credentials or {}).get("username") or request.POST.get("username"))


class Handler(AxesDatabaseHandler):  # type: ignore[misc]
    """Locks by three counts instead of one.

    An office behind one address is not locked by one of its people, nor does somebody who signs in
    rightly clear what he guessed at other names.
    """

    def is_locked(self, request: Any, credentials: dict[str, Any] | None = None) -> bool:
        return _locked(request, credentials) is not None

    def get_failures(self, request: Any, credentials: dict[str, Any] | None = None) -> int:
        """Return 1 for a lock and 0 for none: the limits are in `locked_until`."""
        return int(self.is_locked(request, credentials))

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any
    ) -> None:
        refused_before = bool(getattr(request, "axes_locked_out", False))
        super().user_login_failed(sender, credentials, request, **kwargs)
        if request is not None and request.axes_locked_out and not refused_before:
            user = User.objects.filter(username__iexact=name_of(request, credentials)).first()
            if user is not None:
                with suppress(AccountRefused):  # of no agency: there is no record for it
                    note_lock(user=user, now=timezone.now())


@receiver(pre_save, sender=AccessAttempt)
def keep_only_what_is_counted(instance: AccessAttempt, **kwargs: Any) -> None:
    """Nothing that was typed is kept but the name: no field of the form, no address of a page."""
    instance.get_data = instance.post_data = instance.http_accept = instance.path_info = ""


def refuse(request: HttpRequest, *others: Any) -> HttpResponse:
    """Answer 429 in words; the same for names that exist and for those that do not."""
    now = timezone.now()
    credentials = next((given for given in others if isinstance(given, dict)), None)
    until = _locked(request, credentials) or now + cool_off()
    page = render(
        request, "registration/locked.html", {"minutes": minutes_left(until, now)}, status=429
    )
    page["Retry-After"] = str(60 * minutes_left(until, now))
    return page


def _locked(request: HttpRequest, credentials: dict[str, Any] | None) -> Any:
    return locked_until(
        now=timezone.now(), username=name_of(request, credentials), address=address_of(request)
    )
