"""What is running: the list, one instance whole, its end by force, and beginning one."""

import re

import pytest
import time_machine
from lxml import etree

from foundation import ledger
from foundation.actors import SYSTEM, Actor
from processes import services
from processes.definitions import definition_of
from processes.models import Instance
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.conftest import begin
from tests.processes.pages import claimed, open_task, text_of, to_decision

pytestmark = pytest.mark.django_db


def test_the_list_says_what_each_instance_waits_for(instance: Instance, cast: Cast) -> None:
    words = text_of(browser(cast.kadis).get("/proses/"))
    assert "Permohonan Singkat - Cuti Joko" in words
    assert "Menunggu: Menyiapkan permohonan · Operator" in words
    assert "Tahap 1 dari 2" in words


def test_the_bar_counts_what_is_done_and_not_what_waits(instance: Instance, cast: Cast) -> None:
    assert "0 dari 2 selesai" in text_of(browser(cast.kadis).get("/proses/"))
    to_decision(instance, cast)
    words = text_of(browser(cast.kadis).get("/proses/"))
    assert "Tahap 2 dari 2" in words
    assert "1 dari 2 selesai" in words


def test_the_list_is_filtered_by_state_and_words(instance: Instance, cast: Cast) -> None:
    other = begin(cast, subject="Lembur Maria")
    services.cancel_process(instance_id=other.pk, actor_user=cast.kadis, reason="keliru", now=NOW)
    client = browser(cast.kadis)
    running = text_of(client.get("/proses/?status=running"))
    assert "Cuti Joko" in running
    assert "Lembur Maria" not in running
    assert "Lembur Maria" in text_of(client.get("/proses/?q=maria"))
    assert "Tidak ada berkas yang cocok" in text_of(client.get("/proses/?q=gajah"))
    assert client.get("/proses/?status=gajah&agency=x&page=-1").status_code == 200


def test_another_agency_sees_nothing_of_it(instance: Instance, cast: Cast) -> None:
    client = browser(cast.outsider)
    assert "Cuti Joko" not in text_of(client.get("/proses/"))
    for path in ("", "diagram.svg", "batalkan/"):
        assert client.get(f"/proses/{instance.pk}/{path}").status_code == 404


def test_an_instance_tells_who_did_what_and_when(instance: Instance, cast: Cast) -> None:
    task = to_decision(instance, cast)
    services.claim_task(task_id=task.pk, actor_user=cast.kadis, now=NOW)
    services.complete_task(
        task_id=task.pk,
        actor_user=cast.kadis,
        answers={"keputusan": "ulang", "alasan": "Tanggalnya keliru"},
        now=NOW,
    )
    words = text_of(browser(cast.secretary).get(f"/proses/{instance.pk}/"))
    assert (
        "Kembalikan: “Memutuskan permohonan” Ratna Seran (Kadis) · 20 April 2026 09.00 WITA"
        in words
    )
    assert "Tanggalnya keliru" in words
    assert "tercatat (mohon cuti)" in words
    assert "Menyelesaikan “Menyiapkan permohonan” Sari Benu (Operator)" in words
    assert "Memulai berkas Sari Benu" in words


def test_how_the_system_did_it_is_left_out_and_what_people_did_is_not(
    instance: Instance, cast: Cast
) -> None:
    person = Actor(user_id=cast.admin.pk, name="Budi Manafe")
    for actor, verb in ((SYSTEM, "paper_cut"), (person, "paper_folded")):
        ledger.record(stream=instance, actor=actor, verb=verb, subject="x.y:1", now=NOW)
    words = text_of(browser(cast.kadis).get(f"/proses/{instance.pk}/"))
    assert "Perubahan lain (paper_folded) Budi Manafe" in words
    assert "paper_cut" not in words


def test_a_long_history_is_folded(instance: Instance, cast: Cast) -> None:
    person = Actor(user_id=cast.admin.pk, name="Budi Manafe")
    for _ in range(14):
        ledger.record(stream=instance, actor=person, verb="paper_folded", subject="x.y:1", now=NOW)
    words = text_of(browser(cast.kadis).get(f"/proses/{instance.pk}/"))
    assert "Peristiwa sebelumnya (3)" in words


def test_the_norm_stands_beside_the_work(instance: Instance, cast: Cast) -> None:
    to_decision(instance, cast)
    words = text_of(browser(cast.kadis).get(f"/proses/{instance.pk}/"))
    assert "Menyiapkan permohonan Operator · Sari Benu 10 mnt 0 mnt 0 mnt Sesuai baku" in words
    assert "Waktu yang tertulis pada SOP: 15 menit" in words


def test_the_diagram_marks_where_the_work_is_and_has_a_twin_in_words(
    instance: Instance, cast: Cast
) -> None:
    to_decision(instance, cast)
    response = browser(cast.kadis).get(f"/proses/{instance.pk}/")
    html = response.content.decode()
    assert 'class="bpmn-diagram"' in html
    assert html.count("bpmn-node--current") == 1
    twin = text_of(response)
    assert "2 Memutuskan permohonan Kadis Sedang berjalan" in twin
    assert "1 Catat permohonan (sistem) Operator Selesai" in twin


