"""Issues a document: rendered outside the transaction, numbered, stamped and stored in it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from documents.exceptions import DocumentError, DocumentRefused
from documents.filling import fill_template, plain
from documents.issue.letterhead import BASE, base_context, images_of, letterhead_of
from documents.issue.numbering import LETTERS, TakenNumber, take_number
from documents.issue.paper import on_paper
from documents.issue.proof import column_marks, data_hash, row_hash
from documents.issue.signing import signature
from documents.issue.stamping import DATA_MARK, NUMBER_MARK, stamp
from documents.models import Document, DocumentOrder, new_code
from documents.models.documents import DocumentQuerySet
from documents.office.choosing import Template
from documents.periods import Period, period_of
from documents.renditions.pdf import ask_if_always
from documents.storage import sha256_of, stored_path, write_file
from foundation import ledger
from foundation.actors import Actor
from foundation.indonesian import date_text
from foundation.uploads import clean_label
from organization.models import Agency
from organization.permissions import local_date
from processes.models import Instance

SHORT_HASH = 16  # signs of the data's hash that stand on paper


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A document that is to be written.

    What tells it from others is the instance, kind, item, visit and ralat, or the order and item:
    wanted again, it is the same document. `item_label` tells documents of one kind apart in their
    file names. Signatories are roles of the agency. With `replaces` it is a ralat of that document;
    what a later round of an instance writes replaces the earlier round's by itself, and is none.
    """

    agency: Agency
    kind: str
    title: str
    template: Template
    context: Mapping[str, Any] = field(default_factory=dict)
    actor: Actor
    now: datetime
    instance: Instance | None = None
    task_id: int | None = None
    order: DocumentOrder | None = None
    subject: str = ""
    item_key: str = ""
    item_label: str = ""
    visit: int = 1
    numbered: bool = False
    signatory: str = ""
    countersignatory: str = ""
    on_behalf_of: str = ""
    # Whose kop, place, paper and number it carries, where that is not the agency it is about.
    letterhead: Agency | None = None
    replaces: Document | None = None
    reason: str = ""  # why there is a ralat, where that is known

    @property
    def issuer(self) -> Agency:
        """Return the agency that stands at the top."""
        return self.letterhead or self.agency

    @property
    def amendment(self) -> int:
        """Return the how-many-eth ralat it is; 0 for none."""
        return self.replaces.amendment + 1 if self.replaces else 0

    def written(self) -> Document | None:
        """Return the document if an earlier try has issued it."""
        if self.instance is not None:
            return self._of_instance().filter(round=self.visit, amendment=self.amendment).first()
        if self.order is not None:
            return Document.objects.filter(order=self.order, item_key=self.item_key).first()
        return None

    def predecessor(self) -> Document | None:
        """Return what it replaces: what it is a ralat of, or what the last round wrote."""
        if self.replaces is not None or self.instance is None:
            return self.replaces
        earlier = self._of_instance().filter(round__lt=self.visit, replaced_by=None)
        return earlier.order_by("-round", "-amendment").first()

    def _of_instance(self) -> DocumentQuerySet:
        rows = Document.objects.filter(
            instance=self.instance, kind=self.kind, item_key=self.item_key
        )
        return rows.defer("context")


@dataclass(frozen=True)
class _Rendered:
    """A Word file that lacks only what its number brings, and the data in it."""

    content: bytes
    context: dict[str, Any]
    code: str
    period: Period


def issue_document(wanted: Wanted) -> Document:
    """Render a Word document, number it and store it; return the row.

    Wanted a second time it is the first document. The counter is locked while the file is stamped
    and flushed to the disk: nobody's number is lost, and nothing is rendered twice. Raises
    DocumentError. Never call it in a transaction or a web request.
    """
    if written := wanted.written():
        return written
    _refuse_second_replacement(wanted)
    rendered = _render(wanted)
    path = stored_path(f"documents/{wanted.now:%Y/%m}/{uuid.uuid4().hex}.docx")
    try:
        return _store(wanted, rendered, path)
    except IntegrityError as error:
        # The same job ran twice at once, and the other was faster.
        path.unlink(missing_ok=True)
        if written := wanted.written():
            return written
        _refuse_second_replacement(wanted)
        raise DocumentError("Dokumen ini baru saja ditulis; muat ulang halaman.") from error
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def says_the_same(wanted: Wanted, document: Document) -> bool:
    """Say whether a document has the same data, in the same template, as one that is wanted."""
    own = {name: value for name, value in plain(wanted.context).items() if name not in BASE}
    held = {name: document.context.get(name) for name in own}
    return wanted.template.sha256 == document.template_sha256 and data_hash(own) == data_hash(held)


def _refuse_second_replacement(wanted: Wanted) -> None:
    """Raise DocumentError where another document was faster to replace the same one."""
    if wanted.replaces is None:
        return
    successor = Document.objects.filter(replaces=wanted.replaces).first()
    if successor is not None:
        raise DocumentRefused(
            f"{wanted.replaces.title} {_called(wanted.replaces)} sudah digantikan oleh"
            f" {_called(successor)}; buat ralat atas yang terakhir."
        )


