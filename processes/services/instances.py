"""Begin a process for a subject, and cancel one."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from foundation import ledger
from foundation.actors import SYSTEM, Actor
from foundation.indonesian import period_label
from foundation.ledger import Entry
from organization.models import Agency, User
from organization.permissions import actor_for
from processes.answers import answers_digest
from processes.context import instance_context, names_of
from processes.definitions import keep
from processes.exceptions import (
    DuplicateInstance,
    InvalidAnswers,
    NotAllowed,
    NotReady,
)
from processes.models import Instance, Task
from processes.services.advance import apply_snapshot
from processes.services.call_jobs import tell_caller
from processes.services.deeds import CANCEL
from processes.services.locking import save_instance
from processes.services.withdrawing import withdraw_open
from processes.starting import may_start
from workflows import engine, registry, repository
from workflows.definitions import ROOM_SUBJECTS, ProcessDefinition, SubjectKind


@transaction.atomic
def start_process(
    *,
    definition_key: str,
    agency: Agency,
    subject: str,
    actor_user: User | None,
    now: datetime,
    idempotency_key: str = "",
    title: str = "",
    permitted: bool = False,
    called_by: Task | None = None,
    form: Mapping[str, Any] | None = None,
) -> Instance:
    """Begin a SOP for one subject of an agency, with the definition as it is deployed now.

    `actor_user` is None for the system: a clock, or whoever has the server's command line. The same
    `idempotency_key` by the same person returns the instance that the first request began. `title`
    names the instance where the subject is an id that tells a reader nothing. `permitted` says that
    the room which calls has asked its own permission: so an employee begins what is about his own
    letter. `called_by` is the task of another SOP that waits for the end, `form` what the message
    that begins it brings along.

    Raises `NotAllowed`, `InvalidAnswers` for a subject of the wrong form, `DuplicateInstance` when
    the agency already has this SOP for this subject (cancelled ones do not count), and `NotReady`
    with the engine's sentence where the diagram cannot go on.
    """
    definition = repository.get(definition_key)
    if actor_user is not None and not permitted:
        _require_start(definition, agency, actor_user, now)
    if begun := _begun_before(actor_user, idempotency_key):
        return begun
    subject = subject.strip()
    label = subject_label(definition.subject, subject)
    actor = actor_for(actor_user, None, agency, now) if actor_user else SYSTEM
    brought = dict(form or {})
    instance = Instance(
        definition=keep(definition, now=now),
        definition_key=definition.key,
        definition_version=definition.version,
        agency=agency,
        subject=subject,
        title=title[:250] or _title(definition.head.title, label),
        state=b"",
        started_by=actor_user,
        started_at=now,
        called_by=called_by,
        start_form=brought,
        form=dict(brought),
        idempotency_key=idempotency_key,
    )
    try:
        with transaction.atomic():
            instance.save()
    except IntegrityError as error:
        if begun := _begun_before(actor_user, idempotency_key):
            return begun  # the same request in another window was faster
        raise DuplicateInstance(f"{instance.title} sudah ada untuk {agency.name}.") from error
    context = instance_context(instance, definition, actor=actor, now=now)
    names = names_of(instance, definition, context, brought)
    try:
        snapshot = engine.start(definition, names.for_engine)
    except engine.EngineError as error:
        raise NotReady(str(error)) from error
    following = apply_snapshot(instance, definition, snapshot, rows_of=names.rows, now=now)
    told = {"definition": definition.key, "version": definition.version, "subject": subject}
    entry = Entry(
        actor=actor,
        verb="instance_started",
        subject=f"processes.instance:{instance.pk}",
        after=told
        | {"title": instance.title}
        | ({"called_by": called_by.pk} if called_by else {})
        | ({"form_sha256": answers_digest(brought)} if brought else {}),
    )
    save_instance(instance, [entry, *following.entries], now=now, **following.changes)
    return instance


def _require_start(
    definition: ProcessDefinition, agency: Agency, user: User, now: datetime
) -> None:
    if not may_start(user, definition, agency, now):
        raise NotAllowed("Penugasan Anda tidak memberi wewenang memulai proses di instansi ini.")
    if definition.subject in ROOM_SUBJECTS:
        raise NotAllowed(
            f"{definition.head.title} dimulai dari halaman yang bersangkutan, bukan dari sini."
        )
    if definition.start_message:
        raise NotAllowed(f"{definition.head.title} dimulai oleh sebuah kabar, bukan dari sini.")


def _title(sop: str, label: str) -> str:
    return f"{sop} - {label}" if label else sop


def _begun_before(user: User | None, key: str) -> Instance | None:
    if user is None or not key:
        return None
    return Instance.objects.filter(started_by=user, idempotency_key=key).first()


# One way to write a day, so that none has two instances, and none at the ends of the calendar.
_SHAPES = {
    SubjectKind.MONTH: r"[12][0-9]{3}-[0-9]{2}",
    SubjectKind.DAY: r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}",
}


def subject_label(kind: SubjectKind, subject: str) -> str:
    """Return the subject as people write it ("April 2026"); raise `InvalidAnswers` if malformed."""
    if kind is SubjectKind.NONE:
        return ""
    if kind in ROOM_SUBJECTS and subject.strip():
        return ""  # the id of a row; the room says its title
    shape = _SHAPES.get(kind)
    if shape is None and subject.strip():
        return subject.strip()
    label = period_label(subject)
    if shape is None or not re.fullmatch(shape, subject) or label == subject:
        raise InvalidAnswers({"subject": f"Perihal “{subject}” tidak sesuai bentuknya."})
    return label


@transaction.atomic
def cancel_process(*, instance_id: int, actor_user: User, reason: str, now: datetime) -> Instance:
    """Stop a running process with a reason; its open tasks are cancelled, its history stays."""
    instance = CANCEL.locked(instance_id, actor_user, now)
    actor = actor_for(actor_user, None, instance.agency_id, now)
    return _cancel(instance, reason, actor, now)


@transaction.atomic
def stop_process(*, instance_id: int, actor: Actor, reason: str, now: datetime) -> Instance:
    """Stop a process whose subject was withdrawn, for a room that asked its own permission."""
    return _cancel(ledger.lock(Instance(pk=instance_id)), reason, actor, now)


def _cancel(instance: Instance, reason: str, actor: Actor, now: datetime) -> Instance:
    reason = CANCEL.reason_for(instance, reason)
    entries = withdraw_open(instance, actor=actor, now=now)
    entries.append(
        Entry(
            actor=actor,
            verb="instance_cancelled",
            subject=f"processes.instance:{instance.pk}",
            after={"reason": reason},
        )
    )
    tell_caller(instance, now=now)
    save_instance(
        instance,
        entries,
        now=now,
        status=Instance.Status.CANCELLED,
        finished_at=now,
        cancel_reason=reason,
    )
    for name in registry.cancelled.names():
        registry.cancelled.get(name)(instance.pk, actor, now)
    return instance
