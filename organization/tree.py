"""The tree of agencies: what stands under what, units with their heads, how many people."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from organization.models import Agency, Employee, Substitution, Unit
from organization.permissions import local_date


@dataclass(frozen=True)
class Head:
    """Who leads an agency or a unit, and who stands in for him today ("Plh. ..."), if anybody."""

    person: Employee
    substitutes: tuple[Substitution, ...] = ()


@dataclass(frozen=True)
class UnitBranch:
    unit: Unit
    heads: tuple[Head, ...]
    people: int


@dataclass(frozen=True)
class AgencyBranch:
    """An agency with its units and the agencies under it.

    `under` names an agency above it that whoever looks may not see; `people` are its own, without
    those of its branches, `unplaced` those of no unit.
    """

    agency: Agency
    heads: tuple[Head, ...]
    units: tuple[UnitBranch, ...]
    people: int
    unplaced: int
    branches: "tuple[AgencyBranch, ...]" = ()
    under: str = ""

    @property
    def total(self) -> int:
        """People of the agency and of all that stand under it."""
        return self.people + sum(branch.total for branch in self.branches)


@dataclass
class _Read:
    """What was read at once for all agencies."""

    units: dict[int, list[Unit]]
    people: Counter[tuple[int, int | None]]  # by agency and unit
    chiefs: dict[int, list[Employee]]  # who has staff, by agency
    substitutes: dict[int, list[Substitution]]


def tree_of(agencies: Sequence[Agency], now: datetime) -> list[AgencyBranch]:
    """Return these agencies as a tree, by name; five queries, however many they are."""
    read = _read(agencies, now)
    known = {agency.pk for agency in agencies}
    below: dict[int | None, list[Agency]] = defaultdict(list)
    for agency in sorted(agencies, key=lambda row: row.name):
        below[agency.parent_id if agency.parent_id in known else None].append(agency)
    return [_branch(agency, below, read, known) for agency in below[None]]


def _read(agencies: Sequence[Agency], now: datetime) -> _Read:
    today = {agency.pk: local_date(agency, now) for agency in agencies}
    first, last = min(today.values(), default=now.date()), max(today.values(), default=now.date())
    # Zones differ by a day at the most; who leaves in between is looked at by his own agency's day.
    staff = Employee.objects.filter(agency__in=today).active(last)
    units: dict[int, list[Unit]] = defaultdict(list)
    for unit in Unit.objects.filter(agency__in=today).order_by("name"):
        units[unit.agency_id].append(unit)
    chiefs: dict[int, list[Employee]] = defaultdict(list)
    for person in staff.filter(pk__in=staff.values("superior")).select_related("superior"):
        chiefs[person.agency_id].append(person)
    return _Read(
        units,
        Counter(staff.values_list("agency", "unit")),
        chiefs,
        _substitutes(chiefs.values(), first),
    )


def _substitutes(chiefs: Iterable[Sequence[Employee]], on: date) -> dict[int, list[Substitution]]:
    ids = [person.pk for people in chiefs for person in people]
    rows = Substitution.objects.valid_on(on).filter(principal__in=ids)
    found: dict[int, list[Substitution]] = defaultdict(list)
    for row in rows.select_related("principal", "substitute").order_by("-capacity", "pk"):
        found[row.principal_id].append(row)
    return found


def _branch(
    agency: Agency, below: dict[int | None, list[Agency]], read: _Read, known: set[int]
) -> AgencyBranch:
    chiefs = read.chiefs[agency.pk]
    # Nobody of the agency stands above its head.
    own = {person.pk for person in chiefs}
    heads = [person for person in chiefs if person.superior_id not in own]
    units = tuple(
        UnitBranch(
            unit, _heads(_of_unit(unit, chiefs, heads), read), read.people[agency.pk, unit.pk]
        )
        for unit in read.units[agency.pk]
    )
    is_hidden = agency.parent_id is not None and agency.parent_id not in known
    return AgencyBranch(
        agency,
        _heads(heads, read),
        units,
        sum(count for (pk, _), count in read.people.items() if pk == agency.pk),
        read.people[agency.pk, None],
        tuple(_branch(row, below, read, known) for row in below[agency.pk]),
        agency.parent.name if is_hidden and agency.parent else "",
    )


def _of_unit(unit: Unit, chiefs: Sequence[Employee], heads: Sequence[Employee]) -> list[Employee]:
    """Those of the unit with staff, whose superior is the agency's head or works elsewhere."""
    at_top = {person.pk for person in heads}
    inside = [p for p in chiefs if p.unit_id == unit.pk and p.pk not in at_top]
    ids = {person.pk for person in inside}
    return [person for person in inside if person.superior_id not in ids]


def _heads(people: Iterable[Employee], read: _Read) -> tuple[Head, ...]:
    return tuple(Head(person, tuple(read.substitutes.get(person.pk, ()))) for person in people)
