"""What Word files and panels get about a month: plain data, and the right people in it."""

from datetime import date
from typing import Any

import pytest
from django.template.loader import render_to_string

from attendance.models import AbsenceLetter, Recap
from attendance.offered.notice_contexts import unexplained, working_day_after
from attendance.offered.recap_contexts import (
    NoRecap,
    recap_matrix,
    resume,
    validation,
)
from attendance.services import submit_recap
from attendance.services.letter_decisions import confirm_outside_approval
from foundation.actors import SYSTEM
from organization.models import Appointment
from processes.models import Instance
from tests.attendance.people import (
    AFTER_APRIL,
    APRIL,
    decide,
    employee_of,
    fill_april,
    submitted,
    tap,
)
from tests.attendance.playing import context_of, do, to_decision, to_draft, to_end
from tests.cast import Cast, make_employee
from workflows.registry import get_panel


@pytest.fixture
def april(cast: Cast) -> None:
    """Joko is away with a letter and once without; Budi is late; the head misses a day."""
    away = [(cast.employee, day) for day in (7, 8, 9, 14, 15)]
    fill_april(cast.everyone, but=[*away, (cast.admin, 16), (cast.kadis, 20)])
    decide(submitted(cast), cast.superior)
    tap(employee_of(cast.admin), date(2026, 4, 16), "08:05", "16:00")


def assert_plain(value: Any) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            assert type(key) is str
            assert_plain(item)
    elif isinstance(value, list):
        for item in value:
            assert_plain(item)
    else:
        assert type(value) in (str, int, bool), repr(value)


def test_every_context_is_plain_data(instance: Instance, cast: Cast, april: None) -> None:
    to_end(instance, cast)

    for context in (resume, unexplained, validation, recap_matrix):
        assert_plain(context(context_of(instance)))


def test_the_resume_counts_and_names(instance: Instance, cast: Cast, april: None) -> None:
    to_draft(instance, cast)

    data = resume(context_of(instance))

    assert data["ringkasan"]["kalimat"][0] == (
        "Pada April 2026 tercatat 7 pegawai dengan 21 hari kerja, seluruhnya 147 hari kerja orang."
        " Hadir fisik 95,9 % dan hadir sah 98,0 %."
    )
    total = data["jumlah"]
    assert (total["pegawai"], total["H"], total["DL"], total["TK"]) == (7, 141, 3, 3)
    assert (total["TL"], total["PSW"], total["C"]) == (1, 0, 0)
    assert data["tk"] == [
        {
            "nama": "Joko Tallo", "nip": data["tk"][0]["nip"], "tanggal": "14 dan 15 April 2026",
            "jumlah": 2, "atasan": "Maria Tefa",
        },
        {
            "nama": "Ratna Seran", "nip": data["tk"][1]["nip"], "tanggal": "20 April 2026",
            "jumlah": 1, "atasan": "Atasan langsung di luar perangkat daerah",
        },
    ]  # fmt: skip
    assert [(row["nama"], row["kali"], row["menit"]) for row in data["terlambat"]] == [
        ("Budi Manafe", 1, 35)
    ]
    units = {row["bidang"]: row for row in data["per_bidang"]}
    assert units["Aplikasi Informatika"]["pegawai"] == 5
    assert units["Aplikasi Informatika"]["TK"] == 2


def test_the_nip_is_text_in_its_groups(instance: Instance, cast: Cast, april: None) -> None:
    to_draft(instance, cast)

    assert resume(context_of(instance))["tk"][0]["nip"].startswith("19850312 201001 1 ")


def test_a_letter_that_waits_is_named_in_the_resume(
    instance: Instance, cast: Cast, april: None
) -> None:
    to_draft(instance, cast)
    submitted(cast, cast.secretary, kind="S", last_on=date(2026, 4, 8))

    assert resume(context_of(instance))["surat_tertunda"] == [
        {"nama": "Anselmus Lede", "jenis": "sakit", "tanggal": "7-8 April 2026"}
    ]


