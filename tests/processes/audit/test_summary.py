"""The summary: every figure of the steps equals the one computed by hand."""

import base64
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organization.models import User
from processes.audit.questions.steps import step_table
from processes.models import Definition
from tests.cast import Cast, appoint, make_user
from tests.pages import browser, html_of
from tests.processes.audit.measured import APRIL, audited, scope_of, visited
from tests.processes.audit.pages import SCOPE, link, open_page, table, words

STEP = "teliti_resume"  # 7, Kadis, 20 minutes
# Minutes of handling and waiting, and whether it was sent back; one instance each but the last.
PLAYED = [(10, 0, False), (15, 60, True), (20, 120, False), (25, 180, True), (60, 600, False)]


@pytest.fixture
def played(cast: Cast) -> Cast:
    """Five visits to step 7, two of step 5, one of them reused; one of the system."""
    instances = [audited(cast) for _ in PLAYED[:4]]
    for instance, (handling, waiting, is_return) in zip(
        [*instances, instances[3]], PLAYED, strict=True
    ):
        more: dict[str, Any] = {"returned_to": "input_ketidakhadiran", "outcome_kind": "return"}
        visited(
            instance, STEP, cast.kadis, handling=handling, waiting=waiting, standard=20,
            **(more if is_return else {}),
        )  # fmt: skip
    visited(instances[0], "rekam_sidik_jari", cast.operator, handling=50, standard=60, count=12)
    reused = visited(instances[0], "catat_penugasan", cast.operator, verdict="reused")
    reused.step = "menugaskan_petugas"  # what it serves, as the measuring has it
    reused.save()
    visited(instances[0], "susun_rekap", cast.operator, handling=1, waiting=2)
    return cast


def test_every_figure_of_a_step_is_the_one_computed_by_hand(played: Cast) -> None:
    rows = table(open_page(played.kadis, reverse("audit:index")), "tahap")
    assert len(rows) == 10  # nine steps and their sum
    assert rows[6] == {
        "No.": "7",
        "Tahap": "Meneliti laporan resume sim absensi Kadis",
        "Baku": "20 mnt",
        "n": "5",
        "Kerja": "20 mnt p90 46 mnt",  # 25 + 0.6 of 35
        "Sesuai baku": "60,0 % 23-88 % · 2 lebih",
        "Tunggu": "2 jam p90 7 jam 12 mnt",  # 180 + 0.6 of 420
        "Kembali": "2",
        "Ulang": "1",
        "Berlaku": "0",
    }


def test_few_data_are_said_and_the_reused_stand_apart(played: Cast) -> None:
    rows = table(open_page(played.kadis, reverse("audit:index")), "tahap")
    assert rows[0]["n"] == "0"
    assert rows[0]["Berlaku"] == "1"
    assert rows[0]["Sesuai baku"] == rows[0]["Kerja"] == "-"
    assert rows[2]["n"] == "1 data sedikit"
    assert rows[2]["Baku"] == "5 mnt per pegawai"
    assert rows[2]["Sesuai baku"] == "100,0 % 21-100 %"  # 50 minutes for twelve times five


def test_the_sums_are_those_of_the_rows_and_of_the_sheet(played: Cast) -> None:
    page = open_page(played.kadis, reverse("audit:index"))
    total = table(page, "tahap")[-1]
    assert total == {
        "Baku": "62 menit",
        "n": "6",
        "Sesuai baku": "66,7 % 30-90 % · 2 lebih",
        "Kembali": "2",
        "Ulang": "1",
        "Berlaku": "1",
    }
    text = words(page)
    assert "Jumlah yang tertulis pada SOP: 62 menit; jumlah baku tahap di atas: 62 menit, sama" in (
        text
    )
    assert "tahap 3 dihitung untuk satu pegawai" in text
    assert "8 kunjungan selesai dalam lingkup ini" in text


