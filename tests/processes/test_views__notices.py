"""What people were told: counted beside their tasks, read when they like, and theirs alone."""

import re
from urllib.parse import unquote_plus

import pytest
from django.conf import LazySettings

from processes.models import Notice
from processes.services.notices import notify
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(cast: Cast) -> Notice:
    notify(user_ids=[cast.operator.pk], agency=cast.agency, kind="wait", key="uji/1",
           text="Surat menunggu.", link="/proses/", now=NOW)  # fmt: skip
    return Notice.objects.get()


def test_what_is_unread_is_counted_beside_the_tasks(notice: Notice, cast: Cast) -> None:
    assert "Pemberitahuan 1 belum dibaca" in text_of(browser(cast.operator).get("/tugas/"))
    assert "belum dibaca" not in text_of(browser(cast.operator2).get("/tugas/"))


def test_looking_at_the_page_reads_nothing(notice: Notice, cast: Cast) -> None:
    client = browser(cast.operator)
    for _ in range(2):
        shown = text_of(client.get("/tugas/pemberitahuan/"))
        assert "Surat menunggu." in shown
        assert "1 pemberitahuan belum dibaca" in shown


def test_a_notice_of_another_is_neither_shown_nor_marked(notice: Notice, cast: Cast) -> None:
    client = browser(cast.operator2)
    assert "Belum ada pemberitahuan" in text_of(client.get("/tugas/pemberitahuan/"))
    answer = client.post("/tugas/pemberitahuan/dibaca/", {"pemberitahuan": notice.pk})
    assert answer.status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


@pytest.mark.parametrize(
    ("posted", "goes_to"),
    [
        ({}, "/tugas/pemberitahuan/"),
        ({"pemberitahuan": "@"}, "/tugas/pemberitahuan/"),
        ({"pemberitahuan": "@", "buka": "1"}, "/proses/"),
    ],
)
def test_reading_marks_and_goes_where_it_leads(
    posted: dict[str, str], goes_to: str, notice: Notice, cast: Cast
) -> None:
    body = {name: value.replace("@", str(notice.pk)) for name, value in posted.items()}
    answer = browser(cast.operator).post("/tugas/pemberitahuan/dibaca/", body)
    assert answer["Location"] == goes_to
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_what_is_no_number_names_no_notice(notice: Notice, cast: Cast) -> None:
    client = browser(cast.operator)
    assert client.post("/tugas/pemberitahuan/dibaca/", {"pemberitahuan": "x"}).status_code == 404


def test_a_notice_is_passed_on_by_whatsapp_with_its_kind_and_its_link_alone(
    notice: Notice, cast: Cast, settings: LazySettings
) -> None:
    settings.PUBLIC_URL = "https://sopan.example"
    page = browser(cast.operator).get("/tugas/pemberitahuan/").content.decode()
    (found,) = re.findall(r'<a [^>]*href="https://wa[.]me/[?]text=([^"]*)"([^>]*)>', page)
    told, rest = found
    assert unquote_plus(told) == "SOPan - Menunggu lama: https://sopan.example/proses/"
    assert 'target="_blank" rel="noopener noreferrer"' in rest


def test_what_leads_nowhere_is_not_passed_on(notice: Notice, cast: Cast) -> None:
    Notice.objects.update(link="")
    page = browser(cast.operator).get("/tugas/pemberitahuan/").content.decode()
    assert "wa.me" not in page
