"""Which decision of the office held on which day: `policy.toml`, and the rows that override it.

An agency's own row goes before one for all; at the same distance the one that began last, and of
those of one day the one written last.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from sys import maxsize

from django.db.models import BigAutoField, DateField, Q, QuerySet

from attendance.law.policy import DEFAULT, Policy, PolicyError
from attendance.models import PolicySetting
from foundation.prepared import PreparedQuery, Slot


def _held() -> "QuerySet[PolicySetting]":
    here = Q(agency=None) | Q(agency=Slot("agency", BigAutoField()))
    last = Slot("last", DateField())
    return PolicySetting.objects.filter(here, valid_from__lte=last).order_by("pk")


_HELD = PreparedQuery(_held)


@dataclass
class Policies:
    """The policy of each day of one agency; days between two changes share one object."""

    rows: Sequence[PolicySetting]  # in the order in which they were written
    _known: dict[tuple[int, ...], Policy] = field(default_factory=dict)

    @classmethod
    def load(cls, agency_id: int, last: date) -> "Policies":
        """Read what holds for an agency on any day up to `last`; one query."""
        return cls(_HELD.all(agency=agency_id, last=last))

    def on(self, day: date) -> Policy:
        """Return the values in force on a day."""
        if not self.rows:
            return DEFAULT
        held = self.overrides(day)
        key = tuple(row.pk for row in held.values())
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = combined(held)
        return found

    def overrides(self, day: date) -> Mapping[str, PolicySetting]:
        """Return the row that holds on a day, by the setting's name."""
        held: dict[str, PolicySetting] = {}
        for row in sorted((row for row in self.rows if row.valid_from <= day), key=rank):
            held[row.name] = row
        return held

    @property
    def changes(self) -> list[date]:
        """Return the days on which some value begins to hold."""
        return sorted({row.valid_from for row in self.rows})


def policies_of(agency_id: int, first: date, last: date) -> Policies:
    """Return the policies of an agency's days; `.on(day)` is a look-up, `first` bounds nothing."""
    return Policies.load(agency_id, last)


def rank(row: PolicySetting) -> tuple[bool, date, int]:
    """Order rows so that the one that holds comes last; one not stored yet is the newest."""
    return row.agency_id is not None, row.valid_from, row.pk or maxsize


def combined(held: Mapping[str, PolicySetting]) -> Policy:
    """Return the default with these rows in force.

    A value that a later release no longer takes is left out, and the page of rules names it.
    """
    try:
        return DEFAULT.changed({name: row.value for name, row in held.items()})
    except PolicyError:
        policy = DEFAULT
        for row in held.values():
            policy = _with(policy, row)
        return policy


def unreadable(rows: Iterable[PolicySetting]) -> list[PolicySetting]:
    """Return the rows whose value no setting takes any more."""
    return [row for row in rows if problem_of(row)]


def problem_of(row: PolicySetting) -> str:
    """Return why a row's value cannot be in force by itself; "" if it can."""
    try:
        DEFAULT.changed({row.name: row.value})
    except PolicyError as error:
        return str(error)
    return ""


def _with(policy: Policy, row: PolicySetting) -> Policy:
    try:
        return policy.changed({row.name: row.value})
    except PolicyError:
        return policy
