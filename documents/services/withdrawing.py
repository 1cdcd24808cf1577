"""Withdrawing a document: it stays in the archive, and everybody who asks is told."""

from datetime import datetime

from django.db import transaction

from documents.archive.checking import WITHDRAWN, withdrawal_of
from documents.exceptions import DocumentError
from documents.models import Document
from foundation import ledger
from foundation.actors import Actor
from foundation.indonesian import date_text

SHORTEST_REASON, LONGEST_REASON = 10, 500  # characters


class WithdrawalRefused(DocumentError):
    """The document cannot be withdrawn, or not with this reason."""


@transaction.atomic
def withdraw_document(*, document: Document, reason: str, actor: Actor, now: datetime) -> Document:
    """Say that a document no longer holds; for good. The event keeps the reason as a hash.

    Raises WithdrawalRefused for a reason that says too little, and where somebody was faster.
    """
    reason = " ".join(reason.split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise WithdrawalRefused(
            f"Tuliskan alasan {SHORTEST_REASON} sampai {LONGEST_REASON} huruf; alasan ini tercatat "
            "pada dokumen."
        )
    ledger.lock(document.instance or document.agency)
    found = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if found.withdrawn_at is not None:
        raise WithdrawalRefused(
            f"Dokumen ini sudah dicabut oleh {found.withdrawn_by} pada"
            f" {date_text(found.withdrawn_on or now)}."
        )
    found.withdrawn_at, found.withdrawn_by, found.withdrawn_reason = now, actor.name, reason
    found.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    ledger.record(
        stream=found.instance or found.agency,
        actor=actor,
        verb=WITHDRAWN,
        subject=f"documents.document:{found.pk}",
        after=withdrawal_of(found),
        now=now,
    )
    return found
