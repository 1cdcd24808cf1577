"""A month as one zip: what the rows say lies in it, every hash is right, nothing climbs out."""

import csv
import hashlib
import io
import zipfile
from datetime import timedelta
from pathlib import PurePosixPath

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from documents.exceptions import DocumentError
from documents.models import Package, PdfCopy
from documents.renditions import packages
from documents.renditions.packages import order_package, sweep_packages, write_package
from documents.renditions.signed import keep_signed
from documents.services import archive_instance
from documents.storage import sha256_of, stored_path, write_file
from foundation import outbox
from foundation.actors import SYSTEM
from foundation.models import Event
from processes.models import Instance
from tests.cast import NOW, Cast
from tests.documents.renditions.conftest import MakeDocument
from tests.documents.renditions.pdfs import pdf_saying

ROOT = "DISKOMINFO 2026-04"


def ordered(cast: Cast, subject: str = "2026-04") -> Package:
    return order_package(agency=cast.agency, subject=subject, user=cast.kadis, now=NOW)


def written(cast: Cast) -> Package:
    package = write_package(package_id=ordered(cast).pk, now=NOW)
    assert package is not None
    return package


def opened(package: Package) -> dict[str, bytes]:
    with zipfile.ZipFile(stored_path(package.file.name or "")) as archive:
        assert archive.testzip() is None
        contents = {name: archive.read(name) for name in archive.namelist()}
    assert len(contents) == len({name.casefold() for name in contents})
    return contents


def test_it_holds_what_the_rows_say_and_every_hash_is_right(
    make_document: MakeDocument, instance: Instance, cast: Cast
) -> None:
    first = make_document("Surat Satu", instance=instance)
    second = make_document("Surat Dua", content=None)
    make_document("Surat Mei", subject="2026-05", written_at=NOW.replace(month=5))
    write_file(stored_path("documents/dua.pdf"), b"%PDF-")
    PdfCopy.objects.create(
        document=second, state=PdfCopy.State.DONE, file="documents/dua.pdf",
        sha256=sha256_of(b"%PDF-"), size=5, asked_at=NOW, made_at=NOW,
    )  # fmt: skip
    signed = pdf_saying(second.spaced_code)
    keep_signed(document=second, file=io.BytesIO(signed), name="x.pdf", user=cast.kadis, now=NOW)
    archive = archive_instance(instance=instance, actor=SYSTEM, now=NOW)
    package = written(cast)
    contents = opened(package)
    number = archive.number.replace("/", "-")
    assert sorted(contents) == sorted(
        f"{ROOT}/{path}"
        for path in (
            "dokumen/01-Surat Satu.docx", "dokumen/02-Surat Dua.docx",
            "dokumen/02-Surat Dua.pdf", "dokumen/02-Surat Dua.ttd.pdf",
            f"arsip/01-{number}.json", "daftar-isi.html", "daftar-isi.csv", "SHA256SUMS",
        )
    )  # fmt: skip
    assert sha256_of(contents[f"{ROOT}/dokumen/01-Surat Satu.docx"]) == first.sha256
    assert contents[f"{ROOT}/dokumen/02-Surat Dua.ttd.pdf"] == signed
    sums = contents[f"{ROOT}/SHA256SUMS"].decode().splitlines()
    assert len(sums) == len(contents) - 1
    for line in sums:
        sha256, path = line.split("  ", 1)
        assert hashlib.sha256(contents[f"{ROOT}/{path}"]).hexdigest() == sha256
    assert (package.done, package.total) == (5, 5)
    assert Event.objects.get(verb="package_written").after["sha256"] == package.sha256


def test_the_list_names_every_file_and_no_cell_of_it_is_a_formula(
    make_document: MakeDocument, cast: Cast
) -> None:
    make_document("=HYPERLINK(1)", title="=cmd|' /C calc'!A0")
    make_document("<b>tebal</b>", title="<script>x</script>")
    contents = opened(written(cast))
    rows = list(
        csv.reader(
            io.StringIO(contents[f"{ROOT}/daftar-isi.csv"].decode("utf-8-sig")), delimiter=";"
        )
    )
    assert len(rows) == 3
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    page = contents[f"{ROOT}/daftar-isi.html"].decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "/mutlak", "a/b\\c", "C:x", "con", "titik...", "x" * 150, "\u202egnp"],
)
def test_no_name_climbs_out_of_the_package(
    make_document: MakeDocument, cast: Cast, name: str
) -> None:
    make_document(name)
    make_document(name, file_name=f"{name}.docx", title="kembar")
    for path in opened(written(cast)):
        parts = PurePosixPath(path).parts
        assert parts[0] == ROOT
        assert not {"..", "/", "."} & set(parts)
        assert len(parts) <= 3
        assert not set('\\:*?"<>|\u202e') & set(path)
        assert len(parts[-1]) <= 110


