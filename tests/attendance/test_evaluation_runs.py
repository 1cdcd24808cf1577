"""The periodic evaluation (art. 13(6)), played by its people: reviewed, agreed, followed up."""

from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from attendance.exceptions import AlreadyDecided, DataRefused, RecapRefused
from attendance.models import Evaluation, EvaluationIndicators, FollowUp
from attendance.recaps.evaluation_indicators import content_hash
from attendance.services.evaluation_findings import remove_finding
from attendance.services.evaluations import begin_evaluation, compile_indicators
from documents.models import Archive, Document
from foundation import ledger
from foundation.actors import SYSTEM
from organization.models import Agency
from processes.exceptions import GuardRefused, NotAllowed
from processes.models import Instance, Notice, Task
from tests.attendance.asking import wita
from tests.attendance.evaluation_runs import (
    AGREE,
    CHECK,
    DUE,
    FOLLOW,
    MACHINES,
    MONDAY,
    QUARTER,
    REVIEW,
    WRITE,
    Run,
)
from tests.cast import Cast, appoint
from tests.documents.words import text_of

pytestmark = pytest.mark.django_db
TUESDAY_AFTER = date(2026, 8, 18)
AGAIN: dict[str, Any] = {
    "keputusan_tindak_lanjut": "tindak_lanjut_diminta_lagi",
    "catatan_tindak_lanjut": "Buktinya tidak terbaca.",
}
ESCALATE: dict[str, Any] = {
    "keputusan_tindak_lanjut": "diteruskan_sekda",
    "catatan_tindak_lanjut": "Tidak menjawab.",
}


@pytest.fixture
def run(cast: Cast) -> Run:
    return Run(cast).begin()


# Its indicators -----------------------------------------------------------------------------------


def test_the_indicators_of_every_agency_are_frozen_when_it_begins(run: Run, cast: Cast) -> None:
    indicators = run.row.indicators
    rows = {row["kode"]: row for row in indicators.rows}
    assert {cast.agency.code, cast.other_agency.code} <= set(rows)
    own = rows[cast.agency.code]
    assert (own["TK"], own["pegawai"], own["bulan"], own["disahkan"]) == (1, 7, 3, 0)
    assert (own["petugas"], rows[cast.other_agency.code]["petugas"]) == (3, 1)
    assert indicators.sha256 == content_hash(indicators.rows)
    again, made = compile_indicators(evaluation_id=run.row.pk, actor=SYSTEM, now=run.now)
    assert (again.pk, made) == (indicators.pk, False)
    assert run.waiting() == [REVIEW, MACHINES]


def test_frozen_indicators_are_changed_by_no_write(run: Run) -> None:
    with pytest.raises(RecapRefused):
        run.row.indicators.save()
    with pytest.raises(RecapRefused):
        run.row.indicators.delete()
    with pytest.raises(RecapRefused):
        EvaluationIndicators.objects.update(rows=[])


# Begun --------------------------------------------------------------------------------------------


def test_a_quarter_is_evaluated_once_and_again_only_after_a_cancellation(run: Run) -> None:
    with pytest.raises(AlreadyDecided):
        begin_evaluation(agency=run.seat, period=QUARTER, user=run.officer, now=run.now)
    Instance.objects.filter(pk=run.instance.pk).update(status=Instance.Status.CANCELLED)
    again = begin_evaluation(agency=run.seat, period=QUARTER, user=run.officer, now=run.now)
    assert again.attempt == 2


@pytest.mark.parametrize("period", ["2026-Q3", "2026-08", "kuartal", "2026-Q2/1"])
def test_only_a_quarter_that_is_over_is_evaluated(run: Run, period: str) -> None:
    with pytest.raises(DataRefused):
        begin_evaluation(agency=run.seat, period=period, user=run.officer, now=run.now)


def test_it_begins_only_in_the_office_of_bkd_and_by_those_who_evaluate(
    run: Run, cast: Cast
) -> None:
    with pytest.raises(DataRefused):
        begin_evaluation(agency=cast.agency, period="2026-Q1", user=run.officer, now=run.now)
    with pytest.raises(PermissionDenied):
        begin_evaluation(agency=run.seat, period="2026-Q1", user=cast.kadis, now=run.now)


# The two reviews and the record -------------------------------------------------------------------


