"""Requests that no page makes: forged, without token, with ids and values that make no sense.

They are made by somebody who has every right in his agency, so that nothing is refused too early.
The menu around a page knows nothing of what is sent; it is drawn for everybody elsewhere.
"""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from organization.models import User
from processes.models import Task
from tests.access.table import PART, ROUTES, RULES, Rule, address
from tests.access.world import Person, World, ask, body_of

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.xdist_group("access-odd")]
WITHOUT_FRAME = True

IDS = ["0", "-1", "9223372036854775807", "9223372036854775808", "9" * 60, "teks", "%EF%BC%91",
       "%00"]  # fmt: skip
WORDS = ["", "-1", "9" * 40, "²", "\x00", "é" * 300, "1000-01", "9999-12", "0001-01-01",
         "9999-12-31", "2026-02-30"]  # fmt: skip
FILE_FIELDS = ("@pdf", "@photo", "@log", "@table", "@zip")
FILES = [b"", b"%PDF-\x00", b"PK\x03\x04"]
QUERY = ("page", "q", "cari", "bulan", "tanggal", "status", "sop", "agency", "bidang", "keadaan",
         "lengkap", "tampil", "semua", "pin", "next")  # fmt: skip


def rules(method: str) -> pytest.MarkDecorator:
    """Go through the addresses that know this method."""
    found = [rule for rule in RULES if rule.who(method) is not None]
    return pytest.mark.parametrize("rule", found, ids=lambda rule: rule.route)


every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.route)


@pytest.fixture
def head(world: World) -> Person:
    """Who holds every role in the other agency."""
    return world.people["outsider"]


def path_of(rule: Rule, world: World) -> str:
    return address(rule, world.other, rule.of[0] if rule.of else "")


def test_the_bare_frame_has_the_places_of_the_real_one() -> None:
    real = Path(settings.BASE_DIR, "config", "templates", "base.html")
    bare = Path(__file__).parent / "templates" / "frame" / "base.html"
    places = [re.findall(r"{% block (\w+) %}", file.read_text()) for file in (real, bare)]
    assert sorted(places[0]) == sorted(places[1])


@every_rule
@pytest.mark.fault("F47")
def test_an_address_of_nothing_is_not_found(world: World, head: Person, rule: Rule) -> None:
    route = ROUTES[rule.route]
    method = "get" if rule.get is not None else "post"
    faults = []
    for value in IDS if PART.search(route) else ():
        path = PART.sub(value, route)
        seen = ask(head.client, method, path)
        if seen.status != 404 or seen.writes:
            faults.append(f"{method} {path[:80]}: {seen.status}")
    assert faults == []


@rules("get")
def test_no_query_breaks_a_page(world: World, head: Person, rule: Rule) -> None:
    faults = []
    # Who asks for one thing asks little beside: the odd numbers are enough.
    for word in WORDS[2:5] if rule.of else WORDS:
        for query in [dict.fromkeys(QUERY, word), *([{"pd": word}] if rule.pd else [])]:
            seen = ask(head.client, "get", path_of(rule, world), query)
            is_storable = "\x00" not in word  # what PostgreSQL stores nowhere is refused at once
            if seen.status >= 500 or (seen.status != 400 and not is_storable):
                faults.append(f"{word[:20]!r}: {seen.status}")
            if seen.changes:
                faults.append(f"{word[:20]!r}: {seen.status}")
    assert faults == []


def odd_values(usual: str) -> list[str | SimpleUploadedFile]:
    """Return what a field may hold that nobody means, given what it usually holds.

    A word is no file whatever it says, nor is a file a word whatever is in it.
    """
    files = [SimpleUploadedFile("a\u202e.pdf", content) for content in FILES]
    if usual in FILE_FIELDS:
        return ["", "teks", "\x00", *files]
    return [*WORDS, files[1]]


@rules("post")
def test_no_word_breaks_a_form(world: World, head: Person, rule: Rule) -> None:
    """Each field in turn says something odd, or is a file that is none."""
    faults = []
    for field, usual in rule.body.items():
        for odd in odd_values(usual):
            body = body_of(rule.body, world.other, world.other.agency.code) | {field: odd}
            seen = ask(head.client, "post", path_of(rule, world), body)
            if seen.status >= 500 or (odd == "\x00" and seen.status != 400):
                faults.append(f"{field}={str(odd)[:20]!r}: {seen.status}")
    assert faults == []


@rules("post")
@pytest.mark.fault("F47")
def test_ids_of_another_agency_in_a_form_write_nothing(
    world: World, head: Person, rule: Rule
) -> None:
    foreign = {name: value for name, value in rule.body.items() if value[1:] in world.own}
    for name, value in foreign.items():
        body = body_of(rule.body, world.other) | body_of({name: value}, world.own)
        seen = ask(head.client, "post", path_of(rule, world), body)
        assert seen.status < 500
        assert seen.writes == [], name


@every_rule
@pytest.mark.fault("F46")
def test_a_form_without_its_token_is_refused(world: World, rule: Rule) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies.load(world.people["outsider"].client.cookies.output(header="", sep=";"))
    seen = ask(client, "post", path_of(rule, world), body_of(rule.body, world.other))
    assert (seen.status, seen.writes) == (403, [])
    assert ask(client, "delete", path_of(rule, world)).status == 403


def test_a_task_that_is_over_or_yet_to_come_is_not_worked_on(world: World) -> None:
    acts = ("selesai", "draf", "ambil", "lepas", "mulai", "coba-lagi", "alihkan")
    future = Task.objects.latest("id").pk + 1
    operator = world.people["operator"].client
    for act in acts:
        assert ask(operator, "post", f"/tugas/{future}/{act}/").status == 404
    done = world.own["task_done"]
    for act in acts:
        body = {"to_user": world.own["operator2"].pk, "reason": "cuti"}
        seen = ask(operator, "post", f"/tugas/{done.pk}/{act}/", body)
        assert (seen.status, seen.writes) == (409, []), act


def test_who_must_choose_a_password_first_gets_nowhere_else(world: World) -> None:
    head = world.people["outsider"]
    assert head.user is not None
    User.objects.filter(pk=head.user.pk).update(must_change_password=True)
    for rule in RULES:
        if rule.route in ("login", "logout", "password_change"):
            continue
        method = "get" if rule.get is not None else "post"
        seen = ask(head.client, method, path_of(rule, world), body_of(rule.body, world.other))
        assert (seen.status, seen.location) == (302, "/accounts/password/"), rule
        assert seen.writes == []
