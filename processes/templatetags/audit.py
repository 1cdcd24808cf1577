"""Figures as the pages of the audit show them: `{% load audit %}`."""

from datetime import timedelta

from django import template

from foundation.indonesian import duration_text, number_text, work_text
from processes.audit.scope import ClockKind, Scope
from processes.audit.statistics import Share
from processes.views.audit.common import rows_url as address_of_rows

register = template.Library()


@register.filter
def whole(number: int | None) -> str:
    """Return "1.234"; "-" for nothing."""
    return "-" if number is None else number_text(number)


@register.filter
def percent(part: float | None) -> str:
    """Return "94,1 %" for 0.941; "-" for nothing."""
    return "-" if part is None else f"{number_text(100 * part, 1)} %"


@register.filter
def interval(share: Share) -> str:
    """Return "81-98 %", the Wilson interval of a share in whole percents; empty for nothing."""
    if share.low is None or share.high is None:
        return ""
    return f"{number_text(100 * share.low)}-{number_text(100 * share.high)} %"


@register.filter
def told(value: timedelta | None, clock: ClockKind = ClockKind.WORK) -> str:
    """Return "30 jam 5 mnt" of working time, "1 hari 6 jam" by the wall; "-" for nothing.

    Working time is never told in days, of which each has another length.
    """
    if value is None:
        return "-"
    text = duration_text(value) if clock is ClockKind.WALL else work_text(value)
    return text.replace("menit", "mnt").replace("detik", "dtk")


@register.simple_tag
def rows_url(scope: Scope, **filters: object) -> str:
    """Return the address of the rows behind a figure: `{% rows_url scope saring="over" %}`."""
    return address_of_rows(scope, **{name: str(value) for name, value in filters.items()})
