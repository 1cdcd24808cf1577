"""The pages of findings: what stands there, and that every figure opens the rows behind it."""

from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from processes.audit.measured.conformance import Deviation, Kind
from tests.cast import NOW, Cast, appoint
from tests.pages import browser
from tests.processes.audit.measured import audited, visited
from tests.processes.audit.pages import SCOPE, link, open_page, table, words
from workflows.definitions import OutcomeKind

DECIDES, ENTERS = "teliti_resume", "input_ketidakhadiran"
RETURNS, WAITING = reverse("audit:returns"), reverse("audit:waiting")
TRENDS, CONFORMANCE = reverse("audit:trends"), reverse("audit:conformance")
PAGES = [RETURNS, WAITING, TRENDS, CONFORMANCE]
STEP_5 = "5. Melaksanakan input data pendukung ketidakhadiran pegawai"
QUERIES = 30  # a page with its frame; the same for one row and for many


@pytest.fixture
def returned(cast: Cast) -> Cast:
    """One instance returned with a reason at round one and answered, one straight."""
    instance = audited(cast, returns=1)
    visited(
        instance, DECIDES, cast.kadis, outcome_kind=OutcomeKind.RETURN, returned_to=ENTERS,
        lost=90, repeated=20, waiting=30, handling=10, standard=20,
        comment="Surat <b>belum</b> ada.", acting_as="Kadis",
    )  # fmt: skip
    visited(instance, DECIDES, cast.kadis, waiting=90, acting_as="Plh. Kadis", outside_hours=True)
    visited(audited(cast), ENTERS, cast.operator, waiting=60, acting_as="Operator")
    return cast


def figures(page: object) -> Iterator[str]:
    """Yield the addresses behind the figures of a page."""
    for element in page.xpath("//main//a[contains(@class, 'figure-link')]"):  # type: ignore[attr-defined]
        yield element.get("href")


def test_returns_are_told_by_step_round_and_reason(returned: Cast) -> None:
    page = open_page(returned.kadis, RETURNS)
    (row,) = table(page, "arah")
    assert row == {
        f"ke {STEP_5}": "1 kali 1 jam 30 mnt",
        "Jumlah": "1",
        "Waktu hilang": "1 jam 30 mnt",
        "Kerja ulang": "20 mnt",
    }
    assert table(page, "putaran") == [
        {"Dikembalikan": "1", "Waktu hilang": "1 jam 30 mnt", "Kerja ulang": "20 mnt"}
    ]
    assert table(page, "berkali") == [
        {"Berkas": "1", "Bagian": "50,0 %"},
        {"Berkas": "1", "Bagian": "50,0 %"},
    ]
    (reason,) = page.xpath("//section[@aria-labelledby='alasan']//li")
    assert words(reason).startswith("“Surat <b>belum</b> ada.” E-Absensi 1")  # escaped
    assert "putaran 1 1 jam 30 mnt hilang" in words(reason)
    (yield_,) = page.xpath("//section[@aria-labelledby='lancar']")
    assert words(yield_) == (
        "Sekali jalan 50,0 % 1 dari 2 berkas selesai tanpa pengembalian (selang 95 %: 9-91 %). "
        "Data sedikit."
    )


def test_a_cell_of_the_matrix_opens_its_returns(returned: Cast) -> None:
    page = open_page(returned.kadis, RETURNS)
    found = link(page, "arah", 0, f"ke {STEP_5}")
    assert (found["langkah"], found["saring"], found["ke"]) == (DECIDES, "returned", ENTERS)


def test_waiting_is_told_by_lane_role_person_and_weekday(returned: Cast) -> None:
    page = open_page(returned.kadis, WAITING)
    head, entering = table(page, "jalur")
    assert head == {
        "Bagian": "66,7 %",
        "Jumlah": "2 jam",
        "n": "2 data sedikit",
        "Median": "1 jam",
        "p90": "1 jam 24 mnt",
    }
    assert entering["Bagian"] == "33,3 %"
    assert [row["Jumlah"] for row in table(page, "peran")] == ["1 jam 30 mnt", "1 jam", "30 mnt"]
    assert len(table(page, "petugas")) == 2
    assert [row["Jumlah"] for row in table(page, "hari")] == ["3 jam"]


def test_a_portion_of_waiting_opens_its_visits(returned: Cast) -> None:
    page = open_page(returned.kadis, WAITING)
    behind = link(page, "peran", 0, "Jumlah")
    assert behind["peran"] == "Plh. Kadis"
    rows = open_page(returned.kadis, reverse("audit:rows"), **behind)
    assert len(rows.xpath("//main//tbody/tr")) == 1
    ratna, *_ = page.xpath(
        "//section[@aria-labelledby='petugas']//tr[contains(., 'Ratna')]//a/@href"
    )
    rows = open_page(
        returned.kadis, reverse("audit:rows"), **dict(parse_qsl(urlsplit(ratna).query))
    )
    assert len(rows.xpath("//main//tbody/tr")) == 2
    assert "Hanya yang dikerjakan Ratna" in words(rows)


def test_people_are_not_named_side_by_side_for_several_agencies(returned: Cast) -> None:
    appoint(returned.kadis, "Auditor", returned.other_agency)
    page = open_page(returned.kadis, WAITING)
    assert page.xpath("//section[@aria-labelledby='petugas']") == []
    chosen = open_page(returned.kadis, WAITING, pd=returned.agency.code)
    assert len(table(chosen, "petugas")) == 2


