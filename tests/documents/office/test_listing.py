"""All templates that an office may change, what holds of each, and data to show it with."""

import pytest
from django.conf import LazySettings

from documents.models import Document
from documents.office.listing import (
    Offered,
    UnknownTemplate,
    listed,
    newest_data,
    offered_template,
    offered_templates,
)
from documents.office.versions import choose_template
from processes.models import Instance
from tests.cast import NOW, Cast
from tests.documents.conftest import work
from tests.documents.office.conftest import KEY, Upload


def test_templates_of_procedures_and_of_reports_are_listed_with_where_they_are_used() -> None:
    found = {offered.key: offered for offered in offered_templates()}
    summary = found["pengelolaan_e_absensi/resume.docx"]
    assert summary.title == "Resume Kehadiran Pegawai"
    assert summary.origin.startswith("SOP Pengelolaan e-Absensi")
    assert summary.used
    assert summary.kinds == ("resume",)
    report = found["laporan/tanda_terima_akun.docx"]
    assert (report.title, report.origin) == ("Tanda Terima Akun", "Laporan")


def test_each_standard_template_comes_with_data_that_name_all_it_uses() -> None:
    for offered in offered_templates():
        assert offered.has_sample, offered.key
        assert offered.standard[:2] == b"PK", offered.key


def test_a_name_that_is_none_is_told(settings: LazySettings) -> None:
    with pytest.raises(UnknownTemplate, match="laporan/tidak_ada"):
        offered_template("laporan/tidak_ada.docx")


def test_what_holds_is_told_of_each_agency_by_itself(
    cast: Cast, offered: Offered, upload: Upload
) -> None:
    version = upload("{{ nomor }}")
    choose_template(
        offered=offered, agency=cast.agency, version=version, for_running=False,
        user=cast.kadis, now=NOW,
    )  # fmt: skip
    newer = upload("{{ isi }}", minutes=1)
    own = {row.offered.key: row for row in listed(cast.agency)}
    theirs = {row.offered.key: row for row in listed(cast.other_agency)}
    assert (own[KEY].holds, own[KEY].newest) == (version, newer)
    assert (theirs[KEY].holds, theirs[KEY].newest) == (None, None)


def test_the_newest_own_document_of_the_kind_lends_its_data(
    cast: Cast, instance: Instance, offered: Offered
) -> None:
    assert newest_data(offered, cast.agency) is None
    work(instance)
    document = Document.objects.get(kind="surat")
    assert newest_data(offered, cast.agency) == document
    assert newest_data(offered, cast.other_agency) is None
