"""Messages: begun by one, woken by one, kept until somebody comes, received once."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from foundation import ledger, outbox
from foundation.actors import SYSTEM
from foundation.models import Event, OutboxJob
from foundation.outbox import Refused
from organization.models import Agency
from processes import services
from processes.exceptions import NotAllowed, NotReady
from processes.models import Instance, Message, MessageReceipt
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.pages import text_of
from tests.processes.small_sops import do, offer, sop, start, status, task_of, waiting
from tests.workflows.elements.making import HEARS, field, on_edge
from tests.workflows.sop_files import write_folder

LATER = NOW + timedelta(minutes=7)
TEXT = 'subject = "text"'
BEGUN = sop(
    {"balas": "U"},
    ["mulai>balas", "balas>selesai"],
    {"balas": "number = 1"},
    head=TEXT,
    inside={"mulai": HEARS},
    forms={"balas": field("isi")},
)


def waiter(correlates: str = "subject") -> dict[str, bytes]:
    """A SOP that waits for the message after its first step and is decided by what it says."""
    return sop(
        {"minta": "U", "tunggu": "C", "diterima": "X", "susun": "U"},
        [
            "mulai>minta",
            "minta>tunggu",
            "tunggu>diterima",
            "diterima>selesai if form.jawaban == 'ya'",
            "diterima>susun",
            "susun>selesai",
        ],
        {"minta": "number = 1", "tunggu": f'correlates = "{correlates}"', "susun": "number = 2"},
        head=TEXT,
        inside={"tunggu": HEARS},
        attributes={"diterima": 'default="diterima__susun"'},
        forms={"minta": field("jawaban")},
    )


SENDER = sop(
    {"tulis": "U", "kirim": "T"},
    ["mulai>tulis", "tulis>kirim", "kirim>selesai"],
    {
        "tulis": "number = 1",
        "kirim": 'operation = { use = "processes.send_message", subject = "form.untuk",'
        ' form = ["jawaban"] }',
    },
    head=TEXT,
    inside={"kirim": HEARS},
    forms={"tulis": field("untuk") + field("jawaban")},
)


def send(agency: Agency, subject: str = "Cuti Joko", key: str = "satu", **payload: str) -> Message:
    return services.send_message(
        name="surat_masuk",
        agency_id=agency.pk,
        subject=subject,
        payload=payload,
        key=key,
        actor=SYSTEM,
        now=LATER,
    )


def deliver(message: Message) -> int:
    return services.deliver_message(message_id=message.pk, now=LATER)


@pytest.fixture
def waits(cast: Cast, tmp_path: Path, settings: LazySettings) -> Instance:
    """An instance that waits for a message about its subject."""
    offer(tmp_path, settings, penunggu=waiter())
    instance = start(cast, "penunggu")
    do(instance, cast, "minta", jawaban="belum")
    return instance


def test_a_message_wakes_the_task_that_waits_and_its_fields_are_read_by_gateways(
    waits: Instance, cast: Cast
) -> None:
    assert waiting(waits) == ["tunggu"]
    message = send(cast.agency, jawaban="ya", rahasia="tidak dikenal")
    assert deliver(message) == 1
    assert status(waits) == Instance.Status.FINISHED
    assert waits.form == {"jawaban": "ya"}
    receipt = MessageReceipt.objects.get(message=message)
    assert (receipt.task, receipt.instance) == (task_of(waits, "tunggu"), waits)
    message.refresh_from_db()
    assert message.received_at == LATER
    assert list(ledger.verify()) == []
    assert list(ledger.disagreements()) == []


@pytest.mark.parametrize("other", ["subject", "agency", "name"])
def test_a_message_that_is_not_meant_for_it_leaves_the_task_waiting(
    waits: Instance, cast: Cast, other: str
) -> None:
    message = send(
        cast.other_agency if other == "agency" else cast.agency,
        "Cuti Budi" if other == "subject" else "Cuti Joko",
    )
    if other == "name":
        Message.objects.filter(pk=message.pk).update(name="surat_lain")
    assert deliver(Message.objects.get(pk=message.pk)) == 0
    assert waiting(waits) == ["tunggu"]
    message.refresh_from_db()
    assert message.received_at is None


def test_a_task_that_correlates_by_agency_hears_of_any_subject(
    cast: Cast, tmp_path: Path, settings: LazySettings
) -> None:
    offer(tmp_path, settings, penunggu=waiter("agency"))
    instances = [start(cast, "penunggu", subject) for subject in ("Cuti Joko", "Cuti Budi")]
    for instance in instances:
        do(instance, cast, "minta", jawaban="belum")
    assert deliver(send(cast.agency, "apa saja", jawaban="ya")) == 2
    assert [status(instance) for instance in instances] == ["finished", "finished"]


def test_what_nobody_received_is_kept_for_the_first_that_comes(
    cast: Cast, tmp_path: Path, settings: LazySettings
) -> None:
    offer(tmp_path, settings, penunggu=waiter("agency"))
    first, second = start(cast, "penunggu"), start(cast, "penunggu", "Cuti Budi")
    message = send(cast.agency, jawaban="ya")
    assert deliver(message) == 0
    for instance in (first, second):
        do(instance, cast, "minta", at=LATER + timedelta(minutes=1), jawaban="belum")
        job = OutboxJob.objects.get(key=f"task:{task_of(instance, 'tunggu').pk}")
        assert job.kind == "processes.look_for_message"
        services.look_for_message(task_id=task_of(instance, "tunggu").pk, now=LATER)
    assert (status(first), status(second)) == ("finished", "running")
    assert deliver(message) == 0  # a worker that does it again


def test_what_was_sent_before_the_instance_began_is_not_for_it(
    cast: Cast, tmp_path: Path, settings: LazySettings
) -> None:
    offer(tmp_path, settings, penunggu=waiter())
    send(cast.agency)
    instance = start(cast, "penunggu", now=LATER + timedelta(minutes=1))
    do(instance, cast, "minta", jawaban="belum")
    assert not services.look_for_message(task_id=task_of(instance, "tunggu").pk, now=LATER)


def test_a_message_begins_the_sop_that_waits_for_it_once(
    cast: Cast, tmp_path: Path, settings: LazySettings
) -> None:
    offer(tmp_path, settings, balasan=BEGUN)
    message = send(cast.agency, isi="mohon dibalas")
    assert [deliver(message), deliver(message)] == [1, 0]
    instance = Instance.objects.get()
    assert (instance.subject, instance.form) == ("Cuti Joko", {"isi": "mohon dibalas"})
    assert waiting(instance) == ["balas"]
    assert list(ledger.disagreements()) == []
    # Another about the same subject: the instance that is there has received it.
    assert deliver(send(cast.agency, key="dua")) == 1
    assert Instance.objects.count() == 1
    assert instance.receipts.count() == 2


def test_what_a_message_is_about_stands_in_the_title_of_what_it_begins(
    cast: Cast, tmp_path: Path, settings: LazySettings
) -> None:
    offer(tmp_path, settings, balasan=BEGUN)
    message = services.send_message(
        name="surat_masuk", agency_id=cast.agency.pk, subject="7", payload={}, key="tiga",
        about="sejak 3 April 2026", actor=SYSTEM, now=LATER,
    )  # fmt: skip
    deliver(message)
    assert Instance.objects.get().title.endswith(" - sejak 3 April 2026")


def test_nobody_begins_by_hand_what_a_message_begins(
    cast: Cast, tmp_path: Path, settings: LazySettings
) -> None:
    offer(tmp_path, settings, balasan=BEGUN)
    with pytest.raises(NotAllowed, match="dimulai oleh sebuah kabar"):
        start(cast, "balasan")


def test_a_sop_that_cannot_be_begun_by_it_keeps_it_from_nobody_else(
    waits: Instance, cast: Cast, tmp_path: Path
) -> None:
    monthly = {
        path: content.replace(b'subject = "text"', b'subject = "month"')
        for path, content in BEGUN.items()
    }
    write_folder(tmp_path, monthly, "bulanan")
    with pytest.raises(Refused, match="tidak sesuai bentuknya"):
        deliver(send(cast.agency, jawaban="ya"))
    assert status(waits) == Instance.Status.FINISHED


def test_the_same_message_sent_twice_is_one(waits: Instance, cast: Cast) -> None:
    assert send(cast.agency) == send(cast.agency)
    assert Event.objects.filter(verb="message_sent").count() == 1
    assert OutboxJob.objects.filter(kind="processes.deliver").count() == 1


def test_one_instance_wakes_another_through_the_worker(
    waits: Instance, cast: Cast, tmp_path: Path, settings: LazySettings
) -> None:
    offer(tmp_path, settings, pengirim=SENDER)
    sender = start(cast, "pengirim", "Surat 7")
    do(sender, cast, "tulis", untuk="Cuti Joko", jawaban="ya")
    services.perform_task(task_id=task_of(sender, "kirim").pk, now=LATER)
    message = Message.objects.get()
    assert (message.subject, message.payload) == ("Cuti Joko", {"jawaban": "ya"})
    assert message.sent_by_task == task_of(sender, "kirim")
    outbox.drain()
    assert (status(sender), status(waits)) == ("finished", "finished")
    assert task_of(waits, "tunggu").note == "Kabar diterima dari Kecil - Surat 7."
    assert list(ledger.verify()) == []


def test_no_person_completes_what_waits_for_a_message(waits: Instance, cast: Cast) -> None:
    with pytest.raises(NotReady, match="menunggu kabar"):
        services.complete_task(
            task_id=task_of(waits, "tunggu").pk, actor_user=cast.operator, answers={}, now=LATER
        )


def test_a_message_that_interrupts_takes_the_task_away(
    cast: Cast, tmp_path: Path, settings: LazySettings
) -> None:
    files = sop(
        {"kerja": "U", "dicabut": "B", "batal": "E"},
        ["mulai>kerja", "kerja>selesai", "dicabut>batal"],
        {"kerja": "number = 1", "dicabut": ""},
        head=TEXT,
        inside={"dicabut": HEARS},
        attributes={"dicabut": on_edge("kerja")},
    )
    offer(tmp_path, settings, dicabut=files)
    instance = start(cast, "dicabut")
    services.claim_task(task_id=task_of(instance, "kerja").pk, actor_user=cast.operator, now=NOW)
    assert deliver(send(cast.agency)) == 1
    assert status(instance) == Instance.Status.FINISHED
    task = task_of(instance, "kerja")
    assert task.status == "cancelled"
    event = Event.objects.get(subject=f"processes.task:{task.pk}", verb="task_cancelled")
    assert event.after["reason"] == "Kabar diterima sebelum diselesaikan."


def test_the_page_of_the_sender_says_who_received_it(
    waits: Instance, cast: Cast, tmp_path: Path, settings: LazySettings
) -> None:
    offer(tmp_path, settings, pengirim=SENDER)
    sender = start(cast, "pengirim", "Surat 7")
    do(sender, cast, "tulis", untuk="Cuti Joko", jawaban="ya")
    services.perform_task(task_id=task_of(sender, "kirim").pk, now=LATER)
    shown = text_of(browser(cast.operator).get(f"/proses/{sender.pk}/"))
    assert "“surat masuk” kepada Dinas Komunikasi dan Informatika" in shown
    assert "belum ada yang menerima" in shown
    outbox.drain()
    shown = text_of(browser(cast.operator).get(f"/proses/{sender.pk}/"))
    assert f"diterima oleh {waits.title}" in shown
    shown = text_of(browser(cast.operator).get(f"/proses/{waits.pk}/"))
    assert "Kabar diterima: “Langkah tunggu”" in shown
    assert f"Kabar diterima dari {sender.title}." in shown
