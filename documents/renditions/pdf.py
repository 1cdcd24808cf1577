"""The PDF of a document: asked for from its page, made once by a worker together with others."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from documents.exceptions import DocumentError
from documents.models import Document, PdfCopy
from documents.renditions import office
from documents.storage import sha256_of, stored_path, write_file
from foundation import ledger
from foundation.actors import SYSTEM, Actor
from foundation.outbox import Postponed, enqueue

JOB = "documents.pdf"
AT_ONCE = 20
LEASE = timedelta(seconds=office.MOST_SECONDS + 30)
LOOK_AGAIN = timedelta(seconds=2)
WORD_STAYS = "unduh berkas Word-nya."
UNREADABLE = "LibreOffice tidak dapat mengubah berkas ini menjadi PDF; " + WORD_STAYS
TOO_SLOW = f"LibreOffice belum selesai dalam {office.MOST_SECONDS} detik"
FELL_OVER = "LibreOffice berhenti sebelum selesai"
TAMPERED = "Berkas Word berubah atau hilang sejak ditulis; pulihkan dari cadangan."


@transaction.atomic
def ask_pdf(*, document: Document, actor: Actor, now: datetime) -> PdfCopy:
    """Ask for the PDF of a document; the one that is there or on its way, or another try.

    Raises DocumentError where there is no LibreOffice.
    """
    if not office.program():
        raise DocumentError(f"{office.MISSING}; {WORD_STAYS}")
    copy, is_new = PdfCopy.objects.select_for_update().get_or_create(
        document=document, defaults={"asked_at": now}
    )
    if not is_new and copy.state != PdfCopy.State.FAILED:
        return copy
    copy.state, copy.error, copy.asked_at, copy.tries = PdfCopy.State.WAITING, "", now, 0
    copy.lease_token, copy.leased_until = "", None
    copy.save()
    enqueue(kind=JOB, key=job_key(copy), payload={"copy": copy.pk}, run_after=now)
    _record(copy, "pdf_asked", actor, now)
    return copy


def ask_if_always(*, document: Document, now: datetime) -> None:
    """Ask for the PDF of a document that was just issued, where the office wants one of each."""
    if settings.PDF_ALWAYS and office.program():
        ask_pdf(document=document, actor=SYSTEM, now=now)


def job_key(copy: PdfCopy) -> str:
    """Return the key of the job that makes it; another try is another job."""
    return f"{JOB}:{copy.pk}:{copy.asked_at.timestamp():.6f}"


def make_pdf(*, copy_id: int, now: datetime) -> None:
    """Make a PDF, and with the same start of LibreOffice those of others that wait.

    Two workers take different ones. One that fails among others is tried alone by its own job.
    Raises Postponed while others are at it, DocumentError if it may succeed the next time. Never
    call it in a transaction or a web request.
    """
    if not PdfCopy.objects.filter(pk=copy_id, state=PdfCopy.State.WAITING).exists():
        return
    if not office.program():
        fail_pdf(copy_id=copy_id, reason=f"{office.MISSING}; {WORD_STAYS}")
        return
    try:
        with office.slot() as slot:
            token = uuid.uuid4().hex
            copies = _lease(copy_id, token, now)
            if not copies:
                raise Postponed("PDF sedang dibuat bersama dokumen lain.", LOOK_AGAIN)
            _convert(slot, copies, now)
    except office.AllBusy:
        raise Postponed("Menunggu giliran: LibreOffice sedang bekerja.", LOOK_AGAIN) from None
    copy = PdfCopy.objects.get(pk=copy_id)
    if copy.state == PdfCopy.State.WAITING:
        raise DocumentError(copy.error or FELL_OVER)


def fail_pdf(*, copy_id: int, reason: str) -> None:
    """Say on the document's page that it will not come."""
    waiting = PdfCopy.objects.filter(pk=copy_id, state=PdfCopy.State.WAITING)
    waiting.update(
        state=PdfCopy.State.FAILED, error=reason[:500], lease_token="", leased_until=None
    )


