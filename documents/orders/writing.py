"""What workers do with an order: read its data once, then write each document by itself."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from documents.answers import key_of, label_of
from documents.catalogue import Report, report_named
from documents.exceptions import DocumentError
from documents.issue.issuing import Wanted, issue_document, says_the_same
from documents.issue.steps import letterhead_named, wanted_by_step
from documents.models import Document, DocumentOrder, OrderItem
from documents.office.choosing import template_for
from documents.orders.amending import TASK, amended_by
from documents.orders.asking import REASON, Entry, put_items, reported_before
from foundation import outbox
from foundation.actors import SYSTEM, Actor
from organization.models import User
from organization.permissions import actor_for
from processes.models import Task
from workflows.registry import Request, report_context

State, ItemState = DocumentOrder.State, OrderItem.State


def begin_order(*, order_id: int, now: datetime) -> None:
    """Read the data of a report's order and give its documents to workers; once."""
    order = DocumentOrder.objects.select_related("agency").get(pk=order_id)
    if order.state != State.WAITING:
        return
    report = report_named(order.report)
    context = report_data(report, order, now)
    with transaction.atomic():
        locked = DocumentOrder.objects.select_for_update().get(pk=order_id)
        if locked.state == State.WAITING:
            put_items(order=locked, context=context, entries=entries_of(report, context), now=now)


def report_data(report: Report, order: DocumentOrder, now: datetime) -> dict[str, Any]:
    """Return what the report's contexts give, a later one above an earlier."""
    request = Request(
        agency_id=order.agency_id,
        subject=order.subject,
        actor=asker_of(order, now),
        now=now,
        parameters=order.parameters,
    )
    data: dict[str, Any] = {}
    for name in report.contexts:
        data.update(report_context.get(name)(request))
    return data


def entries_of(report: Report, context: Mapping[str, Any]) -> list[Entry]:
    """Return one entry, or one per row of the list that the report names."""
    if not report.each:
        return [Entry(key="", label=label_of(context.get(report.named)), data={})]
    rows = context.get(report.each)
    if not isinstance(rows, list):
        raise DocumentError(f"Data laporan tidak memuat daftar '{report.each}'.")
    return [Entry(key_of(row, n), label_of(row), {"item": row}) for n, row in enumerate(rows, 1)]


def asker_of(order: DocumentOrder, now: datetime) -> Actor:
    user: User | None = order.asked_by
    return actor_for(user, None, order.agency_id, now) if user else SYSTEM


def write_item(*, item_id: int, now: datetime) -> Document:
    """Write one document of an order; a second call returns the first document."""
    rows = OrderItem.objects.select_related("order__agency", "order__instance", "order__task")
    item = rows.get(pk=item_id)
    if item.document is not None:
        return item.document
    document = _issue(wanted(item, now))
    _end_item(item, ItemState.DONE, now, document=document)
    return document


def _issue(asked: Wanted) -> Document:
    """Write a document; where it would say the same as the one it replaces, that one is enough."""
    earlier = asked.replaces
    if earlier is not None and earlier.withdrawn_at is None and says_the_same(asked, earlier):
        return earlier
    return issue_document(asked)


def write_order(*, order: DocumentOrder, now: datetime) -> None:
    """Write all that waits of an order here and now, one after the other."""
    for item in order.items.filter(state=ItemState.WAITING):
        write_item(item_id=item.pk, now=now)


def wanted(item: OrderItem, now: datetime) -> Wanted:
    """Return what the item asks to be written, whoever ordered it."""
    order = item.order
    data = {**order.context, **item.data}
    amended = order.parameters.get(TASK)
    task = Task.objects.get(pk=amended) if amended else order.task
    if task is not None:
        asked = wanted_by_step(
            task,
            order.parameters,
            data,
            order=order,
            item_key=item.key,
            item_label=item.label,
            actor=SYSTEM,
            now=now,
        )
        if amended:
            return replace(
                asked,
                replaces=amended_by(order, item.key, task, asked.kind),
                reason=order.parameters.get(REASON, ""),
            )
        return asked
    report = report_named(order.report)
    return Wanted(
        agency=order.agency,
        kind=report.kind,
        title=report.title,
        template=template_for(report.template_key, agency=order.agency, standard=report.template),
        context=data,
        actor=asker_of(order, now),
        now=now,
        order=order,
        subject=order.subject,
        item_key=item.key,
        item_label=item.label,
        numbered=report.numbered,
        signatory=report.signatory,
        countersignatory=report.countersignatory,
        on_behalf_of=report.on_behalf_of,
        letterhead=letterhead_named(report.letterhead, data),
        replaces=_reported_before(order, item.key),
        reason=order.parameters.get(REASON, ""),
    )


def _reported_before(order: DocumentOrder, item_key: str) -> Document | None:
    """Return what an earlier order of the same report about the same subject has written last."""
    rows = reported_before(order.agency, order.report, order.subject).filter(item_key=item_key)
    return rows.exclude(order=order).order_by("-pk").first()


def fail_item(*, item_id: int, error: str, now: datetime) -> None:
    """Show an item as failed once its attempts are used up."""
    _end_item(OrderItem.objects.get(pk=item_id), ItemState.FAILED, now, error=error)


@transaction.atomic
def fail_order(*, order_id: int, error: str) -> None:
    """Show an order as failed whose data could not be read."""
    DocumentOrder.objects.filter(pk=order_id, state=State.WAITING).update(
        state=State.FAILED, error=error[:500]
    )


@transaction.atomic
def _end_item(
    item: OrderItem, state: str, now: datetime, *, document: Document | None = None, error: str = ""
) -> None:
    order = DocumentOrder.objects.select_for_update().get(pk=item.order_id)
    ended = OrderItem.objects.filter(pk=item.pk, state=ItemState.WAITING)
    kept: Any = F("data") if document is None else {}
    if ended.update(state=state, document=document, error=error[:500], data=kept):
        _settle(order, now)


def _settle(order: DocumentOrder, now: datetime) -> None:
    """End the order with its last item, and tell the step that waits for it."""
    if order.items.filter(state=ItemState.WAITING).exists():
        return
    failed = order.items.filter(state=ItemState.FAILED).order_by("place").first()
    order.state = State.FAILED if failed else State.DONE
    order.error = failed.error if failed else ""
    order.finished_at = now
    if not failed:
        order.context = {}  # each document keeps its own data
    order.save(update_fields=["state", "error", "finished_at", "context"])
    if order.task_id and failed:
        outbox.give_up(key=f"task:{order.task_id}", text=failed.error)
    elif order.task_id:
        outbox.hasten(key=f"task:{order.task_id}", now=now)