def test_the_steps_of_the_system_have_a_table_of_their_own(played: Cast) -> None:
    (row,) = table(open_page(played.kadis, reverse("audit:index")), "sistem")
    # On the wall everything of these rows takes twice the three minutes.
    assert (row["n"], row["Median"], row["p90"]) == ("1 data sedikit", "6 mnt", "6 mnt")
    assert (row["Tahap"], row["Jenis"]) == ("5", "Sistem")


def test_by_the_clock_on_the_wall_only_durations_change(played: Cast) -> None:
    row = table(open_page(played.kadis, reverse("audit:index"), jam="dinding"), "tahap")[6]
    assert row["Kerja"] == "40 mnt p90 1 jam 32 mnt"
    assert row["Tunggu"] == "4 jam p90 14 jam 24 mnt"
    assert row["Sesuai baku"] == "60,0 % 23-88 % · 2 lebih"


def test_every_figure_leads_to_as_many_rows(played: Cast, client: Client) -> None:
    client.force_login(played.kadis)
    page = open_page(client, reverse("audit:index"))
    for row, label, count in [
        (6, "n", 5), (6, "Kerja", 5), (6, "Sesuai baku", 3), (6, "Kembali", 2),
        (6, "Ulang", 1), (0, "Berlaku", 1), (9, "n", 6), (9, "Sesuai baku", 4), (9, "Kembali", 2),
    ]:  # fmt: skip
        behind = open_page(client, reverse("audit:rows"), **link(page, "tahap", row, label))
        assert len(table(behind, "baris")) == count, (row, label)
    behind = open_page(client, reverse("audit:rows"), **link(page, "sistem", 0, "n"))
    assert len(table(behind, "baris")) == 1


def test_the_boxes_stand_where_the_quantiles_are(played: Cast) -> None:
    page = open_page(played.kadis, reverse("audit:index"))
    labels = page.xpath("//svg[@role='img']/@aria-label")
    assert labels[-1] == (
        "Meneliti laporan resume sim absensi: tercepat 10 mnt, kuartil pertama 15 mnt, "
        "median 20 mnt, kuartil ketiga 25 mnt, p90 46 mnt, 5 kunjungan"
    )
    last = page.xpath("//li[contains(@class, 'boxplot')]")[1]
    (median,) = last.xpath(".//line[@class='boxplot__median']/@x1")
    (standard,) = last.xpath(".//line[@class='boxplot__standard']/@x1")
    assert median == standard  # both 20 minutes


def test_other_months_agencies_and_sops_are_not_counted(played: Cast) -> None:
    visited(audited(played, date(2026, 5, 1)), STEP, played.kadis, handling=1, standard=20)
    elsewhere = audited(played, agency=played.other_agency)
    visited(elsewhere, STEP, played.outsider, handling=1, standard=20)
    visited(audited(played), STEP, played.kadis, handling=1, standard=20, definition_key="lain")
    assert step_table(scope_of(played.kadis)).n == 6
    assert step_table(scope_of(played.outsider)).n == 1


def test_older_standards_are_told_with_the_day_since_which_they_hold(played: Cast) -> None:
    newest = Definition.objects.get()
    files = dict(newest.files)
    files["sop.toml"] = _longer(files["sop.toml"])
    older = Definition.objects.create(
        key=newest.key, version="0" * 64, title=newest.title, files=files,
        kept_at=newest.kept_at - timedelta(days=90),
    )  # fmt: skip
    old = audited(played)
    old.definition, old.definition_version = older, older.version
    old.save()
    visited(old, STEP, played.kadis, handling=25, standard=30)
    row = table(open_page(played.kadis, reverse("audit:index")), "tahap")[6]
    assert row["Baku"] == "20 mnt sejak 20 April 2026 30 mnt sejak 20 Januari 2026"
    assert row["Sesuai baku"] == "66,7 % 30-90 % · 2 lebih"


