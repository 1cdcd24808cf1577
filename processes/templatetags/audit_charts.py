"""Pictures beside the figures of the audit, which tell the same: `{% load audit_charts %}`."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

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
