"""A SOP is driven from outside, from its start to its end, by the services of the pages."""

from typing import Any

import pytest

from foundation.models import Event
from processes import services
from processes.models import Instance, Task
from tests.api.programs import Answer, Program, issue, program_of
from tests.cast import NOW, Cast
from tests.stages import PDF, Month
from workflows.definitions import TaskKind

pytestmark = pytest.mark.django_db

ASKED: dict[str, Any] = {
    "nama_pemohon": "Karang Taruna Kelapa Lima",
    "nama_acara": "Lomba pidato",
    "tanggal_pakai": "2026-04-28",
    "jumlah_peserta": 120,
}


def start(hall: Cast, subject: str = "Lomba pidato", key: str = "") -> Answer:
    body = {"definition": "peminjaman_aula", "agency": hall.agency.code, "subject": subject}
    return program_of(hall.kadis).post("/instances", body, key=key)


def taken(program: Program) -> dict[str, Any]:
    """Return the first task of the program's queue, claimed and read anew."""
    task = program.get("/tasks", box="queue").body["items"][0]
    answer = program.post(f"/tasks/{task['id']}/claim")
    assert answer.status == 200, answer.body
    body: dict[str, Any] = answer.body
    return body


def let_the_system_work() -> None:
    for task in Task.objects.filter(status=Task.Status.READY, kind=TaskKind.AUTOMATIC):
        services.perform_task(task_id=task.pk, now=NOW)


def test_what_is_wrong_is_named_as_the_program_sent_it(hall: Cast) -> None:
    program = program_of(hall.kadis)
    assert program.post("/instances", {}).body["errors"] == {
        "definition": "Wajib diisi.", "agency": "Wajib diisi.",
    }  # fmt: skip
    assert list(program.get("/tasks", limit="x").body["errors"]) == ["limit"]
    assert list(program.get("/instances", status="x").body["errors"]) == ["status"]
    missing = program.post("/tasks/1/complete", {"version": "x", "answers": {"a": {}}}).body
    assert "Idempotency-Key" in missing["errors"]
    assert all(name == "Idempotency-Key" or name[:9] == "answers.a" for name in missing["errors"])


def test_a_sop_that_begins_otherwise_says_so_and_is_marked(cast: Cast, at_work: None) -> None:
    program = program_of(cast.kadis)
    listed = program.get("/definitions").body["items"]
    marked = {row["key"]: row["startable"] for row in listed}
    assert marked["pengelolaan_e_absensi"] is True
    assert marked["koreksi_data"] is False
    body = {"definition": "koreksi_data", "agency": cast.agency.code}
    answer = program.post("/instances", body)
    assert (answer.status, answer.body["type"]) == (409, "urn:sopan:masalah:conflict")
    assert answer.body["detail"] == "SOP ini dimulai dari halamannya sendiri."
    assert program.post("/instances", body | {"definition": "tidak_ada"}).status == 404


def test_a_sop_runs_from_start_to_end_by_the_api_alone(hall: Cast) -> None:
    begun = start(hall)
    assert begun.status == 201, begun.body
    for user, answers in (
        (hall.admin, ASKED),
        (hall.operator2, {"perlengkapan_diperiksa": ["suara", "proyektor"]}),
        (hall.operator, {"keadaan_jadwal": "kosong"}),
        (hall.superior, {"putusan": "izinkan"}),
        (hall.operator, {"kunci_diserahkan": True}),
    ):
        program = program_of(user)
        task = taken(program)
        assert set(answers) <= {field["name"] for field in task["fields"]}
        done = program.complete(task, answers)
        assert (done.status, done.body["status"]) == (200, "completed"), done.body
        let_the_system_work()
    told = program_of(hall.kadis).get(f"/instances/{begun.body['id']}").body
    assert (told["status"], told["tasks"]) == ("finished", [])
    assert told["finished_at"].endswith("+08:00")


def test_a_form_is_told_with_its_choices_to_whom_it_is_for_and_nobody_else(hall: Cast) -> None:
    start(hall)
    task = program_of(hall.admin).get("/tasks", box="queue").body["items"][0]
    assert program_of(hall.admin).get(f"/tasks/{task['id']}").body["fields"]
    assert program_of(hall.kadis).get(f"/tasks/{task['id']}").body["fields"] == []


def test_the_same_key_ten_times_is_one_event_and_one_answer(hall: Cast) -> None:
    start(hall)
    program = program_of(hall.admin)
    task = taken(program)
    answers = [program.complete(task, ASKED, key="sekali-saja") for _ in range(10)]
    assert {answer.status for answer in answers} == {200}
    assert all(answer.body == answers[0].body for answer in answers)
    assert Event.objects.filter(verb="task_completed").count() == 1


def test_the_same_key_begins_one_instance(hall: Cast) -> None:
    answers = [start(hall, key="mulai-1") for _ in range(3)]
    assert [answer.status for answer in answers] == [201, 201, 201]
    assert len({answer.body["id"] for answer in answers}) == 1
    assert start(hall, "Rapat lain", key="mulai-1").status == 409
    assert start(hall).status == 409  # the same subject without the key
    assert Instance.objects.count() == 1


