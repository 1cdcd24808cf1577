"""Until when a document is kept, by the agency's own schedule; undecided where it has none."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from documents.models import Document, RetentionRule
from foundation.indonesian import date_text
from organization.permissions import local_date

UNDECIDED = "Jangka simpan belum ditetapkan."
AFTERWARDS = {
    RetentionRule.Fate.KEEP: "sesudah itu permanen",
    RetentionRule.Fate.DESTROY: "sesudah itu dimusnahkan",
    RetentionRule.Fate.REVIEW: "sesudah itu dinilai kembali",
}


@dataclass(frozen=True)
class Keeping:
    """Active until, kept until (both last days), and what comes then."""

    active_until: date
    until: date
    fate: RetentionRule.Fate
    source: str

    def __str__(self) -> str:
        return (
            f"Disimpan sampai {date_text(self.until)} (aktif sampai"
            f" {date_text(self.active_until)}), {AFTERWARDS[self.fate]}. Dasar: {self.source}."
        )


def keeping(written_on: date, rule: RetentionRule) -> Keeping:
    """Return how long something of this day is kept: whole years after the year it was written."""
    active = written_on.year + rule.active_years
    return Keeping(
        active_until=date(active, 12, 31),
        until=date(active + rule.inactive_years, 12, 31),
        fate=RetentionRule.Fate(rule.fate),
        source=rule.source,
    )


def keeping_of(document: Document) -> Keeping | None:
    """Return how long the document is kept; None where its agency has not decided."""
    rules = RetentionRule.objects.filter(agency=document.agency, kind__in=("", document.kind))
    rule = rule_for(document.kind, rules)
    return keeping(local_date(document.agency, document.written_at), rule) if rule else None


def rule_for(kind: str, rules: Iterable[RetentionRule]) -> RetentionRule | None:
    """Return the rule of the kind, or the one for all others."""
    by_kind = {rule.kind: rule for rule in rules}
    return by_kind.get(kind) or by_kind.get("")
