"""An office, a press on a phone and a call for help, of an agency of the access tests."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from attendance.models import CheckIn, DayFile, HelpTicket
from attendance.services.day_files import write_day_file
from foundation.actors import SYSTEM
from organization.models import Workplace
from tests.cast import Cast
from tests.stages import AFTER_THE_MONTH


def presences(cast: Cast) -> dict[str, Any]:
    """Make one of each, of the agency's person without a role."""
    agency, employee, day = cast.agency, cast.employee.employee, date(2026, 4, 20)
    assert employee is not None
    office = Workplace.objects.create(
        agency=agency, name="Kantor Uji", latitude=Decimal("-2.935"), longitude=Decimal("115.15"),
        radius_m=100, valid_from=date(2026, 1, 1), set_at=AFTER_THE_MONTH,
    )  # fmt: skip
    row = CheckIn.objects.create(
        agency=agency, employee=employee, key=uuid4(), kind=CheckIn.Kind.IN, day=day,
        received_at=AFTER_THE_MONTH, reason="outside", workplace=office, distance_m=900,
    )  # fmt: skip
    ticket = HelpTicket.objects.create(
        agency=agency, employee=employee, day=day, topic=HelpTicket.Topic.LOCATION,
        opened_at=AFTER_THE_MONTH, check_in=row,
    )  # fmt: skip
    file: DayFile = write_day_file(
        agency=agency, day=day, key="uji", actor=SYSTEM, now=AFTER_THE_MONTH
    )
    return {"workplace": office, "check_in": row, "ticket": ticket, "day_file": file}
