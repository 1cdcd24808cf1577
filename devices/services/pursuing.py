"""Getting something done by a machine that calls us: ordered, then looked at until it is settled.

Nothing of this is kept beside the commands themselves. A worker that comes again, or another one,
finds in them what was ordered, what was answered, and what must be told again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from devices.exceptions import DeviceRefused
from devices.models import Device, DeviceCommand
from devices.services.commands import Order, order_all
from devices.services.planning import Plan
from foundation.actors import Actor
from foundation.indonesian import list_text
from foundation.outbox import Postponed

State, Kind = DeviceCommand.State, DeviceCommand.Kind
LOOK_AGAIN = timedelta(seconds=5)
# What a machine posts after its answer to a query may still be on its way.
ON_ITS_WAY = timedelta(seconds=15)
# A refusal is believed this long; a worker that comes later tells the machine again.
BELIEVED = timedelta(minutes=1)
SILENT = timedelta(minutes=15)
SHOWN = 3


@dataclass(frozen=True)
class Standing:
    """How far one machine is; `failures` are sentences, `pending` what is not settled."""

    device: Device
    done: int = 0
    pending: int = 0
    failures: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.done} dari {self.done + self.pending} perintah dikerjakan {self.device.name}"


def pursue(
    *,
    device: Device,
    orders: Sequence[Order],
    actor: Actor,
    now: datetime,
    since: datetime | None = None,
) -> Standing:
    """Order what is not ordered yet and tell how far the machine is.

    With `since`, what was confirmed after it is done. Without it the orders come from a plan, and
    what is in a plan is not done: what was confirmed must show its effect soon or has failed.
    """
    latest = _latest(device, orders)
    missing: list[Order] = []
    failures: list[str] = []
    done = pending = 0
    for wanted in orders:
        last = latest.get((wanted.kind, wanted.target))
        verdict = _verdict(last, _proof(wanted, latest), now, since)
        if verdict == "order":
            missing.append(wanted)
        elif verdict == "failed" and last is not None:
            failures.append(last.error or "tidak terbaca kembali")
        elif verdict == "pending":
            pending += 1
        else:
            done += 1
    if missing:
        order_all(device=device, orders=missing, actor=actor, now=now)
    waiting = DeviceCommand.objects.open().filter(device=device).order_by("created_at")
    oldest = waiting.values_list("created_at", flat=True).first()
    if oldest is not None and is_silent(device, oldest, now):
        return Standing(device, done, 0, (_silence(device),))
    if oldest is not None:
        done = DeviceCommand.objects.filter(
            device=device, state=State.CONFIRMED, created_at__gte=oldest
        ).count()
    return Standing(device, done, pending + len(missing), _told(device, failures))


def _latest(device: Device, orders: Sequence[Order]) -> dict[tuple[str, str], DeviceCommand]:
    targets = {wanted.target for wanted in orders}
    rows = DeviceCommand.objects.filter(
        device=device,
        kind__in={wanted.kind for wanted in orders} | {Kind.QUERY_FINGERS},
        target__in=targets | {target.partition("/")[0] for target in targets},
    )
    return {(row.kind, row.target): row for row in rows.order_by("id")}


def _proof(wanted: Order, latest: dict[tuple[str, str], DeviceCommand]) -> DeviceCommand | None:
    """Return the query by which the effect of an order shows."""
    return latest.get((Kind.QUERY_FINGERS, wanted.target.partition("/")[0]))


def _verdict(
    last: DeviceCommand | None,
    proof: DeviceCommand | None,
    now: datetime,
    since: datetime | None,
) -> str:
    """Return what is true of one order: `order` (again), `pending`, `failed` or `done`."""
    if last is None:
        return "order"
    if last.settled_at is None:
        return "pending"
    if last.state == State.CONFIRMED and since is not None:
        return "done" if last.created_at >= since else "order"
    shows_by = last.settled_at
    if last.state == State.CONFIRMED:
        if proof is not None and proof.settled_at is None:
            return "pending"
        asked = proof.settled_at if proof is not None else None
        shows_by = max(asked or shows_by, shows_by) + ON_ITS_WAY
    if now < shows_by:
        return "pending"
    return "failed" if now < shows_by + BELIEVED else "order"


def is_silent(device: Device, since: datetime, now: datetime) -> bool:
    """Say whether a machine has not called for long, having had something to fetch."""
    last = Device.objects.values_list("last_contact_at", flat=True).get(pk=device.pk)
    return now - max(last or since, since) > SILENT


def _silence(device: Device) -> str:
    return (
        f"{device.name} tidak menghubungi server lebih dari {SILENT // timedelta(minutes=1)} menit "
        "sejak perintah disusun. Periksa listrik, jaringan dan menu Cloud Server di mesin."
    )


def _told(device: Device, failures: Iterable[str]) -> tuple[str, ...]:
    """Return the failures of a machine as one sentence each, the same one once."""
    reasons = list(dict.fromkeys(reason.rstrip(".") for reason in failures))
    if not reasons:
        return ()
    return (f"{device.name}: {list_text(reasons[:SHOWN])}.",)


def ask(*, device: Device, wanted: Order, actor: Actor, now: datetime, since: datetime) -> None:
    """Have one thing done by a machine, once since that moment.

    Raises Postponed until it has answered, DeviceRefused with its reason when it said no.
    """
    last = _latest(device, [wanted]).get((wanted.kind, wanted.target))
    if last is not None and last.state == State.CANCELLED and last.created_at >= since:
        # Taken back by a person: not told again, however often the worker comes.
        raise DeviceRefused(f"{device.name}: {last.error}")
    standing = pursue(device=device, orders=[wanted], actor=actor, now=now, since=since)
    if standing.failures:
        raise DeviceRefused(" ".join(standing.failures))
    wait_for([standing])


def wait_for(standings: Iterable[Standing]) -> None:
    """Raise Postponed while a machine is still at work, with how far each of them is."""
    working = [standing for standing in standings if standing.pending]
    if working:
        raise Postponed("; ".join(str(standing) for standing in working), LOOK_AGAIN)


def orders_of(plan: Plan, *, with_fingers: bool) -> list[Order]:
    """Return what a plan tells a machine to do; without fingers only people come and go."""
    fingers = [
        *(Order(Kind.DELETE_FINGER, f"{pin}/{finger}") for pin, finger in plan.delete_fingers),
        *(Order(Kind.PUT_FINGER, f"{pin}/{finger}") for pin, finger in plan.put_fingers),
    ]
    return [
        *(Order(Kind.DELETE_USER, pin) for pin in plan.delete_users),
        *(Order(Kind.PUT_USER, pin) for pin in plan.put_users),
        *(fingers if with_fingers else ()),
    ]


def ask_punches(*, device: Device, actor: Actor, now: datetime, since: datetime) -> None:
    """Let a machine that calls us tell again what was punched since the first of last month.

    The rows come as at any other time, each kept once. Postponed until it has answered.
    """
    end = since.astimezone(device.zone).replace(tzinfo=None, microsecond=0)
    start = (end.replace(day=1) - timedelta(days=1)).replace(day=1, hour=0, minute=0, second=0)
    span = {"start": start.isoformat(), "end": end.isoformat()}
    wanted = Order(Kind.QUERY_PUNCHES, f"{span['start']}/{span['end']}", span)
    ask(device=device, wanted=wanted, actor=actor, now=now, since=since)
