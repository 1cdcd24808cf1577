"""Ralat of what a SOP has written: its steps write again with the data of now.

What was issued stays; the new document names the one it replaces.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from documents.answers import answers_in_words, key_of, label_of
from documents.models import Document, DocumentOrder
from documents.models.documents import DocumentQuerySet
from documents.orders.asking import REASON, Entry, put_items, record_order
from foundation import ledger
from foundation.actors import Actor
from processes.context import step_context
from processes.definitions import definition_of
from processes.models import Instance, Task
from workflows.registry import document_context

RENDER, TASK = "documents.render", "ralat_of_task"
REPLACED = "ralat_of_document"  # the one that was withdrawn and is issued again


def order_amendments(
    *,
    instance: Instance,
    contexts: Iterable[str],
    key: str,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> list[DocumentOrder]:
    """Order anew whatever of the instance was written with one of these contexts and still holds.

    The `reason` stands on the papers. The same key twice is one order. Documents that were
    withdrawn are left alone.
    """
    return [
        _order(task, render_call(task), f"ralat:{task.pk}:{key}", actor, now, reason)
        for task in _writers(instance)
        if set(render_call(task).get("contexts", ())) & set(contexts)
    ]


def standing_of(instance: Instance) -> DocumentQuerySet:
    """Return what an instance has written and nothing replaced or withdrew."""
    rows = Document.objects.filter(instance=instance, withdrawn_at=None, replaced_by=None)
    return rows.defer("context")


def amended_by(order: DocumentOrder, item_key: str, task: Task, kind: str) -> Document | None:
    """Return what a document of the order replaces; None for somebody who had none before."""
    written = Document.objects.filter(order=order, item_key=item_key).first()
    if written is not None:
        return written.replaces
    if replaced := order.parameters.get(REPLACED):
        return Document.objects.defer("context").get(pk=replaced)
    rows = standing_of(task.instance).filter(kind=kind, item_key=item_key, round=task.visit)
    return rows.first()


def _writers(instance: Instance) -> list[Task]:
    ids = standing_of(instance).exclude(task=None).values("task")
    return list(Task.objects.filter(pk__in=ids).select_related("instance__agency").order_by("pk"))


def render_call(task: Task) -> Mapping[str, Any]:
    """Return the parameters with which the task's step writes; nothing if it does not."""
    call = definition_of(task.instance).tasks[task.step].operation
    return call.parameters if call is not None and call.name == RENDER else {}


def _order(
    task: Task, asked: Mapping[str, Any], key: str, actor: Actor, now: datetime, reason: str
) -> DocumentOrder:
    if found := DocumentOrder.objects.filter(key=key).first():
        return found
    definition = definition_of(task.instance)
    context = replace(step_context(task, definition, actor=actor, now=now), parameters=asked)
    data = answers_in_words(definition, context.form)
    for name in asked.get("contexts", []):
        data.update(document_context.get(name)(context))
    rows = data[asked["each"]] if "each" in asked else None
    entries = (
        [Entry(key="", label="", data={})]
        if rows is None
        else [Entry(key_of(row, n), label_of(row), {"item": row}) for n, row in enumerate(rows, 1)]
    )
    with transaction.atomic():
        ledger.lock(task.instance)
        if found := DocumentOrder.objects.filter(key=key).first():
            return found
        order = DocumentOrder.objects.create(
            agency_id=task.agency_id,
            key=key,
            title=f"Ralat {asked['title']}"[:200],
            subject=task.instance.subject,
            parameters={**asked, TASK: task.pk, **({REASON: reason} if reason else {})},
            instance=task.instance,
            asked_by_id=actor.user_id,
            asked_at=now,
        )
        record_order(order, actor, now)
        put_items(order=order, context=data, entries=entries, now=now)
    return order
