"""The procedure of an outage: begun by a person or a machine's silence, and what its steps keep.

A function that takes a `Deed` is called when a task of the procedure was completed: the task was
the permission, its guards asked the rest. All may be repeated: what is kept already stays.
Which SOP it is, its files say: the one whose subject is an incident.
"""

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from attendance.exceptions import AlreadyDecided, DataRefused
from attendance.models import Outage
from attendance.services.outage_rows import Deed, end, judge, locked, locked_for, note, state
from attendance.services.outages import RECORD, record_outage
from devices.models import Alarm, Device
from devices.services.violations import note_violation
from foundation import ledger
from foundation.actors import SYSTEM, Actor
from foundation.indonesian import date_text
from organization.models import Agency, User
from organization.permissions import local_date
from processes import services as processes
from processes.models import Attachment, Instance
from workflows import repository
from workflows.definitions import ProcessDefinition, SubjectKind
from workflows.registry import tells

logger = logging.getLogger(__name__)
ARTICLE = "Pasal 14"
# A machine that was only switched on late, or a server that just started, is no outage yet.
LASTING = timedelta(minutes=10)
FRESH = timedelta(minutes=5)  # the watch has seen the silence so lately


def procedure() -> ProcessDefinition:
    """Return the SOP about incidents; raise DataRefused where none is offered."""
    for definition in repository.all():
        if definition.subject is SubjectKind.INCIDENT:
            return definition
    raise DataRefused({"": "SOP gangguan perangkat belum terpasang; hubungi pengelola aplikasi."})


@tells("Pencatatan gangguan")
def messages() -> Sequence[str]:
    offered = [one for one in repository.all() if one.subject is SubjectKind.INCIDENT]
    return [one.start_message for one in offered if one.start_message]


@transaction.atomic
def report_outage(
    *,
    agency: Agency,
    device: Device | None,
    first_on: date,
    last_on: date | None,
    reason: str,
    user: User,
    now: datetime,
) -> Outage:
    """Record an outage and begin its procedure; refusals are those of `record_outage`."""
    row = record_outage(
        agency=agency, device=device, first_on=first_on, last_on=last_on, reason=reason,
        user=user, now=now,
    )  # fmt: skip
    return begin_procedure(outage_id=row.pk, user=user, now=now)


@transaction.atomic
def begin_procedure(*, outage_id: int, user: User, now: datetime) -> Outage:
    """Begin the procedure of an outage that has none, while its list is not whole.

    Raises AlreadyDecided, PermissionDenied.
    """
    row, actor = locked_for(outage_id, RECORD, user, now)
    stopped = row.instance is not None and row.instance.status == Instance.Status.CANCELLED
    if row.instance is not None and not stopped:
        raise AlreadyDecided("Gangguan ini sudah dilaporkan; lihat berkasnya.")
    if row.listed_at is not None or row.withdrawn_at is not None:
        raise AlreadyDecided("Gangguan ini sudah selesai; tidak perlu dilaporkan lagi.")
    return _begin(row, user=user, actor=actor, now=now)


def _begin(row: Outage, *, user: User | None, actor: Actor, now: datetime) -> Outage:
    before = state(row)
    machine = row.device.name if row.device else "semua mesin"
    definition = procedure()
    row.instance = processes.start_process(
        definition_key=definition.key,
        agency=row.agency,
        subject=str(row.pk),
        actor_user=user,
        now=now,
        title=f"Gangguan {machine}, sejak {date_text(row.first_on)}",
        permitted=True,
    )
    row.save(update_fields=["instance"])
    note(row, "outage_procedure_begun", actor, now, before=before)
    if definition.start_message:
        # It is begun already; other SOPs of the agency that wait for this hear of it.
        processes.send_message(
            name=definition.start_message, agency_id=row.agency_id, subject=str(row.pk),
            payload={}, key=f"attendance.outage:{row.pk}:{row.instance.pk}", actor=actor, now=now,
        )  # fmt: skip
    return row


# A machine's silence ------------------------------------------------------------------------------


def report_silent_machines(*, now: datetime) -> int:
    """Record an outage for every machine that is silent while people want to punch.

    The silence is an alarm of the watch that has lasted. Each alarm tells of one outage, and none
    where the machine, or all of them, are known to be out of order. One that fails stops no other.
    """
    alarms = Alarm.objects.open().filter(
        kind=Alarm.Kind.OFFLINE, outage=None, device__isnull=False, agency__isnull=False,
        raised_at__lte=now - LASTING, last_seen_at__gte=now - FRESH,
    )  # fmt: skip
    begun = 0
    for alarm_id in alarms.order_by("pk").values_list("pk", flat=True):
        try:
            begun += _report_silence(alarm_id, now)
        except Exception as error:
            logger.error("alarm %s began no outage: %s", alarm_id, type(error).__name__)
    return begun


