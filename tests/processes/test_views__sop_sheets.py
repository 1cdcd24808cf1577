"""The sheet of a SOP for those who work by it, also where the audit is closed to them."""

import pytest

from organization.models import User
from processes.models import Instance
from tests.cast import Cast
from tests.pages import browser
from tests.processes.pages import text_of

SHEET = "/proses/sop/permohonan_singkat/"


@pytest.fixture
def clerk(cast: Cast) -> User:
    """An operator, who may not audit."""
    assert browser(cast.operator).get("/audit/sop/permohonan_singkat/").status_code == 403
    return cast.operator


def test_who_performs_a_sop_reads_its_sheet(instance: Instance, clerk: User) -> None:
    words = text_of(browser(clerk).get(SHEET))
    assert "Nomor SOP 01/UJI/2026" in words
    assert "Prosedur dan mutu baku" in words
    assert "Waktu yang diperlukan" in words
    assert "Buat Word" not in words
    assert "Audit waktu kerja" not in words


def test_an_instance_leads_to_the_sheet_by_which_it_runs(instance: Instance, clerk: User) -> None:
    address = f"{SHEET}?versi={instance.definition_version[:12]}"
    assert address in browser(clerk).get(f"/proses/{instance.pk}/").content.decode()
    assert browser(clerk).get(address).status_code == 200


def test_the_sheets_are_listed_by_title(instance: Instance, clerk: User) -> None:
    words = text_of(browser(clerk).get("/proses/sop/"))
    assert words.index("Lampiran Singkat") < words.index("Permohonan Singkat")
    assert "/proses/sop/" in browser(clerk).get("/proses/").content.decode()


@pytest.mark.parametrize("address", ["/proses/sop/gajah/", f"{SHEET}?versi=0123456789ab"])
def test_what_is_no_sheet_is_not_found(instance: Instance, clerk: User, address: str) -> None:
    assert browser(clerk).get(address).status_code == 404
