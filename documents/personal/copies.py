"""The copy of a person's data: asked for by himself or by an office, written, handed out, removed.

UU 27/2022: art. 7 (access and a copy), art. 13 (in a form that machines read), art. 14 (a request
that is on record), art. 32 (within 3 x 24 hours), art. 33 (not where it tells of others).
"""

import os
import uuid
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from documents.exceptions import DocumentError
from documents.models import PersonalCopy
from documents.models.personal import EXPORT
from documents.personal.writing import write_copy
from documents.storage import files_below, sha256_of_file, stored_path, sync_folder
from foundation import ledger
from foundation.actors import SYSTEM, Actor
from foundation.outbox import enqueue
from foundation.personal_data import Person
from organization.models import Employee, User
from organization.permissions import actor_allowed, person

JOB = "documents.personal_copy"
FOLDER = "personal-copies"
KEPT = timedelta(days=7)
LONGEST_REASON = 300
GIVE_A_REASON = "Tulis alasannya: pegawai itu dapat membaca siapa meminta datanya dan mengapa."


@transaction.atomic
def order_copy(*, employee: Employee, user: User, reason: str, now: datetime) -> PersonalCopy:
    """Ask for the copy about a person; the one that is being written where there is.

    About oneself it needs no role and no reason. Raises DocumentError with a sentence,
    PermissionDenied.
    """
    is_own = user.is_active and user.employee_id == employee.pk
    actor = person(user) if is_own else actor_allowed(user, EXPORT, employee.agency, now)
    reason = "" if is_own else reason.strip()[:LONGEST_REASON]
    if not is_own and not reason:
        raise DocumentError(GIVE_A_REASON)
    ledger.lock(employee.agency)
    waiting = PersonalCopy.objects.filter(employee=employee, asked_by=user)
    if same := waiting.filter(state=PersonalCopy.State.WAITING).first():
        return same
    row = PersonalCopy.objects.create(
        agency=employee.agency, employee=employee, asked_by=user, asked_at=now, reason=reason
    )
    enqueue(kind=JOB, key=f"{JOB}:{row.pk}", payload={"copy": row.pk}, run_after=now)
    _record(row, "personal_copy_asked", actor, now)
    return row


def make_copy(*, copy_id: int, now: datetime) -> PersonalCopy | None:
    """Write a copy that was asked for; done twice, it is written once.

    Never call it in a transaction or a web request.
    """
    rows = PersonalCopy.objects.select_related("agency", "employee__user")
    row = rows.filter(pk=copy_id).first()
    if row is None or row.state != PersonalCopy.State.WAITING:
        return row
    name = f"{FOLDER}/{row.agency_id}/{uuid.uuid4().hex}.zip"
    path = stored_path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    try:
        with temporary.open("xb") as stream:
            temporary.chmod(0o600)
            count = write_copy(stream, _person(row.employee), zone=row.agency.time_zone, now=now)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)
    kept = _keep(row.pk, name, count, now)
    if kept is None or kept.file.name != name:
        path.unlink(missing_ok=True)
    return kept


def fail_copy(*, copy_id: int, reason: str) -> None:
    """Say on its page that it will not come."""
    waiting = PersonalCopy.objects.filter(pk=copy_id, state=PersonalCopy.State.WAITING)
    waiting.update(state=PersonalCopy.State.FAILED, error=reason[:500])


def sweep_copies(*, now: datetime) -> int:
    """Remove files whose time is over, and what a worker that died left; rows stay as a list."""
    over = PersonalCopy.objects.filter(state=PersonalCopy.State.DONE, expires_at__lte=now)
    names = [name for name in over.values_list("file", flat=True) if name]
    count = over.update(state=PersonalCopy.State.EXPIRED, file="")
    for path in {*map(stored_path, names), *_forgotten(now)}:
        path.unlink(missing_ok=True)
    return count


def _person(employee: Employee) -> Person:
    account = getattr(employee, "user", None)
    return Person(
        employee_id=employee.pk,
        account_id=account.pk if account else None,
        number=employee.number,
        name=employee.name,
    )


@transaction.atomic
def _keep(copy_id: int, name: str, count: int, now: datetime) -> PersonalCopy | None:
    rows = PersonalCopy.objects.select_for_update(of=("self",)).select_related("agency")
    row = rows.filter(pk=copy_id).first()
    if row is None or row.state != PersonalCopy.State.WAITING:
        return row
    row.sha256, row.size = sha256_of_file(stored_path(name))
    row.state, row.file, row.rows = PersonalCopy.State.DONE, name, count
    row.made_at, row.expires_at, row.error = now, now + KEPT, ""
    row.save()
    _record(row, "personal_copy_written", SYSTEM, now)
    return row


def _forgotten(now: datetime) -> list[Path]:
    """Return files that no row names and nobody writes any more."""
    before = (now - timedelta(days=1)).timestamp()
    names = PersonalCopy.objects.exclude(file="").values_list("file", flat=True)
    named = {stored_path(name) for name in names if name}
    here = files_below(stored_path(FOLDER))
    return [path for path in here if path not in named and path.stat().st_mtime < before]


def _record(row: PersonalCopy, verb: str, actor: Actor, now: datetime) -> None:
    ledger.record(
        stream=row.agency,
        actor=actor,
        verb=verb,
        subject=f"documents.personalcopy:{row.pk}",
        now=now,
        after={"employee": row.employee_id, "reason": row.reason, "sha256": row.sha256},
    )
