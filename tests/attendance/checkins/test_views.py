"""The page on the phone, and the page of those who watch."""

import json
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from attendance.models import CheckIn, ContactNote, HelpTicket
from attendance.services.monitoring import answer_ticket
from organization.models import User
from tests.attendance.checkins.phones import CENTRE, at, manager, open_office, press_as, standing
from tests.attendance.people import employee_of
from tests.cast import Cast

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(kind: str = "in", **values: Any) -> dict[str, Any]:
    place = {"latitude": CENTRE.latitude, "longitude": CENTRE.longitude, "accuracy": 15}
    return {"kind": kind, "key": str(uuid4())} | place | values


def test_the_page_offers_one_press_and_then_the_other(cast: Cast) -> None:
    open_office(cast)
    client = signed_in(cast.employee)
    with time_machine.travel(at("07.05"), tick=False):
        page = client.get("/presensi/").content.decode()
        assert page.index("Presensi masuk") < page.index("Presensi pulang")
        answer = client.post("/presensi/tekan/", sent(), headers=JSON)
        told = json.loads(answer.content)
        assert told["accepted"]
        proof = client.get(told["page"]).content.decode()
        assert "diterima pukul 07.05 WITA" in proof
        assert "Kantor Utama, 0 m dari titik kantor" in proof
        assert "<svg viewBox" in proof
        page = client.get("/presensi/").content.decode()
        assert "mulai pukul 08.05 WITA" in page
        assert 'name="kind"' not in page
    with time_machine.travel(at("16.01"), tick=False):
        page = client.get("/presensi/").content.decode()
        assert page.count('name="kind"') == 1
        assert 'name="kind" value="out"' in page


def test_leaving_early_is_said_before_it_is_pressed(cast: Cast) -> None:
    open_office(cast)
    press_as(cast.employee, "in", at("07.05"))
    with time_machine.travel(at("15.00"), tick=False):
        assert "Belum jam pulang" in signed_in(cast.employee).get("/presensi/").content.decode()
    with time_machine.travel(at("16.00"), tick=False):
        assert "Belum jam pulang" not in signed_in(cast.employee).get("/presensi/").content.decode()


def test_far_away_is_told_with_distance_and_a_plan(cast: Cast) -> None:
    open_office(cast)
    client = signed_in(cast.employee)
    with time_machine.travel(at("07.05"), tick=False):
        told = client.post("/presensi/tekan/", sent(latitude=-2.9), headers=JSON).json()
        assert (told["accepted"], told["reason"]) == (False, "outside")
        page = client.get("/presensi/").content.decode()
    assert "Di luar lokasi kantor" in page
    assert "3,9 km dari Kantor Utama; batasnya 100 m" in page
    assert "plan__dot--out" in page


def test_a_form_without_script_is_answered_by_the_page(cast: Cast) -> None:
    open_office(cast)
    client = signed_in(cast.employee)
    with time_machine.travel(at("07.05"), tick=False):
        answer = client.post("/presensi/tekan/", {"kind": "in", "key": str(uuid4())}, follow=True)
    assert "JavaScript peramban ini mungkin dimatikan" in answer.content.decode()
    assert CheckIn.objects.get().problem == "none"


@pytest.mark.parametrize(
    "broken", [{"kind": "masuk"}, {"key": "1"}, {"latitude": "utara"}, {"measured_at": "pagi"}]
)
def test_what_no_phone_of_ours_sends_is_refused_in_a_sentence(
    cast: Cast, broken: dict[str, str]
) -> None:
    open_office(cast)
    answer = signed_in(cast.employee).post("/presensi/tekan/", sent(**broken), headers=JSON)
    assert answer.status_code == 422
    assert "muat ulang" in answer.json()["error"]
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize("moment", ["99999999999999999999", "-99999999999999999"])
def test_a_phones_clock_beyond_any_calendar_is_no_fault(cast: Cast, moment: str) -> None:
    open_office(cast)
    with time_machine.travel(at("07.05"), tick=False):
        told = sent(measured_at=moment, sent_at=moment)
        answer = signed_in(cast.employee).post("/presensi/tekan/", told, headers=JSON)
    assert answer.json()["accepted"]
    assert CheckIn.objects.get().measured_at is None


def test_the_phones_own_time_is_shown_beside_and_called_what_it_is(cast: Cast) -> None:
    open_office(cast)
    row = press_as(cast.employee, "in", at("09.40"), standing(queued=True, measured_at=at("07.12")))
    page = signed_in(cast.employee).get(f"/presensi/{row.pk}/").content.decode()
    assert "09.40 WITA" in page
    assert "07.12 WITA" in page
    assert "bukan jam presensi" in page


def test_an_office_with_machines_says_so_and_takes_nothing(cast: Cast) -> None:
    client = signed_in(cast.employee)
    assert "absenlah pada mesin" in client.get("/presensi/").content.decode()
    answer = client.post("/presensi/tekan/", sent(), headers=JSON)
    assert (answer.status_code, CheckIn.objects.count()) == (422, 0)
    assert '"/presensi/"' not in client.get("/absensi/saya/").content.decode()


