"""Anchors: the heads of the chains, once a day, in files that lie outside the database.

Whoever can write the database can forge events, hashes and heads so that they agree. He cannot
forge a file on another disk, its digest in a mailbox, or on a report that was signed. Each file
names the head of every stream that changed, and the digest of the file before it:

    SOPan jangkar 12
    2026-04-20T22:00:00.000000+00:00
    <digest of file 11, or ->
    processes.instance:7 31 <hash of its event 31>
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from foundation import outbox
from foundation.batches import batched
from foundation.files import write_file
from foundation.ledger.checks import Check, Fault, Slice
from foundation.models import Anchor, Event

TITLE = "SOPan jangkar"
MAIL_JOB = "foundation.mail_anchor"
MANY = 400  # heads asked about at once


class AnchorBroken(Exception):
    """A file of an anchor is no such file, or one lies where the next must be written."""


@dataclass(frozen=True)
class Head:
    """The head of a stream as an anchor holds it."""

    stream: str
    length: int
    hash: str

    def __str__(self) -> str:
        return f"{self.stream} {self.length} {self.hash}"


def anchor_path(number: int) -> Path:
    return Path(settings.ANCHOR_FOLDER) / f"jangkar-{number:06d}.txt"


def anchor_if_due(*, now: datetime) -> Anchor | None:
    """Write the anchor of this day of the server, unless there is one."""
    if _is_of_this_day(Anchor.objects.last(), now):
        return None
    return write_anchor(now=now, once_a_day=True)


def _is_of_this_day(anchor: Anchor | None, now: datetime) -> bool:
    return anchor is not None and timezone.localdate(anchor.at) >= timezone.localdate(now)


def write_anchor(*, now: datetime, once_a_day: bool = False) -> Anchor | None:
    """Write the next file and its row; None where another process was faster.

    The row is there only with its file. A file that lies already where the next belongs, left by
    a crash between the two or by somebody who removed the row, is taken up as it is: what it
    says is never overwritten. Raises `AnchorBroken` where it does not continue the anchors.
    """
    try:
        with transaction.atomic():
            before = Anchor.objects.last()
            if once_a_day and _is_of_this_day(before, now):
                return None  # another clock's, a moment ago
            number = before.number + 1 if before else 1
            heads = list(_changed_heads())
            content = _content(number, now, before.digest if before else "", heads)
            path = anchor_path(number)
            if left := path.exists():
                content, heads = _left_over(path, before)
            anchor = Anchor.objects.create(
                number=number,
                at=_moment(content),
                streams=len(heads),
                events=Event.objects.count(),
                last_event=Event.objects.aggregate(newest=Max("pk"))["newest"] or 0,
                previous_digest=before.digest if before else "",
                digest=hashlib.sha256(content).hexdigest(),
            )
            if not left:
                write_file(path, content)
            _mail(anchor, now)
    except IntegrityError:
        return None
    return anchor


def _changed_heads() -> Iterator[Head]:
    """Yield the heads of the streams that changed since the anchor before the previous one.

    Not since the previous: what was being written while that was made may have a smaller id.
    """
    since = Anchor.objects.order_by("-number").values_list("last_event", flat=True)[1:2]
    later = Event.objects.filter(stream=OuterRef("stream"), sequence__gt=OuterRef("sequence"))
    last = Event.objects.filter(~Exists(later), pk__gt=next(iter(since), 0))
    rows = last.order_by("stream").values_list("stream", "sequence", "hash")
    return (Head(*row) for row in rows.iterator())


def _content(number: int, at: datetime, previous: str, heads: list[Head]) -> bytes:
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    lines = [f"{TITLE} {number}", moment, previous or "-", *map(str, heads)]
    return "".join(f"{line}\n" for line in lines).encode()


def _moment(content: bytes) -> datetime:
    return datetime.fromisoformat(content.decode().split("\n")[1])


def _left_over(path: Path, before: Anchor | None) -> tuple[bytes, list[Head]]:
    content = path.read_bytes()
    number, previous, heads = read_anchor(content)
    if (number, previous) != ((before.number + 1, before.digest) if before else (1, "")):
        raise AnchorBroken(f"{path.name} sudah ada dan bukan lanjutan jangkar terakhir.")
    return content, heads


def read_anchor(content: bytes) -> tuple[int, str, list[Head]]:
    """Return number, digest of the previous file and heads; raise `AnchorBroken`."""
    try:
        title, moment, previous, *lines = content.decode().removesuffix("\n").split("\n")
        datetime.fromisoformat(moment)
        heads = []
        for line in lines:
            stream, length, hashed = line.split(" ")
            heads.append(Head(stream, int(length), hashed))
        return int(title.removeprefix(f"{TITLE} ")), "" if previous == "-" else previous, heads
    except ValueError as error:
        raise AnchorBroken("Berkas jangkar tidak terbaca.") from error


def _mail(anchor: Anchor, now: datetime) -> None:
    if settings.ANCHOR_MAIL:
        outbox.enqueue(
            kind=MAIL_JOB,
            key=f"anchor:{anchor.number}",
            payload={"anchor": anchor.number},
            run_after=now,
        )


def anchor_slice(after: str) -> Slice:
    """Check one anchor: its file, its place among the others, and the events that it names."""
    number = int(after or 0)
    before = Anchor.objects.filter(number=number).first()
    anchor = Anchor.objects.filter(number__gt=number).first()
    if anchor is None:
        rowless = anchor_path(number + 1).exists()
        reason = "berkas jangkar ada, barisnya tidak ada"
        return Slice([_fault(number + 1, reason)] if rowless else [], 0, None)
    faults = [_fault(lost, "baris jangkar hilang") for lost in range(number + 1, anchor.number)]
    if anchor.previous_digest != (before.digest if before else "") and not faults:
        faults.append(_fault(anchor.number, "tidak menyambung jangkar sebelumnya"))
    try:
        content = anchor_path(anchor.number).read_bytes()
    except FileNotFoundError:
        return Slice(
            [*faults, _fault(anchor.number, "berkas jangkar hilang")], 1, str(anchor.number)
        )
    faults += _file_faults(anchor, content)
    return Slice(faults, 1, str(anchor.number))


def _file_faults(anchor: Anchor, content: bytes) -> Iterator[Fault]:
    """Hold a file against its row and against the events, even if it is not the file it was."""
    if hashlib.sha256(content).hexdigest() != anchor.digest:
        yield _fault(anchor.number, "sidik berkas jangkar berbeda dari barisnya")
    try:
        number, previous, heads = read_anchor(content)
    except AnchorBroken:
        yield _fault(anchor.number, "berkas jangkar tidak terbaca")
        return
    if (number, previous) != (anchor.number, anchor.previous_digest):
        yield _fault(anchor.number, "berkas jangkar bukan yang bernomor ini")
    for some in batched(heads, MANY):
        places = Q()
        for head in some:
            places |= Q(stream=head.stream, sequence=head.length)
        events = Event.objects.filter(places).values_list("stream", "sequence", "hash")
        found = {Head(*row) for row in events}
        for head in some:
            if head not in found:
                reason = f"berbeda dari jangkar {anchor.number} ({anchor.at:%Y-%m-%d})"
                yield Fault(head.stream, head.length, reason)


def _fault(number: int, reason: str) -> Fault:
    return Fault("foundation.anchor", number, reason)


ANCHORS = Check("anchors", "jangkar", lambda: Anchor.objects.count(), anchor_slice)
