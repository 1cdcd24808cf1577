"""The reports on attendance's data: asked for, filled with what an agency has, and readable."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine

from attendance.services.outages import record_outage
from documents.catalogue import report_named
from documents.filling import fill_template
from documents.models import Document, DocumentOrder
from documents.orders.asking import order_report
from documents.periods import DAY, MONTH, WEEK
from documents.samples import whole_sample
from documents.template_builder.attendance_reports import REPORTS
from foundation import outbox
from foundation.actors import SYSTEM
from organization.models import User
from organization.permissions import CAPABILITIES, person
from tests.attendance.asking import add, bkd
from tests.attendance.asking import decide as decide_request
from tests.attendance.asking import request as ask_bkd
from tests.attendance.people import AFTER_APRIL, employee_of, fill_april
from tests.cast import Cast
from tests.documents.words import text_of
from tests.pages import browser, html_of
from workflows.registry import report_context, subject_kind

pytestmark = pytest.mark.django_db
KEYS = sorted(REPORTS)
MONDAY = date(2026, 4, 13)


@pytest.fixture
def the_fourth_of_may() -> Iterator[None]:
    """April is over; the clock goes on from there."""
    with time_machine.travel(AFTER_APRIL, tick=True):
        yield


def words(key: str, **changes: object) -> str:
    report = report_named(key)
    content = fill_template(report.template, whole_sample(report.sample) | changes, name=key)
    return "\n".join(text_of(content))


def subjects(cast: Cast) -> dict[str, str]:
    """Return something to report on for each report, after making it."""
    outage = record_outage(
        agency=cast.agency, device=None, first_on=MONDAY, last_on=MONDAY, reason="Listrik padam",
        user=cast.operator, now=AFTER_APRIL,
    )  # fmt: skip
    correction = decide_request(cast, ask_bkd(cast, add(cast.employee, MONDAY, "07:25")))
    of_outage = f"2026-04-13/{outage.pk}"
    return {
        "rekap_harian": "2026-04-17",
        "rekap_mingguan": "2026-W16",
        "rekap_bulanan": "2026-04",
        "rekap_perorangan": f"2026-04/{employee_of(cast.employee).pk}",
        "laporan_gangguan": of_outage,
        "ba_gangguan": of_outage,
        "daftar_hadir_manual": of_outage,
        "ba_koreksi": f"2026-04-13/{correction.pk}",
        "evaluasi_berkala": "2026-Q1",
    }


@pytest.mark.parametrize("key", KEYS)
def test_a_report_names_what_exists(key: str) -> None:
    report = report_named(key)
    assert report.permission in CAPABILITIES
    assert all(name in report_context.names() for name in report.contexts)
    assert report.subject in (DAY, WEEK, MONTH) or subject_kind(report.subject)


@pytest.mark.usefixtures("the_fourth_of_may")
def test_every_report_is_written_of_what_an_agency_has(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 13)])
    about = subjects(cast)
    officer = bkd(cast)
    for key in KEYS:
        user: User | None = officer if key == "evaluasi_berkala" else None
        order_report(
            report=report_named(key), agency=cast.agency, subject=about[key],
            actor=person(user) if user else SYSTEM, now=AFTER_APRIL,
        )  # fmt: skip
    outbox.drain()
    written = Document.objects.order_by("kind").values_list("kind", flat=True)
    assert list(written) == KEYS
    numbered = Document.objects.exclude(number="").order_by("kind").values_list("kind", flat=True)
    assert list(numbered) == [key for key in KEYS if report_named(key).numbered]
    monthly = Document.objects.get(kind="rekap_bulanan")
    assert monthly.context["draf"]
    assert monthly.signed_as == "Kepala Dinas, Ratna Seran"
    correction = Document.objects.get(kind="ba_koreksi")  # BKD decided: it is its paper
    assert correction.context["kop"]["nama"] == employee_of(officer).agency.name
    assert correction.context["pd"]["nama"] == cast.agency.name


@pytest.mark.usefixtures("the_fourth_of_may")
def test_an_employee_asks_for_his_own_month_from_its_page(cast: Cast) -> None:
    fill_april([cast.employee])
    page = browser(cast.employee)
    own = employee_of(cast.employee).pk
    # Older than the months that are listed: the address brings it along.
    link = f"/dokumen/buat/rekap_perorangan/?subjek=2025-04%2F{own}&amp;pd=diskominfo"
    assert link in html_of(page.get("/absensi/saya/?bulan=2025-04"))
    asking = html_of(page.get(link.replace("&amp;", "&")))
    assert f'<option value="2025-04/{own}" selected>Joko Tallo, April 2025' in asking
    sent = {"pd": "diskominfo", "subjek": f"2025-04/{own}"}
    page.post("/dokumen/buat/rekap_perorangan/", sent)
    assert DocumentOrder.objects.get().subject == f"2025-04/{own}"
    outbox.drain()
    name = "Rekap Perorangan Kehadiran April 2025 - Joko Tallo.docx"
    assert Document.objects.get().file_name == name
    assert name in html_of(page.get("/dokumen/?cari=tallo"))


@pytest.mark.usefixtures("the_fourth_of_may")
def test_who_has_no_role_is_offered_only_what_is_about_himself(cast: Cast) -> None:
    page = html_of(browser(cast.employee).get("/dokumen/buat/"))
    assert "Rekap Perorangan Kehadiran" in page
    assert "Laporan Evaluasi Berkala" not in page
    assert "Laporan Gangguan" not in page
    assert browser(cast.employee).get("/dokumen/buat/ba_gangguan/").status_code == 404


def test_what_is_not_settled_is_marked() -> None:
    assert "DRAF" not in words("rekap_bulanan")
    assert "DRAF: belum" in words("rekap_bulanan", draf=True, dasar="DRAF: belum disahkan")
    assert "SEMENTARA: x" in words("rekap_harian", sementara=True, dasar="SEMENTARA: x")


@pytest.mark.parametrize("key", ["rekap_harian", "rekap_mingguan", "rekap_bulanan"])
def test_percentages_stand_with_their_definition(key: str) -> None:
    assert "Persen hadir fisik = H dibagi HK" in words(key)


@pytest.mark.parametrize("key", ["rekap_harian", "rekap_mingguan", "daftar_hadir_manual"])
def test_a_time_with_nobody_is_a_report_too(key: str) -> None:
    assert words(key, bagian=[], jumlah_pegawai=0, terisi=[])


def test_the_week_names_its_days_at_the_head() -> None:
    report = report_named("rekap_mingguan")
    assert report.sample["hari"][0].splitlines()[0] in words("rekap_mingguan")


def test_what_nobody_stores_is_a_dotted_line_and_what_is_known_is_printed() -> None:
    told = report_named("ba_gangguan").sample["gangguan"]
    said = ("gejala", "diagnosa", "tindakan", "suku_cadang", "hasil")
    unsaid = told | dict.fromkeys(said, "")
    assert words("ba_gangguan", gangguan=unsaid).count("." * 60) == 7
    told |= {name: f"tentang {name}" for name in said}
    text = words("ba_gangguan", gangguan=told)
    assert "tentang tindakan" in text
    assert "." * 60 not in text


def test_the_manual_list_has_room_for_times_and_initials_and_its_recap_only_when_typed() -> None:
    full, blank = words("daftar_hadir_manual"), words("daftar_hadir_manual", terisi=[], rekap={})
    assert all(text in blank for text in ("Paraf", "Jam"))
    assert "REKAP DAFTAR HADIR MANUAL" in full
    assert "REKAP DAFTAR HADIR MANUAL" not in blank
