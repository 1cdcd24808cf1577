"""Pages about what machines do by themselves: alarms, callers, bodies, commands, joining."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from devices import services
from devices.models import Alarm, Caller, Device, DeviceCommand, OperationRecord, RawUpload
from devices.services.alarms import raise_alarm
from devices.services.commands import order
from devices.services.storing import keep_waiting
from foundation.actors import SYSTEM
from foundation.models import OutboxJob
from tests.cast import NOW, Cast
from tests.devices.make import make_device
from tests.pages import browser

pytestmark = pytest.mark.django_db
FINGER = b"FP PIN=7\tFID=6\tSize=8\tValid=1\tTMP=" + b"QUJD" * 400


@pytest.fixture
def device(cast: Cast) -> Device:
    return make_device(cast.agency, "LOBI0001", protocol="push", name="Mesin Lobi")


def text(client: Client, address: str) -> str:
    page = client.get(address, follow=True)
    assert page.status_code == 200, address
    return page.content.decode()


def watching(serial: str, **values: str) -> str:
    query = {"agency": "diskominfo", "protocol": "push", "serial": serial, **values}
    return f"/mesin/hubungkan/tunggu/?{urlencode(query)}"


def make_caller(serial: str = "ASING1") -> Caller:
    now = timezone.now()
    keep_waiting(
        serial=serial, table="ATTLOG", content=b"7\t2026-04-20 07:10:00\t0\t1\n",
        address="192.168.1.9", received_at=now,
    )  # fmt: skip
    return Caller.objects.create(
        serial=serial, address="192.168.1.9", first_seen_at=now, last_seen_at=now
    )


# Alarms ------------------------------------------------------------------------------------------


def test_an_alarm_is_counted_narrowed_down_and_settled(cast: Cast, device: Device) -> None:
    alarm = raise_alarm(
        kind=Alarm.Kind.CLONED, target="LOBI0001", text="Dua alamat.", device=device, now=NOW
    )
    client = browser(cast.admin)
    assert "Dua alamat." in text(client, "/mesin/alarm/")
    assert "Dua alamat." not in text(client, "/mesin/alarm/?jenis=clock")
    assert "1 peringatan mesin belum ditutup" in text(client, "/tugas/")
    client.post(f"/mesin/alarm/{alarm.pk}/tutup/", {"note": ""})
    alarm.refresh_from_db()
    assert alarm.cleared_at is None
    client.post(f"/mesin/alarm/{alarm.pk}/tutup/", {"note": "Mesin lama dicabut."})
    assert "Dua alamat." not in text(client, "/mesin/alarm/")
    assert "Mesin lama dicabut." in text(client, "/mesin/alarm/?semua")


def test_only_what_a_person_may_have_done_is_offered_as_a_violation(
    cast: Cast, device: Device
) -> None:
    raise_alarm(kind=Alarm.Kind.LOG_FULL, target="a", text="penuh", device=device, now=NOW)
    client = browser(cast.admin)
    assert "dugaan pelanggaran" not in text(client, "/mesin/alarm/")
    raise_alarm(kind=Alarm.Kind.TAMPER, target="b", text="dihapus", device=device, now=NOW)
    assert "dugaan pelanggaran" in text(client, "/mesin/alarm/")


def test_alarms_of_nobody_are_for_those_who_look_after_machines(cast: Cast) -> None:
    raise_alarm(kind=Alarm.Kind.UNKNOWN_PATH, target="/iclock/x", text="aneh sekali", now=NOW)
    assert "aneh sekali" in text(browser(cast.admin), "/mesin/alarm/")
    assert "aneh sekali" not in text(browser(cast.operator), "/mesin/alarm/")


# Callers -----------------------------------------------------------------------------------------


def test_a_caller_is_shown_with_what_waits_and_registers_prefilled(cast: Cast) -> None:
    caller = make_caller()
    client = browser(cast.admin)
    page = text(client, "/mesin/baru/")
    assert "ASING1" in page
    assert "1 kiriman" in page
    assert "192.168.1.9" in text(client, f"/mesin/baru/{caller.pk}/")
    form = text(client, "/mesin/daftar/?sn=ASING1&cara=push&pd=diskominfo")
    assert 'value="ASING1"' in form
    assert 'name="host"' not in form  # it calls: its address is no matter
    client.post(
        "/mesin/daftar/?sn=ASING1&cara=push&pd=diskominfo&hubungkan",
        {
            "agency": cast.agency.pk, "serial": "ASING1", "name": "Aula", "protocol": "push",
            "time_zone": "Asia/Makassar",
        },
    )  # fmt: skip
    device = Device.objects.get(serial="ASING1")
    assert "ASING1" not in text(client, "/mesin/baru/")
    client.post(f"/mesin/{device.pk}/status/approve/")
    assert OutboxJob.objects.filter(kind="devices.adopt").exists()


def test_a_caller_is_ignored_with_a_reason(cast: Cast) -> None:
    caller = make_caller()
    client = browser(cast.admin)
    client.post(f"/mesin/baru/{caller.pk}/abaikan/", {"reason": "Mesin toko sebelah."})
    assert "Tidak ada mesin baru" in text(client, "/mesin/baru/")
    assert "Mesin toko sebelah." in text(client, "/mesin/baru/?diabaikan")
    assert RawUpload.objects.filter(serial="ASING1").exists()


# Bodies, commands, operations --------------------------------------------------------------------


def test_a_body_is_shown_and_handed_out_without_passwords(cast: Cast, device: Device) -> None:
    body = b"USER PIN=7\tName=Maria\tPri=0\tPasswd=rahasia99\tCard=\n"
    pk = keep_waiting(
        serial=device.serial, table="OPERLOG", content=body, address=None, received_at=NOW,
        reason="uji", device_id=device.pk,
    )  # fmt: skip
    client = browser(cast.admin)
    page = text(client, f"/mesin/kiriman/{pk}/")
    assert "Name=Maria" in page
    assert "rahasia99" not in page
    file = client.get(f"/mesin/kiriman/{pk}/unduh/")
    assert file["Content-Disposition"] == f'attachment; filename="LOBI0001-{pk}.txt"'
    assert b"Maria" in file.content
    assert b"rahasia99" not in file.content
    assert browser(cast.secretary).get(f"/mesin/kiriman/{pk}/unduh/").status_code == 403


@pytest.mark.parametrize("sealed", [True, False])
def test_a_body_with_fingers_is_never_shown(cast: Cast, device: Device, sealed: bool) -> None:
    pk = keep_waiting(
        serial=device.serial, table="OPERLOG", content=FINGER, address=None, received_at=NOW,
        reason="uji", device_id=device.pk, holds_templates=sealed,
    )  # fmt: skip
    client = browser(cast.admin)
    page = text(client, f"/mesin/kiriman/{pk}/")
    assert "Tersandi" in page
    assert "QUJD" not in page
    assert client.get(f"/mesin/kiriman/{pk}/unduh/").status_code == 403


def test_a_command_is_ordered_shown_and_taken_back(cast: Cast, device: Device) -> None:
    client = browser(cast.admin)
    client.post(f"/mesin/{device.pk}/minta/nyalakan-ulang/")
    client.post(
        f"/mesin/{device.pk}/minta-ketukan/", {"first_on": "2026-04-01", "last_on": "2026-04-03"}
    )
    again = DeviceCommand.objects.get(kind="query_punches")
    assert again.arguments == {"start": "2026-04-01T00:00:00", "end": "2026-04-03T23:59:59"}
    reboot = DeviceCommand.objects.get(kind="reboot")
    assert "Nyalakan ulang" in text(client, f"/mesin/{device.pk}/perintah/")
    client.post(f"/mesin/perintah/{reboot.pk}/batal/")
    client.post(f"/mesin/{device.pk}/perintah/batal/")
    assert set(DeviceCommand.objects.values_list("state", flat=True)) == {"cancelled"}


@pytest.mark.parametrize(
    "days", [("2026-04-03", "2026-04-01"), ("2020-01-01", "2026-01-01"), ("x", "")]
)
def test_days_that_make_no_sense_are_not_asked_for(
    cast: Cast, device: Device, days: tuple[str, str]
) -> None:
    values = {"first_on": days[0], "last_on": days[1]}
    browser(cast.admin).post(f"/mesin/{device.pk}/minta-ketukan/", values)
    assert not DeviceCommand.objects.exists()


def test_what_was_done_at_the_menu_is_told_in_words(cast: Cast, device: Device) -> None:
    upload = RawUpload.objects.create(
        device=device, serial=device.serial, channel="push", content=b"", size=0, received_at=NOW,
        total=0, accepted=0, duplicate=0, quarantined=0,
    )  # fmt: skip
    OperationRecord.objects.create(
        device=device, code=23, operator="1", local_time="2026-04-20 07:00:00", at=NOW,
        upload=upload,
    )  # fmt: skip
    for address in (f"/mesin/{device.pk}/", f"/mesin/{device.pk}/operasi/"):
        assert "20 April 2026 07.00.00" in text(browser(cast.admin), address)
    assert "Kiriman Mesin Lobi" in text(browser(cast.admin), f"/mesin/{device.pk}/kiriman/")


def test_the_page_of_a_machine_says_what_it_holds_and_what_waits(
    cast: Cast, device: Device
) -> None:
    order(device=device, kind="info", actor=SYSTEM, now=NOW)
    Device.objects.filter(pk=device.pk).update(
        punch_count=40, punch_capacity=50, last_contact_at=timezone.now()
    )
    page = text(browser(cast.admin), f"/mesin/{device.pk}/")
    assert "40 dari 50 (80 %)" in page
    assert "40 catatan masih di mesin; 1 perintah menunggu, 0 terkirim" in page
    assert "40 catatan di mesin" in text(browser(cast.admin), "/mesin/")


# Connecting --------------------------------------------------------------------------------------


def test_the_second_step_says_exactly_what_to_enter(cast: Cast) -> None:
    client = browser(cast.admin)
    address = "/mesin/hubungkan/?agency=diskominfo&protocol=push&serial=BARU1"
    page = client.get(address, headers={"host": "127.0.0.1:8123"}).content.decode()
    assert "<strong>8123</strong>" in page
    assert "Cloud Server Setting" in page
    pulled = text(client, "/mesin/hubungkan/?agency=diskominfo&protocol=pull&serial=BARU1")
    assert "Comm Key" in pulled
    bad = client.get("/mesin/hubungkan/?agency=diskominfo&protocol=push&serial=A/B")
    assert bad.status_code == 422


def test_the_third_step_follows_a_machine_from_silence_to_service(cast: Cast) -> None:
    client = browser(cast.admin)
    since = (timezone.now() - timedelta(minutes=5)).isoformat()
    assert "tidak ada satu pun panggilan" in text(client, watching("ASING1", sejak=since))
    make_caller()
    assert "Mesin lain memanggil: ASING1" in text(client, watching("LAIN1", sejak=since))
    assert "ASING1 memanggil. Daftarkan" in text(client, watching("ASING1", sejak=since))
    device = make_device(cast.agency, "ASING1", protocol="push", state=Device.State.REGISTERED)
    assert "lalu setujui" in text(client, watching("ASING1"))
    services.approve_device(device=device, actor=SYSTEM, now=NOW)
    assert "sudah terhubung" in text(client, watching("ASING1"))


def test_a_machine_of_another_agency_is_not_described(cast: Cast) -> None:
    make_device(cast.other_agency, "RAHASIA1", protocol="push", name="Mesin Dinkes")
    page = text(browser(cast.admin), watching("RAHASIA1"))
    assert "sudah terdaftar pada perangkat daerah lain" in page
    assert "Mesin Dinkes" not in page


def test_a_machine_that_is_called_is_tried_through_the_worker(cast: Cast) -> None:
    client = browser(cast.admin)
    assert "Daftarkan mesin ini" in text(client, watching("TARIK1", protocol="pull"))
    device = make_device(cast.agency, "TARIK1", state=Device.State.APPROVED)
    assert "Periksa mesin" in text(client, watching("TARIK1", protocol="pull"))
    page = client.post(f"/mesin/{device.pk}/minta/periksa/?hubungkan", follow=True)
    assert "sedang mencoba" in page.content.decode()
    Device.objects.filter(pk=device.pk).update(check_error="Kunci komunikasi ditolak mesin.")
    OutboxJob.objects.update(state="done")
    assert "Kunci komunikasi ditolak" in text(client, watching("TARIK1", protocol="pull"))


def test_a_step_without_its_data_begins_anew(cast: Cast) -> None:
    assert "Langkah 1 dari 3" in text(browser(cast.admin), "/mesin/hubungkan/tunggu/")
    assert browser(cast.operator).get("/mesin/hubungkan/").status_code == 403
