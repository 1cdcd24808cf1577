"""The first page: what each person finds on it, and that every number is that of its rows."""

import re
from datetime import date, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attendance.days.today import State
from config.home.presence import presence
from organization.models import User
from organization.permissions import showing_to
from processes.models import Instance, Task
from processes.services import claim_task
from tests.attendance.people import WITA, employee_of, tap
from tests.cast import NOW, Cast, appoint, make_agency, make_employee
from tests.pages import browser, html_of
from tests.processes.pages import text_of
from workflows.definitions import TaskKind

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 5)
NINE = datetime(2026, 5, 5, 9, tzinfo=WITA)
BOARD = re.compile(r'href="(/absensi/hari-ini/[^"]+)"><span class="home__number">([\d.]+)<')
TODAY = re.compile(r'href="(/beranda/hari-ini/[^"]+)"><span class="home__number">([\d.]+)<')


@pytest.fixture
def a_morning(cast: Cast) -> Cast:
    """Joko came in time, Budi late, the others of the office not yet."""
    tap(employee_of(cast.employee), DAY, "07:12")
    tap(employee_of(cast.admin), DAY, "07:55")
    return cast


@pytest.fixture
def over_all(a_morning: Cast, monkeypatch: pytest.MonkeyPatch) -> User:
    """Return somebody who sees the recaps of both agencies, and has time for them."""
    monkeypatch.setattr("config.home.views.PATIENCE", 3600.0)
    monkeypatch.setattr("config.home.views.LOOKING", 3600.0)
    user = a_morning.secretary
    appoint(user, "Auditor", a_morning.other_agency)
    tap(make_employee(a_morning.other_agency, "Rambu Ana"), DAY, "07:05")
    return user


def unescaped(address: str) -> str:
    return address.replace("&amp;", "&")


def test_every_number_of_today_is_the_count_of_the_rows_that_it_opens(a_morning: Cast) -> None:
    with time_machine.travel(NINE):
        client = browser(a_morning.kadis)
        numbers = BOARD.findall(html_of(client.get("/")))
        assert [int(number) for _, number in numbers][:3] == [1, 1, 5]
        for address, number in numbers:
            rows = html_of(client.get(unescaped(address)))
            told = re.search(r'<h2>[^<]*<span class="tabs__count">(\d+)<', rows)
            assert told, address
            assert told[1] == number, address


def test_over_several_agencies_the_totals_open_the_agencies_and_these_their_people(
    over_all: User,
) -> None:
    with time_machine.travel(NINE):
        client = browser(over_all)
        numbers = TODAY.findall(html_of(client.get("/")))
        assert len(numbers) == 5
        for place, (address, number) in enumerate(numbers):
            page = html_of(client.get(unescaped(address)))
            totals = re.findall(
                r'<td class="number" data-label="[^"]+">(\d+)</td>', page.split("<tfoot>")[1]
            )
            assert totals[place] == number
            cells = re.findall(r'href="(/absensi/hari-ini/[^"]+)">(\d+)</a>', page)
            state = address.rpartition("=")[2]
            found = [(link, int(n)) for link, n in cells if link.endswith(f"keadaan={state}")]
            assert sum(count for _, count in found) == int(number)
            for link, count in found:
                rows = html_of(client.get(unescaped(link)))
                assert f'<span class="tabs__count">{count}</span>' in rows


