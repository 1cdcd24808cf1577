"""A letter's own procedure: scanned, checked, decided by the superior, applied to its days."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from attendance import services
from attendance.exceptions import AlreadyDecided
from attendance.models import Recap
from attendance.offered.letter_operations import apply_decision
from foundation import ledger
from foundation.actors import SYSTEM
from foundation.models import OutboxJob
from organization.models import User
from processes import services as processes
from processes.context import step_context
from processes.definitions import definition_of
from processes.exceptions import NotAllowed
from processes.models import Instance, Task
from tests.attendance.letter_runs import (
    after_system,
    answer,
    answers_of,
    checked,
    handed_in,
    offered_to,
    refusal,
    task_of,
    verbs,
)
from tests.attendance.letters.test_deciders import change, close, stand_in
from tests.attendance.people import PDF, employee_of, scan
from tests.cast import NOW, TODAY, Cast

pytestmark = pytest.mark.django_db


# The straight way


def test_a_scanned_letter_is_checked_decided_and_applied(cast: Cast) -> None:
    letter = handed_in(cast)
    assert (letter.status, task_of(letter).lane) == ("submitted", "Admin")

    letter = answer(letter, cast.admin)
    assert (letter.status, offered_to(letter)) == ("checked", [cast.superior])

    letter = answer(letter, cast.superior)
    assert (letter.status, letter.decided_by, letter.decided_as) == (
        "approved", cast.superior, "Atasan langsung",
    )  # fmt: skip
    assert letter.instance is not None
    assert letter.instance.status == Instance.Status.FINISHED
    assert letter.instance.title == "Surat dinas luar Joko Tallo 7-9 April 2026"
    assert verbs(letter) == [
        "letter_entered", "letter_scanned", "letter_handed_in", "letter_submitted",
        "letter_checked", "letter_approved",
    ]  # fmt: skip
    assert list(ledger.verify()) == []


def test_a_letter_without_scan_lies_with_the_operator_first(cast: Cast) -> None:
    letter = handed_in(cast, scanned=False)
    task = task_of(letter)
    assert (letter.status, task.lane) == ("entered", "Operator")
    assert "belum dipindai" in refusal(letter, cast.operator)

    letter = answer(scan(cast, letter), cast.operator)

    assert letter.status == "submitted"
    assert letter.scan_sha256


def test_the_file_of_the_scanning_task_becomes_the_letters_scan(cast: Cast) -> None:
    letter = handed_in(cast, scanned=False)
    task = task_of(letter)
    processes.claim_task(task_id=task.pk, actor_user=cast.operator, now=NOW)
    at = NOW + timedelta(minutes=3)
    upload = SimpleUploadedFile("surat tugas.pdf", PDF)
    field = _file_field(task)
    attachment = processes.attach_file(
        task_id=task.pk, actor_user=cast.operator, field=field, upload=upload, now=at
    )
    processes.complete_task(
        task_id=task.pk, actor_user=cast.operator, answers={field: attachment.pk}, now=at
    )

    letter = after_system(letter, at + timedelta(minutes=9))

    assert letter.status == "submitted"
    assert (letter.scan_name, letter.scanned_by, letter.scanned_at) == (
        "surat tugas.pdf", cast.operator, at,
    )  # fmt: skip
    assert letter.scan_sha256 == attachment.sha256


def _file_field(task: Task) -> str:
    form = definition_of(task.instance).tasks[task.step].form
    return next(field.name for field in form.fields if field.type == "file")


def test_an_employee_hands_in_his_own_letter_for_the_operator_to_scan(cast: Cast) -> None:
    letter = services.enter_letter(
        employee=employee_of(cast.employee),
        data=services.LetterData(kind="S", first_on=TODAY, last_on=TODAY),
        user=cast.employee,
        now=NOW,
    )
    services.hand_in(letter_id=letter.pk, user=cast.employee, now=NOW)

    assert task_of(letter).lane == "Operator"
    with pytest.raises(AlreadyDecided):
        services.hand_in(letter_id=letter.pk, user=cast.employee, now=NOW)


# Completeness


def test_nothing_is_complete_that_was_not_looked_at(cast: Cast) -> None:
    letter = handed_in(cast, number="", issuer="")

    missing = refusal(letter, cast.admin, yang_diperiksa=["tanggal_cocok"])

    assert "Belum diperiksa: Pindaian terbaca seluruhnya" in missing
    assert "nomor surat dan pejabat penerbit belum diisi; kembalikan ke operator" in missing


def test_a_person_may_declare_sickness_himself_without_a_number(cast: Cast) -> None:
    letter = checked(cast, kind="S", number="", issuer="")

    assert letter.status == "checked"


def test_an_incomplete_letter_goes_back_with_its_reason_and_comes_again(cast: Cast) -> None:
    letter = answer(handed_in(cast), cast.admin, "return", "Halaman 2 tidak terbaca.")
    assert (letter.status, letter.note) == ("returned", "Halaman 2 tidak terbaca.")
    task = task_of(letter)
    assert task.lane == "Operator"

    services.correct_letter(
        letter_id=letter.pk,
        data=services.LetterData(
            kind="DL", first_on=date(2026, 4, 7), last_on=date(2026, 4, 8), number="1", issuer="X"
        ),
        user=cast.operator,
        now=NOW,
    )
    letter = answer(letter, cast.operator)

    assert letter.status == "submitted"
    assert letter.instance is not None
    assert letter.instance.title == "Surat dinas luar Joko Tallo 7-8 April 2026"


# The decision


@pytest.mark.parametrize(("kind", "status"), [("reject", "rejected"), ("return", "returned")])
def test_a_letter_is_refused_with_a_reason(cast: Cast, kind: str, status: str) -> None:
    letter = answer(checked(cast), cast.superior, kind, "Tidak ada perintah.")

    assert (letter.status, letter.note) == (status, "Tidak ada perintah.")


def test_a_returned_letter_goes_round_once_more(cast: Cast) -> None:
    letter = answer(checked(cast), cast.superior, "return", "Tanggalnya keliru.")
    letter = answer(answer(letter, cast.operator), cast.admin)
    letter = answer(letter, cast.superior)

    assert letter.status == "approved"
    assert letter.note == ""


def test_nobody_else_may_take_the_superiors_task(cast: Cast) -> None:
    task = task_of(checked(cast))

    for stranger in (cast.kadis, cast.admin, cast.operator, cast.employee, cast.outsider):
        with pytest.raises(NotAllowed):
            processes.claim_task(task_id=task.pk, actor_user=stranger, now=NOW)


def test_65_the_letter_of_a_superior_is_offered_to_the_next_above(cast: Cast) -> None:
    assert offered_to(checked(cast, cast.superior)) == [cast.kadis]


def test_a_plh_decides_and_is_named_as_one(cast: Cast) -> None:
    stand_in(cast.superior, cast.secretary)
    letter = checked(cast)
    assert offered_to(letter) == [cast.secretary]

    letter = answer(letter, cast.secretary)

    assert (letter.status, letter.decided_as) == ("approved", "Plh. Kepala Bidang")


def test_the_plh_of_his_own_superior_does_not_decide_on_himself(cast: Cast) -> None:
    stand_in(cast.superior, cast.employee)

    assert offered_to(checked(cast)) == [cast.kadis]


def test_who_is_the_superior_no_more_cannot_complete_what_he_took(cast: Cast) -> None:
    letter = checked(cast)
    processes.claim_task(task_id=task_of(letter).pk, actor_user=cast.superior, now=NOW)
    change(cast.employee, superior=employee_of(cast.secretary))

    task = task_of(letter)
    with pytest.raises(NotAllowed):
        processes.complete_task(
            task_id=task.pk, actor_user=cast.superior, answers=answers_of(task, "approve"), now=NOW
        )


def test_a_decision_has_the_days_judged_again(cast: Cast) -> None:
    letter = checked(cast)
    OutboxJob.objects.filter(kind="attendance.rejudge").delete()

    answer(letter, cast.superior)

    (job,) = OutboxJob.objects.filter(kind="attendance.rejudge")
    assert job.payload == {
        "agency": cast.agency.pk,
        "employees": [letter.employee_id],
        "first": "2026-04-07",
        "last": "2026-04-09",
        "cause": "Surat dinas luar Joko Tallo 7-9 April 2026: disetujui",
    }


def test_a_decision_after_the_freeze_says_that_it_is_late(cast: Cast) -> None:
    Recap.objects.create(
        agency=cast.agency, month=date(2026, 4, 1), status=Recap.Status.FROZEN,
        built_at=NOW, frozen_at=NOW,
    )  # fmt: skip

    letter = answer(checked(cast), cast.superior)

    task = Task.objects.filter(instance=letter.instance, kind="automatic").latest("id")
    assert letter.status == "approved"
    assert (
        "Rekap April 2026 sudah dibekukan: perubahannya menjadi data susulan; ralat diputuskan BKD."
        in task.note
    )


def test_an_operation_done_twice_changes_nothing(cast: Cast) -> None:
    letter = answer(checked(cast), cast.superior)
    task = Task.objects.filter(instance=letter.instance, kind="automatic").latest("id")
    before = verbs(letter)

    result = apply_decision(
        step_context(task, definition_of(task.instance), actor=SYSTEM,
                     now=NOW)
    )  # fmt: skip

    assert "disetujui (Atasan langsung)" in result.note
    assert verbs(letter) == before


# Nobody here decides


def test_the_admin_notes_the_written_approval_of_the_heads_letter(cast: Cast) -> None:
    letter = checked(cast, cast.kadis)
    assert task_of(letter).lane == "Admin"
    assert "Tuliskan jabatan" in refusal(letter, cast.admin, pejabat_luar="")

    processes.unclaim_task(task_id=task_of(letter).pk, actor_user=cast.admin, now=NOW)
    letter = answer(letter, cast.admin)

    assert (letter.status, letter.decided_as) == (
        "approved", "Dicatat dari persetujuan tertulis Sekretaris Daerah",
    )  # fmt: skip
    assert verbs(letter)[-1] == "letter_approval_noted"


def test_an_official_outside_may_also_refuse(cast: Cast) -> None:
    letter = answer(checked(cast, cast.kadis), cast.admin, "reject", "Tidak diizinkan Sekda.")

    assert letter.status == "rejected"


def test_nobody_notes_the_approval_of_his_own_letter(cast: Cast) -> None:
    change(cast.admin, superior=None)
    letter = checked(cast, cast.admin)

    assert "Surat sendiri" in refusal(letter, cast.admin)


def test_a_ring_is_mended_first_and_then_the_superior_decides(cast: Cast) -> None:
    change(cast.kadis, superior=employee_of(cast.superior))
    letter = checked(cast, cast.superior)
    assert "melingkar" in refusal(letter, cast.admin)

    processes.unclaim_task(task_id=task_of(letter).pk, actor_user=cast.admin, now=NOW)
    change(cast.kadis, superior=None)
    letter = answer(letter, cast.admin, "return", "Atasan sudah diperbaiki.")
    assert letter.status == "submitted"
    letter = answer(letter, cast.admin)

    assert offered_to(letter) == [cast.kadis]


def test_an_approval_from_outside_is_refused_once_somebody_here_can_decide(cast: Cast) -> None:
    close(cast.superior)
    close(cast.kadis)
    letter = checked(cast)
    User.objects.filter(pk=cast.kadis.pk).update(is_active=True)

    assert "sekarang diputuskan Ratna Seran" in refusal(letter, cast.admin)
