"""All machines of an agency at once, over both channels; one that fails does not stop the others.

Machines that this system calls are served on the spot. Those that call get commands: the work is
then postponed, and comes again until they have answered.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from devices.events import record_all
from devices.exceptions import DeviceError, PinTaken, SyncIncomplete
from devices.models import Device, DeviceCommand, DeviceUser
from devices.services import checks, fingerprints, users
from devices.services.commands import Order
from devices.services.fingerprints import FetchReport, SpreadReport
from devices.services.leaving import retire_left_people
from devices.services.pins import allocate_pins
from devices.services.placements import forget_fingers
from devices.services.planning import Plan, plan_for
from devices.services.pursuing import BELIEVED, ON_ITS_WAY, Standing, orders_of, pursue, wait_for
from devices.services.sessions import IN_SERVICE, machine_session
from devices.services.users import PushReport
from foundation.actors import Actor
from foundation.indonesian import list_text
from foundation.models import Event
from organization.models import Agency

Kind = DeviceCommand.Kind
LISTING_HOLDS = timedelta(hours=24)  # who is on a machine that calls is asked once a day


@dataclass(frozen=True)
class SyncReport:
    """What went from where to where."""

    pushed: tuple[PushReport, ...]
    fetched: tuple[FetchReport, ...]
    spread: tuple[SpreadReport, ...]

    def __str__(self) -> str:
        sources = [f"{r.taken} sidik jari dari {r.device} diambil" for r in self.fetched if r.taken]
        receivers = [r for r in self.spread if r.copied]
        copied = sum(r.copied for r in receivers)
        parts = sources or ["tidak ada sidik jari baru"]
        if receivers:
            names = list_text([r.device for r in receivers])
            parts.append(f"{copied} salinan ditulis ke {len(receivers)} mesin ({names})")
        if other := sum(r.other_algorithm for r in self.spread):
            parts.append(f"{other} tidak cocok dengan jenis mesin tujuan")
        if differing := sum(r.differing for r in self.fetched):
            parts.append(f"{differing} rekaman lama di mesin diganti rekaman yang berlaku")
        if doubled := sum(r.doubled for r in self.fetched):
            parts.append(f"{doubled} jari yang sama di dua PIN ditolak, periksa")
        text = "; ".join(parts)
        return text[0].upper() + text[1:]


@dataclass
class _Round:
    """What one pass over the machines found: reports, failures by machine, how far those are that
    call."""

    actor: Actor
    now: datetime
    since: datetime | None
    failures: dict[int, str] = field(default_factory=dict)
    standings: list[Standing] = field(default_factory=list)
    unreachable: set[int] = field(default_factory=set)

    def attempt(self, device: Device, work: Callable[[], None]) -> None:
        """Do something with a machine; what fails is told at the end, with the others' failures."""
        if device.pk in self.unreachable:
            return
        try:
            work()
        except DeviceError as error:
            self.failures[device.pk] = str(error)
            # A PIN that is taken concerns that one person; the machine itself works.
            if not isinstance(error, PinTaken):
                self.unreachable.add(device.pk)

    def note(self, standing: Standing) -> None:
        self.standings.append(standing)
        if standing.failures:
            self.failures[standing.device.pk] = " ".join(standing.failures)

    def end(self) -> None:
        """Wait while a machine is at work; then tell what failed."""
        wait_for(self.standings)
        if self.failures:
            raise SyncIncomplete(
                " ".join(dict.fromkeys(self.failures.values()))
                + " Mesin yang rusak dapat dinonaktifkan sementara di halaman mesin."
            )

    def was_served(self, device: Device) -> bool:
        """Say whether an earlier round of this work reached a machine that we call."""
        since, checked = self.since, device.checked_at
        return since is not None and checked is not None and checked >= since

    def just_failed(self, device: Device) -> bool:
        """Say whether an earlier round of this work failed at this machine a moment ago."""
        checked = device.checked_at
        return (
            self.was_served(device)
            and bool(device.check_error)
            and checked is not None
            and self.now - checked < BELIEVED
        )


def machines_to_serve(agency: Agency, left_out: Collection[int] = ()) -> list[Device]:
    """Return the machines that may hold names and fingers, but those with the ids `left_out`."""
    rows = Device.objects.filter(agency=agency, state__in=IN_SERVICE).exclude(pk__in=left_out)
    return list(rows.select_related("agency"))


