"""The door for files: the content decides, and every refusal says what to do."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from foundation.archives import ArchiveRefused, check_office_parts, open_archive
from foundation.uploads import (
    ATTENDANCE_LOGS,
    OLE,
    SCANS,
    TABLES,
    CappedUploadHandler,
    Kind,
    UploadRefused,
    check_bytes,
    check_upload,
    clean_label,
)
from tests import files

MIB = 1024 * 1024


def refusal(content: bytes, name: str = "berkas.pdf", allowed: frozenset[Kind] = SCANS) -> str:
    with pytest.raises(UploadRefused) as caught:
        check_bytes(content, name=name, allowed=allowed)
    return str(caught.value)


def docx() -> bytes:
    file = io.BytesIO()
    Document().save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (files.pdf(), Kind.PDF),
        (files.image("JPEG"), Kind.JPEG),
        (files.image("PNG"), Kind.PNG),
        (files.workbook([["nama"]]), Kind.XLSX),
        (docx(), Kind.DOCX),
        (files.archive({"a.jpg": b"x"}), Kind.ZIP),
        (b"nama;nip\r\n", Kind.CSV),
        ("nama;nip\r\n".encode("utf-16"), Kind.CSV),
        ("nama;nip\r\nJos\xe9;1\r\n".encode("latin-1"), Kind.CSV),
    ],
)
def test_the_content_decides_whatever_the_name_says(content: bytes, kind: Kind) -> None:
    upload = check_bytes(content, name="apa saja.exe", allowed=frozenset(Kind))
    assert upload.kind is kind
    assert upload.size == len(content)
    assert upload.stored_name.endswith(f".{kind}")


def test_text_is_an_attendance_log_where_only_a_log_is_awaited() -> None:
    upload = check_bytes(b"1\t2026-04-01 07:20:00\t0\t1\n", name="1_attlog.dat",
                         allowed=ATTENDANCE_LOGS)  # fmt: skip
    assert upload.kind is Kind.TEXT


@pytest.mark.parametrize(
    "content", [b"MZ\x90\x00\x03programme", files.image("GIF"), b"<html><script>1</script>",
                b"nama;nip\r\n", docx()],
)  # fmt: skip
def test_a_scan_that_is_no_pdf_jpeg_or_png_is_refused(content: bytes) -> None:
    assert "unggah berkas PDF, JPEG, atau PNG" in refusal(content)


def test_a_pdf_name_does_not_make_a_programme_a_scan() -> None:
    assert "surat.pdf" in refusal(b"\x7fELF\x02\x01\x01\x00", "surat.pdf")


def test_an_empty_file_is_named_as_empty() -> None:
    assert refusal(b"") == (
        "Berkas “berkas.pdf” kosong (0 byte); periksa berkasnya lalu unggah ulang."
    )


def test_a_file_of_30_mb_is_refused_with_its_size_and_the_limit() -> None:
    text = refusal(files.pdf() + b"\x00" * (30 * MIB))
    large = SimpleUploadedFile("besar.pdf", files.pdf() + b"0" * (30 * MIB))
    with pytest.raises(UploadRefused, match="berukuran 30 MB; batasnya 20 MB"):
        check_upload(large, name="besar.pdf", allowed=SCANS)
    assert "batasnya 20 MB" in text


def test_a_file_of_exactly_the_limit_is_accepted() -> None:
    content = files.pdf().ljust(1000, b"\n")
    assert check_bytes(content, name="a", allowed=SCANS, limit=1000).size == 1000
    with pytest.raises(UploadRefused):
        check_bytes(content, name="a", allowed=SCANS, limit=999)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_without_a_readable_head_is_refused(kind: str) -> None:
    assert "rusak" in refusal(files.image(kind)[:12])


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    assert "juta piksel" in refusal(files.image("PNG", (20_000, 6_000)))


def test_old_office_files_are_told_apart() -> None:
    text = refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "data.xls", TABLES)
    assert "simpan ulang sebagai CSV atau Excel (.xlsx)" in text


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("surat\x00.pdf", "surat .pdf"),
        ("surat\u202efdp.exe", "surat fdp.exe"),
        ("a\r\nb.pdf", "a b.pdf"),
        (".htaccess", "htaccess"),
        ("..", "berkas"),
        ("", "berkas"),
        ("C:\\Data\\Surat Izin.pdf", "Surat Izin.pdf"),
    ],
)
@pytest.mark.fault("F32")
def test_a_name_becomes_a_harmless_label_and_never_a_path(name: str, label: str) -> None:
    upload = check_bytes(files.pdf(), name=name, allowed=SCANS)
    assert upload.label == label
    assert Path(upload.stored_name).name == upload.stored_name
    assert upload.stored_name.removesuffix(".pdf").isalnum()


@pytest.mark.fault("F32")
def test_a_long_name_is_cut_but_keeps_its_extension() -> None:
    label = clean_label("x" * 300 + ".pdf")
    assert len(label) <= 120
    assert label.endswith("….pdf")


def test_two_uploads_of_one_file_are_stored_apart() -> None:
    first = check_bytes(files.pdf(), name="a", allowed=SCANS)
    second = check_bytes(files.pdf(), name="a", allowed=SCANS)
    assert first.sha256 == second.sha256
    assert first.stored_name != second.stored_name


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (files.archive({"../naik.txt": b"x"}), "luar folder"),
        (files.archive({"a/../../naik.txt": b"x"}), "luar folder"),
        (files.archive({"/mutlak.txt": b"x"}), "luar folder"),
        (files.archive({"a.txt": b"1", "A.TXT": b"2"}), "nama yang sama"),
        (files.archive({f"{n}.txt": b"" for n in range(501)}), "501 berkas"),
        (files.archive({"besar.txt": b"\x00" * (51 * MIB)}), "melebihi 50 MB"),
        (files.overlapping_zip(), "tumpang tindih"),
        (files.archive({"a.txt": b"x" * 5000})[:-40], "rusak"),
    ],
    ids=["parent", "parent-inside", "absolute", "doubled", "many", "bomb", "overlap", "torn"],
)
@pytest.mark.fault("F27")
def test_a_dangerous_or_broken_zip_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(ArchiveRefused, match=reason):
        open_archive(content)


def test_a_member_whose_declared_size_lies_is_refused() -> None:
    content = bytearray(files.archive({"a.txt": b"x" * 5000}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = content.index(mark) + place
        content[start : start + 4] = (10).to_bytes(4, "little")
    with pytest.raises(ArchiveRefused):
        open_archive(bytes(content))


def test_a_zip_with_a_password_is_refused() -> None:
    content = bytearray(files.archive({"a.txt": b"rahasia"}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    with pytest.raises(ArchiveRefused, match="kata sandi"):
        open_archive(bytes(content))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 99])
def test_a_zip_packed_as_no_office_packs_is_refused(method: int) -> None:
    content = bytearray(files.archive({"a.txt": b"rahasia"}))
    for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        start = content.index(mark) + place
        content[start : start + 2] = method.to_bytes(2, "little")
    with pytest.raises(ArchiveRefused, match="tidak didukung"):
        open_archive(bytes(content))


REL = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r9" TargetMode="External" Target="{target}" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/>'
    "</Relationships>"
)


def office_refusal(content: bytes) -> str:
    with pytest.raises(ArchiveRefused) as caught:
        check_office_parts(open_archive(content))
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("word/vbaProject.bin", b"x", "makro"),
        ("word/embeddings/oleObject1.bin", b"x", "tersemat"),
        ("word/extra.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "DTD"),
        ("word/extra.xml", "<!DOCTYPE a><a/>".encode("utf-16"), "DTD"),
        ("word/_rels/settings.xml.rels",
         REL.format(kind="attachedTemplate", target="http://jahat.example/t.dotm").encode(),
         "tautan eksternal"),
        ("word/_rels/document2.xml.rels",
         REL.format(kind="hyperlink", target="file:///etc/passwd").encode(), "tautan eksternal"),
    ],
)  # fmt: skip
@pytest.mark.fault("F30")
def test_an_office_file_that_runs_embeds_or_fetches_is_refused(
    name: str, data: bytes, reason: str
) -> None:
    content = files.with_member(docx(), name, data)
    assert reason in office_refusal(content)
    with pytest.raises(UploadRefused):
        check_bytes(content, name="a.docx", allowed={Kind.DOCX})


def test_a_plain_word_file_with_a_link_to_a_web_page_is_accepted() -> None:
    data = REL.format(kind="hyperlink", target="https://nttprov.go.id").encode()
    content = files.with_member(docx(), "word/_rels/footer1.xml.rels", data)
    assert check_bytes(content, name="a.docx", allowed={Kind.DOCX}).kind is Kind.DOCX


@pytest.mark.fault("F27")
def test_an_xlsx_bomb_is_refused_quickly() -> None:
    bomb = files.xlsx_bomb()
    assert len(bomb) < MIB
    assert "melebihi 50 MB" in refusal(bomb, "pegawai.xlsx", TABLES)


def test_what_zipfile_reads_is_what_the_guard_let_through() -> None:
    safe = open_archive(files.archive({"foto/a.jpg": b"abc"}))
    assert safe.names == ("foto/a.jpg",)
    assert safe.read("foto/a.jpg") == b"abc"
    assert zipfile.is_zipfile(io.BytesIO(safe.content))


@pytest.mark.fault("F26")
def test_the_upload_handler_stops_writing_at_its_cap_but_keeps_counting() -> None:
    handler = CappedUploadHandler()
    handler.largest = 10
    handler.new_file("file", "besar.pdf", "application/pdf", 0, None, {})
    for start in range(0, 40, 8):
        handler.receive_data_chunk(b"12345678", start)
    file = handler.file_complete(40)
    assert file is not None
    assert file.size == 40
    assert len(file.read()) <= 16
    with pytest.raises(UploadRefused, match="batasnya 5 byte"):
        check_upload(file, name="besar.pdf", allowed=SCANS, limit=5)


@pytest.mark.parametrize("content", [b"%PDF-1.4\n", files.pdf()[:-7], b"%PDF-1.7" + b"x" * 5000])
def test_a_pdf_that_was_cut_off_is_no_scan(content: bytes) -> None:
    assert "terpotong atau rusak" in refusal(content)


def test_a_refusal_speaks_of_what_this_form_takes() -> None:
    only_pdf = frozenset({Kind.PDF})
    assert "simpan ulang sebagai PDF, JPEG, atau PNG" in refusal(OLE + b"x" * 100)
    assert "simpan ulang sebagai Word (.docx)" in refusal(OLE, allowed=frozenset({Kind.DOCX}))
    assert "(isinya teks)" in refusal(b"Dengan hormat,", allowed=only_pdf)
    assert "simpan atau unduh lagi dari asalnya" in refusal(files.pdf()[:-7], allowed=only_pdf)
