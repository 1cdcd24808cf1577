"""Employees come in from a file all together or, with any error, none; errors have lines."""

from datetime import date, timedelta

import pytest

from foundation import ledger
from foundation.cells import CellsRefused, Table, read_csv, read_table
from foundation.models import Event, OutboxJob
from foundation.uploads import TABLES, UploadRefused, check_bytes
from organization.exceptions import EmployeeRefused
from organization.models import Agency, Employee, Unit
from organization.permissions import actor_for, mandates_of
from organization.services import ImportReport, import_employees, retire_employee, set_superior
from tests import files
from tests.cast import NOW, TODAY, Cast, make_employee, make_nip

HEADER = "nama;nip;status;pangkat;golongan;jabatan;bidang;nip atasan;mulai bekerja"
A, B, C = (make_nip(n, sex=2) for n in (901, 902, 903))


def table(*lines: str, header: str = HEADER) -> Table:
    return read_csv("\r\n".join([header, *lines]).encode())


def bring_in(cast: Cast, *lines: str, header: str = HEADER) -> ImportReport:
    return import_employees(
        agency=cast.agency,
        table=table(*lines, header=header),
        actor=actor_for(cast.admin, "Admin", cast.agency, NOW),
        now=NOW,
    )


def errors(report: ImportReport) -> list[str]:
    return [str(error) for error in report.errors]


def state() -> tuple[object, ...]:
    return (
        list(Employee.objects.order_by("pk").values()),
        list(Unit.objects.order_by("pk").values()),
        Event.objects.count(),
        list(Agency.objects.values_list("ledger_hash", flat=True)),
    )


def test_new_employees_come_in_with_units_and_superiors_of_the_same_file(cast: Cast) -> None:
    report = bring_in(
        cast,
        f"Yuliana Bere;{A};PNS;Penata Muda;III/a;Analis;Statistik;{B};2010-01-31",
        f"Dominikus Riwu;{B};;Pembina (IV/a);;Kepala Bidang;statistik;;",
        "Theresia Ndun;HNR-001;Honorer;;;Tenaga Kebersihan;Sekretariat;;",
    )
    assert (report.created, report.updated, report.errors) == (3, 0, ())
    assert report.new_units == ("Statistik", "Sekretariat")
    person = Employee.objects.get(number=A)
    assert (person.name, person.rank, person.grade) == ("Yuliana Bere", "Penata Muda", "III/a")
    assert person.joined_on == date(2010, 1, 31)
    assert person.superior == Employee.objects.get(name="Dominikus Riwu")
    assert person.unit == Employee.objects.get(number=B).unit
    assert Employee.objects.get(number=B).grade == "IV/a"
    assert Employee.objects.get(number="HNR-001").status == "HONORER"


def test_an_import_leaves_an_event_per_change_without_names_and_numbers(cast: Cast) -> None:
    bring_in(cast, f"Yuliana Bere;{A};PNS;Penata Muda;III/a;Analis;Statistik;;")
    event = Event.objects.get(verb="employee_imported")
    assert event.stream == cast.agency.stream
    assert (event.actor_name, event.acting_as) == ("Budi Manafe", "Admin")
    assert event.subject == f"organization.employee:{Employee.objects.get(number=A).pk}"
    assert event.after["position"] == "Analis"
    assert "name" in event.after["columns"]
    assert "Yuliana" not in str(event.after)
    assert A not in str(event.after)
    assert list(ledger.verify()) == []


def test_a_known_nip_is_updated_and_empty_cells_erase_nothing(cast: Cast) -> None:
    bring_in(cast, f"Yuliana Bere;{A};PNS;Penata Muda;III/a;Analis;Statistik;;2010-01-01")
    report = bring_in(cast, f"Yuliana Bere, S.Si.;{A};;;;Kepala Seksi;;;")
    assert (report.created, report.updated, report.unchanged) == (0, 1, 0)
    person = Employee.objects.get(number=A)
    assert (person.name, person.position) == ("Yuliana Bere, S.Si.", "Kepala Seksi")
    assert (person.rank, person.joined_on) == ("Penata Muda", date(2010, 1, 1))
    event = Event.objects.get(verb="employee_updated")
    assert set(event.after["columns"]) == {"name", "position"}
    assert event.before == {"position": "Analis"}


def test_the_same_file_twice_changes_nothing(cast: Cast) -> None:
    line = f"Yuliana Bere;{A};PNS;Penata Muda;III/a;Analis;Statistik;;"
    bring_in(cast, line)
    events = Event.objects.count()
    report = bring_in(cast, line)
    assert (report.created, report.updated, report.unchanged) == (0, 0, 1)
    assert Event.objects.count() == events


def judged() -> list[tuple[list[int], str, str]]:
    jobs = OutboxJob.objects.filter(kind="attendance.rejudge").order_by("pk")
    return [(j.payload["employees"], j.payload["first"], j.payload["last"]) for j in jobs]