def test_unexplained_people_are_grouped_by_their_direct_superior(
    instance: Instance, cast: Cast, april: None
) -> None:
    to_draft(instance, cast)

    data = unexplained(context_of(instance))

    outside, maria = data["atasan"]
    assert outside["kunci"] == "atasan-0"
    assert (maria["atasan"]["nama"], maria["kunci"]) == (
        "Maria Tefa", f"atasan-{employee_of(cast.superior).pk}",
    )  # fmt: skip
    assert [(p["no"], p["nama"], p["tanggal"], p["jumlah"]) for p in maria["pegawai"]] == [
        (1, "Joko Tallo", "14 dan 15 April 2026", 2)
    ]
    assert data["batas_klarifikasi"] == "Kamis, 7 Mei 2026"


def test_the_notice_tells_the_days_of_the_year_and_the_band_of_pns(
    instance: Instance, cast: Cast
) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 7), (cast.employee, 8), (cast.employee, 9)])
    honorary = make_employee(
        cast.agency, "Rambu Lede", status="HONORER", number="HNR-1",
        superior=cast.superior.employee, joined_on=date(2026, 4, 27),
    )  # fmt: skip
    to_draft(instance, cast)

    (maria,) = unexplained(context_of(instance))["atasan"]

    told = {p["nama"]: (p["kumulatif"], p["penanda"]) for p in maria["pegawai"]}
    assert told == {"Joko Tallo": (3, "3 hari: teguran lisan"), honorary.name: (4, "")}
    assert maria["dicabut"] == []


def test_the_next_notice_takes_back_what_no_longer_holds(instance: Instance, cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 14), (cast.employee, 15)])
    to_decision(instance, cast)
    submit_recap(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL, instance=instance)
    do(instance, cast.kadis, putusan="ulang", alasan="periksa Joko")
    tap(employee_of(cast.employee), date(2026, 4, 14), "07:20", "16:01")
    to_draft(instance, cast)

    (maria,) = unexplained(context_of(instance))["atasan"]

    assert [person["tanggal"] for person in maria["pegawai"]] == ["15 April 2026"]
    assert maria["dicabut"] == ["Joko Tallo: 14 April 2026"]


def test_a_superior_with_nobody_left_on_the_list_is_told_that_too(
    instance: Instance, cast: Cast
) -> None:
    fill_april(cast.everyone, but=[(cast.kadis, 20)])
    to_decision(instance, cast)
    submit_recap(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL, instance=instance)
    do(instance, cast.kadis, putusan="ulang", alasan="periksa Ratna")
    tap(employee_of(cast.kadis), date(2026, 4, 20), "07:20", "16:01")
    to_draft(instance, cast)

    (above,) = unexplained(context_of(instance))["atasan"]

    assert (above["kunci"], above["pegawai"]) == ("atasan-0", [])
    assert above["dicabut"] == ["Ratna Seran: 20 April 2026"]


SIGNED = {"signatory": "Kadis", "deputy": "Sekretaris"}


def test_a_notice_about_the_head_goes_above_him_and_the_secretary_signs(
    instance: Instance, cast: Cast, april: None
) -> None:
    to_draft(instance, cast)

    maria, above = unexplained(context_of(instance, parameters=SIGNED))["atasan"]

    assert (above["atasan"]["nama"], above["penandatangan"]) == ("Sekretaris Daerah", "Sekretaris")
    assert (maria["atasan"]["nama"], maria["penandatangan"]) == ("Maria Tefa", "")


def test_a_head_without_a_secretary_says_that_he_writes_about_himself(
    instance: Instance, cast: Cast, april: None
) -> None:
    to_draft(instance, cast)
    Appointment.objects.filter(agency=cast.agency, role="Sekretaris").delete()

    _, above = unexplained(context_of(instance, parameters=SIGNED))["atasan"]

    assert above["penandatangan"] == ""
    assert above["catatan"].startswith("Pemberitahuan ini menyangkut penanda tangan sendiri")


