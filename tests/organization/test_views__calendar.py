"""The calendar's pages: decrees, rosters, holidays and substitutes, by those who may."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from organization.models import (
    Employee,
    PublicHoliday,
    RosterDay,
    Substitution,
    User,
    WorkHours,
    WorkPattern,
)
from organization.permissions import local_date
from tests.cast import Cast, appoint, make_employee, make_user
from tests.organization.hours import RAMADAN, SHIFTS, Kind, holiday, make_pattern, roster
from tests.pages import browser

FORM = {
    "name": "Jam pelayanan", "kind": "weekly", "decree_number": "100/9/2026",
    "valid_from": "2027-01-01", "whole": "on",
    "hari-0-starts": "08:00", "hari-0-ends": "15:30",
    "hari-0-break_starts": "12.00", "hari-0-break_ends": "12:30",
}  # fmt: skip


@pytest.fixture
def joko(cast: Cast) -> Employee:
    assert cast.employee.employee is not None
    return cast.employee.employee


@pytest.fixture
def province(cast: Cast) -> User:
    user = make_user(make_employee(cast.other_agency, "Veronika Lelo"), "veronika")
    appoint(user, "BKD", cast.other_agency)
    appoint(user, "BKD", cast.agency)
    return user


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def get(user: User, path: str) -> str:
    response = browser(user).get(f"/kalender/{path}")
    assert response.status_code == 200, path
    return text_of(response)


def post(user: User, path: str, data: dict[str, Any], **values: Any) -> tuple[int, str]:
    client: Client = browser(user)
    response = client.post(f"/kalender/{path}", data | values, follow=True)
    return response.status_code, text_of(response)


# Hours of work


def test_the_list_tells_state_decree_and_whom_in_words(cast: Cast, joko: Employee) -> None:
    make_pattern({0: "08.00-12.00"}, joko, name="Paruh waktu", kind=Kind.PART_TIME)
    make_pattern({0: "08.00-12.00"}, cast.agency, name="Lama", last=date(2026, 1, 31))
    make_pattern({0: "08.00-12.00"}, cast.agency, name="Batal", withdrawn_at=timezone.now())
    make_pattern(RAMADAN, None, name="Ramadan", kind=Kind.SEASON, last=date(2100, 1, 1))
    make_pattern({0: "08.00-12.00"}, cast.other_agency, name="Punya dinas lain")
    page = get(cast.operator, "")
    for words in ("Paruh waktu", "Untuk Joko Tallo", "Berlaku", "Sudah berakhir", "Dicabut"):
        assert words in page
    assert "Untuk Semua perangkat daerah" in page
    assert "Punya dinas lain" not in page
    assert "Catat pola" not in page


def test_more_patterns_cost_no_more_queries(cast: Cast, joko: Employee) -> None:
    def queries() -> int:
        client = browser(cast.admin)
        with CaptureQueriesContext(connection) as captured:
            client.get("/kalender/")
        return len(captured)

    make_pattern({0: "08.00-12.00"}, joko, joko.unit, cast.agency)
    few = queries()
    for _ in range(5):
        make_pattern({0: "08.00-12.00", 1: "08.00-12.00"}, joko.unit, make_employee(cast.agency))
    assert queries() == few


def test_a_decree_is_written_down_with_a_word_about_its_week(cast: Cast) -> None:
    status, page = post(cast.admin, "pola/baru/", FORM)
    assert status == 200
    assert "Pola Jam pelayanan (100/9/2026) tersimpan." in page
    assert "Seminggu menjadi 7 jam" in page
    assert "08.00-15.30, istirahat 12.00-12.30" in page
    pattern = WorkPattern.objects.get()
    assert pattern.scopes.get().agency == cast.agency
    assert "Senin" in get(cast.operator, f"pola/{pattern.pk}/")


def test_shifts_are_read_from_their_own_table(cast: Cast, joko: Employee) -> None:
    told = {"kind": "shift", "whole": "", "employees": [joko.pk]}
    rows = {"giliran-1-shift": "m", "giliran-1-starts": "21:00", "giliran-1-ends": "07:00"}
    status, page = post(cast.admin, "pola/baru/", FORM | told | rows)
    assert status == 200
    assert "21.00-07.00 (hari berikutnya)" in page
    assert WorkHours.objects.get().shift == "M"


@pytest.mark.parametrize("month", ["9999-12", "2026-13", "0001-01", "x"])
def test_a_roster_of_a_month_that_is_none_is_not_found(cast: Cast, month: str) -> None:
    page = browser(cast.admin).get(f"/kalender/giliran/?bulan={month}")
    assert page.status_code == 404


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"decree_number": ""}, "Bidang ini tidak boleh kosong"),
        ({"valid_until": "2026-12-31"}, "berakhir sebelum mulai berlaku"),
        ({"whole": ""}, "Pilih untuk siapa pola ini"),
        ({"hari-0-ends": ""}, "Senin: isi jam masuk dan pulang, atau kosongkan."),
        ({"giliran-2-shift": "P"}, "Giliran 2: isi kode beserta jamnya"),
        ({"hari-0-break_ends": ""}, "Istirahat Senin baru terisi separuh"),
        ({"kind": "shift"}, "Belum ada jam kerja; isi giliran beserta jamnya"),
        ({"hari-0-starts": "delapan"}, "Tulis jam seperti 07.30."),
    ],
)
def test_what_is_wrong_stands_on_the_form_and_what_was_typed_stays(
    cast: Cast, values: dict[str, str], words: str
) -> None:
    status, page = post(cast.admin, "pola/baru/", FORM | values)
    assert status == 422
    assert words in page
    assert "Jam pelayanan" in page
    assert not WorkPattern.objects.exists()


def test_an_overlap_is_told_on_the_form(cast: Cast) -> None:
    make_pattern({0: "08.00-12.00"}, cast.agency, name="Yang lama", decree_number="7/2025")
    status, page = post(cast.admin, "pola/baru/", FORM)
    assert status == 422
    assert "“Yang lama (7/2025)” sama-sama berlaku" in page


def test_the_province_orders_for_all_and_the_agency_does_not(cast: Cast, province: User) -> None:
    assert "Pola untuk semua" in get(province, "")
    status, page = post(province, "pola/baru/?untuk=semua", FORM)
    assert status == 200
    assert "Semua perangkat daerah" in page
    pattern = WorkPattern.objects.get()
    assert pattern.agency is None
    assert post(cast.admin, "pola/baru/?untuk=semua", FORM)[0] == 403
    assert post(cast.admin, f"pola/{pattern.pk}/cabut/", {})[0] == 403
    assert "Cabut pola ini" not in get(cast.admin, f"pola/{pattern.pk}/")
    assert "Cabut pola ini" in get(province, f"pola/{pattern.pk}/")


def test_a_pattern_is_changed_ended_and_withdrawn(cast: Cast) -> None:
    post(cast.admin, "pola/baru/", FORM)
    pattern = WorkPattern.objects.get()
    page = get(cast.admin, f"pola/{pattern.pk}/ubah/")
    assert 'value="08.00"' in page
    status, page = post(cast.admin, f"pola/{pattern.pk}/ubah/", FORM, name="Nama baru")
    assert "Perubahan pola tersimpan." in page
    status, page = post(cast.admin, f"pola/{pattern.pk}/akhiri/", {"last_on": "2026-12-01"})
    assert (status, "cabut pola" in page) == (422, True)
    assert post(cast.admin, f"pola/{pattern.pk}/akhiri/", {"last_on": ""})[0] == 422
    status, page = post(cast.admin, f"pola/{pattern.pk}/akhiri/", {"last_on": "2027-02-01"})
    assert "1 Februari 2027" in page
    assert "Dicabut" in post(cast.admin, f"pola/{pattern.pk}/cabut/", {})[1]
    assert "sudah dicabut" in post(cast.admin, f"pola/{pattern.pk}/cabut/", {})[1]
    assert post(cast.admin, "pola/999999/cabut/", {})[0] == 404


# Rosters


def test_the_grid_is_shown_filled_in_and_kept(cast: Cast, joko: Employee) -> None:
    pattern = make_pattern(SHIFTS, joko, kind=Kind.SHIFT)
    roster(pattern, joko, {6: "M", 7: ""})
    page = get(cast.admin, "giliran/?bulan=2026-04")
    assert f'name="g-{joko.pk}-2026-04-06" value="M"' in page
    assert "Joko Tallo: tanggal 1-5, 8-30" in page
    assert "21.00-07.00" in page
    assert '<abbr title="Rabu">Rab</abbr> 1' in page
    assert "<input name" not in get(cast.operator, "giliran/?bulan=2026-04")
    sent = {f"g-{joko.pk}-2026-04-06": "P", f"g-{joko.pk}-2026-04-08": "l", "bulan": "2026-04"}
    status, page = post(cast.admin, "giliran/simpan/", sent)
    assert (status, "2 hari dari 1 pegawai tersimpan." in page) == (200, True)
    assert RosterDay.objects.count() == 3
    assert "Tidak ada yang berubah." in post(cast.admin, "giliran/simpan/", sent)[1]


def test_a_wrong_cell_keeps_what_was_typed(cast: Cast, joko: Employee) -> None:
    make_pattern(SHIFTS, joko, kind=Kind.SHIFT)
    sent = {f"g-{joko.pk}-2026-04-06": "P", f"g-{joko.pk}-2026-04-07": "ZZ", "bulan": "2026-04"}
    status, page = post(cast.admin, "giliran/simpan/", sent)
    assert status == 422
    assert "Joko Tallo, 7 April 2026: giliran “ZZ” tidak ada dalam polanya" in page
    assert f'name="g-{joko.pk}-2026-04-06" value="P"' in page
    assert 'value="ZZ"' in page
    assert not RosterDay.objects.exists()


@pytest.mark.parametrize(
    "query", ["bulan=2026-13", "bulan=april", "bidang=999999", "bidang=x", "pd=tidak-ada"]
)
def test_what_does_not_exist_is_not_found(cast: Cast, query: str) -> None:
    assert browser(cast.admin).get(f"/kalender/giliran/?{query}").status_code == 404


def test_without_shifts_the_page_says_what_comes_first(cast: Cast) -> None:
    assert "Tidak ada yang bergiliran" in get(cast.admin, "giliran/")


def test_the_table_goes_out_and_comes_back(cast: Cast, joko: Employee) -> None:
    roster(make_pattern(SHIFTS, joko, kind=Kind.SHIFT), joko, {6: "M", 7: ""})
    response = browser(cast.admin).get("/kalender/giliran/tabel.xlsx?bulan=2026-04")
    workbook = load_workbook(BytesIO(response.content))
    rows = list(workbook.worksheets[0].iter_rows(values_only=True))
    assert rows[0][:3] == ("NIP", "Nama", "2026-04-01")
    assert (rows[1][1], rows[1][7], rows[1][8]) == ("Joko Tallo", "M", "L")
    RosterDay.objects.all().delete()
    file = SimpleUploadedFile("jadwal.xlsx", response.content)
    assert "2 hari dari 1 pegawai" in post(cast.admin, "giliran/impor/", {"file": file})[1]
    assert RosterDay.objects.count() == 2


def test_a_wrong_file_is_told_row_by_row(cast: Cast) -> None:
    file = SimpleUploadedFile("a.csv", b"nip;nama;2026-04-06\n1;Salah Orang;P\n")
    status, page = post(cast.admin, "giliran/impor/", {"file": file})
    assert status == 422
    assert "Salah Orang: NIP 1 bukan pegawai" in page
    assert post(cast.admin, "giliran/impor/", {})[0] == 422
    broken = SimpleUploadedFile("a.xlsx", b"bukan tabel")
    assert post(cast.admin, "giliran/impor/", {"file": broken})[0] == 422


# Holidays


def test_a_year_is_filled_and_corrected(cast: Cast, province: User) -> None:
    status, page = post(province, "libur/isi/", {"tahun": "2026"})
    assert (status, "25 hari ditambahkan" in page) == (200, True)
    assert "Cuti Bersama Hari Suci Nyepi" in page
    assert "Paket holidays" in page
    day = {"on": "2026-04-03", "kind": "workday", "name": "Tetap bekerja", "source": "SE 3/2026"}
    status, page = post(province, "libur/tulis/", day, untuk="semua")
    assert "Tetap bekerja tersimpan" in page
    assert "diubah Veronika Lelo" in page
    assert (
        "Tetap seperti yang ditulis: 3 April 2026"
        in post(province, "libur/isi/", {"tahun": "2026"})[1]
    )
    assert "belum memuat cuti bersama 2031" in post(province, "libur/isi/", {"tahun": "2031"})[1]


def test_an_agency_writes_its_own_day_beside_that_of_all(cast: Cast) -> None:
    holiday(date(2026, 4, 3), "Wafat Yesus Kristus")
    day = {"on": "2026-04-03", "kind": "workday", "name": "Pelayanan", "source": "SK 9/2026"}
    status, page = post(cast.admin, "libur/tulis/", day, untuk="pd", tahun="2026")
    assert "(diganti di sini)" in page
    assert PublicHoliday.objects.get(agency=cast.agency).name == "Pelayanan"
    assert post(cast.admin, "libur/tulis/", day, untuk="semua")[0] == 403
    status, page = post(cast.admin, "libur/tulis/", day, source="")
    assert (status, "Pelayanan" in page) == (422, True)
    assert browser(cast.admin).get("/kalender/libur/?tahun=abad").status_code == 404
    assert "Belum ada hari libur 2027" in get(cast.admin, "libur/?tahun=2027")


# Substitutes


def test_a_substitute_is_written_down_and_revoked(cast: Cast, joko: Employee) -> None:
    today = local_date(cast.agency, timezone.now())
    assert cast.superior.employee is not None
    told = {
        "principal": cast.superior.employee.pk, "substitute": joko.pk, "capacity": "plh",
        "letter_number": "800/4/2026", "valid_from": today.isoformat(), "valid_until": "",
    }  # fmt: skip
    status, page = post(cast.kadis, "pengganti/baru/", told)
    assert (status, "Plh. memerlukan tanggal akhir" in page) == (422, True)
    status, page = post(cast.kadis, "pengganti/baru/", told, valid_until=today.isoformat())
    assert "Joko Tallo bertindak sebagai Plh. Kepala Bidang" in page
    row = Substitution.objects.get()
    assert post(cast.operator, f"pengganti/{row.pk}/cabut/", {})[0] == 403
    assert "Penunjukan dicabut." in post(cast.kadis, f"pengganti/{row.pk}/cabut/", {})[1]
    assert "sudah dicabut" in post(cast.kadis, f"pengganti/{row.pk}/cabut/", {})[1]
    assert post(cast.kadis, "pengganti/999999/cabut/", {})[0] == 404
    assert "Dicabut" in get(cast.operator, "pengganti/")
