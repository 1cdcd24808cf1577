"""Issues documents and seals archives.

Rendering and writing happen before the transaction, which only takes the number, stores the row and
leaves the event.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from documents.archiving import archive_instance
from documents.checking import Fault, verify_archive
from documents.exceptions import DocumentError
from documents.filling import fill_template, plain
from documents.letterhead import base_context, signature
from documents.models import Document, LetterPattern
from documents.numbering import LETTERS, check_pattern, number_for, peek_serial, take_serial
from documents.storage import sha256_of, stored_path, write_file
from foundation import ledger
from foundation.actors import Actor
from foundation.uploads import clean_label
from organization.models import Agency
from organization.permissions import local_date
from processes.models import Instance

__all__ = [
    "Fault",
    "archive_instance",
    "issue_document",
    "set_letter_pattern",
    "verify_archive",
]

# Each lost race means that another document got its number: somebody always moves on.
ATTEMPTS = 12


class _NumberTaken(Exception):
    """Another document was issued with the number for which this one was rendered."""


@dataclass(frozen=True, kw_only=True)
class _Order:
    agency: Agency
    instance: Instance | None
    task_id: int | None
    kind: str
    item_key: str
    visit: int
    title: str
    item_label: str
    template: bytes
    template_name: str
    numbered: bool
    actor: Actor
    now: datetime

    def written(self) -> Document | None:
        """Return the document if an earlier try has issued it."""
        if self.instance is None:
            return None
        return Document.objects.filter(
            instance=self.instance, kind=self.kind, item_key=self.item_key, round=self.visit
        ).first()


def issue_document(
    *,
    instance: Instance | None,
    kind: str,
    title: str,
    template: bytes,
    template_name: str,
    context: Mapping[str, Any],
    numbered: bool,
    signatory_role: str,
    actor: Actor,
    now: datetime,
    item_key: str = "",
    item_label: str = "",
    visit: int = 1,
    task_id: int | None = None,
    agency: Agency | None = None,
    on_behalf_of: str = "",
) -> Document:
    """Render a Word document, number it and store it; return the row.

    A second call for the same instance, kind, item and visit returns the first document. `agency`
    is needed only without an instance; `item_label` tells documents of one kind apart in their file
    names. Raises DocumentError. Never call it in a transaction or a web request.
    """
    owner = instance.agency if instance else agency
    if owner is None:
        raise TypeError("A document belongs to an instance or to an agency.")
    order = _Order(
        agency=owner,
        instance=instance,
        task_id=task_id,
        kind=kind,
        item_key=item_key[:120],
        visit=visit,
        title=title[:200],
        item_label=item_label,
        template=template,
        template_name=template_name,
        numbered=numbered,
        actor=actor,
        now=now,
    )
    if written := order.written():
        return written
    data = dict(plain(context))
    if signatory_role:
        data["ttd"] = signature(
            agency=owner, role=signatory_role, instance=instance, now=now, on_behalf_of=on_behalf_of
        )
    for _ in range(ATTEMPTS):
        try:
            return _issue(order, data)
        except _NumberTaken:
            if written := order.written():
                return written
    raise DocumentError("Nomor surat sedang dipakai dokumen lain; coba lagi sebentar.")


def _issue(order: _Order, data: Mapping[str, Any]) -> Document:
    """Render with the number that is free now; store only if it is still free then."""
    on = local_date(order.agency, order.now)
    serial = peek_serial(order.agency, LETTERS, on.year) if order.numbered else 0
    number = number_for(order.agency, LETTERS, serial, on) if order.numbered else ""
    head = base_context(
        agency=order.agency,
        instance=order.instance,
        number=number,
        visit=order.visit,
        now=order.now,
    )
    context = {**data, **head}
    content = fill_template(order.template, context, name=order.template_name)
    stored_name = f"documents/{on:%Y/%m}/{uuid.uuid4().hex}.docx"
    path = stored_path(stored_name)
    write_file(path, content)
    document = Document(
        agency=order.agency,
        instance=order.instance,
        task_id=order.task_id,
        kind=order.kind,
        item_key=order.item_key,
        round=order.visit,
        title=order.title,
        number=number,
        file=stored_name,
        file_name=readable_name(
            order.title, head["periode"]["label"], order.item_label, order.visit
        ),
        sha256=sha256_of(content),
        size=len(content),
        template_name=order.template_name,
        template_sha256=sha256_of(order.template),
        context=context,
        written_at=order.now,
        written_by=order.actor.name,
    )
    try:
        return _store(document, serial, order)
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, IntegrityError):
            # The same job ran twice at once, and the other was faster.
            raise _NumberTaken from error
        raise


@transaction.atomic
def _store(document: Document, serial: int, order: _Order) -> Document:
    year = local_date(order.agency, order.now).year
    if order.numbered and take_serial(order.agency, LETTERS, year) != serial:
        raise _NumberTaken
    document.save(force_insert=True)
    ledger.record(
        stream=order.instance or order.agency,
        actor=order.actor,
        verb="document_issued",
        subject=f"documents.document:{document.pk}",
        after={
            "kind": document.kind,
            "title": document.title,
            "number": document.number,
            "round": document.round,
            "sha256": document.sha256,
            "template_sha256": document.template_sha256,
        },
        now=order.now,
    )
    return document


def readable_name(title: str, period: str, item_label: str, visit: int) -> str:
    """Return "Resume Kehadiran April 2026 - putaran 2.docx"."""
    name = " ".join(part for part in (title, period) if part)
    if item_label:
        name += f" - {item_label}"
    if visit > 1:
        name += f" - putaran {visit}"
    safe = "".join("-" if sign in '/\\:*?"<>|' else sign for sign in name)
    return clean_label(f"{safe.rstrip('. ')}.docx")


@transaction.atomic
def set_letter_pattern(
    *, agency: Agency, pattern: str, actor: Actor, now: datetime, series: str = LETTERS
) -> LetterPattern:
    """Set how the agency writes its numbers from now on. Raises numbering.PatternRefused."""
    check_pattern(pattern)
    row = LetterPattern.objects.filter(agency=agency, series=series).first()
    before = {"pattern": row.pattern} if row else {}
    row = row or LetterPattern(agency=agency, series=series)
    row.pattern = pattern
    row.save()
    ledger.record(
        stream=agency,
        actor=actor,
        verb="letter_pattern_set",
        subject=f"documents.letterpattern:{row.pk}",
        before=before,
        after={"series": series, "pattern": pattern},
        now=now,
    )
    return row
