"""One task: taking it, its form, refusals that lose nothing, decisions, what the system does."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation import outbox
from foundation.models import OutboxJob
from processes import services
from processes.models import Attachment, Instance, Task
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.conftest import World, begin
from tests.processes.pages import claimed, open_task, text_of, to_decision
from workflows.registry import Missing

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings) -> None:  # type: ignore[no-untyped-def]
    storages = dict(settings.STORAGES)
    storages["default"] = storages["default"] | {"OPTIONS": {"location": tmp_path}}
    settings.STORAGES = storages


def test_taking_and_completing_are_two_acts(instance: Instance, cast: Cast) -> None:
    task, client = open_task(instance), browser(cast.operator)
    page = client.get(f"/tugas/{task.pk}/")
    assert "Kerjakan" in text_of(page)
    assert 'name="isi"' not in page.content.decode()
    assert Task.objects.get(pk=task.pk).status == Task.Status.READY

    client.post(f"/tugas/{task.pk}/ambil/")
    assert Task.objects.get(pk=task.pk).owner == cast.operator
    assert "Isi permohonan" in text_of(client.get(f"/tugas/{task.pk}/"))

    answer = client.post(f"/tugas/{task.pk}/selesai/", {"isi": "mohon cuti"}, follow=True)
    assert Task.objects.get(pk=task.pk).answers == {"isi": "mohon cuti"}
    assert "selesai. Sistem melanjutkan pekerjaan" in text_of(answer)


def test_the_page_shows_requirements_output_steps_and_clock(instance: Instance, cast: Cast) -> None:
    task = claimed(instance, cast.operator)
    with time_machine.travel(NOW + timedelta(minutes=3), tick=False):
        response = browser(cast.operator).get(f"/tugas/{task.pk}/")
    words = text_of(response)
    for expected in (
        "Surat permohonan",
        "Permohonan lengkap",
        "10 menit",
        "Tahap 1 dari 2",
        "Sisa 7 mnt",
        "Memutuskan permohonan",
        "Belum dimulai",
    ):
        assert expected in words
    assert 'data-clock="180" data-standard="600"' in response.content.decode()


def test_opening_the_form_keeps_the_first_moment(instance: Instance, cast: Cast) -> None:
    task = claimed(instance, cast.operator)
    client = browser(cast.operator)
    for minutes in (1, 5):
        with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
            client.get(f"/tugas/{task.pk}/")
    assert Task.objects.get(pk=task.pk).opened_at == NOW + timedelta(minutes=1)


def test_others_may_look_but_are_not_offered_the_work(instance: Instance, cast: Cast) -> None:
    task = open_task(instance)
    words = text_of(browser(cast.kadis).get(f"/tugas/{task.pk}/"))
    assert "Menunggu Operator" in words
    assert "Kerjakan untuk" not in words
    assert browser(cast.kadis).post(f"/tugas/{task.pk}/ambil/").status_code == 403


@pytest.mark.parametrize("path", ["", "alihkan/"])
def test_who_may_not_see_a_task_is_told_that_it_does_not_exist(
    path: str, instance: Instance, cast: Cast
) -> None:
    task = open_task(instance)
    for stranger in (cast.outsider, cast.employee):
        assert browser(stranger).get(f"/tugas/{task.pk}/{path}").status_code == 404


@pytest.mark.parametrize("act", ["ambil", "lepas", "selesai", "draf", "mulai", "coba-lagi"])
@pytest.mark.fault("F5")
def test_acts_are_posts_and_hidden_from_strangers(act: str, instance: Instance, cast: Cast) -> None:
    task = open_task(instance)
    assert browser(cast.operator).get(f"/tugas/{task.pk}/{act}/").status_code == 405
    assert browser(cast.outsider).post(f"/tugas/{task.pk}/{act}/").status_code == 404
    assert Task.objects.get(pk=task.pk).status == Task.Status.READY


def test_a_post_without_its_token_is_refused(instance: Instance, cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.operator)
    response = client.post(f"/tugas/{open_task(instance).pk}/ambil/")
    assert response.status_code == 403
    assert "kedaluwarsa" in text_of(response)


def test_a_form_with_mistakes_comes_back_with_what_was_typed(
    instance: Instance, cast: Cast
) -> None:
    task = claimed(instance, cast.operator)
    response = browser(cast.operator).post(f"/tugas/{task.pk}/selesai/", {"isi": "   "})
    assert response.status_code == 422
    assert "“Isi permohonan” wajib diisi." in text_of(response)


def test_missing_work_is_named_with_links_and_nothing_typed_is_lost(
    instance: Instance, cast: Cast, world: World
) -> None:
    world.missing = [Missing("Berkas cuti belum ada", "/proses/"), Missing("Tanda tangan kurang")]
    task, client = claimed(instance, cast.operator), browser(cast.operator)
    response = client.post(f"/tugas/{task.pk}/selesai/", {"isi": "cuti tiga hari"})
    assert response.status_code == 422
    assert "Berkas cuti belum ada Lengkapi" in text_of(response)
    assert "Tanda tangan kurang" in text_of(response)
    assert '<a href="/proses/">Lengkapi</a>' in response.content.decode()
    assert "cuti tiga hari" in text_of(response)
    assert "cuti tiga hari" in text_of(client.get(f"/tugas/{task.pk}/"))
    assert Task.objects.get(pk=task.pk).status == Task.Status.CLAIMED


def test_a_draft_is_kept_unchecked_and_offered_again(instance: Instance, cast: Cast) -> None:
    task, client = claimed(instance, cast.operator), browser(cast.operator)
    client.post(f"/tugas/{task.pk}/draf/", {"isi": "baru separuh"})
    assert Task.objects.get(pk=task.pk).saved_at is not None
    assert "baru separuh" in text_of(client.get(f"/tugas/{task.pk}/"))


@pytest.mark.fault("F1", "F3")
def test_who_comes_too_late_reads_who_was_faster_and_keeps_his_words(
    instance: Instance, cast: Cast
) -> None:
    task = claimed(instance, cast.operator)
    services.complete_task(
        task_id=task.pk, actor_user=cast.operator, answers={"isi": "punya Sari"}, now=NOW
    )
    response = browser(cast.operator2).post(
        f"/tugas/{task.pk}/selesai/", {"isi": "ketikan Yohanes"}
    )
    assert response.status_code == 409
    words = text_of(response)
    assert "sudah diselesaikan oleh Sari Benu pukul 09.00" in words
    assert "ketikan Yohanes" in words
    assert "readonly" in response.content.decode()
    assert Task.objects.get(pk=task.pk).answers == {"isi": "punya Sari"}


def test_a_draft_that_comes_too_late_is_handed_back_too(instance: Instance, cast: Cast) -> None:
    task = claimed(instance, cast.operator)
    response = browser(cast.operator2).post(f"/tugas/{task.pk}/draf/", {"isi": "ketikan"})
    assert response.status_code == 409
    assert "ketikan" in text_of(response)
    assert Task.objects.get(pk=task.pk).draft == {}


def test_claiming_what_another_has_claimed_names_him(instance: Instance, cast: Cast) -> None:
    task = claimed(instance, cast.operator)
    response = browser(cast.operator2).post(f"/tugas/{task.pk}/ambil/")
    assert response.status_code == 409
    assert "sudah diambil oleh Sari Benu" in text_of(response)


def test_the_same_form_sent_twice_is_recorded_once(instance: Instance, cast: Cast) -> None:
    task, client = claimed(instance, cast.operator), browser(cast.operator)
    body = {"isi": "mohon cuti", "kunci": "abc"}
    client.post(f"/tugas/{task.pk}/selesai/", body)
    again = client.post(f"/tugas/{task.pk}/selesai/", body, follow=True)
    assert again.status_code == 200
    assert "tidak dicatat dua kali" in text_of(again)
    assert Task.objects.filter(instance=instance, status="ready").count() == 1


def test_a_decision_is_a_row_of_buttons_in_the_words_of_the_sop(
    instance: Instance, cast: Cast
) -> None:
    task = to_decision(instance, cast)
    services.claim_task(task_id=task.pk, actor_user=cast.kadis, now=NOW)
    html = browser(cast.kadis).get(f"/tugas/{task.pk}/").content.decode()
    assert 'class="button button--large button--approve" name="keputusan" value="ya"' in html
    assert 'class="button button--large button--return" name="keputusan" value="ulang"' in html
    assert 'type="radio"' not in html
    # What Enter presses is the first button of the form: never a decision.
    form = html[html.index('class="form form--decision"') :]
    assert "/draf/" in form[form.index("<button") :].split(">")[0]


def test_a_return_needs_its_reason_and_the_next_round_reads_it(
    instance: Instance, cast: Cast
) -> None:
    task, client = to_decision(instance, cast), browser(cast.kadis)
    client.post(f"/tugas/{task.pk}/ambil/")
    refused = client.post(f"/tugas/{task.pk}/selesai/", {"keputusan": "ulang", "alasan": ""})
    assert refused.status_code == 422
    assert "Tuliskan alasan untuk “Kembalikan”." in text_of(refused)

    client.post(f"/tugas/{task.pk}/selesai/", {"keputusan": "ulang", "alasan": "Tanggalnya keliru"})
    back = open_task(instance)
    operator = browser(cast.operator)
    operator.post(f"/tugas/{back.pk}/ambil/")
    words = text_of(operator.get(f"/tugas/{back.pk}/"))
    assert "Dikembalikan oleh Ratna Seran (Kadis)" in words
    assert "Tanggalnya keliru" in words
    assert "Putaran 2" in words
    assert "mohon cuti" in words  # the answer of the first round is offered again


def test_a_waiting_time_may_begin_early_where_the_sop_says_so(
    instance: Instance, cast: Cast
) -> None:
    task, client = to_decision(instance, cast), browser(cast.kadis)
    client.post(f"/tugas/{task.pk}/ambil/")
    client.post(f"/tugas/{task.pk}/selesai/", {"keputusan": "ya"})
    timer = open_task(instance)
    assert "Mulai sekarang" in text_of(client.get(f"/tugas/{timer.pk}/"))
    assert "Mulai sekarang" not in text_of(browser(cast.operator).get(f"/tugas/{timer.pk}/"))
    assert browser(cast.operator).post(f"/tugas/{timer.pk}/mulai/").status_code == 403
    client.post(f"/tugas/{timer.pk}/mulai/")
    assert Instance.objects.get(pk=instance.pk).status == Instance.Status.FINISHED


def test_a_step_of_the_system_shows_its_failure_and_can_be_tried_again(
    instance: Instance, cast: Cast
) -> None:
    services.complete_task(
        task_id=claimed(instance, cast.operator).pk,
        actor_user=cast.operator,
        answers={"isi": "mohon cuti"},
        now=NOW,
    )
    task, client = open_task(instance), browser(cast.operator)
    assert "Sistem sedang mengerjakan" in text_of(client.get(f"/tugas/{task.pk}/"))
    Task.objects.filter(pk=task.pk).update(status="claimed", claimed_at=NOW)
    services.fail_task(task_id=task.pk, error="mesin tidak menjawab", now=NOW)
    words = text_of(client.get(f"/tugas/{task.pk}/"))
    assert "mesin tidak menjawab" in words
    assert "Coba lagi" in words
    client.post(f"/tugas/{task.pk}/coba-lagi/")
    assert Task.objects.get(pk=task.pk).status == Task.Status.READY


def test_a_task_is_put_back_with_its_draft(instance: Instance, cast: Cast) -> None:
    task, client = claimed(instance, cast.operator), browser(cast.operator)
    client.post(f"/tugas/{task.pk}/draf/", {"isi": "baru separuh"})
    assert "kembali ke antrean" in text_of(client.post(f"/tugas/{task.pk}/lepas/", follow=True))
    other = browser(cast.operator2)
    other.post(f"/tugas/{task.pk}/ambil/")
    assert "baru separuh" in text_of(other.get(f"/tugas/{task.pk}/"))


def test_a_task_is_handed_to_another_holder_of_the_role_with_a_reason(
    instance: Instance, cast: Cast
) -> None:
    task, client = claimed(instance, cast.operator), browser(cast.operator)
    page = client.get(f"/tugas/{task.pk}/alihkan/")
    assert "Yohanes Klau" in text_of(page)
    assert "Budi Manafe" not in text_of(page)
    empty = client.post(f"/tugas/{task.pk}/alihkan/", {"to_user": cast.operator2.pk})
    assert empty.status_code == 422
    client.post(
        f"/tugas/{task.pk}/alihkan/", {"to_user": cast.operator2.pk, "reason": "saya dinas luar"}
    )
    assert Task.objects.get(pk=task.pk).assignee == cast.operator2
    assert "Diserahkan kepada Anda" in text_of(browser(cast.operator2).get("/tugas/"))


def test_handing_over_needs_the_task_or_the_say(instance: Instance, cast: Cast) -> None:
    task = claimed(instance, cast.operator)
    assert browser(cast.operator2).get(f"/tugas/{task.pk}/alihkan/").status_code == 403
    assert browser(cast.kadis).get(f"/tugas/{task.pk}/alihkan/").status_code == 200


def _scan(name: str = "surat tugas.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def test_a_file_survives_a_form_with_mistakes(instance: Instance, cast: Cast) -> None:
    other = begin(cast, definition_key="lampiran_singkat", subject="")
    task, client = claimed(other, cast.operator), browser(cast.operator)
    refused = client.post(f"/tugas/{task.pk}/selesai/", {"surat": _scan(), "tanggal": "gajah"})
    assert refused.status_code == 422
    kept = Attachment.objects.get(task=task)

    again = client.post(
        f"/tugas/{task.pk}/selesai/", {"tanggal": "20-04-2026", "diperiksa": ["nomor", "cap"]}
    )
    assert again.status_code == 302
    assert Task.objects.get(pk=task.pk).answers == {
        "surat": kept.pk,
        "tanggal": "2026-04-20",
        "diperiksa": ["nomor", "cap"],
        "catatan": "",
    }
    words = text_of(client.get(f"/tugas/{task.pk}/"))
    assert "Nomor surat Cap dinas" in words
    assert "20 April 2026" in words
    assert "surat tugas.pdf" in words


def test_a_file_of_another_kind_is_refused_in_words(instance: Instance, cast: Cast) -> None:
    other = begin(cast, definition_key="lampiran_singkat", subject="")
    task, client = claimed(other, cast.operator), browser(cast.operator)
    body = {"surat": _scan("virus.pdf", b"MZ\x90\x00"), "tanggal": "2026-04-20"}
    assert client.post(f"/tugas/{task.pk}/selesai/", body).status_code == 422
    assert not Attachment.objects.exists()


def test_a_file_is_handed_out_only_to_who_sees_the_instance(instance: Instance, cast: Cast) -> None:
    other = begin(cast, definition_key="lampiran_singkat", subject="")
    task = claimed(other, cast.operator)
    browser(cast.operator).post(f"/tugas/{task.pk}/draf/", {"surat": _scan()})
    path = f"/tugas/lampiran/{Attachment.objects.get().pk}/"
    response = browser(cast.kadis).get(path)
    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
    assert response["Content-Disposition"].startswith("attachment")
    assert browser(cast.outsider).get(path).status_code == 404
    assert browser(cast.employee).get(path).status_code == 404


def test_a_file_that_changed_since_it_came_is_handed_to_nobody(
    instance: Instance, cast: Cast
) -> None:
    other = begin(cast, definition_key="lampiran_singkat", subject="")
    task = claimed(other, cast.operator)
    browser(cast.operator).post(f"/tugas/{task.pk}/draf/", {"surat": _scan()})
    row = Attachment.objects.get()
    Path(row.file.path).write_bytes(PDF + b" ")
    response = browser(cast.kadis).get(f"/tugas/lampiran/{row.pk}/")
    assert response.status_code == 409
    assert "bukan lagi berkas yang diterima" in text_of(response)


def test_a_task_page_costs_a_fixed_number_of_queries(instance: Instance, cast: Cast) -> None:
    task, client = claimed(instance, cast.operator), browser(cast.operator)
    client.get(f"/tugas/{task.pk}/")
    with CaptureQueriesContext(connection) as captured:
        client.get(f"/tugas/{task.pk}/")
    assert len(captured) <= 20


def test_a_step_of_the_system_that_waits_for_a_machine_says_how_far_it_is(
    instance: Instance, cast: Cast, world: World
) -> None:
    services.complete_task(
        task_id=claimed(instance, cast.operator).pk,
        actor_user=cast.operator,
        answers={"isi": "x"},
        now=NOW,
    )
    task, client = open_task(instance), browser(cast.operator)
    world.waits = "12 dari 40 perintah dikerjakan Mesin Lobi"
    OutboxJob.objects.update(run_after=NOW)
    outbox.drain()
    for page in (f"/tugas/{task.pk}/", f"/proses/{instance.pk}/"):
        assert world.waits in text_of(client.get(page))
    world.waits = ""
    OutboxJob.objects.update(run_after=NOW)
    outbox.drain()
    assert open_task(instance).step == "putuskan"


def test_a_pause_is_declared_shown_and_ended_by_its_buttons(instance: Instance, cast: Cast) -> None:
    task, client = claimed(instance, cast.operator), browser(cast.operator)
    page = client.get(f"/tugas/{task.pk}/")
    assert f'data-beat="/tugas/{task.pk}/detak/"' in page.content.decode()
    client.post(f"/tugas/{task.pk}/jeda/", {"reason": "listrik padam"})
    page = client.get(f"/tugas/{task.pk}/")
    assert "Dijeda sejak" in text_of(page)
    assert "listrik padam" in text_of(page)
    assert "Isi permohonan" in text_of(page)
    assert "data-beat" not in page.content.decode()
    client.post(f"/tugas/{task.pk}/lanjut/")
    assert "Dijeda sejak" not in text_of(client.get(f"/tugas/{task.pk}/"))
    assert "until" in Task.objects.get(pk=task.pk).pauses[0]


def test_a_late_record_names_when_the_work_was_done(instance: Instance, cast: Cast) -> None:
    task = claimed(instance, cast.operator)
    client = browser(cast.operator)
    sent = {"isi": "mohon cuti", "dikerjakan_pada": "2026-04-20T09:05"}
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        client.post(f"/tugas/{task.pk}/selesai/", sent)
    done = Task.objects.get(pk=task.pk)
    assert done.effective_at == NOW + timedelta(minutes=5)
    assert done.submitted_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-04-20T10:01", "tidak boleh di masa depan"),
        ("2026-04-20T08:59", "sebelum tahap ini tiba"),
        ("kemarin", "Tuliskan tanggal dan jam"),
    ],
)
def test_a_moment_that_cannot_be_is_refused_and_shown_again(
    instance: Instance, cast: Cast, text: str, said: str
) -> None:
    task = claimed(instance, cast.operator)
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        page = browser(cast.operator).post(
            f"/tugas/{task.pk}/selesai/", {"isi": "mohon cuti", "dikerjakan_pada": text}
        )
    assert page.status_code == 422
    assert said in text_of(page)
    assert f'value="{text}"' in page.content.decode()
    assert Task.objects.get(pk=task.pk).status == Task.Status.CLAIMED


def test_a_beat_is_heard_from_who_works_on_the_task_alone(instance: Instance, cast: Cast) -> None:
    task = claimed(instance, cast.operator)
    assert browser(cast.operator).post(f"/tugas/{task.pk}/detak/").status_code == 204
    assert browser(cast.kadis).post(f"/tugas/{task.pk}/detak/").status_code == 403
    assert browser(cast.outsider).post(f"/tugas/{task.pk}/detak/").status_code == 404
