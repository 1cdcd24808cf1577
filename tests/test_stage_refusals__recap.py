"""The stages from letters to archive refuse their form while their work is not done, and name it.

Each submission is made over the service and over the page. A refused one writes nothing but the
draft of what was typed; when the work is done, the very same submission passes.
"""

from datetime import date, timedelta

import pytest

from attendance.days.months import Month as Period
from attendance.exceptions import RecapRefused
from attendance.models import Recap, RecapRow
from attendance.services import freeze_recap, rebuild_draft, submit_letter
from documents.models import Document
from foundation.actors import SYSTEM
from processes import services
from processes.exceptions import NotAllowed, ProcessError
from processes.models import Instance, Task
from processes.queries import visible_instances
from tests.attendance import people
from tests.attendance.tampering import tamper
from tests.cast import NOW, Cast, appoint
from tests.pages import browser
from tests.processes.pages import text_of
from tests.refusals import accepted, at, refused, unticked, written
from tests.stages import SUBJECT, Month, good_answers, month_at

pytestmark = pytest.mark.django_db
APRIL = Period.parse(SUBJECT)


# 5: Operator menginput data pendukung ketidakhadiran


def test_stage_5_wants_every_letter_scanned_submitted_and_decided(cast: Cast) -> None:
    month, user, answers = at(cast, 5)
    letter = people.enter(cast)
    other = people.submitted(cast, cast.operator2)
    title = "Surat dinas luar Joko Tallo 7-9 April 2026"
    waiting = "Surat dinas luar Yohanes Klau 7-9 April 2026: belum diperiksa kelengkapannya"
    refused(month, user, answers, f"{title}: belum dipindai", waiting)
    people.scan(cast, letter)
    refused(month, user, answers, f"{title}: belum diajukan kepada atasan langsung", waiting)
    submit_letter(letter_id=letter.pk, user=cast.operator, now=NOW)
    refused(month, user, answers, f"{title}: belum diperiksa kelengkapannya", waiting)
    people.decide(letter, cast.superior, "return", "nomor keliru")
    people.decide(other, cast.superior)
    refused(month, user, answers, f"{title}: dikembalikan, belum diperbaiki")
    submit_letter(letter_id=letter.pk, user=cast.operator, now=NOW)
    people.decide(letter, cast.superior)
    refused(month, user, unticked(answers, "alasan_diperiksa"), "Alasan lain yang sah")
    accepted(month, user, answers)
    month.let_the_system_work()
    assert month.stage == 6


# 6: Operator mencetak resume


def test_stage_6_wants_the_draft_that_this_instance_built(cast: Cast) -> None:
    month, user, answers = at(cast, 6)
    refused(
        month,
        user,
        answers | {"draft_diperiksa": ""},
        "sudah saya periksa dan siap dicetak sebagai resume” harus dicentang.",
    )
    lose_draft()
    refused(month, user, answers, "Draf rekap April 2026 belum disusun")
    month.do_again("susun_rekap")
    accepted(month, user, answers)
    month.let_the_system_work()
    assert month.stage == 7


def lose_draft() -> None:
    RecapRow.objects.all().delete()
    Recap.objects.all().delete()


def late_letter(cast: Cast, month: Month) -> str:
    """Let the superior decide on a letter after the draft was built; return its name."""
    letter = people.submitted(cast)
    people.decide(letter, cast.superior, now=month.now + timedelta(minutes=5))
    month.now += timedelta(minutes=10)
    return "Surat dinas luar Joko Tallo 7-9 April 2026: diputuskan sesudah draf disusun"


def test_stage_6_wants_a_draft_that_knows_every_letter(cast: Cast) -> None:
    month, user, answers = at(cast, 6)
    refused(month, user, answers, late_letter(cast, month))
    rebuild_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=month.now)
    accepted(month, user, answers)


