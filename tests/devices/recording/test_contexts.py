"""The berita acara of recorded fingers: who, which finger, at which machine, under whose eyes."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from devices import services
from devices.models import Device
from devices.recording.contexts import day_in_words, recordings
from foundation.actors import SYSTEM
from organization.permissions import person
from tests.cast import NOW, Cast, make_supervisor
from tests.devices.make import confirm_all, make_device
from tests.devices.recordings import employee_of, place_everybody, show
from workflows.registry import Request


@pytest.fixture
def lobby(cast: Cast) -> Device:
    device = make_device(cast.agency, "LOBBY0001", name="Mesin Lobi")
    place_everybody(device)
    return device


def told(cast: Cast, subject: str = "2026-04-20") -> list[dict[str, Any]]:
    asked: Any = Request(agency_id=cast.agency.pk, subject=subject, actor=SYSTEM, now=NOW)
    entries: list[dict[str, Any]] = recordings(asked)["perekaman"]
    return entries


def test_a_day_without_recordings_has_none_to_tell(cast: Cast) -> None:
    assert told(cast) == []


def test_fingers_of_one_person_and_day_are_one_paper(cast: Cast, lobby: Device) -> None:
    sari, joko = employee_of(cast.operator), employee_of(cast.employee)
    show(lobby, (sari, 6, "satu"), (sari, 3, "dua"), (joko, 6, "tiga"))

    entries = told(cast)

    assert {entry["nama"]: len(entry["jari"]) for entry in entries} == {
        "Sari Benu": 2, "Joko Tallo": 1
    }  # fmt: skip
    first = next(entry for entry in entries if entry["nama"] == "Sari Benu")
    assert first["jenis"] == "perekaman"
    assert first["pengelola"] == {}
    assert {row["sn"] for row in first["jari"]} == {"LOBBY0001"}
    assert {row["jari"] for row in first["jari"]} == {"telunjuk kanan", "telunjuk kiri"}
    assert {row["diawasi"] for row in first["jari"]} == {"belum"}
    assert told(cast, "2026-04-19") == []


def test_who_confirmed_it_signs_as_supervisor(cast: Cast, lobby: Device) -> None:
    show(lobby, (employee_of(cast.operator), 6, "satu"))
    confirm_all(cast.agency)

    (entry,) = told(cast)

    assert entry["pengelola"]["nama"] == "Veronika Lelo"
    assert entry["jari"][0]["diawasi"].endswith("WITA")


def test_a_recording_anew_is_a_change_and_tells_why_it_was_allowed(
    cast: Cast, lobby: Device
) -> None:
    sari = employee_of(cast.operator)
    show(lobby, (sari, 6, "lama"))
    confirm_all(cast.agency)
    services.give_permit(
        employee=sari, reason="Luka bakar", actor=person(make_supervisor(cast.agency)), now=NOW
    )
    show(lobby, (sari, 6, "baru"), now=NOW + timedelta(minutes=5))

    changes = [entry for entry in told(cast) if entry["jenis"] == "perubahan"]

    assert [entry["alasan"] for entry in changes] == ["Luka bakar"]


def test_the_day_is_written_in_words() -> None:
    at = datetime(2026, 4, 13, 9, 20, tzinfo=ZoneInfo("Asia/Makassar"))
    assert day_in_words(at) == (
        "Senin tanggal tiga belas bulan April tahun dua ribu dua puluh enam (13 April 2026)"
    )
