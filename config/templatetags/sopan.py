"""Icons, states, times and durations as every page shows them: `{% load sopan %}`."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from django import template
from django.http import HttpRequest, QueryDict
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from foundation import indonesian
from foundation.tracing import current_trace
from organization.permissions import mandates_of

register = template.Library()


# A page has dozens of them, of some twenty kinds.
@register.simple_tag
@cache
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of the sprite; without a label it is decoration beside a word."""
    sprite = static("sopan/icons.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            label,
            sprite,
            name,
        )
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        sprite,
        name,
    )


@register.simple_tag
def help_code() -> SafeString:
    """Return what people tell on the telephone when something went wrong; no database is asked."""
    if not (trace := current_trace()):
        return SafeString("")
    return format_html('<p class="muted">Kode bantuan: <strong>{}</strong></p>', trace)


@register.simple_tag
def badge(kind: str, icon_name: str, text: str) -> SafeString:
    """Draw a state: colour, icon and word together."""
    return format_html('<span class="badge badge--{}">{}{}</span>', kind, icon(icon_name), text)


@dataclass(frozen=True)
class MenuEntry:
    """One line of the menu."""

    title: str
    icon: str
    url: str
    app_name: str
    is_current: bool


@register.simple_tag(takes_context=True)
def menu(context: template.RequestContext) -> str:
    """Draw the menu, which stands on the page twice, once; nothing before signing in."""
    request: HttpRequest = context["request"]
    if not request.user.is_authenticated:
        return ""
    drawn = template.Engine.get_default().get_template("sopan/menu.html")
    with context.push(entries=_menu_entries(request)):
        return drawn.render(context)


def _menu_entries(request: HttpRequest) -> list[MenuEntry]:
    """Return the applications of the site that the person may open."""
    current = getattr(request.resolver_match, "app", None)
    # Imported here: the pages of the site load this library while they are being imported.
    from config.urls import site

    return [
        MenuEntry(
            title=str(item.title),
            icon=item.icon.icon_name,
            url=item.reverse("index"),
            app_name=item.app_name,
            is_current=current is not None and current.app_name == item.app_name,
        )
        for item in site.menu_items()
        if item.has_view_permission(request.user)
    ]


@register.simple_tag(takes_context=True)
def help_address(context: template.Context) -> str:
    """Return where the guides help with this page."""
    request: HttpRequest = context["request"]
    match = request.resolver_match
    # Imported here: the pages of the site load this library while they are being imported.
    from config.help.places import address_of

    return address_of(match.view_name if match else "")


@register.filter
def moment(at: datetime | None, zone: str = "") -> str:
    """Return "5 Maret 2024 07.30 WITA"; "-" for nothing."""
    return (
        "-"
        if at is None
        else indonesian.moment_text(at, zone or str(timezone.get_current_timezone()))
    )


@register.filter
def clock(at: datetime | None, zone: str = "") -> str:
    """Return "07.30 WITA"; "-" for nothing."""
    return (
        "-"
        if at is None
        else indonesian.time_text(at, zone or str(timezone.get_current_timezone()))
    )


@register.filter
def day(on: date | None) -> str:
    """Return "5 Maret 2024"; "-" for nothing."""
    return "-" if on is None else indonesian.date_text(on)


@register.simple_tag(takes_context=True)
def allowed(context: template.Context, *capabilities: str) -> bool:
    """Say whether the person may do one of these somewhere: no link that would be refused.

    What is written for nobody in particular (without a request) offers nothing.
    """
    request, now = context.get("request"), timezone.now()
    if request is None:
        return False
    return any(m.allows(c) for m in mandates_of(request.user, now) for c in capabilities)


@register.filter
def duration(value: timedelta | None) -> str:
    """Return "2 jam 5 menit"; "-" for nothing."""
    return "-" if value is None else indonesian.work_text(value)


@register.filter
def brief(value: timedelta | None) -> str:
    """Return "2 jam 5 mnt" or "2 mnt 17 dtk", for tables; "-" for nothing."""
    return duration(value).replace("menit", "mnt").replace("detik", "dtk")


@register.filter
def minutes(value: timedelta | None) -> str:
    """Return "62 menit", as a SOP sheet sums them; "-" for nothing."""
    return "-" if value is None else f"{value // timedelta(minutes=1)} menit"


@register.filter
def period(subject: str) -> str:
    """Return "April 2026" for "2026-04"."""
    return indonesian.period_label(subject)


@register.filter
def machine_time(local: str | None) -> str:
    """Return "4 Mei 2026 07.20.00" for "2026-05-04 07:20:00"; "-" for nothing."""
    return indonesian.machine_time_text(local) if local else "-"


@register.filter
def machine_clock(local: str | None) -> str:
    """Return "07.20" for "2026-05-04T07:20:00+08:00"; "-" for nothing."""
    return local[11:16].replace(":", ".") if local else "-"


@register.filter
def file_size(size: int) -> str:
    return indonesian.size_text(size)


@register.filter
def nip(number: str) -> str:
    """Return an NIP in its four groups, "19850312 201001 1 001"; other numbers as they are."""
    if len(number) != 18 or not number.isdigit():
        return number
    return f"{number[:8]} {number[8:14]} {number[14]} {number[15:]}"


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: object) -> str:
    """Return the page's own query string with these values changed: `?{% with_query page=2 %}`."""
    query: QueryDict = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return query.urlencode()
