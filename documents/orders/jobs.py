"""The outbox handlers of orders: thin over what writes them."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from documents.exceptions import DocumentError, DocumentRefused
from documents.orders import writing
from documents.orders.asking import ITEM_JOB, ORDER_JOB
from foundation.outbox import Refused, handles, on_incident
from workflows.registry import NothingToReport


@handles(ORDER_JOB)
def begin_order(payload: Mapping[str, Any]) -> None:
    try:
        writing.begin_order(order_id=payload["order"], now=timezone.now())
    except (NothingToReport, DocumentError, PermissionDenied) as refusal:
        raise Refused(str(refusal)) from refusal


@on_incident(ORDER_JOB)
def fail_order(payload: Mapping[str, Any], error: str) -> None:
    writing.fail_order(order_id=payload["order"], error=error)


@handles(ITEM_JOB)
def write_item(payload: Mapping[str, Any]) -> None:
    try:
        writing.write_item(item_id=payload["item"], now=timezone.now())
    except DocumentRefused as refusal:
        raise Refused(str(refusal)) from refusal


@on_incident(ITEM_JOB)
def fail_item(payload: Mapping[str, Any], error: str) -> None:
    writing.fail_item(item_id=payload["item"], error=error, now=timezone.now())
