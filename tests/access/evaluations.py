"""A quarter under evaluation, for the table of who may what."""

from datetime import date

from attendance.models import Evaluation, EvaluationIndicators
from attendance.recaps.evaluation_indicators import content_hash, indicators_of
from attendance.recaps.evaluation_periods import months_of_quarter
from organization.models import Agency
from tests.stages import AFTER_THE_MONTH

QUARTER = "2026-Q2"


def evaluation_of(agency: Agency) -> Evaluation:
    """Return an evaluation in an agency, of that agency alone, with its indicators frozen."""
    months = months_of_quarter(QUARTER)
    row = Evaluation.objects.create(
        agency=agency, period=QUARTER, first_on=months[0].first, last_on=months[-1].last,
        begun_at=AFTER_THE_MONTH,
    )  # fmt: skip
    rows = indicators_of([agency], months, AFTER_THE_MONTH, date(2026, 7, 1))
    EvaluationIndicators.objects.create(
        evaluation=row, rows=rows, sha256=content_hash(rows), compiled_at=AFTER_THE_MONTH
    )
    return row
