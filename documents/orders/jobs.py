"""The outbox handlers of orders: thin over what writes them."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from documents.orders import writing
from documents.orders.asking import ITEM_JOB, ORDER_JOB
from foundation.outbox import handles, on_incident


@handles(ORDER_JOB)
def begin_order(payload: Mapping[str, Any]) -> None:
    writing.begin_order(order_id=payload["order"], now=timezone.now())


@on_incident(ORDER_JOB)
def fail_order(payload: Mapping[str, Any], error: str) -> None:
    writing.fail_order(order_id=payload["order"], error=error)


@handles(ITEM_JOB)
def write_item(payload: Mapping[str, Any]) -> None:
    writing.write_item(item_id=payload["item"], now=timezone.now())


@on_incident(ITEM_JOB)
def fail_item(payload: Mapping[str, Any], error: str) -> None:
    writing.fail_item(item_id=payload["item"], error=error, now=timezone.now())
