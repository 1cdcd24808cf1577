"""What the pages of machines count beside their tabs: `{% load machines %}`."""

from typing import Any

from django import template
from django.utils import timezone

from devices.models import Caller
from devices.views.access import MANAGE
from devices.views.alarms import visible_alarms
from organization.permissions import mandates_of

register = template.Library()


@register.simple_tag(takes_context=True)
def tab_counts(context: template.Context) -> dict[str, Any]:
    """Return open alarms that the person may see, and terminals that wait to be registered."""
    request = context.get("request")
    if request is None:
        return {}
    may_manage = any(m.allows(MANAGE) for m in mandates_of(request.user, timezone.now()))
    return {
        "alarms": visible_alarms(request).open().count(),
        "callers": Caller.objects.waiting().count() if may_manage else None,
    }
