"""The evaluation beside the form of a step: indicators and findings, or what agencies answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from attendance import links
from attendance.models import Evaluation, EvaluationFinding, FollowUp, Side
from attendance.offered.evaluation_steps import evaluation_of_step, follow_up_of_step
from attendance.recaps.evaluation_texts import (
    Badge,
    follow_up_badge,
    period_text,
    remarks_of,
)
from attendance.services.evaluation_follow_ups import current_follow_ups
from attendance.services.evaluation_runs import follow_up_runs
from foundation.indonesian import date_text
from organization.permissions import local_date
from processes.models import Instance
from workflows.registry import StepContext, panel


@dataclass(frozen=True)
class FollowUpLine:
    """One agency's follow-up as the office that evaluates sees it."""

    row: FollowUp
    badge: Badge
    findings: Sequence[EvaluationFinding]
    run: Instance | None


@panel("attendance.evaluation", template="attendance/panels/evaluation.html")
def evaluation(context: StepContext) -> Mapping[str, Any]:
    """What a review needs (`side`); `draft` = fields of the record that are read before it is."""
    row = evaluation_of_step(context)
    side = str(context.parameters["side"])
    indicators = getattr(row, "indicators", None)
    rows = indicators.rows if indicators else []
    standing_out = sum(bool(remarks_of(one, side)) for one in rows)
    findings = list(row.findings.select_related("agency"))
    draft = context.parameters.get("draft", {})
    told = {name: context.form.get(source, "") for name, source in draft.items()}
    return {
        "evaluation": row,
        "period": period_text(row.period),
        "indicators": indicators,
        "side": Side(side).label.lower(),
        "count": len(rows),
        "standing_out": standing_out,
        "findings": findings,
        "draft": told,
        "zone": row.agency.time_zone,
        "link": links.evaluation(row.pk),
        "headline": f"{period_text(row.period)}: {len(findings)} temuan pada "
        f"{len({one.agency_id for one in findings})} perangkat daerah.",
    }


@panel("attendance.follow_ups", template="attendance/panels/follow_ups.html")
def follow_ups(context: StepContext) -> Mapping[str, Any]:
    """All agencies that were asked: what they answered, when, with which proof."""
    row = evaluation_of_step(context)
    lines = follow_up_lines(row, context.now)
    unanswered = sum(line.row.status == FollowUp.Status.ASKED for line in lines)
    return {
        "evaluation": row,
        "lines": lines,
        "zone": row.agency.time_zone,
        "link": links.evaluation(row.pk),
        "headline": f"{len(lines)} perangkat daerah diminta, {unanswered} belum menjawab.",
    }


@panel("attendance.follow_up", template="attendance/panels/follow_up.html")
def follow_up(context: StepContext) -> Mapping[str, Any]:
    """What one agency has to act upon; of no other agency."""
    row = follow_up_of_step(context)
    findings = row.evaluation.findings.filter(agency=row.agency)
    late = row.is_late(local_date(row.agency, context.now))
    return {
        "follow_up": row,
        "period": period_text(row.evaluation.period),
        "office": row.evaluation.agency.name,
        "findings": list(findings),
        "badge": follow_up_badge(row, late),
        "headline": f"Temuan {period_text(row.evaluation.period)}: tindak lanjuti paling lambat "
        f"{date_text(row.due_on)}.",
    }


def follow_up_lines(row: Evaluation, now: datetime) -> list[FollowUpLine]:
    """Return the last round of every agency, with its findings and its run."""
    findings: dict[int, list[EvaluationFinding]] = {}
    for finding in row.findings.all():
        findings.setdefault(finding.agency_id, []).append(finding)
    current = current_follow_ups(row)
    runs = follow_up_runs(FollowUp.objects.filter(pk__in=[one.pk for one in current]))
    return [
        FollowUpLine(
            one,
            follow_up_badge(one, one.is_late(local_date(one.agency, now))),
            findings.get(one.agency_id, []),
            runs.get(one.pk),
        )
        for one in current
    ]
