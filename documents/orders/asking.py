"""Asking for documents: an order is put down, a worker reads its data and writes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from documents.catalogue import Report
from documents.exceptions import DocumentError
from documents.models import Document, DocumentOrder, OrderItem
from documents.models.documents import DocumentQuerySet
from documents.services.withdrawing import LONGEST_REASON, SHORTEST_REASON
from documents.storage import sha256_of
from foundation import ledger, outbox
from foundation.actors import Actor
from foundation.models import OutboxJob
from organization.models import Agency
from processes.models import Task

ORDER_JOB, ITEM_JOB = "documents.order", "documents.item"
REASON = "alasan_ralat"  # among the parameters of an order
NAMED = 3  # numbers that a sentence names


class AmendmentUnexplained(DocumentError):
    """A numbered letter stands already: a person says why there is to be a ralat of it."""


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
    reason: str = "",
) -> DocumentOrder:
    """Ask for a report about a subject; the order of before while that is still at work.

    `key` makes repeated requests of a program one order; a person may ask again for what is done:
    what is written then is a ralat of it, unless nothing has changed. Raises AmendmentUnexplained
    where that has a number and the person gives no `reason`.
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
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if report.numbered and actor.user_id is not None and len(reason) < SHORTEST_REASON:
        _refuse_unexplained(agency, report, subject)
    order = DocumentOrder.objects.create(
        agency=agency,
        key=f"{stem}:{key or earlier.count() + 1}",
        report=report.key,
        title=f"{report.title} {label}".strip()[:200],
        subject=subject,
        parameters={**(parameters or {}), **({REASON: reason} if reason else {})},
        asked_by_id=actor.user_id,
        asked_at=now,
    )
    record_order(order, actor, now)
    outbox.enqueue(
        kind=ORDER_JOB, key=f"order:{order.pk}", payload={"order": order.pk}, run_after=now
    )
    return order


def reported_before(agency: Agency, report: str, subject: str) -> DocumentQuerySet:
    """Return what earlier orders of a report about a subject wrote and nothing replaced."""
    rows = Document.objects.filter(agency=agency, instance=None, order__report=report)
    return rows.filter(subject=subject, replaced_by=None)


def _refuse_unexplained(agency: Agency, report: Report, subject: str) -> None:
    standing = reported_before(agency, report.key, subject).filter(withdrawn_at=None)
    numbers = list(standing.exclude(number="").order_by("pk").values_list("number", flat=True))
    if not numbers:
        return
    named = ", ".join(numbers[:NAMED])
    more = f" dan {len(numbers) - NAMED} lainnya" if len(numbers) > NAMED else ""
    raise AmendmentUnexplained(
        f"Sudah ada nomor {named}{more}. Terbitkan ralat? Tuliskan alasannya, paling sedikit "
        f"{SHORTEST_REASON} huruf. Bila datanya sama, surat itu tetap berlaku."
    )


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
    """Tell the ledger who asked for what; of a reason only its hash, as names may be in it."""
    reason = order.parameters.get(REASON)
    ledger.record(
        stream=order.instance or order.agency,
        actor=actor,
        verb="documents_ordered",
        subject=f"documents.documentorder:{order.pk}",
        after={
            "title": order.title,
            "subject": order.subject,
            **({"reason_sha256": sha256_of(reason.encode())} if reason else {}),
        },
        now=now,
    )
