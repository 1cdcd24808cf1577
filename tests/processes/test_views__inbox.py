"""The inbox: what waits, whose it is, how it stands against the standard time."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from processes import services
from processes.models import Instance, Task
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.conftest import begin
from tests.processes.pages import claimed, open_task, text_of, to_decision

pytestmark = pytest.mark.django_db


def test_the_queue_shows_the_tasks_of_the_persons_role_only(instance: Instance, cast: Cast) -> None:
    task = open_task(instance)
    assert task.name in text_of(browser(cast.operator).get("/tugas/antrean/"))
    for other in (cast.kadis, cast.admin, cast.employee, cast.outsider):
        assert "Antrean kosong" in text_of(browser(other).get("/tugas/antrean/"))


def test_the_queue_tells_the_standard_before_anybody_takes_the_task(
    instance: Instance, cast: Cast
) -> None:
    assert "Waktu baku 10 menit" in text_of(browser(cast.operator).get("/tugas/antrean/"))
    claimed(instance, cast.operator)  # from then on the clock tells it
    assert "Waktu baku" not in text_of(browser(cast.operator).get("/tugas/"))


def test_the_whole_row_is_one_link(instance: Instance, cast: Cast) -> None:
    html = browser(cast.operator).get("/tugas/antrean/").content.decode()
    assert f'<a class="row" href="/tugas/{open_task(instance).pk}/">' in html


def test_the_menu_counts_what_waits_for_the_person(instance: Instance, cast: Cast) -> None:
    begin(cast, subject="Cuti Maria")
    assert "Tugas 2 perlu tindakan" in text_of(browser(cast.operator).get("/proses/"))
    assert "perlu tindakan" not in text_of(browser(cast.kadis).get("/tugas/"))


def test_a_claimed_task_tells_what_is_left_of_the_standard_time(
    instance: Instance, cast: Cast
) -> None:
    claimed(instance, cast.operator)
    client = browser(cast.operator)
    for minutes, words in ((2, "Sisa 8 mnt"), (22, "Terlambat 12 mnt")):
        with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
            assert words in text_of(client.get("/tugas/"))


def test_the_night_does_not_make_a_task_late(instance: Instance, cast: Cast) -> None:
    evening = NOW + timedelta(hours=6, minutes=58)  # two minutes before the office closes
    services.claim_task(task_id=open_task(instance).pk, actor_user=cast.operator, now=evening)
    client = browser(cast.operator)
    with time_machine.travel(evening + timedelta(hours=14), tick=False):
        assert "Sisa 8 mnt" in text_of(client.get("/tugas/"))


def test_a_late_task_says_so_with_a_word_and_an_icon(instance: Instance, cast: Cast) -> None:
    claimed(instance, cast.operator)
    client = browser(cast.operator)
    with time_machine.travel(NOW + timedelta(minutes=22), tick=False):
        html = client.get("/tugas/").content.decode()
    badge = html[html.index("badge--late") :]
    assert "#alert" in badge[: badge.index("Terlambat")]


def test_the_history_names_what_the_person_did(instance: Instance, cast: Cast) -> None:
    task = to_decision(instance, cast)
    assert "Menyiapkan permohonan" in text_of(browser(cast.operator).get("/tugas/riwayat/"))
    services.claim_task(task_id=task.pk, actor_user=cast.kadis, now=NOW)
    services.complete_task(
        task_id=task.pk,
        actor_user=cast.kadis,
        answers={"keputusan": "ulang", "alasan": "tanggal keliru"},
        now=NOW,
    )
    assert "Kembalikan" in text_of(browser(cast.kadis).get("/tugas/riwayat/"))
    queue = browser(cast.operator).get("/tugas/antrean/")
    assert "Tahap 1 dari 2 Operator Putaran 2 Diterima" in text_of(queue)
    assert re.search(r'<use href="[^"]+#return"></use></svg>Dikembalikan', queue.content.decode())


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/tugas/", "Anda tidak sedang memegang tugas"),
        ("/tugas/antrean/", "Antrean kosong"),
        ("/tugas/riwayat/", "Belum ada riwayat"),
        ("/tugas/?q=gajah", "Tidak ada yang cocok dengan “gajah”"),
    ],
)
def test_an_empty_list_says_what_comes_next(path: str, words: str, cast: Cast) -> None:
    assert words in text_of(browser(cast.employee).get(path))


def test_every_word_of_a_search_must_be_found(instance: Instance, cast: Cast) -> None:
    begin(cast, subject="Lembur Maria")
    client = browser(cast.operator)
    found = text_of(client.get("/tugas/antrean/", {"q": "permohonan maria"}))
    assert "Lembur Maria" in found
    assert "Cuti Joko" not in found


def test_a_long_queue_is_shown_in_pages(instance: Instance, cast: Cast) -> None:
    for number in range(26):
        begin(cast, subject=f"Perihal {number}")
    client = browser(cast.operator)
    assert "1-25 dari 27" in text_of(client.get("/tugas/antrean/"))
    assert "26-27 dari 27" in text_of(client.get("/tugas/antrean/?page=2"))
    assert client.get("/tugas/antrean/?page=gajah").status_code == 200


def test_more_rows_cost_no_more_queries(instance: Instance, cast: Cast) -> None:
    def queries(path: str) -> int:
        client = browser(cast.operator)
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        return len(captured)

    claimed(instance, cast.operator)
    begin(cast, subject="Perihal pertama")
    few = {path: queries(path) for path in ("/tugas/", "/tugas/antrean/", "/proses/")}
    for number in range(12):
        fresh = begin(cast, subject=f"Perihal {number}")
        if number % 2:
            claimed(fresh, cast.operator)
    assert {path: queries(path) for path in few} == few
    assert max(few.values()) <= 22


def test_looking_at_the_inbox_changes_nothing(instance: Instance, cast: Cast) -> None:
    before = list(Task.objects.values())
    for path in ("/tugas/", "/tugas/antrean/", "/tugas/riwayat/", "/proses/"):
        browser(cast.operator).get(path)
    assert list(Task.objects.values()) == before


def test_time_used_stands_beside_the_standard_as_bar_and_words(
    instance: Instance, cast: Cast
) -> None:
    claimed(instance, cast.operator)
    with time_machine.travel(NOW + timedelta(minutes=4), tick=False):
        response = browser(cast.operator).get("/tugas/")
    assert 'value="240" max="600"' in response.content.decode()
    assert "4 mnt dari 10 mnt" in text_of(response)


def test_past_a_thousand_the_queue_says_so_and_is_paged_all_the_same(
    instance: Instance, cast: Cast
) -> None:
    task = open_task(instance)
    rows = [
        Task(
            instance=instance, agency=task.agency, engine_id=f"u{n}", step=task.step,
            name=f"Tugas {n}", lane=task.lane, kind="user", offered_at=NOW + timedelta(seconds=n),
        )
        for n in range(1, 1030)
    ]  # fmt: skip
    Task.objects.bulk_create(rows)
    client = browser(cast.operator)
    with CaptureQueriesContext(connection) as first:
        shown = text_of(client.get("/tugas/antrean/"))
    assert "lebih dari 1.000 menunggu diambil" in shown
    assert "1-25 dari lebih dari 1.000" in shown
    assert len(first) <= 8
    assert "1026-1030" in text_of(client.get("/tugas/antrean/?page=42"))
    assert "1-25 dari" in text_of(client.get("/tugas/antrean/?page=99"))
    found = text_of(client.get("/tugas/antrean/?q=Tugas 999"))
    assert "Tugas 999" in found
    assert "Tugas 1020" in text_of(client.get("/tugas/antrean/?q=Tugas 1020"))  # the whole list