def test_a_press_is_seen_by_its_person_and_by_who_watches(cast: Cast) -> None:
    open_office(cast)
    row = press_as(cast.employee, "in", at("07.05"))
    watcher = manager(cast)
    page = f"/presensi/{row.pk}/"
    with time_machine.travel(at("07.30"), tick=False):
        seen = {
            user.username: signed_in(user).get(page).status_code
            for user in (cast.employee, watcher, cast.operator, cast.outsider)
        }
    assert list(seen.values()) == [200, 200, 404, 404]


def test_help_is_asked_and_answered(cast: Cast) -> None:
    open_office(cast)
    client = signed_in(cast.employee)
    with time_machine.travel(at("07.05"), tick=False):
        client.post("/presensi/bantuan/", {"topic": "location"})
        assert "menunggu pengelola presensi" in client.get("/presensi/").content.decode()
        watcher = manager(cast)
        board = signed_in(watcher).get("/presensi/pantau/").content.decode()
        assert "Joko Tallo</strong> · Lokasi tidak terbaca" in board
        ticket = HelpTicket.objects.get()
        signed_in(watcher).post(f"/presensi/tiket/{ticket.pk}/jawab/", {"answer": "Nyalakan GPS."})
        assert "Nyalakan GPS." in client.get("/presensi/").content.decode()


def test_who_watches_sees_who_is_missing_and_notes_whom_he_asked(cast: Cast) -> None:
    open_office(cast)
    watcher = manager(cast)
    press_as(cast.employee, "in", at("07.05"))
    press_as(cast.operator, "in", at("07.06"))
    press_as(cast.operator, "out", at("16.06"))
    client = signed_in(watcher)
    with time_machine.travel(at("09.00"), tick=False):
        morning = client.get("/presensi/pantau/").content.decode()
        assert "belum masuk<" in morning
        assert "belum pulang" not in morning
    with time_machine.travel(at("16.30"), tick=False):
        page = client.get("/presensi/pantau/").content.decode()
        assert "belum pulang" in page
        assert "belum masuk dan pulang" in page
        joko = employee_of(cast.employee)
        client.post(
            f"/presensi/hubungi/{joko.pk}/?tanggal=2026-04-20",
            {"channel": "phone", "result": "letter", "answer": "Surat besok."},
        )
        page = client.get("/presensi/pantau/").content.decode()
    assert ContactNote.objects.get().result == "letter"
    assert "Selesai dihubungi" in page
    assert "“Surat besok.”" in page


def test_the_stand_in_page_and_its_script_tell_nothing_of_anybody() -> None:
    client = Client()
    page = client.get("/presensi/luring/").content.decode()
    assert "belum tercatat" in page
    script = client.get("/presensi/pekerja.js")
    assert script["Content-Type"] == "text/javascript; charset=utf-8"
    assert "/presensi/luring/" in script.content.decode()


def test_pages_carry_no_script_or_style_of_their_own(cast: Cast) -> None:
    open_office(cast)
    row = press_as(cast.employee, "in", at("07.05"))
    client = signed_in(cast.employee)
    for path in ("/presensi/", f"/presensi/{row.pk}/", "/presensi/luring/"):
        page = client.get(path).content.decode()
        assert "<script>" not in page
        assert " style=" not in page
        assert " onclick=" not in page


def test_an_answer_stays_with_its_ticket(cast: Cast) -> None:
    open_office(cast)
    watcher = manager(cast)
    press_as(cast.employee, "in", at("09.00"), standing(queued=True))
    ticket = HelpTicket.objects.get()
    answer_ticket(ticket_id=ticket.pk, answer="Dikoreksi BKD.", user=watcher, now=at("10.00"))
    with time_machine.travel(at("10.05"), tick=False):
        board = signed_in(watcher).get("/presensi/pantau/").content.decode()
    assert "Dikoreksi BKD." in board
    assert "oleh sistem" in board


def test_a_ticket_lists_every_late_press_with_the_time_its_phone_told(cast: Cast) -> None:
    open_office(cast)
    watcher = manager(cast)
    late = [("07.12", "09.40"), ("07.25", "09.42")]
    for told, arrived in late:
        press_as(cast.employee, "in", at(arrived), standing(queued=True, measured_at=at(told)))
    first = HelpTicket.objects.get()
    answer_ticket(ticket_id=first.pk, answer="Dikoreksi BKD.", user=watcher, now=at("10.00"))
    press_as(cast.employee, "out", at("17.00"), standing(queued=True, measured_at=at("16.03")))
    with time_machine.travel(at("17.05"), tick=False):
        board = signed_in(watcher).get("/presensi/pantau/").content.decode()
    told_lines = [
        "Presensi masuk: pukul 07.12 WITA menurut ponsel, diterima 09.40 WITA",
        "Presensi masuk: pukul 07.25 WITA menurut ponsel, diterima 09.42 WITA",
        "Presensi pulang: pukul 16.03 WITA menurut ponsel, diterima 17.00 WITA",
    ]
    assert [board.count(line) for line in told_lines] == [1, 1, 1]
    places = [board.index(line) for line in told_lines]
    assert places == sorted(places)
    assert places[1] < board.index("Dikoreksi BKD.") < places[2]  # the second ticket has its own
