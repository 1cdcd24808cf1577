"""The places of presses follow the keys of the installation."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from attendance.checkins.places import open_place
from attendance.checkins.rules import Problem, Told
from attendance.models import CheckIn
from foundation.models import Event
from tests.attendance.checkins.phones import at, open_office, press_as
from tests.cast import Cast

pytestmark = pytest.mark.django_db
OLD, NEW = ["kunci lama"], ["kunci baru", "kunci lama"]


def rotated() -> int:
    out = StringIO()
    call_command("rotate_keys", "--json", stdout=out)
    count: int = json.loads(out.getvalue())["others"]["lokasi presensi"]
    return count


@pytest.fixture
def pressed(cast: Cast) -> CheckIn:
    open_office(cast)
    with override_settings(FIELD_KEYS=OLD):
        press_as(cast.employee, "in", at("07.10"), Told(problem=Problem.DENIED))  # tells no place
        return press_as(cast.employee, "in", at("07.12"))


def test_places_are_closed_with_the_newest_key_once(cast: Cast, pressed: CheckIn) -> None:
    with override_settings(FIELD_KEYS=OLD):
        before = open_place(pressed)
    with override_settings(FIELD_KEYS=NEW):
        assert (rotated(), rotated()) == (1, 0)
    pressed.refresh_from_db()
    with override_settings(FIELD_KEYS=NEW[:1]):
        assert before is not None
        assert open_place(pressed) == before
    event = Event.objects.get(verb="keys_rotated")
    assert event.stream == cast.agency.stream
    assert event.after == {"rows": 1, "of": "attendance.checkin"}


def test_a_place_whose_key_is_gone_is_told(pressed: CheckIn) -> None:
    with override_settings(FIELD_KEYS=NEW[:1]), pytest.raises(CommandError, match="1 nilai tidak"):
        call_command("rotate_keys", stdout=StringIO())
