"""The pages of templates: what one sees, uploads and chooses, and what is refused in words."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from documents.models import OfficeTemplate, TemplateChoice
from documents.office import jobs
from documents.office.listing import Offered
from documents.storage import stored_path
from tests import files
from tests.cast import Cast
from tests.documents.office.conftest import Upload
from tests.documents.renderer_words import with_part
from tests.documents.test_template_guard import PARTS, RUN
from tests.documents.words import make_template, text_of

PAGE = "/dokumen/templat/surat_singkat/surat/"
GOOD = make_template("{{ nomor }} {{ isi }} {{ ttd.nama }}")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def page(client: Client, cast: Cast, offered: Offered) -> Client:
    client.force_login(cast.admin)
    return client


def send(page: Client, content: bytes, name: str = "surat.docx") -> tuple[int, str, str]:
    """Upload a file; return status, address and text of the answer."""
    file = SimpleUploadedFile(name, content, content_type=WORD)
    answer = page.post(PAGE, {"file": file, "note": "kop baru"})
    return answer.status_code, answer.headers.get("Location", ""), answer.content.decode()


def test_templates_are_listed_and_lead_to_their_page(page: Client) -> None:
    text = page.get("/dokumen/templat/").content.decode()
    assert "Surat Pemberitahuan" in text
    assert PAGE in text
    assert "Standar" in text


def test_an_upload_shows_that_it_is_looked_through_then_what_came_of_it(
    page: Client, cast: Cast
) -> None:
    status, address, _ = send(page, GOOD)
    assert status == 302
    version = OfficeTemplate.objects.get()
    assert address == version.get_absolute_url()
    waiting = page.get(address).content.decode()
    assert "Sistem sedang memeriksa" in waiting
    assert "data-refresh-seconds" in waiting
    jobs.check({"template": version.pk})
    text = page.get(address).content.decode()
    assert "Dapat dipakai" in text
    assert "Pakai versi ini" in text
    filled = b"".join(page.get(f"{address}contoh/").streaming_content)  # type: ignore[attr-defined]
    assert any("Rapat koordinasi" in line for line in text_of(filled))
    assert page.get(f"{address}contoh-pdf/").status_code == 404  # no LibreOffice here


def test_findings_stand_in_a_table_with_place_and_what_to_do(page: Client, upload: Upload) -> None:
    version = upload("{{ nomor }}", "{{ is }}", "<b>{{ kop.nam }}</b>")
    text = page.get(version.get_absolute_url()).content.decode()
    for words in ("2 hal perlu diperbaiki", "Paragraf 2: {{ is }}", "Maksudnya isi?", "&lt;b&gt;"):
        assert words in text
    assert "<b>{{" not in text
    assert "Pakai versi ini" not in text


def test_a_version_is_chosen_after_a_question_and_taken_back(page: Client, upload: Upload) -> None:
    version = upload("{{ isi }}")
    question = page.get(f"{PAGE}pilih/?versi=1").content.decode()
    assert "Pakai versi 1?" in question
    assert "yang sedang berjalan" in question
    assert page.post(f"{PAGE}pilih/", {"versi": "1", "berlaku": "semua"}).status_code == 302
    choice = TemplateChoice.objects.get()
    assert (choice.template, choice.for_running) == (version, True)
    assert "Versi 1" in page.get("/dokumen/templat/").content.decode()
    page.post(f"{PAGE}pilih/", {"versi": "0", "berlaku": "baru"})
    assert TemplateChoice.objects.first().template is None  # type: ignore[union-attr]
    history = page.get(PAGE).content.decode()
    assert "Templat standar" in history
    assert "juga untuk berkas yang berjalan" in history


def test_a_version_with_errors_is_not_chosen_whatever_is_posted(
    page: Client, upload: Upload
) -> None:
    upload("{{ is }}")
    answer = page.post(f"{PAGE}pilih/", {"versi": "1", "berlaku": "baru"})
    assert answer.status_code == 422
    assert "belum dapat dipakai" in answer.content.decode()
    assert not TemplateChoice.objects.exists()


def test_a_version_with_errors_is_no_question_but_leads_to_what_is_wrong(
    page: Client, upload: Upload
) -> None:
    version = upload("{{ is }}")
    answer = page.get(f"{PAGE}pilih/?versi=1")
    assert (answer.status_code, answer.headers["Location"]) == (302, version.get_absolute_url())


@pytest.mark.parametrize("number", ["9", "-1", "x", "1e3", "99999999999", ""])
def test_a_version_that_is_none_is_not_found(page: Client, number: str) -> None:
    assert page.post(f"{PAGE}pilih/", {"versi": number, "berlaku": "baru"}).status_code == 404


def test_names_are_shown_and_handed_out_as_a_table(page: Client) -> None:
    text = page.get(PAGE).content.decode()
    assert "{{ baris_orang.nama }}" in text
    table = page.get(f"{PAGE}nama/")
    assert "attachment" in table.headers["Content-Disposition"]
    assert "orang[].nama;{{ baris_orang.nama }};Petrus Nahak" in table.content.decode("utf-8-sig")


def test_the_standard_template_is_handed_out(page: Client, offered: Offered) -> None:
    answer = page.get(f"{PAGE}standar/")
    assert answer.headers["Content-Type"] == WORD
    assert text_of(answer.content) == text_of(offered.standard)


def test_the_uploaded_file_comes_back_as_it_was(page: Client) -> None:
    _, address, _ = send(page, GOOD)
    answer = page.get(f"{address}unduh/")
    assert b"".join(answer.streaming_content) == GOOD  # type: ignore[attr-defined]
    assert "surat v1.docx" in answer.headers["Content-Disposition"]


REFUSED = {
    "nothing": (b"", "kosong"),
    "text": (b"Halo {{ nama }}", "Word (.docx)"),
    "a PDF": (files.pdf(), "isinya PDF"),
    "a picture": (files.image(), "isinya JPEG"),
    "a sheet": (files.workbook([["a"]]), "isinya Excel"),
    "a zip": (files.archive({"a.txt": b"x"}), "isinya ZIP"),
    "an old or encrypted document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "lama"),
    "half a document": (GOOD[: len(GOOD) // 2], "rusak"),
    "six megabytes": (GOOD + b"\x00" * 6 * 1024 * 1024, "batasnya 5 MB"),
    "a way out of the folder": (
        files.with_member(GOOD, "../../etc/cron.d/x", b"x"),
        "luar folder",
    ),
    "a name with a zero": (
        files.with_member(GOOD, "word/aXb.xml", b"<a/>").replace(b"aXb", b"a\x00b"),
        "luar folder",
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_word_file_is_refused_in_words(page: Client, kind: str) -> None:
    content, words = REFUSED[kind]
    status, _, text = send(page, content)
    assert status == 422
    assert words in text or (kind == "nothing" and "field--error" in text)
    assert not OfficeTemplate.objects.exists()


@pytest.mark.parametrize("kind", PARTS)
def test_a_hostile_word_file_is_refused_in_words_and_nothing_is_kept(
    page: Client, kind: str
) -> None:
    before = kept()
    status, _, text = send(page, with_part(GOOD, *PARTS[kind]), "surat.docx")
    assert status == 422
    assert "field--error" in text
    assert not OfficeTemplate.objects.exists()
    assert kept() == before


def test_an_encrypted_member_is_refused(page: Client) -> None:
    content = bytearray(GOOD)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        content[at + flags] |= 1
    status, _, text = send(page, bytes(content))
    assert status == 422
    assert "sandi" in text


def test_fifty_megabytes_are_refused_with_their_size(page: Client) -> None:
    status, _, text = send(page, GOOD + b"\x00" * 50 * 1024 * 1024)
    assert status == 422
    assert "50" in text
    assert "batasnya 5 MB" in text


def test_a_name_is_only_a_label(page: Client) -> None:
    send(page, GOOD, "..\\..\\<script>alert(1)</script>\u202e.docx")
    version = OfficeTemplate.objects.get()
    assert (version.file.name or "").startswith("templates/")
    assert "<script>" not in page.get(version.get_absolute_url()).content.decode()


def test_code_in_a_template_is_told_and_never_run(
    page: Client, upload: Upload, tmp_path: Path
) -> None:
    marker = tmp_path / "berjalan"
    code = RUN.replace("/tmp/sopan-templat-berjalan", str(marker))  # noqa: S108
    version = upload(f"{{{{ cycler.__init__.__globals__.os.{code} }}}}")
    assert version.state == OfficeTemplate.State.REFUSED
    assert "tidak diizinkan" in page.get(version.get_absolute_url()).content.decode()
    assert not marker.exists()


def test_who_does_not_manage_templates_finds_nothing(
    client: Client, cast: Cast, upload: Upload
) -> None:
    version = upload("{{ isi }}")
    client.force_login(cast.operator)
    assert client.get("/dokumen/templat/").status_code == 403
    assert client.get(version.get_absolute_url()).status_code == 404
    client.force_login(cast.outsider)
    assert client.get(version.get_absolute_url()).status_code == 404
    assert client.get(f"{PAGE}?pd={cast.agency.code}").status_code == 404


def kept() -> set[Path]:
    return set(stored_path("templates").rglob("*.*"))