def test_without_findings_it_ends_with_a_record_that_both_signed(run: Run, cast: Cast) -> None:
    run.agreed()
    assert run.instance.status == Instance.Status.FINISHED
    assert not FollowUp.objects.exists()
    paper = Document.objects.get(instance=run.instance, kind="ba_evaluasi")
    assert paper.number
    text = "\n".join(text_of(paper.file.read()))
    assert "Triwulan II 2026" in text
    assert cast.other_agency.name in text
    assert "Tidak ada temuan." in text
    assert "Disiplin membaik; mesin perlu ditambah." in text
    for who in (run.officer, run.manager):
        assert who.get_full_name() in text
    assert Archive.objects.filter(instance=run.instance).exists()


def test_findings_are_written_by_who_has_the_task_of_that_side_in_hand(
    run: Run, cast: Cast
) -> None:
    with pytest.raises(AlreadyDecided):
        run.find("discipline", cast.agency)  # nobody has taken the task
    run.claim(REVIEW)
    run.find("discipline", cast.agency)
    run.find("discipline", cast.agency, text="Dua bulan belum disahkan.")  # anew, not twice
    with pytest.raises(AlreadyDecided):
        run.find("machines", cast.agency, user=run.officer)
    with pytest.raises(AlreadyDecided):
        run.find("discipline", cast.agency, user=run.manager)
    with pytest.raises(PermissionDenied):
        run.find("discipline", cast.agency, user=cast.kadis)
    assert run.row.findings.get().text == "Dua bulan belum disahkan."
    remove_finding(
        evaluation_id=run.row.pk, agency=cast.agency, side="discipline", user=run.officer,
        now=run.now,
    )  # fmt: skip
    assert not run.row.findings.exists()


def test_a_finding_says_what_is_advised_and_until_when(run: Run, cast: Cast) -> None:
    run.claim(REVIEW)
    for wrong in ({"text": " "}, {"recommendation": ""}, {"due_on": MONDAY}):
        with pytest.raises(DataRefused):
            run.find("discipline", cast.agency, **wrong)
    with pytest.raises(DataRefused):
        run.find("discipline", Agency.objects.create(code="lain", name="Lain"))


def test_who_wrote_the_record_does_not_agree_to_it(run: Run) -> None:
    run.reviewed()
    run.do(WRITE)
    appoint(run.officer, "Pengelola", run.seat)
    with pytest.raises(NotAllowed, match="Anda sendiri yang mengerjakan"):
        run.claim(AGREE, run.officer)


def test_the_manager_gives_the_record_back_with_a_reason(run: Run) -> None:
    run.reviewed()
    run.do(WRITE)
    run.do(
        AGREE, keputusan_berita_acara="ba_dikembalikan", catatan_berita_acara="Mesin belum masuk."
    )
    assert run.waiting() == [WRITE]
    back = Task.objects.get(instance=run.instance, step=WRITE, status="ready")
    assert back.returned_by is not None
    assert back.returned_by.comment == "Mesin belum masuk."
    assert not Document.objects.filter(instance=run.instance).exists()
    run.do(WRITE)
    run.do(AGREE)
    assert Document.objects.get(instance=run.instance, kind="ba_evaluasi")


# Followed up --------------------------------------------------------------------------------------


def test_every_agency_with_a_finding_answers_in_its_own_house(run: Run, cast: Cast) -> None:
    run.agreed(cast.agency, cast.other_agency)
    for agency, head, other in (
        (cast.agency, cast.kadis, cast.other_agency),
        (cast.other_agency, cast.outsider, cast.agency),
    ):
        mine = run.run_of(agency)
        assert mine.agency == agency
        assert other.name not in mine.title
        run.answer(agency, head)
        assert run.follow_up(agency).status == FollowUp.Status.ANSWERED
        assert run.follow_up(agency).evidence_sha256
        assert run.run_of(agency).status == Instance.Status.FINISHED
    told = Notice.objects.filter(text__contains="semua perangkat daerah sudah menjawab")
    assert set(told.values_list("user", flat=True)) == {run.officer.pk}


