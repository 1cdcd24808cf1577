"""A number is taken by who may write something, never by who may only look."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine

from attendance.services.outages import record_outage
from documents import report_checks
from documents.catalogue import Report, report_named, reports
from documents.models import DocumentOrder
from organization.models import User
from organization.permissions import ROLES
from tests.attendance.asking import add, bkd, decide, request
from tests.attendance.people import AFTER_APRIL
from tests.cast import Cast, appoint, make_employee, make_user
from tests.pages import browser, html_of

pytestmark = pytest.mark.django_db
NUMBERED = sorted(key for key, report in reports().items() if report.numbered)
MONDAY = date(2026, 4, 13)
# What a reader may be asked for all the same: its own paper under its own letterhead.
WRITERS = {"BKD": {"evaluasi_berkala"}, "Auditor": set[str](), "Sekretaris": set[str]()}


@pytest.fixture
def april(cast: Cast) -> Iterator[dict[str, str]]:
    """April is over, with an outage and a correction to tell of; their subjects by report."""
    with time_machine.travel(AFTER_APRIL, tick=True):
        outage = record_outage(
            agency=cast.agency, device=None, first_on=MONDAY, last_on=MONDAY,
            reason="Listrik padam", user=cast.operator, now=AFTER_APRIL,
        )  # fmt: skip
        correction = decide(cast, request(cast, add(cast.employee, MONDAY, "07:25")))
        yield {
            "laporan_gangguan": f"2026-04-13/{outage.pk}",
            "ba_gangguan": f"2026-04-13/{outage.pk}",
            "ba_koreksi": f"2026-04-13/{correction.pk}",
        }


def holder(cast: Cast, role: str) -> User:
    if role == "BKD":
        return bkd(cast)
    user = make_user(make_employee(cast.agency, f"Pembaca {role}"), f"pembaca-{role.lower()}")
    appoint(user, role, cast.agency)
    return user


@pytest.mark.parametrize("key", NUMBERED)
def test_a_numbered_report_asks_for_a_capability_that_writes(key: str) -> None:
    assert not report_named(key).permission.endswith(".view")


def test_the_check_names_a_numbered_report_that_readers_may_ask_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    careless = Report(
        key="ba_gangguan", title="BA", kind="ba", subject="day", contexts=(),
        permission="outages.view", numbered=True,
    )  # fmt: skip
    monkeypatch.setattr(report_checks, "reports", lambda: {careless.key: careless})
    (message,) = report_checks.check_reports()
    assert "outages.view" in message.msg


@pytest.mark.parametrize("role", sorted(WRITERS))
def test_who_only_reads_is_offered_no_numbered_report(
    cast: Cast, april: dict[str, str], role: str
) -> None:
    assert all(name in ROLES for name in WRITERS)
    page = browser(holder(cast, role))
    offered = html_of(page.get("/dokumen/buat/"))
    for key in set(NUMBERED) - WRITERS[role]:
        assert f"/dokumen/buat/{key}/" not in offered
        sent = {"pd": cast.agency.code, "subjek": april.get(key, "2026-04-17")}
        assert page.post(f"/dokumen/buat/{key}/", sent).status_code == 404
    assert not DocumentOrder.objects.exists()
    assert "/dokumen/buat/rekap_bulanan/" in offered  # without a number it stays to be read
    assert "/dokumen/buat/daftar_hadir_manual/" in offered


def test_an_employee_takes_no_number_for_a_correction_of_his_own_day(
    cast: Cast, april: dict[str, str]
) -> None:
    page = browser(cast.employee)
    about = april["ba_koreksi"]
    assert page.get(f"/dokumen/buat/ba_koreksi/?subjek={about}").status_code == 404
    correction = html_of(page.get(f"/absensi/koreksi/{about.rpartition('/')[2]}/"))
    assert "/dokumen/buat/ba_koreksi/" not in correction


def test_who_writes_outages_down_reports_them_from_their_page(
    cast: Cast, april: dict[str, str]
) -> None:
    number = april["ba_gangguan"].rpartition("/")[2]
    address = f"/absensi/gangguan/{number}/"
    assert "/dokumen/buat/ba_gangguan/" in html_of(browser(cast.operator).get(address))
    assert "/dokumen/buat/ba_gangguan/" not in html_of(browser(cast.secretary).get(address))
    assert "/dokumen/buat/daftar_hadir_manual/" in html_of(browser(cast.secretary).get(address))
