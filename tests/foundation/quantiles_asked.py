"""Asks the database of an office for quantiles, of anchors that hold nothing."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from foundation.models import Anchor
from foundation.quantiles import Quantiles


@transaction.atomic
def ask(groups: Sequence[Sequence[int]], shares: Sequence[float]) -> dict[str, Any]:
    """Return the quantiles of each group by its place."""
    values = [(group, value) for group, found in enumerate(groups) for value in found]
    Anchor.objects.bulk_create(
        Anchor(number=number, at=timezone.now(), events=group, streams=value)
        for number, (group, value) in enumerate(values, start=1)
    )
    rows = Anchor.objects.order_by()
    asked = list(rows.values_list("events").annotate(found=Quantiles("streams", shares=shares)))
    transaction.set_rollback(True)
    return {str(group): found for group, found in asked}
