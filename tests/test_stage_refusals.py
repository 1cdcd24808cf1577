"""The stages that prepare a month refuse their form while their work is not done, and name it.

Each submission is made over the service and over the page. A refused one writes nothing but the
draft of what was typed; when the work is done, the very same submission passes.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from devices import services as devices
from foundation.actors import SYSTEM
from foundation.cells import read_csv
from foundation.uploads import IMAGES, check_bytes
from organization.models import Agency, Appointment, Employee
from organization.services import import_employees, set_photo
from tests import files
from tests.cast import NOW, Cast, appoint, make_agency, make_employee, make_nip
from tests.refusals import accepted, at, refused, unticked
from tests.stages import Answers

pytestmark = pytest.mark.django_db


# 1: Kadis menugaskan admin dan operator


def test_stage_1_wants_officers_an_instruction_and_their_qualifications(cast: Cast) -> None:
    month, user, answers = at(cast, 1)
    nobody: Answers = {"admin": [], "operator": []}
    refused(
        month,
        user,
        {k: v for k, v in answers.items() if k != "petunjuk_atasan"} | nobody,
        "Unggah berkas untuk “Petunjuk atasan”.",
        "Pilih paling sedikit satu pada “Admin e-absensi”.",
        "Pilih paling sedikit satu pada “Operator e-absensi”.",
    )
    refused(
        month,
        user,
        unticked(answers, "kualifikasi"),
        "Belum dicentang pada “Kualifikasi pelaksana”: Memiliki integritas.",
    )
    assert not month.cast.agency.appointments.filter(role="Admin", revoked_at=None).exists()
    accepted(month, user, answers)
    month.let_the_system_work()
    appointed = Appointment.objects.filter(agency=cast.agency, revoked_at=None)
    assert appointed.filter(role__in=["Admin", "Operator"]).count() == 3
    assert month.stage == 2


def test_stage_1_wants_two_persons_not_one_for_both_roles(cast: Cast) -> None:
    month, user, answers = at(cast, 1)
    refused(
        month,
        user,
        answers | {"operator": answers["admin"]},
        "Budi Manafe dipilih untuk lebih dari satu peran.",
        "Petugas paling sedikit 2 orang yang berbeda; baru 1 dipilih.",
    )
    refused(
        month,
        user,
        answers | {"operator": []},
        "Pilih paling sedikit satu pada “Operator e-absensi”.",
    )
    accepted(month, user, answers)


@pytest.mark.parametrize("status", ["PPPK", "PPPK-PW", "HONORER"])
def test_stage_1_wants_pns(cast: Cast, status: str) -> None:
    other = make_employee(cast.agency, "Dominggus Rihi", status=status)
    month, user, answers = at(cast, 1)
    chosen = answers | {"operator": [str(other.pk)]}
    refused(
        month, user, chosen, "Pilihan pada “Operator e-absensi” tidak tersedia; muat ulang halaman"
    )
    other.status = "PNS"
    other.save()
    accepted(month, user, chosen)


def test_stage_1_wants_people_of_this_agency_who_still_work_there(cast: Cast) -> None:
    month, user, answers = at(cast, 1)
    gone = make_employee(cast.agency, "Frans Tupen", left_on=date(2026, 4, 1))
    for employee_id in (cast.outsider.employee_id, gone.pk):
        wrong = answers | {"operator": [str(employee_id)]}
        refused(month, user, wrong, "Pilihan pada “Operator e-absensi” tidak tersedia")
    accepted(month, user, answers)


def test_stage_1_wants_an_appointment_that_holds_today(cast: Cast) -> None:
    month, user, answers = at(cast, 1)
    refused(
        month,
        user,
        answers | {"berlaku_sejak": "2026-05-01"},
        "Penugasan belum dapat dicatat: tanggal mulai berlakunya masih akan datang.",
    )
    refused(
        month,
        user,
        answers | {"berlaku_sejak": "2026-01-01", "berlaku_sampai": "2026-04-19"},
        "Penugasan ini sudah berakhir; perbaiki tanggal akhir berlakunya.",
    )
    accepted(month, user, answers)


# 2: Admin memfasilitasi data pegawai dan registrasi mesin


def bring_in(agency: Agency, *rows: str) -> None:
    table = read_csv("\n".join(["nama;nip;status;pangkat;jabatan", *rows]).encode())
    report = import_employees(agency=agency, table=table, actor=SYSTEM, now=NOW)
    assert report.is_written, report.errors


def give_photo(number: str) -> None:
    upload = check_bytes(files.image(), name="foto.jpg", allowed=IMAGES)
    employee = Employee.objects.get(number=number)
    set_photo(employee=employee, upload=upload, actor=SYSTEM, now=NOW)


def test_stage_2_wants_employees(cast: Cast) -> None:
    """A new office, led and administered by acting people of the next one."""
    office = make_agency("dinsos", name="Dinas Sosial")
    for user, role in [(cast.kadis, "Kadis"), (cast.admin, "Admin"), (cast.operator, "Operator")]:
        appoint(user, role, office)
    month, user, answers = at(replace(cast, agency=office), 2)
    month.register_machine()
    refused(month, user, answers, "Belum ada pegawai aktif; impor data pegawai dahulu.")
    number = make_nip(801)
    bring_in(office, f"Yuliana Bere;{number};PNS;Penata Muda;Analis")
    refused(month, user, answers, "Yuliana Bere: belum ada foto.")
    give_photo(number)
    accepted(month, user, answers)
    month.let_the_system_work()
    assert month.stage == 3


def test_stage_2_wants_five_data_of_each_employee(cast: Cast) -> None:
    one, other = make_nip(801), make_nip(802)
    bring_in(cast.agency, f"Yuliana Bere;{one};PNS;;Analis", f"Petrus Kolo;{other};PNS;Penata;")
    month, user, answers = at(cast, 2)
    month.register_machine()
    refused(
        month,
        user,
        answers,
        "Yuliana Bere: belum ada pangkat dan foto.",
        "Petrus Kolo: belum ada jabatan dan foto.",
    )
    bring_in(
        cast.agency, f"Yuliana Bere;{one};PNS;Penata Muda;", f"Petrus Kolo;{other};PNS;;Analis"
    )
    give_photo(one)
    refused(month, user, answers, "Petrus Kolo: belum ada foto.")
    give_photo(other)
    accepted(month, user, answers)


def test_stage_2_wants_an_approved_machine(cast: Cast) -> None:
    month, user, answers = at(cast, 2)
    refused(month, user, answers, "Belum ada mesin sidik jari yang didaftarkan.")
    second = devices.register_device(
        agency=cast.agency, serial="AULA01", name="Mesin Aula", protocol="push",
        actor=SYSTEM, now=month.now,
    )  # fmt: skip
    refused(month, user, answers, "Mesin Aula (AULA01) belum disetujui: cocokkan nomor serinya")
    devices.approve_device(device=second, actor=SYSTEM, now=month.now)
    refused(
        month,
        user,
        unticked(answers, "kelengkapan_data"),
        "Setiap mesin finger sudah diregistrasi beserta tempat dan perlengkapannya",
    )
    accepted(month, user, answers)


# 3: Operator merekam sidik jari


def test_stage_3_wants_everybody_recorded_excepted_or_promised(cast: Cast) -> None:
    month, user, answers = at(cast, 3)
    everybody = list(cast.agency.employees.order_by("id"))
    names = [f"{person.name} ({person.number}): belum direkam" for person in everybody]
    refused(month, user, answers, *names)
    worn, away, *rest = everybody
    recorded = [month.record(person) for person in rest]
    waiting = f"{rest[0].name} ({rest[0].number}): terekam, menunggu pengawas"
    refused(month, user, answers, *names[:2], waiting)
    month.confirm(*recorded)
    refused(month, user, answers, *names[:2])
    devices.record_exception(employee=worn, reason="jari aus", actor=SYSTEM, now=month.now)
    devices.record_later(
        employee=away, due_on=date(2026, 4, 21), reason="dinas", actor=SYSTEM, now=month.now
    )
    month.now += timedelta(days=2)
    refused(month, user, answers, f"{away.name} ({away.number}): menyusul lewat 21-04-2026")
    month.confirm(month.record(away))
    refused(
        month,
        user,
        unticked(answers, "pelaksanaan_perekaman"),
        "Setiap pegawai sudah mencoba absen dengan jari yang direkam",
    )
    accepted(month, user, answers)
    month.let_the_system_work()
    assert month.stage == 4


# 4: Admin menyiapkan, mengaktifkan dan mengendalikan


def test_stage_4_wants_active_machines_that_were_checked_and_are_right(cast: Cast) -> None:
    month, user, answers = at(cast, 4)
    pins = month.give_numbers()
    month.bring_log(f"{pins['Joko Tallo']} 2026-04-20 07:20:00")
    refused(month, user, answers, "Mesin Lobi berstatus “Disetujui - belum aktif”: aktifkan mesin")
    month.move_machine("activate")
    # The system asked it before this stage; what its clock shows only a person can tell.
    refused(month, user, answers, "Jam Mesin Lobi belum diketahui")
    month.check_machine(offset=-3600)
    refused(month, user, answers, "Jam Mesin Lobi 1 jam lebih lambat; batasnya 2 menit.")
    month.check_machine(offset=-30)
    month.now += timedelta(hours=25)
    refused(month, user, answers, "Mesin Lobi belum diperiksa dalam 24 jam terakhir")
    month.check_machine()
    refused(month, user, unticked(answers, "kesiapan"), "Koneksi internet tersedia")
    accepted(month, user, answers)


def test_stage_4_wants_punches_of_this_month_by_known_people(cast: Cast) -> None:
    month, user, answers = at(cast, 4)
    month.move_machine("activate")
    month.check_machine()
    missing = "Belum ada data transaksi absen untuk April 2026: tarik atau impor log mesin."
    refused(month, user, answers, missing)
    pins = month.give_numbers()
    month.bring_log(
        "99 2026-04-20 07:20:00",  # belongs to nobody
        f"{pins['Joko Tallo']} 2026-03-31 07:20:00",
        f"{pins['Joko Tallo']} 2000-01-01 00:00:00",  # the clock of a machine that was reset
    )
    refused(month, user, answers, missing)
    month.bring_log(f"{pins['Joko Tallo']} 2026-04-01 07:20:00")
    accepted(month, user, answers)