def _lease(copy_id: int, token: str, now: datetime) -> Sequence[PdfCopy]:
    """Take this one and others that nobody has; nothing where somebody has this one."""
    until = now + LEASE
    first = _free(now).filter(pk=copy_id)
    if not first.update(lease_token=token, leased_until=until):
        return []
    mine = PdfCopy.objects.select_related("document").defer("document__context")
    copy = mine.get(pk=copy_id)
    if copy.tries == 0:
        others = _free(now).filter(tries=0).order_by("asked_at", "pk")
        _free(now).filter(pk__in=_fitting(copy, others)).update(
            lease_token=token, leased_until=until
        )
    return list(mine.filter(lease_token=token).order_by("asked_at", "pk"))


def _free(now: datetime) -> QuerySet[PdfCopy]:
    unheld = Q(leased_until=None) | Q(leased_until__lte=now)
    return PdfCopy.objects.filter(unheld, state=PdfCopy.State.WAITING)


def _fitting(first: PdfCopy, others: QuerySet[PdfCopy]) -> list[int]:
    """Return those that can be made together with the first in the time of one start."""
    chosen = []
    room = office.MOST_SECONDS - office.START_SECONDS - office.seconds_of(first.document.size)
    for pk, size in others.values_list("pk", "document__size")[: AT_ONCE - 1]:
        room -= office.seconds_of(size)
        if room < 0:
            break
        chosen.append(pk)
    return chosen


def _convert(slot: office.Slot, copies: Sequence[PdfCopy], now: datetime) -> None:
    """Make what can be made and write into each row what came of it."""
    PdfCopy.objects.filter(pk__in=[copy.pk for copy in copies]).update(tries=F("tries") + 1)
    words = {str(copy.pk): content for copy in copies if (content := _word(copy))}
    batch = slot.convert(words) if words else office.Batch({}, timed_out=False, code=0)
    for copy in copies:
        if str(copy.pk) not in words:
            fail_pdf(copy_id=copy.pk, reason=TAMPERED)
        elif made := batch.made.get(str(copy.pk)):
            _keep(copy, made, now)
        elif batch.is_whole and len(words) == 1:
            fail_pdf(copy_id=copy.pk, reason=UNREADABLE)
        else:
            held = PdfCopy.objects.filter(pk=copy.pk, lease_token=copy.lease_token)
            held.update(lease_token="", leased_until=None, error=_why(batch))


def _why(batch: office.Batch) -> str:
    if batch.is_whole:
        return UNREADABLE
    return TOO_SLOW if batch.timed_out else FELL_OVER


def _word(copy: PdfCopy) -> bytes:
    """Return the Word file if it is the one that was issued, else nothing."""
    try:
        content = stored_path(copy.document.file.name or "").read_bytes()
    except OSError:
        return b""
    return content if sha256_of(content) == copy.document.sha256 else b""


def _keep(copy: PdfCopy, content: bytes, now: datetime) -> None:
    name = f"documents/{now:%Y/%m}/{uuid.uuid4().hex}.pdf"
    path = stored_path(name)
    write_file(path, content)
    try:
        with transaction.atomic():
            held = PdfCopy.objects.filter(
                pk=copy.pk, state=PdfCopy.State.WAITING, lease_token=copy.lease_token
            )
            kept = held.update(
                state=PdfCopy.State.DONE,
                file=name,
                sha256=sha256_of(content),
                size=len(content),
                made_at=now,
                error="",
                lease_token="",
                leased_until=None,
            )
            if kept:
                copy.refresh_from_db(fields=["sha256", "size", "file"])
                _record(copy, "pdf_made", SYSTEM, now)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    if not kept:
        path.unlink(missing_ok=True)  # its lease had run out, and another was faster


def _record(copy: PdfCopy, verb: str, actor: Actor, now: datetime) -> None:
    document = copy.document
    ledger.record(
        stream=document.instance or document.agency,
        actor=actor,
        verb=verb,
        subject=f"documents.pdfcopy:{copy.pk}",
        now=now,
        after={"document": document.pk, "sha256": copy.sha256, "size": copy.size},
    )
