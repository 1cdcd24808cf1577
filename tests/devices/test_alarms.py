"""Alarms: raised once while they last, cleared by their cause or settled by a person."""

from datetime import timedelta

import pytest
from django.db.utils import IntegrityError

from devices.exceptions import NotAllowedNow
from devices.models import Alarm
from devices.services.alarms import clear_alarm, raise_alarm, settle_alarm
from foundation.models import Event
from organization.permissions import actor_for
from tests.cast import NOW, Cast
from tests.devices.make import make_device

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
CLONED = Alarm.Kind.CLONED


def test_the_same_trouble_is_one_alarm_that_counts(cast: Cast) -> None:
    device = make_device(cast.agency)
    first = raise_alarm(kind=CLONED, target="SIM1", text="Dua alamat.", device=device, now=NOW)
    again = raise_alarm(
        kind=CLONED, target="SIM1", text="Tiga alamat.", device=device, now=NOW + MINUTE
    )
    assert again.pk == first.pk
    assert (again.times, again.raised_at, again.last_seen_at) == (2, NOW, NOW + MINUTE)
    assert (again.text, again.agency) == ("Tiga alamat.", cast.agency)


def test_what_tells_alarms_apart_is_kind_and_target(cast: Cast) -> None:
    raise_alarm(kind=CLONED, target="A", text="satu", now=NOW)
    raise_alarm(kind=CLONED, target="B", text="dua", now=NOW)
    raise_alarm(kind=Alarm.Kind.CLOCK, target="A", text="tiga", now=NOW)
    assert Alarm.objects.open().count() == 3


def test_the_database_itself_keeps_one_open_alarm(cast: Cast) -> None:
    row = raise_alarm(kind=CLONED, target="A", text="satu", now=NOW)
    row.pk = None
    with pytest.raises(IntegrityError):
        row.save()


def test_a_cause_that_went_away_closes_its_alarm_and_a_new_one_opens_another(cast: Cast) -> None:
    first = raise_alarm(kind=CLONED, target="A", text="satu", now=NOW)
    assert clear_alarm(kind=CLONED, target="A", now=NOW + MINUTE)
    assert not clear_alarm(kind=CLONED, target="A", now=NOW + 2 * MINUTE)
    second = raise_alarm(kind=CLONED, target="A", text="lagi", now=NOW + 3 * MINUTE)
    assert second.pk != first.pk
    first.refresh_from_db()
    assert (first.cleared_at, first.cleared_by) == (NOW + MINUTE, None)


def test_settling_needs_a_note_and_leaves_an_event(cast: Cast) -> None:
    alarm = raise_alarm(
        kind=CLONED, target="A", text="satu", device=make_device(cast.agency), now=NOW
    )
    actor = actor_for(cast.admin, "Admin", cast.agency, NOW)
    with pytest.raises(NotAllowedNow, match="Tulis apa"):
        settle_alarm(alarm=alarm, actor=actor, note=" \n ", now=NOW)
    settled = settle_alarm(alarm=alarm, actor=actor, note="Mesin lama\tdicabut.", now=NOW)
    assert (settled.note, settled.cleared_by) == ("Mesin lama dicabut.", cast.admin)
    event = Event.objects.get(verb="alarm_settled")
    assert (event.actor_name, event.subject) == ("Budi Manafe", f"devices.alarm:{alarm.pk}")
    with pytest.raises(NotAllowedNow, match="sudah ditutup"):
        settle_alarm(alarm=alarm, actor=actor, note="lagi", now=NOW)


def test_an_alarm_of_no_agency_is_settled_in_the_ledger_of_whoever_settles_it(cast: Cast) -> None:
    alarm = raise_alarm(kind=Alarm.Kind.UNKNOWN_PATH, target="/iclock/x", text="aneh", now=NOW)
    actor = actor_for(cast.admin, "Admin", cast.agency, NOW)
    with pytest.raises(NotAllowedNow, match="Pilih perangkat daerah"):
        settle_alarm(alarm=alarm, actor=actor, note="uji coba", now=NOW)
    settle_alarm(alarm=alarm, actor=actor, note="uji coba", now=NOW, agency=cast.agency)
    assert Event.objects.get(verb="alarm_settled").stream == cast.agency.stream
