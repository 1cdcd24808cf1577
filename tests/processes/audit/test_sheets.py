"""The pages of SOP sheets: all that are deployed, versions that ran, the sheet with its flow."""

import pytest
from django.urls import reverse
from lxml import html as lxml_html

from processes.definitions import keep
from tests.cast import NOW, Cast
from tests.pages import browser, html_of
from tests.processes.audit.measured import audited
from tests.processes.audit.pages import open_page, words
from workflows import repository

pytestmark = pytest.mark.django_db
KEY = "pengelolaan_e_absensi"


def test_a_sop_that_never_ran_is_listed_and_has_its_sheet(cast: Cast) -> None:
    page = lxml_html.fromstring(html_of(browser(cast.kadis).get(reverse("audit:sheets"))))
    text = words(page)

    assert "Pengelolaan e-Absensi di Dinas Komunikasi dan Informatika Provinsi NTT" in text
    assert "belum pernah" in text
    assert browser(cast.kadis).get(reverse("audit:sheet", args=[KEY])).status_code == 200


def test_versions_stand_with_their_instances_and_what_changed(cast: Cast) -> None:
    audited(cast)
    audited(cast)
    deployed = repository.get(KEY)
    sop = deployed.files["sop.toml"].replace(b'standard = "PT20M"', b'standard = "PT25M"')
    older = repository.load({**deployed.files, "sop.toml": sop}, KEY)
    keep(older, now=NOW)

    page = open_page(cast.kadis, reverse("audit:sheets"))

    (table,) = page.xpath(f"//section[@aria-labelledby='sop-{KEY}']/div/table")
    told = [[words(cell) for cell in row.xpath("./td")] for row in table.xpath("./tbody/tr")]
    assert [row[0] for row in told] == [deployed.version[:12], older.version[:12]]
    assert [row[2] for row in told] == ["2", "0"]
    assert "Terpasang" in told[0][4]
    assert "25 menit" in words(page)
    assert "Berubah" in words(page)


def test_the_sheet_shows_nine_rows_with_their_flow_and_the_sum(cast: Cast) -> None:
    audited(cast)

    page = open_page(cast.kadis, reverse("audit:sheet", args=[KEY]))

    rows = page.xpath("//section[@aria-labelledby='prosedur']//table/tbody/tr")
    assert len(rows) == 9
    assert all(row.xpath(".//svg") for row in rows)
    assert "Waktu yang diperlukan: 62 menit" in words(page)
    assert "Menugaskan admin dan operator aplikasi e-absensi" in words(rows[0])
    (link,) = page.xpath("//a[contains(@href, '/dokumen/buat/lembar_sop/')]")
    assert f"subjek={KEY}%2F" in link.get("href")


def test_an_older_version_is_shown_by_its_address(cast: Cast) -> None:
    deployed = repository.get(KEY)
    sop = deployed.files["sop.toml"].replace(b'"PT62M"', b'"PT70M"')
    older = repository.load({**deployed.files, "sop.toml": sop}, KEY)
    keep(older, now=NOW)

    page = open_page(cast.kadis, reverse("audit:sheet", args=[KEY]), versi=older.version[:12])

    assert "Waktu yang diperlukan: 70 menit" in words(page)


@pytest.mark.parametrize("address", ["tidak_ada/", "pengelolaan_e_absensi/?versi=zzz"])
def test_what_is_no_sheet_is_not_found(cast: Cast, address: str) -> None:
    assert browser(cast.kadis).get(f"/audit/sop/{address}").status_code == 404
