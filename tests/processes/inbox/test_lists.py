"""Lists narrowed by one press, by words, by SOP; ordered by several columns; kept; as a file."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from processes import services
from processes.models import Instance, SavedFilter, Task
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.conftest import begin
from tests.processes.pages import claimed, open_task, text_of, to_decision

pytestmark = pytest.mark.django_db


def at(minutes: int) -> time_machine.travel:
    return time_machine.travel(NOW + timedelta(minutes=minutes), tick=False)


def send_back(instance: Instance, cast: Cast) -> None:
    task = to_decision(instance, cast)
    services.claim_task(task_id=task.pk, actor_user=cast.kadis, now=NOW)
    services.complete_task(
        task_id=task.pk,
        actor_user=cast.kadis,
        answers={"keputusan": "ulang", "alasan": "tanggal keliru"},
        now=NOW,
    )


def test_overdue_is_told_by_working_time_not_by_the_clock(instance: Instance, cast: Cast) -> None:
    claimed(instance, cast.operator)
    evening = NOW + timedelta(hours=6, minutes=58)  # two minutes before the office closes
    late = begin(cast, subject="Lembur Maria")
    services.claim_task(task_id=open_task(late).pk, actor_user=cast.operator, now=evening)
    with time_machine.travel(evening + timedelta(hours=14), tick=False):
        words = text_of(browser(cast.operator).get("/tugas/?saring=terlambat"))
    assert "Cuti Joko" in words
    assert "Lembur Maria" not in words  # the night does not count


def test_due_today_is_what_can_still_be_late_before_the_day_ends(
    instance: Instance, cast: Cast
) -> None:
    claimed(instance, cast.operator)
    client = browser(cast.operator)
    with at(2):
        assert "Cuti Joko" in text_of(client.get("/tugas/?saring=hari-ini"))
    with at(20):
        assert "Tidak ada tugas dalam saringan ini" in text_of(
            client.get("/tugas/?saring=hari-ini")
        )


def test_returned_and_handed_over_are_one_press_away(instance: Instance, cast: Cast) -> None:
    begin(cast, subject="Lembur Maria")
    send_back(instance, cast)
    words = text_of(browser(cast.operator).get("/tugas/antrean/?saring=kembali"))
    assert "Cuti Joko" in words
    assert "Lembur Maria" not in words
    assert "Kembalikan" in text_of(browser(cast.kadis).get("/tugas/riwayat/?saring=kembali"))
    services.reassign_task(
        task_id=claimed(instance, cast.operator).pk,
        actor_user=cast.operator,
        to_user=cast.operator2,
        reason="cuti",
        now=NOW,
    )
    assert "Cuti Joko" in text_of(browser(cast.operator2).get("/tugas/?saring=diserahkan"))


def test_what_waits_long_is_one_press_away(instance: Instance, cast: Cast) -> None:
    client = browser(cast.operator)
    with at(30):
        assert "Tidak ada tugas dalam" in text_of(client.get("/tugas/antrean/?saring=lama"))
    with at(26 * 60):
        assert "Cuti Joko" in text_of(client.get("/tugas/antrean/?saring=lama"))


def test_a_list_is_ordered_by_several_columns(instance: Instance, cast: Cast) -> None:
    for subject, minutes in (("A", 1), ("B", 2), ("A", 3)):
        fresh = begin(cast, subject=f"Berkas {subject}{minutes}")
        Task.objects.filter(instance=fresh).update(
            name=f"Tugas {subject}", offered_at=NOW + timedelta(minutes=minutes)
        )
    Task.objects.filter(instance=instance).update(name="Tugas C")
    words = text_of(browser(cast.operator).get("/tugas/antrean/?urut=tahap&urut=-tiba"))
    places = [words.index(name) for name in ("Berkas A3", "Berkas A1", "Berkas B2", "Cuti Joko")]
    assert places == sorted(places)


def test_what_an_address_asks_wrongly_is_left_out(instance: Instance, cast: Cast) -> None:
    wrong = "?urut=gajah&saring=gajah&instansi=gajah&instansi=99999999999999999999"
    assert "Cuti Joko" in text_of(browser(cast.operator).get(f"/tugas/antrean/{wrong}"))
    assert "Cuti Joko" not in text_of(browser(cast.operator).get("/tugas/antrean/?sop=gajah"))
    other = f"/tugas/antrean/?instansi={cast.other_agency.pk}"
    assert "Tidak ada tugas dalam" in text_of(browser(cast.operator).get(other))


def test_a_filter_is_kept_under_a_name_and_may_open_the_list(
    instance: Instance, cast: Cast
) -> None:
    client = browser(cast.operator)
    posted = {"saringan": "saring=kembali", "nama": " Kembali ", "utama": "on"}
    answer = client.post("/tugas/saringan/antrean/simpan/", posted, follow=True)
    assert "Saringan “Kembali” tersimpan." in text_of(answer)
    kept = SavedFilter.objects.get(owner=cast.operator)
    assert (kept.name, kept.query, kept.is_default) == ("Kembali", "saring=kembali", True)
    opened = client.get("/tugas/antrean/")
    assert opened["Location"] == "/tugas/antrean/?saring=kembali"
    assert "Cuti Joko" in text_of(client.get("/tugas/antrean/?semua=1"))
    client.post(f"/tugas/saringan/{kept.pk}/utama/")
    assert client.get("/tugas/antrean/").status_code == 200
    client.post(f"/tugas/saringan/{kept.pk}/hapus/")
    assert not SavedFilter.objects.exists()


def test_a_filter_of_somebody_else_is_not_there(cast: Cast) -> None:
    kept = SavedFilter.objects.create(
        owner=cast.kadis, tab="queue", name="Milik Ratna", query="q=a", created_at=NOW
    )
    client = browser(cast.operator)
    for act in ("utama", "hapus"):
        assert client.post(f"/tugas/saringan/{kept.pk}/{act}/").status_code == 404
    assert SavedFilter.objects.get(pk=kept.pk).is_default is False


def test_several_tasks_are_taken_at_once_and_one_that_is_gone_stops_no_other(
    instance: Instance, cast: Cast
) -> None:
    mine, gone = open_task(instance), open_task(begin(cast, subject="Lembur Maria"))
    page = browser(cast.operator).get("/tugas/antrean/")
    assert page.content.decode().count('name="tugas"') == 2
    services.claim_task(task_id=gone.pk, actor_user=cast.operator2, now=NOW)
    answer = browser(cast.operator).post(
        "/tugas/antrean/ambil/", {"tugas": [mine.pk, gone.pk, 10**9]}, follow=True
    )
    words = text_of(answer)
    assert "1 tugas menjadi milik Anda." in words
    assert "sudah diambil oleh Yohanes Klau" in words
    assert Task.objects.get(pk=gone.pk).owner == cast.operator2
    assert Task.objects.get(pk=mine.pk).owner == cast.operator


def test_a_list_is_handed_out_as_it_is_narrowed_and_no_cell_is_a_formula(
    instance: Instance, cast: Cast
) -> None:
    Task.objects.filter(instance=instance).update(name="=1+1")
    begin(cast, subject="Lembur Maria")
    client = browser(cast.operator)
    text = client.get("/tugas/daftar/antrean.csv?q=joko").content.decode("utf-8-sig")
    lines = text.splitlines()
    assert len(lines) == 2
    assert "'=1+1" in lines[1]
    assert "Lembur Maria" not in text
    sheet = load_workbook(
        io.BytesIO(client.get("/tugas/daftar/antrean.xlsx").content), read_only=True
    ).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert client.get("/tugas/daftar/gajah.csv").status_code == 404


def test_the_keys_are_told_and_can_be_turned_off(instance: Instance, cast: Cast) -> None:
    client = browser(cast.operator)
    assert "keys" in client.get("/tugas/antrean/").content.decode()
    assert "Tugas berikutnya" in text_of(client.get("/tugas/pintasan/"))
    client.post("/tugas/pintasan/atur/", {"pintasan": "mati"})
    assert "Pintasan dimatikan" in text_of(client.get("/tugas/pintasan/"))
    assert "sopan/keys" not in client.get("/tugas/antrean/").content.decode()


def test_narrowing_costs_no_more_queries_for_more_rows(instance: Instance, cast: Cast) -> None:
    claimed(instance, cast.operator)

    def queries(path: str) -> int:
        client = browser(cast.operator)
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        return len(captured)

    paths = (
        *("/tugas/?saring=terlambat", "/tugas/?saring=hari-ini", "/tugas/?urut=sop"),
        *("/tugas/antrean/?q=perihal&urut=-berkas", "/tugas/daftar/saya.csv"),
    )
    begin(cast, subject="Perihal pertama")
    few = {path: queries(path) for path in paths}
    for number in range(8):
        fresh = begin(cast, subject=f"Perihal {number}")
        if number % 2:
            claimed(fresh, cast.operator)
    assert {path: queries(path) for path in paths} == few
    assert max(few.values()) <= 12
