"""Every address of the API: who may there with a token, and that nobody may without one.

What is allowed stands in tests/access/who_may.toml, beside the pages.
"""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from organization.api_scopes import SCOPES
from organization.models import ApiToken
from organization.services.api_tokens import digest_of
from tests.access.conftest import world
from tests.access.table import API_ROUTES, API_RULES, Rule, address, may
from tests.access.test_access_matrix import is_asked, leak, tries
from tests.access.things import Things
from tests.access.world import Person, Seen, World, ask, body_of
from tests.api.programs import Program
from tests.stages import AFTER_THE_MONTH

__all__ = ["world"]

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("api-access")]
METHODS = ("get", "post")
# Where nothing is: the root, from which the description counts its paths, and what is no address.
NOWHERE = {"api:api-root", "api_unknown"}
KNOWN = {
    (API_ROUTES[rule.route], method)
    for rule in API_RULES
    for method in METHODS
    if rule.who(method) is not None
}
every_rule = pytest.mark.parametrize("rule", API_RULES, ids=lambda rule: rule.route)


@dataclass
class Keys:
    """Texts of tokens by person: with every scope, and with every scope but one."""

    made: dict[tuple[str, str], str]

    def of(self, person: Person, without: str = "") -> str:
        return self.made.get((person.name, without), "")


@pytest.fixture(scope="module")
def keys(world: World, django_db_blocker: DjangoDbBlocker) -> Keys:
    """Everybody's tokens; they were used today already, so that reading writes nothing."""
    made: dict[tuple[str, str], str] = {}
    rows = []
    for person in world.people.values():
        for without in ("", *SCOPES) if person.user else ():
            public_id = f"uji{len(made):06}"
            made[person.name, without] = f"sopan_{public_id}_rahasia"
            rows.append(
                ApiToken(
                    user=person.user,
                    name="Uji",
                    public_id=public_id,
                    secret_sha256=digest_of("rahasia"),
                    scopes=[scope for scope in SCOPES if scope != without],
                    created_at=AFTER_THE_MONTH,
                    expires_at=AFTER_THE_MONTH.replace(year=2027),
                    last_used_on=timezone.localdate(AFTER_THE_MONTH),
                )
            )
    with django_db_blocker.unblock():
        ApiToken.objects.bulk_create(rows)
    return Keys(made)


