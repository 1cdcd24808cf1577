"""Kabar: what was told, by whom, who received it, and what lies too long."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import LazySettings

from organization.models import Agency
from processes import services
from processes.models import Instance
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.pages import text_of
from tests.processes.small_sops import do, offer, sop, start, task_of
from tests.processes.test_services__messages import SENDER, deliver, send, waiter
from tests.workflows.elements.making import HEARS

PAGE = "/proses/kabar/"
AFTER_AN_HOUR = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
LATE = "Lebih dari sehari belum diterima"


def later(**span: int) -> time_machine.travel:
    return time_machine.travel(NOW + timedelta(minutes=7, **span), tick=False)


@pytest.fixture
def waits(cast: Cast, tmp_path: Path, settings: LazySettings) -> Instance:
    """An instance that waits for a message, beside a SOP that sends one."""
    offer(tmp_path, settings, penunggu=waiter(), pengirim=SENDER)
    instance = start(cast, "penunggu")
    do(instance, cast, "minta", jawaban="belum")
    return instance


def test_who_told_and_who_received_it_is_listed(waits: Instance, cast: Cast) -> None:
    sender = start(cast, "pengirim", "Surat A")
    do(sender, cast, "tulis", untuk="Cuti Joko", jawaban="ya")
    services.perform_task(task_id=task_of(sender, "kirim").pk, now=NOW)
    deliver(sender.tasks.get(step="kirim").messages.get())
    words = text_of(browser(cast.secretary).get(PAGE))
    assert "Surat masuk" in words
    assert sender.title in words
    assert waits.title in words
    assert "Kecil" in words  # the title of the SOP that waits for it
    assert "Belum diterima" in words  # the tab; no line says it
    assert "Belum ada kabar" not in words


def test_what_nobody_received_is_flagged_after_a_day(waits: Instance, cast: Cast) -> None:
    send(cast.agency, "Cuti Budi")
    client = browser(cast.secretary)
    with later(hours=23):
        words = text_of(client.get(f"{PAGE}?keadaan=belum"))
        assert "Surat masuk" in words
        assert LATE not in words
    with later(hours=25):
        words = text_of(browser(cast.secretary).get(f"{PAGE}?keadaan=belum"))
        assert LATE in words
        assert "1 kabar sudah lebih dari sehari belum diterima." in words


def test_what_only_its_ended_sender_could_receive_is_flagged_no_more(
    cast: Cast, tmp_path: Path, settings: LazySettings
) -> None:
    files = sop(
        {"tulis": "U", "kirim": "T", "tunggu": "C", "pilih": "R", "lama": "C"},
        ["mulai>tulis", "tulis>kirim", "kirim>pilih", "pilih>tunggu", "pilih>lama",
         "tunggu>selesai", "lama>selesai"],
        {"tulis": "number = 1", "kirim": "", "tunggu": "", "lama": 'serves = "tulis"'},
        head='subject = "text"',
        inside={"kirim": HEARS, "tunggu": HEARS, "lama": AFTER_AN_HOUR},
    )  # fmt: skip
    offer(tmp_path, settings, sendiri=files)
    instance = start(cast, "sendiri")
    message = send(cast.agency)
    message.sent_by_task = task_of(instance, "tulis")
    message.save()
    with later(hours=25):
        assert LATE in text_of(browser(cast.secretary).get(PAGE))
        services.cancel_process(
            instance_id=instance.pk, actor_user=cast.kadis, reason="keliru", now=NOW
        )
        words = text_of(browser(cast.secretary).get(PAGE))
    assert LATE not in words
    assert "sudah lebih dari sehari" not in words
    assert "Tidak ditunggu lagi; berkas pengirimnya sudah berakhir." in words


def test_what_was_received_does_not_lie_there(waits: Instance, cast: Cast) -> None:
    deliver(send(cast.agency, jawaban="ya"))
    words = text_of(browser(cast.secretary).get(f"{PAGE}?keadaan=belum"))
    assert "Semua kabar sudah diterima" in words


def test_another_agency_reads_of_its_own_messages_only(waits: Instance, cast: Cast) -> None:
    send(cast.agency, "Cuti Budi")
    client = browser(cast.outsider)
    assert "Belum ada kabar" in text_of(client.get(PAGE))
    assert client.get(f"{PAGE}?pd={cast.agency.code}").status_code == 404
    assert browser(cast.employee).get(PAGE).status_code == 403


def test_what_was_told_to_another_agency_names_only_that(waits: Instance, cast: Cast) -> None:
    told = start(cast, "pengirim", "Surat A")
    message = send(cast.other_agency, "Cuti Umbu")
    message.sent_by_task = task_of(told, "tulis")
    message.save()
    theirs = start(
        cast, "penunggu", "Cuti Umbu", agency=cast.other_agency, actor_user=cast.outsider
    )
    message.receipts.create(instance=theirs, received_at=NOW)
    words = text_of(browser(cast.secretary).get(PAGE))
    assert Agency.objects.get(pk=cast.other_agency.pk).name in words
    assert theirs.title not in words
    theirs_words = text_of(browser(cast.outsider).get(PAGE))
    assert cast.agency.name in theirs_words
    assert told.title not in theirs_words


def test_the_pages_of_processes_lead_there(waits: Instance, cast: Cast) -> None:
    assert PAGE in browser(cast.secretary).get("/proses/").content.decode()
    assert PAGE not in browser(cast.employee).get("/proses/").content.decode()
    sender = start(cast, "pengirim", "Surat A")
    do(sender, cast, "tulis", untuk="Cuti Joko", jawaban="ya")
    services.perform_task(task_id=task_of(sender, "kirim").pk, now=NOW)
    assert PAGE in browser(cast.secretary).get(f"/proses/{sender.pk}/").content.decode()
