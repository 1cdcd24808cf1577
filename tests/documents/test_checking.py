"""One byte or one column changed anywhere in the archive: `verify_archive` names it."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models import F

from documents.archive.checking import verify_archive
from documents.issue.proof import LASTING, column_label
from documents.models import (
    Archive,
    Document,
    Letterhead,
    LetterNumber,
    OfficeTemplate,
    PdfCopy,
    SignedCopy,
)
from documents.office.choosing import Template
from documents.services import archive_instance, issue_document, withdraw_document
from documents.storage import sha256_of, stored_path, write_file
from foundation import ledger
from foundation.actors import SYSTEM
from foundation.models import Event
from organization.models import Agency
from processes.models import Instance
from tests.cast import NOW, Cast
from tests.documents.test_services import issue, wanted
from tests.documents.words import make_template

DISAGREES = "baris dokumen tidak sesuai dengan peristiwanya"


def reasons() -> list[str]:
    return [fault.reason for fault in verify_archive()]


@pytest.fixture
def document(instance: Instance) -> Document:
    """A document that another one of its kind replaced, and is replaced itself."""
    issue(instance)
    second = issue(instance, visit=2)
    issue(instance, visit=3)
    return second


def other_value(document: Document, name: str, cast: Cast) -> Any:
    """Return something else that the column can hold."""
    if name == "agency_id":
        return cast.other_agency.pk
    if name in ("instance_id", "task_id", "order_id", "replaces_id"):
        return None
    value = getattr(document, name)
    if name in ("period_first", "period_last"):
        return value + timedelta(days=1)
    if name == "written_at":
        return value + timedelta(microseconds=1)
    if isinstance(value, int):
        return value + 7
    return f"x{str(value)[1:]}" if value else "x"


@pytest.mark.parametrize("name", [n for n in LASTING if n not in ("task_id", "order_id")])
def test_every_column_that_changes_is_named(document: Document, cast: Cast, name: str) -> None:
    assert reasons() == []
    column = Document._meta.get_field(name).get_attname_column()[1]  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        statement = f"UPDATE documents_document SET {column} = %s WHERE id = %s"  # noqa: S608
        cursor.execute(statement, [other_value(document, name, cast), document.pk])
    found = [fault for fault in verify_archive() if fault.subject == f"dokumen {document.pk}"]
    assert f"{DISAGREES}: {column_label(name)}" in [fault.reason for fault in found]


@pytest.mark.parametrize("name", ["task_id", "order_id"])
def test_a_document_that_is_put_into_a_task_or_an_order_is_named(
    document: Document, instance: Instance, name: str
) -> None:
    order = instance.document_orders.create(
        agency=instance.agency, key="uji", title="Uji", asked_at=NOW
    )
    task = instance.tasks.order_by("id").first()
    assert task is not None
    wrong = {"task_id": task.pk, "order_id": order.pk}[name]
    Document.objects.filter(pk=document.pk).update(**{name: wrong})
    assert reasons() == [f"{DISAGREES}: {column_label(name)}"]


def test_changed_data_are_named(document: Document) -> None:
    Document.objects.filter(pk=document.pk).update(context=document.context | {"versi": 9})
    assert reasons() == ["data dokumen berubah"]


def test_the_moment_of_issue_may_come_from_any_time_zone(instance: Instance) -> None:
    issue(instance, now=NOW.astimezone(ZoneInfo("Asia/Makassar")))
    assert reasons() == []


def test_a_document_issued_before_events_told_everything_is_checked_as_far_as_they_go(
    document: Document,
) -> None:
    for event in Event.objects.filter(verb="document_issued"):
        old = {k: v for k, v in event.after.items() if k not in ("row_sha256", "columns", "series")}
        Event.objects.filter(pk=event.pk).update(after=old)
    assert reasons() == []
    Document.objects.filter(pk=document.pk).update(title="Surat Lain", written_by="Orang Lain")
    assert reasons() == [f"{DISAGREES}: judul"]


def test_a_row_that_is_gone_or_was_never_issued_is_named(
    document: Document, instance: Instance
) -> None:
    last = Document.objects.get(replaces=document)
    Document.objects.filter(pk=last.pk)._raw_delete(using="default")
    assert reasons() == ["baris dokumen hilang"]
    last.save(force_insert=True)
    assert reasons() == []
    Document.objects.filter(pk=last.pk).update(id=last.pk + 1000)
    assert f"{DISAGREES}: tidak ada peristiwa penerbitannya" in reasons()


# Withdrawal -------------------------------------------------------------------------------------


WRONG_WITHDRAWALS: list[dict[str, Any]] = [
    {"withdrawn_at": None, "withdrawn_by": "", "withdrawn_reason": ""},
    {"withdrawn_at": NOW + timedelta(days=1)},
    {"withdrawn_by": "Orang Lain"},
    {"withdrawn_reason": "Alasan lain sama sekali"},
]


@pytest.mark.parametrize("wrong", WRONG_WITHDRAWALS)
def test_a_withdrawal_that_is_undone_or_changed_is_named(
    document: Document, wrong: dict[str, Any]
) -> None:
    withdraw_document(document=document, reason="angkanya salah semua", actor=SYSTEM, now=NOW)
    assert reasons() == []
    Document.objects.filter(pk=document.pk).update(**wrong)
    assert reasons() == [f"{DISAGREES}: pencabutan"]


def test_a_withdrawal_that_no_event_tells_is_named(document: Document) -> None:
    Document.objects.filter(pk=document.pk).update(withdrawn_at=NOW)
    assert reasons() == [f"{DISAGREES}: pencabutan"]


# Files ------------------------------------------------------------------------------------------


def flip(path: Path) -> None:
    """Change one bit in the middle of a file."""
    mode = path.stat().st_mode
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    path.chmod(mode)


def stored(name: str, content: bytes) -> dict[str, Any]:
    write_file(stored_path(name), content)
    return {"file": name, "sha256": sha256_of(content), "size": len(content)}


@pytest.fixture
def files(instance: Instance, document: Document, cast: Cast) -> dict[str, Path]:
    """One of every kind of file that is kept, by the subject under which it is checked."""
    archive = archive_instance(instance=instance, actor=SYSTEM, now=NOW)
    pdf = PdfCopy.objects.create(
        document=document,
        state=PdfCopy.State.DONE,
        asked_at=NOW,
        **stored("documents/uji/a.pdf", b"%PDF-1.7 a"),
    )
    signed = SignedCopy.objects.create(
        document=document,
        original_name="tanda.pdf",
        uploaded_by=cast.kadis,
        uploaded_at=NOW,
        **stored("documents/uji/b.pdf", b"%PDF-1.7 b"),
    )
    template = OfficeTemplate.objects.create(
        agency=cast.agency,
        key="uji/surat.docx",
        version=1,
        original_name="surat.docx",
        uploaded_by=cast.kadis,
        uploaded_at=NOW,
        **stored("documents/uji/c.docx", b"PK templat"),
    )
    for row in (signed, template):
        ledger.record(
            stream=cast.agency,
            actor=SYSTEM,
            verb="file_taken_in",
            subject=f"{row._meta.label_lower}:{row.pk}",
            after={"sha256": row.sha256},
            now=NOW,
        )
    logo = stored("documents/uji/d.png", b"PNG logo")
    kop = Letterhead.objects.create(
        agency=cast.agency, logo=logo["file"], logo_sha256=logo["sha256"]
    )
    return {
        f"dokumen {document.pk}": stored_path(document.file.name or ""),
        f"arsip {archive.pk}": archive.location / archive.files[0]["path"],
        f"PDF {pdf.pk}": stored_path(pdf.file.name or ""),
        f"PDF bertanda tangan {signed.pk}": stored_path(signed.file.name or ""),
        f"templat {template.pk}": stored_path(template.file.name or ""),
        f"kop {kop.pk}": stored_path(kop.logo.name or ""),
    }


def test_one_bit_in_any_file_is_named(files: dict[str, Path]) -> None:
    assert list(verify_archive()) == []
    for subject, path in files.items():
        flip(path)
        (fault,) = verify_archive()
        assert (fault.subject, fault.reason) == (subject, "isi berkas berubah")
        flip(path)
    assert list(verify_archive()) == []


def test_one_bit_in_the_manifest_is_named(files: dict[str, Path]) -> None:
    flip(Archive.objects.get().location / "manifest.json")
    assert reasons() == ["isi berkas berubah"]


def test_a_file_that_is_gone_is_named(files: dict[str, Path]) -> None:
    for path in files.values():
        path.unlink()
    assert reasons() == ["berkas hilang"] * len(files)


@pytest.mark.parametrize("model", [SignedCopy, OfficeTemplate])
def test_a_row_that_names_another_file_than_its_event_is_named(
    files: dict[str, Path], model: Any
) -> None:
    model.objects.update(**stored("documents/uji/e.pdf", b"lain"))
    assert reasons() == ["baris tidak sesuai dengan peristiwanya"]


@pytest.mark.parametrize("change", [{"sealed_by": "Orang Lain"}, {"number": "ARSIP/9"}])
def test_a_changed_row_of_an_archive_is_named(files: Any, change: dict[str, str]) -> None:
    Archive.objects.update(**change)
    assert reasons() == ["baris arsip tidak sesuai dengan peristiwanya"]


# Numbers ----------------------------------------------------------------------------------------


def test_a_number_that_nobody_has_is_a_fault(document: Document) -> None:
    LetterNumber.objects.filter(series="surat").update(last=F("last") + 2)
    (fault,) = verify_archive()
    assert fault.subject == "seri surat diskominfo 2026"
    assert fault.reason == "nomor terlewat: 4, 5"


def test_a_counter_that_was_put_back_is_a_fault(document: Document) -> None:
    LetterNumber.objects.filter(series="surat").update(last=1)
    assert reasons() == ["penghitung mundur: nomor 2, 3 melampaui 1"]


def test_a_number_given_twice_is_a_fault(document: Document, instance: Instance) -> None:
    LetterNumber.objects.filter(series="surat").update(last=2)
    Document.objects.filter(round=3).update(number="")  # else the database refuses the double
    issue(instance, kind="lain")
    assert "nomor diberikan dua kali: 3" in reasons()


def test_each_agency_and_year_has_its_own_series(
    instance: Instance, document: Document, cast: Cast
) -> None:
    issue(instance, kind="lain", now=NOW.replace(year=2027))
    plain = Template("uji/surat.docx", make_template("{{ nomor }}"))
    elsewhere = {
        "instance": None,
        "agency": cast.other_agency,
        "signatory": "",
        "template": plain,
    }
    issue_document(wanted(instance, kind="lain", **elsewhere))
    assert reasons() == []
    assert LetterNumber.objects.filter(series="surat").count() == 3
    assert Agency.objects.count() == 2
