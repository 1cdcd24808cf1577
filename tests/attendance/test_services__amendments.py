"""Late data after the freeze: noted, and turned into an amendment by BKD alone."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from attendance import services
from attendance.exceptions import RecapRefused
from attendance.models import LateFinding, Recap
from attendance.recaps.seals import is_intact
from attendance.recaps.texts import seen
from attendance.services.amendments import amend_recap, change_text, dismiss_findings
from attendance.services.late import note_differences
from foundation import ledger
from foundation.actors import SYSTEM
from foundation.models import Event
from organization.models import User
from tests.attendance.people import (
    AFTER_APRIL,
    APRIL,
    decide,
    employee_of,
    fill_april,
    submitted,
    tap,
)
from tests.attendance.tampering import tamper
from tests.cast import Cast, appoint, make_agency, make_employee, make_user

LATER = AFTER_APRIL + timedelta(days=2)
REASON = "Surat disetujui sesudah pembekuan."


@pytest.fixture
def bkd(cast: Cast) -> User:
    province = make_agency("bkd", name="Badan Kepegawaian Daerah")
    user = make_user(make_employee(province, "Benyamin Riwu"), "benyamin")
    appoint(user, "BKD", cast.agency)
    return user


@pytest.fixture
def frozen(cast: Cast) -> Recap:
    """April, in which Joko is unexplained on the 14th and Budi on the 15th."""
    fill_april(cast.everyone, but=[(cast.employee, 14), (cast.admin, 15)])
    services.build_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    return services.freeze_recap(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)


def note(cast: Cast, *, now: datetime = LATER, cause: str = "Absen susulan dari mesin") -> int:
    return note_differences(agency=cast.agency, month=APRIL, employees=None, cause=cause, now=now)


def late_punches(cast: Cast) -> None:
    tap(employee_of(cast.employee), date(2026, 4, 14), "07:20", "16:01")
    tap(employee_of(cast.admin), date(2026, 4, 15), "07:40", "16:01")


def marks(*findings: LateFinding) -> dict[int, str]:
    return {finding.pk: seen(finding) for finding in findings}


def act(how: Any, cast: Cast, user: User, *findings: LateFinding, **changes: Any) -> Any:
    given: dict[str, Any] = {
        "agency": cast.agency, "month": APRIL, "chosen": marks(*findings), "reason": REASON,
        "user": user, "now": LATER,
    }  # fmt: skip
    return how(**(given | changes))


def finding_of(user: User) -> LateFinding:
    return LateFinding.objects.get(employee=user.employee, status="open")


def test_nothing_differs_while_nothing_came(frozen: Recap, cast: Cast) -> None:
    assert note(cast) == 0
    assert not LateFinding.objects.exists()


def test_a_month_that_is_not_frozen_has_no_findings(cast: Cast) -> None:
    fill_april(cast.everyone)

    assert note(cast) == 0


def test_a_late_punch_is_a_finding_and_changes_nothing(frozen: Recap, cast: Cast) -> None:
    late_punches(cast)

    assert note(cast) == 2

    finding = finding_of(cast.employee)
    assert (finding.was["kode"], finding.becomes["kode"]) == ("TK", "H")
    assert (finding.day, finding.cause) == (date(2026, 4, 14), "Absen susulan dari mesin")
    again = Recap.objects.get()
    assert (again.sha256, is_intact(again)) == (frozen.sha256, True)
    assert Event.objects.filter(verb="late_data_found").count() == 1


def test_looking_again_keeps_one_open_finding(frozen: Recap, cast: Cast) -> None:
    late_punches(cast)
    note(cast)

    assert note(cast, now=LATER + timedelta(hours=1)) == 2
    assert LateFinding.objects.count() == 2
    assert Event.objects.filter(verb="late_data_found").count() == 1


def test_a_finding_that_changes_is_brought_up_to_date(frozen: Recap, cast: Cast) -> None:
    tap(employee_of(cast.employee), date(2026, 4, 14), "16:01")
    note(cast)
    assert finding_of(cast.employee).becomes["TAM"] is True

    tap(employee_of(cast.employee), date(2026, 4, 14), "07:20")
    note(cast, cause="Mesin kedua mengirim")

    finding = finding_of(cast.employee)
    assert (finding.becomes["TAM"], finding.cause) == (False, "Mesin kedua mengirim")


def test_a_finding_whose_day_no_longer_differs_is_gone(frozen: Recap, cast: Cast) -> None:
    late_punches(cast)
    note(cast)
    employee_of(cast.employee).punches.filter(local_time__startswith="2026-04-14").delete()

    assert note(cast) == 1
    assert LateFinding.objects.get(employee=cast.employee.employee).status == "gone"


def test_only_the_named_people_are_looked_at(frozen: Recap, cast: Cast) -> None:
    late_punches(cast)

    found = note_differences(
        agency=cast.agency, month=APRIL, employees=[employee_of(cast.admin).pk], cause="x",
        now=LATER,
    )  # fmt: skip

    assert found == 1
    assert LateFinding.objects.get().employee == cast.admin.employee


def test_an_amendment_is_another_frozen_version(frozen: Recap, cast: Cast, bkd: User) -> None:
    late_punches(cast)
    note(cast)

    new = act(amend_recap, cast, bkd, finding_of(cast.employee))

    assert (new.version, new.amendment, new.title) == (2, 1, "ralat ke-1")
    assert (new.amends, new.status, new.reason) == (frozen, "frozen", REASON)
    assert is_intact(Recap.objects.get(pk=new.pk))
    row = new.rows.get(employee=cast.employee.employee)
    assert (row.codes[13], row.counters["TK"], row.counters["H"]) == ("H", 0, 21)
    assert new.figures["jumlah"]["TK"] == 1
    (change,) = new.changes
    assert (change["semula"]["kode"], change["menjadi"]["kode"]) == ("TK", "H")
    assert change["sebab"] == "Absen susulan dari mesin"
    assert change_text(change) == (
        "Joko Tallo, 14 April 2026: TK (tanpa keterangan) menjadi H (hadir)"
    )


def test_the_replaced_version_stays_as_it_was(frozen: Recap, cast: Cast, bkd: User) -> None:
    late_punches(cast)
    note(cast)
    act(amend_recap, cast, bkd, finding_of(cast.employee))

    old = Recap.objects.get(version=1)

    assert (old.sha256, old.status, is_intact(old)) == (frozen.sha256, "frozen", True)
    assert old.rows.get(employee=cast.employee.employee).codes[13] == "TK"
    assert Recap.objects.newest_frozen().get().version == 2


def test_what_was_not_chosen_waits_for_the_next_amendment(
    frozen: Recap, cast: Cast, bkd: User
) -> None:
    late_punches(cast)
    note(cast)
    first = act(amend_recap, cast, bkd, finding_of(cast.employee))
    assert finding_of(cast.admin).recap == first
    assert note(cast) == 1

    second = act(amend_recap, cast, bkd, finding_of(cast.admin))

    assert (second.version, second.amendment, second.amends) == (3, 2, first)
    assert second.figures["jumlah"]["TK"] == 0
    assert note(cast) == 0
    assert set(LateFinding.objects.values_list("status", "amendment__version")) == {
        ("amended", 2), ("amended", 3),
    }  # fmt: skip
    assert list(ledger.verify()) == []


def test_a_dismissed_difference_is_not_brought_up_again(
    frozen: Recap, cast: Cast, bkd: User
) -> None:
    late_punches(cast)
    note(cast)

    act(dismiss_findings, cast, bkd, finding_of(cast.admin), reason="Mesin itu sedang diuji.")

    assert note(cast) == 1
    dismissed = LateFinding.objects.get(employee=cast.admin.employee)
    assert (dismissed.status, dismissed.decided_by) == ("dismissed", bkd)
    assert Recap.objects.count() == 1
    act(amend_recap, cast, bkd, finding_of(cast.employee))
    assert note(cast) == 0


@pytest.mark.parametrize("how", [amend_recap, dismiss_findings])
def test_only_bkd_decides(frozen: Recap, cast: Cast, how: Any) -> None:
    late_punches(cast)
    note(cast)

    for user in (cast.kadis, cast.operator, cast.admin, cast.secretary, cast.outsider):
        with pytest.raises(PermissionDenied):
            act(how, cast, user, finding_of(cast.employee))
    assert Recap.objects.count() == 1


@pytest.mark.parametrize("how", [amend_recap, dismiss_findings])
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": "  ya  "}, "Tuliskan alasan"),
        ({"chosen": {}}, "Pilih sedikitnya satu"),
        ({"chosen": {999999: "x"}}, "muat ulang"),
    ],
)
def test_a_decision_needs_findings_and_a_reason(
    frozen: Recap, cast: Cast, bkd: User, how: Any, changes: Any, words: str
) -> None:
    late_punches(cast)
    note(cast)

    with pytest.raises(RecapRefused, match=words):
        act(how, cast, bkd, finding_of(cast.employee), **changes)
    assert LateFinding.objects.filter(status="open").count() == 2


def test_nobody_decides_on_what_he_has_not_seen(frozen: Recap, cast: Cast, bkd: User) -> None:
    tap(employee_of(cast.employee), date(2026, 4, 14), "16:01")
    note(cast)
    as_read = marks(finding_of(cast.employee))
    tap(employee_of(cast.employee), date(2026, 4, 14), "07:20")
    note(cast)

    with pytest.raises(RecapRefused, match="muat ulang"):
        act(amend_recap, cast, bkd, chosen=as_read)


def test_a_recap_that_was_tampered_with_is_not_amended(
    frozen: Recap, cast: Cast, bkd: User
) -> None:
    late_punches(cast)
    note(cast)
    tamper(frozen.rows.filter(name="Ratna Seran"), name="Orang Lain")

    with pytest.raises(RecapRefused, match="tidak cocok"):
        act(amend_recap, cast, bkd, finding_of(cast.employee))
    assert Recap.objects.count() == 1


def test_the_reason_and_the_changes_are_under_the_hash(
    frozen: Recap, cast: Cast, bkd: User
) -> None:
    late_punches(cast)
    note(cast)
    new = act(amend_recap, cast, bkd, finding_of(cast.employee))

    tamper(Recap.objects.filter(pk=new.pk), reason="Alasan lain.")

    assert not is_intact(Recap.objects.get(pk=new.pk))


def test_somebody_entered_after_the_freeze_comes_in_by_an_amendment(
    frozen: Recap, cast: Cast, bkd: User
) -> None:
    late = make_employee(cast.agency, "Rambu Lede", joined_on=date(2026, 4, 29))
    tap(late, date(2026, 4, 29), "07:20", "16:01")
    assert note(cast) == 2

    findings = LateFinding.objects.filter(employee=late, status="open")
    new = act(amend_recap, cast, bkd, *findings)

    row = new.rows.get(employee=late)
    assert row.codes[27:] == ["-", "H", "TK"]
    assert new.figures["pegawai"] == frozen.figures["pegawai"] + 1
    assert is_intact(Recap.objects.get(pk=new.pk))


def test_30_a_letter_approved_after_the_freeze_becomes_an_amendment(cast: Cast, bkd: User) -> None:
    fill_april(cast.everyone, but=[(cast.employee, day) for day in (7, 8, 9)])
    letter = submitted(cast)
    services.build_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    frozen = services.freeze_recap(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    row = frozen.rows.get(employee=cast.employee.employee)
    assert (row.codes[6:9], row.counters["KJK_bruto"]) == (["TK"] * 3, 0)
    assert row.days[6]["KJK"] == 450
    assert note(cast) == 0  # it still waits

    decide(letter, cast.superior, now=LATER)
    assert note(cast, cause="Surat disetujui sesudah pembekuan") == 3
    new = act(amend_recap, cast, bkd, *LateFinding.objects.filter(status="open"))

    row = new.rows.get(employee=cast.employee.employee)
    assert (row.codes[6:9], row.counters["DL"], row.counters["TK"]) == (["DL"] * 3, 3, 0)
    assert row.days[6]["KJK"] == 0
    assert Recap.objects.get(version=1).rows.get(employee=row.employee).codes[6] == "TK"


def test_the_event_of_an_amendment_names_version_findings_and_hash(
    frozen: Recap, cast: Cast, bkd: User
) -> None:
    late_punches(cast)
    note(cast)
    finding = finding_of(cast.employee)
    new = act(amend_recap, cast, bkd, finding)

    event = Event.objects.get(verb="recap_amended")

    assert (event.actor_name, event.acting_as) == ("Benyamin Riwu", "BKD")
    assert event.after["of_sha256"] == frozen.sha256
    assert (event.after["sha256"], event.after["findings"]) == (new.sha256, [finding.pk])
    assert REASON not in str(event.after)