def test_stage_6_wants_a_draft_of_days_that_are_over(cast: Cast) -> None:
    """The operator began early, on the 20th: eleven days of the month had no verdict yet."""
    month = month_at(cast, 4)
    pins = month.give_numbers()
    month.move_machine("activate")
    month.check_machine()
    month.bring_log(f"{pins['Joko Tallo']} 2026-04-20 07:20:00")
    month.pass_stage()
    services.complete_task(
        task_id=month.task.pk, actor_user=cast.operator, answers={}, now=month.now
    )
    month.pass_stage()
    month.claim(cast.operator)
    answers = good_answers(cast)[6]
    refused(month, cast.operator, answers, "hari pegawai belum dinilai", "Tunggu hari berakhir")
    month.end()
    rebuild_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=month.now)
    accepted(month, cast.operator, answers)


# 7: Kadis meneliti


def test_stage_7_wants_a_decision_and_a_reason_for_a_return(cast: Cast) -> None:
    month, user, _ = at(cast, 7)
    choose = "Pilih salah satu pada “Keputusan”."
    refused(month, user, {}, choose)
    refused(month, user, {"catatan": "Sudah saya baca."}, choose)
    refused(month, user, {"keputusan": "ditunda"}, "Pilihan pada “Keputusan” tidak tersedia")
    for reason in ("", "   "):
        returned = {"keputusan": "dikembalikan", "catatan": reason}
        refused(month, user, returned, "Tuliskan alasan untuk “Kembalikan”.")
    accepted(month, user, returned | {"catatan": "Surat tanggal 7 belum dilampirkan."})
    month.let_the_system_work()
    assert month.stage == 5
    assert month.task.visit == 2


def test_stage_7_wants_the_resume_of_this_round(cast: Cast) -> None:
    month, user, answers = at(cast, 7)
    missing = "Resume Kehadiran Pegawai belum ditulis untuk putaran ini."
    Document.objects.filter(kind="resume").delete()
    refused(month, user, answers, missing)
    month.do_again("buat_resume")
    accepted(month, user, {"keputusan": "dikembalikan", "catatan": "Periksa lagi."})
    month.let_the_system_work()
    month.pass_stage()
    month.pass_stage()
    month.claim(user)
    Document.objects.filter(kind="resume", round=2).delete()
    refused(month, user, answers, missing)  # that of the first round does not count
    month.do_again("buat_resume")
    accepted(month, user, answers)
    month.let_the_system_work()
    assert month.stage == 8


def test_stage_7_wants_the_resume_to_tell_what_the_draft_tells(cast: Cast) -> None:
    """Else the head would approve other figures than those that were printed."""
    month, user, answers = at(cast, 7)
    remedy = "kembalikan agar draf dan dokumennya disusun ulang"
    refused(month, user, answers, f"{late_letter(cast, month)}; {remedy}")
    with pytest.raises(RecapRefused, match="sudah diajukan"):
        rebuild_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=month.now)
    tamper(Recap.objects.all(), built_at=month.now)  # as if it had been rebuilt nevertheless
    refused(month, user, answers, f"Draf rekap April 2026 berubah sesudah dicetak; {remedy}")
    accepted(month, user, {"keputusan": "dikembalikan", "catatan": "Cetak ulang resumenya."})
    for _ in range(2):
        month.pass_stage()
    month.claim(user)
    accepted(month, user, answers)


def test_stage_7_wants_a_draft_but_not_to_send_the_work_back(cast: Cast) -> None:
    month, user, answers = at(cast, 7)
    lose_draft()
    refused(month, user, answers, "Draf rekap April 2026 belum disusun")
    accepted(month, user, {"keputusan": "dikembalikan", "catatan": "Susun lagi drafnya."})


