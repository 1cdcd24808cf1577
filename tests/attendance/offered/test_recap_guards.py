"""What a step of the period still lacks is named, row by row, with the page to mend it."""

from datetime import date, datetime, timedelta

import pytest

from attendance.models import AbsenceLetter, Recap, RecapRow
from attendance.offered.recap_guards import draft_built, letters_settled, recap_frozen
from attendance.services import record_check
from foundation.actors import SYSTEM
from processes.exceptions import GuardRefused
from processes.models import Instance
from tests.attendance.people import (
    AFTER_APRIL,
    decide,
    enter,
    fill_april,
    scan,
    submitted,
)
from tests.attendance.playing import (
    context_of,
    do,
    open_task,
    perform,
    to_decision,
    to_draft,
    to_end,
    to_freeze,
)
from tests.attendance.tampering import tamper
from tests.cast import Cast, make_employee

LETTER = "Surat dinas luar Joko Tallo 7-9 April 2026"


def texts(missing: object) -> list[str]:
    return [row.text for row in missing]  # type: ignore[attr-defined]


def test_a_letter_without_scan_is_named_with_its_page(instance: Instance, cast: Cast) -> None:
    letter = enter(cast)

    (missing,) = letters_settled(context_of(instance))

    assert missing.text == f"{LETTER}: belum dipindai"
    assert missing.link == f"/absensi/surat/{letter.pk}/"


def complete(letter: AbsenceLetter) -> None:
    record_check(letter_id=letter.pk, complete=True, note="", actor=SYSTEM, now=AFTER_APRIL)


def test_every_state_short_of_a_decision_is_named(instance: Instance, cast: Cast) -> None:
    scan(cast, enter(cast))
    submitted(cast, cast.admin)
    complete(submitted(cast, cast.operator))
    decide(submitted(cast, cast.operator2), cast.superior, "return", "nomor keliru")
    complete(submitted(cast, cast.kadis))
    decide(submitted(cast, cast.secretary), cast.kadis)

    assert texts(letters_settled(context_of(instance))) == [
        "Surat dinas luar Budi Manafe 7-9 April 2026: belum diperiksa kelengkapannya",
        "Surat dinas luar Joko Tallo 7-9 April 2026: belum diajukan kepada atasan langsung",
        (
            "Surat dinas luar Ratna Seran 7-9 April 2026: belum diputuskan pejabat di luar"
            " perangkat daerah (catat persetujuan tertulisnya)"
        ),
        "Surat dinas luar Sari Benu 7-9 April 2026: belum diputuskan atasan langsung (Maria Tefa)",
        "Surat dinas luar Yohanes Klau 7-9 April 2026: dikembalikan, belum diperbaiki",
    ]


def test_letters_of_other_months_and_withdrawn_ones_do_not_matter(
    instance: Instance, cast: Cast
) -> None:
    enter(cast, first_on=date(2026, 5, 1), last_on=date(2026, 5, 2))
    AbsenceLetter.objects.filter(pk=enter(cast).pk).update(status="withdrawn")

    assert letters_settled(context_of(instance)) == []


def test_a_letter_that_reaches_into_the_month_does_matter(instance: Instance, cast: Cast) -> None:
    enter(cast, first_on=date(2026, 3, 30), last_on=date(2026, 4, 1))

    assert texts(letters_settled(context_of(instance))) == [
        "Surat dinas luar Joko Tallo 30 Maret - 1 April 2026: belum dipindai"
    ]


def test_a_month_without_letters_is_settled(instance: Instance) -> None:
    assert letters_settled(context_of(instance)) == []


def test_a_long_list_is_cut_and_says_how_many_more(instance: Instance, cast: Cast) -> None:
    people = [make_employee(cast.agency, f"Pegawai {number:02}") for number in range(53)]
    AbsenceLetter.objects.bulk_create(
        AbsenceLetter(
            employee=person, kind="I", first_on=date(2026, 4, 7), last_on=date(2026, 4, 7),
            entered_at=AFTER_APRIL,
        )
        for person in people
    )  # fmt: skip

    found = texts(letters_settled(context_of(instance)))

    assert (len(found), found[-1]) == (51, "dan 3 surat lainnya")


def test_the_step_is_refused_while_a_letter_is_open(instance: Instance, cast: Cast) -> None:
    enter(cast)

    with pytest.raises(GuardRefused) as refusal:
        do(instance, cast.operator)
    assert texts(refusal.value.missing) == [f"{LETTER}: belum dipindai"]


def test_without_a_draft_nothing_is_printed(instance: Instance) -> None:
    assert texts(draft_built(context_of(instance))) == ["Draf rekap April 2026 belum disusun"]


def test_a_draft_of_another_run_does_not_count(instance: Instance, cast: Cast) -> None:
    to_draft(instance, cast)
    Recap.objects.update(instance=None)

    assert texts(draft_built(context_of(instance))) == ["Draf rekap April 2026 belum disusun"]


def test_a_draft_of_a_month_that_is_not_over_does_not_count(instance: Instance, cast: Cast) -> None:
    do(instance, cast.operator)
    perform(instance, at=datetime.combine(date(2026, 4, 28), AFTER_APRIL.timetz()))

    (text,) = texts(draft_built(context_of(instance)))

    assert "21 hari pegawai belum dinilai" in text


def test_a_letter_decided_after_the_draft_asks_for_a_new_draft(
    instance: Instance, cast: Cast
) -> None:
    to_draft(instance, cast)
    decide(submitted(cast), cast.superior, now=AFTER_APRIL + timedelta(minutes=1))

    assert texts(draft_built(context_of(instance))) == [
        f"{LETTER}: diputuskan sesudah draf disusun; susun ulang draf"
    ]


def test_work_may_be_sent_back_although_the_draft_is_outdated(
    instance: Instance, cast: Cast
) -> None:
    to_decision(instance, cast)
    decide(submitted(cast), cast.superior, now=AFTER_APRIL + timedelta(minutes=1))

    with pytest.raises(GuardRefused):
        do(instance, cast.kadis, putusan="sah")
    do(instance, cast.kadis, putusan="ulang", alasan="surat Joko baru diputuskan")
    assert open_task(instance).visit == 2


def test_a_report_needs_a_frozen_recap(instance: Instance, cast: Cast) -> None:
    fill_april(cast.everyone)
    to_freeze(instance, cast)
    assert texts(recap_frozen(context_of(instance))) == ["Rekap April 2026 belum dibekukan"]

    perform(instance, at=AFTER_APRIL + timedelta(minutes=15))

    assert recap_frozen(context_of(instance)) == []


def test_a_recap_that_was_tampered_with_is_not_reported(instance: Instance, cast: Cast) -> None:
    fill_april(cast.everyone)
    to_end(instance, cast)
    rows = RecapRow.objects.filter(employee=cast.employee.employee)
    tamper(rows, codes=["H"] * 30, name="Diubah")

    (text,) = texts(recap_frozen(context_of(instance)))

    assert "tidak cocok" in text