def _called(document: Document) -> str:
    return f"nomor {document.number}" if document.number else f"kode {document.spaced_code}"


def _render(wanted: Wanted) -> _Rendered:
    code, period = new_code(), period_of(wanted.subject)
    context = dict(plain(wanted.context)) | base_context(
        agency=wanted.agency,
        issuer=wanted.issuer,
        instance=wanted.instance,
        number=NUMBER_MARK if wanted.numbered else "",
        code=code,
        period=period,
        visit=wanted.visit,
        template_version=wanted.template.version,
        now=wanted.now,
    )
    if wanted.signatory:
        context["ttd"] = _signature(wanted, wanted.signatory, wanted.on_behalf_of)
    if wanted.countersignatory:
        context["mengetahui"] = _signature(wanted, wanted.countersignatory)
    if wanted.replaces is not None:
        context["ralat"] = {**_amended(wanted.replaces), "alasan": wanted.reason}
    content = fill_template(
        _on_paper(wanted),
        {**context, "sidik": DATA_MARK},
        name=wanted.template.name,
        images=images_of(wanted.issuer, code),
    )
    return _Rendered(content, context, code, period)


def _on_paper(wanted: Wanted) -> bytes:
    """Return the template on the agency's paper; the office's own is as the office made it."""
    if wanted.template.version:
        return wanted.template.content
    return on_paper(wanted.template.content, letterhead_of(wanted.issuer).paper)


def _signature(wanted: Wanted, role: str, on_behalf_of: str = "") -> dict[str, str]:
    return signature(
        agency=wanted.agency,
        role=role,
        instance=wanted.instance,
        now=wanted.now,
        on_behalf_of=on_behalf_of,
    )


def _amended(document: Document) -> dict[str, Any]:
    """Return what a ralat says of the document in whose place it comes."""
    return {
        "ke": document.amendment + 1,
        "nomor": document.number,
        "tanggal": date_text(local_date(document.agency, document.written_at)),
    }


@transaction.atomic
def _store(wanted: Wanted, rendered: _Rendered, path: Path) -> Document:
    taken = take_number(wanted.issuer, LETTERS, wanted.now) if wanted.numbered else None
    number = taken.text if taken else ""
    context = {**rendered.context, "nomor": number}
    hashed = data_hash(context)
    content = stamp(rendered.content, {NUMBER_MARK: number, DATA_MARK: hashed[:SHORT_HASH]})
    write_file(path, content)
    document = Document(
        agency=wanted.agency,
        instance=wanted.instance,
        task_id=wanted.task_id,
        order=wanted.order,
        kind=wanted.kind,
        subject=wanted.subject,
        period_first=rendered.period.first,
        period_last=rendered.period.last,
        item_key=wanted.item_key,
        round=wanted.visit,
        title=wanted.title,
        number=number,
        file=path.relative_to(stored_path("")).as_posix(),
        file_name=readable_name(
            wanted.title, rendered.period.label, wanted.item_label, wanted.visit, wanted.amendment
        ),
        sha256=sha256_of(content),
        size=len(content),
        code=rendered.code,
        signed_as=_signed_as(context.get("ttd")),
        template_name=wanted.template.name,
        template_version=wanted.template.version,
        template_sha256=wanted.template.sha256,
        context=context,
        data_sha256=hashed,
        replaces=wanted.predecessor(),
        amendment=wanted.amendment,
        written_at=wanted.now,
        written_by=wanted.actor.name,
    )
    document.save(force_insert=True)
    _record(document, wanted, taken)
    ask_if_always(document=document, now=wanted.now)
    return document


def _signed_as(signed: Mapping[str, str] | None) -> str:
    return ", ".join(filter(None, (signed["jabatan"], signed["nama"])))[:300] if signed else ""


def _record(document: Document, wanted: Wanted, taken: TakenNumber | None) -> None:
    ledger.record(
        stream=wanted.instance or wanted.agency,
        actor=wanted.actor,
        verb="document_issued",
        subject=f"documents.document:{document.pk}",
        after={
            "kind": document.kind,
            "title": document.title,
            "number": document.number,
            "round": document.round,
            "sha256": document.sha256,
            "template_sha256": document.template_sha256,
            "row_sha256": row_hash(document),
            "columns": column_marks(document),
            **({"series": taken.as_event()} if taken else {}),
            **({"replaces": document.replaces_id} if document.replaces_id else {}),
        },
        now=wanted.now,
    )


def readable_name(title: str, period: str, item_label: str, visit: int, amendment: int = 0) -> str:
    """Return "Resume Kehadiran April 2026 - putaran 2 - ralat 1.docx"."""
    name = " ".join(part for part in (title, period) if part)
    if item_label:
        name += f" - {item_label}"
    if visit > 1:
        name += f" - putaran {visit}"
    if amendment:
        name += f" - ralat {amendment}"
    safe = "".join("-" if sign in '/\\:*?"<>|' else sign for sign in name)
    return clean_label(f"{safe.rstrip('. ')}.docx")
