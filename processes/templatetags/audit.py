"""Figures as the pages of the audit show them: `{% load audit %}`."""

from django import template

from foundation.indonesian import number_text
from processes.audit.statistics import Share

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
