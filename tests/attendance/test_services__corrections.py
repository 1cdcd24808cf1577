"""An agency asks for a correction, BKD alone decides; days are told before and after."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from attendance.days.months import judge_people
from attendance.evidence.corrected_days import lines
from attendance.evidence.correction_rules import CorrectionData
from attendance.exceptions import AlreadyDecided, DataRefused, NotYoursToDecide
from attendance.law.codes import Code, Flag
from attendance.models import AbsenceLetter, Correction
from devices.models import Punch
from foundation import ledger
from foundation.models import Event, OutboxJob
from organization.models import User
from tests.attendance.asking import (
    add,
    bkd,
    decide,
    device_of,
    elsewhere,
    ignore,
    request,
    revoke,
    shift,
    wita,
)
from tests.attendance.people import AFTER_APRIL, employee_of, submitted, tap
from tests.cast import Cast, appoint

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = date(2026, 4, 13), date(2026, 4, 14)


def verdict(whose: User, day: date = MONDAY) -> Any:
    employee = employee_of(whose)
    (person,) = judge_people(employee.agency, [day], [employee], now=AFTER_APRIL)
    return person.verdicts[0]


# A punch that nobody's machine told ---------------------------------------------------------------


def test_a_granted_punch_counts_and_says_that_bkd_added_it(cast: Cast) -> None:
    tap(employee_of(cast.employee), MONDAY, "16:03")
    row = request(cast, add(cast.employee, MONDAY, "07:25"))
    assert (row.status, row.day) == ("requested", MONDAY)
    assert verdict(cast.employee).missing_in

    decided = decide(cast, row)

    assert (decided.status, decided.decided_by) == ("approved", bkd(cast))
    today = verdict(cast.employee)
    assert (today.came, today.deficit_net, today.flags) == (445, 0, (Flag.CORRECTED,))
    assert any("koreksi BKD" in reason for reason in today.reasons)


def test_the_punch_of_a_correction_names_it_and_no_other_punch_is_touched(cast: Cast) -> None:
    tap(employee_of(cast.employee), MONDAY, "16:03")
    before = list(Punch.objects.values())
    row = decide(cast, request(cast, add(cast.employee, MONDAY, "07:25")))
    punch = Punch.objects.get(source_key=f"correction:{row.pk}")
    assert (punch.channel, punch.device, punch.employee) == ("fix", None, cast.employee.employee)
    assert (punch.at, punch.local_time) == (wita(MONDAY, "07:25"), "2026-04-13 07:25:00")
    assert list(Punch.objects.exclude(pk=punch.pk).values()) == before


def test_a_request_shows_the_day_as_it_is_and_as_it_would_be_and_changes_nothing(
    cast: Cast,
) -> None:
    tap(employee_of(cast.employee), MONDAY, "16:03")
    punches = Punch.objects.count()
    row = request(cast, add(cast.employee, MONDAY, "07:35"))
    (line,) = lines(row)
    assert line.becomes is not None
    assert (line.person, line.day, line.differs) == ("Joko Tallo", MONDAY, True)
    assert (line.was.came, line.was.deficit_net) == (None, 225)
    assert (line.becomes.came, line.becomes.deficit_net) == (455, 5)
    row.refresh_from_db()
    assert (row.status, Punch.objects.count()) == ("requested", punches)
    assert not OutboxJob.objects.filter(kind="attendance.rejudge").exists()


def test_what_was_decided_keeps_the_days_as_they_were_and_became(cast: Cast) -> None:
    row = request(cast, add(cast.employee, MONDAY, "07:35"))
    tap(employee_of(cast.employee), MONDAY, "16:03")  # told by the machine meanwhile
    decide(cast, row)
    (line,) = lines(Correction.objects.get(pk=row.pk))
    assert line.becomes is not None
    assert (line.was.left, line.becomes.deficit_net) == (963, 5)


def test_a_decision_has_the_day_judged_anew(cast: Cast) -> None:
    row = decide(cast, request(cast, add(cast.employee, MONDAY, "07:25")))
    job = OutboxJob.objects.get(kind="attendance.rejudge")
    assert job.payload == {
        "agency": cast.agency.pk,
        "employees": [employee_of(cast.employee).pk],
        "first": "2026-04-13",
        "last": "2026-04-13",
        "cause": f"Koreksi BKD nomor {row.pk}: menambah absen yang tidak terekam",
    }


def test_a_punch_after_midnight_counts_for_the_day_before_it(cast: Cast) -> None:
    row = request(cast, add(cast.employee, TUESDAY, "00:30"))
    assert row.day == MONDAY


@pytest.mark.parametrize(
    ("day", "clock", "field", "text"),
    [
        (AFTER_APRIL.date() + timedelta(days=1), "07:30", "at", "belum terjadi"),
        (date(2024, 4, 8), "07:30", "at", "periksa tahunnya"),
        (MONDAY, "04:30", "at", "di luar hari absensi"),
    ],
)
def test_moments_that_cannot_be_are_refused(
    cast: Cast, day: date, clock: str, field: str, text: str
) -> None:
    with pytest.raises(DataRefused) as refusal:
        request(cast, add(cast.employee, day, clock))
    assert text in refusal.value.errors[field]
    assert not Correction.objects.exists()


def test_days_without_employment_are_refused(cast: Cast) -> None:
    employee = employee_of(cast.employee)
    employee.left_on = MONDAY
    employee.save()
    with pytest.raises(DataRefused, match="tidak bekerja di sini pada 13 April 2026"):
        request(cast, add(cast.employee, MONDAY, "07:25"))


def test_a_punch_that_is_there_already_is_not_added_again(cast: Cast) -> None:
    tap(employee_of(cast.employee), MONDAY, "07:27")
    with pytest.raises(DataRefused, match=r"Sudah ada absen 07\.27 dari Mesin Uji"):
        request(cast, add(cast.employee, MONDAY, "07:25"))
    request(cast, add(cast.employee, MONDAY, "07:20"))


def test_a_second_open_request_for_the_same_is_refused_by_number(cast: Cast) -> None:
    row = request(cast, add(cast.employee, MONDAY, "07:25"))
    with pytest.raises(DataRefused, match=f"koreksi nomor {row.pk}; tunggu keputusan BKD"):
        request(cast, add(cast.employee, MONDAY, "07:27"), user=cast.admin)
    decide(cast, row, approve=False, note="Tidak terbukti")
    request(cast, add(cast.employee, MONDAY, "07:27"))


def test_somebody_of_another_agency_is_refused(cast: Cast) -> None:
    with pytest.raises(DataRefused) as refusal:
        request(cast, add(cast.outsider, MONDAY, "07:25"))
    assert "employee" in refusal.value.errors


# Who asks, who decides ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["employee", "superior", "secretary", "kadis", "outsider"])
def test_who_has_no_part_in_it_may_not_ask(cast: Cast, name: str) -> None:
    with pytest.raises(PermissionDenied):
        request(cast, add(cast.employee, MONDAY, "07:25"), user=getattr(cast, name))


@pytest.mark.parametrize("name", ["kadis", "admin", "operator", "operator2", "outsider"])
def test_only_bkd_decides(cast: Cast, name: str) -> None:
    row = request(cast, add(cast.employee, MONDAY, "07:25"))
    with pytest.raises(PermissionDenied):
        decide(cast, row, user=getattr(cast, name))


def test_the_managers_at_diskominfo_do_not_decide(cast: Cast) -> None:
    row = request(cast, add(cast.employee, MONDAY, "07:25"))
    with pytest.raises(PermissionDenied):
        decide(cast, row, user=elsewhere(cast, "Pengelola"))


def test_who_asked_does_not_decide_even_as_bkd(cast: Cast) -> None:
    appoint(cast.operator, "BKD", cast.agency)
    row = request(cast, add(cast.employee, MONDAY, "07:25"))
    with pytest.raises(NotYoursToDecide, match="petugas BKD yang lain"):
        decide(cast, row, user=cast.operator)


def test_nobody_decides_on_his_own_day(cast: Cast) -> None:
    appoint(cast.employee, "BKD", cast.agency)
    row = request(cast, add(cast.employee, MONDAY, "07:25"))
    with pytest.raises(NotYoursToDecide, match="absensi sendiri"):
        decide(cast, row, user=cast.employee)


def test_a_request_needs_a_reason_and_evidence_that_can_be_read(cast: Cast) -> None:
    with pytest.raises(DataRefused, match="alasan"):
        request(cast, add(cast.employee, MONDAY, "07:25", reason=" "))
    with pytest.raises(DataRefused, match="Unggah bukti"):
        request(cast, add(cast.employee, MONDAY, "07:25"), evidence=None)
    with pytest.raises(DataRefused, match="unggah berkas PDF, JPEG, atau PNG"):
        request(cast, add(cast.employee, MONDAY, "07:25"), evidence=BytesIO(b"MZ\x90\x00..."))
    assert not Correction.objects.exists()


def test_turning_down_needs_a_note_and_changes_no_day(cast: Cast) -> None:
    row = request(cast, add(cast.employee, MONDAY, "07:25"))
    with pytest.raises(DataRefused, match="mengapa permintaan ini ditolak"):
        decide(cast, row, approve=False, note="  ")
    decide(cast, row, approve=False, note="Rekaman CCTV tidak mendukung")
    assert verdict(cast.employee).code is Code.UNEXPLAINED
    assert not OutboxJob.objects.filter(kind="attendance.rejudge").exists()


def test_a_decision_is_made_once(cast: Cast) -> None:
    row = decide(cast, request(cast, add(cast.employee, MONDAY, "07:25")))
    with pytest.raises(AlreadyDecided, match="sudah dikabulkan"):
        decide(cast, row, approve=False, note="Keliru")


def test_what_no_longer_fits_is_not_granted(cast: Cast) -> None:
    row = request(cast, add(cast.employee, MONDAY, "07:25"))
    tap(employee_of(cast.employee), MONDAY, "07:26")
    with pytest.raises(DataRefused, match="Keadaannya sudah berubah: Sudah ada absen"):
        decide(cast, row)
    row.refresh_from_db()
    assert row.status == "requested"


def test_events_tell_who_did_what_and_nothing_about_the_person(cast: Cast) -> None:
    row = decide(cast, request(cast, add(cast.employee, MONDAY, "07:25")), note="Sesuai bukti")
    events = Event.objects.filter(subject=f"attendance.correction:{row.pk}").order_by("id")
    assert [(event.verb, event.acting_as) for event in events] == [
        ("correction_requested", "Operator"),
        ("correction_granted", "BKD"),
    ]
    told = str([(event.before, event.after) for event in events])
    assert "Joko" not in told
    assert "listrik" not in told
    assert "Sesuai" not in told
    assert list(ledger.verify()) == []


# A punch that is not used -------------------------------------------------------------------------


def test_a_punch_that_is_not_used_stays_and_decides_nothing(cast: Cast) -> None:
    tap(employee_of(cast.employee), MONDAY, "07:20", "16:03", "18:30")
    last = Punch.objects.latest("at")
    decide(cast, request(cast, ignore(last)))
    assert verdict(cast.employee).left == 963
    assert Punch.objects.filter(pk=last.pk).exists()
    with pytest.raises(DataRefused, match="sudah tidak dipakai"):
        request(cast, ignore(last))


def test_a_punch_that_was_added_can_be_taken_out_again(cast: Cast) -> None:
    row = decide(cast, request(cast, add(cast.employee, MONDAY, "07:25")))
    added = Punch.objects.get(source_key=f"correction:{row.pk}")
    decide(cast, request(cast, ignore(added)))
    assert verdict(cast.employee).code is Code.UNEXPLAINED
    request(cast, add(cast.employee, MONDAY, "07:25"))


# A clock that was wrong ---------------------------------------------------------------------------


def slow_clock(cast: Cast, minutes: int = 60) -> CorrectionData:
    return shift(device_of(cast), wita(MONDAY, "05:00"), wita(MONDAY, "23:00"), minutes)


def test_a_slow_clock_is_put_right_and_both_times_are_told(cast: Cast) -> None:
    """Example 41: the machine shows 06.29, it is 07.29."""
    tap(employee_of(cast.employee), MONDAY, "06:29", "15:05")
    tap(employee_of(cast.admin), MONDAY, "06:20", "15:10")
    raw = list(Punch.objects.order_by("pk").values())
    row = request(cast, slow_clock(cast))
    assert [(line.person, line.differs) for line in lines(row)] == [
        ("Budi Manafe", True),
        ("Joko Tallo", True),
    ]
    decide(cast, row)

    today = verdict(cast.employee)
    assert (today.came, today.left, today.late, today.early) == (449, 965, 0, 0)
    assert today.deficit_net == 0
    assert Flag.CLOCK_SHIFTED in today.flags
    assert "Jam mesin dikoreksi BKD +60 menit: 06.29 menjadi 07.29." in today.reasons
    assert list(Punch.objects.order_by("pk").values()) == raw
    job = OutboxJob.objects.get(kind="attendance.rejudge")
    assert job.payload["employees"] == sorted(
        [employee_of(cast.employee).pk, employee_of(cast.admin).pk]
    )


def test_somebody_of_another_agency_who_punched_there_is_judged_anew_too(cast: Cast) -> None:
    tap(employee_of(cast.employee), MONDAY, "06:29")
    visitor = employee_of(cast.outsider)
    Punch.objects.filter(employee=cast.employee.employee).update(employee=visitor)
    decide(cast, request(cast, slow_clock(cast)))
    job = OutboxJob.objects.get(kind="attendance.rejudge")
    assert job.payload["agency"] == cast.other_agency.pk
    assert job.payload["employees"] == [visitor.pk]


@pytest.mark.parametrize(
    ("values", "field", "text"),
    [
        ({"minutes": 0}, "minutes", "berapa menit"),
        ({"minutes": 2000}, "minutes", "paling banyak 1440"),
        ({"wrong_until": wita(MONDAY, "04:00")}, "wrong_until", "Akhir mendahului awal"),
        ({"wrong_until": AFTER_APRIL + timedelta(days=1)}, "wrong_until", "belum lewat"),
        ({"wrong_from": wita(date(2026, 3, 1), "05:00")}, "wrong_until", "Paling lama 31 hari"),
        ({"wrong_from": wita(MONDAY, "20:00")}, "wrong_from", "Tidak ada absen"),
    ],
)
def test_a_shift_that_cannot_be_meant_is_refused(
    cast: Cast, values: dict[str, Any], field: str, text: str
) -> None:
    tap(employee_of(cast.employee), MONDAY, "06:29", "15:05")
    data = slow_clock(cast)
    with pytest.raises(DataRefused) as refusal:
        request(cast, replace(data, **values))
    assert text in refusal.value.errors[field]


def test_a_clock_is_not_put_right_twice(cast: Cast) -> None:
    tap(employee_of(cast.employee), MONDAY, "06:29", "15:05")
    row = request(cast, slow_clock(cast))
    with pytest.raises(DataRefused, match=f"koreksi nomor {row.pk}"):
        request(cast, slow_clock(cast, 59))
    decide(cast, row)
    with pytest.raises(DataRefused, match=r"sudah digeser untuk 13 April 2026 05\.00"):
        request(cast, slow_clock(cast, 59))


def test_no_punch_is_moved_into_the_future(cast: Cast) -> None:
    today = AFTER_APRIL.date()
    tap(employee_of(cast.employee), today, "08:45")
    data = shift(device_of(cast), wita(today, "05:00"), wita(today, "09:00"), 60)
    with pytest.raises(DataRefused, match=r"menjadi 4 Mei 2026 09\.45, yang belum terjadi"):
        request(cast, data)


# A letter that was false --------------------------------------------------------------------------


def approved_letter(cast: Cast) -> AbsenceLetter:
    letter = submitted(cast, first_on=MONDAY, last_on=TUESDAY)
    AbsenceLetter.objects.filter(pk=letter.pk).update(status="approved")
    return AbsenceLetter.objects.get(pk=letter.pk)


def test_a_false_letter_is_revoked_and_its_days_are_unexplained(cast: Cast) -> None:
    letter = approved_letter(cast)
    assert verdict(cast.employee).code is Code.OFFICIAL_DUTY
    row = request(cast, revoke(letter))
    assert [line.day for line in lines(row)] == [MONDAY, TUESDAY]

    decide(cast, row, note="Dibatalkan penerbitnya")

    letter.refresh_from_db()
    assert letter.status == "revoked"
    assert letter.note.endswith(f"Dicabut dengan koreksi nomor {row.pk}.")
    assert verdict(cast.employee).code is Code.UNEXPLAINED
    subject = f"attendance.absenceletter:{letter.pk}"
    assert Event.objects.filter(subject=subject).latest("id").verb == "letter_revoked"


def test_only_an_approved_letter_is_revoked(cast: Cast) -> None:
    with pytest.raises(DataRefused, match="hanya surat yang disetujui"):
        request(cast, revoke(submitted(cast, first_on=MONDAY, last_on=TUESDAY)))


def test_a_letter_is_asked_to_be_revoked_once(cast: Cast) -> None:
    letter = approved_letter(cast)
    row = request(cast, revoke(letter))
    with pytest.raises(DataRefused, match=f"koreksi nomor {row.pk}"):
        request(cast, revoke(letter))
