"""The procedure of a correction (art. 6(2)b), played by its people: asked, decided, written."""

from datetime import timedelta

import pytest

from attendance.exceptions import AlreadyDecided
from attendance.models import Correction
from attendance.offered.evidence_waiting import corrections_to_decide
from attendance.services.corrections import (
    decide_correction,
    withdraw_correction,
)
from documents.models import Document
from foundation import ledger
from organization.models import User
from processes import queries, services
from processes.exceptions import GuardRefused, NotAllowed
from processes.models import Instance, Task
from tests.attendance.asking import add, bkd, decide, request
from tests.attendance.correction_runs import (
    COMPLETE,
    COMPLETED,
    DECIDE,
    GRANT,
    MONDAY,
    REJECT,
    RETURN,
    Run,
)
from tests.attendance.people import AFTER_APRIL, PDF, employee_of, tap
from tests.cast import Cast, appoint
from tests.documents.words import text_of
from tests.pages import browser, html_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_fourth_of_may")]
Status = Correction.Status


@pytest.fixture
def run(cast: Cast) -> Run:
    return Run(cast).ask()


# The whole of it ----------------------------------------------------------------------------------


def test_a_granted_request_holds_and_its_paper_carries_the_kop_of_bkd(run: Run, cast: Cast) -> None:
    tap(employee_of(cast.employee), MONDAY, "16:03")
    run.do(DECIDE, GRANT)
    assert run.instance.status == Instance.Status.FINISHED
    assert (run.row.status, run.row.decided_by) == (Status.APPROVED, bkd(cast))
    paper = run.paper()
    home = bkd(cast).employee
    assert home is not None
    assert paper.context["kop"]["nama"] == home.agency.name
    assert paper.context["pd"]["nama"] == cast.agency.name
    assert paper.number.split("/")[1] == "001"
    text = "\n".join(text_of(paper.file.read()))
    assert home.agency.name.upper() in text
    assert "Joko Tallo: absen 13 April 2026 07.25" in text
    assert list(ledger.verify()) == []


def test_a_request_turned_down_keeps_its_reason_and_has_no_paper(run: Run) -> None:
    run.do(DECIDE, REJECT)
    assert run.instance.status == Instance.Status.FINISHED
    assert (run.row.status, run.row.note) == (Status.REJECTED, "Kamera tidak merekamnya.")
    assert not Document.objects.exists()


def test_a_request_that_was_returned_is_completed_and_granted(run: Run) -> None:
    run.do(DECIDE, RETURN)
    assert (run.row.status, run.waiting()) == (Status.REQUESTED, [COMPLETE])
    words = {"keterangan_tambahan": "Foto kedua terbaca.", "bukti_tambahan": PDF}
    run.do(COMPLETE, {**COMPLETED, **words})
    assert run.row.reason.endswith("Foto kedua terbaca.")
    assert run.waiting() == [DECIDE]
    run.do(DECIDE, GRANT)
    text = "\n".join(text_of(run.paper().file.read()))
    assert "bukti.pdf, foto kedua.pdf" in text
    assert "Foto kedua terbaca." in text


def test_a_request_that_was_returned_may_be_taken_back(run: Run) -> None:
    run.do(DECIDE, RETURN)
    run.do(COMPLETE, {"hasil_kelengkapan": "permintaan_cabut", "catatan_kelengkapan": "Keliru."})
    assert run.instance.status == Instance.Status.FINISHED
    assert run.row.status == Status.WITHDRAWN


def test_nothing_new_does_not_go_back_to_bkd(run: Run) -> None:
    run.do(DECIDE, RETURN)
    task = run.claim(COMPLETE)
    with pytest.raises(GuardRefused, match="keterangan tambahan"):
        run.send(task, COMPLETED)


# Who may ------------------------------------------------------------------------------------------


def test_who_asked_does_not_decide(cast: Cast) -> None:
    appoint(cast.operator, "BKD", cast.agency)
    run = Run(cast).ask()
    task = run.claim(DECIDE, cast.operator)
    with pytest.raises(GuardRefused, match="Anda ajukan sendiri"):
        run.send(task, GRANT, cast.operator)


def test_nobody_decides_about_his_own_day(cast: Cast) -> None:
    appoint(cast.employee, "BKD", cast.agency)
    run = Run(cast).ask()
    task = run.claim(DECIDE, cast.employee)
    with pytest.raises(GuardRefused, match="Koreksi absensi sendiri"):
        run.send(task, REJECT, cast.employee)


