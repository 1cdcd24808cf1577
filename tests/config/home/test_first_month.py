"""The list of an office until its first month is closed, and the alarm where nobody heads it."""

import pytest
import time_machine

from attendance.models import Recap
from config.home.first_month import first_month
from config.home.heads import headless_of
from foundation.actors import SYSTEM
from organization.mandates.heads import headless
from organization.models import Agency, Appointment, PublicHoliday
from organization.services import seed_holidays
from tests.attendance.people import employee_of, tap
from tests.cast import NOW, TODAY, Cast, appoint, make_agency
from tests.config.home.test_page import DAY
from tests.pages import browser, html_of

pytestmark = pytest.mark.django_db


def done(cast: Cast) -> dict[str, bool]:
    told = first_month(cast.admin, NOW)
    assert told is not None
    return {line.page: line.is_done for line in told.lines}


def test_each_line_is_ticked_by_what_exists_and_unticked_when_it_goes(cast: Cast) -> None:
    before = done(cast)
    assert before["pegawai:officers"]
    assert not before["kalender:index"]
    assert not before["mesin:punches"]
    seed_holidays(year=2026, actor=SYSTEM, now=NOW)
    tap(employee_of(cast.employee), DAY, "07:12")
    assert done(cast)["kalender:index"]
    assert done(cast)["mesin:punches"]
    PublicHoliday.objects.all().delete()
    assert not done(cast)["kalender:index"]


def test_the_list_is_gone_once_a_month_is_frozen(cast: Cast) -> None:
    Recap.objects.create(
        agency=cast.agency, month=TODAY.replace(day=1), built_at=NOW, status=Recap.Status.FROZEN
    )
    assert first_month(cast.admin, NOW) is None


def test_only_who_prepares_the_office_finds_the_list(cast: Cast) -> None:
    assert first_month(cast.operator, NOW) is None
    with time_machine.travel(NOW):
        assert "Sampai bulan pertama disahkan" in html_of(browser(cast.kadis).get("/"))
        assert "Sampai bulan pertama disahkan" not in html_of(browser(cast.operator).get("/"))


def test_an_office_whose_head_left_is_told_to_its_admin_and_to_who_appoints(cast: Cast) -> None:
    assert headless_of(cast.admin, NOW) == []
    Appointment.objects.filter(agency=cast.agency, role="Kadis").update(revoked_at=NOW)
    assert headless_of(cast.admin, NOW) == [cast.agency]
    assert headless_of(cast.operator, NOW) == []
    with time_machine.travel(NOW):
        assert "Mintalah BKD atau Pengelola" in html_of(browser(cast.admin).get("/"))
        appoint(cast.secretary, "Pengelola", cast.agency)
        assert "/pegawai/pejabat/?pd=" in html_of(browser(cast.secretary).get("/"))


def test_who_acts_for_a_head_heads_the_office_until_his_letter_ends(cast: Cast) -> None:
    rows = Appointment.objects.filter(agency=cast.agency, role="Kadis")
    rows.update(capacity=Appointment.Capacity.DAILY_ACTING, valid_until=TODAY)
    assert headless(Agency.objects.filter(pk=cast.agency.pk), NOW) == []
    rows.update(valid_until=TODAY.replace(day=TODAY.day - 1))
    assert headless(Agency.objects.filter(pk=cast.agency.pk), NOW) == [cast.agency]


def test_an_agency_that_never_had_officers_raises_no_alarm(cast: Cast) -> None:
    make_agency("kosong")
    assert headless(Agency.objects.filter(code="kosong"), NOW) == []
