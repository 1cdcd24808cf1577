"""The guides: true to the pages they tell of, found from every page, read by everybody."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from config.help.guides import FOLDER, anchor_of, guide, names, search
from config.help.places import place_of, places
from tests.access.table import ROUTES, RULES
from tests.cast import Cast
from tests.pages import browser
from tests.processes.pages import text_of

ROOT = Path(settings.BASE_DIR)
ROOMS = ("attendance", "config", "devices", "documents", "organization", "processes", "workflows")
QUOTED = re.compile(r"(?<!\*)\*([^*\n]+)\*(?!\*)")
LINK = re.compile(r"\]\(([^)]+)\)")
# What stands in a terminal's own menu, not in ours.
IN_A_TERMINAL = {"Comm.", "Cloud Server", "ADMS", "Ethernet"}
GUIDES = sorted(path.name for path in FOLDER.glob("*.md"))


@pytest.fixture(scope="module")
def words_of_the_site() -> str:
    """All that pages, forms and SOPs say, in small letters, blanks made one."""
    found = [
        path.read_text(encoding="utf-8")
        for room in ROOMS
        for ending in ("*.html", "*.py", "*.toml", "*.js")
        for path in (ROOT / room).rglob(ending)
    ]
    return " ".join(" ".join(found).lower().split())


@pytest.mark.parametrize("name", GUIDES)
def test_every_name_that_a_guide_quotes_stands_on_a_page(name: str, words_of_the_site: str) -> None:
    quoted = set(QUOTED.findall((FOLDER / name).read_text(encoding="utf-8"))) - IN_A_TERMINAL
    assert [one for one in quoted if one.lower() not in words_of_the_site] == []


@pytest.mark.parametrize("name", GUIDES)
def test_every_link_and_picture_of_a_guide_is_there(name: str) -> None:
    for target in LINK.findall((FOLDER / name).read_text(encoding="utf-8")):
        file, _, anchor = target.partition("#")
        assert (FOLDER / file).exists(), target
        if anchor:
            assert anchor in anchors(file.removesuffix(".md")), target


def anchors(name: str) -> set[str]:
    found = guide(name)
    assert found is not None, name
    return {section.anchor for section in found.sections}


def pages() -> Iterator[str]:
    """Yield the name of every address that shows a page."""
    yield from {rule.route for rule in RULES if rule.get and not rule.route.startswith("api")}


def test_every_page_is_helped_with_at_a_place_that_is_there() -> None:
    for name in pages():
        file, _, anchor = place_of(name).partition("#")
        assert file in names(), name
        assert not anchor or anchor in anchors(file), f"{name}: {file}#{anchor}"


def test_every_place_is_of_a_page() -> None:
    for beginning in places():
        assert any(name.startswith(beginning) for name in ROUTES), beginning


def test_each_page_leads_to_its_own_place(cast: Cast) -> None:
    for address, place in (
        ("/tugas/", "/bantuan/index/#tugas"),
        ("/absensi/saya/", "/bantuan/pegawai/#mengapa-kemarin-merah"),
        ("/mesin/", "/bantuan/admin/#mesin"),
    ):
        assert f'href="{place}"' in browser(cast.admin).get(address).content.decode()


def test_a_guide_is_read_without_signing_in_and_leads_on() -> None:
    page = Client().get("/bantuan/pegawai/").content.decode()
    assert '<h2 id="mengapa-kemarin-merah">' in page
    assert 'src="/bantuan/gambar/pegawai-mengapa.png"' in page
    assert 'href="/bantuan/glosarium/"' in Client().get("/bantuan/").content.decode()
    assert Client().get("/bantuan/gambar/pegawai-mengapa.png")["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    "address", ["gajah/", "gambar/gajah.png", "gambar/..%2Ftugas.png", "gambar/README.md"]
)
def test_what_is_not_there_is_not_there(address: str) -> None:
    assert Client().get(f"/bantuan/{address}").status_code == 404


def test_a_search_finds_titles_before_texts_and_says_where_nothing_is() -> None:
    found = search("koreksi")
    assert "koreksi" in found[0][1].title.lower()
    assert len(found) > 2
    page = text_of(Client().get("/bantuan/", {"q": "<b>gajah</b>"}))
    assert "0 bagian memuat “<b>gajah</b>”" in page


def test_html_in_a_guide_is_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "coba.md").write_text("# Coba\n\n## Bagian\n\n<script>x</script>\n")
    monkeypatch.setattr("config.help.guides.FOLDER", tmp_path)
    found = guide.__wrapped__("coba")
    assert found is not None
    assert "<script>" not in found.body


def test_anchors_are_those_of_the_web() -> None:
    assert anchor_of("Mengapa kemarin merah") == "mengapa-kemarin-merah"
    assert anchor_of("Plh.") == "plh"


def test_the_page_about_names_licence_and_libraries() -> None:
    page = text_of(Client().get(reverse("help:about")))
    assert "AGPL-3.0" in page
    assert "SpiffWorkflow" in page