def test_who_completed_a_request_does_not_decide_it(cast: Cast) -> None:
    run = Run(cast).ask(user=cast.admin)
    run.do(DECIDE, RETURN)
    run.do(COMPLETE, {**COMPLETED, "keterangan_tambahan": "Foto kedua."})
    appoint(cast.operator, "BKD", cast.agency)
    with pytest.raises(NotAllowed, match="Anda sendiri yang mengerjakan"):
        run.claim(DECIDE, cast.operator)


@pytest.mark.parametrize("who", ["operator", "admin", "kadis"])
def test_the_officers_of_the_agency_do_not_see_the_task_of_bkd(
    run: Run, cast: Cast, who: str
) -> None:
    user: User = getattr(cast, who)
    assert not queries.queue(user, run.now).filter(instance=run.instance, step=DECIDE).exists()


# One truth ----------------------------------------------------------------------------------------


def test_what_has_a_task_is_not_decided_on_the_page(run: Run, cast: Cast) -> None:
    page = html_of(browser(bkd(cast)).get(f"/absensi/koreksi/{run.row.pk}/"))
    assert "/putuskan/" not in page
    assert f"/tugas/{Task.objects.get(instance=run.instance).pk}/" in page
    with pytest.raises(AlreadyDecided, match="pada tugasnya"):
        decide(cast, run.row)


def test_a_request_without_a_procedure_is_decided_on_its_page(cast: Cast) -> None:
    row = decide(cast, request(cast, add(cast.employee, MONDAY, "07:25")))
    assert row.status == Status.APPROVED


def test_a_request_whose_procedure_was_stopped_is_decided_on_its_page(run: Run, cast: Cast) -> None:
    services.cancel_process(
        instance_id=run.instance.pk, actor_user=cast.kadis, reason="Salah lajur.", now=run.now
    )
    assert decide(cast, run.row).status == Status.APPROVED


def test_a_task_is_not_counted_a_second_time_in_the_inbox(run: Run, cast: Cast) -> None:
    assert corrections_to_decide(bkd(cast).pk, run.now) == []
    request(cast, add(cast.admin, MONDAY, "07:26"))
    (line,) = corrections_to_decide(bkd(cast).pk, run.now)
    assert line.text.startswith("1 permintaan koreksi")


def test_taking_a_request_back_ends_its_task(run: Run, cast: Cast) -> None:
    instance = run.instance
    withdraw_correction(correction_id=run.row.pk, user=cast.operator, now=run.now)
    instance.refresh_from_db()
    assert instance.status == Instance.Status.CANCELLED
    assert not queries.queue(bkd(cast), run.now).filter(instance=instance).exists()


def test_a_decision_that_is_being_applied_is_not_taken_back(run: Run, cast: Cast) -> None:
    run.send(run.claim(DECIDE), GRANT)
    with pytest.raises(AlreadyDecided, match="sedang diproses"):
        withdraw_correction(correction_id=run.row.pk, user=cast.operator, now=run.now)


# What happens meanwhile ---------------------------------------------------------------------------


def test_what_no_longer_fits_is_not_granted_and_says_why(run: Run, cast: Cast) -> None:
    tap(employee_of(cast.employee), MONDAY, "07:25")
    task = run.claim(DECIDE)
    with pytest.raises(GuardRefused, match=r"Sudah ada absen 07\.25"):
        run.send(task, GRANT)
    run.send(task, REJECT).work()
    assert run.row.status == Status.REJECTED


def test_what_cannot_be_applied_lies_with_bkd_again(run: Run, cast: Cast) -> None:
    run.send(run.claim(DECIDE), GRANT)
    tap(employee_of(cast.employee), MONDAY, "07:25")
    run.fail_for_good()
    assert (run.row.status, run.waiting()) == (Status.REQUESTED, [DECIDE])
    run.do(DECIDE, REJECT)
    assert run.instance.status == Instance.Status.FINISHED


def test_a_decision_applied_twice_holds_once(run: Run) -> None:
    run.do(DECIDE, GRANT)
    held = (run.row.decided_at, len(run.row.after))
    with pytest.raises(AlreadyDecided):
        decide_correction(
            correction_id=run.row.pk, approve=False, note="x", user=bkd(run.cast),
            now=AFTER_APRIL + timedelta(days=1),
        )  # fmt: skip
    run.row.refresh_from_db()
    assert (run.row.decided_at, len(run.row.after)) == held