def test_the_official_who_decided_on_paper_before_is_who_stands_above(
    instance: Instance, cast: Cast, april: None
) -> None:
    letter = submitted(
        cast, cast.kadis, kind="S", first_on=date(2026, 4, 21), last_on=date(2026, 4, 21)
    )
    confirm_outside_approval(
        letter_id=letter.pk,
        official="Sekretaris Daerah Provinsi",
        user=cast.operator,
        now=AFTER_APRIL,
    )
    to_draft(instance, cast)

    _, above = unexplained(context_of(instance, parameters=SIGNED))["atasan"]

    assert above["atasan"]["nama"] == "Sekretaris Daerah Provinsi"


def test_the_panel_of_open_days_says_what_is_missing(
    instance: Instance, cast: Cast, april: None
) -> None:
    html = panel_html("attendance.open_days", instance)

    assert "Joko Tallo: 14 dan 15 April 2026" in html
    assert "Ratna Seran: 20 April 2026" in html


def test_the_approval_card_shows_what_each_line_rests_on(
    instance: Instance, cast: Cast, april: None
) -> None:
    to_decision(instance, cast)

    html = panel_html("attendance.approval", instance)

    assert "DL 7-9 April 2026, disetujui: lihat pindaian" in html
    assert "Absen di Mesin Uji" in html


def test_the_term_counts_working_days_only(db: None) -> None:
    assert working_day_after(date(2026, 4, 10), 1) == date(2026, 4, 13)
    assert working_day_after(date(2026, 4, 10), 3) == date(2026, 4, 15)


def test_the_validation_tells_the_decision_in_the_words_of_the_form(
    instance: Instance, cast: Cast, april: None
) -> None:
    to_end(instance, cast)

    data = validation(context_of(instance))

    assert data["keputusan"] == {
        "label": "Setujui",
        "catatan": "",
        "oleh": "Ratna Seran (Kadis)",
        "waktu": "4 Mei 2026 09.12 WITA",
    }
    assert [(row["nama"], row["menit"]) for row in data["kjk"]] == [("Budi Manafe", 35)]
    assert any("1 surat, 1 dengan pindaian, 1 disetujui" in text for text in data["diperiksa"])


def test_before_a_decision_the_validation_says_so(
    instance: Instance, cast: Cast, april: None
) -> None:
    to_draft(instance, cast)

    assert validation(context_of(instance))["keputusan"]["label"] == "Belum diputuskan"


def test_the_matrix_has_a_code_for_each_day_and_adds_up(
    instance: Instance, cast: Cast, april: None
) -> None:
    to_end(instance, cast)

    data = recap_matrix(context_of(instance))

    assert data["hari"] == list(range(1, 31))
    people = [person for part in data["matriks"] for person in part["pegawai"]]
    assert len(people) == data["jumlah_pegawai"] == 7
    assert all(len(person["kode"]) == 30 for person in people)
    for name in (
        "HK", "H", "TL_n", "TL_m", "TAM", "TAP", "S", "I", "C", "DL", "TB", "LAIN", "TK", "KJK"
    ):  # fmt: skip
        assert sum(person[name] for person in people) == data["total"][name]
        assert sum(unit[name] for unit in data["per_bidang"]) == data["total"][name]
    assert data["definisi"]


def test_the_matrix_has_a_table_per_bidang_and_none_is_longer_than_forty_rows(
    instance: Instance, cast: Cast
) -> None:
    unit = employee_of(cast.employee).unit
    for number in range(75):
        make_employee(cast.agency, f"Pegawai {number}", unit=unit)
    to_draft(instance, cast)

    parts = recap_matrix(context_of(instance))["matriks"]

    told = [(p["bidang"], p["lanjutan"], len(p["pegawai"]), bool(p["jumlah"])) for p in parts]
    assert told == [
        ("Pimpinan", False, 2, True),
        ("Aplikasi Informatika", False, 40, False),
        ("Aplikasi Informatika", True, 40, True),
    ]
    assert parts[2]["jumlah"]["pegawai"] == 80


