"""The command that seals everything with the newest key."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from devices.models import Device, FingerprintTemplate, RawUpload
from devices.services.secrets import open_template, template_digest
from devices.services.storing import open_content
from foundation import crypto
from foundation.models import Event
from tests.cast import Cast
from tests.devices.office_acts import fill

OLD, NEW = ["kunci lama"], ["kunci baru", "kunci lama"]


@pytest.fixture
def filled(cast: Cast) -> None:
    with override_settings(FIELD_KEYS=OLD):
        fill(code=cast.agency.code, fingers=3, bodies=2)


def rotate() -> dict[str, object]:
    out = StringIO()
    call_command("rotate_keys", "--json", stdout=out)
    answer: dict[str, object] = json.loads(out.getvalue())
    return answer


def test_everything_is_sealed_with_the_newest_key_once(filled: None, cast: Cast) -> None:
    with override_settings(FIELD_KEYS=NEW):
        first, again = rotate(), rotate()
    assert [first[name] for name in ("fingers", "comm_keys", "uploads")] == [3, 1, 2]
    assert [again[name] for name in ("fingers", "comm_keys", "uploads")] == [0, 0, 0]
    assert first["unreadable"] == again["unreadable"] == []
    with override_settings(FIELD_KEYS=NEW[:1]):
        assert open_template(FingerprintTemplate.objects.latest("pk"))
        assert open_content(RawUpload.objects.latest("pk")).startswith(b"FP PIN=")
    events = Event.objects.filter(verb="keys_rotated")
    assert sum(event.after["rows"] for event in events) == 6
    assert {event.stream for event in events} == {cast.agency.stream}


def test_digests_follow_their_own_key(filled: None) -> None:
    with override_settings(FIELD_KEYS=OLD, SECRET_KEY="rahasia yang lain"):
        row = FingerprintTemplate.objects.latest("pk")
        assert row.digest != template_digest(open_template(row))
        assert rotate()["fingers"] == 3
        row.refresh_from_db()
        assert row.digest == template_digest(open_template(row))


def test_what_does_not_open_is_told_and_the_rest_is_done(filled: None) -> None:
    device = Device.objects.get()
    with override_settings(FIELD_KEYS=["kunci hilang"]):
        device.comm_key_sealed = crypto.encrypt(b"1", bound_to="entah")
        device.save()
    with override_settings(FIELD_KEYS=NEW), pytest.raises(CommandError, match="1 nilai tidak"):
        call_command("rotate_keys", stdout=StringIO())
    with override_settings(FIELD_KEYS=NEW):
        assert all(crypto.is_current(row.sealed) for row in FingerprintTemplate.objects.all())
