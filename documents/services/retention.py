"""How long an agency keeps its documents: its own schedule, written down here."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from documents.exceptions import DocumentError
from documents.models import RetentionRule
from foundation import ledger
from foundation.actors import Actor
from organization.models import Agency

MOST_YEARS = 100


class RetentionRefused(DocumentError):
    """The rule lacks what makes it one."""


@dataclass(frozen=True, kw_only=True)
class RetentionData:
    """A rule as a person wrote it; `kind` empty: for all other kinds."""

    kind: str
    active_years: int
    inactive_years: int
    fate: str
    source: str


@transaction.atomic
def set_retention(
    *, agency: Agency, data: RetentionData, actor: Actor, now: datetime
) -> RetentionRule:
    """Set how long documents of a kind are kept. Raises RetentionRefused."""
    _check(data)
    ledger.lock(agency)
    row = RetentionRule.objects.filter(agency=agency, kind=data.kind).first()
    before = _told(row) if row else {}
    row = row or RetentionRule(agency=agency, kind=data.kind)
    row.active_years, row.inactive_years = data.active_years, data.inactive_years
    row.fate, row.source = data.fate, data.source.strip()
    row.save()
    ledger.record(
        stream=agency,
        actor=actor,
        verb="retention_set",
        subject=f"documents.retentionrule:{row.pk}",
        before=before,
        after=_told(row),
        now=now,
    )
    return row


@transaction.atomic
def remove_retention(*, rule: RetentionRule, actor: Actor, now: datetime) -> None:
    """Take a rule away: how long these documents are kept is then undecided again."""
    ledger.record(
        stream=rule.agency,
        actor=actor,
        verb="retention_removed",
        subject=f"documents.retentionrule:{rule.pk}",
        before=_told(rule),
        now=now,
    )
    rule.delete()


def _check(data: RetentionData) -> None:
    if not 0 <= data.active_years <= MOST_YEARS or not 0 <= data.inactive_years <= MOST_YEARS:
        raise RetentionRefused(f"Isi tahun antara 0 dan {MOST_YEARS}.")
    if data.active_years + data.inactive_years == 0:
        raise RetentionRefused("Jumlah tahun aktif dan inaktif sedikitnya satu.")
    if data.fate not in RetentionRule.Fate.values:
        raise RetentionRefused("Pilih nasib akhir: permanen, musnah, atau dinilai kembali.")
    if not data.source.strip():
        raise RetentionRefused("Sebutkan dasarnya, misalnya keputusan jadwal retensi arsip.")


def _told(row: RetentionRule) -> dict[str, object]:
    return {
        "kind": row.kind,
        "active_years": row.active_years,
        "inactive_years": row.inactive_years,
        "fate": row.fate,
        "source": row.source,
    }
