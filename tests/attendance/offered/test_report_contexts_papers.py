"""Papers of outages and corrections: what is known is told, the rest stays a line to write on."""

from datetime import date

import pytest

from tests.attendance.asking import add, bkd, device_of, shift, wita
from tests.attendance.asking import decide as decide_request
from tests.attendance.asking import request as ask_bkd
from tests.attendance.offered.reporting import found, listed, told
from tests.attendance.people import employee_of, tap
from tests.attendance.test_services__outages import complete, outage, row, type_in
from tests.cast import Cast

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = date(2026, 4, 13), date(2026, 4, 14)


def test_an_outage_is_told_with_its_machine_its_days_and_its_list(cast: Cast) -> None:
    machine = device_of(cast)
    machine.options = {"~OEMVendor": "ZKTECO CO., LTD.", "~DeviceName": "K14"}
    machine.save()
    made = outage(cast, device=machine, last_on=TUESDAY)
    type_in(cast, made, row(cast.employee, "07:35", "16:00"), row(cast.admin, "07:20"))
    complete(cast, made)

    data = told("attendance.outage", f"2026-04-13/{made.pk}", cast.agency)

    assert data["gangguan"]["mesin"] == [
        {"nama": "Mesin Uji", "sn": machine.serial, "merk": "ZKTECO CO., LTD. K14", "lokasi": "-"}
    ]
    assert (data["gangguan"]["lama"], data["gangguan"]["sebab"]) == ("2 hari", "Listrik padam")
    assert [(day["pegawai"], day["baris"]) for day in data["hari_terdampak"]] == [(7, 2), (7, 0)]
    assert data["hari"].startswith("Senin tanggal empat bulan Mei")
    assert [(one["nama"], one["pulang"]) for one in data["daftar"]] == [
        ("Budi Manafe", "-"), ("Joko Tallo", "16.00"),
    ]  # fmt: skip


def test_what_nobody_stores_is_left_to_be_written(cast: Cast) -> None:
    made = outage(cast)
    data = told("attendance.outage", f"2026-04-13/{made.pk}", cast.agency)
    left = ("gejala", "tindakan", "suku_cadang", "hasil")
    assert {data["gangguan"][name] for name in left} == {""}
    assert data["pihak"]["petugas"]["nama"] == "Sari Benu"
    assert data["pihak"]["teknisi"]["nama"].startswith("....")


def test_the_manual_list_names_all_who_work_that_day_and_later_what_was_typed(cast: Cast) -> None:
    made = outage(cast, last_on=TUESDAY)
    left = employee_of(cast.secretary)
    left.left_on = TUESDAY
    left.save()
    type_in(cast, made, row(cast.employee, "07:35", "16:00"))

    first = told("attendance.manual_list", f"2026-04-13/{made.pk}", cast.agency)
    second = told("attendance.manual_list", f"2026-04-14/{made.pk}", cast.agency)

    assert (first["jumlah_pegawai"], second["jumlah_pegawai"]) == (7, 6)
    assert [part["bidang"] for part in first["bagian"]] == ["Pimpinan", "Aplikasi Informatika"]
    assert first["rekap"] == {"pegawai": 7, "terdaftar": 1, "masuk": 1, "pulang": 1, "tidak": 6}
    assert (second["terisi"], second["rekap"]) == ([], {})


def test_who_sees_outages_may_ask_of_the_days_of_one(cast: Cast) -> None:
    made = outage(cast, last_on=TUESDAY)
    whole, day = f"2026-04-13/{made.pk}", f"2026-04-14/{made.pk}"
    assert found("attendance.outage", cast.operator, cast.agency, whole)
    assert found("attendance.outage", cast.operator, cast.agency, day) is None
    assert found("attendance.outage_day", cast.operator, cast.agency, day)
    assert listed("attendance.outage", cast.operator, cast.agency) == [whole]
    assert listed("attendance.outage_day", cast.operator, cast.agency) == [day, whole]
    for user, subject in (
        (cast.employee, whole), (cast.outsider, whole), (cast.operator, f"2026-04-15/{made.pk}"),
        (cast.operator, "x"), (cast.operator, f"2026-04-13/{made.pk + 1}"),
    ):  # fmt: skip
        assert found("attendance.outage_day", user, cast.agency, subject) is None


def test_an_outage_that_goes_on_has_a_list_for_tomorrow(cast: Cast) -> None:
    made = outage(cast, first_on=date(2026, 5, 4), last_on=None)
    assert found("attendance.outage_day", cast.operator, cast.agency, f"2026-05-05/{made.pk}")
    assert not found("attendance.outage_day", cast.operator, cast.agency, f"2026-05-06/{made.pk}")


def test_a_correction_tells_before_after_evidence_and_reason(cast: Cast) -> None:
    tap(employee_of(cast.employee), MONDAY, "16:03")
    asked = ask_bkd(cast, add(cast.employee, MONDAY, "07:25"))
    made = decide_request(cast, asked, note="Sesuai rekaman")

    data = told("attendance.correction", f"2026-04-13/{made.pk}", cast.agency)

    (change,) = data["perubahan"]
    assert "tanpa masuk - 16.03" in change["semula"]
    assert "07.25 - 16.03" in change["menjadi"]
    assert data["koreksi"]["bukti"] == "bukti.pdf"
    assert len(data["koreksi"]["sidik"]) == 16
    assert (data["koreksi"]["catatan"], data["lebih"]) == ("Sesuai rekaman", 0)
    assert data["pihak"]["bkd"]["nama"] == bkd(cast).get_full_name()
    assert data["pihak"]["pd"]["nama"] == "Sari Benu"


def test_only_a_granted_correction_has_a_berita_acara(cast: Cast) -> None:
    waiting = ask_bkd(cast, add(cast.employee, MONDAY, "07:25"))
    subject = f"2026-04-13/{waiting.pk}"
    assert found("attendance.correction", cast.admin, cast.agency, subject) is None
    decide_request(cast, waiting)
    assert found("attendance.correction", cast.admin, cast.agency, subject)
    assert found("attendance.correction", cast.employee, cast.agency, subject)  # his own day
    assert found("attendance.correction", cast.superior, cast.agency, subject) is None
    assert listed("attendance.correction", cast.admin, cast.agency) == [subject]


def test_the_clock_of_a_machine_is_filed_under_its_first_wrong_day(cast: Cast) -> None:
    tap(employee_of(cast.employee), MONDAY, "07:40", "16:03")
    data = shift(device_of(cast), wita(MONDAY, "06:00"), wita(MONDAY, "20:00"), -15)
    made = decide_request(cast, ask_bkd(cast, data))
    made.people_done = made.people
    made.save()
    (subject,) = listed("attendance.correction", cast.admin, cast.agency)
    assert subject == f"2026-04-13/{made.pk}"
    assert told("attendance.correction", subject, cast.agency)["koreksi"]["pegawai"] == {}