def test_another_key_after_the_task_is_done_is_told_409(hall: Cast) -> None:
    start(hall)
    program = program_of(hall.admin)
    task = taken(program)
    assert program.complete(task, ASKED).status == 200
    answer = program.complete(task, ASKED)
    assert answer.status == 409
    assert "sudah diselesaikan oleh Budi Manafe" in answer.body["detail"]


def test_a_task_that_changed_since_it_was_read_is_told_409(hall: Cast) -> None:
    start(hall)
    program = program_of(hall.admin)
    read = program.get("/tasks", box="queue").body["items"][0]
    claimed = taken(program)
    assert program.complete(read, ASKED).status == 409
    assert Task.objects.get(pk=read["id"]).status == Task.Status.CLAIMED
    assert program.complete(claimed, ASKED).status == 200


def test_an_unclaimed_task_is_anybodys_again(hall: Cast) -> None:
    start(hall)
    program = program_of(hall.admin)
    task = taken(program)
    assert [row["id"] for row in program.get("/tasks").body["items"]] == [task["id"]]
    assert program.post(f"/tasks/{task['id']}/unclaim", {"reason": "rapat"}).status == 200
    assert program.get("/tasks").body["items"] == []
    assert program.complete(task, ASKED).status == 409


def test_wrong_answers_are_named_field_by_field(hall: Cast) -> None:
    start(hall)
    program = program_of(hall.admin)
    answer = program.complete(taken(program), ASKED | {"jumlah_peserta": "banyak"})
    assert answer.status == 422
    assert list(answer.body["errors"]) == ["jumlah_peserta"]
    assert Event.objects.filter(verb="task_completed").count() == 0


@pytest.mark.parametrize("value", ["\x00", "\ud800", {"a": 1}, 10**400, [[1]], 1.5])
def test_answers_that_nothing_could_store_are_told_422(hall: Cast, value: Any) -> None:
    start(hall)
    program = program_of(hall.admin)
    answer = program.complete(taken(program), ASKED | {"nama_acara": value})
    assert answer.status == 422
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_another_agency_sees_nothing_and_may_do_nothing(hall: Cast) -> None:
    begun = start(hall).body
    task = taken(program_of(hall.admin))
    other = program_of(hall.outsider)
    assert other.get("/instances").body["items"] == []
    assert other.get(f"/instances/{begun['id']}").status == 404
    assert other.get(f"/instances/{begun['id']}/events").status == 404
    assert other.get("/tasks", box="queue").body["items"] == []
    assert other.get(f"/tasks/{task['id']}").status == 404
    assert other.post(f"/tasks/{task['id']}/claim").status == 404
    assert other.post(f"/tasks/{task['id']}/unclaim").status == 404
    assert other.complete(task, ASKED).status == 404
    assert start_as(other, hall).status == 403


def start_as(program: Program, hall: Cast) -> Answer:
    body = {"definition": "peminjaman_aula", "agency": hall.agency.code, "subject": "Milik lain"}
    return program.post("/instances", body)


def test_a_task_of_another_role_is_told_403(hall: Cast) -> None:
    start(hall)
    task = program_of(hall.admin).get("/tasks", box="queue").body["items"][0]
    assert program_of(hall.kadis).post(f"/tasks/{task['id']}/claim").status == 403


def test_a_token_that_only_reads_writes_nothing(hall: Cast) -> None:
    start(hall)
    program = Program(issue(hall.admin, "tugas:baca", "proses:baca").text)
    task = program.get("/tasks", box="queue").body["items"][0]
    assert program.post(f"/tasks/{task['id']}/claim").status == 403
    assert start_as(program, hall).status == 403
    assert Task.objects.get(pk=task["id"]).status == Task.Status.READY


def test_events_are_told_in_their_order_page_by_page(hall: Cast) -> None:
    begun = start(hall).body
    taken(program_of(hall.admin))
    program, seen, after = program_of(hall.kadis), [], 0
    while True:
        page = program.get(f"/instances/{begun['id']}/events", after=after, limit=1).body
        seen += page["items"]
        after = page["next"]
        if not page["more"]:
            break
    assert [event["sequence"] for event in seen] == list(range(1, len(seen) + 1))
    assert seen[-1]["verb"] == "task_claimed"
    assert [e["previous_hash"] for e in seen[1:]] == [e["hash"] for e in seen[:-1]]


@pytest.mark.usefixtures("at_work")
def test_a_file_is_uploaded_for_its_field_and_no_other_file_is_taken(cast: Cast) -> None:
    month = Month(cast)
    month.release_officers()
    month.start()
    program = program_of(cast.kadis)
    task = taken(program)
    path = f"/tasks/{task['id']}/files"
    kept = program.upload(path, "petunjuk.pdf", PDF, field="petunjuk_atasan")
    assert kept.status == 201, kept.body
    assert program.upload(path, "petunjuk.pdf", PDF, field="lain").status == 422
    assert program.upload(path, "x.pdf", b"MZ", field="petunjuk_atasan").status == 422
    fresh = program.get(f"/tasks/{task['id']}").body
    for wrong in (kept.body["id"] + 1, "x", True):
        answer = program.complete(fresh, {"petunjuk_atasan": wrong})
        assert answer.status == 422
        assert "petunjuk_atasan" in answer.body["errors"]
