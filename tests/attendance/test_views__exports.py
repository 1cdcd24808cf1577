"""A month as a file, by the pages: ordered, waited for, handed out to who may see the month."""

from typing import Any

import pytest
from django.test import Client

from attendance import services
from attendance.models import MonthFile
from foundation.actors import SYSTEM
from foundation.outbox import drain
from tests.attendance.people import AFTER_APRIL, APRIL, employee_of, fill_april
from tests.cast import Cast
from tests.pages import browser, html_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_fourth_of_may")]
ORDER = "/absensi/bulan/unduh/"


def order(client: Client, **values: str) -> Any:
    body = {"pd": "diskominfo", "bulan": "2026-04", "bentuk": "xlsx"} | values
    return client.post(ORDER, body, follow=True)


def test_a_month_is_ordered_waited_for_and_downloaded(cast: Cast) -> None:
    fill_april(cast.everyone)
    client = browser(cast.operator)

    waiting = order(client)
    url = waiting.redirect_chain[-1][0]
    assert "Sedang disusun" in html_of(waiting)
    assert 'data-live-seconds="2"' in html_of(waiting)
    assert client.get(f"{url}unduh/").status_code == 404
    drain()

    ready = html_of(client.get(url))
    assert "Siap diunduh" in ready
    assert "7 pegawai" in ready
    assert "data-live-seconds" not in ready
    file = client.get(f"{url}unduh/")
    assert b"".join(file.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    assert "bulan-diskominfo-2026-04-sementara.xlsx" in file["Content-Disposition"]


def test_a_version_of_a_recap_is_ordered_from_its_page(cast: Cast) -> None:
    services.build_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    recap = services.freeze_recap(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    client = browser(cast.admin)
    assert f'action="/absensi/rekap/{recap.pk}/unduh/"' in html_of(
        client.get(f"/absensi/rekap/{recap.pk}/")
    )

    page = client.post(f"/absensi/rekap/{recap.pk}/unduh/", {"bentuk": "json"}, follow=True)
    drain()

    assert "rekap-diskominfo-2026-04-v1.json" in html_of(client.get(page.redirect_chain[-1][0]))
    refused = client.post(f"/absensi/rekap/{recap.pk}/unduh/", {"bentuk": "pdf"}, follow=True)
    assert "Pilih bentuk berkas" in html_of(refused)


def test_a_file_is_for_who_sees_the_month_whoever_ordered_it(cast: Cast) -> None:
    order(browser(cast.operator))
    drain()
    url = f"/absensi/berkas/{MonthFile.objects.get().pk}/"

    assert browser(cast.kadis).get(f"{url}unduh/").status_code == 200
    for user in (cast.superior, cast.employee, cast.outsider):
        assert browser(user).get(url).status_code == 404
        assert browser(user).get(f"{url}unduh/").status_code == 404
    assert browser(cast.superior).post(ORDER, {"pd": "diskominfo"}).status_code == 404


def test_no_file_is_ordered_of_what_is_no_month(cast: Cast) -> None:
    page = html_of(order(browser(cast.operator), bulan="2026-13"))

    assert "bukan bulan" in page
    assert not MonthFile.objects.exists()


def test_who_spells_a_month_wrong_gets_a_page_that_says_so_and_no_file(cast: Cast) -> None:
    own = f"/absensi/bulan/{employee_of(cast.employee).pk}/"

    page = browser(cast.employee).get(f"{own}unduh/csv/?bulan=mei", follow=True)

    assert "“mei” bukan bulan; tulis seperti 2026-05. Yang tampil: Mei 2026." in html_of(page)
