"""The frame of every page: menu, icons, errors, signing in, the kit's promises."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from config.urls import site
from organization.models import User
from tests.cast import PASSWORD, Cast
from tests.pages import browser
from tests.processes.pages import text_of

pytestmark = pytest.mark.django_db
STATIC = Path(settings.BASE_DIR) / "config" / "static" / "sopan"
ROOMS = ("attendance", "config", "devices", "documents", "organization", "processes")


def templates() -> list[Path]:
    roots = [Path(settings.BASE_DIR) / room / "templates" for room in ROOMS]
    return [path for root in roots for path in root.rglob("*.html")]


def icons() -> set[str]:
    return set(re.findall(r'<symbol id="([a-z-]+)"', (STATIC / "icons.svg").read_text()))


def test_the_front_door_is_the_page_of_each_person(cast: Cast) -> None:
    assert cast.kadis.get_full_name() in text_of(browser(cast.kadis).get("/"))


def test_a_stranger_is_led_to_the_sign_in_and_back(cast: Cast) -> None:
    client = Client()
    response = client.get("/proses/")
    assert response["Location"] == "/accounts/login/?next=/proses/"
    page = client.get(response["Location"])
    assert "Masuk" in text_of(page)
    body = {"username": cast.kadis.username, "password": PASSWORD, "next": "/proses/"}
    assert client.post("/accounts/login/", body)["Location"] == "/proses/"


def test_a_wrong_password_is_told_in_indonesian(cast: Cast) -> None:
    body = {"username": cast.kadis.username, "password": "salah"}
    response = Client().post("/accounts/login/", body)
    assert "Nama pengguna atau kata sandi salah." in text_of(response)


def test_a_form_refuses_in_indonesian_whatever_the_browser_speaks(cast: Cast) -> None:
    headers = {"accept-language": "en-US,en;q=0.9"}
    response = Client().post("/accounts/login/", {"username": ""}, headers=headers)
    assert "Bidang ini tidak boleh kosong" in text_of(response)
    assert "This field" not in text_of(response)


def test_signing_out_is_a_post(cast: Cast) -> None:
    client = browser(cast.kadis)
    assert client.get("/accounts/logout/").status_code == 405
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get("/tugas/").status_code == 302


def test_a_given_password_is_changed_before_anything_else(cast: Cast) -> None:
    User.objects.filter(pk=cast.operator.pk).update(must_change_password=True)
    client = browser(cast.operator)
    response = client.get("/tugas/", follow=True)
    assert response.redirect_chain[-1][0] == reverse("password_change")
    assert "masih pemberian kantor" in text_of(response)


def test_the_menu_shows_the_rooms_and_the_role(cast: Cast) -> None:
    words = text_of(browser(cast.kadis).get("/tugas/"))
    for title in ("Tugas", "Proses", "Absensi", "Mesin", "Dokumen", "Pegawai", "Ratna Seran Kadis"):
        assert title in words


def test_the_menu_of_the_drawer_and_of_the_wide_page_are_the_same_and_ones_own(cast: Cast) -> None:
    for person in (cast.kadis, cast.operator):
        html = browser(person).get("/tugas/").content.decode()
        drawer, wide = re.findall(r'<ul class="menu__list">.*?</div>', html, re.DOTALL)
        assert drawer == wide
        assert f"<strong>{person.get_full_name()}</strong>" in drawer


def test_every_entry_of_the_menu_opens(cast: Cast) -> None:
    for user in (cast.kadis, cast.admin, cast.employee):
        client = browser(user)
        for item in site.menu_items():
            if item.has_view_permission(user):
                assert client.get(item.reverse("index"), follow=True).status_code == 200, item.title


def test_every_entry_of_the_menu_has_an_icon_of_the_sprite() -> None:
    assert {item.icon.icon_name for item in site.menu_items()} <= icons()


def test_every_icon_that_a_template_names_is_drawn() -> None:
    named = re.compile(r"{% icon \"([^\"]+)\"|{% badge \"[^\"]*\" \"([^\"]+)\"")
    for path in templates():
        for found in named.findall(path.read_text()):
            assert (found[0] or found[1]) in icons(), path


def test_no_template_carries_a_script_a_style_or_a_foreign_address() -> None:
    for path in templates():
        text = path.read_text()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text), path
        assert not re.search(r"<script(?! src=)", text), path
        # A link that a person follows loads nothing by itself, and tells nobody where he came from.
        followed = re.sub(r"<a [^>]*rel=\"noopener noreferrer\">", "", text)
        assert not re.search(r"(src|href)=\"(https?:)?//", followed), path


def test_every_stylesheet_and_script_of_the_frame_is_there(cast: Cast) -> None:
    html = browser(cast.kadis).get("/tugas/").content.decode()
    for path in re.findall(r"/static/([^\"#?]+)", html):
        assert finders.find(path), path


def test_the_style_of_a_page_is_small() -> None:
    sizes = [path.stat().st_size for path in STATIC.glob("*.*") if path.suffix in (".css", ".js")]
    assert sum(sizes) < 60_000


def test_a_page_that_does_not_exist_says_so_in_the_frame(cast: Cast) -> None:
    response = browser(cast.kadis).get("/gajah/")
    assert response.status_code == 404
    assert "Halaman ini tidak ada" in text_of(response)
    assert "Ratna Seran" in text_of(response)
    assert Client().get("/gajah/").status_code == 404


def test_the_page_of_a_fault_needs_neither_request_nor_database() -> None:
    assert "Terjadi gangguan" in render_to_string("500.html")


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


PAIRS = [
    ("ink", "ground", 4.5),
    ("ink", "surface", 4.5),
    ("ink", "sunken", 4.5),
    ("muted", "ground", 4.5),
    ("muted", "surface", 4.5),
    ("muted", "sunken", 4.5),
    ("accent", "surface", 4.5),
    ("accent", "ground", 4.5),
    ("accent", "accent-soft", 4.5),
    ("accent", "bad-soft", 4.5),
    ("accent", "warn-soft", 4.5),
    ("accent-ink", "accent", 4.5),
    ("accent-ink", "accent-strong", 4.5),
    ("muted", "bad-soft", 4.5),
    ("muted", "accent-soft", 4.5),
    ("band-ink", "band", 4.5),
    ("band-muted", "band", 4.5),
    ("band-ink", "band-raised", 4.5),
    ("good", "good-soft", 4.5),
    ("good", "surface", 4.5),
    ("good-ink", "good", 4.5),
    ("warn", "warn-soft", 4.5),
    ("warn", "surface", 4.5),
    ("bad", "bad-soft", 4.5),
    ("bad", "surface", 4.5),
    ("edge", "surface", 3.0),
    ("focus", "surface", 3.0),
    ("focus", "ground", 3.0),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(scheme: str) -> None:
    css = (STATIC / "tokens.css").read_text()
    light, dark = css.split("@media", 1)
    tokens = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", light))
    if scheme == "dark":
        tokens |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", dark))
    poor = {
        (text, ground): round(contrast(tokens[text], tokens[ground]), 2)
        for text, ground, least in PAIRS
        if contrast(tokens[text], tokens[ground]) < least
    }
    assert poor == {}
