"""Who may do what, where and when: appointments (rows) times roles (roles.toml).

Validity is a matter of dates, and a date is the agency's own: at 07.00 in Kupang it is still
yesterday in UTC.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from foundation.actors import Actor
from foundation.indonesian import date_text
from organization.mandates import acting, roles
from organization.models import Agency, Appointment, User

ONE_PAGE = timedelta(seconds=30)  # a page is put together for one moment, and takes no longer
REFUSAL = "Penugasan Anda tidak memberi wewenang untuk tindakan ini."


ROLES: Mapping[str, frozenset[str]] = roles.ROLES
CAPABILITIES: frozenset[str] = frozenset().union(*ROLES.values())


@cache
def capabilities_of(role: str, capacity: str) -> frozenset[str]:
    """Return what a role may in this capacity: an acting official less (acting.toml)."""
    kept = (row.capabilities for row in acting.limits(role, capacity))
    return ROLES.get(role, frozenset()).difference(*kept)


class UnknownCapability(LookupError):
    """Code asks for a capability that no role could ever have: a slip of the pen."""


@dataclass(frozen=True, kw_only=True)
class Mandate:
    """One appointment that is valid at a moment."""

    appointment_id: int
    agency_id: int
    agency_name: str
    role: str
    title: str  # as shown: "Plh. <role>" for an acting officer
    capacity: str
    letter_number: str
    valid_until: date | None

    def allows(self, capability: str) -> bool:
        return capability in capabilities_of(self.role, self.capacity)

    @property
    def limits(self) -> list[acting.Withheld]:
        """What the role may and this acting official may not; nothing for the holder himself."""
        return acting.limits(self.role, self.capacity)

    @property
    def acting_words(self) -> str:
        """How far an acting official's mandate reaches, in a sentence; empty for the holder."""
        if self.capacity == Appointment.Capacity.DEFINITIVE:
            return ""
        until = f" s.d. {date_text(self.valid_until)}" if self.valid_until else ""
        letter = f" ({self.letter_number})" if self.letter_number else ""
        kept = "; ".join(row.words for row in self.limits)
        return f"{self.title}{until}{letter}" + (f"; tidak berwenang: {kept}." if kept else ".")


@dataclass(frozen=True)
class _Viewer:
    """Whoever looks at a page, and the mandates that were read for it, by moment."""

    user: User
    mandates: dict[datetime, tuple[Mandate, ...]] = field(default_factory=dict)


_viewer: ContextVar[_Viewer | None] = ContextVar("viewer", default=None)


@contextmanager
def showing_to(user: User) -> Iterator[None]:
    """Read a person's account and mandates once while a page is put together for him.

    For pages that only show: whoever writes asks the database anew. Within another for the same
    person, what that one read is used on.
    """
    viewer = _viewer.get()
    if viewer is not None and viewer.user.pk == user.pk:
        yield
        return
    token = _viewer.set(_Viewer(user))
    try:
        yield
    finally:
        _viewer.reset(token)


def account(user_id: int) -> User:
    """Return the account, the one that is being shown a page without asking again."""
    viewer = _viewer.get()
    if viewer is not None and viewer.user.pk == user_id:
        return viewer.user
    return User.objects.get(pk=user_id)


def local_date(agency: Agency, at: datetime) -> date:
    """Return the date that the agency's calendar shows at this moment."""
    return at.astimezone(ZoneInfo(agency.time_zone)).date()


def mandates_of(user: User | AnonymousUser, at: datetime) -> tuple[Mandate, ...]:
    """Return the user's valid appointments, definitive ones first; one query.

    A closed account has none, whatever its rows say.
    """
    if not isinstance(user, User) or not user.is_active:
        return ()
    viewer = _viewer.get()
    if viewer is None or viewer.user.pk != user.pk:
        return _mandates(user, at)
    for moment, mandates in viewer.mandates.items():
        if abs(moment - at) < ONE_PAGE:
            return mandates
    return viewer.mandates.setdefault(at, _mandates(user, at))


def _mandates(user: User, at: datetime) -> tuple[Mandate, ...]:
    rows = Appointment.objects.filter(user=user).valid_at(at).select_related("agency")
    order = [value for value, _ in Appointment.Capacity.choices]
    rows_in_order = sorted(rows, key=lambda row: (order.index(row.capacity), row.pk))
    return tuple(_mandate(row) for row in rows_in_order if row.covers(local_date(row.agency, at)))


