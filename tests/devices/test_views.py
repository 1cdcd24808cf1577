"""Pages of machines: who sees them, what they change, how they refuse."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from devices import services
from devices.models import Device, Enrolment, Punch, RawUpload
from devices.services import sessions
from foundation import outbox
from foundation.actors import SYSTEM
from foundation.models import Event, OutboxJob
from tests.cast import NOW, Cast
from tests.devices.make import LONG_AGO, confirm_all, device_at, make_device
from tests.devices.simulators import simulator
from tests.pages import browser


@pytest.fixture
def device(cast: Cast) -> Device:
    return make_device(cast.agency, "SATU0001", name="Mesin Lobi", host="192.168.1.201")


def pages(device: Device, employee_id: int) -> list[str]:
    return [
        "/mesin/",
        f"/mesin/{device.pk}/",
        "/mesin/perekaman/",
        f"/mesin/perekaman/{employee_id}/",
        "/mesin/ketukan/",
        "/mesin/ketukan/?tanggal=2026-04-20",
        "/mesin/ketukan/?tanggal=bukan-tanggal",
    ]


def registration(**changes: str) -> dict[str, str]:
    values = {
        "serial": "BARU0001",
        "name": "Mesin Baru",
        "place": "Aula",
        "protocol": "pull",
        "host": "192.168.1.202",
        "port": "4370",
        "time_zone": "Asia/Makassar",
        "comm_key": "4321",
        "has_battery": "on",
    }
    return values | changes


def test_those_who_may_see_machines_see_every_page(cast: Cast, device: Device) -> None:
    employee = cast.agency.employees.first()
    assert employee is not None
    for user in (cast.kadis, cast.admin, cast.operator, cast.secretary):
        client = browser(user)
        for address in pages(device, employee.pk):
            assert client.get(address).status_code == 200, (user, address)


def test_others_do_not_find_them(cast: Cast, device: Device) -> None:
    employee = cast.agency.employees.first()
    assert employee is not None
    stranger, joko = browser(cast.outsider), browser(cast.employee)
    assert stranger.get(f"/mesin/{device.pk}/").status_code == 404
    assert stranger.get(f"/mesin/perekaman/{employee.pk}/").status_code == 404
    assert "Mesin Lobi" not in stranger.get("/mesin/").content.decode()
    assert stranger.get("/mesin/perekaman/?pd=diskominfo").status_code == 404
    assert joko.get("/mesin/perekaman/").status_code == 403
    assert joko.get("/mesin/impor/").status_code == 403
    assert joko.get("/mesin/daftar/").status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "/mesin/{d}/status/suspend/",
        "/mesin/{d}/minta/periksa/",
        "/mesin/{d}/jam/",
        "/mesin/perekaman/{e}/pin-baru/",
    ],
)
def test_only_who_looks_after_machines_changes_them(
    cast: Cast, device: Device, address: str
) -> None:
    employee = cast.agency.employees.first()
    assert employee is not None
    target = address.format(d=device.pk, e=employee.pk)
    before = Event.objects.count()
    assert browser(cast.operator).post(target, {"offset": "0"}).status_code == 403
    assert browser(cast.outsider).post(target, {"offset": "0"}).status_code == 404
    assert browser(cast.admin).get(target).status_code == 405
    assert Client(enforce_csrf_checks=True).post(target).status_code in (302, 403)
    assert Event.objects.count() == before


def test_an_admin_registers_approves_and_activates(cast: Cast) -> None:
    client = browser(cast.admin)
    values = registration(agency=str(cast.agency.pk))
    page = client.post("/mesin/daftar/", values, follow=True)
    device = Device.objects.get(serial="BARU0001")
    assert device.registered_by == cast.admin
    assert b"4321" not in bytes(device.comm_key_sealed)
    assert "menunggu persetujuan" in page.content.decode()
    for step in ("approve", "activate"):
        client.post(f"/mesin/{device.pk}/status/{step}/")
    device.refresh_from_db()
    assert device.state == "active"
    twice = client.post(f"/mesin/{device.pk}/status/approve/", follow=True)
    assert "langkah ini tidak" in twice.content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"serial": "SATU0001"}, "sudah terdaftar"),
        ({"serial": "DUA SPASI"}, "tanpa spasi"),
        ({"host": "127.0.0.1; touch X"}, "alamat IP"),
        ({"host": ""}, "Isi alamat IP mesin"),
        ({"host": "224.0.0.1"}, "bukan alamat sebuah mesin"),
        ({"port": "70000"}, "65535"),
        ({"comm_key": "1234567"}, "999999"),
        ({"comm_key": "abc"}, "adalah angka"),
        ({"name": ""}, "wajib diisi|tidak boleh kosong|diperlukan"),
    ],
)
def test_a_wrong_registration_says_what_to_do(
    cast: Cast, device: Device, changes: dict[str, str], words: str
) -> None:
    values = registration(agency=str(cast.agency.pk), **changes)
    page = browser(cast.admin).post("/mesin/daftar/", values)
    assert page.status_code == 422
    assert re.search(words, page.content.decode())
    assert Device.objects.count() == 1


def test_a_machine_can_be_registered_only_where_the_person_may(cast: Cast) -> None:
    values = registration(agency=str(cast.other_agency.pk))
    assert browser(cast.admin).post("/mesin/daftar/", values).status_code == 422
    assert not Device.objects.exists()


def test_an_edit_keeps_the_serial_and_an_empty_comm_key_keeps_the_old_one(
    cast: Cast, device: Device
) -> None:
    before = bytes(Device.objects.get().comm_key_sealed)
    values = registration(serial="LAIN9999", comm_key="", name="Mesin Pintu")
    browser(cast.admin).post(f"/mesin/{device.pk}/ubah/", values)
    device.refresh_from_db()
    assert (device.serial, device.name) == ("SATU0001", "Mesin Pintu")
    assert bytes(device.comm_key_sealed) == before


def test_a_request_asks_the_worker_and_the_page_shows_the_result(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "TIMEOUT", 2.0)
    with simulator("NET1") as machine:
        device = device_at(cast.agency, machine, name="Mesin Lobi")
        client = browser(cast.admin)
        for _ in range(2):
            client.post(f"/mesin/{device.pk}/minta/periksa/")
        assert OutboxJob.objects.filter(kind="devices.check").count() == 1
        assert "Menunggu" in client.get(f"/mesin/{device.pk}/").content.decode()
        assert outbox.drain()
        shown = client.get(f"/mesin/{device.pk}/").content.decode()
        assert "tepat" in shown
        assert "Selesai" in shown
        event = Event.objects.get(verb="device_checked")
        assert (event.actor_name, event.acting_as) == ("Budi Manafe", "Admin")


def test_a_failed_request_shows_its_reason(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    device = make_device(cast.agency, port=1)
    client = browser(cast.admin)
    client.post(f"/mesin/{device.pk}/minta/periksa/")
    outbox.drain()
    shown = client.get(f"/mesin/{device.pk}/").content.decode()
    assert "Dicoba lagi" in shown
    assert "tidak dapat dihubungi" in shown


def test_the_operator_fetches_fingers_from_the_board(cast: Cast) -> None:
    with simulator("NET1") as machine:
        device_at(cast.agency, machine, name="Mesin Lobi")
        services.push_users_everywhere(agency=cast.agency, actor=SYSTEM, now=timezone.now())
        machine.tell("enrol 1001 6")
        client = browser(cast.operator)
        client.post("/mesin/perekaman/tarik/?pd=diskominfo")
        assert outbox.drain()
        shown = client.get("/mesin/perekaman/").content.decode()
        assert "0 dari 7 pegawai terekam" in shown
        assert "Terekam, menunggu pengawas" in shown
        assert "telunjuk kanan" in shown
        confirm_all(cast.agency)
        assert "1 dari 7 pegawai terekam" in client.get("/mesin/perekaman/").content.decode()
        assert Enrolment.objects.get().recorded_by == cast.operator


def test_the_operator_notes_exceptions_and_promises(cast: Cast) -> None:
    client = browser(cast.operator)
    employee = cast.agency.employees.first()
    assert employee is not None
    address = f"/mesin/perekaman/{employee.pk}/keadaan/"
    assert client.post(address, {"status": "exception", "reason": ""}).status_code == 422
    late = client.post(address, {"status": "later", "reason": "cuti"})
    assert "Isi tanggal perekaman susulan" in late.content.decode()
    past = client.post(address, {"status": "later", "reason": "cuti", "due_on": "2020-01-01"})
    assert "sudah lewat" in past.content.decode()
    done = client.post(
        address, {"status": "exception", "reason": "jari terluka", "due_on": ""}, follow=True
    )
    assert "Pengecualian" in done.content.decode()
    assert "terluka" not in str(list(Event.objects.values_list("after", flat=True)))


def test_a_log_is_imported_and_the_report_names_the_lines(cast: Cast, device: Device) -> None:
    employee = cast.operator.employee
    assert employee is not None
    services.assign_pin(employee=employee, number=77, valid_from=LONG_AGO, actor=SYSTEM, now=NOW)
    content = (
        b"77\t2026-04-01 07:20:31\t0\t1\n"
        b"77\t2026-02-30 07:00:00\t0\t1\n"
        b"88\t2026-04-01 08:00:00\t0\t1\n"
    )
    file = SimpleUploadedFile("kiriman.txt", content)
    client = browser(cast.operator)
    page = client.post("/mesin/impor/", {"device": device.pk, "file": file}, follow=True)
    text = page.content.decode()
    assert "tanggal atau jam yang tidak ada" in text
    assert "PIN belum dikenal: 88" in text
    day = client.get("/mesin/ketukan/?tanggal=2026-04-01").content.decode()
    assert "07.20.31" in day
    assert "1 dari 7 pegawai" in day
    assert browser(cast.outsider).get(page.request["PATH_INFO"]).status_code == 404


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "kosong"),
        (b"%PDF-1.4 bukan log", "tidak dapat diterima"),
        (b"PK\x03\x04rusak", "tidak dapat|rusak|bukan"),
        (bytes(range(256)) * 4, "tidak dapat diterima"),
        (b"halo\n", "bukan log absensi"),
        (b"77\t2026-04-01 07:20:31\t1\t0\t1\t0\n", "Pilih sendiri susunan kolomnya"),
        (b"77\t2026-04-01 07:20:31\t1\t0\t1\t0\n" * 900_000, "batasnya"),
    ],
    ids=["empty", "pdf", "zip", "binary", "text", "unclear", "30MB"],
)
def test_a_file_that_is_no_log_is_told_at_the_field(
    cast: Cast, device: Device, content: bytes, words: str
) -> None:
    file = BytesIO(content)
    file.name = "unggahan.txt"
    page = browser(cast.operator).post("/mesin/impor/", {"device": device.pk, "file": file})
    assert page.status_code == 422
    assert re.search(words, page.content.decode())
    assert not RawUpload.objects.exists()
    assert not Punch.objects.exists()


def test_an_unknown_number_is_given_to_its_person(cast: Cast, device: Device) -> None:
    services.import_attlog(
        device=device, content=b"88\t2026-04-01 08:00:00\t0\t1", filename="adms",
        actor=SYSTEM, now=NOW,
    )  # fmt: skip
    joko = cast.employee.employee
    assert joko is not None
    client = browser(cast.admin)
    assert ">88<" in client.get("/mesin/pin/").content.decode()
    values = {"number": "88", "employee": str(joko.pk), "valid_from": "2026-04-01"}
    client.post("/mesin/pin/", values)
    assert Punch.objects.get().employee == joko
    again = client.post("/mesin/pin/", values)
    assert "sudah pernah dipakai" in again.content.decode()
    assert browser(cast.operator).get("/mesin/pin/").status_code == 403


def test_the_clock_of_a_machine_that_cannot_be_asked_is_noted_by_hand(cast: Cast) -> None:
    device = make_device(cast.agency, "ADMS0001", protocol="push")
    client = browser(cast.admin)
    client.post(f"/mesin/{device.pk}/jam/", {"offset": "-90"})
    device.refresh_from_db()
    assert device.clock_offset == -90
    assert client.post(f"/mesin/{device.pk}/jam/", {"offset": "x"}).status_code == 422
    assert client.post(f"/mesin/{device.pk}/minta/hapus-semua/").status_code == 404
