"""A month as a file: ordered from a page, written once by a worker, removed after a day."""

from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from attendance.days.months import Month
from attendance.exceptions import AttendanceError
from attendance.models import MonthFile, Recap
from attendance.recaps.exporting import of_month, of_recap, write
from documents.storage import files_below, sha256_of, stored_path, write_file
from foundation import ledger
from foundation.actors import SYSTEM, Actor
from foundation.outbox import enqueue
from organization.models import Agency, User
from organization.permissions import actor_allowed, local_date

JOB = "attendance.month_file"
VIEW = "recap.view"
KEPT = timedelta(days=1)
LENT_AGAIN = KEPT / 2  # who asks for what somebody else got keeps it for some hours at least
FOLDER = "month-files"
NEVER_WRITTEN = "Berkas tidak dapat disusun"


@transaction.atomic
def order_month_file(
    *,
    agency: Agency,
    month: Month,
    form: str,
    user: User,
    now: datetime,
    recap: Recap | None = None,
    as_now: bool = False,
) -> MonthFile:
    """Order a month as a file in one of `MonthFile.Form`; return the row that tells how far it is.

    `recap`: this version; without one the frozen version that holds, unless `as_now` or none is
    frozen. A file that is being written, or of the same frozen version, is given again. Raises
    AttendanceError with a sentence, PermissionDenied.
    """
    actor = actor_allowed(user, VIEW, agency, now)
    if form not in MonthFile.Form.values:
        raise AttendanceError("Pilih bentuk berkas: CSV, JSON, atau Excel.")
    if month.first > local_date(agency, now):
        raise AttendanceError("Bulan ini belum mulai; belum ada yang dapat diunduh.")
    ledger.lock(agency)
    if recap is None and not as_now:
        frozen = Recap.objects.frozen().filter(agency=agency, month=month.first)
        recap = frozen.order_by("-version").first()
    wanted = {"agency": agency, "month": month.first, "form": form, "recap": recap}
    if (same := _same(wanted, now)) is not None:
        return same
    row = MonthFile.objects.create(**wanted, asked_by=user, asked_at=now)
    enqueue(kind=JOB, key=f"{JOB}:{row.pk}", payload={"file": row.pk}, run_after=now)
    _record(row, "month_file_ordered", actor, now)
    return row


def write_month_file(*, file_id: int, now: datetime) -> MonthFile | None:
    """Write a file that was ordered; done twice, it is written once. None: it was swept away.

    Never call it in a transaction or a web request.
    """
    rows = MonthFile.objects.select_related("agency", "recap__agency")
    row = rows.filter(pk=file_id).first()
    if row is None or row.is_written:
        return row
    if row.recap is not None:
        exported = of_recap(row.recap)
        _tell(row.pk, len(exported.rows), len(exported.rows))
    else:
        exported = of_month(
            row.agency,
            Month(row.month),
            now=now,
            as_now=True,
            progress=lambda done, people: _tell(row.pk, done, people),
        )
    content = write(exported, row.form)
    path = f"{FOLDER}/{row.agency.code}/{row.pk}.{row.form}"
    write_file(stored_path(path), content)
    return _keep(row.pk, path, f"{exported.name}.{row.form}", content, now)


def give_up(*, file_id: int, reason: str) -> None:
    """Say on the file's page that it will not come; told by the outbox after its last attempt."""
    unwritten = MonthFile.objects.filter(pk=file_id, written_at=None)
    unwritten.update(failure=f"{NEVER_WRITTEN}: {reason}"[:500])


def sweep_month_files(*, now: datetime) -> int:
    """Remove files and rows older than a day, and what a worker that died left there."""
    old = MonthFile.objects.filter(asked_at__lt=now - KEPT)
    paths = [stored_path(path) for path in old.values_list("path", flat=True) if path]
    count, _ = old.delete()
    for path in {*paths, *_forgotten(now)}:
        path.unlink(missing_ok=True)
    return count


def _forgotten(now: datetime) -> list[Path]:
    before = (now - KEPT).timestamp()
    known = {stored_path(path) for path in MonthFile.objects.values_list("path", flat=True) if path}
    here = files_below(stored_path(FOLDER))
    return [path for path in here if path not in known and path.stat().st_mtime < before]


def _same(wanted: dict[str, object], now: datetime) -> MonthFile | None:
    """Return what may be given again: it is on its way, or can have changed in nothing."""
    rows = MonthFile.objects.filter(**wanted, failure="", asked_at__gt=now - LENT_AGAIN)
    recap = wanted["recap"]
    if not (isinstance(recap, Recap) and recap.is_frozen):
        rows = rows.filter(written_at=None)
    return rows.first()


def _tell(file_id: int, done: int, people: int) -> None:
    MonthFile.objects.filter(pk=file_id).update(people_done=done, people=people)


@transaction.atomic
def _keep(file_id: int, path: str, name: str, content: bytes, now: datetime) -> MonthFile | None:
    row = MonthFile.objects.select_related("agency").filter(pk=file_id).first()
    if row is None or row.is_written:
        return row
    ledger.lock(row.agency)
    row.path, row.name, row.written_at, row.failure = path, name, now, ""
    row.size, row.sha256 = len(content), sha256_of(content)
    row.save(update_fields=["path", "name", "written_at", "failure", "size", "sha256"])
    _record(row, "month_file_written", SYSTEM, now)
    return row


def _record(row: MonthFile, verb: str, actor: Actor, now: datetime) -> None:
    ledger.record(
        stream=row.agency,
        actor=actor,
        verb=verb,
        subject=f"attendance.monthfile:{row.pk}",
        now=now,
        after={
            "month": f"{row.month:%Y-%m}",
            "form": row.form,
            "recap": row.recap_id,
            "sha256": row.sha256,
        },
    )