def _mandate(row: Appointment) -> Mandate:
    return Mandate(
        appointment_id=row.pk,
        agency_id=row.agency_id,
        agency_name=row.agency.name,
        role=row.role,
        title=row.title,
        capacity=row.capacity,
        letter_number=row.letter_number,
        valid_until=row.valid_until,
    )


def may(user: User | AnonymousUser, capability: str, agency: Agency | int, at: datetime) -> bool:
    """Say whether the user has a role in this agency, valid at this moment, that allows it."""
    _check_spelling(capability)
    agency_id = agency if isinstance(agency, int) else agency.pk
    return any(m.agency_id == agency_id and m.allows(capability) for m in mandates_of(user, at))


def require(
    user: User | AnonymousUser, capability: str, agency: Agency | int, at: datetime
) -> None:
    """Raise PermissionDenied, with a sentence for the person, where `may` says no."""
    if not may(user, capability, agency, at):
        raise PermissionDenied(refusal(user, capability, agency, at))


def refusal(
    user: User | AnonymousUser,
    capability: str,
    agency: Agency | int | None,
    at: datetime,
    otherwise: str = REFUSAL,
) -> str:
    """Say why the user may not: kept from him since he only acts in a role, or `otherwise`.

    `agency` None: in any of the agencies that his roles open.
    """
    agency_id = agency.pk if isinstance(agency, Agency) else agency
    for mandate in mandates_of(user, at):
        if agency_id in (None, mandate.agency_id):
            row = acting.withheld_capability(mandate.capacity, capability)
            if row is not None and capability in ROLES.get(mandate.role, frozenset()):
                return row.refusal(mandate.title)
    return otherwise


def may_somewhere(user: User | AnonymousUser, capability: str, at: datetime) -> bool:
    """Say whether the user may do this in any agency: which pages the menu offers."""
    _check_spelling(capability)
    return any(m.allows(capability) for m in mandates_of(user, at))


def agencies_where(user: User | AnonymousUser, capability: str, at: datetime) -> QuerySet[Agency]:
    """Return the agencies in which the user may do this at this moment."""
    _check_spelling(capability)
    ids = {m.agency_id for m in mandates_of(user, at) if m.allows(capability)}
    return Agency.objects.filter(pk__in=ids)


def mandate_for(user: User, role: str, agency: Agency | int, at: datetime) -> Mandate | None:
    """Return the mandate for a role in an agency, a definitive one before an acting one."""
    agency_id = agency if isinstance(agency, int) else agency.pk
    mandates = mandates_of(user, at)
    return next((m for m in mandates if m.role == role and m.agency_id == agency_id), None)


def actor_for(user: User, role: str | None, agency: Agency | int, at: datetime) -> Actor:
    """Return the user as the one an event names.

    With a role: acting as its title; PermissionDenied when the user does not hold it at `at`.
    Without: acting as all titles held in the agency, or nothing.
    """
    if role is not None:
        mandate = mandate_for(user, role, agency, at)
        if mandate is None:
            raise PermissionDenied(f"Anda tidak sedang bertugas sebagai {role}.")
        acting_as = mandate.title
    else:
        agency_id = agency if isinstance(agency, int) else agency.pk
        titles = [m.title for m in mandates_of(user, at) if m.agency_id == agency_id]
        acting_as = ", ".join(dict.fromkeys(titles))[:150]
    return replace(person(user), acting_as=acting_as)


def actor_allowed(
    user: User | AnonymousUser, capability: str, agency: Agency, at: datetime
) -> Actor:
    """Return the user acting as the role that allows this; raise PermissionDenied if none does."""
    _check_spelling(capability)
    for mandate in mandates_of(user, at):
        if mandate.agency_id == agency.pk and mandate.allows(capability):
            return replace(person(user), acting_as=mandate.title)
    raise PermissionDenied(refusal(user, capability, agency, at))


def person(user: User | AnonymousUser) -> Actor:
    """Return the user as himself, under no mandate."""
    if not isinstance(user, User):
        raise PermissionDenied(REFUSAL)
    return Actor(user_id=user.pk, name=user.get_full_name()[:150])


def users_with_role(role: str, agency: Agency, at: datetime) -> QuerySet[User]:
    """Return the active accounts that hold a role in an agency at this moment."""
    valid = Appointment.objects.valid_on(local_date(agency, at)).valid_at(at)
    appointed = valid.filter(agency=agency, role=role)
    return User.objects.filter(pk__in=appointed.values("user"), is_active=True)


def _check_spelling(capability: str) -> None:
    if capability not in CAPABILITIES:
        raise UnknownCapability(f"{capability} is given to no role in {roles.ROLES_FILE.name}")
