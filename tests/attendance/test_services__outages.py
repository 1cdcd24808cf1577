"""Outages, the signed list typed at Diskominfo, and the second person who says that it is whole."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from attendance.days.months import judge_people
from attendance.evidence.outage_lists import ListRow
from attendance.exceptions import AlreadyDecided, DataRefused, NotYoursToDecide
from attendance.law.codes import Code, Flag
from attendance.models import Outage
from attendance.services.outages import complete_list, end_outage, enter_list, record_outage
from devices.exceptions import NotAllowedNow
from devices.models import Punch
from devices.services.other_punches import ToldPunch, tell_punches
from foundation.models import Event, OutboxJob
from organization.models import Employee, User
from tests.attendance.asking import bkd, device_of, manager, wita
from tests.attendance.people import AFTER_APRIL, employee_of, tap
from tests.cast import Cast, appoint

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = date(2026, 4, 13), date(2026, 4, 14)


def outage(cast: Cast, **values: Any) -> Outage:
    given: dict[str, Any] = {
        "agency": cast.agency, "device": None, "first_on": MONDAY, "last_on": MONDAY,
        "reason": "Listrik padam", "user": cast.operator, "now": AFTER_APRIL,
    }  # fmt: skip
    return record_outage(**(given | values))


def row(whose: User, came: str = "", left: str = "", day: date = MONDAY) -> ListRow:
    sides = (time.fromisoformat(clock) if clock else None for clock in (came, left))
    came_at, left_at = sides
    return ListRow(employee=employee_of(whose), day=day, came=came_at, left=left_at)


def type_in(cast: Cast, to: Outage, *rows: ListRow, user: User | None = None) -> Outage:
    by = user or manager(cast)
    return enter_list(outage_id=to.pk, rows=rows, user=by, now=AFTER_APRIL)


def complete(cast: Cast, to: Outage, *, without_rows: bool = False, **values: Any) -> Outage:
    given: dict[str, Any] = {"user": manager(cast, "pengelola2"), "now": AFTER_APRIL}
    return complete_list(outage_id=to.pk, without_rows=without_rows, **(given | values))


def verdict(whose: User, day: date = MONDAY) -> Any:
    employee = employee_of(whose)
    (person,) = judge_people(employee.agency, [day], [employee], now=AFTER_APRIL)
    return person.verdicts[0]


# Recording ----------------------------------------------------------------------------------------


def test_nobody_is_called_absent_on_a_day_of_an_outage_until_the_list_is_whole(cast: Cast) -> None:
    assert verdict(cast.employee).code is Code.UNEXPLAINED
    recorded = outage(cast)
    assert verdict(cast.employee).code is Code.NOT_OVER
    complete(cast, recorded, without_rows=True)
    assert verdict(cast.employee).code is Code.UNEXPLAINED


def test_an_outage_is_judged_anew_for_all_of_the_agency(cast: Cast) -> None:
    outage(cast, device=device_of(cast), last_on=None)
    job = OutboxJob.objects.get(kind="attendance.rejudge")
    assert (job.payload["agency"], job.payload["employees"]) == (cast.agency.pk, None)
    assert (job.payload["first"], job.payload["last"]) == ("2026-04-13", "2026-05-04")


@pytest.mark.parametrize(
    ("values", "field", "text"),
    [
        ({"reason": "  "}, "reason", "sebab gangguan"),
        (
            {"first_on": AFTER_APRIL.date() + timedelta(days=1), "last_on": None},
            "first_on",
            "belum",
        ),
        ({"first_on": date(2024, 4, 13)}, "first_on", "periksa tahunnya"),
        ({"last_on": date(2026, 4, 12)}, "last_on", "mendahului awal"),
        ({"last_on": date(2026, 5, 5)}, "last_on", "belum tiba"),
    ],
)
def test_days_that_cannot_be_are_refused(
    cast: Cast, values: dict[str, Any], field: str, text: str
) -> None:
    with pytest.raises(DataRefused) as refusal:
        outage(cast, **values)
    assert text in refusal.value.errors[field]


def test_a_machine_of_another_agency_is_refused(cast: Cast) -> None:
    device = device_of(cast)
    device.agency = cast.other_agency
    device.save()
    with pytest.raises(DataRefused, match="Pilih mesin"):
        outage(cast, device=device)


def test_the_same_outage_is_recorded_once(cast: Cast) -> None:
    outage(cast, last_on=None)
    with pytest.raises(DataRefused, match="semua mesin, 13 April 2026 sampai sekarang"):
        outage(cast, first_on=TUESDAY, last_on=TUESDAY)
    outage(cast, device=device_of(cast))


@pytest.mark.parametrize("name", ["employee", "superior", "secretary", "kadis", "outsider"])
def test_only_its_officers_record_an_outage(cast: Cast, name: str) -> None:
    with pytest.raises(PermissionDenied):
        outage(cast, user=getattr(cast, name))


def test_an_outage_ends_once_and_not_before_it_began(cast: Cast) -> None:
    recorded = outage(cast, last_on=None)
    for day, text in [(date(2026, 4, 12), "mendahului"), (date(2026, 5, 5), "belum tiba")]:
        with pytest.raises(DataRefused, match=text):
            end_outage(outage_id=recorded.pk, last_on=day, user=cast.admin, now=AFTER_APRIL)
    end_outage(outage_id=recorded.pk, last_on=TUESDAY, user=cast.admin, now=AFTER_APRIL)
    assert verdict(cast.employee, date(2026, 4, 15)).code is Code.UNEXPLAINED
    with pytest.raises(AlreadyDecided, match="sudah berakhir 14 April 2026"):
        end_outage(outage_id=recorded.pk, last_on=MONDAY, user=cast.admin, now=AFTER_APRIL)


# The list -----------------------------------------------------------------------------------------


def test_the_list_stands_in_for_the_machine(cast: Cast) -> None:
    """Example 37: the list says 07.35 to 16.00, entered by Diskominfo."""
    recorded = outage(cast)
    type_in(cast, recorded, row(cast.employee, "07:35", "16:00"))
    assert not Punch.objects.exists()

    done = complete(cast, recorded)

    assert (done.listed_by, done.listed_at) == (manager(cast, "pengelola2"), AFTER_APRIL)
    today = verdict(cast.employee)
    assert (today.code, today.late, today.early, today.deficit_net) == (Code.PRESENT, 5, 0, 5)
    assert set(today.flags) == {Flag.LATE, Flag.MANUAL}
    keys = set(Punch.objects.filter(channel="list").values_list("source_key", flat=True))
    mine = f"outage:{recorded.pk}:{employee_of(cast.employee).pk}:2026-04-13"
    assert keys == {f"{mine}:in", f"{mine}:out"}
    assert verdict(cast.admin).code is Code.UNEXPLAINED  # not on the list


@pytest.mark.parametrize(
    ("machine", "late", "conflict"),
    [("07:25", 0, False), ("07:40", 10, False), ("07:46", 16, True)],
)
def test_a_machines_time_goes_before_the_lists(
    cast: Cast, machine: str, late: int, conflict: bool
) -> None:
    recorded = outage(cast)
    tap(employee_of(cast.employee), MONDAY, machine)
    type_in(cast, recorded, row(cast.employee, "07:35", "16:00"))
    complete(cast, recorded)
    today = verdict(cast.employee)
    assert (today.late, Flag.MANUAL_CONFLICT in today.flags) == (late, conflict)


@pytest.mark.parametrize("name", ["admin", "operator", "kadis", "employee", "outsider"])
def test_nobody_of_the_agency_types_the_list(cast: Cast, name: str) -> None:
    recorded = outage(cast)
    with pytest.raises(PermissionDenied):
        type_in(cast, recorded, row(cast.employee, "07:35"), user=getattr(cast, name))
    with pytest.raises(PermissionDenied):
        complete(cast, recorded, user=getattr(cast, name))


def test_bkd_does_not_type_the_list_either(cast: Cast) -> None:
    recorded = outage(cast)
    with pytest.raises(PermissionDenied):
        type_in(cast, recorded, row(cast.employee, "07:35"), user=bkd(cast))


def test_who_typed_does_not_say_that_it_is_whole(cast: Cast) -> None:
    recorded = outage(cast)
    type_in(cast, recorded, row(cast.employee, "07:35", "16:00"))
    type_in(cast, recorded, row(cast.admin, "07:20"), user=manager(cast, "pengelola3"))
    for typist in (manager(cast), manager(cast, "pengelola3")):
        with pytest.raises(NotYoursToDecide, match="ikut mengetik"):
            complete(cast, recorded, user=typist)
    assert not Punch.objects.exists()
    complete(cast, recorded)
    assert Punch.objects.count() == 3


def test_a_slip_is_typed_anew_before_the_list_is_whole_and_asked_of_bkd_after(cast: Cast) -> None:
    recorded = outage(cast)
    type_in(cast, recorded, row(cast.employee, "07:35", "16:00"), row(cast.admin, "07:20"))
    type_in(cast, recorded, row(cast.employee, "07:25", "16:00"), row(cast.admin))
    complete(cast, recorded)
    assert (verdict(cast.employee).late, Punch.objects.count()) == (0, 2)
    with pytest.raises(AlreadyDecided, match="koreksi BKD"):
        type_in(cast, recorded, row(cast.employee, "07:20"))


def test_looking_at_anothers_row_does_not_make_one_its_typist(cast: Cast) -> None:
    recorded = outage(cast)
    type_in(cast, recorded, row(cast.employee, "07:35", "16:00"))
    second = manager(cast, "pengelola2")
    type_in(cast, recorded, row(cast.employee, "07:35", "16:00"), user=second)
    complete(cast, recorded, user=second)
    assert Event.objects.filter(verb="outage_list_typed").count() == 1


def test_a_list_is_not_whole_while_the_outage_goes_on_nor_empty_by_accident(cast: Cast) -> None:
    recorded = outage(cast, last_on=None)
    with pytest.raises(DataRefused, match="belum diakhiri"):
        complete(cast, recorded)
    end_outage(outage_id=recorded.pk, last_on=MONDAY, user=cast.operator, now=AFTER_APRIL)
    with pytest.raises(DataRefused, match="masih kosong"):
        complete(cast, recorded)
    type_in(cast, recorded, row(cast.employee, "07:35"))
    with pytest.raises(DataRefused, match="sudah berisi"):
        complete(cast, recorded, without_rows=True)


@pytest.mark.parametrize(
    ("came", "left", "day", "text"),
    [
        ("16:00", "07:35", MONDAY, "jam pulang mendahului jam masuk"),
        ("07:35", "07:35", MONDAY, "jam pulang mendahului jam masuk"),
        ("07:35", "", TUESDAY, "di luar hari gangguan"),
        ("07:35", "", date(2026, 4, 12), "di luar hari gangguan"),
    ],
)
def test_rows_that_cannot_be_are_named(
    cast: Cast, came: str, left: str, day: date, text: str
) -> None:
    recorded = outage(cast)
    wrong = row(cast.employee, came, left, day)
    with pytest.raises(DataRefused) as refusal:
        type_in(cast, recorded, row(cast.admin, "07:20"), wrong)
    assert text in refusal.value.errors[wrong.key]
    recorded.refresh_from_db()
    assert recorded.rows == {}


def test_rows_of_strangers_of_those_who_left_and_of_later_today_are_named(cast: Cast) -> None:
    today = AFTER_APRIL.date()
    recorded = outage(cast, last_on=None)
    Employee.objects.filter(pk=employee_of(cast.admin).pk).update(left_on=MONDAY)
    cast.admin.refresh_from_db()
    wrong = {
        "bukan pegawai": row(cast.outsider, "07:20"),
        "tidak bekerja di sini": row(cast.admin, "07:20"),
        "belum lewat": row(cast.employee, "07:20", "16:00", today),
    }
    with pytest.raises(DataRefused) as refusal:
        type_in(cast, recorded, *wrong.values())
    for text, listed in wrong.items():
        assert text in refusal.value.errors[listed.key]


def test_an_outage_does_not_end_before_a_day_that_was_listed(cast: Cast) -> None:
    recorded = outage(cast, last_on=None)
    type_in(cast, recorded, row(cast.employee, "07:35", "16:00", TUESDAY))
    with pytest.raises(DataRefused, match="sudah berisi 14 April 2026"):
        end_outage(outage_id=recorded.pk, last_on=MONDAY, user=cast.operator, now=AFTER_APRIL)


def test_two_roles_in_one_hand_do_not_help(cast: Cast) -> None:
    appoint(cast.operator, "Pengelola", cast.agency)
    recorded = outage(cast)
    type_in(cast, recorded, row(cast.employee, "07:35"), user=cast.operator)
    with pytest.raises(NotYoursToDecide):
        complete(cast, recorded, user=cast.operator)


# Punches that no machine told ---------------------------------------------------------------------


def told(whose: User, clock: str = "07:20", key: str = "uji:1") -> ToldPunch:
    return ToldPunch(employee=employee_of(whose), at=wita(MONDAY, clock), source_key=key)


def test_a_punch_without_a_machine_is_kept_once_and_never_edited(cast: Cast) -> None:
    assert tell_punches(told=[told(cast.employee)] * 2, channel=Punch.Channel.LIST) == 1
    assert tell_punches(told=[told(cast.employee)], channel=Punch.Channel.LIST) == 0
    with pytest.raises(NotAllowedNow, match="absen tidak diubah"):
        tell_punches(told=[told(cast.employee, "07:21")], channel=Punch.Channel.LIST)
    assert Punch.objects.get().local_time == "2026-04-13 07:20:00"


def test_machines_alone_tell_what_machines_told(cast: Cast) -> None:
    with pytest.raises(NotAllowedNow, match="oleh mesinnya"):
        tell_punches(told=[told(cast.employee)], channel=Punch.Channel.PUSH)
