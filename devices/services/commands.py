"""What machines that call us are told: ordered, handed out under a lease, settled.

A command waits, is sent with a lease, and is confirmed or failed by the machine's answer; one that
is not answered in time is handed out again. Commands are therefore safe to be done twice.
Locks are taken in one order: command rows, then the agency's ledger, then whatever else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from devices.adms import codes
from devices.adms.commands import LARGEST, MOST, bundle
from devices.adms.results import CommandResult
from devices.events import record_all
from devices.exceptions import NotAllowedNow
from devices.models import Device, DeviceCommand
from devices.services import outcomes
from devices.services.composing import CannotCompose, compose
from devices.services.sessions import IN_SERVICE
from foundation import ledger
from foundation.actors import SYSTEM, Actor
from foundation.ledger import Entry

LEASE = timedelta(minutes=10)  # terminals answer within a second, or after their next start
MAX_ATTEMPTS = 5

Kind, State = DeviceCommand.Kind, DeviceCommand.State
RANKS = {
    Kind.DELETE_USER: 10,
    Kind.DELETE_FINGER: 15,
    Kind.PUT_USER: 20,
    Kind.PUT_FINGER: 30,
    Kind.ENROL_FINGER: 35,
    Kind.REBOOT: 99,
}
# Of two that say the opposite about one thing only the later is meant.
OVERRULED_BY: dict[str, str] = {
    Kind.PUT_USER: Kind.DELETE_USER,
    Kind.DELETE_USER: Kind.PUT_USER,
    Kind.PUT_FINGER: Kind.DELETE_FINGER,
    Kind.DELETE_FINGER: Kind.PUT_FINGER,
}


@dataclass(frozen=True)
class Order:
    """Something to tell a machine. `target` is a PIN, or PIN/finger, as "1001/6"."""

    kind: DeviceCommand.Kind
    target: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)


def order(
    *,
    device: Device,
    kind: str,
    target: str = "",
    arguments: Mapping[str, Any] | None = None,
    actor: Actor,
    now: datetime,
) -> DeviceCommand:
    """Tell a machine something at its next call; the same while it is open is the same row."""
    wanted = Order(Kind(kind), target, arguments or {})
    (command,) = order_all(device=device, orders=[wanted], actor=actor, now=now)
    return command


@transaction.atomic
def order_all(
    *, device: Device, orders: Sequence[Order], actor: Actor, now: datetime
) -> list[DeviceCommand]:
    """Order several things of one machine at once, with one event; return their open rows.

    Raises NotAllowedNow for a machine that does not call us or is not in service.
    """
    if device.is_pulled or device.state not in IN_SERVICE:
        raise NotAllowedNow(
            f"{device.name} belum disetujui, dinonaktifkan, atau bukan mesin yang mengirim "
            "sendiri (ADMS). Periksa pendaftaran mesin."
        )
    _withdraw_opposites(device, orders, now)
    fresh = [_row(device, wanted, actor, now) for wanted in _not_open(device, orders)]
    # Another process may order the same at this moment: the constraint keeps one row open.
    DeviceCommand.objects.bulk_create(fresh, ignore_conflicts=True)
    if fresh and not actor.is_system:
        _record(device, "device_commands_ordered", fresh, actor, now)
    rows = _open_by_key(device)
    return [rows[key] for key in dict.fromkeys((o.kind, o.target) for o in orders) if key in rows]


def _row(device: Device, wanted: Order, actor: Actor, now: datetime) -> DeviceCommand:
    return DeviceCommand(
        device=device,
        kind=wanted.kind,
        target=wanted.target,
        arguments=dict(wanted.arguments),
        rank=RANKS.get(wanted.kind, 50),
        created_at=now,
        created_by_id=actor.user_id,
    )


def _open_by_key(device: Device) -> dict[tuple[str, str], DeviceCommand]:
    return {(c.kind, c.target): c for c in DeviceCommand.objects.open().filter(device=device)}


def _not_open(device: Device, orders: Sequence[Order]) -> Iterable[Order]:
    known = set(_open_by_key(device))
    return {(o.kind, o.target): o for o in orders if (o.kind, o.target) not in known}.values()


def _withdraw_opposites(device: Device, orders: Sequence[Order], now: datetime) -> None:
    meant = {(str(wanted.kind), wanted.target) for wanted in orders}
    gone = {wanted.target for wanted in orders if wanted.kind == Kind.DELETE_USER}

    def is_over(row: DeviceCommand) -> bool:
        if row.kind == Kind.PUT_FINGER and row.target.partition("/")[0] in gone:
            return True
        return (OVERRULED_BY.get(row.kind), row.target) in meant

    rows = [row.pk for row in _open_by_key(device).values() if is_over(row)]
    if rows:
        DeviceCommand.objects.open().filter(pk__in=rows).update(
            state=State.CANCELLED, settled_at=now, error="Digantikan perintah sesudahnya."
        )


def devices_with_commands(now: datetime) -> set[int]:
    """Return the ids of the machines that have something to be handed out; one query."""
    return set(DeviceCommand.objects.due(now).values_list("device_id", flat=True).distinct())


@transaction.atomic
def take_commands(*, device_id: int, now: datetime) -> bytes:
    """Return the next commands of a machine as the body of the reply; empty when there are none.

    Each is leased: another poll that overlaps this one does not get it. Every finger that goes
    out leaves an event.
    """
    rows = list(
        DeviceCommand.objects.due(now)
        .filter(device=device_id, device__state__in=IN_SERVICE)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("device__agency")
        .order_by("rank", "id")[:MOST]
    )
    if not rows:
        return b""
    device = rows[0].device
    texts, entries = _compose_all(rows, now)
    body, sent = bundle([(row.pk, text) for row, text in texts])
    taken = [row for row, _ in texts if row.pk in sent]
    for row in taken:
        row.state, row.sent_at, row.leased_until = State.SENT, now, now + LEASE
        row.attempts += 1
    DeviceCommand.objects.bulk_update(taken, ["state", "sent_at", "leased_until", "attempts"])
    record_all(device.agency, [entries[row.pk] for row in taken if row.pk in entries], now=now)
    return body


def _compose_all(
    rows: Sequence[DeviceCommand], now: datetime
) -> tuple[list[tuple[DeviceCommand, str]], dict[int, Entry]]:
    """Return what fits one reply, as text; what cannot be told any more has failed."""
    texts: list[tuple[DeviceCommand, str]] = []
    entries: dict[int, Entry] = {}
    size = 0
    for row in rows:
        if row.attempts >= MAX_ATTEMPTS:
            _fail(row, f"Mesin tidak menjawab setelah {MAX_ATTEMPTS} kali dikirim.", now)
            continue
        try:
            composed = compose(row, now=now)
        except CannotCompose as error:
            _fail(row, str(error), now)
            continue
        size += len(composed.text.encode()) + 32
        if texts and size > LARGEST:
            break
        texts.append((row, composed.text))
        if composed.entry:
            entries[row.pk] = composed.entry
    return texts, entries


def _fail(row: DeviceCommand, error: str, now: datetime) -> None:
    row.state, row.settled_at, row.error, row.leased_until = State.FAILED, now, error[:200], None
    row.save(update_fields=["state", "settled_at", "error", "leased_until"])


@transaction.atomic
def settle_results(*, device_id: int, results: Sequence[CommandResult], now: datetime) -> None:
    """Note what a machine answered. Unknown ids and answers that came before change nothing."""
    by_id = {result.id: result for result in reversed(results) if result.id is not None}
    rows = list(
        DeviceCommand.objects.filter(device=device_id, pk__in=by_id, attempts__gt=0)
        # A late answer is still the truth; a second one is not listened to.
        .filter(Q(state=State.SENT) | Q(return_code=None))
        .select_for_update(of=("self",))
        .select_related("device__agency")
        .order_by("pk")
    )
    if not rows:
        return
    device = rows[0].device
    follow: list[Order] = []
    for row in rows:
        follow += _settle(row, by_id[row.pk], now)
    if follow and device.state in IN_SERVICE:
        order_all(device=device, orders=follow, actor=SYSTEM, now=now)
    confirmed = [row for row in rows if row.state == State.CONFIRMED]
    if confirmed:
        ledger.lock(device.agency)  # before the rows that it also guards elsewhere
    entries = [entry for row in confirmed for entry in outcomes.apply(row, by_id[row.pk], now=now)]
    record_all(device.agency, entries, now=now)


def _settle(row: DeviceCommand, result: CommandResult, now: datetime) -> list[Order]:
    """Write the answer to the row; return what is to be told next because of it."""
    code = result.return_code
    row.return_code, row.answer = code, outcomes.figures(result)
    may_try = row.state == State.SENT and row.attempts < MAX_ATTEMPTS
    if codes.succeeded(row.kind, code) or outcomes.found_nothing(row.kind, code):
        row.state, row.settled_at, row.leased_until, row.error = State.CONFIRMED, now, None, ""
        follow = [Order(Kind(kind), target) for kind, target in outcomes.to_read_back(row)]
    elif code in outcomes.PASSING and may_try:
        row.leased_until = now + outcomes.PASSING[code]
        follow = []
    elif outcomes.lacks_user(row.kind, code) and may_try:
        row.state, row.leased_until = State.WAITING, None
        follow = [Order(Kind.PUT_USER, row.target.partition("/")[0])]
    else:
        row.state, row.settled_at, row.leased_until = State.FAILED, now, None
        row.error = outcomes.reason(row, code)[:200]
        follow = []
    row.save(
        update_fields=["state", "settled_at", "leased_until", "return_code", "answer", "error"]
    )
    return follow


@transaction.atomic
def cancel(*, command: DeviceCommand, actor: Actor, now: datetime) -> None:
    """Take back a command that was not handed out; NotAllowedNow when the machine has it."""
    if not _cancel(DeviceCommand.objects.filter(pk=command.pk), now):
        raise NotAllowedNow("Perintah ini sudah terkirim ke mesin atau sudah selesai.")
    _record(command.device, "device_commands_cancelled", [command], actor, now)


@transaction.atomic
def cancel_all(*, device: Device, actor: Actor, now: datetime) -> int:
    """Take back every command of a machine that was not handed out; return how many."""
    waiting = DeviceCommand.objects.filter(device=device, state=State.WAITING)
    rows = list(waiting.select_for_update(skip_locked=True))
    count = _cancel(DeviceCommand.objects.filter(pk__in=[row.pk for row in rows]), now)
    if count:
        _record(device, "device_commands_cancelled", rows, actor, now)
    return count


def _cancel(rows: QuerySet[DeviceCommand], now: datetime) -> int:
    return rows.filter(state=State.WAITING).update(
        state=State.CANCELLED, settled_at=now, error="Dibatalkan sebelum terkirim."
    )


def _record(
    device: Device, verb: str, rows: Sequence[DeviceCommand], actor: Actor, now: datetime
) -> None:
    counts = {kind: sum(row.kind == kind for row in rows) for kind in {row.kind for row in rows}}
    one = {"target": rows[0].target} if len(rows) == 1 else {}
    entry = Entry(actor=actor, verb=verb, subject=device.subject, after=counts | one)
    record_all(device.agency, [entry], now=now)
