"""After a restored backup: the machines lived on, the rows did not.

What waits to be told to a machine was meant for the machine of the snapshot. It may have been done
since, and what followed undone it: a person deleted who was recorded anew, a restart in the middle
of the morning. Nothing of it is sent again; comparing a machine with what it should hold finds what
is still missing, and people see what was stopped.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max

from devices.models import Device, DeviceCommand
from devices.services.requests import request_work
from devices.services.sessions import IN_SERVICE
from foundation import outbox
from foundation.actors import Actor
from foundation.models import OutboxJob

REASON = "Dihentikan karena basis data dipulihkan dari cadangan; ulangi bila masih perlu."
PULL = "devices.pull_punches"
# Machines answer with the number of a command. One that answers late, to a command of which the
# restored rows know nothing, must not meet a new command of that number.
NUMBERS_LEFT_OUT = 1_000_000


@dataclass(frozen=True)
class Standstill:
    commands: int  # cancelled
    jobs: int  # work with machines that became incidents
    asked: int  # machines asked for their log


@transaction.atomic
def stand_still(*, actor: Actor, now: datetime) -> Standstill:
    """Send nothing that was on its way, and ask every machine in service for its log."""
    commands = DeviceCommand.objects.open().update(
        state=DeviceCommand.State.CANCELLED, settled_at=now, leased_until=None, error=REASON
    )
    waiting = OutboxJob.objects.filter(
        kind__startswith="devices.", state=OutboxJob.State.WAITING
    ).values_list("key", flat=True)
    stopped = [key for key in waiting if not key.startswith(PULL)]
    for key in stopped:
        outbox.give_up(key=key, text=REASON)
    _leave_numbers_out()
    devices = Device.objects.filter(state__in=IN_SERVICE).select_related("agency").order_by("pk")
    asked = [request_work(kind=PULL, owner=device, actor=actor, now=now) for device in devices]
    return Standstill(commands, len(stopped), len(asked))


def _leave_numbers_out() -> None:
    table = DeviceCommand._meta.db_table
    last = DeviceCommand.objects.aggregate(last=Max("pk"))["last"] or 0
    number = last + NUMBERS_LEFT_OUT
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, number])
            return
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, number])
