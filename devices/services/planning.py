"""What one machine lacks, or has too much, compared with what we know of the agency's people.

The same plan is the drift that pages show and what a repair carries out: `plan` is a pure function
over plain rows, `plan_for` reads them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from devices.models import Device, DeviceUser, FingerprintTemplate, SeenUser, TemplateCopy
from devices.services.placements import is_other_person
from devices.services.users import current_pins


@dataclass(frozen=True)
class Person:
    """Somebody under a PIN: as it should be, or as we once sent it."""

    pin: str
    employee_id: int
    name: str


@dataclass(frozen=True)
class KnownFinger:
    """A recorded finger that we hold; `template_id` is its row."""

    template_id: int
    employee_id: int
    finger: int
    algorithm: int
    is_current: bool = True  # not recorded anew, refused, or of somebody who left


@dataclass(frozen=True)
class State:
    """One machine as it should be (`wanted`, `held`) and as far as it is known to be.

    `seen` are the names that it showed, by PIN, `shown` the fingers; `copies` are the fingers read
    back from it, those of old rows among them.
    """

    wanted: Sequence[Person]
    held: Sequence[KnownFinger]
    placed: Sequence[Person]
    seen: Mapping[str, str]
    copies: Sequence[KnownFinger]
    algorithm: int | None
    shown: Mapping[str, Sequence[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What is to be done, in PINs and (PIN, finger); `taken`, `strangers` are left alone.

    `unread` and `fingerless` concern people of ours on the machine: it showed fingers of theirs
    that we do not hold, or has none of theirs as far as we know.
    """

    put_users: tuple[str, ...] = ()
    delete_users: tuple[str, ...] = ()
    put_fingers: tuple[tuple[str, int], ...] = ()
    delete_fingers: tuple[tuple[str, int], ...] = ()
    taken: tuple[str, ...] = ()  # PINs of ours under which the machine has somebody else
    strangers: tuple[str, ...] = ()  # PINs that nobody of ours has
    unread: tuple[str, ...] = ()
    fingerless: tuple[str, ...] = ()
    other_algorithm: int = 0  # fingers recorded for machines of another generation

    @property
    def is_empty(self) -> bool:
        """Nothing is to be done; what concerns other people's PINs does not count."""
        return not (self.put_users or self.put_fingers or self.deletions)

    @property
    def deletions(self) -> int:
        return len(self.delete_users) + len(self.delete_fingers)

    def __str__(self) -> str:
        parts = [
            (len(self.put_users), "pegawai belum ada"),
            (len(self.put_fingers), "sidik jari belum ada"),
            (len(self.delete_users), "pegawai harus dihapus"),
            (len(self.delete_fingers), "sidik jari harus dihapus"),
            (len(self.taken), "PIN dipakai orang lain"),
        ]
        text = ", ".join(f"{count} {what}" for count, what in parts if count)
        return text or "Sesuai"


def plan(state: State) -> Plan:
    """Return what makes the machine as it should be; what is right already is not done again."""
    wanted = {person.pin: person for person in state.wanted}
    placed = {person.pin: person for person in state.placed}
    taken = {
        pin
        for pin, person in wanted.items()
        if pin not in placed
        and pin in state.seen
        and is_other_person(pin, person.name, state.seen[pin])
    }
    put = [
        pin
        for pin, person in wanted.items()
        if pin not in taken and (pin not in placed or placed[pin].name != person.name)
    ]
    gone = [pin for pin in placed if pin not in wanted]
    served = {p.employee_id: p.pin for pin, p in wanted.items() if pin not in taken}
    # Whoever is deleted or not there yet loses, or lacks, all fingers.
    bare = {placed[pin].employee_id for pin in gone}
    bare |= {wanted[pin].employee_id for pin in put if pin not in placed}
    fitting = [held for held in state.held if held.algorithm == state.algorithm]
    fitted = {(held.employee_id, held.finger) for held in fitting}
    there = [copy for copy in state.copies if copy.employee_id not in bare]
    # What waits for its supervisor is not spread, and not taken off the machine that has it.
    right = fitted | {(copy.employee_id, copy.finger) for copy in there if copy.is_current}
    verified = {copy.template_id for copy in there}
    known = {(copy.employee_id, copy.finger) for copy in there}
    with_fingers = {employee_id for employee_id, _ in known} | {
        held.employee_id for held in fitting
    }
    ours = [person for pin, person in placed.items() if served.get(person.employee_id) == pin]
    others = {
        (held.employee_id, held.finger)
        for held in state.held
        if held.algorithm != state.algorithm and held.employee_id in served
    }
    return Plan(
        put_users=tuple(put),
        delete_users=tuple(gone),
        put_fingers=tuple(
            (served[held.employee_id], held.finger)
            for held in fitting
            if held.employee_id in served and held.template_id not in verified
        ),
        delete_fingers=tuple(
            sorted(
                {
                    (served[copy.employee_id], copy.finger)
                    for copy in there
                    if copy.employee_id in served
                    and copy.algorithm == state.algorithm
                    and (copy.employee_id, copy.finger) not in right
                }
            )
        ),
        taken=tuple(sorted(taken, key=_as_number)),
        strangers=tuple(sorted(set(state.seen) - set(wanted) - set(placed), key=_as_number)),
        other_algorithm=len(others - fitted),
        unread=tuple(
            person.pin
            for person in ours
            if any((person.employee_id, n) not in known for n in state.shown.get(person.pin, ()))
        ),
        fingerless=tuple(p.pin for p in ours if p.employee_id not in with_fingers),
    )


def _as_number(pin: str) -> tuple[int, str]:
    return len(pin), pin


def plan_for(device: Device, now: datetime) -> Plan:
    """Return the plan of a machine; five queries."""
    return plan(load_state(device, now))


def load_state(device: Device, now: datetime) -> State:
    """Read what is known of a machine and of the people who should be on it."""
    pins = current_pins(device.agency, now)
    seen = SeenUser.objects.filter(device=device)
    if device.read_at is not None:
        # Whoever it did not show when all users were listed is no longer there.
        seen = seen.filter(seen_at__gte=device.read_at)
    rows = list(seen)
    names = {row.pin: row.name for row in rows}
    placed = DeviceUser.objects.filter(device=device).select_related("pin")
    people = {pin.employee_id for pin in pins}
    held = FingerprintTemplate.objects.counting().filter(employee__in=people).defer("sealed")
    copies = TemplateCopy.objects.filter(device=device)
    copies = copies.select_related("template").defer("template__sealed")
    return State(
        wanted=[Person(str(pin.number), pin.employee_id, pin.employee.name) for pin in pins],
        held=[_known(row) for row in held.order_by("employee_id", "finger")],
        placed=[
            Person(str(row.pin.number), row.pin.employee_id, row.name)
            for row in placed.order_by("pin__number")
            if not _is_lost(row, device, names)
        ],
        seen=names,
        copies=[_known(copy.template) for copy in copies],
        algorithm=device.algorithm,
        shown={row.pin: row.fingers for row in rows},
    )


def _is_lost(row: DeviceUser, device: Device, names: Mapping[str, str]) -> bool:
    listed = device.read_at is not None and row.pushed_at < device.read_at
    return listed and str(row.pin.number) not in names


def _known(row: FingerprintTemplate) -> KnownFinger:
    return KnownFinger(
        row.pk, row.employee_id, row.finger, row.algorithm, is_current=row.replaced_at is None
    )
