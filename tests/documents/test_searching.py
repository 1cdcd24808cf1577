"""The list of documents is narrowed by month, agency, kind, number and state, in few queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents.models import Document
from documents.office.choosing import Template
from documents.services import issue_document, withdraw_document
from foundation.actors import SYSTEM
from organization.models import User
from processes.models import Instance
from tests.cast import NOW, Cast, appoint
from tests.documents.test_services import issue, wanted
from tests.documents.words import make_template


@pytest.fixture
def rows(instance: Instance, cast: Cast) -> dict[str, Document]:
    """Documents that differ in everything that can be looked for."""
    plain = Template("uji/surat.docx", make_template("{{ nomor }}"))
    elsewhere = {
        "instance": None,
        "agency": cast.other_agency,
        "signatory": "",
        "template": plain,
    }
    day = {"instance": None, "kind": "harian", "title": "Rekap Harian"}
    first = issue(instance)
    withdrawn = issue(instance, kind="nota", title="Nota")
    withdraw_document(document=withdrawn, reason="angkanya salah", actor=SYSTEM, now=NOW)
    return {
        "old": first,
        "new": issue(instance, visit=2),
        "withdrawn": withdrawn,
        "day": issue_document(wanted(instance, subject="2026-02-17", **day)),
        "timeless": issue_document(
            wanted(instance, instance=None, subject="", now=NOW + timedelta(days=60))
        ),
        "elsewhere": issue_document(wanted(instance, **elsewhere)),
    }


def found(user: User, rows: dict[str, Document], **asked: str) -> set[str]:
    client = Client()
    client.force_login(user)
    page = client.get(reverse("dokumen:index"), asked)
    assert page.status_code == 200
    shown = {document.pk for document in page.context["page"]}
    return {name for name, row in rows.items() if row.pk in shown}


LOOKED_FOR: list[tuple[dict[str, str], set[str]]] = [
    ({"bulan": "2026-04"}, {"old", "new", "withdrawn"}),
    ({"bulan": "2026-02"}, {"day"}),
    ({"bulan": "2026-06"}, {"timeless"}),
    ({"bulan": "2026-13"}, {"old", "new", "withdrawn", "day", "timeless"}),
    ({"jenis": "harian"}, {"day"}),
    ({"cari": "harian"}, {"day"}),
    ({"keadaan": "digantikan"}, {"old"}),
    ({"keadaan": "dicabut"}, {"withdrawn"}),
    ({"keadaan": "berlaku"}, {"new", "day", "timeless"}),
    ({"keadaan": "berlaku", "bulan": "2026-04", "jenis": "surat"}, {"new"}),
    ({"keadaan": "apa saja"}, {"old", "new", "withdrawn", "day", "timeless"}),
]


@pytest.mark.parametrize(("asked", "names"), LOOKED_FOR)
def test_what_is_looked_for_is_found_and_nothing_else(
    rows: dict[str, Document], cast: Cast, asked: dict[str, str], names: set[str]
) -> None:
    assert found(cast.kadis, rows, **asked) == names


def test_a_number_finds_its_letter(rows: dict[str, Document], cast: Cast) -> None:
    assert found(cast.kadis, rows, cari=rows["new"].number) == {"new"}


def test_who_sees_several_agencies_chooses_among_them(
    rows: dict[str, Document], cast: Cast
) -> None:
    appoint(cast.kadis, "Auditor", cast.other_agency)
    assert len(found(cast.kadis, rows)) == len(rows)
    assert found(cast.kadis, rows, pd=cast.other_agency.code) == {"elsewhere"}
    client = Client()
    client.force_login(cast.admin)
    assert 'name="pd"' not in client.get(reverse("dokumen:index")).content.decode()


def test_the_filters_cost_no_queries_by_the_row(rows: dict[str, Document], cast: Cast) -> None:
    client: Any = Client()
    client.force_login(cast.kadis)
    asked = {"bulan": "2026-04", "keadaan": "berlaku", "cari": "surat"}
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("dokumen:index"), asked)
    large = [q["sql"] for q in captured if '"documents_document"."context"' in q["sql"]]
    assert not large
    assert len(captured) <= 20
