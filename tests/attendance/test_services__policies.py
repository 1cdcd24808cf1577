"""What an office decided where the Pergub is silent, and from which day on."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from attendance.days.months import judge_people
from attendance.days.policies import Policies, policies_of, unreadable
from attendance.exceptions import DataRefused
from attendance.law.policy import DEFAULT
from attendance.models import PolicySetting
from attendance.services.policies import set_policy
from foundation.models import OutboxJob
from tests.attendance.asking import bkd, manager
from tests.attendance.people import AFTER_APRIL, employee_of, tap
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.pages import text_of

pytestmark = pytest.mark.django_db
APRIL, LATER = date(2026, 4, 1), date(2026, 4, 15)
FULL = {"name": "missing_punch", "value": "full"}


def decree(cast: Cast, **values: Any) -> PolicySetting:
    given: dict[str, Any] = {
        **FULL, "agency": cast.agency, "decree_number": "SK 14/2026", "valid_from": APRIL,
        "user": bkd(cast), "now": AFTER_APRIL,
    }  # fmt: skip
    return set_policy(**(given | values))


def missing(cast: Cast, day: date, agency: Any = None) -> str:
    return policies_of((agency or cast.agency).pk, day, day).on(day).missing_punch


def test_without_a_decree_the_default_holds(cast: Cast) -> None:
    assert policies_of(cast.agency.pk, APRIL, LATER).on(LATER) is DEFAULT


def test_a_value_holds_from_its_day_on(cast: Cast) -> None:
    decree(cast, valid_from=LATER)
    assert [missing(cast, day) for day in (date(2026, 4, 14), LATER)] == ["half", "full"]
    tap(employee_of(cast.employee), date(2026, 4, 14), "07:20")
    tap(employee_of(cast.employee), LATER, "07:20")
    people = [employee_of(cast.employee)]
    days = [date(2026, 4, 14), LATER]
    (person,) = judge_people(cast.agency, days, people, now=AFTER_APRIL)
    assert [verdict.deficit_net for verdict in person.verdicts] == [225, 450]


def test_an_agencys_own_value_goes_before_that_for_all(cast: Cast) -> None:
    decree(cast, agency=None)
    decree(cast, value="half", decree_number="SK 3/2026")
    assert missing(cast, LATER) == "half"
    assert missing(cast, LATER, cast.other_agency) == "full"


def test_of_two_the_one_that_began_last_holds_and_of_one_day_the_one_written_last(
    cast: Cast,
) -> None:
    decree(cast, valid_from=LATER)
    decree(cast, value="half", decree_number="SK 1/2026")
    assert missing(cast, LATER) == "full"
    decree(cast, value="half", decree_number="SK 15/2026", valid_from=LATER)
    assert missing(cast, LATER) == "half"
    assert PolicySetting.objects.count() == 3


@pytest.mark.parametrize(
    ("values", "field", "text"),
    [
        ({"value": "sepertiga"}, "value", "pilih setengah atau seluruh"),
        ({"name": "repeated_tap", "value": "0"}, "value", "bilangan bulat 1 sampai 30"),
        ({"name": "repeated_tap", "value": "5,5"}, "value", "bilangan bulat 1 sampai 30"),
        ({"name": "repeated_tap", "value": "\u0665"}, "value", "bilangan bulat 1 sampai 30"),
        ({"name": "seconds", "value": "cut"}, "value", "tidak dapat diubah"),
        ({"name": "uang_makan", "value": "1"}, "", "Tidak ada aturan"),
        ({"decree_number": "  "}, "decree_number", "nomor keputusan"),
        ({"valid_from": date(2016, 4, 1)}, "valid_from", "berlaku sejak 22 Juli 2019"),
        ({"name": "escalation_days", "value": "1"}, None, ""),
        ({"name": "reminder_days", "value": "4"}, "value", "mendahului pengingatnya"),
    ],
)
def test_values_that_cannot_hold_are_refused(
    cast: Cast, values: dict[str, Any], field: str | None, text: str
) -> None:
    if field is None:
        decree(cast, **values)
        return
    with pytest.raises(DataRefused) as refusal:
        decree(cast, **values)
    assert text in refusal.value.errors[field]
    assert not PolicySetting.objects.exists()


def test_a_value_for_all_must_fit_what_agencies_decided_and_what_comes_later(cast: Cast) -> None:
    decree(cast, name="escalation_days", value="2", valid_from=LATER)
    with pytest.raises(DataRefused, match="mendahului pengingatnya"):
        decree(cast, name="reminder_days", value="3", agency=None)
    decree(cast, name="reminder_days", value="2", agency=None)


def test_the_same_value_twice_is_refused(cast: Cast) -> None:
    decree(cast)
    with pytest.raises(DataRefused, match="sudah berlaku menurut SK 14/2026"):
        decree(cast, valid_from=LATER)


@pytest.mark.parametrize("name", ["kadis", "admin", "operator", "employee", "outsider"])
def test_no_agency_sets_its_own_rules(cast: Cast, name: str) -> None:
    for agency in (cast.agency, None):
        with pytest.raises(PermissionDenied):
            decree(cast, agency=agency, user=getattr(cast, name))


def test_the_managers_may(cast: Cast) -> None:
    decree(cast, user=manager(cast))
    with pytest.raises(PermissionDenied):
        decree(cast, agency=cast.other_agency, user=manager(cast))


def test_only_what_bears_on_days_has_them_judged_anew(cast: Cast) -> None:
    decree(cast, name="daily_hour", value="9")
    assert not OutboxJob.objects.filter(kind="attendance.rejudge").exists()
    decree(cast)
    payload = OutboxJob.objects.get(kind="attendance.rejudge").payload
    assert (payload["agency"], payload["employees"]) == (cast.agency.pk, None)
    assert (payload["first"], payload["last"]) == ("2026-04-01", "2026-05-04")


def test_what_a_later_release_no_longer_takes_is_left_out_and_named(cast: Cast) -> None:
    PolicySetting.objects.create(
        name="repeated_tap", value="90", decree_number="SK 1", valid_from=APRIL, set_at=NOW
    )
    decree(cast)
    policies = Policies.load(cast.agency.pk, LATER)
    assert policies.on(LATER) == DEFAULT.changed({"missing_punch": "full"})
    assert [row.name for row in unreadable(policies.rows)] == ["repeated_tap"]


def test_the_page_of_rules_tells_choices_in_indonesian(cast: Cast) -> None:
    page = text_of(browser(manager(cast)).get("/absensi/aturan/"))
    assert "dipotong ke menit" in page
    assert "setengah" in page
    assert not {"cut", "half", "full", "no", "yes"} & set(page.split())