def test_every_task_of_the_diagram_stands_in_its_table(instance: Instance, cast: Cast) -> None:
    response = browser(cast.kadis).get(f"/proses/{instance.pk}/")
    table = response.content.decode().partition("Diagram sebagai tabel")[2].partition("</table>")[0]
    told = re.findall(r'data-label="Kegiatan">([^<]+)', table)
    tasks = definition_of(instance).tasks.values()
    assert sorted(map(str.strip, told)) == sorted(task.name for task in tasks)
    assert len(told) > 2


def test_the_picture_alone_is_well_formed_svg(instance: Instance, cast: Cast) -> None:
    response = browser(cast.kadis).get(f"/proses/{instance.pk}/diagram.svg")
    assert response["Content-Type"] == "image/svg+xml"
    assert etree.fromstring(response.content).tag == "{http://www.w3.org/2000/svg}svg"


def test_pages_carry_no_script_or_style_of_their_own(instance: Instance, cast: Cast) -> None:
    task = claimed(instance, cast.operator)
    client = browser(cast.operator)
    for path in ("/tugas/", f"/tugas/{task.pk}/", "/proses/", f"/proses/{instance.pk}/"):
        html = client.get(path).content.decode()
        assert "<style" not in html
        assert " style=" not in html
        assert " onclick" not in html
        assert html.count("<script") == html.count("<script src=")


def test_cancelling_needs_the_say_and_a_reason(instance: Instance, cast: Cast) -> None:
    path = f"/proses/{instance.pk}/batalkan/"
    assert browser(cast.operator).get(path).status_code == 403
    client = browser(cast.kadis)
    assert client.get(path).status_code == 200
    assert client.post(path, {"reason": " "}).status_code == 422
    assert Instance.objects.get(pk=instance.pk).status == Instance.Status.RUNNING
    words = text_of(client.post(path, {"reason": "keliru dimulai"}, follow=True))
    assert "Berkas ini dibatalkan. keliru dimulai" in words
    assert list(ledger.verify()) == []
    assert client.post(path, {"reason": "lagi"}).status_code == 409


def test_starting_offers_the_agencies_where_one_may_start(instance: Instance, cast: Cast) -> None:
    page = browser(cast.operator).get("/proses/mulai/permohonan_singkat/")
    assert "Dinas Komunikasi dan Informatika" in text_of(page)
    assert "Dinas Kesehatan" not in text_of(page)
    for nobody in (cast.employee, cast.secretary):
        assert browser(nobody).get("/proses/mulai/permohonan_singkat/").status_code == 403
        assert "Mulai berkas baru" not in text_of(browser(nobody).get("/proses/"))


def test_starting_leads_to_the_new_instance(instance: Instance, cast: Cast) -> None:
    body = {"agency": cast.agency.pk, "subject": "Lembur Maria"}
    client = browser(cast.operator)
    response = client.post("/proses/mulai/permohonan_singkat/", body, follow=True)
    assert "Permohonan Singkat - Lembur Maria dimulai." in text_of(response)
    assert open_task(Instance.objects.get(subject="Lembur Maria")).name in text_of(response)


def test_a_second_one_for_the_same_subject_is_refused_in_words(
    instance: Instance, cast: Cast
) -> None:
    body = {"agency": cast.agency.pk, "subject": instance.subject}
    response = browser(cast.operator).post("/proses/mulai/permohonan_singkat/", body)
    assert response.status_code == 422
    assert "sudah ada untuk Dinas Komunikasi dan Informatika" in text_of(response)


def test_another_agency_cannot_be_smuggled_in(instance: Instance, cast: Cast) -> None:
    body = {"agency": cast.other_agency.pk, "subject": "Titipan"}
    response = browser(cast.operator).post("/proses/mulai/permohonan_singkat/", body)
    assert response.status_code == 422
    assert not Instance.objects.filter(subject="Titipan").exists()


def test_an_unknown_sop_does_not_exist(instance: Instance, cast: Cast) -> None:
    assert browser(cast.operator).get("/proses/mulai/gajah/").status_code == 404


def test_a_month_is_chosen_from_a_list(cast: Cast) -> None:
    client = browser(cast.kadis)
    with time_machine.travel(NOW, tick=False):
        html = client.get("/proses/mulai/pengelolaan_e_absensi/").content.decode()
    assert '<option value="2026-04" selected>April 2026</option>' in html
    assert '<option value="2026-06">Juni 2026</option>' in html
    assert '<option value="2025-04">April 2025</option>' in html
    assert "2025-03" not in html


def test_a_sop_is_chosen_where_there_are_several(instance: Instance, cast: Cast) -> None:
    words = text_of(browser(cast.operator).get("/proses/mulai/"))
    assert "Permohonan Singkat SOP Nomor 01/UJI/2026" in words
    assert "Lampiran Singkat" in words
