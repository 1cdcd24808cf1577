"""An archive is a sealed copy; whatever changes afterwards is found."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from documents.archive import archiving
from documents.archive.archiving import MANIFEST
from documents.exceptions import DocumentError
from documents.models import Archive, Document, archive_root
from documents.services import archive_instance, verify_archive
from documents.storage import stored_path
from foundation import ledger
from foundation.actors import SYSTEM
from foundation.models import Event
from processes.models import Instance
from tests.cast import NOW
from tests.documents.test_services import issue


@pytest.fixture
def sealed(instance: Instance) -> Archive:
    issue(instance, context={"x": 1})
    return archive_instance(instance=instance, actor=SYSTEM, now=NOW)


def faults() -> list[str]:
    return [fault.reason for fault in verify_archive()]


def test_an_archive_holds_documents_the_sop_the_history_and_a_manifest(sealed: Archive) -> None:
    paths = [row["path"] for row in sealed.files]
    assert paths[0] == "dokumen/001 Surat April 2026.docx"
    assert {"sop/process.bpmn", "sop/sop.toml", "sop/docx/surat.docx"} <= set(paths)
    assert {"data/tahap.json", "data/peristiwa.json", "data/isi-dokumen.json"} <= set(paths)
    manifest = json.loads((sealed.location / MANIFEST).read_text())
    assert manifest == sealed.manifest
    assert sealed.number == "ARSIP/001/DISKOMINFO/2026"
    assert faults() == []
    assert list(ledger.verify()) == []


def test_a_renamed_agency_or_another_time_zone_breaks_no_seal(instance: Instance) -> None:
    local = NOW.astimezone(ZoneInfo("Asia/Makassar"))
    archive_instance(instance=instance, actor=SYSTEM, now=local)
    type(instance.agency).objects.update(name="Nama Baru")
    assert faults() == []


def test_the_files_of_an_archive_are_read_only(sealed: Archive) -> None:
    modes = {file.stat().st_mode & 0o777 for file in sealed.location.rglob("*") if file.is_file()}
    assert modes == {0o444}


def test_a_room_above_adds_its_own_files(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archiving, "_sources", {})

    @archiving.archive_source("tests.letters")
    def letters(instance: Instance) -> list[archiving.Entry]:
        return [archiving.Entry("surat/1.pdf", "Surat 1", b"%PDF-")]

    sealed = archive_instance(instance=instance, actor=SYSTEM, now=NOW)
    assert (sealed.location / "surat" / "1.pdf").read_bytes() == b"%PDF-"
    assert "surat/1.pdf" in [row["path"] for row in sealed.files]
    assert faults() == []


def test_archiving_again_returns_the_first_archive(instance: Instance, sealed: Archive) -> None:
    assert archive_instance(instance=instance, actor=SYSTEM, now=NOW) == sealed
    assert Event.objects.filter(verb="archive_sealed").count() == 1


def test_a_folder_left_by_a_dead_worker_is_replaced(instance: Instance) -> None:
    left = archive_root() / "diskominfo" / "2026" / f"berkas-{instance.pk}"
    left.mkdir(parents=True, exist_ok=True)
    (left / "sisa.txt").write_text("setengah jadi")
    sealed = archive_instance(instance=instance, actor=SYSTEM, now=NOW)
    assert not (sealed.location / "sisa.txt").exists()
    assert faults() == []


def test_a_document_that_changed_on_disk_is_not_sealed(instance: Instance) -> None:
    document = issue(instance)
    stored_path(document.file.name or "").write_bytes(b"palsu")
    with pytest.raises(DocumentError, match="berubah sejak disimpan"):
        archive_instance(instance=instance, actor=SYSTEM, now=NOW)
    assert not Archive.objects.exists()
    assert not list(archive_root().glob(".draf-*"))


def _edit(archive: Archive) -> None:
    file = _document_in(archive)
    file.chmod(0o644)
    file.write_bytes(b"palsu")
    file.chmod(0o444)


def _document_in(archive: Archive) -> Path:
    return next((archive.location / "dokumen").iterdir())


DAMAGES: list[tuple[Callable[[Archive], object], str]] = [
    (_edit, "isi berkas berubah"),
    (lambda a: _document_in(a).unlink(), "berkas hilang"),
    (lambda a: _document_in(a).chmod(0o644), "berkas tidak lagi terkunci (dapat ditulis)"),
    (lambda a: (a.location / "baru.txt").write_text("x"), "berkas ditambahkan sesudah disegel"),
    (lambda a: (a.location / MANIFEST).unlink(), "berkas hilang"),
    (
        lambda a: Archive.objects.filter(pk=a.pk).update(
            manifest=a.manifest | {"isi": a.files[1:]}
        ),
        "daftar isi di basis data berubah",
    ),
    (
        lambda a: Archive.objects.filter(pk=a.pk).update(manifest_sha256="0" * 64),
        "baris arsip tidak sesuai dengan peristiwanya",
    ),
    (
        lambda a: Document.objects.update(sha256="0" * 64),
        "baris dokumen tidak sesuai dengan peristiwanya: sha256",
    ),
    (lambda a: Document.objects.update(size=1), "isi berkas berubah"),
]


@pytest.mark.parametrize(("damage", "reason"), DAMAGES)
def test_every_damage_is_found(
    sealed: Archive, damage: Callable[[Archive], object], reason: str
) -> None:
    damage(sealed)
    assert reason in faults()


def test_the_command_says_that_all_is_whole(sealed: Archive) -> None:
    out = StringIO()
    call_command("verify_archive", stdout=out)
    assert out.getvalue().strip() == "1 dokumen dan 1 arsip utuh."


def test_the_command_reports_damage_as_json_and_fails(sealed: Archive) -> None:
    _edit(sealed)
    out = StringIO()
    with pytest.raises(CommandError, match="1 kerusakan"):
        call_command("verify_archive", "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert report["archives"] == 1
    assert report["faults"][0]["reason"] == "isi berkas berubah"