def test_the_check_waits_for_the_day_and_closes_when_all_have_answered(
    run: Run, cast: Cast
) -> None:
    run.agreed(cast.agency)
    run.answer(cast.agency, cast.kadis)
    assert CHECK not in run.waiting()
    run.at(DUE, "23:59")
    assert CHECK not in run.waiting()
    run.at(TUESDAY_AFTER, "00:00")
    assert run.waiting() == [CHECK]
    run.do(CHECK)
    assert run.row.outcome == Evaluation.Outcome.CLOSED
    assert run.follow_up(cast.agency).status == FollowUp.Status.ACCEPTED
    assert run.instance.status == Instance.Status.FINISHED
    assert list(ledger.verify()) == []


def test_when_the_day_passes_the_head_is_reminded_once_and_the_secretary_told(
    run: Run, cast: Cast
) -> None:
    run.agreed(cast.agency)
    run.at(TUESDAY_AFTER, "00:00").at(TUESDAY_AFTER, "09:00")
    told = Notice.objects.filter(text__contains="melewati batas waktunya")
    assert set(told.values_list("user", flat=True)) == {cast.kadis.pk, cast.secretary.pk}
    assert run.follow_up(cast.agency).reminded_at is not None
    run.answer(cast.agency, cast.kadis)
    row = run.follow_up(cast.agency)
    assert row.is_late(TUESDAY_AFTER)
    assert row.status == FollowUp.Status.ANSWERED


def test_what_nobody_answered_is_not_closed_but_asked_again_with_a_reason(
    run: Run, cast: Cast
) -> None:
    run.agreed(cast.agency, cast.other_agency)
    run.answer(cast.agency, cast.kadis)
    run.at(TUESDAY_AFTER, "09:00")
    left = run.run_of(cast.other_agency)
    task = run.claim(CHECK)
    with pytest.raises(GuardRefused, match=cast.other_agency.name):
        run.send(task)
    with pytest.raises(GuardRefused, match="Pilih perangkat daerah"):
        run.send(task, **AGAIN)
    agencies = [str(cast.agency.pk), str(cast.other_agency.pk)]
    run.send(task, **AGAIN, perangkat_daerah_diminta_lagi=agencies, batas_waktu_baru="2026-08-24")
    left.refresh_from_db()
    assert left.status == Instance.Status.CANCELLED  # what was not answered lies with nobody twice
    again = run.follow_up(cast.agency)
    assert (again.round, again.due_on, again.reason) == (
        2, date(2026, 8, 24), "Buktinya tidak terbaca.",
    )  # fmt: skip
    assert run.row.follow_ups.get(agency=cast.agency, round=1).answer
    run.answer(cast.agency, cast.kadis)
    run.answer(cast.other_agency, cast.outsider)
    run.at(date(2026, 8, 25), "00:00")
    run.do(CHECK)
    assert run.row.outcome == Evaluation.Outcome.CLOSED


def test_who_never_answers_is_handed_on_and_its_task_ends(run: Run, cast: Cast) -> None:
    run.agreed(cast.agency, cast.other_agency)
    run.answer(cast.agency, cast.kadis)
    run.at(TUESDAY_AFTER, "09:00")
    run.do(CHECK, **ESCALATE)
    assert run.row.outcome == Evaluation.Outcome.ESCALATED
    assert run.follow_up(cast.agency).status == FollowUp.Status.ACCEPTED
    assert run.follow_up(cast.other_agency).status == FollowUp.Status.ESCALATED
    assert not Task.objects.filter(step=FOLLOW, status__in=("ready", "claimed")).exists()
    assert run.instance.status == Instance.Status.FINISHED


def test_each_agency_has_until_the_end_of_the_day_by_its_own_clock(cast: Cast) -> None:
    cast.other_agency.time_zone = "Asia/Jayapura"  # an hour ahead of the office
    cast.other_agency.save()
    cast.agency.time_zone = "Asia/Jakarta"  # an hour behind
    cast.agency.save()
    run = Run(cast).begin().agreed(cast.agency, cast.other_agency)
    due = {
        agency: Task.objects.get(instance=run.run_of(agency), kind="timer").due_at
        for agency in (cast.agency, cast.other_agency)
    }
    assert due[cast.other_agency] == datetime.fromisoformat("2026-08-17T23:00:00+08:00")
    assert due[cast.agency] == datetime.fromisoformat("2026-08-18T01:00:00+08:00")
    waits = Task.objects.get(instance=run.instance, kind="timer")
    assert waits.due_at == due[cast.agency]
    assert run.now < wita(DUE, "23:00")