def test_agencies_that_there_was_no_time_for_follow_when_the_page_looks_again(
    over_all: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.home.views.PATIENCE", -1.0)
    with time_machine.travel(NINE):
        client = browser(over_all)
        first = html_of(client.get("/"))
        again = html_of(client.get("/", headers={"X-Looks-Again": "1"}))
        then = html_of(client.get("/"))
    assert "2 perangkat daerah sedang dihitung" in first
    assert 'data-live-seconds="2"' in first
    assert "sedang dihitung" not in again
    assert 'data-live-seconds="20"' in again
    assert BOARD.findall(then) == BOARD.findall(again)


def test_what_was_counted_a_minute_ago_is_counted_anew(over_all: User) -> None:
    with time_machine.travel(NINE) as clock, showing_to(over_all):
        before = presence(over_all, NINE, patience=None)
        tap(employee_of(over_all), DAY, "07:20")
        clock.shift(61)
        after = presence(over_all, datetime.now(WITA), patience=None)
    assert before
    assert after
    assert after.total[State.PRESENT] == before.total[State.PRESENT] + 1


def test_what_is_kept_is_shown_at_once_and_counted_anew_when_the_page_looks_again(
    over_all: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(NINE) as clock:
        client = browser(over_all)
        client.get("/")
        tap(employee_of(over_all), DAY, "07:20")
        clock.shift(300)
        monkeypatch.setattr("config.home.views.PATIENCE", -1.0)
        kept = html_of(client.get("/"))
        fresh = html_of(client.get("/", headers={"X-Looks-Again": "1"}))
    assert "keadaan pukul 09.00" in kept
    assert 'data-live-seconds="2"' in kept
    assert "keadaan pukul 09.05" in fresh
    assert 'data-live-seconds="20"' in fresh
    (before, *_), (after, *_) = TODAY.findall(kept), TODAY.findall(fresh)
    assert int(after[1]) == int(before[1]) + 1


def test_what_is_kept_too_long_is_not_shown(
    over_all: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(NINE) as clock:
        client = browser(over_all)
        client.get("/")
        clock.shift(660)
        monkeypatch.setattr("config.home.views.PATIENCE", -1.0)
        assert "2 perangkat daerah sedang dihitung" in html_of(client.get("/"))


def test_where_nobody_came_yet_no_share_is_told(cast: Cast) -> None:
    with time_machine.travel(NINE):
        words = text_of(browser(cast.kadis).get("/"))
    assert "Belum ada yang datang dari 7 orang yang hari ini seharusnya masuk" in words
    assert "0,0 % sudah datang" not in words


def test_a_superior_without_a_role_sees_his_staff_and_an_employee_nobody(a_morning: Cast) -> None:
    with time_machine.travel(NINE):
        superior = text_of(browser(a_morning.superior).get("/"))
        alone = text_of(browser(a_morning.employee).get("/"))
    assert "Staf Anda hari ini" in superior
    assert "Kehadiran hari ini" not in alone
    assert "Staf Anda" not in alone


def test_nobody_without_the_right_sees_the_agencies(a_morning: Cast) -> None:
    for user in (a_morning.superior, a_morning.employee):
        assert browser(user).get("/beranda/hari-ini/").status_code == 403


def test_an_empty_page_says_what_comes_next(cast: Cast) -> None:
    words = text_of(browser(cast.secretary).get("/"))
    assert "Begitu sebuah tahap menjadi bagian Anda, tugasnya muncul di sini." in words
    assert "Tidak ada berkas yang berjalan." in words


def test_the_page_asks_as_often_for_many_people_as_for_few(cast: Cast) -> None:
    tap(employee_of(cast.employee), DAY, "07:12")
    with time_machine.travel(NINE):
        client = browser(cast.kadis)
        client.get("/")
        with CaptureQueriesContext(connection) as few:
            client.get("/")
        for number in range(25):
            tap(make_employee(cast.agency, f"Pegawai {number:02}"), DAY, "07:15")
        with CaptureQueriesContext(connection) as many:
            client.get("/")
    assert len(many) == len(few) <= 60


def test_agencies_that_were_counted_are_asked_nothing_again(over_all: User) -> None:
    with time_machine.travel(NINE):
        client = browser(over_all)
        client.get("/", headers={"X-Looks-Again": "1"})
        with CaptureQueriesContext(connection) as two:
            client.get("/")
        for number in range(5):
            other = make_agency(f"dinas{number}")
            appoint(over_all, "Auditor", other)
            make_employee(other, f"Pegawai {number}")
        client.get("/", headers={"X-Looks-Again": "1"})
        with CaptureQueriesContext(connection) as seven:
            client.get("/")
    assert len(seven) <= len(two) + 2


def test_the_numbers_of_tasks_and_files_are_those_of_their_lists(
    cast: Cast, three_months: list[Instance]
) -> None:
    task = Task.objects.filter(instance=three_months[1], kind=TaskKind.USER).get()
    claim_task(task_id=task.pk, actor_user=cast.operator, now=NOW)
    found = {}
    for user in (cast.kadis, cast.operator, cast.operator2):
        client = browser(user)
        answer = client.get("/")
        mine, running = answer.context["mine"], answer.context["running"]
        assert client.get("/tugas/").context["page"].total == mine.held
        assert client.get("/tugas/antrean/").context["page"].total == mine.free
        assert client.get(running.link).context["page"].paginator.count == running.count.number
        found[user] = (mine.held.number, mine.free.number, len(mine.rows), running.count.number)
    assert found == {
        cast.kadis: (0, 0, 0, 3),
        cast.operator: (1, 2, 3, 3),
        cast.operator2: (0, 2, 2, 3),
    }


def test_what_waits_for_others_names_whom_and_nothing_of_ones_own(
    cast: Cast, three_months: list[Instance]
) -> None:
    tasks = Task.objects.filter(kind=TaskKind.USER).order_by("pk")
    claim_task(task_id=tasks[0].pk, actor_user=cast.operator, now=NOW)
    lane, name = tasks[0].lane, cast.operator.get_full_name()
    whom = {
        user: [one.whom for one in browser(user).get("/").context["running"].waits]
        for user in (cast.kadis, cast.operator, cast.operator2)
    }
    assert whom == {
        cast.kadis: [f"{name} ({lane})", lane, lane],
        cast.operator: [],
        cast.operator2: [f"{name} ({lane})"],
    }
