"""Recaps: built as a whole, rebuilt, approved, frozen, and never changed after that."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from attendance import services
from attendance.exceptions import RecapRefused
from attendance.models import AbsenceLetter, Recap, RecapRow
from attendance.recaps.questions import was_returned
from attendance.recaps.seals import is_intact
from foundation import ledger
from foundation.actors import SYSTEM
from foundation.models import Event
from organization.models import User
from processes.models import Instance
from processes.services import cancel_process
from tests.attendance.people import (
    AFTER_APRIL,
    APRIL,
    decide,
    employee_of,
    fill_april,
    submitted,
    tap,
)
from tests.attendance.playing import (
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

PEOPLE = 7


def build(cast: Cast, **values: Any) -> Recap:
    defaults: dict[str, Any] = {
        "agency": cast.agency,
        "month": APRIL,
        "actor": SYSTEM,
        "now": AFTER_APRIL,
    }
    return services.build_draft(**(defaults | values))


def freeze(cast: Cast, **values: Any) -> Recap:
    defaults: dict[str, Any] = {
        "agency": cast.agency,
        "month": APRIL,
        "actor": SYSTEM,
        "now": AFTER_APRIL,
    }
    return services.freeze_recap(**(defaults | values))


def row_of(recap: Recap, user: User) -> RecapRow:
    return recap.rows.get(employee=user.employee)


def test_a_month_of_punctual_people_is_whole(cast: Cast) -> None:
    fill_april(cast.everyone)

    recap = build(cast)

    total = recap.figures["jumlah"]
    assert (recap.figures["pegawai"], recap.figures["hari_kerja"]) == (PEOPLE, 21)
    assert (total["HK"], total["H"], total["TK"], total["KJK"]) == (PEOPLE * 21, PEOPLE * 21, 0, 0)
    assert total["pct"] == "100,0"
    assert is_intact(recap)


def test_codes_counters_and_reasons_of_a_person_agree(cast: Cast) -> None:
    fill_april([cast.employee], but=[(cast.employee, day) for day in (7, 8, 9, 14, 15)])
    decide(submitted(cast), cast.superior)  # DL 7-9 April
    tap(employee_of(cast.employee), date(2026, 4, 14), "08:05", "16:00")

    row = row_of(build(cast), cast.employee)

    assert row.codes[6:9] == ["DL", "DL", "DL"]
    assert row.codes[2:5] == ["L", "L", "L"]  # Friday the holiday, and the weekend
    counters = row.counters
    assert (counters["DL"], counters["TK"], counters["TL_n"], counters["TL_m"]) == (3, 1, 1, 35)
    assert (counters["H"], counters["HK"], counters["KJK"]) == (17, 21, 35)
    assert row.days[13]["alasan"][0] == (
        "Masuk 08.05, batas 07.30: terlambat 35 menit (Pasal 10 ayat 5)."
    )
    assert row.superior["nama"] == "Maria Tefa"


def test_a_person_without_any_punch_is_in_the_recap(cast: Cast) -> None:
    recap = build(cast)

    assert row_of(recap, cast.employee).counters["TK"] == 22  # no holiday is known here
    assert recap.figures["pegawai_tk"] == PEOPLE


def test_who_joins_or_leaves_in_the_month_is_judged_for_his_days(cast: Cast) -> None:
    fill_april(cast.everyone)
    joiner = make_employee(cast.agency, "Rambu Lede", joined_on=date(2026, 4, 13))
    leaver = make_employee(cast.agency, "Drs. Yakobus Ndun", left_on=date(2026, 4, 13))
    gone = make_employee(cast.agency, "Markus Tallo", left_on=date(2026, 4, 1))

    rows = build(cast).rows

    assert rows.get(employee=joiner).counters["HK"] == 14
    assert rows.get(employee=joiner).codes[0] == "-"
    assert rows.get(employee=leaver).counters["HK"] == 7
    assert not rows.filter(employee=gone).exists()


def test_people_of_other_agencies_are_not_mixed_in(cast: Cast) -> None:
    fill_april([*cast.everyone, cast.outsider])

    assert not build(cast).rows.filter(employee=cast.outsider.employee).exists()


def test_59_a_punch_that_arrives_late_is_in_the_next_draft(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 14)])
    first = build(cast)
    assert row_of(first, cast.employee).codes[13] == "TK"

    tap(employee_of(cast.employee), date(2026, 4, 14), "07:20", "16:01")
    second = build(cast)

    assert (second.pk, second.builds) == (first.pk, 2)
    assert row_of(second, cast.employee).codes[13] == "H"
    assert second.rows.count() == PEOPLE


def test_building_twice_from_the_same_facts_gives_the_same_content(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 14)])

    assert build(cast).sha256 == build(cast).sha256


def test_a_draft_is_built_in_few_queries_whatever_the_number_of_people(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    fill_april(cast.everyone)
    build(cast)
    for number in range(40):
        make_employee(cast.agency, f"Pegawai {number}", superior=cast.superior.employee)

    with django_assert_max_num_queries(30):
        build(cast)


def test_days_that_are_not_over_are_not_held_against_anyone(cast: Cast) -> None:
    fill_april(cast.everyone)
    on_the_twentieth = datetime.combine(date(2026, 4, 20), AFTER_APRIL.timetz())

    recap = build(cast, now=on_the_twentieth)

    row = row_of(recap, cast.employee)
    assert row.codes[19:21] == ["?", "?"]
    assert (row.counters["HK"], row.counters["TK"], row.counters["belum"]) == (12, 0, 9)
    with pytest.raises(RecapRefused, match="belum dinilai"):
        freeze(cast, now=on_the_twentieth)


def test_freezing_needs_a_draft(cast: Cast) -> None:
    with pytest.raises(RecapRefused, match="belum disusun"):
        freeze(cast)


def test_30_a_letter_that_still_waits_is_unexplained_once_frozen(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, day) for day in (7, 8, 9)])
    letter = submitted(cast)
    draft = build(cast)
    assert row_of(draft, cast.employee).codes[6:9] == ["DL*"] * 3
    assert (draft.figures["pegawai_menunggu"], draft.figures["jumlah"]["TK"]) == (1, 0)

    frozen = freeze(cast)
    decide(letter, cast.superior)  # afterwards

    row = row_of(frozen, cast.employee)
    assert row.codes[6:9] == ["TK"] * 3
    assert (row.counters["TK"], frozen.figures["jumlah"]["TK"]) == (3, 3)
    assert "masih menunggu keputusan saat rekap dibekukan" in row.days[6]["alasan"][-1]
    assert is_intact(Recap.objects.get())


def test_a_frozen_recap_is_neither_built_nor_frozen_again(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 14)])
    build(cast)
    frozen = freeze(cast)
    tap(employee_of(cast.employee), date(2026, 4, 14), "07:20", "16:01")

    with pytest.raises(RecapRefused, match="ralat"):
        build(cast)
    with pytest.raises(RecapRefused, match="ralat"):
        services.rebuild_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    with pytest.raises(RecapRefused):
        freeze(cast)
    again = Recap.objects.get()
    assert (again.sha256, row_of(again, cast.employee).codes[13]) == (frozen.sha256, "TK")


def test_a_row_that_was_touched_is_found_out(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 14)])
    build(cast)
    recap = freeze(cast)
    tamper(RecapRow.objects.filter(employee=cast.employee.employee), name="Orang Lain")

    assert not is_intact(recap)


def test_the_run_of_a_period_builds_decides_and_freezes(instance: Instance, cast: Cast) -> None:
    fill_april(cast.everyone)

    to_end(instance, cast)

    recap = Recap.objects.get()
    assert (recap.status, recap.instance, recap.version) == ("frozen", instance, 1)
    verbs = list(
        Event.objects.filter(subject=f"attendance.recap:{recap.pk}").values_list("verb", flat=True)
    )
    assert verbs == ["recap_built", "recap_frozen"]
    assert list(ledger.verify()) == []


def test_a_repeated_operation_does_its_work_once(instance: Instance, cast: Cast) -> None:
    fill_april(cast.everyone)
    to_end(instance, cast)

    frozen = freeze(cast, instance=instance)

    assert frozen.sha256 == Recap.objects.get().sha256
    assert Event.objects.filter(verb="recap_frozen").count() == 1


def test_a_return_builds_the_draft_again_in_the_next_round(instance: Instance, cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 14)])
    to_decision(instance, cast)
    do(instance, cast.kadis, at=AFTER_APRIL, putusan="ulang", alasan="periksa Joko")
    tap(employee_of(cast.employee), date(2026, 4, 14), "07:20", "16:01")

    to_draft(instance, cast)

    recap = Recap.objects.get()
    assert (recap.round, recap.builds, recap.figures["jumlah"]["TK"]) == (2, 2, 0)


def test_nobody_rebuilds_what_is_approved_and_not_yet_frozen(
    instance: Instance, cast: Cast
) -> None:
    fill_april(cast.everyone)
    to_freeze(instance, cast)

    with pytest.raises(RecapRefused, match="sudah disetujui"):
        services.rebuild_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)


def test_what_was_built_after_the_decision_is_not_frozen(instance: Instance, cast: Cast) -> None:
    fill_april(cast.everyone)
    to_freeze(instance, cast)
    build(cast, instance=instance, now=AFTER_APRIL + timedelta(hours=1))

    with pytest.raises(RecapRefused, match="sesudah keputusan"):
        freeze(cast, instance=instance, now=AFTER_APRIL + timedelta(hours=2))


def test_after_a_cancelled_run_a_new_version_may_be_built(instance: Instance, cast: Cast) -> None:
    fill_april(cast.everyone)
    to_end(instance, cast)
    cancel_process(instance_id=instance.pk, actor_user=cast.kadis, reason="keliru", now=AFTER_APRIL)

    assert build(cast).version == 2
    assert Recap.objects.filter(status="frozen").count() == 1


def test_the_system_does_the_automatic_steps(instance: Instance, cast: Cast) -> None:
    fill_april(cast.everyone)
    do(instance, cast.operator)

    task = perform(instance)

    assert task.note.startswith("Draf rekap April 2026: 7 pegawai, hadir 100,0 %")
    assert task.link == f"/absensi/rekap/{Recap.objects.get().pk}/"
    assert open_task(instance).kind == "user"


def submit(cast: Cast, instance: Instance) -> Recap:
    return services.submit_recap(
        agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL, instance=instance
    )


def test_a_submitted_recap_is_not_rebuilt_by_hand(instance: Instance, cast: Cast) -> None:
    fill_april(cast.everyone)
    to_decision(instance, cast)
    recap = submit(cast, instance)
    assert (recap.status, recap.submitted_at) == ("submitted", AFTER_APRIL)

    with pytest.raises(RecapRefused, match="sudah diajukan"):
        services.rebuild_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    assert submit(cast, instance).pk == recap.pk
    assert Event.objects.filter(verb="recap_submitted").count() == 1


def test_a_submitted_recap_that_is_returned_is_a_draft_again(
    instance: Instance, cast: Cast
) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 14)])
    to_decision(instance, cast)
    submit(cast, instance)
    do(instance, cast.kadis, at=AFTER_APRIL, putusan="ulang", alasan="periksa Joko")
    assert was_returned(Recap.objects.get())
    tap(employee_of(cast.employee), date(2026, 4, 14), "07:20", "16:01")

    to_draft(instance, cast)

    recap = Recap.objects.get()
    assert (recap.status, recap.round, recap.submitted_at) == ("draft", 2, None)
    assert Event.objects.filter(verb="recap_returned").count() == 1
    withdrawn = Event.objects.get(verb="unexplained_withdrawn")
    assert withdrawn.after["days"] == [
        {"employee": employee_of(cast.employee).pk, "day": "2026-04-14"}
    ]


def test_a_submitted_recap_is_frozen_when_approved(instance: Instance, cast: Cast) -> None:
    fill_april(cast.everyone)
    to_decision(instance, cast)
    submit(cast, instance)
    do(instance, cast.kadis, at=AFTER_APRIL + timedelta(minutes=10), putusan="sah")
    perform(instance, at=AFTER_APRIL + timedelta(minutes=15))

    recap = Recap.objects.get()
    assert (recap.status, recap.submitted_at) == ("frozen", AFTER_APRIL)
    assert submit(cast, instance).status == "frozen"  # a worker that lost its result


def test_submitting_needs_a_draft_of_this_run(instance: Instance, cast: Cast) -> None:
    with pytest.raises(RecapRefused, match="belum disusun"):
        submit(cast, instance)


def test_a_tampered_draft_is_not_frozen(cast: Cast) -> None:
    recap = build(cast)
    tamper(recap.rows.filter(name="Joko Tallo"), name="Orang Lain")

    with pytest.raises(RecapRefused, match="tidak cocok"):
        freeze(cast)


def test_days_of_a_roster_that_is_missing_are_not_frozen(cast: Cast) -> None:
    recap = build(cast)
    row = row_of(recap, cast.employee)
    open_day = row.days[0] | {"kode": "JD?", "alasan": ["Giliran hari ini belum dijadwalkan."]}
    tamper(recap.rows.filter(pk=row.pk), days=[open_day, *row.days[1:]])

    with pytest.raises(RecapRefused, match=r"1 hari pegawai belum terjadwal.*Lengkapi jadwal jaga"):
        freeze(cast)


def test_days_that_a_silent_machine_may_still_hold_are_not_frozen(cast: Cast) -> None:
    recap = build(cast)
    row = row_of(recap, cast.employee)
    why = "Belum final: Mesin Lobi belum terhubung sejak 13 April 2026."
    open_day = row.days[0] | {"kode": "H", "tanda": ["belum final"], "alasan": ["Masuk.", why]}
    tamper(recap.rows.filter(pk=row.pk), days=[open_day, *row.days[1:]])

    with pytest.raises(RecapRefused, match=r"Mesin Lobi belum terhubung.*impor catatan absennya"):
        freeze(cast)


def test_letters_need_a_scan_in_the_database_too(cast: Cast) -> None:
    letter = submitted(cast)
    with pytest.raises(IntegrityError, match="letter_needs_a_scan"):
        AbsenceLetter.objects.filter(pk=letter.pk).update(scan_sha256="")