def test_the_resume_compares_with_the_last_frozen_month_in_a_table(
    instance: Instance, cast: Cast, april: None
) -> None:
    to_draft(instance, cast)
    now = Recap.objects.get()
    assert resume(context_of(instance))["perbandingan"] == {}
    Recap.objects.create(
        agency=cast.agency, month=date(2026, 3, 1), status="frozen", built_at=now.built_at,
        frozen_at=now.built_at, figures={"jumlah": {"H": 100, "HK": 100, "TK": 1}},
    )  # fmt: skip

    compared = resume(context_of(instance))["perbandingan"]

    assert compared["lalu"] == "Maret 2026"
    assert compared["baris"][:2] == [
        {"nama": "Hadir fisik (%)", "lalu": "100,0", "kini": "95,9", "selisih": "-4,1"},
        {"nama": "Tanpa keterangan (hari)", "lalu": "1", "kini": "3", "selisih": "+2"},
    ]


def test_without_a_recap_a_document_says_what_is_missing(instance: Instance) -> None:
    with pytest.raises(NoRecap, match="Draf rekap April 2026 belum disusun"):
        resume(context_of(instance))


def panel_html(name: str, instance: Instance) -> str:
    panel = get_panel(name)
    return render_to_string(panel.template, dict(panel.data(context_of(instance))))


def test_the_approval_card_names_the_exceptions_with_links(
    instance: Instance, cast: Cast, april: None
) -> None:
    to_decision(instance, cast)

    html = panel_html("attendance.approval", instance)

    recap = Recap.objects.get()
    assert "Hadir 95,9 %" in html
    assert "2 pegawai, 3 hari" in html
    assert "Belum ada rekap bulan sebelumnya" in html
    assert f"/absensi/rekap/{recap.pk}/pegawai/{employee_of(cast.employee).pk}/" in html
    assert "Tanpa keterangan 2 hari: 14 dan 15 April 2026" in html
    assert "Kekurangan jam kerja 35 menit" in html


def test_the_approval_card_compares_with_the_last_frozen_month(
    instance: Instance, cast: Cast, april: None
) -> None:
    to_decision(instance, cast)
    now = Recap.objects.get()
    march = {"H": 100, "HK": 100, "TK": 1}
    Recap.objects.create(
        agency=cast.agency, month=date(2026, 3, 1), status="frozen", built_at=now.built_at,
        frozen_at=now.built_at, figures={"jumlah": march},
    )  # fmt: skip

    html = panel_html("attendance.approval", instance)

    assert "Dibandingkan Maret 2026: hadir turun 4,1 poin, tanpa keterangan naik 2 hari." in html


def test_panels_speak_before_there_is_anything(instance: Instance) -> None:
    assert "belum disusun" in panel_html("attendance.draft", instance)
    assert "belum disusun" in panel_html("attendance.approval", instance)
    assert "Belum ada surat ketidakhadiran April 2026" in panel_html("attendance.letters", instance)


def test_the_panel_of_letters_shows_state_and_link(instance: Instance, cast: Cast) -> None:
    letter = submitted(cast)
    assert "Diperiksa kelengkapannya" in panel_html("attendance.letters", instance)
    AbsenceLetter.objects.update(status=AbsenceLetter.Status.CHECKED)

    html = panel_html("attendance.letters", instance)

    assert "1 surat masih memerlukan" in html
    assert f"/absensi/surat/{letter.pk}/" in html
    assert "Menunggu atasan" in html
    assert "menunggu atasan langsung (Maria Tefa)" in html


def test_the_panel_of_the_draft_shows_the_figures(
    instance: Instance, cast: Cast, april: None
) -> None:
    to_draft(instance, cast)

    html = panel_html("attendance.draft", instance)

    assert "2 pegawai, 3 hari" in html
    assert "penyusunan ke-1" in html