@pytest.fixture(autouse=True)
def _often(settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = settings.API_FAILURES_PER_MINUTE = 10**6


def test_every_address_of_the_api_is_in_the_table_and_no_other() -> None:
    assert {rule.route for rule in API_RULES} == set(API_ROUTES) - NOWHERE


def test_every_address_but_the_description_asks_for_a_scope() -> None:
    assert [rule.route for rule in API_RULES if not rule.scope] == ["api:openapi-json"]
    assert {rule.scope for rule in API_RULES} - {""} <= set(SCOPES)


def sent(rule: Rule, things: Things) -> dict[str, Any]:
    """Return what is posted; files and forms are, everything else goes as JSON."""
    given = {
        name: getattr(things[value[1:].partition(".")[0]], value.partition(".")[2])
        if isinstance(value, str) and value.startswith("@") and "." in value
        else value
        for name, value in rule.body.items()
    }
    if "@pdf" in given.values():
        return {"data": body_of(given, things)}
    return {"data": json.dumps(given), "content_type": "application/json"}


def asked(client: Client, method: str, path: str, rule: Rule, things: Things, text: str) -> Seen:
    extra: dict[str, Any] = {"HTTP_AUTHORIZATION": f"Bearer {text}"} if text else {}
    if method == "get":
        return ask(client, method, path, **extra)
    given = sent(rule, things) if method == "post" else {}
    form = given.pop("data", {})
    if isinstance(form, dict):
        return ask(client, method, path, form, **extra)
    return ask(_Json(client, form), method, path, HTTP_IDEMPOTENCY_KEY="kunci", **extra)


class _Json(Client):
    """Posts a text as JSON."""

    def __init__(self, client: Client, text: str) -> None:
        super().__init__(raise_request_exception=False)
        self.text, self.cookies = text, client.cookies

    def post(self, path: str, data: Any = None, **extra: Any) -> Any:  # type: ignore[override]
        return super().post(path, self.text, content_type="application/json", **extra)


def fault(seen: Seen, person: Person, tried: Any, method: str) -> str:
    """Return what is wrong with an answer to a token that has every scope; empty if nothing is."""
    allowed = tried.terms is not None and may(
        person, tried.terms, tried.things if tried.about else None, tried.name
    )
    if seen.status >= 500:
        return "breaks"
    if method == "get" and seen.writes:
        return f"writes: {seen.writes}"
    if allowed:
        return "is refused" if seen.status in (401, 403, 404, 405) else ""
    if seen.writes:
        return f"is refused but writes: {seen.writes}"
    if tried.terms is None:
        return "" if seen.status == 405 else "should know no such method"
    if person.user is None:
        return "" if seen.status == 401 else "lets in"
    if tried.hidden:
        return "" if seen.status == 404 else "tells that it exists"
    return "" if seen.status in (403, 404) else "lets in"


@every_rule
def test_everybody_gets_with_a_token_what_the_table_says(
    world: World, keys: Keys, rule: Rule
) -> None:
    faults, client = [], Client(raise_request_exception=False)
    for number, person in enumerate(world.people.values()):
        text = keys.of(person)
        for method in (m for m in METHODS if is_asked(rule, number, person, m)):
            if rule.who(method) is None and (API_ROUTES[rule.route], method) in KNOWN:
                continue  # another operation at the same address
            for tried in tries(rule, world, person, method):
                seen = asked(client, method, tried.path, rule, tried.things, text)
                wrong = fault(seen, person, tried, method) or leak(seen, person, world)
                if wrong:
                    faults.append(f"{person.name} {method} {tried.path}: {seen.status} {wrong}")
    assert not faults, "\n".join(faults)


@every_rule
def test_nobody_gets_anything_by_a_session_or_without_the_scope(
    world: World, keys: Keys, rule: Rule
) -> None:
    if not rule.scope:
        return
    path = address(rule, world.own, rule.of[0] if rule.of else "")
    for person in world.people.values():
        for method in METHODS:
            if rule.who(method) is None:
                continue
            seen = asked(person.client, method, path, rule, world.own, "")
            assert (seen.status, seen.writes) == (401, []), f"{person.name} {method} {path}"
            if person.user is not None:
                text = keys.of(person, without=rule.scope)
                seen = asked(person.client, method, path, rule, world.own, text)
                assert (seen.status, seen.writes) == (403, []), f"{person.name} {method} {path}"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/", 404),
        ("get", "/tidak-ada", 404),
        ("post", "/tidak-ada", 404),
        ("delete", "/tasks", 405),
        ("post", "/definitions", 405),
        ("get", "/tasks?after=x", 422),
        ("get", f"/tasks/{10**30}", 404),
        ("get", "/instances/7%00", 404),
        ("get", "/instances?agency=%00", 400),
        ("post", "/instances", 422),
    ],
)
def test_whatever_is_wrong_is_told_as_a_problem(
    world: World, keys: Keys, method: str, path: str, status: int
) -> None:
    program = Program(keys.of(world.people["kadis"]))
    answer = getattr(program, method)(path)
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.body["status"] == status
    assert {"type", "title", "detail"} <= set(answer.body)


def test_what_is_no_json_is_told_400(world: World, keys: Keys) -> None:
    program = Program(keys.of(world.people["kadis"]))
    for text in ("{", "\x00", "[" * 100_000):
        response = program.client.post(
            "/api/v1/instances", text, content_type="application/json",
            HTTP_AUTHORIZATION=f"Bearer {program.text}",
        )  # fmt: skip
        assert response.status_code in (400, 422)
        assert response["Content-Type"] == "application/problem+json"


def test_a_fault_of_the_server_tells_nothing_of_itself(
    world: World, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any) -> None:
        raise RuntimeError("rahasia dapur")

    monkeypatch.setattr("processes.api.tasks._box", broken)
    answer = Program(keys.of(world.people["kadis"])).get("/tasks")
    assert answer.status == 500
    assert b"dapur" not in answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
