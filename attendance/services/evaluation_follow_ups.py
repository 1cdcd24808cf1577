"""Agencies are asked to act upon their findings, answer, are reminded, and are asked again.

Each agency has a row and a run of its own: what one answers no other reads. All may be repeated:
what is kept already stays.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Min

from attendance import links
from attendance.days.policies import policies_of
from attendance.models import Evaluation, EvaluationFinding, FollowUp
from attendance.recaps.evaluation_texts import period_text
from attendance.services.evaluation_runs import follow_up_runs, is_answered
from attendance.services.evidence_rows import content_hash, record
from attendance.services.outage_rows import Deed
from foundation import ledger
from foundation.actors import Actor
from foundation.outbox import Postponed
from organization.models import Agency
from organization.permissions import local_date, users_with_role
from processes import services as processes
from processes.models import Attachment, Instance, Task
from processes.services.notices import REMINDER, notify

LOOK_AGAIN = timedelta(seconds=5)
Status = FollowUp.Status


def current_follow_ups(evaluation: Evaluation) -> list[FollowUp]:
    """Return the last round of every agency that has a finding, by its name."""
    rows = evaluation.follow_ups.select_related(
        "agency", "evidence", "answered_by__employee", "evaluation"
    )
    latest = {row.agency_id: row for row in rows.order_by("round")}
    return sorted(latest.values(), key=lambda row: row.agency.name)


def default_due_on(agency: Agency, now: datetime) -> date:
    """Return until when a finding is to be followed up where nobody says otherwise."""
    today = local_date(agency, now)
    return today + timedelta(days=policies_of(agency.pk, today, today).on(today).follow_up_days)


@transaction.atomic
def ask_follow_ups(
    *, evaluation_id: int, message: str, sender: Task, actor: Actor, now: datetime
) -> list[FollowUp]:
    """Tell every agency that has to act, each in its own house; return whom it was told now.

    Findings make the first round; later ones were put down by who checked.
    """
    evaluation = Evaluation.objects.select_related("agency").get(pk=evaluation_id)
    ledger.lock(evaluation.agency)
    if not evaluation.follow_ups.exists():
        _ask_first(evaluation, actor, now)
    waiting = evaluation.follow_ups.filter(status=Status.ASKED, sent_at=None)
    rows = list(waiting.select_related("agency"))
    for row in rows:
        processes.send_message(
            name=message, agency_id=row.agency_id, subject=str(row.pk), payload={},
            key=f"attendance.follow_up:{row.pk}", actor=actor, sender=sender, now=now,
        )  # fmt: skip
        row.sent_at = now
        row.save(update_fields=["sent_at"])
    return rows


def _ask_first(evaluation: Evaluation, actor: Actor, now: datetime) -> None:
    found = EvaluationFinding.objects.filter(evaluation=evaluation).order_by()
    for agency_id, due_on in found.values_list("agency_id").annotate(Min("due_on")):
        # Findings are written days before they are agreed upon; nobody is late when first asked.
        due = max(due_on, local_date(evaluation.agency, now) + timedelta(days=1))
        row = FollowUp.objects.create(
            evaluation=evaluation, agency_id=agency_id, due_on=due, asked_at=now
        )
        _record(row, "follow_up_asked", actor, now)


@transaction.atomic
def keep_answer(
    *, follow_up_id: int, words: str, evidence: Attachment | None, deed: Deed, now: datetime
) -> FollowUp:
    """Keep what an agency did and its proof; the last answer is told to who waits."""
    row = _locked(follow_up_id)
    if row.status != Status.ASKED:
        return row
    row.status, row.answer, row.evidence = Status.ANSWERED, words, evidence
    row.evidence_sha256 = evidence.sha256 if evidence else ""
    row.answered_by, row.answered_at = deed.user, deed.at
    row.answered_on = local_date(row.agency, deed.at)
    row.save()
    _record(row, "follow_up_answered", deed.actor, now)
    if not row.evaluation.follow_ups.filter(status=Status.ASKED).exists():
        _tell_all_answered(row, now)
    return row


def _tell_all_answered(row: FollowUp, now: datetime) -> None:
    """Say in the office that evaluates that nobody need be waited for any more."""
    evaluation = row.evaluation
    waiting = Task.objects.filter(instance=evaluation.instance, status=Task.Status.READY).first()
    if waiting is None:
        return
    people = users_with_role(waiting.lane, evaluation.agency, now)
    round_ = evaluation.follow_ups.aggregate(Max("round"))["round__max"]
    notify(
        user_ids=[user.pk for user in people],
        agency=evaluation.agency,
        kind=REMINDER,
        key=f"attendance.evaluation:{evaluation.pk}:answered:{round_}",
        text=f"Evaluasi {period_text(evaluation.period)}: semua perangkat daerah sudah menjawab; "
        "pemeriksaan dapat dimulai sebelum batas waktunya.",
        now=now,
        link=links.evaluation(evaluation.pk),
    )


@transaction.atomic
def note_reminder(*, follow_up_id: int, actor: Actor, now: datetime) -> FollowUp:
    """Keep that the day of a follow-up passed without an answer, and that people were told."""
    row = _locked(follow_up_id)
    if row.reminded_at is None and row.status == Status.ASKED:
        row.reminded_at = now
        row.save(update_fields=["reminded_at"])
        _record(row, "follow_up_reminded", actor, now)
    return row


@transaction.atomic
def ask_again(
    *,
    evaluation_id: int,
    agencies: Collection[int],
    due_on: date | None,
    reason: str,
    deed: Deed,
    now: datetime,
) -> list[FollowUp]:
    """Put down that these agencies are asked once more, and stop what they left unanswered.

    Raises Postponed while the system keeps what one of them has just answered.
    """
    _lock_runs(evaluation_id)
    evaluation = _evaluation(evaluation_id)
    last = [row for row in current_follow_ups(evaluation) if row.agency_id in agencies]
    asked = [row for row in last if row.status in (Status.ASKED, Status.ANSWERED)]
    if any(row.sent_at is None for row in asked):
        return [row for row in asked if row.sent_at is None]  # done by an earlier try
    _stop(asked, reason, deed.actor, now)
    made = []
    for row in asked:
        row.status = Status.AGAIN
        row.save(update_fields=["status"])
        new = FollowUp.objects.create(
            evaluation=evaluation, agency=row.agency, round=row.round + 1, reason=reason,
            due_on=due_on or default_due_on(row.agency, now), asked_at=now,
        )  # fmt: skip
        _record(new, "follow_up_asked_again", deed.actor, now)
        made.append(new)
    return made


@transaction.atomic
def close_evaluation(
    *, evaluation_id: int, escalated: bool, note: str, deed: Deed, now: datetime
) -> Evaluation:
    """End an evaluation: every answer is accepted; who gave none is handed on to the Sekda.

    Raises Postponed while the system keeps what an agency has just answered.
    """
    _lock_runs(evaluation_id)
    evaluation = _evaluation(evaluation_id)
    if evaluation.outcome:
        return evaluation
    rows = current_follow_ups(evaluation)
    open_rows = [row for row in rows if row.status == Status.ASKED]
    _stop(open_rows, note or "Evaluasi ditutup.", deed.actor, now)
    for row in rows:
        row.status = Status.ACCEPTED if row.status == Status.ANSWERED else Status.ESCALATED
        row.save(update_fields=["status"])
    outcome = Evaluation.Outcome.ESCALATED if escalated else Evaluation.Outcome.CLOSED
    evaluation.outcome, evaluation.outcome_note = outcome, note
    evaluation.closed_by, evaluation.closed_at = deed.user, deed.at
    evaluation.save(update_fields=["outcome", "outcome_note", "closed_by", "closed_at"])
    record(
        evaluation.agency, deed.actor, "evaluation_closed", f"evaluation:{evaluation.pk}",
        now=now, after={"outcome": str(outcome), "said": content_hash(note),
                        "unanswered": len(open_rows)},
    )  # fmt: skip
    return evaluation


def _stop(rows: Sequence[FollowUp], reason: str, actor: Actor, now: datetime) -> None:
    """Stop the runs in which nobody has answered."""
    asked = [row.pk for row in rows if row.status == Status.ASKED]
    for run in follow_up_runs(FollowUp.objects.filter(pk__in=asked)).values():
        if run.status != Instance.Status.RUNNING:
            continue
        if is_answered(run):
            raise Postponed("Jawaban yang baru dikirim sedang dicatat.", LOOK_AGAIN)
        processes.stop_process(
            instance_id=run.pk, actor=actor, reason=f"Tidak dijawab. {reason}", now=now
        )


def _lock_runs(evaluation_id: int) -> None:
    """Lock the runs of what was asked, before the agency, as every step of them does."""
    runs = follow_up_runs(FollowUp.objects.filter(evaluation=evaluation_id, status=Status.ASKED))
    for run in sorted(runs.values(), key=lambda each: each.pk):
        ledger.lock(run)


def _evaluation(evaluation_id: int) -> Evaluation:
    row = Evaluation.objects.select_related("agency", "instance").get(pk=evaluation_id)
    ledger.lock(row.agency)
    return row


def _locked(follow_up_id: int) -> FollowUp:
    rows = FollowUp.objects.select_related("agency", "evaluation__agency", "evaluation__instance")
    ledger.lock(rows.get(pk=follow_up_id).evaluation.agency)
    return rows.get(pk=follow_up_id)


def _record(row: FollowUp, verb: str, actor: Actor, now: datetime) -> None:
    """Note it in the chain of the office that evaluates: the agency's own run has its own."""
    record(
        row.evaluation.agency, actor, verb, f"followup:{row.pk}", now=now,
        after={
            "evaluation": row.evaluation_id,
            "agency": row.agency_id,
            "round": row.round,
            "due_on": row.due_on,
            "status": row.status,
            "said": content_hash(row.reason, row.answer),
            "evidence": row.evidence_sha256,
        },
    )  # fmt: skip
