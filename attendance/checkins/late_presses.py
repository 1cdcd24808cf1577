"""The presses that one ticket asks about: all that were sent late while it was open."""

from collections.abc import Collection, Mapping, Sequence
from zoneinfo import ZoneInfo

from attendance.models import CheckIn, HelpTicket
from foundation.indonesian import moment_text, time_text


def late_presses_of(tickets: Collection[HelpTicket]) -> Mapping[int, Sequence[CheckIn]]:
    """Return the late presses of each ticket by its id, the first one first; one query.

    A ticket takes in what comes until it is answered; what comes afterwards opens another.
    """
    asking = [ticket for ticket in tickets if ticket.topic == HelpTicket.Topic.LATE_SENT]
    if not asking:
        return {}
    rows = CheckIn.objects.filter(
        reason=HelpTicket.Topic.LATE_SENT,
        employee__in={ticket.employee_id for ticket in asking},
        day__in={ticket.day for ticket in asking},
    ).order_by("received_at", "pk")
    presses = list(rows.select_related("agency"))
    return {ticket.pk: [row for row in presses if _is_about(ticket, row)] for ticket in asking}


def late_text(row: CheckIn) -> str:
    """Return "Presensi masuk: pukul 07.12 WITA menurut ponsel, diterima 09.40 WITA"."""
    zone = row.agency.time_zone
    received = f"diterima {time_text(row.received_at, zone)}"
    if row.measured_at is None:
        return f"{row.get_kind_display()}: tanpa jam dari ponsel, {received}"
    is_same_day = row.measured_at.astimezone(ZoneInfo(zone)).date() == row.day
    told = (time_text if is_same_day else moment_text)(row.measured_at, zone)
    return f"{row.get_kind_display()}: pukul {told} menurut ponsel, {received}"


def _is_about(ticket: HelpTicket, row: CheckIn) -> bool:
    return (
        row.employee_id == ticket.employee_id
        and row.day == ticket.day
        and ticket.opened_at <= row.received_at
        and (ticket.answered_at is None or row.received_at < ticket.answered_at)
    )
