"""Presences on a phone in a real browser, 360 by 800: granted, refused, far away, no network."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import Browser, Page, expect

from attendance.models import CheckIn, HelpTicket
from devices.models import Punch
from organization.models import User
from tests.attendance.checkins.phones import CENTRE, at, open_office
from tests.cast import PASSWORD, Cast, make_cast

pytestmark = [
    pytest.mark.xdist_group("walks"), pytest.mark.browser,
    pytest.mark.timeout(600), pytest.mark.django_db(transaction=True),
]  # fmt: skip

HERE = {"latitude": CENTRE.latitude, "longitude": CENTRE.longitude, "accuracy": 14.0}
FAR = HERE | {"latitude": CENTRE.latitude + 0.02}


@pytest.fixture
def office(served: str) -> Iterator[tuple[Cast, str]]:
    """The cast on a Monday morning, five past seven; the browser's clock is its own."""
    with time_machine.travel(at("07.05")):
        cast = make_cast()
        open_office(cast)
        yield cast, served


def phone(chromium: Browser, url: str, user: User, place: dict[str, float] | None) -> Page:
    """Sign in on a phone that knows where it is, or (None) may not tell."""
    context = chromium.new_context(
        viewport={"width": 360, "height": 800}, locale="id-ID", geolocation=place,  # type: ignore[arg-type]
        permissions=["geolocation"] if place else [],
    )  # fmt: skip
    page = context.new_page()
    page.goto(f"{url}/accounts/login/")
    page.locator("[name=username]").fill(user.username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form[method=post] button").first.click()
    page.wait_for_url(f"{url}/")
    page.goto(f"{url}/presensi/")
    return page


def fits(page: Page) -> bool:
    """Wait until nothing runs over the side: what just came is drawn a moment later."""
    narrow = "document.documentElement.scrollWidth <= window.innerWidth"
    page.wait_for_function(narrow, polling=100)  # a busy browser draws no frames to wait for
    return True


def test_people_press_on_their_phones(chromium: Browser, office: tuple[Cast, str]) -> None:
    cast, url = office
    page = phone(chromium, url, cast.employee, FAR)
    page.get_by_role("button", name="Presensi masuk").click()
    expect(page.locator("main")).to_contain_text("Di luar lokasi kantor")
    expect(page.locator("main")).to_contain_text("2,2 km dari Kantor Utama; batasnya 100 m")
    assert fits(page)
    page.context.set_geolocation(HERE)  # type: ignore[arg-type]
    page.get_by_role("button", name="Presensi masuk").click()
    expect(page.locator("main")).to_contain_text("Presensi masuk diterima pukul 07.0")
    expect(page.locator("figure.plan svg")).to_be_visible()
    assert fits(page)

    denied = phone(chromium, url, cast.operator, None)
    denied.get_by_role("button", name="Presensi masuk").click()
    expect(denied.locator("main")).to_contain_text("Izin lokasi untuk halaman ini ditolak")
    denied.get_by_role("button", name="Lokasi saya tidak terbaca").click()
    expect(denied.locator("main")).to_contain_text("menunggu pengelola presensi")
    assert fits(denied)

    assert sorted(CheckIn.objects.values_list("employee__name", "reason")) == [
        ("Joko Tallo", ""), ("Joko Tallo", "outside"), ("Sari Benu", "location_off"),
    ]  # fmt: skip
    assert Punch.objects.get().employee == cast.employee.employee
    assert HelpTicket.objects.get().employee == cast.operator.employee


def test_without_a_network_a_press_waits_on_the_phone_and_invents_no_time(
    chromium: Browser, office: tuple[Cast, str]
) -> None:
    cast, url = office
    page = phone(chromium, url, cast.operator2, HERE)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("caches.match('/presensi/luring/').then((found) => Boolean(found))")
    page.context.set_offline(True)
    page.get_by_role("button", name="Presensi masuk").click()
    expect(page.locator("[data-queue]")).to_contain_text("presensi masuk")
    page.goto(f"{url}/presensi/")
    expect(page.locator("h1")).to_have_text("Tidak ada jaringan")
    expect(page.locator("[data-queue]")).to_contain_text("presensi masuk")
    assert not CheckIn.objects.exists()
    page.context.set_offline(False)  # the page notices by itself, goes on and sends
    expect(page.locator("main")).to_contain_text("Dikirim terlambat")
    expect(page.locator("[data-queue]")).to_be_hidden()
    row, ticket = CheckIn.objects.get(), HelpTicket.objects.get()
    assert (row.reason, ticket.check_in, ticket.topic) == ("late_sent", row, "late_sent")
    assert timedelta() <= row.received_at - at("07.05") < timedelta(minutes=30)
    assert row.measured_at != row.received_at
    assert not Punch.objects.exists()
