"""What waits for somebody's decision lies in the right inbox as soon as a change is committed."""

from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from foundation import outbox
from organization.models import Agency, Employee


def offer_anew(agencies: Collection[Agency | int], *, now: datetime) -> None:
    """Have the open tasks of agencies offered to whom data name now, after the commit."""
    ids = {agency.pk if isinstance(agency, Agency) else agency for agency in agencies}
    for agency_id in sorted(ids):
        outbox.enqueue(
            kind="processes.reoffer",
            key=f"reoffer:organization:{uuid4().hex}",
            payload={"agency": agency_id},
            run_after=now,
        )


def offer_anew_under(person: Employee, *, now: datetime) -> None:
    """Do so where a person stands above somebody: he may decide now, or no longer."""
    below = Employee.objects.filter(superior=person).order_by()
    offer_anew({person.agency_id, *below.values_list("agency_id", flat=True)}, now=now)
