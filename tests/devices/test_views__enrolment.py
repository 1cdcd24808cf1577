"""The board and the person's page: supervision, leave to record anew, violations."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from devices import services
from devices.exceptions import NotAllowedNow
from devices.models import (
    Alarm,
    Device,
    DeviceCommand,
    DevicePin,
    DeviceUser,
    Enrolment,
    FingerprintTemplate,
    RerecordingPermit,
    Violation,
)
from devices.services.alarms import raise_alarm
from devices.waiting import recordings_to_confirm
from foundation.actors import SYSTEM
from foundation.models import Event, OutboxJob
from organization.models import Employee
from organization.permissions import person
from tests.cast import Cast, appoint, make_employee, make_supervisor
from tests.devices.make import make_device, pin_of
from tests.devices.recordings import employee_of, place_everybody, show
from tests.pages import browser

BOARD = "/mesin/perekaman/"


@pytest.fixture
def device(cast: Cast) -> Device:
    device = make_device(cast.agency, "ADMS0001", name="Mesin Lobi", protocol="push")
    place_everybody(device)
    return device


@pytest.fixture
def joko(cast: Cast, device: Device) -> Employee:
    """Whose finger was fetched by the operator and waits for its supervisor."""
    joko = employee_of(cast.employee)
    show(device, (joko, 6, "joko"), actor=person(cast.operator), now=timezone.now())
    return joko


@pytest.fixture
def supervisor(cast: Cast) -> Client:
    return browser(make_supervisor(cast.agency))


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_the_supervisor_confirms_what_he_ticked_and_it_is_spread(
    cast: Cast, joko: Employee, device: Device, supervisor: Client
) -> None:
    sari = employee_of(cast.operator)
    show(device, (sari, 6, "sari"), now=timezone.now())
    first, second = Enrolment.objects.waiting().order_by("pk")
    shown = text(supervisor, BOARD)
    assert shown.count('type="checkbox"') == 2
    assert "Menunggu pengesahan pengawas" in shown
    supervisor.post(f"{BOARD}sahkan/?pd=diskominfo", {"enrolment": [first.pk, "x", "9" * 30]})
    first.refresh_from_db()
    assert first.supervised_by == make_supervisor(cast.agency)
    assert list(Enrolment.objects.waiting()) == [second]
    job = OutboxJob.objects.get(kind="devices.sync_fingerprints")
    assert job.payload["actor"]["acting_as"] == "Pengelola"
    shown = text(browser(cast.operator), f"{BOARD}?tampil=pengawas")
    assert "Sari Benu" in shown
    assert "Joko Tallo" not in shown.partition("Saringan")[2]


def test_what_somebody_recorded_himself_cannot_be_ticked(
    cast: Cast, joko: Employee, device: Device
) -> None:
    appoint(cast.operator, "Pengelola", cast.agency)
    client = browser(cast.operator)
    assert "disabled" in re.findall(r'<input type="checkbox"[^>]*>', text(client, BOARD))[0]
    (enrolment,) = Enrolment.objects.waiting()
    page = client.post(f"{BOARD}sahkan/", {"enrolment": enrolment.pk}, follow=True)
    assert "harus disahkan pengawas lain" in page.content.decode()
    assert "Anda merekamnya sendiri" in text(client, f"{BOARD}{joko.pk}/")
    assert recordings_to_confirm(cast.operator.pk, timezone.now()) == []


def test_who_supervises_nothing_is_offered_nothing(cast: Cast, joko: Employee) -> None:
    for user in (cast.admin, cast.operator2, cast.kadis):
        shown = text(browser(user), BOARD) + text(browser(user), f"{BOARD}{joko.pk}/")
        assert "Sahkan" not in shown
        assert "menunggu pengawas" in shown


def test_the_inbox_tells_the_supervisor_what_waits(
    cast: Cast, joko: Employee, supervisor: Client
) -> None:
    (waiting,) = recordings_to_confirm(make_supervisor(cast.agency).pk, timezone.now())
    assert waiting.text.startswith("1 perekaman sidik jari di Dinas Komunikasi")
    assert "1 perekaman sidik jari" in text(supervisor, "/tugas/")
    assert supervisor.get(waiting.link).status_code == 200


def test_a_recording_is_refused_with_a_reason(
    cast: Cast, joko: Employee, supervisor: Client
) -> None:
    (enrolment,) = Enrolment.objects.waiting()
    address = f"{BOARD}rekaman/{enrolment.pk}/tolak/"
    page = supervisor.post(address, {"reason": ""}, follow=True)
    assert "Tuliskan alasan" in page.content.decode()
    page = supervisor.post(address, {"reason": "jari orang lain"}, follow=True)
    shown = page.content.decode()
    assert "ditolak pengawas: jari orang lain" in shown
    assert FingerprintTemplate.objects.get().replaced_at is not None


def test_leave_to_record_anew_is_given_and_withdrawn(
    cast: Cast, joko: Employee, supervisor: Client
) -> None:
    address = f"{BOARD}{joko.pk}/izin/"
    assert supervisor.post(address, {"reason": ""}).status_code == 422
    page = supervisor.post(address, {"reason": "jari luka"}, follow=True)
    assert "boleh direkam ulang sampai" in page.content.decode()
    assert RerecordingPermit.objects.open_at(timezone.now()).count() == 1
    assert supervisor.post(address, {"reason": "lagi"}).status_code == 422
    page = supervisor.post(f"{address}cabut/", follow=True)
    assert "dicabut" in page.content.decode()
    assert browser(cast.operator).post(address, {"reason": "jari luka"}).status_code == 403


def test_a_machine_that_calls_us_is_told_to_ask_for_a_finger(
    cast: Cast, joko: Employee, device: Device
) -> None:
    client = browser(cast.operator)
    assert "Rekam sekarang di mesin ini" in text(client, f"{BOARD}{joko.pk}/")
    address = f"{BOARD}{joko.pk}/rekam/"
    for _ in range(2):
        client.post(address, {"device": device.pk, "finger": "7"})
    command = DeviceCommand.objects.get()
    assert (command.kind, command.target) == ("enrol_finger", f"{pin_of(joko)}/7")
    assert command.created_by == cast.operator
    pulled = make_device(cast.agency, "LOBBY0001")
    assert client.post(address, {"device": pulled.pk, "finger": "7"}).status_code == 422
    joko.device_pins.update(valid_until=joko.device_pins.get().valid_from)
    refused = client.post(address, {"device": device.pk, "finger": "7"})
    assert "belum mempunyai PIN" in refused.content.decode()


def test_the_board_is_searched_by_name_and_number(cast: Cast, joko: Employee) -> None:
    client = browser(cast.operator)
    for words in ("joko", "TALLO joko", joko.number, pin_of(joko)):
        shown = text(client, f"{BOARD}?q={words}")
        assert "Joko Tallo" in shown
        assert "Maria Tefa" not in shown
    assert "Tidak ada yang cocok" in text(client, f"{BOARD}?q=entah")


def test_the_board_tells_how_far_a_finger_came_and_what_a_machine_lacks(
    cast: Cast, joko: Employee, device: Device
) -> None:
    Device.objects.update(algorithm=10)
    hall = make_device(cast.agency, "AULA0002", name="Mesin Aula", protocol="push")
    Device.objects.update(algorithm=10)
    place_everybody(hall)
    services.confirm_enrolments(
        enrolments=Enrolment.objects.waiting(), actor=person(make_supervisor(cast.agency)),
        now=timezone.now(),
    )  # fmt: skip
    shown = text(browser(cast.operator), BOARD)
    assert "ada di 1 dari 2 mesin" in shown
    assert "diawasi Veronika Lelo" in shown
    assert "1 sidik jari belum ada" in shown
    assert "Perbaiki" in shown
    template = FingerprintTemplate.objects.get()
    assert template.digest not in shown


def test_the_board_asks_the_database_no_more_for_many_people(
    cast: Cast, joko: Employee, device: Device, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        make_employee(cast.agency, f"Pegawai {number:02}")
    services.allocate_pins(agency=cast.agency, actor=SYSTEM, now=timezone.now())
    for user in DevicePin.objects.filter(device_users=None):
        DeviceUser.objects.create(device=device, pin=user, name="x", pushed_at=timezone.now())
    show(device, *((e, 6, str(e.pk)) for e in cast.agency.employees.exclude(pk=joko.pk)))
    client = browser(make_supervisor(cast.agency))
    with django_assert_max_num_queries(40):
        assert client.get(BOARD).status_code == 200


# Violations


@pytest.fixture
def alarm(joko: Employee, device: Device) -> Alarm:
    return raise_alarm(
        kind=Alarm.Kind.FINGER_DOUBLED, target="uji", text="Satu sidik jari pada dua PIN",
        device=device, employee=joko, now=timezone.now(),
    )  # fmt: skip


def noted(client: Client, alarm: Alarm, joko: Employee) -> Violation:
    address = f"/mesin/pelanggaran/catat/{alarm.pk}/"
    assert "Satu sidik jari pada dua PIN" in text(client, address)
    body = {"article": "Pasal 9 ayat (1)", "facts": "Dua PIN, satu jari", "employee": joko.pk}
    assert client.post(address, body | {"facts": " "}).status_code == 422
    assert client.post(address, body | {"article": "Pasal 99"}).status_code == 422
    assert client.post(address, body).status_code == 302
    return Violation.objects.latest("pk")


def test_a_violation_is_noted_from_an_alarm_and_handed_over(
    cast: Cast, alarm: Alarm, joko: Employee
) -> None:
    violation = noted(browser(cast.admin), alarm, joko)
    assert (violation.alarm, violation.noted_by) == (alarm, cast.admin)
    address = f"/mesin/pelanggaran/{violation.pk}/"
    given = {"handed_to": "Sekretaris Dinas", "reference": "800/77/2026"}
    assert browser(cast.admin).post(f"{address}serahkan/", given).status_code == 403
    head = browser(cast.kadis)
    assert head.post(f"{address}serahkan/", given | {"reference": ""}).status_code == 422
    page = head.post(f"{address}serahkan/", given, follow=True).content.decode()
    assert "Sekretaris Dinas, surat 800/77/2026" in page
    again = head.post(f"{address}tidak-terbukti/", {"reason": "x"}, follow=True)
    assert "sudah ditutup" in again.content.decode()
    assert "Joko" not in str(list(Event.objects.filter(verb__startswith="violation").values()))
    assert browser(cast.outsider).get(address).status_code == 404
    assert browser(cast.operator).get("/mesin/pelanggaran/").status_code == 403


def test_a_violation_that_was_none_is_closed_with_its_reason(
    cast: Cast, alarm: Alarm, joko: Employee
) -> None:
    violation = noted(browser(cast.kadis), alarm, joko)
    address = f"/mesin/pelanggaran/{violation.pk}/tidak-terbukti/"
    head = browser(cast.kadis)
    assert head.post(address, {"reason": ""}).status_code == 422
    head.post(address, {"reason": "salah tekan di menu"})
    violation.refresh_from_db()
    assert (violation.state, violation.closed_by) == ("dismissed", cast.kadis)
    assert "Tidak terbukti" in text(head, "/mesin/pelanggaran/")


def test_the_board_of_a_large_office_comes_page_by_page_and_keeps_what_is_asked(
    cast: Cast, device: Device
) -> None:
    for number in range(60):
        make_employee(cast.agency, f"Rambu {number:02}")
    client, asked = browser(cast.operator), f"{BOARD}?tampil=belum&q=rambu"
    first, last = text(client, asked), text(client, f"{asked}&page=3")
    assert "1-25 dari 60" in first
    assert "51-60 dari 60" in last
    (onward,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = text(client, BOARD + onward.replace("&amp;", "&"))
    assert "26-50 dari 60" in second
    names = [re.findall(r"Rambu \d\d", page) for page in (first, second, last)]
    assert len({name for page in names for name in page}) == 60


def test_the_system_notes_no_violation(alarm: Alarm, joko: Employee) -> None:
    with pytest.raises(NotAllowedNow, match="bukan sistem"):
        services.note_violation(
            alarm=alarm, article="Pasal 14", facts="x", employee=joko, actor=SYSTEM,
            now=timezone.now(),
        )  # fmt: skip