def test_the_order_of_files_is_not_taken_for_the_number_of_a_letter(
    make_document: MakeDocument, cast: Cast
) -> None:
    make_document("Surat Satu", number="800/20/KOMINFO/2026")
    names = [PurePosixPath(path).name for path in opened(written(cast))]
    assert "01-Surat Satu (No. 800-20-KOMINFO-2026).docx" in names


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_a_file_that_is_not_what_its_row_says_is_not_packed(
    make_document: MakeDocument, cast: Cast, damage: str
) -> None:
    document = make_document()
    make_document("Utuh")
    path = stored_path(document.file.name or "")
    if damage == "changed":
        path.write_bytes(path.read_bytes() + b"x")
    else:
        path.unlink()
    folder = stored_path(f"{packages.FOLDER}/{cast.agency.pk}")
    before = set(folder.glob("*"))
    package = written(cast)
    assert package.state == Package.State.FAILED
    assert "Surat April 2026.docx" in package.error
    assert "cadangan" in package.error
    assert set(folder.glob("*")) == before
    assert ordered(cast) != package  # it may be asked for again


def test_asked_for_twice_it_is_written_once(make_document: MakeDocument, cast: Cast) -> None:
    make_document()
    package = ordered(cast)
    assert ordered(cast) == package
    outbox.drain()
    first = Package.objects.get()
    write_package(package_id=package.pk, now=NOW)
    assert Package.objects.get().file.name == first.file.name
    assert Event.objects.filter(verb="package_written").count() == 1


@pytest.mark.parametrize(
    "subject", ["", "2026-13", "2026-04-01", "2026-Q2", "../x", "2030-01", "0001-01"]
)
def test_what_is_no_month_of_the_past_is_refused(
    make_document: MakeDocument, cast: Cast, subject: str
) -> None:
    make_document()
    with pytest.raises(DocumentError):
        ordered(cast, subject)


def test_an_empty_month_and_a_stranger_are_refused(cast: Cast) -> None:
    with pytest.raises(DocumentError, match="Tidak ada dokumen"):
        ordered(cast)
    with pytest.raises(PermissionDenied):
        order_package(agency=cast.agency, subject="2026-04", user=cast.employee, now=NOW)


def test_after_a_week_the_file_is_gone_and_the_page_says_so(
    make_document: MakeDocument, cast: Cast, client: Client
) -> None:
    make_document()
    package = written(cast)
    path = stored_path(package.file.name or "")
    assert sweep_packages(now=NOW + packages.KEPT - timedelta(minutes=1)) == 0
    assert sweep_packages(now=NOW + packages.KEPT) == 1
    assert not path.exists()
    client.force_login(cast.kadis)
    assert "Sudah dihapus" in client.get(package.get_absolute_url()).content.decode()
    assert client.get(f"{package.get_absolute_url()}unduh/").status_code == 404


def test_a_person_asks_on_the_page_sees_how_far_it_is_and_fetches_it(
    make_document: MakeDocument, cast: Cast, client: Client
) -> None:
    make_document()
    client.force_login(cast.secretary)
    answer = client.post("/dokumen/paket/", {"pd": cast.agency.code, "bulan": "2026-04"})
    package = Package.objects.get()
    assert answer.headers["Location"] == package.get_absolute_url()
    assert "Menunggu giliran" in client.get(package.get_absolute_url()).content.decode()
    Package.objects.update(total=8, done=3)
    assert "3 dari 8 berkas" in client.get(package.get_absolute_url()).content.decode()
    outbox.drain()
    assert "Siap diunduh" in client.get(package.get_absolute_url()).content.decode()
    answer = client.get(f"{package.get_absolute_url()}unduh/")
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    package.refresh_from_db()
    assert sha256_of(body) == package.sha256
    assert "Paket dokumen April 2026 - DISKOMINFO.zip" in answer["Content-Disposition"]
    client.force_login(cast.outsider)
    assert client.get(package.get_absolute_url()).status_code == 404
