"""Pages of late data, versions and acknowledgements: BKD chooses and gives a reason."""

from datetime import date

import pytest

from attendance import services
from attendance.models import Delivery, LateFinding, Recap
from attendance.offered.recaps_waiting import recaps_waiting
from attendance.recaps.texts import seen
from attendance.services.late import note_differences
from attendance.services.periodic import make_periodic
from foundation.actors import SYSTEM
from organization.models import User
from tests.attendance.people import AFTER_APRIL, APRIL, employee_of, fill_april, tap
from tests.cast import Cast, appoint, make_agency, make_employee, make_user
from tests.pages import browser, html_of

pytestmark = pytest.mark.usefixtures("the_fourth_of_may")

REASON = "Mesin lantai dua baru terhubung kembali."


@pytest.fixture
def bkd(cast: Cast) -> User:
    user = make_user(make_employee(make_agency("bkd"), "Benyamin Riwu"), "benyamin")
    appoint(user, "BKD", cast.agency)
    return user


@pytest.fixture
def finding(cast: Cast, bkd: User) -> LateFinding:
    """Joko's 14th of April, unexplained when it was frozen; his punches came later."""
    fill_april(cast.everyone, but=[(cast.employee, 14)])
    services.build_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    services.freeze_recap(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    tap(employee_of(cast.employee), date(2026, 4, 14), "07:20", "16:01")
    note_differences(
        agency=cast.agency, month=APRIL, employees=None, cause="Absen susulan", now=AFTER_APRIL
    )
    return LateFinding.objects.get()


def chosen(finding: LateFinding, **values: str) -> dict[str, str]:
    return {"susulan": f"{finding.pk}-{seen(finding)}", "alasan": REASON} | values


def test_everyone_who_sees_the_recap_sees_what_came_late(cast: Cast, finding: LateFinding) -> None:
    html = html_of(browser(cast.operator).get(f"/absensi/rekap/{finding.recap_id}/"))

    assert "Data susulan" in html
    assert "TK (tanpa keterangan)" in html
    assert "H (hadir), 07.20 - 16.01" in html
    assert "Ralat diputuskan oleh BKD" in html
    assert "Buat ralat" not in html


def test_bkd_makes_an_amendment_from_the_page(cast: Cast, bkd: User, finding: LateFinding) -> None:
    client = browser(bkd)
    old = finding.recap
    assert "Buat ralat dari yang dipilih" in html_of(client.get(f"/absensi/rekap/{old.pk}/"))

    response = client.post(f"/absensi/rekap/{old.pk}/ralat/", chosen(finding), follow=True)

    html = html_of(response)
    new = Recap.objects.get(version=2)
    assert response.redirect_chain[-1][0] == f"/absensi/rekap/{new.pk}/"
    assert "Ralat ke-1 dibekukan: 1 hari berubah." in html
    assert f"Alasan: {REASON}" in html
    assert "Isi ralat ke-1" in html
    before = html_of(client.get(f"/absensi/rekap/{old.pk}/"))
    assert "Versi ini sudah digantikan" in before
    assert "Digantikan ralat ke-1" in before


def test_bkd_dismisses_from_the_page(cast: Cast, bkd: User, finding: LateFinding) -> None:
    url = f"/absensi/rekap/{finding.recap_id}/abaikan/"

    html = html_of(browser(bkd).post(url, chosen(finding), follow=True))

    assert "1 data susulan tidak dipakai; rekap tidak berubah." in html
    assert f"Joko Tallo, 14 April 2026: {REASON}" in html
    assert Recap.objects.count() == 1


@pytest.mark.parametrize("values", [{"alasan": ""}, {"susulan": "rusak"}, {"susulan": "1-x"}])
def test_a_form_that_lacks_something_is_answered_with_a_sentence(
    bkd: User, finding: LateFinding, values: dict[str, str]
) -> None:
    url = f"/absensi/rekap/{finding.recap_id}/ralat/"

    html = html_of(browser(bkd).post(url, chosen(finding, **values), follow=True))

    assert any(text in html for text in ("Tuliskan alasan", "Pilih sedikitnya", "muat ulang"))
    assert Recap.objects.count() == 1


def test_nobody_else_can_send_the_form(cast: Cast, finding: LateFinding) -> None:
    for user in (cast.kadis, cast.operator, cast.admin, cast.employee, cast.outsider):
        for action in ("ralat", "abaikan"):
            url = f"/absensi/rekap/{finding.recap_id}/{action}/"
            assert browser(user).post(url, chosen(finding)).status_code == 404
    assert LateFinding.objects.get().status == "open"


def test_late_data_wait_for_bkd(bkd: User, cast: Cast, finding: LateFinding) -> None:
    texts = [row.text for row in recaps_waiting(bkd.pk, AFTER_APRIL)]

    assert texts == [
        "1 data susulan rekap April 2026 Dinas Komunikasi dan Informatika menunggu keputusan ralat",
        "1 rekap menunggu tanda terima Anda",
    ]
    assert recaps_waiting(cast.operator.pk, AFTER_APRIL) == []


def test_bkd_says_that_it_has_the_recap(cast: Cast, bkd: User, finding: LateFinding) -> None:
    delivery = Delivery.objects.get(recipient="BKD")
    url = f"/absensi/kiriman/{delivery.pk}/terima/"

    assert browser(cast.kadis).post(url).status_code == 403
    html = html_of(browser(bkd).post(url, follow=True))

    assert "Tanda terima dicatat." in html
    assert "Diterima" in html
    assert len(recaps_waiting(bkd.pk, AFTER_APRIL)) == 1


def test_a_daily_recap_has_a_page_and_all_are_acknowledged_at_once(cast: Cast, bkd: User) -> None:
    fill_april(cast.everyone)
    for day in (28, 29, 30):
        make_periodic(agency=cast.agency, kind="daily", day=date(2026, 4, day), now=AFTER_APRIL)
    recap = make_periodic(agency=cast.agency, kind="weekly", day=date(2026, 4, 21), now=AFTER_APRIL)
    assert recap is not None
    client = browser(bkd)

    listed = html_of(client.get(f"/absensi/berkala/?pd={cast.agency.code}"))
    assert "Terima semua (4)" in listed
    assert "Joko Tallo" in html_of(client.get(f"/absensi/berkala/{recap.pk}/"))
    html = html_of(client.post("/absensi/kiriman/terima/", {"pd": cast.agency.code}, follow=True))

    assert "Tanda terima 4 rekap dicatat." in html
    assert recaps_waiting(bkd.pk, AFTER_APRIL) == []
    assert Delivery.objects.filter(acknowledged_at=None).count() == 8  # of the two other offices


def test_bkd_sees_who_has_unexplained_days(cast: Cast, bkd: User) -> None:
    fill_april(cast.everyone, but=[(cast.employee, day) for day in (7, 8, 14)])
    contract = make_employee(cast.agency, "Siti Djami", status="PPPK", joined_on=date(2026, 4, 28))
    services.build_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    services.freeze_recap(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    url = f"/absensi/disiplin/?pd={cast.agency.code}&tahun=2026"

    html = html_of(browser(bkd).get(url))

    pns, others = html.split("PP 94/2021 tidak berlaku", 1)
    assert "Joko Tallo" in pns
    assert "3 hari: teguran lisan" in pns
    assert contract.name in others
    assert contract.name not in pns
    for user in (cast.kadis, cast.operator, cast.employee):
        assert browser(user).get(url).status_code == 404


def test_a_refused_decision_keeps_the_reason_that_was_typed(
    bkd: User, finding: LateFinding
) -> None:
    path = f"/absensi/rekap/{finding.recap_id}/ralat/"
    answer = browser(bkd).post(path, {"alasan": REASON}, follow=True)
    assert f"{REASON}</textarea>" in html_of(answer)