@transaction.atomic
def _report_silence(alarm_id: int, now: datetime) -> bool:
    alarm = Alarm.objects.select_related("device__agency").get(pk=alarm_id)
    device = alarm.device
    if device is None:
        return False
    agency = ledger.lock(device.agency)
    if Outage.objects.filter(alarm=alarm).exists():
        return False
    since = local_date(agency, device.last_contact_at or alarm.raised_at)
    known = Outage.objects.filter(agency=agency).touching(local_date(agency, now), None)
    if known.filter(device=device).exists() or known.filter(device=None).exists():
        return False
    first_on = max(since, local_date(agency, alarm.raised_at))
    row = Outage.objects.create(
        agency=agency, device=device, alarm=alarm, first_on=first_on, last_on=None,
        reason=alarm.text[:300], recorded_by=None, recorded_at=now,
    )  # fmt: skip
    note(row, "outage_recorded", SYSTEM, now)
    judge(row, "mesin tidak melapor", now)
    _begin(row, user=None, actor=SYSTEM, now=now)
    return True


# What the steps keep ------------------------------------------------------------------------------


@transaction.atomic
def keep_report(
    *,
    outage_id: int,
    instance_id: int,
    symptom: str,
    cause: str,
    photo: Attachment | None,
    damage: str,
    deed: Deed,
    now: datetime,
) -> Outage:
    """Keep what the operator reports; suspected damage is noted as a violation (art. 14).

    `cause` replaces the reason where it is told, `damage` is "" where nobody is suspected of it.
    """
    row = locked(outage_id)
    before = state(row)
    row.instance_id = instance_id
    row.symptom, row.reason = symptom, (cause or row.reason)[:300]
    row.photo = photo or row.photo
    row.reported_by, row.reported_at = deed.user, deed.at
    if damage and row.violation_id is None:
        row.violation = note_violation(
            alarm=row.alarm, article=ARTICLE, facts=f"{row}: {damage}", employee=None,
            actor=deed.actor, now=now, agency=row.agency,
        )  # fmt: skip
    return _kept(row, "outage_reported", before, deed.actor, now)


@transaction.atomic
def withdraw_report(*, outage_id: int, why: str, deed: Deed, now: datetime) -> Outage:
    """Say that it was no outage: its days are judged as any others."""
    row = locked(outage_id)
    if row.withdrawn_at is not None:
        return row
    before = state(row)
    row.withdrawn_by, row.withdrawn_at, row.withdrawn_note = deed.user, deed.at, why[:300]
    _kept(row, "outage_withdrawn", before, deed.actor, now)
    judge(row, "ternyata bukan gangguan", now, until=row.last_on)
    return row


@transaction.atomic
def keep_forwarding(*, outage_id: int, deed: Deed, now: datetime) -> Outage:
    """Keep who forwarded the report on behalf of the head (art. 13(1)b and (2))."""
    row = locked(outage_id)
    before = state(row)
    row.forwarded_by, row.forwarded_at = deed.user, deed.at
    row.forwarded_as = deed.actor.acting_as[:150]
    return _kept(row, "outage_forwarded", before, deed.actor, now)


@transaction.atomic
def keep_diagnosis(
    *, outage_id: int, diagnosis: str, other_machine: bool, deed: Deed, now: datetime
) -> Outage:
    """Keep what Diskominfo found, and whether people use another machine meanwhile."""
    row = locked(outage_id)
    before = state(row)
    row.diagnosis, row.other_machine = diagnosis, other_machine
    row.diagnosed_by, row.diagnosed_at = deed.user, deed.at
    return _kept(row, "outage_diagnosed", before, deed.actor, now)


@transaction.atomic
def keep_repair(
    *, outage_id: int, repair: str, parts: str, technician: str, deed: Deed, now: datetime
) -> Outage:
    """Keep what was done to the machine, with which parts, by whom (art. 13(3))."""
    row = locked(outage_id)
    before = state(row)
    row.repair, row.parts, row.technician = repair, parts[:300], technician[:150]
    row.repaired_by, row.repaired_at = deed.user, deed.at
    return _kept(row, "outage_repaired", before, deed.actor, now)


@transaction.atomic
def keep_test(
    *,
    outage_id: int,
    works: bool,
    result: str,
    witness: str,
    last_on: date | None,
    deed: Deed,
    now: datetime,
) -> Outage:
    """Keep how the test went; a machine that works again ends the outage on `last_on`."""
    row = locked(outage_id)
    before = state(row)
    row.test_result, row.witness = result, witness[:150]
    row.tested_by = deed.user if works else None
    row.tested_at = deed.at if works else None
    _kept(row, "outage_tested", before, deed.actor, now)
    if works and last_on is not None and row.last_on is None:
        end(row, last_on, deed.actor, now)
    return row


@transaction.atomic
def keep_fetching(*, outage_id: int, told: str, actor: Actor, now: datetime) -> Outage:
    """Keep what became of fetching the punches that were left in the machine."""
    row = locked(outage_id)
    before = state(row)
    row.fetched_at, row.fetched_note = now, told[:300]
    return _kept(row, "outage_fetched", before, actor, now)


def _kept(row: Outage, verb: str, before: dict[str, object], actor: Actor, now: datetime) -> Outage:
    """Save a locked row; done again with the same words it leaves no second event."""
    if state(row) == before:
        return row
    row.save()
    note(row, verb, actor, now, before=before)
    return row
