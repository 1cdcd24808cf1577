"""Serah terima bahan: what was handed over, seen by those whose role shows it, and its files."""

import pytest

from attendance import services
from attendance.exceptions import RecapRefused
from attendance.models import Handover, HandoverPackage
from documents.storage import sha256_of, stored_path
from foundation.actors import SYSTEM
from organization.models import User
from tests.access.handed_over import handed_over
from tests.attendance.asking import bkd
from tests.attendance.people import AFTER_APRIL, APRIL, fill_april
from tests.cast import Cast
from tests.pages import browser, html_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_fourth_of_may")]
LIST = "/absensi/serah-terima/"


@pytest.fixture
def package(cast: Cast) -> HandoverPackage:
    fill_april(cast.everyone)
    services.build_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    recap = services.freeze_recap(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    found = handed_over(recap)["handover_package"]
    assert isinstance(found, HandoverPackage)
    return found


def test_bkd_and_the_head_see_what_was_handed_over(package: HandoverPackage, cast: Cast) -> None:
    for user in (bkd(cast), cast.kadis, cast.admin):
        shown = html_of(browser(user).get(LIST))
        assert "Bahan laporan disiplin April 2026, versi 1" in shown
        assert "SOP Penyusunan Laporan Disiplin Pegawai" in shown


@pytest.mark.parametrize("who", ["operator", "employee", "superior"])
def test_others_do_not(package: HandoverPackage, cast: Cast, who: str) -> None:
    user: User = getattr(cast, who)
    assert browser(user).get(LIST).status_code == 403
    assert browser(user).get(f"{LIST}{package.handover_id}/").status_code == 404
    assert browser(user).get(f"{LIST}berkas/{package.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("jenis=discipline", True),
        ("jenis=performance", False),
        ("keadaan=prepared", True),
        ("keadaan=received", False),
        ("jenis=lain&keadaan=lain", True),
    ],
)
def test_the_list_is_narrowed_by_what_is_asked(
    package: HandoverPackage, cast: Cast, query: str, shown: bool
) -> None:
    found = html_of(browser(bkd(cast)).get(f"{LIST}?{query}"))
    assert (f"{LIST}{package.handover_id}/" in found) is shown


def test_an_agency_that_one_does_not_look_after_is_not_told_of(
    package: HandoverPackage, cast: Cast
) -> None:
    assert browser(cast.kadis).get(f"{LIST}?pd={cast.other_agency.code}").status_code == 404


def test_the_page_tells_the_hash_of_the_file_that_it_hands_out(
    package: HandoverPackage, cast: Cast
) -> None:
    client = browser(bkd(cast))
    shown = html_of(client.get(f"{LIST}{package.handover_id}/"))
    assert package.sha256 in shown
    assert "Belum diserahkan" in shown

    response = client.get(f"{LIST}berkas/{package.pk}/")
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert sha256_of(content) == package.sha256
    assert response["Cache-Control"] == "private, no-store"


def test_a_file_that_is_gone_is_not_found(package: HandoverPackage, cast: Cast) -> None:
    stored_path(package.path).unlink()
    assert browser(bkd(cast)).get(f"{LIST}berkas/{package.pk}/").status_code == 404


def test_what_was_handed_over_is_not_deleted(package: HandoverPackage) -> None:
    with pytest.raises(RecapRefused, match="tidak dapat dihapus"):
        package.delete()
    assert Handover.objects.count() == 1
