"""The public page of a code: genuine, changed, withdrawn, replaced; nothing personal."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents.archive.verification import read_code
from documents.models import Document, PdfCopy, SignedCopy
from documents.office.choosing import Template
from documents.services import withdraw_document
from documents.storage import sha256_of, stored_path, write_file
from foundation import ledger
from foundation.actors import SYSTEM
from processes.models import Instance
from tests.cast import NOW, Cast
from tests.documents.test_services import content_of, issue
from tests.documents.words import make_template

PERSON = "Maria Nahak, S.T."


@pytest.fixture
def document(instance: Instance) -> Document:
    """A notice to a superior: its file name and its data name the people it is about."""
    return issue(instance, item_key="198503122010011001", item_label=PERSON)


def page(code: str, **posted: Any) -> Any:
    client = Client(headers={"host": "testserver"})
    address = reverse("verify", args=[code])
    return client.post(address, posted) if posted else client.get(address)


def text(code: str, **posted: Any) -> str:
    return " ".join(page(code, **posted).content.decode().split())


def upload(content: bytes, name: str = "surat.docx") -> dict[str, Any]:
    return {"berkas": SimpleUploadedFile(name, content)}


def test_a_genuine_document_says_number_date_kind_agency_and_signer(document: Document) -> None:
    html = text(document.code)
    for told in ("Asli dan berlaku", document.number, "April 2026", "Surat", document.agency.name,
                 "Kepala Dinas, Ratna Seran"):  # fmt: skip
        assert told in html


def test_nothing_personal_about_employees_is_told(document: Document) -> None:
    html = text(document.code)
    assert PERSON in document.file_name
    assert document.instance is not None
    secrets = (PERSON, "Maria", document.item_key, document.file_name, document.written_by)
    for secret in (*secrets, document.sha256, document.instance.title):
        assert secret not in html


@pytest.mark.parametrize("write", [str.lower, lambda c: f"{c[:4]}-{c[4:8]}-{c[8:]}",
                                   lambda c: f" {c[:4]} {c[4:8]} {c[8:]}"])  # fmt: skip
def test_the_code_may_be_written_as_people_write(document: Document, write: Any) -> None:
    assert page(write(document.code)).status_code == 200


def test_letters_that_look_like_digits_are_those_digits() -> None:
    assert read_code("IlO0-1234-5678") == "110012345678"
    for wrong in ("", "123", "0" * 13, "U" * 12, "../../etc/pas", "é" * 12):
        assert read_code(wrong) == ""


@pytest.mark.parametrize("code", ["000000000000", "x", "U" * 12, "0" * 300, "<script>", "%20"])
def test_an_unknown_code_is_not_found_and_says_what_to_do(instance: Instance, code: str) -> None:
    answer = page(code)
    assert answer.status_code == 404
    assert "Kode tidak dikenal" in answer.content.decode()
    assert "<script>" not in answer.content.decode()


def test_whatever_is_no_code_costs_as_many_queries_as_an_unknown_one(instance: Instance) -> None:
    counts = set()
    for code in ("000000000000", "x"):
        with CaptureQueriesContext(connection) as captured:
            page(code)
        counts.add(len(captured))
    assert len(counts) == 1


def test_no_machine_lists_it_and_no_cache_keeps_it(document: Document) -> None:
    for code in (document.code, "000000000000"):
        answer = page(code)
        assert answer["X-Robots-Tag"].startswith("noindex")
        assert answer["Cache-Control"] == "no-store"


def test_a_changed_file_or_row_is_told(document: Document) -> None:
    path = stored_path(document.file.name or "")
    whole = path.read_bytes()
    path.write_bytes(b"palsu")
    assert "Berkas di arsip berubah" in text(document.code)
    path.unlink()
    assert "Berkas di arsip berubah" in text(document.code)
    path.write_bytes(whole)
    assert "Asli dan berlaku" in text(document.code)
    Document.objects.update(number="800/999/PALSU")
    assert "Berkas di arsip berubah" in text(document.code)


def test_a_withdrawn_document_is_told_without_the_reason(document: Document) -> None:
    withdraw_document(document=document, reason=f"{PERSON} keliru dicatat", actor=SYSTEM, now=NOW)
    html = text(document.code)
    assert "Sudah dicabut" in html
    assert PERSON not in html
    assert "Asli dan berlaku" not in html


def test_a_replaced_document_names_its_successor(document: Document, instance: Instance) -> None:
    ralat = issue(instance, item_key=document.item_key, replaces=document)
    html = text(document.code)
    assert "sudah digantikan" in html
    assert f"nomor {ralat.number}" in html
    assert "ralat ke-1" in html
    assert reverse("verify", args=[ralat.code]) in html
    assert "Asli dan berlaku" in text(ralat.code)


def test_where_the_replacement_was_withdrawn_nothing_stands(
    document: Document, instance: Instance
) -> None:
    second = issue(instance, item_key=document.item_key, replaces=document)
    third = issue(instance, item_key=document.item_key, replaces=second)
    withdraw_document(document=third, reason="angkanya salah semua", actor=SYSTEM, now=NOW)
    for row in (document, second):
        html = text(row.code)
        assert "Tidak berlaku lagi." in html
        assert f"nomor {third.number} tanggal 20 April 2026 (ralat ke-2), dicabut pada" in html
        assert "Tidak ada yang berlaku." in html
        assert reverse("verify", args=[third.code]) in html


def test_the_end_of_the_line_is_named_not_what_was_withdrawn_on_the_way(
    document: Document, instance: Instance
) -> None:
    second = issue(instance, item_key=document.item_key, replaces=document)
    withdraw_document(document=second, reason="angkanya salah semua", actor=SYSTEM, now=NOW)
    third = issue(instance, item_key=document.item_key, replaces=second)
    for row in (document, second):
        assert f"nomor {third.number}" in text(row.code)
        assert "Tidak ada yang berlaku." not in text(row.code)
    assert "sudah digantikan" in text(document.code)
    assert "Sudah dicabut." in text(second.code)


@pytest.mark.parametrize("marks", [
    {"draf": True, "dasar": "DRAF menurut data 1 Mei 2026; rekap bulan ini belum disahkan."},
    {"sementara": True},
    {"keadaan": "SEMENTARA: rekap bulan ini belum disahkan."},
])  # fmt: skip
def test_a_paper_marked_as_a_draft_is_no_valid_one_and_names_no_signer(
    instance: Instance, marks: dict[str, Any]
) -> None:
    html = text(issue(instance, context=marks).code)
    assert "Draf, belum berlaku." in html
    assert "Asli dan berlaku" not in html
    assert "Ratna Seran" not in html


def test_a_recap_that_was_approved_is_valid(instance: Instance) -> None:
    marks = {"draf": False, "sementara": False, "dasar": "Menurut rekap yang disahkan."}
    assert "Asli dan berlaku" in text(issue(instance, context=marks).code)


def test_of_a_paper_that_others_sign_by_hand_no_signer_is_told(instance: Instance) -> None:
    template = Template("uji/ba.docx", make_template("{{ nomor }}"))
    html = text(issue(instance, signatory="", template=template).code)
    assert "anda tangan" not in html.partition("Cocokkan berkas Anda")[0]


# Comparing a file -------------------------------------------------------------------------------


def test_the_issued_file_is_the_same_and_any_other_is_not(document: Document) -> None:
    content = content_of(document)
    assert "persis sama dengan berkas Word" in text(document.code, **upload(content))
    assert "Berbeda." in text(document.code, **upload(content[:-1] + b"x"))


def test_what_the_comparison_found_comes_before_what_the_code_stands_for(
    document: Document,
) -> None:
    """On a telephone the page begins with it; red comes above green."""
    assert 'id="hasil"' not in text(document.code)
    for content, found in ((b"lain", "Berbeda."), (content_of(document), "Sama.")):
        html = text(document.code, **upload(content))
        assert html.index('id="hasil"') < html.index(found) < html.index("Asli dan berlaku")
        assert f'action="{reverse("verify", args=[document.code])}#hasil"' in html


def test_pdf_and_signed_pdf_are_known_too(document: Document, cast: Cast) -> None:
    for name in ("a", "b"):
        write_file(stored_path(f"documents/uji/{name}.pdf"), b"%PDF " + name.encode())
    PdfCopy.objects.create(
        document=document, state="done", asked_at=NOW, file="documents/uji/a.pdf",
        sha256=sha256_of(b"%PDF a"), size=6,
    )  # fmt: skip
    signed = SignedCopy.objects.create(
        document=document, file="documents/uji/b.pdf", sha256=sha256_of(b"%PDF b"), size=6,
        original_name="b.pdf", uploaded_by=cast.kadis, uploaded_at=NOW,
    )  # fmt: skip
    ledger.record(
        stream=cast.agency, actor=SYSTEM, verb="signed_copy_stored", now=NOW,
        subject=f"documents.signedcopy:{signed.pk}", after={"sha256": signed.sha256},
    )  # fmt: skip
    assert "persis sama dengan PDF yang" in text(document.code, **upload(b"%PDF a"))
    assert "persis sama dengan PDF bertanda tangan" in text(document.code, **upload(b"%PDF b"))
    stored_path("documents/uji/b.pdf").write_bytes(b"palsu")
    assert "Berkas di arsip berubah" in text(document.code)


def test_an_empty_or_huge_file_is_refused_in_words(
    document: Document, settings: LazySettings
) -> None:
    assert page(document.code, **upload(b"")).status_code == 422
    settings.UPLOAD_MAX_BYTES = 10
    answer = page(document.code, **upload(b"x" * 11))
    assert answer.status_code == 422
    assert "Berkas lebih besar dari" in answer.content.decode()


def test_nothing_of_a_compared_file_is_kept(document: Document) -> None:
    before = set(stored_path("").rglob("*"))
    page(document.code, **upload(b"rahasia"))
    assert set(stored_path("").rglob("*")) == before


def test_comparing_needs_the_token_of_the_page(document: Document) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(reverse("verify", args=[document.code]), upload(b"x"))
    assert answer.status_code == 403


# The form ---------------------------------------------------------------------------------------


def test_the_form_leads_to_the_page_of_the_code(document: Document) -> None:
    typed = document.code[:4].lower() + " " + document.code[4:]
    answer = Client().get(reverse("verification"), {"kode": typed})
    assert answer["Location"] == reverse("verify", args=[document.code])


@pytest.mark.django_db
def test_the_form_says_what_a_code_looks_like() -> None:
    html = Client().get(reverse("verification"), {"kode": "800/001"}).content.decode()
    assert "bukan kode verifikasi" in html
    assert Client().get(reverse("verification")).status_code == 200
