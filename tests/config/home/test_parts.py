"""Machines, periods and one's own attendance on the first page, and the rows behind them."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attendance import services
from attendance.days.months import Month
from config.home.machines import State, machines
from config.home.own import own
from config.home.periods import Compared, compared
from devices.models import Device
from foundation.actors import SYSTEM
from organization.models import Agency, User
from tests.attendance.people import AFTER_APRIL, APRIL, WITA, decide, fill_april, submitted, tap
from tests.attendance.people import employee_of as person_of
from tests.cast import NOW, Cast, appoint, make_agency, make_employee
from tests.pages import browser, html_of
from tests.processes.audit.measured import audited
from tests.processes.pages import text_of

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 5, 5, 9, tzinfo=WITA)
TILE = re.compile(r'href="(/beranda/mesin/[^"]+)"><span class="home__number">(\d+)<')
MAY = Month(date(2026, 5, 1))


def device(agency: Agency, name: str, **values: Any) -> Device:
    defaults: dict[str, Any] = {
        "serial": name.upper().replace(" ", ""),
        "protocol": "push",
        "registered_at": NOW,
        "state": Device.State.ACTIVE,
        "last_contact_at": NINE - timedelta(minutes=1),
    }
    return Device.objects.create(agency=agency, name=name, **(defaults | values))


def freeze(agency: Agency, month: Month = APRIL) -> None:
    for act in (services.build_draft, services.freeze_recap):
        act(agency=agency, month=month, actor=SYSTEM, now=AFTER_APRIL + timedelta(days=60))


@pytest.fixture
def four_machines(cast: Cast) -> Cast:
    device(cast.agency, "Mesin Lobi")
    device(cast.agency, "Mesin Sayap", last_contact_at=NINE - timedelta(days=1))
    device(cast.agency, "Mesin Atas", checked_at=NINE, clock_offset=900)
    device(cast.agency, "Mesin Baru", state=Device.State.REGISTERED)
    device(cast.agency, "Mesin Lama", state=Device.State.RETIRED)
    device(cast.other_agency, "Mesin Orang")
    return cast


def test_every_number_of_the_machines_opens_exactly_those(four_machines: Cast) -> None:
    with time_machine.travel(NINE):
        client = browser(four_machines.kadis)
        numbers = TILE.findall(html_of(client.get("/")))
        assert [int(number) for _, number in numbers] == [2, 1, 1, 1]
        for address, number in numbers:
            rows = html_of(client.get(address))
            assert len(re.findall(r'<a class="row" href="/mesin/\d+/"', rows)) == int(number)
        silent = text_of(client.get("/beranda/mesin/?keadaan=luring"))
    assert "Mesin Sayap" in silent
    assert "luring sejak 4 Mei 2026" in silent
    assert "Mesin Lobi" not in silent


def test_machines_are_asked_for_at_once_and_only_where_a_role_shows_them(
    four_machines: Cast,
) -> None:
    with CaptureQueriesContext(connection) as asked:
        told = machines(four_machines.kadis, NINE)
        assert told
        assert [tile.count for tile in told.tiles] == [2, 1, 1, 1]
    assert len(asked) <= 3  # mandates, twice, and the machines
    assert machines(four_machines.employee, NINE) is None
    assert browser(four_machines.employee).get("/beranda/mesin/").status_code == 403
    assert told.of(State.RESTING)[0].device.name == "Mesin Baru"


def test_without_a_machine_the_page_says_who_brings_one(cast: Cast) -> None:
    assert "Belum ada mesin." in text_of(browser(cast.kadis).get("/"))


@pytest.fixture
def two_months(cast: Cast) -> Cast:
    """April and May are frozen; Joko was away unexplained on 14 April, in May nobody came."""
    fill_april(cast.everyone, but=[(cast.employee, 14)])
    freeze(cast.agency)
    freeze(cast.agency, MAY)
    return cast


def told_to(user: User, now: datetime = NINE) -> Compared:
    found = compared(user, now)
    assert found
    return found


def test_two_months_stand_beside_each_other_as_their_recaps_say(two_months: Cast) -> None:
    told = told_to(two_months.kadis)
    assert (str(told.last.month), str(told.before.month)) == ("2026-05", "2026-04")
    assert told.before.total["TK"] == 1
    assert told.last.total["H"] == 0
    client = browser(two_months.kadis)
    with time_machine.travel(NINE):
        page = html_of(client.get("/"))
        recap = client.get(told.before.link)
    assert f'<a href="{told.before.link}">{told.before.rate} %</a>' in page
    assert recap.context["total"]["TK"] == 1
    assert recap.context["total"]["pct"] == told.before.rate


def test_over_several_agencies_the_sums_open_the_recaps_that_they_add_up(two_months: Cast) -> None:
    user = two_months.secretary
    appoint(user, "Auditor", two_months.other_agency)
    freeze(two_months.other_agency)
    told = told_to(user)
    assert (len(told.last.rows), len(told.before.rows), told.agencies) == (1, 2, 2)
    page = html_of(browser(user).get(told.before.link))
    hadir = [int(n) for n in re.findall(r'data-label="Hadir">(\d+)<', page)]
    assert hadir[-1] == sum(hadir[:-1]) == told.before.total["H"]
    assert browser(two_months.employee).get(told.before.link).status_code == 403


def test_what_is_said_of_files_opens_those_files(two_months: Cast) -> None:
    day = 86_400
    audited(two_months, date(2026, 5, 1), lead_wall=2 * day, returns=1)
    audited(two_months, date(2026, 5, 1), lead_wall=4 * day)
    audited(two_months, date(2026, 5, 1), finished=False)
    ((title, last, before),) = told_to(two_months.kadis).runs
    assert title
    assert (last.finished, last.clean, last.days, before.finished) == (2, 1, "3,0", 0)
    client = browser(two_months.kadis)
    with time_machine.travel(NINE):
        assert client.get(last.finished_link).context["page"].paginator.count == 2
        assert client.get(last.clean_link).context["page"].paginator.count == 1


def test_who_may_not_audit_is_told_nothing_of_the_files(two_months: Cast) -> None:
    audited(two_months, date(2026, 5, 1), lead_wall=60)
    assert told_to(two_months.operator).runs == []


def test_before_the_first_month_is_frozen_the_page_says_what_comes(cast: Cast) -> None:
    assert "Belum ada bulan yang dibekukan." in text_of(browser(cast.kadis).get("/"))


def test_months_of_many_agencies_are_read_at_once(two_months: Cast) -> None:
    user = two_months.secretary
    with CaptureQueriesContext(connection) as one:
        compared(user, NINE)
    for number in range(4):
        agency = make_agency(f"dinas{number}")
        appoint(user, "Auditor", agency)
        make_employee(agency, f"Pegawai {number}")
        freeze(agency)
    with CaptureQueriesContext(connection) as five:
        compared(user, NINE)
    assert len(five) == len(one)


def test_an_employee_finds_his_day_his_month_and_why_each_day_is_to_be_looked_at(
    cast: Cast,
) -> None:
    person = person_of(cast.employee)
    tap(person, date(2026, 5, 4), "07:55", "16:04")
    tap(person, date(2026, 5, 5), "07:12")
    with time_machine.travel(NINE):
        told = own(cast.employee, NINE)
        client = browser(cast.employee)
        page, words = html_of(client.get("/")), text_of(client.get("/"))
        mine = text_of(client.get("/absensi/saya/?bulan=2026-05"))
    assert told
    late = next(item for item in told.days if item.line.on == date(2026, 5, 4))
    assert f'href="{late.line.why}"' in page
    assert "Saya hari ini, 5 Mei 2026" in words
    assert "07.12" in words
    looked_at = sum(int(n) for n in re.findall(r"(\d+) hari perlu dilihat", mine))
    assert len(told.days) == looked_at
    assert f"{looked_at} hari" in words
    assert words.index("Saya hari ini") < words.index("Perlu Anda sekarang")


def test_an_employee_finds_the_letters_that_are_not_decided_and_the_way_to_all(cast: Cast) -> None:
    day = date(2026, 4, 22)
    decide(submitted(cast, cast.employee, first_on=day, last_on=day), cast.superior)
    later = day + timedelta(days=5)
    letter = submitted(cast, cast.employee, first_on=later, last_on=later)
    client = browser(cast.employee)
    page = html_of(client.get("/"))
    rows = client.get("/absensi/surat-saya/")
    assert f'href="/absensi/surat/{letter.pk}/"' in page
    assert '<a href="/absensi/surat-saya/">2 surat</a>' in page
    assert rows.context["page_obj"].paginator.count == 2


def test_an_account_without_a_person_has_the_page_too(cast: Cast) -> None:
    User.objects.filter(pk=cast.kadis.pk).update(employee=None)
    page = browser(User.objects.get(pk=cast.kadis.pk)).get("/")
    assert page.status_code == 200
    assert "Saya hari ini" not in text_of(page)