def push_users_everywhere(
    *, agency: Agency, actor: Actor, now: datetime, since: datetime | None = None
) -> tuple[PushReport, ...]:
    """Put the employees on every machine, and take off who left; safe to repeat.

    `since` is when this work was begun: what was done after it is not done again. Raises Postponed
    while machines that call us are at work, SyncIncomplete at the end for those that failed.
    """
    this = _Round(actor, now, since)
    retire_left_people(now=now, actor=actor, agency=agency)
    allocate_pins(agency=agency, actor=actor, now=now)
    reports = [_push(this, device, with_fingers=False) for device in machines_to_serve(agency)]
    this.end()
    return tuple(report for report in reports if report)


def sync_fingerprints(
    *,
    agency: Agency,
    actor: Actor,
    now: datetime,
    since: datetime | None = None,
    left_out: Collection[int] = (),
) -> SyncReport:
    """Put users on every machine, fetch what was recorded, bring it to the others, read it back.

    Like push_users_everywhere. Fingers recorded at machines that call us come by themselves.
    """
    this = _Round(actor, now, since)
    retire_left_people(now=now, actor=actor, agency=agency)
    allocate_pins(agency=agency, actor=actor, now=now)
    devices = machines_to_serve(agency, left_out)
    pulled = [device for device in devices if device.is_pulled]
    pushing = [device for device in devices if not device.is_pulled]
    pushed = [_push(this, device, with_fingers=False) for device in pulled]
    fetched = [_fetch(this, device) for device in pulled]
    spread = [_spread(this, device) for device in pulled]
    pushed += [_push(this, device, with_fingers=True) for device in pushing]
    fetched += [_came(this, device) for device in pushing]
    spread += [_gone_out(this, device) for device in pushing]
    this.end()
    return SyncReport(
        tuple(report for report in pushed if report),
        tuple(report for report in fetched if report),
        tuple(report for report in spread if report),
    )


def push_users_to(*, device: Device, actor: Actor, now: datetime, since: datetime) -> PushReport:
    """Put the employees on one machine, as push_users_everywhere does on all."""
    if device.is_pulled:
        return users.push_users(device=device, actor=actor, now=now)
    this = _Round(actor, now, since)
    allocate_pins(agency=device.agency, actor=actor, now=now)
    report = _push(this, device, with_fingers=False)
    this.end()
    return report or _pushed(this, device, plan_for(device, now))


def check_machines(
    *, agency: Agency, actor: Actor, now: datetime, since: datetime | None = None
) -> tuple[Device, ...]:
    """Ask every machine how it is and return those in service; raises as the others do."""
    this = _Round(actor, now, since)
    devices = machines_to_serve(agency)
    for device in devices:
        if device.is_pulled:
            _check_by_call(this, device)
        else:
            info = [Order(Kind.INFO)]
            this.note(pursue(device=device, orders=info, actor=actor, now=now, since=since or now))
    this.end()
    return tuple(machines_to_serve(agency))


def _check_by_call(this: _Round, device: Device) -> None:
    if this.just_failed(device):
        this.failures[device.pk] = device.check_error
    elif not this.was_served(device) or device.check_error:

        def work() -> None:
            checks.check_device(device=device, actor=this.actor, now=this.now)

        this.attempt(device, work)


def _push(this: _Round, device: Device, *, with_fingers: bool) -> PushReport | None:
    """Bring users to one machine; to one that calls us, and if asked for, fingers as well."""
    if device.is_pulled:
        return _push_by_call(this, device)
    asked = _questions(this, device, with_fingers=with_fingers)
    if asked.pending or asked.failures:
        this.note(asked)
        return None
    plan = plan_for(device, this.now)
    if with_fingers:
        reading = _read(this, device, plan)
        if reading.pending:
            this.note(reading)
            return None
        plan = plan_for(device, this.now)
    orders = orders_of(plan, with_fingers=with_fingers)
    this.note(pursue(device=device, orders=orders, actor=this.actor, now=this.now))
    if plan.taken:
        this.failures[device.pk] = str(users.pin_taken(device, plan.taken))
    return _pushed(this, device, plan)


def _push_by_call(this: _Round, device: Device) -> PushReport | None:
    if this.just_failed(device):
        this.failures[device.pk] = device.check_error
        this.unreachable.add(device.pk)
        return None
    plan = plan_for(device, this.now)
    if this.was_served(device) and not (plan.put_users or plan.delete_users):
        if plan.taken:
            this.failures[device.pk] = str(users.pin_taken(device, plan.taken))
        return _pushed(this, device, plan)
    found: list[PushReport] = []

    def work() -> None:
        found.append(users.push_users(device=device, actor=this.actor, now=this.now))

    this.attempt(device, work)
    return found[0] if found else None