def test_who_moves_to_another_unit_is_judged_anew_this_month(cast: Cast) -> None:
    bring_in(cast, f"Yuliana Bere;{A};PNS;;;Analis;Statistik;;")
    bring_in(cast, f"Yuliana Bere;{A};;;;Kepala Seksi;;;")
    assert judged() == []
    bring_in(cast, f"Yuliana Bere;{A};;;;;Persandian;;")
    person = Employee.objects.get(number=A)
    assert judged() == [([person.pk], "2026-04-01", "2026-04-20")]


def test_who_leaves_is_judged_anew_from_that_day(cast: Cast) -> None:
    person = cast.operator.employee
    assert person is not None
    leave(cast, person, date(2026, 4, 13))
    assert judged() == [([person.pk], "2026-04-13", "2026-04-20")]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([f"Bere;{A[:-1]}"], "Baris 2, kolom nip: NIP terdiri atas 17 angka; seharusnya 18 angka."),
        (["Bere;198513122010012001"], "Baris 2, kolom nip: Delapan angka pertama NIP (19851312)"),
        (["Bere;1985 0312 2010 0120 01"], "Baris 2, kolom nip: Spasi di dalam NIP"),
        (["Bere;"], "Baris 2, kolom nip: NIP kosong"),
        ([f";{A}"], "Baris 2, kolom nama: Nama kosong"),
        ([f"Bere;{A}", f"Klau;{A}"], "Baris 3, kolom nip: NIP sama dengan baris 2"),
        ([f"Bere;{A};Sukarela"], "Baris 2, kolom status: Tidak dikenal; pilih PNS, PPPK"),
        ([f"Bere;{A};PNS;Pembina;III/a"], "Baris 2, kolom pangkat: Pangkat “Pembina” tidak sesuai"),
        ([f"Bere;{A};;;;;;;31-02-2010"], "Baris 2, kolom mulai bekerja: Bukan tanggal"),
        ([f"Bere;{A};;;;;;{B};"], "Baris 2, kolom nip atasan: NIP atasan tidak ada di berkas ini"),
        ([f"Bere;{A};;;;;;{A};"], "Baris 2, kolom nip atasan: Pegawai tidak dapat menjadi atasan"),
        ([f"Bere;{A};;;;;;12;"], "Baris 2, kolom nip atasan: NIP terdiri atas 2 angka"),
        ([f"Bere;{A};;;;{'x' * 151};;;"], "Baris 2, kolom jabatan: Terlalu panjang"),
        ([f"Bere;{A};;;;;;;;lebih;sel"], "Baris 2: Lebih banyak sel daripada judul kolom"),
        ([], "Berkas hanya memuat judul kolom"),
    ],
)
def test_one_bad_line_is_named_and_nothing_at_all_is_written(
    cast: Cast, lines: list[str], expected: str
) -> None:
    before = state()
    good = [f"Baik Benu;{C};PNS;Penata Muda;III/a;Analis;Bidang Baru;;"] if lines else []
    report = bring_in(cast, *lines, *good)
    assert not report.is_written
    assert any(text.startswith(expected) for text in errors(report)), errors(report)
    assert state() == before


def test_every_bad_line_is_named_in_one_go_and_in_order(cast: Cast) -> None:
    report = bring_in(cast, "Bere;1", f";{A}", f"Klau;{A};aneh", f"Benu;{C};;;;;;{B};")
    assert [error.line for error in report.errors] == [2, 3, 4, 5]


def test_a_ring_of_superiors_is_refused(cast: Cast) -> None:
    before = state()
    report = bring_in(
        cast, f"A;{A};;;;;;{B};", f"B;{B};;;;;;{C};", f"C;{C};;;;;;{A};", "D;HNR-1;Honorer"
    )
    assert [error.line for error in report.errors] == [2, 3, 4]
    assert "melingkar: A di bawah B, B di bawah C, C di bawah A." in report.errors[0].text
    assert "Perbaiki NIP atasan" in report.errors[0].text
    assert state() == before


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("nama;nip;gaji", "Kolom “gaji” tidak dikenal; yang dikenal: nama, nip"),
        ("nama;nip;jabatn", "mungkin maksudnya “jabatan”"),
        ("nama;jabatan", "Kolom nip tidak ada"),
        ("nama;nip;nama", "Kolom “nama” ada dua kali"),
        ("nama;;nip", "Kolom ke-2 tidak berjudul"),
        ("a;b;c", "Kolom nama dan nip tidak ada"),
    ],
)
def test_unknown_doubled_and_missing_columns_are_named(
    cast: Cast, header: str, expected: str
) -> None:
    before = state()
    report = bring_in(cast, f"Bere;{A};1", header=header)
    assert any(expected in text for text in errors(report)), errors(report)
    assert state() == before


def test_columns_are_known_by_their_usual_other_names(cast: Cast) -> None:
    report = bring_in(
        cast, f"Bere;{A};Penata Muda/III/a;Analis;Statistik",
        header="Nama Lengkap *;NIP;Pangkat/Gol;Nama Jabatan;Unit Kerja",
    )  # fmt: skip
    assert report.created == 1
    assert Employee.objects.get(number=A).grade == "III/a"


