"""Who may do what, where and when: appointments (rows) times roles (roles.toml).

Validity is a matter of dates, and a date is the agency's own: at 07.00 in Kupang it is still
yesterday in UTC.
"""

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from foundation.actors import Actor
from organization.models import Agency, Appointment, User

ROLES_FILE = Path(__file__).with_name("roles.toml")
ONE_PAGE = timedelta(seconds=30)  # a page is put together for one moment, and takes no longer
REFUSAL = "Penugasan Anda tidak memberi wewenang untuk tindakan ini."


def read_roles(path: Path = ROLES_FILE) -> Mapping[str, frozenset[str]]:
    """Return the capabilities of each role as the file gives them."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return MappingProxyType({role: frozenset(row["may"]) for role, row in content.items()})


ROLES: Mapping[str, frozenset[str]] = read_roles()
CAPABILITIES: frozenset[str] = frozenset().union(*ROLES.values())


class UnknownCapability(LookupError):
    """Code asks for a capability that no role could ever have: a slip of the pen."""


@dataclass(frozen=True, kw_only=True)
class Mandate:
    """One appointment that is valid at a moment."""

    appointment_id: int
    agency_id: int
    role: str
    title: str  # as shown: "Plh. <role>" for an acting officer
    letter_number: str
    valid_until: date | None

    def allows(self, capability: str) -> bool:
        return capability in ROLES.get(self.role, frozenset())


@dataclass(frozen=True)
class _Viewer:
    """Whoever looks at a page, and the mandates that were read for it, by moment."""

    user: User
    mandates: dict[datetime, tuple[Mandate, ...]] = field(default_factory=dict)


_viewer: ContextVar[_Viewer | None] = ContextVar("viewer", default=None)


@contextmanager
def showing_to(user: User) -> Iterator[None]:
    """Read a person's account and mandates once while a page is put together for him.

    For pages that only show: whoever writes asks the database anew.
    """
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
        role=row.role,
        title=row.title,
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
        raise PermissionDenied(REFUSAL)


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
    raise PermissionDenied(REFUSAL)


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
        raise UnknownCapability(f"{capability} is given to no role in {ROLES_FILE.name}")
