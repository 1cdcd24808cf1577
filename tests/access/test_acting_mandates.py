"""Before, during and after an acting mandate: every address, for somebody who acts in each role.

The same account tries the same addresses on three days, about the agency where it acts and about
one where it does not. Before and after its one day it may nothing in either; on that day it may in
the first what the role may, less what who_may.toml withholds from a Plt. or Plh., and in the other
still nothing: not even learn that there is such a thing.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from organization.mandates import acting
from organization.models import User
from organization.permissions import ROLES
from tests.access.table import RULES, WITHHELD, Rule
from tests.access.test_access_matrix import METHODS, Try, fault, leak, tries
from tests.access.world import SOP_ROLE, Person, World, ask, body_of, client_of
from tests.cast import appoint, make_employee, make_user
from tests.stages import AFTER_THE_MONTH

pytestmark = [pytest.mark.django_db, pytest.mark.long]
DAY = timedelta(days=1)
MOMENTS = {
    "before": AFTER_THE_MONTH - DAY,
    "during": AFTER_THE_MONTH,
    "after": AFTER_THE_MONTH + DAY,
}


def test_what_the_table_withholds_is_what_the_product_withholds() -> None:
    for capacity, kept in WITHHELD.items():
        rows = [row for row in acting.WITHHELD if capacity in row.capacities]
        assert set(kept) == {name for row in rows for name in row.capabilities}
    assert WITHHELD.keys() == acting.TITLES.keys()


def stand_in(world: World, role: str, capacity: str) -> User:
    """Return somebody of a third agency who acts in a role of the first for one day."""
    home = world.people["bkd"].user
    assert home is not None
    assert home.employee is not None
    user = make_user(make_employee(home.employee.agency, f"Pengganti {role}"), f"{capacity} {role}")
    today = AFTER_THE_MONTH.date()
    appoint(
        user, role, world.own.agency, capacity=capacity, letter_number="800/9/2026",
        valid_from=today, valid_until=today,
    )  # fmt: skip
    return user


def person_at(world: World, user: User, role: str, capacity: str, moment: str) -> Person:
    held = {world.own.agency.pk: frozenset({role})} if moment == "during" else {}
    withheld = frozenset(WITHHELD[capacity])
    return Person(f"{user.username} {moment}", user, held, client_of(user), withheld)


def samples(rule: Rule, world: World, person: Person, method: str) -> Iterator[Try]:
    """Yield one request about each of the two agencies, or the one that is about neither."""
    seen = set[int]()
    for tried in tries(rule, world, person, method):
        about = tried.things.agency.pk if tried.about else 0
        if about not in seen:
            seen.add(about)
            yield tried


KNOWN = [(rule, m) for rule in RULES for m in METHODS if rule.who(m) is not None]


@pytest.mark.parametrize("capacity", acting.TITLES)
@pytest.mark.parametrize("role", [*ROLES, SOP_ROLE])
@pytest.mark.fault("F52")
def test_a_mandate_opens_on_its_day_what_the_role_may_there_and_nothing_else_ever(
    world: World, role: str, capacity: str
) -> None:
    user, faults, count = stand_in(world, role, capacity), [], Counter[int]()
    for moment, at in MOMENTS.items():
        with time_machine.travel(at, tick=False):
            person = person_at(world, user, role, capacity, moment)
            for rule, method in KNOWN:
                for tried in samples(rule, world, person, method):
                    body = body_of(rule.body, tried.things, tried.pd) if method == "post" else None
                    seen = ask(person.client, method, tried.path, body)
                    count[tried.things.agency.pk if tried.about else 0] += 1
                    wrong = fault(seen, person, rule, tried, method)
                    if wrong := wrong or ("" if rule.tells else leak(seen, person, world)):
                        faults.append(f"{person.name} {method} {tried.path}: {seen.status} {wrong}")
    assert not faults, "\n".join(faults)
    of_agencies = [rule for rule, _ in KNOWN if rule.of or rule.pd is not None]
    assert count[world.own.agency.pk] == len(MOMENTS) * len(of_agencies)
    assert count[world.other.agency.pk] == count[world.own.agency.pk]
    assert count[0] == len(MOMENTS) * len([rule for rule, _ in KNOWN if not rule.of])
