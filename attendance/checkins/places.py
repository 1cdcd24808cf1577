"""Where a press was made: kept encrypted, bound to its row, opened for its page and its check."""

import json

from attendance.checkins.rules import Earlier
from attendance.models import CheckIn
from foundation import crypto
from organization.geography import Point


def seal_place(check_in: CheckIn, point: Point, accuracy: float) -> None:
    """Put the coordinates into the row, closed; they open only there."""
    plain = json.dumps([point.latitude, point.longitude, accuracy]).encode()
    check_in.sealed_place = crypto.encrypt(plain, bound_to=_place_of(check_in))


def open_place(check_in: CheckIn) -> tuple[Point, float] | None:
    """Return where it was and how exactly that is known (metres).

    None where nothing was told, or the key that closed it is no longer there.
    """
    if not check_in.sealed_place:
        return None
    try:
        plain = crypto.decrypt(check_in.sealed_place, bound_to=_place_of(check_in))
    except crypto.DecryptionFailed:
        return None
    latitude, longitude, accuracy = json.loads(plain)
    return Point(latitude, longitude), accuracy


def seal_place_anew(check_in: CheckIn) -> None:
    """Close the coordinates with the newest key; raise DecryptionFailed where they do not open."""
    bound_to = _place_of(check_in)
    plain = crypto.decrypt(check_in.sealed_place, bound_to=bound_to)
    check_in.sealed_place = crypto.encrypt(plain, bound_to=bound_to)


def earlier_of(employee_id: int) -> Earlier | None:
    """Return the last accepted press of a person that can still be opened."""
    rows = CheckIn.objects.accepted().filter(employee=employee_id)
    row = rows.order_by("-received_at", "-pk").first()
    place = open_place(row) if row else None
    return Earlier(row.received_at, *place) if row and place else None


def _place_of(check_in: CheckIn) -> str:
    return f"attendance.checkin:{check_in.employee_id}:{check_in.key}:place"
