"""Issuing again what was withdrawn: the same data, another number, a ralat of the withdrawn one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from documents.catalogue import UnknownReport, report_named
from documents.exceptions import DocumentError
from documents.issue.letterhead import BASE
from documents.models import Document, DocumentOrder, OrderItem
from documents.orders.amending import REPLACED, TASK, render_call
from documents.orders.asking import Entry, put_items, record_order
from foundation import ledger
from foundation.actors import Actor


class ReissueRefused(DocumentError):
    """The document cannot be issued again; the sentence says why."""


def may_be_reissued(document: Document) -> bool:
    """Say whether it was withdrawn, nothing came in its place, and how to write it is known."""
    return not _refusal(document)


@transaction.atomic
def order_again(*, document: Document, actor: Actor, now: datetime) -> DocumentOrder:
    """Order a withdrawn document anew with the data it had; asked twice it is one order.

    Raises ReissueRefused where it holds, was replaced, or nobody knows any more how to write it.
    """
    ledger.lock(document.instance or document.agency)
    key = f"terbit-lagi:{document.pk}"
    if found := DocumentOrder.objects.filter(key=key).first():
        return found
    document = Document.objects.select_related("task", "order", "instance").get(pk=document.pk)
    if refusal := _refusal(document):
        raise ReissueRefused(refusal)
    order = DocumentOrder.objects.create(
        agency_id=document.agency_id,
        key=key,
        report=_report(document),
        title=f"Ralat {document.title}"[:200],
        subject=document.subject,
        parameters=_parameters(document),
        instance=document.instance,
        asked_by_id=actor.user_id,
        asked_at=now,
    )
    record_order(order, actor, now)
    data = {name: value for name, value in document.context.items() if name not in BASE}
    put_items(order=order, context=data, entries=[_entry(document)], now=now)
    return order


def _refusal(document: Document) -> str:
    if document.withdrawn_at is None:
        return "Dokumen ini belum dicabut; yang berlaku tidak diterbitkan dua kali."
    if document.successor is not None:
        return "Dokumen ini sudah digantikan; yang diterbitkan lagi hanya yang terakhir."
    if not _report(document) and not _step(document):
        return "Templat dokumen ini tidak dikenal lagi; mintalah dokumen baru dari tempat asalnya."
    return ""


def _report(document: Document) -> str:
    """Return the key of the report it was asked for as; "" for what a SOP wrote."""
    if document.task is not None or document.order is None:
        return ""
    try:
        return report_named(document.order.report).key
    except UnknownReport:
        return ""


def _step(document: Document) -> Mapping[str, Any]:
    """Return with which parameters the step of a SOP wrote it; nothing where none did."""
    return render_call(document.task) if document.task is not None else {}


def _parameters(document: Document) -> dict[str, Any]:
    if document.task is None:
        return dict(document.order.parameters) if document.order else {}
    return {**_step(document), TASK: document.task.pk, REPLACED: document.pk}


def _entry(document: Document) -> Entry:
    """Return the one paper of the order, called as it was; its own data are among the others."""
    first = OrderItem.objects.filter(document=document).order_by("pk").first()
    return Entry(key=document.item_key, label=first.label if first else "", data={})
