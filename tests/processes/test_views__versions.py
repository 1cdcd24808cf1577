"""The pages of a new version: what it means in words, one instance and many."""

import pytest

from organization.models import User
from processes import services
from processes.models import Instance
from tests.cast import Cast, appoint
from tests.pages import browser
from tests.processes.conftest import World, begin
from tests.processes.pages import text_of
from tests.processes.test_services__migration import Office, office, running
from tests.processes.test_services__tasks import LATER, claim

__all__ = ["office", "running"]


def page_of(instance: Instance) -> str:
    return f"/proses/{instance.pk}/versi/"


@pytest.fixture
def manager(cast: Cast) -> User:
    """Somebody who manages the installation for this agency."""
    appoint(cast.employee, "Pengelola", cast.agency)
    return cast.employee


def test_the_page_of_an_instance_leads_to_the_new_version_and_back(
    running: Instance, office: Office, cast: Cast, manager: User
) -> None:
    assert "SOP sudah diperbarui" not in text_of(browser(cast.kadis).get(f"/proses/{running.pk}/"))
    office.with_reminder()
    for user in (cast.kadis, manager):
        assert "SOP sudah diperbarui" in text_of(browser(user).get(f"/proses/{running.pk}/"))
    shown = text_of(browser(cast.kadis).get(page_of(running)))
    assert "“Memutuskan permohonan” tetap menunggu Kadis." in shown
    assert "“Pengingat” pada “Memutuskan permohonan” mulai berjalan sekarang." in shown
    answer = browser(cast.kadis).post(
        page_of(running), {"version": office.version, "reason": "SOP diperbarui"}
    )
    assert answer["Location"] == f"/proses/{running.pk}/"
    running.refresh_from_db()
    assert running.definition_version == office.version
    history = text_of(browser(cast.kadis).get(f"/proses/{running.pk}/"))
    assert "Memindahkan berkas ke versi SOP yang lain" in history
    assert "sudah memakai versi yang berlaku" in text_of(browser(cast.kadis).get(page_of(running)))


def test_without_a_reason_nothing_moves(running: Instance, office: Office, cast: Cast) -> None:
    office.with_reminder()
    answer = browser(cast.kadis).post(page_of(running), {"version": office.version, "reason": ""})
    assert answer.status_code == 422
    running.refresh_from_db()
    assert running.definition_version != office.version


def test_the_reasons_against_it_stand_there_and_no_button(
    running: Instance, office: Office, cast: Cast
) -> None:
    office.edit("process.bpmn", ('name="Kadis"', 'name="Sekretaris"'))
    shown = text_of(browser(cast.kadis).get(page_of(running)))
    assert "Belum dapat dipindahkan" in shown
    assert "menjadi bagian Sekretaris, bukan Kadis" in shown
    assert "Pindahkan berkas ini" not in shown


def test_who_may_not_is_refused(running: Instance, office: Office, cast: Cast) -> None:
    office.with_reminder()
    for path in (page_of(running), "/proses/versi/"):
        assert browser(cast.operator).get(path).status_code == 403
    assert browser(cast.outsider).get(page_of(running)).status_code == 404


def test_the_list_names_those_that_can_and_moves_the_chosen(
    running: Instance, office: Office, cast: Cast, world: World
) -> None:
    other = begin(cast, subject="Cuti Budi")
    claim(other, cast.operator)
    assert "memakai versi SOP yang berlaku" in text_of(browser(cast.kadis).get("/proses/versi/"))
    office.edit("process.bpmn", ('name="Kadis"', 'name="Sekretaris"'))
    shown = text_of(browser(cast.kadis).get("/proses/versi/"))
    assert (shown.count("Dapat dipindahkan"), shown.count("Belum dapat")) == (1, 1)
    data = {
        "version": office.version, "reason": "susunan baru", "berkas": [running.pk, other.pk],
    }  # fmt: skip
    answer = browser(cast.kadis).post("/proses/versi/", data, follow=True)
    told = text_of(answer)
    assert "1 berkas kini memakai versi SOP yang baru." in told
    assert "menjadi bagian Sekretaris" in told
    other.refresh_from_db()
    assert other.definition_version == office.version


def test_what_is_over_is_not_listed(running: Instance, office: Office, cast: Cast) -> None:
    office.with_reminder()
    services.cancel_process(
        instance_id=running.pk, actor_user=cast.kadis, reason="keliru", now=LATER
    )
    assert "memakai versi SOP yang berlaku" in text_of(browser(cast.kadis).get("/proses/versi/"))
