"""The rows behind the figures: each filter lets through what it says, and no more."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from processes.audit.measured.conformance import Kind
from processes.audit.questions.conformity import Sort
from processes.audit.questions.heat import Measure
from processes.audit.questions.visits import KINDS, Filter, read_filter, visits
from processes.models import Task
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.audit.measured import audited, scope_of, visited
from tests.processes.audit.pages import SCOPE, open_page, table, words

FLAGS = {
    "substitute": "by_substitute",
    "outside": "outside_hours",
    "forced": "forced",
    "backdated": "backdated",
    "clock": "clock_back",
    "order": "out_of_order",
    "undone": "undone",
}


def count(cast: Cast, **parameters: str) -> int:
    return visits(scope_of(cast.kadis), read_filter(parameters)).count()


@pytest.mark.parametrize(("kind", "column"), FLAGS.items())
def test_a_flag_lets_the_flagged_through(cast: Cast, kind: str, column: str) -> None:
    instance = audited(cast)
    visited(instance, "cetak_resume", cast.operator, handling=1, **{column: True})
    visited(instance, "teliti_resume", cast.kadis, handling=1)
    (row,) = table(open_page(cast.kadis, reverse("audit:rows"), saring=kind), "baris")
    assert row["Tahap"].startswith("6. ")
    assert row["Penilaian"] != "Tanpa baku"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("people", 4), ("within", 1), ("over", 2), ("none", 1), ("reused", 1), ("system", 1),
     ("returned", 1), ("repeated", 1), ("", 6), ("x", 6)],
)  # fmt: skip
def test_a_kind_lets_through_what_its_name_says(cast: Cast, kind: str, expected: int) -> None:
    instance = audited(cast)
    visited(instance, "cetak_resume", cast.operator, handling=1, standard=10)
    visited(instance, "cetak_resume", cast.operator, handling=11, standard=10)
    visited(instance, "teliti_resume", cast.kadis, handling=21, standard=20, outcome_kind="return")
    visited(instance, "arsipkan_rekapan", cast.operator, handling=1)
    visited(instance, "susun_rekap", cast.operator, handling=1)
    visited(instance, "catat_penugasan", cast.operator, verdict="reused")
    assert count(cast, saring=kind) == expected


def test_steps_rounds_lanes_weekdays_and_targets_narrow_further(cast: Cast) -> None:
    instance = audited(cast)
    visited(instance, "cetak_resume", cast.operator, offered_weekday=4)
    visited(instance, "cetak_resume", cast.operator)
    visited(
        instance, "teliti_resume", cast.kadis,
        outcome_kind="return", returned_to="input_ketidakhadiran",
    )  # fmt: skip
    assert count(cast, langkah="cetak_resume") == 2
    assert count(cast, langkah="cetak_resume", putaran="2") == 1
    assert count(cast, hari="4") == 1
    assert count(cast, jalur="Kadis") == 1
    assert count(cast, ke="input_ketidakhadiran") == 1


@pytest.mark.parametrize(
    "wrong",
    [{"putaran": "-1"}, {"putaran": "satu"}, {"putaran": "99999"}, {"hari": "7"}, {"hari": "x"},
     {"saring": "'; --"}, {"urut": "password"}, {"urut": "--kerja"}],
)  # fmt: skip
def test_what_the_address_cannot_ask_for_is_not_asked(wrong: dict[str, str]) -> None:
    assert read_filter(wrong) == Filter()


def test_a_step_that_is_not_there_has_no_rows(cast: Cast) -> None:
    visited(audited(cast), "cetak_resume", cast.operator)
    for step in ("tidak_ada", "x" * 1000):
        page = open_page(cast.kadis, reverse("audit:rows"), langkah=step, saring="over")
        assert "Tidak ada kunjungan yang cocok" in words(page)


def test_rows_are_ordered_by_what_the_address_says(cast: Cast) -> None:
    instance = audited(cast)
    for minutes, waiting in [(5, 1), (20, 3), (10, 2)]:
        visited(
            instance, "cetak_resume", cast.operator, handling=minutes, waiting=waiting,
            submitted_at=NOW - timedelta(minutes=minutes),
        )  # fmt: skip
    for order, expected in [
        ("-kerja", ["20 mnt", "10 mnt", "5 mnt"]),
        ("kerja", ["5 mnt", "10 mnt", "20 mnt"]),
        ("tunggu", ["5 mnt", "10 mnt", "20 mnt"]),
        ("", ["5 mnt", "10 mnt", "20 mnt"]),  # the newest first
        ("kirim", ["20 mnt", "10 mnt", "5 mnt"]),
    ]:
        page = open_page(cast.kadis, reverse("audit:rows"), urut=order)
        assert [row["Kerja"] for row in table(page, "baris")] == expected, order
    page = open_page(cast.kadis, reverse("audit:rows"), urut="-kerja")
    (heading,) = page.xpath("//th[@aria-sort='descending']")
    assert words(heading) == "Kerja ↓"


def test_a_row_says_who_when_how_long_and_what_is_strange(cast: Cast) -> None:
    instance = audited(cast)
    instance.subject = "2026-04"
    instance.save()
    visit = visited(
        instance, "rekam_sidik_jari", cast.operator, handling=70, waiting=90, standard=60,
        count=12, paused_work=300, by_substitute=True, outside_hours=True,
        acting_as="Plh. Operator",
    )  # fmt: skip
    Task.objects.filter(pk=visit.task_id).update(claimed_at=NOW - timedelta(minutes=30))
    page = open_page(cast.kadis, reverse("audit:rows"))
    (row,) = table(page, "baris")
    assert row == {
        "Berkas": "April 2026 Dinas Komunikasi dan Informatika",
        "Tahap": "3. Melakukan perekaman data sidik jari pegawai dalam mesin finger"
        " Operator · Sari Benu (Plh. Operator)",
        "Waktu": "20 April 2026 08.00 WITA 20 April 2026 08.30 WITA 20 April 2026 09.00 WITA",
        "Kerja": "1 jam 10 mnt baku 1 jam (n 12) jeda 5 mnt",
        "Tunggu": "1 jam 30 mnt",
        "Penilaian": "Melebihi baku oleh pengganti di luar jam kerja",
    }
    assert page.xpath(f"//a[@href='/proses/{instance.pk}/']")


def test_many_rows_come_in_pages(cast: Cast) -> None:
    instance = audited(cast)
    for _ in range(51):
        visited(instance, "cetak_resume", cast.operator)
    first = open_page(cast.kadis, reverse("audit:rows"), saring="people")
    assert len(table(first, "baris")) == 50
    assert "51 kunjungan" in words(first)
    (following,) = first.xpath("//a[@rel='next']/@href")
    assert "saring=people" in following
    second = open_page(cast.kadis, reverse("audit:rows"), saring="people", page="2")
    assert len(table(second, "baris")) == 1


def read_csv(cast: Cast, **parameters: str) -> list[dict[str, str]]:
    response: Any = browser(cast.kadis).get(reverse("audit:rows_csv"), SCOPE | parameters)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].endswith('.csv"')
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content), delimiter=";"))


def test_the_csv_has_the_rows_of_the_page_with_both_clocks(cast: Cast) -> None:
    instance = audited(cast)
    visited(
        instance, "rekam_sidik_jari", cast.operator, handling=70, waiting=90, standard=60, count=12,
        forced=True,
    )  # fmt: skip
    visited(instance, "teliti_resume", cast.kadis, handling=1, standard=20)
    (row,) = read_csv(cast, saring="over")
    assert row["perangkat_daerah"] == "Dinas Komunikasi dan Informatika"
    assert row["berkas"] == str(instance.pk)
    assert (row["tahap"], row["kode_kegiatan"]) == ("3", "rekam_sidik_jari")
    assert (row["ditawarkan"], row["diambil"], row["dikirim"], row["zona"]) == (
        "2026-04-20 08:00:00", "", "2026-04-20 09:00:00", "WITA",
    )  # fmt: skip
    assert (row["kerja_detik"], row["kerja_dinding_detik"]) == ("4200", "8400")
    assert (row["baku_detik"], row["n_baku"], row["penilaian"]) == ("3600", "12", "Melebihi baku")
    assert (row["dikerjakan_oleh"], row["tanda"]) == ("Sari Benu", "dipaksa")
    assert len(read_csv(cast)) == 2


@pytest.mark.fault("F33")
def test_no_cell_of_the_csv_is_a_formula(cast: Cast) -> None:
    instance = audited(cast)
    instance.title = "=HYPERLINK(1)"
    instance.save()
    visited(instance, "teliti_resume", cast.kadis, acting_as="@SUM(A1)")
    (row,) = read_csv(cast)
    assert row["judul_berkas"] == "'=HYPERLINK(1)"
    assert row["bertindak_sebagai"] == "'@SUM(A1)"


def test_rows_of_another_agency_stay_there(cast: Cast) -> None:
    elsewhere = audited(cast, agency=cast.other_agency)
    visited(elsewhere, "teliti_resume", cast.outsider)
    assert count(cast) == 0
    assert len(read_csv(cast)) == 0


def test_every_kind_is_offered_with_words(cast: Cast) -> None:
    audited(cast)
    page = open_page(cast.kadis, reverse("audit:rows"))
    assert page.xpath("//select[@name='saring']/option/@value") == ["", *KINDS]


@pytest.mark.parametrize(
    ("name", "value"),
    [("saring", "xyz"), ("putaran", "abc"), ("hari", "9"), ("dari", "abc"), ("jam", "bulan"),
     ("sampai", "2026-13"), ("urut", "password"), ("petugas", "x")],
)  # fmt: skip
def test_a_filter_that_nobody_knows_is_said_to_be_ignored(
    cast: Cast, name: str, value: str
) -> None:
    visited(audited(cast), "cetak_resume", cast.operator)
    page = words(open_page(cast.kadis, reverse("audit:rows"), **{name: value}))
    assert f'Saringan {name} "{value}" tidak dikenal dan diabaikan.' in page
    assert "1 kunjungan" in page


def test_several_are_said_in_one_line_and_known_ones_in_none(cast: Cast) -> None:
    visited(audited(cast), "cetak_resume", cast.operator)
    page = words(open_page(cast.kadis, reverse("audit:rows"), hari="9", jam="bulan"))
    assert 'Saringan jam "bulan", hari "9" tidak dikenal dan diabaikan.' in page
    known = {"saring": "people", "hari": "0", "putaran": "1", "urut": "-kerja", "jam": "dinding"}
    assert "tidak dikenal" not in words(open_page(cast.kadis, reverse("audit:rows"), **known))
    step = words(open_page(cast.kadis, reverse("audit:trends"), langkah="tahap_99"))
    assert 'Saringan langkah "tahap_99" tidak dikenal dan diabaikan.' in step


@pytest.mark.parametrize(
    ("page", "name", "known"),
    [("audit:heat", "ukuran", list(Measure)), ("audit:conformance", "jenis", [*Sort, *Kind])],
)
def test_pages_with_a_choice_of_their_own_say_so_as_well(
    cast: Cast, page: str, name: str, known: list[str]
) -> None:
    visited(audited(cast), "cetak_resume", cast.operator)
    told = words(open_page(cast.kadis, reverse(page), **{name: "gajah"}))
    assert f'Saringan {name} "gajah" tidak dikenal dan diabaikan.' in told
    for value in ["", known[0], known[-1]]:
        shown = words(open_page(cast.kadis, reverse(page), **{name: str(value)}))
        assert "tidak dikenal" not in shown


def test_months_in_the_wrong_order_change_places_and_it_is_said(cast: Cast) -> None:
    audited(cast)
    said = "keduanya ditukar menjadi April 2026 s.d. Juni 2026."
    page = open_page(cast.kadis, reverse("audit:index"), dari="2026-06", sampai="2026-04")
    assert said in words(page)
    page = open_page(cast.kadis, reverse("audit:index"), dari="2026-04", sampai="2026-06")
    assert "ditukar" not in words(page)


def test_a_wide_table_is_scrolled_by_keys_and_the_filter_can_be_folded(cast: Cast) -> None:
    visited(audited(cast), "cetak_resume", cast.operator)
    page = open_page(cast.kadis, reverse("audit:rows"))
    (wrap,) = page.xpath("//section[@aria-labelledby='baris']//div[@tabindex='0'][.//table]")
    assert wrap.get("aria-labelledby") == "baris"
    assert page.xpath("//details[summary]/form[@aria-label='Saringan audit']")