def test_months_are_told_as_lines_and_as_a_table(returned: Cast) -> None:
    earlier = audited(returned, date(2026, 2, 1), lead_work=600)
    visited(earlier, DECIDES, returned.kadis, handling=30, standard=20)
    page = open_page(returned.kadis, TRENDS)
    february, march, april = table(page, "bulan")
    assert february == {
        "n": "1 data sedikit",
        "Sesuai baku": "0,0 % 0-79 %",
        "Kerja median": "30 mnt",
        "Dibanding baku": "1,50 kali",
        "Tunggu median": "0 mnt",
        "Kembali": "0",
        "Berkas selesai": "1",
        "Lama berkas": "10 mnt",
        "Sekali jalan": "100,0 %",
    }
    assert march["n"] == "0"
    assert (april["n"], april["Sesuai baku"], april["Kembali"]) == (
        "3 data sedikit", "100,0 % 21-100 %", "1",
    )  # fmt: skip
    pictures = page.xpath("//figure[@class='audit-line']//svg/@aria-label")
    assert pictures[0] == (
        "Sesuai baku: Februari 2026 0,0 % (data sedikit); April 2026 100,0 % (data sedikit)"
    )
    assert page.xpath("//section[@aria-labelledby='banding']") == []
    assert dict(link(page, "bulan", 0, "n"))["dari"] == "2026-02"


def test_one_step_is_shown_beside_its_own_standard(returned: Cast) -> None:
    page = open_page(returned.kadis, TRENDS, langkah=DECIDES)
    (april,) = table(page, "bulan")
    assert (april["n"], april["Baku"]) == ("2 data sedikit", "20 mnt")
    assert table(open_page(returned.kadis, TRENDS, langkah="tidak ada"), "bulan")[0]["n"][0] == "3"


def test_agencies_are_compared_where_several_are_visible(returned: Cast) -> None:
    appoint(returned.kadis, "Auditor", returned.other_agency)
    other = audited(returned, agency=returned.other_agency)
    visited(other, DECIDES, returned.outsider, handling=10, standard=20)
    page = open_page(returned.kadis, TRENDS)
    rows = table(page, "banding")
    assert sorted(row["n"] for row in rows) == ["1 data sedikit", "3 data sedikit"]
    names = [words(th) for th in page.xpath("//section[@aria-labelledby='banding']//tbody//th")]
    assert set(names) == {returned.agency.name, returned.other_agency.name}


def test_what_is_said_of_an_instance_is_told_in_words_with_its_tasks(returned: Cast) -> None:
    instance = audited(returned, conforms=False)
    visit = visited(instance, ENTERS, returned.operator, out_of_order=True)
    found = [Deviation(Kind.SKIPPED, DECIDES), Deviation(Kind.OUT_OF_ORDER, ENTERS, visit.task_id)]
    instance.audit.deviations = [one.stored for one in found]
    instance.audit.save()
    page = open_page(returned.kadis, CONFORMANCE)
    counts = [(row["Berkas"], row["Kunjungan"]) for row in table(page, "jenis")]
    assert counts == [("1", "-"), ("1", "1"), *[("0", "0")] * 2, ("0", "1"), *[("0", "0")] * 3]
    (listed,) = page.xpath("//ul[@class='audit-instances']/li")
    assert "Dilewati: 7. Meneliti laporan resume sim absensi" in words(listed)
    assert f"Di luar urutan: {STEP_5}" in words(listed)
    assert reverse("tasks:detail", args=[visit.task_id]) in listed.xpath(".//a/@href")
    everything = open_page(returned.kadis, CONFORMANCE, jenis="semua")
    assert len(everything.xpath("//ul[@class='audit-instances']/li")) == 3


@pytest.mark.parametrize("path", PAGES)
def test_every_figure_leads_to_a_page_that_is_there(returned: Cast, path: str) -> None:
    client = browser(returned.kadis)
    addresses = list(figures(open_page(client, path, jenis="semua")))
    assert addresses or path == CONFORMANCE
    for address in dict.fromkeys(addresses):
        parts = urlsplit(address)
        answer = client.get(parts.path or path, dict(parse_qsl(parts.query)))
        assert answer.status_code == 200, address


@pytest.mark.parametrize("path", PAGES)
def test_nothing_yet_is_said_kindly(cast: Cast, path: str) -> None:
    audited(cast, date(2020, 1, 1))
    page = open_page(cast.kadis, path)
    assert page.xpath("//main//div[@class='empty']")


@pytest.mark.parametrize("path", PAGES)
def test_many_rows_take_as_many_queries_as_few(
    returned: Cast, path: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = browser(returned.kadis)
    client.get(path, SCOPE)
    for number in range(8):
        instance = audited(returned, date(2026, 1 + number % 4, 1), returns=1)
        for step in (DECIDES, ENTERS, DECIDES):
            visited(
                instance, step, returned.kadis, outcome_kind=OutcomeKind.RETURN,
                returned_to=ENTERS, submitted_at=NOW + timedelta(minutes=number),
            )  # fmt: skip
    with django_assert_max_num_queries(QUERIES):
        assert client.get(path, SCOPE).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_who_audits_nothing_is_refused(cast: Cast, path: str) -> None:
    client: Client = browser(cast.operator)
    assert client.get(path).status_code == 403
    assert browser(cast.kadis).get(path, {"pd": cast.other_agency.code}).status_code == 404
