"""Month after month and agency beside agency, with figures computed by hand."""

from datetime import date, timedelta

import pytest

from processes.audit.questions import lines
from processes.audit.questions.lines import Value, line_chart
from processes.audit.questions.trends import agencies, months
from processes.audit.statistics import Share
from tests.cast import Cast, appoint
from tests.processes.audit.measured import MINUTE, audited, scope_of, visited
from workflows.definitions import OutcomeKind

DECIDES, ENTERS = "teliti_resume", "input_ketidakhadiran"
FEBRUARY, APRIL = date(2026, 2, 1), date(2026, 4, 1)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.fixture
def spring(cast: Cast) -> Cast:
    """February: 10 and 30 of 20 minutes; March: nothing; April: 5 of 20, and 8 without standard."""
    february = audited(cast, FEBRUARY, lead_work=100 * MINUTE, lead_wall=900 * MINUTE, returns=1)
    visited(february, DECIDES, cast.kadis, handling=10, standard=20, waiting=4)
    visited(
        february, DECIDES, cast.kadis, handling=30, standard=20, waiting=8,
        outcome_kind=OutcomeKind.RETURN,
    )  # fmt: skip
    audited(cast, FEBRUARY, lead_work=200 * MINUTE)
    april = audited(cast, APRIL, finished=False)
    visited(april, DECIDES, cast.kadis, handling=5, standard=20)
    visited(april, ENTERS, cast.operator, handling=8)
    return cast


def test_every_month_between_the_first_and_the_last_has_its_figures(spring: Cast) -> None:
    february, march, april = months(scope_of(spring.kadis))
    assert [month.key for month in (february, march, april)] == ["2026-02", "2026-03", "2026-04"]
    figures = february.figures
    assert (figures.n, figures.within, figures.returns) == (2, Share(1, 2), 1)
    assert (figures.handling, figures.waiting) == (minutes(20), minutes(6))
    assert figures.ratio == 1.0  # halfway between 10/20 and 30/20
    assert figures.standard == minutes(20)
    assert (figures.finished, figures.lead) == (2, minutes(150))
    assert figures.first_pass == Share(1, 2)
    assert march.figures.n == 0
    assert march.figures.within.value is None
    assert april.figures.n == 2
    assert april.figures.within == Share(1, 1)  # what has no standard is not judged
    assert april.figures.ratio == 0.25
    assert april.figures.lead is None


def test_one_step_has_its_own_figures_and_instances_stay_whole(spring: Cast) -> None:
    (april,) = months(scope_of(spring.kadis, dari="2026-04"), ENTERS)
    assert (april.figures.n, april.figures.handling) == (1, minutes(8))
    assert april.figures.standards is None
    (february, *_) = months(scope_of(spring.kadis), ENTERS)
    assert (february.figures.n, february.figures.finished) == (0, 2)


def test_by_the_wall_durations_change_and_the_ratio_stays(spring: Cast) -> None:
    february = months(scope_of(spring.kadis, jam="dinding"))[0].figures
    assert february.handling == minutes(40)
    assert february.ratio == 1.0


def test_agencies_stand_by_their_share_and_few_data_last(cast: Cast) -> None:
    appoint(cast.kadis, "Auditor", cast.other_agency)
    here, there = audited(cast), audited(cast, agency=cast.other_agency)
    for handling in (10, 10, 10, 30, 30):
        visited(here, DECIDES, cast.kadis, handling=handling, standard=20)
    visited(there, DECIDES, cast.outsider, handling=10, standard=20)
    scope = scope_of(cast.kadis)
    assert [(row.agency, row.figures.within) for row in agencies(scope)] == [
        (cast.agency, Share(3, 5)),
        (cast.other_agency, Share(1, 1)),
    ]
    for handling in (10, 10, 10, 10):
        visited(there, DECIDES, cast.outsider, handling=handling, standard=20)
    assert [row.agency for row in agencies(scope)] == [cast.other_agency, cast.agency]


def test_one_agency_is_compared_with_none(spring: Cast) -> None:
    assert agencies(scope_of(spring.kadis)) == []


def test_nothing_has_no_months(cast: Cast) -> None:
    audited(cast, finished=False)
    assert months(scope_of(cast.kadis)) == []


def told(value: float) -> str:
    return f"{value:g}"


def test_the_large_figure_says_of_which_month_it_is() -> None:
    values = [Value("Mei 2026", "Mei 26", 1.0), Value("Juni 2026", "Jun 26", None)]
    chart = line_chart("Sesuai", values, told)
    assert chart is not None
    assert (chart.last_words, chart.last_of) == ("1", "Mei 2026")


def test_a_line_breaks_where_a_month_has_no_figure() -> None:
    values = [
        Value("Januari 2026", "Jan 26", 0.0),
        Value("Februari 2026", "Feb 26", 1.0),
        Value("Maret 2026", "Mar 26", None),
        Value("April 2026", "Apr 26", 0.5, is_thin=True),
    ]
    chart = line_chart("Sesuai", values, told, top=1.0)
    assert chart is not None
    assert chart.runs == (f"{lines.LEFT},{lines.BOTTOM} 99,{lines.TOP}",)
    assert [(point.x, point.y) for point in chart.points] == [(8, 108), (99, 26), (280, 67)]
    assert chart.words == "Sesuai: Januari 2026 0; Februari 2026 1; April 2026 0.5 (data sedikit)"
    assert [point.is_last for point in chart.points] == [False, False, True]
    assert chart.last_of == "April 2026, data sedikit"
    assert (chart.last_words, chart.first_month, chart.last_month) == ("0.5", "Jan 26", "Apr 26")


def test_the_line_to_compare_with_lies_inside_the_picture() -> None:
    below = line_chart("Rasio", [Value("Mei", "Mei", 0.4)], told, reference=1.0)
    above = line_chart("Rasio", [Value("Mei", "Mei", 4.0)], told, reference=1.0)
    assert below is not None
    assert above is not None
    assert (below.reference, below.top_words) == (lines.TOP, "1")
    assert above.reference == lines.BOTTOM - round((lines.BOTTOM - lines.TOP) / 4)
    assert [point.x for point in above.points] == [144]


def test_without_any_value_there_is_no_picture() -> None:
    assert line_chart("Rasio", [Value("Mei", "Mei", None)], told) is None
    flat = line_chart("Kembali", [Value("Mei", "Mei", 0.0)], told)
    assert flat is not None
    assert flat.points[0].y == lines.BOTTOM
