"""What lies in the package of a month: which files, under which names, and the lists over them."""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from django.db.models import Q

from documents.archive.archiving import manifest_bytes
from documents.exceptions import DocumentError
from documents.models import Archive, Document, PdfCopy, SignedCopy
from documents.storage import sha256_of, stored_path
from foundation.cells import write_csv
from foundation.indonesian import date_text
from foundation.uploads import clean_label
from organization.models import Agency
from organization.permissions import local_date

FORBIDDEN = re.compile(r'[/\\:*?"<>|]')  # in the names of some system
LONGEST_STEM, LONGEST_NUMBER = 90, 40
T = TypeVar("T")
COLUMNS = ("Berkas", "Judul", "Nomor", "Tanggal", "Keadaan", "Kode verifikasi", "Bentuk", "SHA-256")


@dataclass(frozen=True)
class Member:
    """One file of a package: its place there, where its content is, and what the lists say."""

    path: str
    title: str
    form: str  # "Word", "PDF", "PDF bertanda tangan", "Daftar isi arsip"
    sha256: str
    number: str = ""
    on: date | None = None
    state: str = ""
    code: str = ""
    stored: Path | None = None  # on disk, or
    content: bytes = b""  # in memory where it is small

    def cells(self) -> tuple[str, ...]:
        on = self.on.isoformat() if self.on else ""
        return (
            self.path, self.title, self.number, on, self.state, self.code, self.form, self.sha256,
        )  # fmt: skip


def members_of(agency: Agency, month: date) -> list[Member]:
    """Return the files of a month: documents in their order, then the manifests of archives."""
    documents = documents_of(agency, month)
    members: list[Member] = []
    for order, document in _in_order(documents):
        members += _of_document(order, document)
    for order, archive in _in_order(_archives(agency, month, documents)):
        members.append(_of_archive(order, archive))
    return members


def _in_order(rows: Sequence[T]) -> Iterator[tuple[str, T]]:
    """Return each row with what its file begins with: "01-", as long as the last one needs."""
    width = max(2, len(str(len(rows))))
    return ((f"{place:0{width}d}-", row) for place, row in enumerate(rows, start=1))


def documents_of(agency: Agency, month: date) -> Sequence[Document]:
    rows = Document.objects.filter(agency=agency).of_month(month)
    rows = rows.select_related("agency", "pdf", "signed", "replaced_by")
    return list(rows.defer("context", "replaced_by__context").order_by("written_at", "id"))


def _of_document(order: str, document: Document) -> Iterator[Member]:
    stem = order + _stem(document)
    about = {
        "title": document.title,
        "number": document.number,
        "on": local_date(document.agency, document.written_at),
        "state": document.state.label,
        "code": document.spaced_code,
    }
    signed: SignedCopy | None = getattr(document, "signed", None)
    made: PdfCopy | None = getattr(document, "pdf", None)
    files = [("Word", "docx", document.file.name, document.sha256)]
    if made is not None and made.state == PdfCopy.State.DONE:
        files.append(("PDF", "pdf", made.file.name, made.sha256))
    if signed is not None:
        files.append(("PDF bertanda tangan", "ttd.pdf", signed.file.name, signed.sha256))
    for form, ending, name, sha256 in files:
        yield Member(
            path=f"dokumen/{stem}.{ending}",
            form=form,
            sha256=sha256,
            stored=stored_path(name or ""),
            **about,  # type: ignore[arg-type]
        )


def _archives(agency: Agency, month: date, documents: Iterable[Document]) -> list[Archive]:
    """Return the archives of instances about the month, or that wrote one of its documents."""
    wrote = {document.instance_id for document in documents if document.instance_id}
    about = Q(instance__subject__startswith=f"{month:%Y-%m}") | Q(instance__in=wrote)
    rows = Archive.objects.filter(about, agency=agency).select_related("agency", "instance")
    return list(rows.defer("instance__state", "instance__form").order_by("sealed_at", "id"))


def _of_archive(order: str, archive: Archive) -> Member:
    content = manifest_bytes(archive.manifest)
    if sha256_of(content) != archive.manifest_sha256:
        raise DocumentError(
            f"Daftar isi arsip {archive.number} berubah sejak disegel; pulihkan dari cadangan."
        )
    return Member(
        path=f"arsip/{order}{safe_name(archive.number)}.json",
        title=f"Arsip {archive.instance.title}",
        form="Daftar isi arsip",
        sha256=archive.manifest_sha256,
        number=archive.number,
        on=local_date(archive.agency, archive.sealed_at),
        content=content,
    )


def _stem(document: Document) -> str:
    """Return "Surat Tugas April 2026 (No. 800-20-KOMINFO-2026)": its place is no number of it."""
    stem = safe_name(document.file_name.removesuffix(".docx"))
    if not document.number:
        return stem
    number = f" (No. {safe_name(document.number)[:LONGEST_NUMBER]})"
    return stem[: LONGEST_STEM - len(number)].rstrip(". ") + number


def safe_name(name: str) -> str:
    """Return a name that every system takes as one file in the folder it is put in."""
    plain = unicodedata.normalize("NFC", FORBIDDEN.sub("-", name))
    return clean_label(plain)[:LONGEST_STEM].strip(". ") or "berkas"


def table_bytes(members: Iterable[Member]) -> bytes:
    """Return the list as CSV; no cell of it is a formula to a spreadsheet."""
    return write_csv(COLUMNS, (member.cells() for member in members))


def page_bytes(agency: Agency, label: str, members: Sequence[Member], on: date) -> bytes:
    """Return the list as a page that opens without a network, each file a link."""
    rows = "\n".join(_page_row(member) for member in members)
    heads = "".join(f"<th>{name}</th>" for name in COLUMNS)
    title = html.escape(f"Paket dokumen {label}")
    return f"""<!DOCTYPE html>
<html lang="id"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{{font:16px/1.5 sans-serif;margin:2em}}table{{border-collapse:collapse;font-size:.9em}}
td,th{{border:1px solid #999;padding:.3em .6em;text-align:left;vertical-align:top}}
code{{word-break:break-all}}</style></head><body>
<h1>{title}</h1>
<p>{html.escape(agency.name)}. Disusun {date_text(on)}; {len(members)} berkas.
Periksa keutuhannya dengan <code>sha256sum -c SHA256SUMS</code>.</p>
<table><thead><tr>{heads}</tr></thead><tbody>
{rows}
</tbody></table></body></html>
""".encode()


def _page_row(member: Member) -> str:
    path, *others, sha256 = map(html.escape, member.cells())
    cells = "".join(f"<td>{text}</td>" for text in others)
    return (
        f'<tr><td><a href="{quote(member.path)}">{path}</a></td>{cells}'
        f"<td><code>{sha256}</code></td></tr>"
    )


def sums_bytes(hashes: Iterable[tuple[str, str]]) -> bytes:
    """Return path and hash of each file as `sha256sum -c` reads them."""
    return "".join(f"{sha256}  {path}\n" for path, sha256 in hashes).encode()
