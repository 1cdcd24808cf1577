"""Who begins a SOP: by a role that begins any, or by that of its first task."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from organization.models import User
from processes.exceptions import NotAllowed
from processes.models import Instance
from processes.starting import first_roles
from tests.cast import Cast, appoint
from tests.pages import browser
from tests.processes.pages import text_of
from tests.processes.small_sops import LANE, offer, sop, start
from tests.workflows.elements import making
from tests.workflows.elements.making import HEARS, WORK
from workflows import repository

NOTED = "Notulis"  # a role that only this SOP knows


def own(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return a small SOP with the role that only it knows in place of the operators'."""
    bpmn = files["process.bpmn"].decode().replace(f'name="{LANE}"', f'name="{NOTED}"')
    return files | {"process.bpmn": bpmn.encode()}


TEXT = 'subject = "text"'
MINUTES = own(
    sop(
        {"siap": "S", "cek": "X", "catat": "U", "sahkan": "U"},
        ["mulai>siap", "siap>cek", "cek>catat if facts.ada == 1", "cek>sahkan",
         "catat>sahkan", "sahkan>selesai"],
        {"siap": f'{WORK}\nserves = "catat"', "catat": "number = 1", "sahkan": "number = 2"},
        head=f'{TEXT}\n[facts.ada]\nuse = "tests.there"',
        attributes={"cek": 'default="cek__sahkan"'},
    )
)  # fmt: skip
TIMED = own(
    sop(
        {"nanti": "C", "catat": "U"},
        ["mulai>nanti", "nanti>catat", "catat>selesai"],
        {"catat": "number = 1", "nanti": 'serves = "catat"'},
        head=TEXT,
        inside={"nanti": "<timerEventDefinition><timeDuration>PT1H</timeDuration>"
                "</timerEventDefinition>"},
    )
)  # fmt: skip
TOLD = own(
    sop(
        {"catat": "U"},
        ["mulai>catat", "catat>selesai"],
        {"catat": "number = 1"},
        head=TEXT,
        inside={"mulai": HEARS},
    )
)
PLAIN = own(
    sop({"catat": "U"}, ["mulai>catat", "catat>selesai"], {"catat": "number = 1"}, head=TEXT)
)


@pytest.fixture
def clerk(cast: Cast, tmp_path: Path, settings: LazySettings) -> User:
    """Who holds the role that only the SOPs know, and nothing else."""
    offer(tmp_path, settings, notulen=PLAIN, berkala=TIMED, kabaran=TOLD)
    appoint(cast.employee, NOTED, cast.agency)
    return cast.employee


def test_the_first_task_is_looked_for_past_the_system_and_decisions() -> None:
    assert first_roles(making.sop(MINUTES)) == {NOTED}


def test_nobody_by_role_begins_what_the_clock_or_a_message_begins(clerk: User) -> None:
    assert first_roles(repository.get("berkala")) == frozenset()
    for key in ("berkala", "kabaran"):
        assert browser(clerk).get(f"/proses/mulai/{key}/").status_code in (403, 404)


def test_who_may_do_the_first_task_begins_that_sop_and_no_other(clerk: User, cast: Cast) -> None:
    instance = start(cast, "notulen", actor_user=clerk)
    assert instance.started_by == clerk
    with pytest.raises(NotAllowed, match="memulai proses"):
        start(cast, "berkala", actor_user=clerk)


def test_only_where_he_holds_the_role(clerk: User, cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="memulai proses"):
        start(cast, "notulen", actor_user=clerk, agency=cast.other_agency)
    with pytest.raises(NotAllowed, match="memulai proses"):
        start(cast, "notulen", actor_user=cast.secretary)


def test_the_pages_offer_it_to_him(clerk: User, cast: Cast) -> None:
    client = browser(clerk)
    assert "Mulai berkas baru" in text_of(client.get("/proses/"))
    assert "Mulai berkas baru" in text_of(client.get("/tugas/"))
    page = client.get("/proses/mulai/", follow=True)  # the only one: its form comes at once
    assert "Dinas Komunikasi dan Informatika" in text_of(page)
    assert "Dinas Kesehatan" not in text_of(page)
    body = {"agency": cast.agency.pk, "subject": "Rapat Senin"}
    told = text_of(client.post("/proses/mulai/notulen/", body, follow=True))
    assert "Rapat Senin dimulai." in told
    assert Instance.objects.get(subject="Rapat Senin").started_by == clerk


def test_who_begins_any_is_offered_what_the_clock_leads_on(clerk: User, cast: Cast) -> None:
    words = text_of(browser(cast.operator).get("/proses/mulai/"))
    assert words.count("SOP Nomor") == 2
    assert "Mulai berkas baru" not in text_of(browser(cast.secretary).get("/proses/"))