def _questions(this: _Round, device: Device, *, with_fingers: bool) -> Standing:
    """Ask a machine that calls us who is on it and what it is, before anything is put there."""
    orders = []
    if device.read_at is None or this.now - device.read_at > LISTING_HOLDS:
        orders.append(Order(Kind.QUERY_USERS))
    if device.algorithm is None:
        orders.append(Order(Kind.INFO))
    since = this.now - LISTING_HOLDS
    standing = pursue(device=device, orders=orders, actor=this.actor, now=this.now, since=since)
    if with_fingers:
        new = [Order(Kind.SEND_NEW)]
        since = this.since or this.now
        told = pursue(device=device, orders=new, actor=this.actor, now=this.now, since=since)
        standing = replace(standing, pending=standing.pending + told.pending)
    listing = DeviceCommand.objects.filter(
        device=device,
        kind=Kind.QUERY_USERS,
        target="",
        settled_at__gt=this.now - ON_ITS_WAY,
    )
    return replace(standing, pending=standing.pending + listing.count())


def _read(this: _Round, device: Device, plan: Plan) -> Standing:
    """Ask a machine that calls us for fingers that were recorded before it knew us.

    What is recorded from now on it tells by itself. Whoever has none is asked for only once.
    """
    unread = [Order(Kind.QUERY_FINGERS, pin) for pin in plan.unread]
    again = pursue(
        device=device, orders=unread, actor=this.actor, now=this.now, since=this.since or this.now
    )
    rest = set(plan.fingerless) - set(plan.unread)
    once = [Order(Kind.QUERY_FINGERS, pin) for pin in sorted(rest, key=int)]
    first = pursue(
        device=device, orders=once, actor=this.actor, now=this.now, since=device.registered_at
    )
    return replace(first, pending=first.pending + again.pending)


def _fetch(this: _Round, device: Device) -> FetchReport | None:
    """Read the fingers of a machine that we call, once in this work."""
    if this.since is not None and device.read_at is not None and device.read_at >= this.since:
        return _came(this, device)
    found: list[FetchReport] = []

    def work() -> None:
        found.append(fingerprints.fetch_templates(device=device, actor=this.actor, now=this.now))
        device.read_at = this.now
        device.save(update_fields=["read_at"])

    this.attempt(device, work)
    return found[0] if found else None


def _spread(this: _Round, device: Device) -> SpreadReport | None:
    """Bring fingers to a machine that we call, and take off those that no longer count."""
    if device.pk in this.unreachable:
        return None
    plan = plan_for(device, this.now)
    found: list[SpreadReport] = []

    def work() -> None:
        if plan.delete_fingers:
            _delete_fingers(device, plan, this.actor, this.now)
        if plan.put_fingers:
            found.append(
                fingerprints.spread_templates(device=device, actor=this.actor, now=this.now)
            )

    this.attempt(device, work)
    if found:
        return found[0]
    copied = sum(after["copied"] for after in _told(this, device, "fingerprints_spread"))
    return SpreadReport(device.name, copied, 0, plan.other_algorithm)


def _delete_fingers(device: Device, plan: Plan, actor: Actor, now: datetime) -> None:
    with machine_session(device, now=now) as session:
        session.client.delete_templates(plan.delete_fingers)
    entries = forget_fingers(device=device, fingers=plan.delete_fingers, actor=actor)
    record_all(device.agency, entries, now=now)


def _pushed(this: _Round, device: Device, plan: Plan) -> PushReport:
    """Return what this work has done with users so far, from what is on record."""
    rows = DeviceUser.objects.filter(device=device)
    added = rows.filter(pushed_at__gte=this.since or this.now).count()
    deleted = _confirmed(this, device, Kind.DELETE_USER)
    return PushReport(device.name, added, 0, max(rows.count() - added, 0), deleted, plan.taken)


def _came(this: _Round, device: Device) -> FetchReport:
    """Return what this work has found on a machine so far, from its events."""
    report = FetchReport(device.name)
    for after in _told(this, device, "fingerprints_fetched"):
        for name, count in after.items():
            setattr(report, name, getattr(report, name) + count)
    return report


def _gone_out(this: _Round, device: Device) -> SpreadReport:
    plan = plan_for(device, this.now)
    copied = _confirmed(this, device, Kind.PUT_FINGER)
    return SpreadReport(device.name, copied, 0, plan.other_algorithm)


def _told(this: _Round, device: Device, verb: str) -> list[dict[str, int]]:
    if this.since is None:
        return []
    events = Event.objects.filter(subject=device.subject, verb=verb, at__gte=this.since)
    return list(events.values_list("after", flat=True))


def _confirmed(this: _Round, device: Device, kind: str) -> int:
    rows = DeviceCommand.objects.filter(device=device, kind=kind)
    return rows.filter(
        state=DeviceCommand.State.CONFIRMED, created_at__gte=this.since or this.now
    ).count()
