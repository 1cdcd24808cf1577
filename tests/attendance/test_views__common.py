"""Which month and which agency a page is about when the address does not say, or says nonsense."""

from datetime import date

import pytest

from attendance.services.periodic import make_periodic
from organization.models import User
from tests.attendance.asking import bkd
from tests.attendance.people import AFTER_APRIL, fill_april, machine
from tests.cast import Cast, appoint
from tests.pages import browser, html_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_fourth_of_may")]


@pytest.fixture
def officer(cast: Cast) -> User:
    """BKD's officer, who works in an agency of his own that has no machine."""
    found = bkd(cast)
    assert found.employee is not None
    for agency in (found.employee.agency, cast.other_agency):
        appoint(found, "BKD", agency)
    machine(cast.agency)
    return found


@pytest.mark.parametrize(
    "path", ["bulan/", "saya/", "surat/", "rekap/", "bulan/{own}/", "pengecualian/non-sidik-jari/"]
)
@pytest.mark.parametrize("asked", ["2026-13", "mei", "2026-04-01"])
def test_what_is_no_month_shows_the_current_one_and_says_so(
    cast: Cast, path: str, asked: str
) -> None:
    path = path.format(own=cast.admin.employee_id)

    response = browser(cast.admin).get(f"/absensi/{path}?bulan={asked}")

    assert response.status_code == 200
    assert f"“{asked}” bukan bulan; tulis seperti 2026-05." in html_of(response)


def test_an_office_that_looks_after_many_chooses_first(cast: Cast, officer: User) -> None:
    fill_april(cast.everyone)
    make_periodic(agency=cast.agency, kind="daily", day=date(2026, 4, 30), now=AFTER_APRIL)

    page = browser(officer).get("/absensi/", follow=True)

    assert page.redirect_chain[-1][0] == "/absensi/perangkat-daerah/"
    html = html_of(page)
    assert html.index(cast.agency.name) < html.index(cast.other_agency.name)
    assert "/absensi/bulan/?pd=diskominfo&amp;bulan=2026-04" in html


def test_without_a_choice_it_sees_an_agency_with_machines_and_the_tabs_stay_there(
    cast: Cast, officer: User
) -> None:
    client = browser(officer)

    html = html_of(client.get("/absensi/bulan/"))

    assert cast.agency.name in html
    assert 'href="/absensi/hari-ini/?pd=diskominfo"' in html
    other = html_of(client.get(f"/absensi/rekap/?pd={cast.other_agency.code}"))
    assert f'href="/absensi/bulan/?pd={cast.other_agency.code}"' in other


def test_who_has_one_agency_is_led_as_ever_and_has_no_choice(cast: Cast) -> None:
    page = browser(cast.operator).get("/absensi/", follow=True)

    assert page.redirect_chain[-1][0] == "/absensi/surat/"
    assert "perangkat-daerah" not in html_of(page)
    assert browser(cast.employee).get("/absensi/perangkat-daerah/").status_code == 403
