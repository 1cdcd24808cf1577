"""An employee on a phone asks why a day counts against him, and sees where its correction stands.

An agency asks, BKD decides (Pergub NTT 67/2019 art. 6(2)b): Joko brings what he has to the
operator, who asks from the very page that Joko looked at.
"""

from datetime import date

import pytest
import time_machine
from django.db import connection
from playwright.sync_api import Browser, Locator, expect

from attendance.models import Correction
from foundation import outbox
from tests.attendance.people import employee_of, tap
from tests.cast import NOW, PASSWORD, Cast, make_cast
from tests.e2e.people import Person, no_server_errors
from tests.e2e.pictures import keep
from tests.files import image

pytestmark = [
    pytest.mark.xdist_group("walks"), pytest.mark.browser,
    pytest.mark.timeout(600), pytest.mark.django_db(transaction=True),
]  # fmt: skip

MONDAY = date(2026, 4, 13)  # a week before today: he left at four, nobody saw him come
GOOD_DAYS = (1, 2, 3, 6, 7, 8, 9, 10, 14, 15, 16, 17)
TOUCH = 44  # pixels that a finger needs


@pytest.fixture
def cast(served: str) -> Cast:
    cast = make_cast()
    joko = employee_of(cast.employee)
    for day in GOOD_DAYS:
        tap(joko, date(2026, 4, day), "07:21", "16:34")
    tap(joko, MONDAY, "16:03")
    return cast


def test_an_employee_asks_why_and_follows_the_correction_of_his_day(
    cast: Cast, served: str, chromium: Browser
) -> None:
    with time_machine.travel(NOW, tick=True):
        joko = Person(chromium, served, width=360)
        joko.sign_in(cast.employee.username, PASSWORD)
        _finds_the_day(joko)
        _reads_why(joko)
        operator = Person(chromium, served)
        operator.sign_in(cast.operator.username, PASSWORD)
        _asked_for_him(operator, joko.page.url)
        _sees_where_it_stands(joko)
    assert no_server_errors([joko, operator]) == []
    connection.close()
    assert Correction.objects.get().employee == cast.employee.employee


def _finds_the_day(joko: Person) -> None:
    """From the first page to his month, in one tap; the day stands out there."""
    joko.sees("Saya hari ini")
    _stop(joko, "pegawai-beranda.png", height=1100)
    joko.leave(joko.page.get_by_role("link", name="hari", exact=False).first)
    expect(joko.page.locator("h1")).to_have_text("Absensi saya")
    expect(_day(joko)).to_contain_text("tanpa masuk - 16.03")
    expect(_day(joko).locator(".days__label--lacking")).to_have_text("H")
    _stop(joko, "pegawai-bulan.png", height=1700)


def _reads_why(joko: Person) -> None:
    """The verdict, its minutes, the punch it was read from and the article it rests on."""
    joko.leave(_day(joko).get_by_role("link").first)
    expect(joko.page.locator("h1")).to_have_text("Mengapa Senin, 13 April 2026?")
    for words in ("Absen masuk tidak ada", "16.03", "Mesin Uji", "Pergub NTT 67/2019, Pasal"):
        joko.sees(words)
    joko.sees("petugas PD meminta koreksi BKD")
    for act in ("Minta koreksi", "Catat surat"):  # the one is not his, the other no way out
        assert not joko.page.get_by_role("link", name=act).count()
    _stop(joko, "pegawai-mengapa.png", height=1700)


def _asked_for_him(operator: Person, address: str) -> None:
    """The operator opens the same day; the form knows who and when."""
    operator.page.goto(address)
    operator.follow("Minta koreksi")
    form = operator.page.locator("form.form")
    expect(form.locator("[name=employee] option:checked")).to_contain_text("Joko Tallo")
    expect(form.locator("[name=day]")).to_have_value(MONDAY.isoformat())
    form.locator("[name=clock]").fill("07:25")
    form.locator("[name=reason]").fill("Mesin di lobi mati sampai pukul 08.00.")
    photo = {"name": "pintu depan.jpg", "mimeType": "image/jpeg", "buffer": image()}
    operator.attach("evidence", photo)
    operator.press("Kirim kepada BKD")
    operator.sees("Permintaan koreksi dikirim kepada BKD.")
    connection.close()  # beside the browser's loop it may still be that of another test's file
    outbox.drain(limit=50)


def _sees_where_it_stands(joko: Person) -> None:
    joko.page.reload()
    joko.sees("Menunggu BKD")
    joko.follow("Menambah absen")
    joko.sees("Mesin di lobi mati sampai pukul 08.00.")
    joko.sees("pintu depan.jpg")
    _stop(joko, "pegawai-koreksi.png", height=1100)


def _day(joko: Person) -> Locator:
    return joko.page.locator("li.day", has_text="Senin, 13")


def _stop(joko: Person, picture: str, *, height: int) -> None:
    """Keep what is seen here; nothing is wider than the phone, and a finger hits each button."""
    assert joko.page.evaluate("document.documentElement.scrollWidth") <= 360
    for button in joko.page.locator("main .button:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= TOUCH, button.inner_text()
    keep(joko, picture, height=height)
