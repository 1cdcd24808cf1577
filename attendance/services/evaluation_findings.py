"""What each side finds in an agency: written while its task is at hand, by whoever holds it."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from attendance.exceptions import AlreadyDecided, DataRefused
from attendance.models import Evaluation, EvaluationFinding, Side
from attendance.services.evaluation_runs import MAKE, reviewing, side_of
from attendance.services.evidence_rows import content_hash, record
from foundation import ledger
from foundation.actors import Actor
from organization.models import Agency, User
from organization.permissions import actor_allowed, local_date

LONGEST = 2000  # signs


def sides_of(evaluation: Evaluation, user: User) -> list[str]:
    """Return for which sides the person may write now: those whose task he has taken."""
    return sorted({side_of(task) for task in reviewing(evaluation) if task.owner_id == user.pk})


@transaction.atomic
def write_finding(
    *,
    evaluation_id: int,
    agency: Agency,
    side: str,
    text: str,
    recommendation: str,
    due_on: date,
    user: User,
    now: datetime,
) -> EvaluationFinding:
    """Write what one side found in an agency, or write it anew.

    Raises DataRefused with a sentence per field, AlreadyDecided, PermissionDenied.
    """
    evaluation, actor = _writing(evaluation_id, side, user, now)
    text, recommendation = text.strip(), recommendation.strip()
    errors = {}
    if not text or len(text) > LONGEST:
        errors["text"] = f"Tuliskan temuannya, paling panjang {LONGEST} huruf."
    if not recommendation or len(recommendation) > LONGEST:
        errors["recommendation"] = f"Tuliskan rekomendasinya, paling panjang {LONGEST} huruf."
    if due_on <= local_date(evaluation.agency, now):
        errors["due_on"] = "Batas waktu harus sesudah hari ini."
    if agency.pk not in {row["id"] for row in evaluation.indicators.rows}:
        errors[""] = "Perangkat daerah ini tidak termasuk yang dievaluasi."
    if errors:
        raise DataRefused(errors)
    key: dict[str, Any] = {"evaluation": evaluation, "agency": agency, "side": side}
    before = _state(EvaluationFinding.objects.filter(**key).first())
    finding, _ = EvaluationFinding.objects.update_or_create(
        **key,
        defaults={
            "text": text,
            "recommendation": recommendation,
            "due_on": due_on,
            "written_by": user,
            "written_at": now,
        },
    )
    _record(finding, "finding_written", actor, now, before, _state(finding))
    return finding


@transaction.atomic
def remove_finding(
    *, evaluation_id: int, agency: Agency, side: str, user: User, now: datetime
) -> None:
    """Take a finding back while its side still reviews. Raises AlreadyDecided, PermissionDenied."""
    evaluation, actor = _writing(evaluation_id, side, user, now)
    found = EvaluationFinding.objects.filter(evaluation=evaluation, agency=agency, side=side)
    finding = found.select_related("evaluation__agency").first()
    if finding is None:
        raise AlreadyDecided("Temuan ini sudah dihapus.")
    _record(finding, "finding_removed", actor, now, _state(finding), {})
    finding.delete()


def _writing(evaluation_id: int, side: str, user: User, now: datetime) -> tuple[Evaluation, Actor]:
    """Return the evaluation under its office's lock, for a person whose task is at hand."""
    row = Evaluation.objects.select_related("agency", "instance").get(pk=evaluation_id)
    actor = actor_allowed(user, MAKE, row.agency, now)
    ledger.lock(row.agency)
    if side not in Side.values or side not in sides_of(row, user):
        text = "Ambil dahulu tugas telaahnya; temuan ditulis selama tugas itu Anda kerjakan."
        raise AlreadyDecided(text)
    return row, actor


def _state(row: EvaluationFinding | None) -> dict[str, object]:
    if row is None:
        return {}
    return {"due_on": row.due_on, "said": content_hash(row.text, row.recommendation)}


def _record(
    row: EvaluationFinding, verb: str, actor: Actor, now: datetime,
    before: dict[str, object], after: dict[str, object],
) -> None:  # fmt: skip
    about = {"agency": row.agency_id, "side": row.side}
    record(
        row.evaluation.agency, actor, verb, f"evaluation:{row.evaluation_id}", now=now,
        before=before and about | before, after=about | after,
    )  # fmt: skip
