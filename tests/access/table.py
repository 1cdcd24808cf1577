"""The table of who_may.toml, the addresses of the site, and what the table says of a person."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.urls import URLResolver, get_resolver, reverse

from organization.models import ApiToken
from organization.permissions import ROLES
from processes.models import Instance
from tests.access.things import Things
from tests.access.world import Person


@dataclass(frozen=True)
class Rule:
    """Who may do what at one address."""

    route: str
    of: list[str] = field(default_factory=list)
    get: list[str] | None = None
    post: list[str] | None = None
    pd: list[str] | None = None
    but: list[str] = field(default_factory=list)
    args: dict[str, str] = field(default_factory=dict)
    body: dict[str, str] = field(default_factory=dict)
    scope: str = ""  # of an address of the API: what a token must be given
    tells: bool = False  # everybody may read there which agency it is about, and who leads it

    def who(self, method: str) -> list[str] | None:
        found: list[str] | None = getattr(self, method)
        return found


def read_rules(table: dict[str, Any]) -> list[Rule]:
    return [
        Rule(route, **values)
        for route, given in table.items()
        for values in (given if isinstance(given, list) else [given])
    ]


def crawl(
    resolver: URLResolver, space: str = "", above: str = "/", *, api: bool = False
) -> Iterator[tuple[str, str]]:
    """Yield the name and the address, as "/a/<int:b>/", of every page, or of the API."""
    for pattern in resolver.url_patterns:
        path = f"{above}{pattern.pattern}"
        if above == "/" and path.startswith(API) != api:
            continue
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            deeper = path if above != "/" or path != "//" else "/"
            yield from crawl(pattern, inner, deeper, api=api)
        else:
            yield f"{space}{pattern.name}", path


API = "/api/"
TABLE = tomllib.loads(Path(__file__).with_name("who_may.toml").read_text(encoding="utf-8"))
DOORS: dict[str, str] = TABLE.pop("doors")
WITHHELD: dict[str, list[str]] = TABLE.pop("withheld")
API_RULES = [rule for rule in read_rules(TABLE) if rule.route.startswith("api:")]
RULES = [rule for rule in read_rules(TABLE) if rule not in API_RULES]
ROUTES = dict(crawl(get_resolver()))
API_ROUTES = dict(crawl(get_resolver(), api=True))
PART = re.compile(r"<(?:\w+:)?(\w+)>")  # of an address: "<int:task_id>"


def address(rule: Rule, things: Things, name: str) -> str:
    """Return the address of this thing; the first id in it is the thing's own."""
    kwargs: dict[str, Any] = {
        key: _of_things(things, value[1:]) if value.startswith("@") else value
        for key, value in rule.args.items()
    }
    if name:
        route = (ROUTES | API_ROUTES)[rule.route]
        (part,) = [part for part in PART.findall(route) if part not in kwargs]
        kwargs[part] = things[name].pk
    return reverse(rule.route, kwargs=kwargs)


def _of_things(things: Things, text: str) -> Any:
    """Return the id of a thing, or of "document.code" what the thing says by that name."""
    name, _, attribute = text.partition(".")
    return getattr(things[name], attribute or "pk")


def may(person: Person, terms: list[str], things: Things | None, name: str = "") -> bool:
    """Say what the table says. `things` None: the address is about nothing of an agency."""
    return any(_fits(person, term, things, name) for term in terms)


def _fits(person: Person, term: str, things: Things | None, name: str) -> bool:
    if term == "public" or person.user is None:
        return term == "public"
    if term == "anyone":
        return True
    if term == "employee":
        return person.user.employee is not None
    if "." in term:
        if term in person.withheld:
            return False
        held = person.roles if things is None else {things.agency.pk: _held(person, things)}
        return any(term in ROLES.get(role, ()) for roles in held.values() for role in roles)
    assert things is not None
    return _fits_object(person, term, things, things[name])


def is_shut_out(person: Person, rule: Rule) -> bool:
    """Say whether the whole room of this address is closed to the person."""
    right = DOORS.get(rule.route.split(":")[0])
    return right is not None and not _fits(person, right, None, "")


def _held(person: Person, things: Things) -> frozenset[str]:
    return person.roles.get(things.agency.pk, frozenset())


def _fits_object(person: Person, term: str, things: Things, thing: Any) -> bool:
    user = person.user
    assert user is not None
    if term == "lane":
        return thing.lane in _held(person, things) or thing.assignee_id == user.pk
    if term == "offered":
        named = thing.assignee_id
        return bool(named == user.pk if named else thing.lane in _held(person, things))
    if term == "asker":
        return bool(thing.requested_by_id == user.pk)
    if term == "owner":
        owner = thing.user_id if isinstance(thing, ApiToken) else thing.owner_id
        return bool(owner == user.pk)
    if term == "lane_here":
        instance = thing if isinstance(thing, Instance) else thing.instance
        lanes = instance.tasks.values_list("lane", flat=True)
        return bool(set(lanes) & _held(person, things))
    about = getattr(thing, "employee", None) or things["employee"]
    above = [about.superior_id, about.superior.superior_id] if about.superior else []
    if term == "self":
        return bool(about.pk == user.employee_id)
    if term == "direct":
        return user.employee_id is not None and above[:1] == [user.employee_id]
    if term == "above":
        return user.employee_id is not None and user.employee_id in above
    raise AssertionError(f"who_may.toml says {term!r}, which nobody understands")
