"""A frozen month stays as it is whatever anybody sends to any address that takes a form.

Everybody with an office posts everything to every address of the site while the month is frozen:
before and after, the recap is the same to the last letter.
"""

from typing import Any

import pytest
from django.conf import settings

from attendance.models import Recap
from attendance.recaps.seals import content_hash
from tests.access.table import ROUTES, RULES, Rule, address
from tests.access.things import Things
from tests.access.world import Person, World, body_of, undone
from tests.attendance.tampering import tamper

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("access-matrix")]
TRYING = ("kadis", "admin", "operator", "secretary", "bkd", "pengelola")
POSTED = [rule for rule in RULES if rule.post is not None]


@pytest.fixture
def frozen(world: World) -> Recap:
    """April of the agency, frozen as the guards of the models know it."""
    recap: Recap = world.own["recap"]
    tamper(Recap.objects.filter(pk=recap.pk), status="frozen", frozen_at=recap.built_at)
    return Recap.objects.get(pk=recap.pk)


def told(pk: int) -> tuple[Any, ...]:
    """Return all that a recap says, and the hash of its rows as they are now."""
    recap = Recap.objects.get(pk=pk)
    values = Recap.objects.filter(pk=pk).values_list().get()
    return (*values, recap.rows.count(), content_hash(recap, recap.rows.all()))


def addresses(rule: Rule, things: Things) -> list[str]:
    return [address(rule, things, name) for name in rule.of or [""]]


def post(person: Person, rule: Rule, path: str, things: Things) -> None:
    body = body_of(rule.body, things, things.agency.code)
    person.client.post(path, body)


@pytest.mark.parametrize("rule", POSTED, ids=lambda rule: rule.route)
def test_no_form_changes_it(world: World, frozen: Recap, rule: Rule) -> None:
    before = told(frozen.pk)
    for name in TRYING:
        for path in addresses(rule, world.own):
            with undone():
                post(world.people[name], rule, path, world.own)
                assert told(frozen.pk) == before, f"{name} {path}"


def test_there_is_no_admin_site_and_no_other_door() -> None:
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert {rule.route for rule in RULES} == set(ROUTES)
