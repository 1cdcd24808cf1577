"""What stands at the head of an agency's letters, on which paper, and how they are numbered."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from documents.exceptions import DocumentError
from documents.issue.logos import prepare_logo
from documents.issue.numbering import LETTERS, check_pattern, skip_serials
from documents.models import Letterhead, LetterNumber, LetterPattern
from documents.storage import sha256_of, stored_path, write_file
from foundation import ledger
from foundation.actors import Actor
from foundation.uploads import CheckedUpload
from organization.models import Agency
from organization.permissions import local_date

LONGEST_REASON = 300


class LetterheadRefused(DocumentError):
    """The letterhead cannot be as it was asked for."""


@transaction.atomic
def set_letter_pattern(
    *, agency: Agency, pattern: str, actor: Actor, now: datetime, series: str = LETTERS
) -> LetterPattern:
    """Set how the agency writes its numbers from now on. Raises numbering.PatternRefused."""
    check_pattern(pattern)
    row = LetterPattern.objects.filter(agency=agency, series=series).first()
    before = {"pattern": row.pattern} if row else {}
    row = row or LetterPattern(agency=agency, series=series)
    row.pattern = pattern
    row.save()
    ledger.record(
        stream=agency,
        actor=actor,
        verb="letter_pattern_set",
        subject=f"documents.letterpattern:{row.pk}",
        before=before,
        after={"series": series, "pattern": pattern},
        now=now,
    )
    return row


@transaction.atomic
def skip_letter_numbers(
    *, agency: Agency, last: int, reason: str, actor: Actor, now: datetime, series: str = LETTERS
) -> LetterNumber:
    """Go on after `last` in this year: the paper book has letters up to there that are not here.

    After a restore those given since the backup would be given again. Raises DocumentError.
    """
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise LetterheadRefused("Tulis alasannya, misalnya: pemulihan cadangan, buku agenda 2026.")
    year = local_date(agency, now).year
    counter, before = skip_serials(agency, series, year, last)
    told = {"agency": agency.pk, "name": series, "year": year}
    ledger.record(
        stream=agency,
        actor=actor,
        verb="letter_numbers_skipped",
        subject=f"documents.letternumber:{counter.pk}",
        before=told | {"last": before},
        after=told | {"last": counter.last, "reason": reason},
        now=now,
    )
    return counter


def set_letterhead(
    *,
    agency: Agency,
    contact: str,
    paper: str,
    actor: Actor,
    now: datetime,
    logo: CheckedUpload | None = None,
    without_logo: bool = False,
) -> Letterhead:
    """Set contact, paper and logo; without `logo` the one of before stays.

    The picture is drawn anew: nothing of the uploaded file is kept but its pixels. A logo that is
    no longer used stays on the disk until the sweep of what nobody names. Raises UploadRefused,
    LetterheadRefused.
    """
    if paper not in Letterhead.Paper.values:
        raise LetterheadRefused("Pilih kertas A4 atau F4.")
    picture = prepare_logo(logo.content, label=logo.label) if logo else b""
    name = f"documents/kop/{uuid.uuid4().hex}.png"
    if picture:
        write_file(stored_path(name), picture)
    try:
        return _store(agency, contact, paper, (name, picture), without_logo, actor, now)
    except BaseException:
        stored_path(name).unlink(missing_ok=True)
        raise


@transaction.atomic
def _store(
    agency: Agency,
    contact: str,
    paper: str,
    logo: tuple[str, bytes],
    without_logo: bool,
    actor: Actor,
    now: datetime,
) -> Letterhead:
    ledger.lock(agency)
    row = Letterhead.objects.filter(agency=agency).first() or Letterhead(agency=agency)
    before = _told(row) if row.pk else {}
    row.contact, row.paper = " ".join(contact.split()), paper
    name, picture = logo
    if picture:
        row.logo, row.logo_sha256 = name, sha256_of(picture)
    elif without_logo:
        row.logo, row.logo_sha256 = "", ""
    row.save()
    ledger.record(
        stream=agency,
        actor=actor,
        verb="letterhead_set",
        subject=f"documents.letterhead:{row.pk}",
        before=before,
        after=_told(row),
        now=now,
    )
    return row


def _told(row: Letterhead) -> dict[str, Any]:
    return {"contact": row.contact, "paper": row.paper, "logo_sha256": row.logo_sha256}
