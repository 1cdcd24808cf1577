"""The signed PDF comes back once, is what it was, and is from then on the record."""

import hashlib
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from documents.archive.checking import check_signed
from documents.archive.verification import compared
from documents.models import Document, SignedCopy
from documents.renditions.signed import CodeMissing, SignedRefused, keep_signed
from documents.storage import stored_path
from foundation.models import Event
from foundation.uploads import UploadRefused
from organization.models import User
from tests import files
from tests.cast import NOW, Cast
from tests.documents.renditions.conftest import MakeDocument
from tests.documents.renditions.pdfs import pdf_saying


def keep(document: Document, content: bytes, user: User, vouch: bool = False) -> SignedCopy:
    return keep_signed(
        document=document,
        file=io.BytesIO(content),
        name="surat ttd.pdf",
        user=user,
        now=NOW,
        is_vouched_for=vouch,
    )


def with_code(document: Document) -> bytes:
    return pdf_saying(f"SOPan - kode {document.spaced_code}")


def test_it_is_stored_byte_for_byte_with_who_and_an_event(
    make_document: MakeDocument, cast: Cast
) -> None:
    document = make_document()
    content = with_code(document)
    copy = keep(document, content, cast.operator)
    assert stored_path(copy.file.name or "").read_bytes() == content
    assert copy.sha256 == hashlib.sha256(content).hexdigest()
    assert (copy.uploaded_by, copy.original_name, copy.has_code) == (
        cast.operator, "surat ttd.pdf", True,
    )  # fmt: skip
    event = Event.objects.get(verb="document_signed")
    assert (event.actor_id, event.after["sha256"]) == (cast.operator.pk, copy.sha256)
    assert not list(check_signed(copy))


def test_the_public_page_knows_the_signed_pdf(make_document: MakeDocument, cast: Cast) -> None:
    document = make_document()
    content = with_code(document)
    keep(document, content, cast.kadis)
    document = Document.objects.get(pk=document.pk)
    assert compared(document, [content]) == "PDF bertanda tangan"
    assert compared(document, [content + b"\n"]) == ""


def test_a_pdf_without_the_code_is_kept_only_when_somebody_vouches_for_it(
    make_document: MakeDocument, cast: Cast
) -> None:
    document = make_document()
    with pytest.raises(CodeMissing, match="tidak ditemukan"):
        keep(document, pdf_saying("surat lain"), cast.admin)
    copy = keep(document, pdf_saying("hasil pindai"), cast.admin, vouch=True)
    assert not copy.has_code
    assert Event.objects.get(verb="document_signed").after["has_code"] is False


@pytest.mark.parametrize(
    "content",
    [b"", b"bukan pdf", files.image(), files.archive({"a.txt": b"x"}), b"%PDF-1.4 terpotong"],
)
def test_what_is_no_whole_pdf_is_refused(
    make_document: MakeDocument, cast: Cast, content: bytes
) -> None:
    with pytest.raises(UploadRefused):
        keep(make_document(), content, cast.kadis, vouch=True)
    assert not SignedCopy.objects.exists()


def test_a_broken_pdf_is_refused_even_when_vouched_for(
    make_document: MakeDocument, cast: Cast
) -> None:
    with pytest.raises(SignedRefused, match="rusak atau bersandi"):
        keep(make_document(), files.pdf(), cast.kadis, vouch=True)


def test_it_comes_once(make_document: MakeDocument, cast: Cast) -> None:
    document = make_document()
    keep(document, with_code(document), cast.kadis)
    with pytest.raises(SignedRefused, match="sudah diunggah"):
        keep(document, with_code(document), cast.kadis)


def test_a_withdrawn_document_is_not_signed_any_more(
    make_document: MakeDocument, cast: Cast
) -> None:
    document = make_document(withdrawn_at=NOW)
    with pytest.raises(SignedRefused, match="sudah dicabut"):
        keep(document, with_code(document), cast.kadis)


def test_the_page_of_a_withdrawn_document_has_no_form(
    make_document: MakeDocument, cast: Cast, client: Client
) -> None:
    document = make_document(withdrawn_at=NOW)
    client.force_login(cast.kadis)
    page = f"{document.get_absolute_url()}tanda-tangan/"
    for answer in (client.get(page), client.post(page)):
        assert answer.status_code == 422
        assert "sudah dicabut; tidak dapat ditandatangani lagi" in answer.content.decode()
        assert 'name="berkas"' not in answer.content.decode()


def test_a_signed_pdf_that_changed_is_handed_to_nobody(
    make_document: MakeDocument, cast: Cast, client: Client
) -> None:
    document = make_document()
    copy = keep(document, with_code(document), cast.kadis)
    stored_path(copy.file.name or "").write_bytes(b"%PDF palsu")
    client.force_login(cast.kadis)
    assert client.get(f"{document.get_absolute_url()}bertanda-tangan/").status_code == 409
    html = client.get(document.get_absolute_url()).content.decode()
    assert "Berkas PDF bertanda tangan berubah atau hilang" in html


@pytest.mark.parametrize("who", ["employee", "superior", "outsider", "secretary"])
def test_others_may_not(make_document: MakeDocument, cast: Cast, who: str) -> None:
    document = make_document()
    with pytest.raises(PermissionDenied):
        keep(document, with_code(document), getattr(cast, who))


def test_on_the_pages_the_signed_pdf_comes_first_and_word_stays(
    make_document: MakeDocument, cast: Cast, client: Client
) -> None:
    document = make_document()
    client.force_login(cast.kadis)
    page = f"{document.get_absolute_url()}tanda-tangan/"
    other = client.post(page, {"berkas": io.BytesIO(pdf_saying("lain"))})
    assert other.status_code == 422
    assert "centang pernyataan" in other.content.decode()
    content = with_code(document)
    assert client.post(page, {"berkas": io.BytesIO(content)}).status_code == 302
    html = client.get(document.get_absolute_url()).content.decode()
    signed, word = html.index("Unduh PDF bertanda tangan"), html.index("Unduh Word")
    assert signed < word
    assert "diperiksa dengan aplikasi BSrE" in html
    answer = client.get(f"{document.get_absolute_url()}bertanda-tangan/")
    assert b"".join(answer.streaming_content) == content  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "application/pdf"
    assert "sudah tersimpan" in client.get(page).content.decode()
