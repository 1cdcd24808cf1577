"""Who may do what: everybody tries every address, for things of the own and of another agency.

What is allowed stands in who_may.toml; an address that it does not know fails here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.urls import get_resolver

from organization.permissions import ROLES
from tests.access.table import ROUTES, RULES, Rule, address, crawl, is_shut_out, may
from tests.access.things import Things
from tests.access.world import SOP_ROLE, Person, Seen, World, ask, body_of

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("access-matrix")]
METHODS = ("get", "post")
# A script, a handler or a style in the text of a page: the policy of the site lets none of it run.
TURNS = 4
IN_THE_TEXT = re.compile(r"<script(?![^>]* src=)|<style|<[a-z]+ [^>]*(?:\bon[a-z]+|style)=\"")
LOGIN = "/accounts/login/?next="  # where a visitor is led, and nobody else
every_route = pytest.mark.parametrize("rule", RULES, ids=lambda r: "-".join([r.route, *r.of[:1]]))


def test_every_address_of_the_site_is_in_the_table_and_no_other() -> None:
    assert {rule.route for rule in RULES} == set(ROUTES)
    assert len(list(crawl(get_resolver()))) == len(ROUTES)  # no name is given twice


def test_every_right_that_the_table_names_is_somebodys() -> None:
    rights = {term for rule in RULES for m in METHODS for term in rule.who(m) or () if "." in term}
    assert rights <= frozenset().union(*ROLES.values())


def test_every_role_is_tried_by_somebody_and_one_that_only_sops_know(world: World) -> None:
    held = {
        role
        for person in world.people.values()
        for roles in person.roles.values()
        for role in roles
    }
    assert held == {*ROLES, SOP_ROLE}
    assert SOP_ROLE not in ROLES


# Trying -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Try:
    """One request, and what the table says of it."""

    path: str
    things: Things
    terms: list[str] | None
    name: str = ""
    pd: str = ""
    hidden: bool = False  # not even that there is such a thing may be told
    about: bool = True  # about things of one agency


def tries(rule: Rule, world: World, person: Person, method: str) -> Iterator[Try]:
    """Yield the requests of this person at an address."""
    terms = rule.who(method)
    home = world.other if person.agencies == {world.other.agency.pk} else world.own
    if terms is None:
        yield Try(address(rule, home, rule.of[0] if rule.of else ""), home, None)
        return
    for things in (world.own, world.other):
        hidden = things.agency.pk not in person.agencies
        # What somebody may not know of is looked up alike, in whatever state it is.
        for name in rule.of[:1] if hidden else rule.of:
            yield Try(address(rule, things, name), things, terms, name, hidden=hidden)
        if rule.pd is not None:
            code = things.agency.code
            yield Try(f"{address(rule, home, '')}?pd={code}", things, rule.pd, pd=code)
    if not rule.of:
        yield Try(address(rule, home, ""), home, terms, about=False)


def fault(seen: Seen, person: Person, rule: Rule, tried: Try, method: str) -> str:
    """Return what is wrong with an answer; empty if nothing is."""
    about = tried.things if tried.about else None
    allowed = tried.terms is not None and may(person, tried.terms, about, tried.name)
    allowed = allowed and not may(person, rule.but, about, tried.name)
    to_login = seen.status == 302 and seen.location.startswith(LOGIN)
    if seen.status >= 500:
        return "breaks"
    if method == "get" and seen.changes:
        return f"writes: {seen.changes}"
    if allowed:
        return "is refused" if seen.status in (403, 404, 405) or to_login else ""
    if seen.writes:
        return f"is refused but writes: {seen.writes}"
    if person.user is None:
        known = seen.status == 405 and "public" in (rule.get or rule.post or [])
        return "" if to_login or seen.status == 404 or known else "lets in"
    if is_shut_out(person, rule):
        return "" if seen.status == 403 else "opens the door"
    if tried.terms is None:
        return "" if seen.status == 405 else "should know no such method"
    if tried.hidden:
        return "" if seen.status == 404 else "tells that it exists"
    return "" if seen.status in (403, 404) else "lets in"


def unguarded(seen: Seen) -> str:
    """Say what a browser would run that is not one of our own files."""
    if "script-src 'self';" not in f"{seen.policy};" or "unsafe" in seen.policy:
        return f"has the policy {seen.policy!r}"
    found = IN_THE_TEXT.search(seen.text) if seen.is_page else None
    return f"has {found[0]}" if found else ""


def leak(seen: Seen, person: Person, world: World) -> str:
    """Say what a page tells of an agency with which the person has nothing to do."""
    for things in (world.own, world.other):
        if things.agency.pk not in person.agencies:
            for name in things.names:
                if name in seen.text:
                    return f"names {name}"
    return ""


def is_asked(rule: Rule, number: int, person: Person, method: str) -> bool:
    """Say whether this person asks; what an address knows no method for is alike for all.

    There a visitor asks, and every fourth of the others: at another address it is another one.
    """
    is_their_turn = (number + len(rule.route)) % TURNS == 0
    return rule.who(method) is not None or person.user is None or is_their_turn


@pytest.mark.parametrize("half", [0, pytest.param(1, marks=pytest.mark.long)])
@every_route
def test_everybody_gets_what_the_table_says(world: World, rule: Rule, half: int) -> None:
    """Half of the people at each address, other ones at another; the other half takes as long."""
    faults, count = [], 0
    people = [
        (number, person)
        for number, person in enumerate(world.people.values())
        if (number + len(rule.route)) % 2 == half
    ]
    for number, person in people:
        for method in (m for m in METHODS if is_asked(rule, number, person, m)):
            for tried in tries(rule, world, person, method):
                body = body_of(rule.body, tried.things, tried.pd) if method == "post" else None
                seen = ask(person.client, method, tried.path, body)
                count += 1
                wrong = fault(seen, person, rule, tried, method)
                wrong = wrong or unguarded(seen)
                if wrong := wrong or ("" if rule.tells else leak(seen, person, world)):
                    faults.append(f"{person.name} {method} {tried.path}: {seen.status} {wrong}")
    assert not faults, "\n".join(faults)
    assert count >= len(people)