def _longer(content: str) -> str:
    """Return the file with 30 minutes for step 7; files are kept as base64."""
    text = base64.b64decode(content).decode()
    changed = text.replace('standard = "PT20M"', 'standard = "PT30M"')
    assert changed != text
    return base64.b64encode(changed.encode()).decode()


def test_nothing_finished_yet_is_said(cast: Cast) -> None:
    audited(cast)
    page = open_page(cast.kadis, reverse("audit:index"))
    assert "Belum ada kunjungan yang selesai" in words(page)
    assert not page.xpath("//table")


def test_where_no_sop_ever_ran_the_page_says_so(cast: Cast) -> None:
    response = browser(cast.kadis).get(reverse("audit:index"))
    assert "Belum ada SOP yang berjalan" in html_of(response)


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"sop": "x"}, 404),
        ({"pd": "x"}, 404),
        ({"pd": "dinkes"}, 404),  # there, but nobody opened it to her
        ({"dari": "2026-99"}, 200),
        ({"dari": "x", "sampai": "9999-01"}, 200),
        ({"jam": "pasir"}, 200),
        ({"dari": "2026-04", "sampai": "2026-01"}, 200),
    ],
)
def test_a_wrong_address_is_refused_or_answered_with_what_is_usual(
    played: Cast, wrong: dict[str, str], status: int
) -> None:
    for route in ("audit:index", "audit:heat", "audit:rows", "audit:rows_csv"):
        response = browser(played.kadis).get(reverse(route), SCOPE | wrong)
        assert response.status_code == status, route


def test_months_in_the_wrong_order_change_places(played: Cast) -> None:
    page = open_page(played.kadis, reverse("audit:index"), dari="2026-04", sampai="2026-01")
    assert page.xpath("//input[@name='dari']/@value") == ["2026-01"]
    assert table(page, "tahap")[6]["n"] == "5"


def test_who_may_not_audit_is_refused(played: Cast) -> None:
    for user in (played.operator, played.employee):
        assert browser(user).get(reverse("audit:index"), SCOPE).status_code == 403


def test_the_tabs_keep_the_scope(played: Cast) -> None:
    page = open_page(played.kadis, reverse("audit:index"), jam="dinding")
    links = page.xpath("//nav[@aria-label='Halaman audit']//a/@href")
    assert len(links) == 9
    assert all("dari=2026-01" in one and "jam=dinding" in one for one in links)


@pytest.mark.parametrize(("route", "asked"), [("index", 2), ("heat", 3), ("rows", 3)])
def test_the_visits_are_asked_for_so_often_however_many_there_are(
    played: Cast, client: Client, route: str, asked: int
) -> None:
    client.force_login(played.kadis)
    open_page(client, reverse(f"audit:{route}"))  # definitions are read once per process
    few = _queries(client, route)
    for _ in range(20):
        visited(audited(played, APRIL), STEP, played.kadis, handling=1, standard=20)
    many = _queries(client, route)
    assert len(many) == len(few) <= 24  # the menu asks once per entry
    assert len([sql for sql in many if 'FROM "processes_visittiming"' in sql]) == asked


def _queries(client: Client, route: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        open_page(client, reverse(f"audit:{route}"))
    return [query["sql"] for query in captured.captured_queries]


def test_a_manager_of_both_agencies_sees_the_sum_and_each(played: Cast) -> None:
    elsewhere = audited(played, agency=played.other_agency)
    visited(elsewhere, STEP, played.outsider, handling=40, standard=20)
    auditor = _auditor(played)
    assert step_table(scope_of(auditor)).n == 7
    assert step_table(scope_of(auditor, pd="dinkes")).n == 1
    assert "Semua (2)" in words(open_page(auditor, reverse("audit:index")))


def _auditor(cast: Cast) -> User:
    user = make_user(None, "auditor", first_name="Yuliana", last_name="Bria")
    for agency in (cast.agency, cast.other_agency):
        appoint(user, "Auditor", agency)
    return user
