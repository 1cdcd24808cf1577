"""An evaluation begins, by hand or by the clock, and its indicators are frozen."""

import logging
from datetime import date, datetime

from django.db import transaction

from attendance.days.months import Month
from attendance.days.policies import policies_of
from attendance.exceptions import AlreadyDecided, DataRefused
from attendance.models import Evaluation, EvaluationIndicators, MonthSheet
from attendance.recaps.evaluation_indicators import content_hash, indicators_of
from attendance.recaps.evaluation_periods import months_of_quarter, quarter_before
from attendance.recaps.evaluation_texts import period_text
from attendance.recaps.overdue import LONGEST_TERM
from attendance.services.evaluation_runs import (
    MAKE,
    agencies_evaluated,
    required_procedure,
    seats,
)
from attendance.services.evidence_rows import record
from foundation import ledger
from foundation.actors import SYSTEM, Actor
from organization.calendars.working_calendars import WorkingCalendars
from organization.calendars.working_time import working_days_after
from organization.models import Agency, User
from organization.permissions import actor_allowed, local_date
from processes import services as processes

logger = logging.getLogger(__name__)


@transaction.atomic
def begin_evaluation(*, agency: Agency, period: str, user: User, now: datetime) -> Evaluation:
    """Begin the evaluation of a quarter that is over, in an office where it can be done.

    Raises DataRefused, AlreadyDecided, PermissionDenied.
    """
    actor = actor_allowed(user, MAKE, agency, now)
    if agency not in seats(now):
        text = "Evaluasi dimulai di kantor BKD, sesudah setiap perannya ada yang memegang."
        raise DataRefused({"": text})
    return _begin(agency, period, user=user, actor=actor, now=now)


def begin_evaluations(*, now: datetime) -> int:
    """Begin the evaluation of the last quarter where that is due; return how many began.

    Called by the clock, as often as one likes. It is due when the term is over in which the
    quarter's last month should have been validated, so that what is missing then is a finding. A
    quarter in which nothing was judged anywhere is not evaluated. One that fails stops no other.
    """
    begun = 0
    for agency in seats(now):
        try:
            begun += _begin_due(agency, now)
        except Exception as error:
            logger.error("evaluation at agency %s: %s", agency.pk, type(error).__name__)
    return begun


@transaction.atomic
def _begin_due(agency: Agency, now: datetime) -> bool:
    today = local_date(agency, now)
    policy = policies_of(agency.pk, today, today).on(today)
    if not policy.begins_evaluations:
        return False
    period = quarter_before(today)
    if Evaluation.objects.filter(agency=agency, period=period).exists():
        return False  # one that was cancelled begins again by hand alone
    months = months_of_quarter(period)
    last = months[-1].last
    calendar = WorkingCalendars.load([agency.pk], last, last + 2 * LONGEST_TERM).of(agency.pk)
    if today <= working_days_after(last, policy.validation_days, calendar=calendar):
        return False
    judged = MonthSheet.objects.filter(
        agency__in=agencies_evaluated(agency, now), month__in=[month.first for month in months]
    )
    if not judged.exists():
        return False
    _begin(agency, period, user=None, actor=SYSTEM, now=now)
    return True


def _begin(
    agency: Agency, period: str, *, user: User | None, actor: Actor, now: datetime
) -> Evaluation:
    ledger.lock(agency)
    months = _months(period, local_date(agency, now))
    earlier = list(Evaluation.objects.filter(agency=agency, period=period))
    if any(not row.is_cancelled for row in earlier):
        raise AlreadyDecided(f"Evaluasi {period_text(period)} sudah dimulai; lihat berkasnya.")
    row = Evaluation.objects.create(
        agency=agency,
        period=period,
        first_on=months[0].first,
        last_on=months[-1].last,
        attempt=len(earlier) + 1,
        begun_by=user,
        begun_at=now,
    )
    row.instance = processes.start_process(
        definition_key=required_procedure().key,
        agency=agency,
        subject=str(row.pk),
        actor_user=user,
        now=now,
        title=f"Evaluasi Berkala {period_text(period)}",
        permitted=True,
    )
    row.save(update_fields=["instance"])
    record(
        agency, actor, "evaluation_begun", f"evaluation:{row.pk}", now=now,
        after={"period": period, "attempt": row.attempt, "instance": row.instance.pk},
    )  # fmt: skip
    return row


def _months(period: str, today: date) -> list[Month]:
    try:
        months = months_of_quarter(period)
    except ValueError as error:
        raise DataRefused({"period": str(error)}) from error
    if months[-1].last >= today:
        raise DataRefused({"period": "Triwulan ini belum berakhir; pilih yang sebelumnya."})
    return months


@transaction.atomic
def compile_indicators(
    *, evaluation_id: int, actor: Actor, now: datetime
) -> tuple[EvaluationIndicators, bool]:
    """Freeze what the quarter came to in every agency; done again it is what was frozen first."""
    row = Evaluation.objects.select_related("agency").get(pk=evaluation_id)
    ledger.lock(row.agency)
    if (frozen := EvaluationIndicators.objects.filter(evaluation=row).first()) is not None:
        return frozen, False
    months = months_of_quarter(row.period)
    agencies = agencies_evaluated(row.agency, now)
    rows = indicators_of(agencies, months, now, local_date(row.agency, now)) if agencies else []
    indicators = EvaluationIndicators.objects.create(
        evaluation=row, rows=rows, sha256=content_hash(rows), compiled_at=now
    )
    record(
        row.agency, actor, "evaluation_compiled", f"evaluation:{row.pk}", now=now,
        after={"agencies": len(rows), "sha256": indicators.sha256},
    )  # fmt: skip
    return indicators, True