def test_stage_7_wants_another_person_than_the_one_who_prepared(cast: Cast) -> None:
    month = month_at(cast, 7)
    appoint(cast.operator, "Kadis", cast.agency, capacity="plh", valid_until=date(2026, 12, 31))
    answers = good_answers(cast)[7]
    alone = "Anda sendiri yang mengerjakan “Mencetak"
    with pytest.raises(NotAllowed, match=alone):
        month.claim(cast.operator)
    page = text_of(browser(cast.operator).get(f"/tugas/{month.task.pk}/"))
    assert alone in page
    assert "Kerjakan" not in page
    with pytest.raises(NotAllowed, match="menyiapkannya sendiri"):
        services.reassign_task(
            task_id=month.task.pk, actor_user=cast.kadis, to_user=cast.operator, reason="Cuti",
            now=month.now,
        )  # fmt: skip
    # Whoever had taken it before the printing was done by him is refused when he sends.
    Task.objects.filter(pk=month.task.pk).update(
        status=Task.Status.CLAIMED, owner=cast.operator, claimed_at=month.now
    )
    refused(month, cast.operator, answers, alone, "orang lain harus memutuskannya.", status=403)
    services.unclaim_task(task_id=month.task.pk, actor_user=cast.operator, now=month.now)
    month.claim(cast.kadis)
    accepted(month, cast.kadis, answers)


# 8: Admin melaporkan


def test_stage_8_wants_the_recap_frozen_and_whole(cast: Cast) -> None:
    month, user, answers = at(cast, 8)
    tamper(Recap.objects.all(), status=Recap.Status.DRAFT, frozen_at=None)
    refused(month, user, answers, "Rekap April 2026 belum dibekukan")
    freeze_recap(
        agency=cast.agency, month=APRIL, instance=month.instance, actor=SYSTEM, now=month.now
    )
    row = RecapRow.objects.get(name="Joko Tallo")
    days = row.counters
    tamper(RecapRow.objects.filter(pk=row.pk), counters=days | {"TK": 0})
    refused(month, user, answers, "Isi rekap April 2026 tidak cocok dengan sidik SHA-256-nya")
    tamper(RecapRow.objects.filter(pk=row.pk), counters=days)
    accepted(month, user, answers)
    month.let_the_system_work()
    assert month.stage == 9


def test_stage_8_wants_the_validation_report_and_how_it_was_reported(cast: Cast) -> None:
    month, user, answers = at(cast, 8)
    refused(
        month,
        user,
        {},
        "“Tanggal dilaporkan” wajib diisi.",
        "Pilih salah satu pada “Cara melaporkan”.",
    )
    Document.objects.filter(kind="laporan_validasi").delete()
    refused(month, user, answers, "Laporan Validasi Kehadiran PNS belum ditulis untuk putaran ini.")
    month.do_again("buat_laporan_validasi")
    accepted(month, user, answers)


# 9: Operator mendokumentasikan dan mengarsipkan


def test_stage_9_wants_the_recapitulation_report_and_what_is_kept(cast: Cast) -> None:
    month, user, answers = at(cast, 9)
    refused(
        month,
        user,
        unticked(answers, "pencatatan"),
        "Dokumen ketidakhadiran pegawai yang telah disetujui atasan langsung tersimpan",
    )
    refused(month, user, {}, "Semua butir “Pencatatan dan pendataan” harus dicentang.")
    Document.objects.filter(kind="laporan_rekapitulasi").delete()
    refused(
        month, user, answers, "Laporan Rekapitulasi Kehadiran PNS belum ditulis untuk putaran ini."
    )
    month.do_again("buat_laporan_rekapitulasi")
    accepted(month, user, answers)
    month.let_the_system_work()
    month.instance.refresh_from_db()
    assert month.instance.status == Instance.Status.FINISHED


@pytest.mark.parametrize("stage", range(1, 10))
def test_no_stage_is_completed_without_being_taken_or_by_another_role(
    cast: Cast, stage: int
) -> None:
    month = month_at(cast, stage)
    user, answers = month.worker(stage), good_answers(cast)[stage]
    others = {cast.kadis, cast.admin, cast.operator} - {user}
    before = written(month.instance)
    assert month.post(user, answers).status_code == 409
    for other in others:
        with pytest.raises(ProcessError):
            month.claim(other)
        # Whom no role lets see the instance is told that there is none.
        sees = Instance.objects.filter(pk__in=visible_instances(other, month.now)).exists()
        assert month.post(other, answers).status_code == (403 if sees else 404)
    assert written(month.instance) == before
