"""What the pages of findings share: bars beside figures, and what lies behind them.

`{% load audit_charts %}`
"""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from foundation.indonesian import number_text
from processes.audit.scope import Scope
from processes.views.audit.common import rows_url

register = template.Library()

_BAR = (
    '<svg class="audit-bar" width="100%" height="12" viewBox="0 0 100 12"'
    ' preserveAspectRatio="none" aria-hidden="true" focusable="false">'
    '<rect class="audit-bar__room" width="100" height="12" fill="#e6ebf0"/>'
    '<rect class="audit-bar__part" width="{}" height="12" fill="#12507b"/></svg>'
)


@register.simple_tag
def share_bar(share: float | None) -> SafeString:
    """Return a bar for a share from 0 to 1; what is more than nothing can be seen.

    Decoration: the number stands beside it.
    """
    part = min(max(share or 0.0, 0.0), 1.0)
    return format_html(_BAR, max(round(100 * part), 1) if part else 0)


@register.filter
def times(ratio: float | None) -> str:
    """Return "1,25 kali"; "-" for nothing."""
    return "-" if ratio is None else f"{number_text(ratio, 2)} kali"


@register.simple_tag
def instances_url(scope: Scope, **filters: str) -> str:
    """Return the address of the instances behind a figure: `{% instances_url jenis="lancar" %}`."""
    return f"{reverse('audit:conformance')}?{scope.query(**filters)}#berkas"


@register.simple_tag
def portion_url(scope: Scope, parameter: str, key: str) -> str:
    """Return the address of the rows behind a portion of the waiting, the longest first."""
    return rows_url(scope, **{parameter: key}, saring="people", urut="-tunggu")
