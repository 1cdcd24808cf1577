"""What we hold of the people on one machine, and what becomes of a finger that it shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from devices.models import (
    FINGERS,
    Alarm,
    Device,
    DeviceUser,
    FingerprintTemplate,
    RerecordingPermit,
    TemplateCopy,
)
from devices.pull.client import MachineTemplate
from devices.services.alarms import raise_alarm
from devices.services.enrolments import (
    note_recorded,
    replaced_by_finger,
    subject_of,
    withdraw_recordings,
)
from devices.services.secrets import Use, compare, seal_template, template_digest, use_of
from foundation.actors import Actor
from foundation.ledger import Entry
from organization.models import Employee

Finger = tuple[int, int]  # employee, finger


@dataclass
class FetchReport:
    """What was found on one machine, in fingers."""

    device: str
    fresh: int = 0  # recorded at this machine and new to us
    renewed: int = 0  # recorded anew at this machine, with leave or before its supervision
    known: int = 0
    differing: int = 0  # another recording than ours; ours stays and is brought back
    changed: int = 0  # of those: recorded over ours without leave, which raised an alarm
    withdrawn: int = 0  # refused or recorded anew elsewhere: to be deleted from here
    foreign: int = 0  # of users that we did not put on the machine: left where they are
    doubled: int = 0  # the very same finger under two people: not taken, an alarm
    employees: set[int] = field(default_factory=set)

    @property
    def taken(self) -> int:
        return self.fresh + self.renewed

    @property
    def counts(self) -> dict[str, int]:
        names = ("fresh", "renewed", "known", "differing", "changed", "withdrawn", "foreign")
        return {name: getattr(self, name) for name in (*names, "doubled")}


class Shelf:
    """Read once for many fingers; `put` decides about each. The caller holds the agency's lock.

    `verified` are those that the machine has as we do, `overwritten` those of ours that it no
    longer has; `entries` are the events that the caller leaves.
    """

    def __init__(
        self,
        device: Device,
        algorithm: int,
        templates: Sequence[MachineTemplate],
        actor: Actor,
        now: datetime,
    ) -> None:
        self.device, self.algorithm = device, algorithm
        self.actor, self.now = actor, now
        self.report = FetchReport(device.name)
        self.verified: list[FingerprintTemplate] = []
        self.overwritten: list[int] = []
        self.entries: list[Entry] = []
        # A PIN that we did not put there may be anybody's.
        users = DeviceUser.objects.filter(device=device, pin__valid_until=None)
        self._people = {
            str(row.pin.number): row.pin.employee for row in users.select_related("pin__employee")
        }
        self._ids = ids = {person.pk for person in self._people.values()}
        rows = FingerprintTemplate.objects.filter(employee__in=ids, algorithm=algorithm)
        self._current: dict[Finger, FingerprintTemplate] = {
            (row.employee_id, row.finger): row
            for row in rows.current().select_related("enrolment").defer("sealed")
        }
        self._dropped = set(rows.dropped().values_list("employee_id", "finger", "digest"))
        copies = TemplateCopy.objects.filter(device=device, template__algorithm=algorithm)
        copies = copies.select_related("template").defer("template__sealed")
        self._copies = {copy.template_id: copy.template for copy in copies}
        self._to_delete = {
            (copy.template.employee_id, copy.template.finger, copy.template.digest)
            for copy in copies
            if copy.template.replaced_at
        }
        self._owners: dict[str, int] = {}
        digests = {template_digest(shown.data) for shown in templates}
        same = FingerprintTemplate.objects.filter(digest__in=digests).order_by("-pk")
        for digest, employee_id in same.values_list("digest", "employee_id"):
            self._owners[digest] = employee_id
        permits = RerecordingPermit.objects.open_at(now).filter(employee__in=ids)
        self._permits = {permit.employee_id: permit for permit in permits}

    def put(self, shown: MachineTemplate) -> None:
        """Take a finger, or leave it where it is, and count which."""
        person = self._people.get(shown.pin)
        if person is None or not shown.data:
            self.report.foreign += 1
            return
        current = self._current.get((person.pk, shown.finger))
        if current is not None and self._holds(current, shown.data):
            self.report.known += 1
            self.verified.append(current)
            return
        digest = template_digest(shown.data)
        if self._owners.get(digest, person.pk) != person.pk:
            self._note_doubled(person, shown, digest)
        elif current is not None:
            self._put_beside(current, person, shown, digest)
        elif (person.pk, shown.finger, digest) in self._to_delete:
            self.report.withdrawn += 1
        else:
            self.report.fresh += 1
            self._keep(person, shown, None)

    def lacking(self, templates: Sequence[MachineTemplate]) -> list[int]:
        """Return which copies a machine no longer has that was reset or cleaned.

        Of people who are no longer ours there nothing is known: their numbers tell nobody.
        """
        shown = {
            (person.pk, template.finger)
            for template in templates
            if (person := self._people.get(template.pin))
        }
        return [
            pk
            for pk, row in self._copies.items()
            if row.employee_id in self._ids and (row.employee_id, row.finger) not in shown
        ]

    def _holds(self, current: FingerprintTemplate, data: bytes) -> bool:
        found = compare(current, data)
        if found.opened:
            use = use_of(current, Use.COMPARED, device=self.device, actor=self.actor)
            self.entries.append(use)
        return found.same

    def _put_beside(
        self, current: FingerprintTemplate, person: Employee, shown: MachineTemplate, digest: str
    ) -> None:
        """Decide about another recording of a finger that we have."""
        recorded_before = (person.pk, shown.finger, digest) in self._dropped
        counts = current.enrolment.supervised_at is not None
        permit = self._permits.get(person.pk)
        if not recorded_before and (
            permit is not None if counts else current.source_id == self.device.pk
        ):
            self.report.renewed += 1
            self._keep(person, shown, current)
            return
        self.report.differing += 1
        self.overwritten.append(current.pk)
        # A machine that never had ours may hold a recording from before: that is no change.
        if counts and not recorded_before and current.pk in self._copies:
            self.report.changed += 1
            self._note_changed(person, shown)

    def _keep(
        self, person: Employee, shown: MachineTemplate, current: FingerprintTemplate | None
    ) -> None:
        template = FingerprintTemplate(
            employee=person,
            finger=shown.finger,
            algorithm=self.algorithm,
            valid=shown.valid,
            source=self.device,
            fetched_at=self.now,
        )
        seal_template(template, shown.data)
        permit = self._permits.get(person.pk)
        replaced = replaced_by_finger(person, shown.finger, current, permit)
        withdraw_recordings(replaced, self.now)
        template.save()
        self._current[person.pk, shown.finger] = template
        self._owners[template.digest] = person.pk
        self.verified.append(template)
        self.report.employees.add(person.pk)
        _, entries = note_recorded(
            employee_id=person.pk,
            finger=shown.finger,
            device=self.device,
            template=template,
            again=bool(replaced),
            pin=shown.pin,
            actor=self.actor,
            now=self.now,
        )
        self.entries += entries

    def _note_changed(self, person: Employee, shown: MachineTemplate) -> None:
        finger = FINGERS[shown.finger]
        raise_alarm(
            kind=Alarm.Kind.FINGER_CHANGED,
            target=f"{subject_of(person.pk)}/{shown.finger}",
            text=f"Jari {finger} pada PIN {shown.pin} di {self.device.name} direkam lagi tanpa "
            "izin perekaman ulang. Rekaman yang sah tetap berlaku dan dikembalikan ke mesin.",
            device=self.device,
            employee=person,
            details={"pin": shown.pin, "finger": shown.finger},
            now=self.now,
        )
        after = {"finger": shown.finger, "device": self.device.serial}
        self._note("fingerprint_changed", person, after)

    def _note_doubled(self, person: Employee, shown: MachineTemplate, digest: str) -> None:
        self.report.doubled += 1
        other = self._owners[digest]
        pair = "/".join(str(pk) for pk in sorted((person.pk, other)))
        raise_alarm(
            kind=Alarm.Kind.FINGER_DOUBLED,
            target=f"organization.employee:{pair}",
            text=f"Jari {FINGERS[shown.finger]} pada PIN {shown.pin} di {self.device.name} sama "
            "dengan jari pegawai lain. Rekaman ini tidak diambil; periksa siapa yang merekam.",
            device=self.device,
            employee=person,
            details={"pin": shown.pin, "finger": shown.finger, "other_employee": other},
            now=self.now,
        )
        after = {"finger": shown.finger, "device": self.device.serial, "other_employee": other}
        self._note("fingerprint_doubled", person, after)

    def _note(self, verb: str, person: Employee, after: dict[str, object]) -> None:
        entry = Entry(actor=self.actor, verb=verb, subject=subject_of(person.pk), after=after)
        self.entries.append(entry)
