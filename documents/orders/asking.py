"""Asking for documents: an order is put down, a worker reads its data and writes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from documents.catalogue import Report
from documents.exceptions import DocumentError
from documents.models import DocumentOrder, OrderItem
from foundation import ledger, outbox
from foundation.actors import Actor
from foundation.models import OutboxJob
from organization.models import Agency
from processes.models import Task

ORDER_JOB, ITEM_JOB = "documents.order", "documents.item"


@dataclass(frozen=True)
class Entry:
    """One document of an order: what tells it from the others, for whom it is, its own data."""

    key: str
    label: str
    data: Mapping[str, Any]


@transaction.atomic
def order_report(
    *,
    report: Report,
    agency: Agency,
    subject: str,
    actor: Actor,
    now: datetime,
    label: str = "",
    key: str = "",
    parameters: Mapping[str, Any] | None = None,
) -> DocumentOrder:
    """Ask for a report about a subject; the order of before while that is still at work.

    `key` makes repeated requests of a program one order; a person may ask again for what is done:
    what is written then is a ralat of it, unless nothing has changed.
    """
    ledger.lock(agency)
    stem = f"laporan:{agency.pk}:{report.key}:{subject}"
    earlier = DocumentOrder.objects.filter(agency=agency, key__startswith=f"{stem}:")
    if key:
        named = DocumentOrder.objects.filter(key=f"{stem}:{key}").first()
        if named is not None:
            return named
    elif open_order := earlier.exclude(state__in=_OVER).first():
        return open_order
    order = DocumentOrder.objects.create(
        agency=agency,
        key=f"{stem}:{key or earlier.count() + 1}",
        report=report.key,
        title=f"{report.title} {label}".strip()[:200],
        subject=subject,
        parameters=dict(parameters or {}),
        asked_by_id=actor.user_id,
        asked_at=now,
    )
    record_order(order, actor, now)
    outbox.enqueue(
        kind=ORDER_JOB, key=f"order:{order.pk}", payload={"order": order.pk}, run_after=now
    )
    return order


@transaction.atomic
def order_of_step(
    *,
    task: Task,
    title: str,
    parameters: Mapping[str, Any],
    context: Mapping[str, Any],
    entries: Sequence[Entry],
    actor: Actor,
    now: datetime,
) -> DocumentOrder:
    """Put down the documents of an automatic task, one per entry; once, with the data of then."""
    ledger.lock(task.instance)
    key = f"task:{task.pk}"
    if found := DocumentOrder.objects.filter(key=key).first():
        return found
    order = DocumentOrder.objects.create(
        agency_id=task.agency_id,
        key=key,
        title=title[:200],
        subject=task.instance.subject,
        parameters=dict(parameters),
        instance=task.instance,
        task=task,
        asked_at=now,
    )
    record_order(order, actor, now)
    put_items(order=order, context=context, entries=entries, now=now)
    return order


def put_items(
    *, order: DocumentOrder, context: Mapping[str, Any], entries: Sequence[Entry], now: datetime
) -> None:
    """Keep the data of an order and give each of its documents to a worker; in a transaction."""
    keys = [entry.key for entry in entries]
    if len(set(keys)) != len(keys):
        raise DocumentError("Dua dokumen pada pesanan ini mempunyai kunci yang sama.")
    order.context, order.total = dict(context), len(entries)
    order.state = DocumentOrder.State.WRITING if entries else DocumentOrder.State.DONE
    order.finished_at = None if entries else now
    order.save(update_fields=["context", "total", "state", "finished_at"])
    items = OrderItem.objects.bulk_create(
        OrderItem(
            order=order, place=place, key=entry.key, label=entry.label[:200], data=dict(entry.data)
        )
        for place, entry in enumerate(entries, start=1)
    )
    outbox.enqueue_new(
        [
            OutboxJob(
                kind=ITEM_JOB,
                key=f"order-item:{item.pk}",
                payload={"item": item.pk},
                run_after=now,
                created_at=now,
            )
            for item in items
        ]
    )


@transaction.atomic
def retry_order(*, order: DocumentOrder, actor: Actor, now: datetime) -> None:
    """Let the workers try again what has failed; nothing where nothing has."""
    order = DocumentOrder.objects.select_for_update().get(pk=order.pk)
    if order.state != DocumentOrder.State.FAILED:
        return
    failed = list(order.items.filter(state=OrderItem.State.FAILED))
    jobs = [f"order-item:{item.pk}" for item in failed] or [f"order:{order.pk}"]
    order.state = DocumentOrder.State.WRITING if failed else DocumentOrder.State.WAITING
    order.error = ""
    order.save(update_fields=["state", "error"])
    order.items.filter(state=OrderItem.State.FAILED).update(state=OrderItem.State.WAITING, error="")
    for job in OutboxJob.objects.filter(key__in=jobs):
        outbox.retry(job=job, now=now)
    ledger.record(
        stream=order.instance or order.agency,
        actor=actor,
        verb="document_order_retried",
        subject=f"documents.documentorder:{order.pk}",
        after={"items": len(failed)},
        now=now,
    )


_OVER = (DocumentOrder.State.DONE, DocumentOrder.State.FAILED)


def record_order(order: DocumentOrder, actor: Actor, now: datetime) -> None:
    """Tell the ledger who asked for what."""
    ledger.record(
        stream=order.instance or order.agency,
        actor=actor,
        verb="documents_ordered",
        subject=f"documents.documentorder:{order.pk}",
        after={"title": order.title, "subject": order.subject},
        now=now,
    )