def test_a_nip_of_another_agency_is_refused_without_naming_its_holder(cast: Cast) -> None:
    assert cast.outsider.employee is not None
    report = bring_in(cast, f"Bere;{cast.outsider.employee.number}")
    assert "perangkat daerah lain" in errors(report)[0]
    assert "Umbu" not in errors(report)[0]


def test_somebody_who_left_does_not_come_back_by_a_file(cast: Cast) -> None:
    gone = make_employee(cast.agency, left_on=date(2026, 1, 1))
    report = bring_in(cast, f"Bere;{gone.number}")
    assert "sudah berhenti" in errors(report)[0]


def test_a_nip_that_excel_rounded_is_a_line_error(cast: Cast) -> None:
    content = files.workbook([["nama", "nip"], ["Bere", 198503122010012001]])
    report = import_employees(
        agency=cast.agency,
        table=read_table(check_bytes(content, name="a.xlsx", allowed=TABLES)),
        actor=actor_for(cast.admin, "Admin", cast.agency, NOW),
        now=NOW,
    )
    (text,) = errors(report)
    assert text == (
        "Baris 2, kolom nip: Sel berisi angka yang dibulatkan Excel; ubah format sel menjadi Teks "
        "lalu ketik ulang."
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
def test_a_file_of_any_encoding_keeps_its_letters(cast: Cast, encoding: str) -> None:
    content = f"nama;nip\r\nJosé Djámi;{A}\r\n".encode(encoding)
    report = import_employees(
        agency=cast.agency,
        table=read_table(check_bytes(content, name="a.csv", allowed=TABLES)),
        actor=actor_for(cast.admin, "Admin", cast.agency, NOW),
        now=NOW,
    )
    assert report.created == 1
    assert Employee.objects.get(number=A).name == "José Djámi"


@pytest.mark.parametrize("content", [b"", files.xlsx_bomb(), b"x" * (11 * 1024 * 1024)])
def test_a_file_that_is_no_table_never_reaches_the_import(content: bytes) -> None:
    with pytest.raises((UploadRefused, CellsRefused)):
        read_table(check_bytes(content, name="a.xlsx", allowed=TABLES, limit=10 * 1024 * 1024))


def test_ninety_employees_cost_few_queries(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    lines = [
        f"Pegawai {n};{make_nip(n)};PNS;Penata;III/c;Analis;Statistik;;" for n in range(100, 190)
    ]
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        assert bring_in(cast, *lines).created == 90


# Superiors and leaving


def test_a_superior_is_set_and_the_event_says_who_was_it_before(cast: Cast) -> None:
    person, superior = cast.employee.employee, cast.kadis.employee
    assert person is not None
    old = person.superior_id
    set_superior(employee=person, superior=superior, actor=actor_for(cast.admin, "Admin",
                 cast.agency, NOW), now=NOW)  # fmt: skip
    person.refresh_from_db()
    assert person.superior == superior
    event = Event.objects.get(verb="superior_changed")
    assert event.before == {"superior": old}


def test_nobody_is_put_under_himself_or_his_own_staff(cast: Cast) -> None:
    actor = actor_for(cast.admin, "Admin", cast.agency, NOW)
    boss, staff = cast.superior.employee, cast.employee.employee
    assert boss is not None
    for superior in (boss, staff):
        with pytest.raises(EmployeeRefused, match="bawahan"):
            set_superior(employee=boss, superior=superior, actor=actor, now=NOW)
    gone = make_employee(cast.agency, left_on=date(2026, 1, 1))
    with pytest.raises(EmployeeRefused, match="sudah berhenti"):
        set_superior(employee=boss, superior=gone, actor=actor, now=NOW)


def leave(cast: Cast, person: Employee, on: date) -> None:
    actor = actor_for(cast.admin, "Admin", cast.agency, NOW)
    retire_employee(employee=person, left_on=on, actor=actor, now=NOW)


@pytest.mark.fault("F54")
def test_leaving_closes_the_account_and_ends_the_mandates_but_deletes_nothing(cast: Cast) -> None:
    person = cast.operator.employee
    assert person is not None
    leave(cast, person, TODAY)
    cast.operator.refresh_from_db()
    assert not cast.operator.is_active
    assert mandates_of(cast.operator, NOW + timedelta(seconds=1)) == ()
    assert cast.operator.appointments.get().revoked_at == NOW
    assert person not in Employee.objects.all().active(TODAY)
    verbs = list(Event.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs == ["employee_retired", "account_closed", "appointment_revoked"]
    with pytest.raises(EmployeeRefused, match="sudah tercatat"):
        leave(cast, person, TODAY)


@pytest.mark.parametrize("on", [date(2026, 4, 21), date(2009, 1, 1)])
def test_a_day_of_leaving_that_cannot_be_is_refused(cast: Cast, on: date) -> None:
    person = cast.employee.employee
    assert person is not None
    with pytest.raises(EmployeeRefused):
        leave(cast, person, on)
