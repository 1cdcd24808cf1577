"""What the pages of the audit share: the scope measured up to now, its filter, its tabs.

A page of the audit is three lines:

    scope = scope_here(request)
    return audit_page(request, scope, "processes/audit/returns.html", {"returns": returns(scope)})

Its template extends `processes/audit/base.html` and fills `audit_title` and `audit_content`.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from processes.audit.measured.refreshing import outdated, refresh
from processes.audit.scope import ClockKind, Scope, scope_of, sops

MEASURED_HERE = 50  # instances that a page measures itself; the clock of the house does the rest

# (route, label, icon) of every page that shows one scope.
PAGES = (
    ("audit:index", "Ringkasan", "table"),
    ("audit:heat", "Peta panas", "process"),
    ("audit:returns", "Pengembalian", "return"),
    ("audit:waiting", "Menunggu", "hourglass"),
    ("audit:trends", "Tren", "chart"),
    ("audit:conformance", "Kepatuhan", "check-circle"),
    ("audit:rows", "Kunjungan", "list"),
    ("audit:record", "Catatan", "link"),
    ("audit:sheets", "Lembar SOP", "document"),
)


@dataclass(frozen=True)
class Tab:
    """One page of the audit, for the same scope."""

    label: str
    icon: str
    url: str
    is_current: bool


def scope_here(request: HttpRequest) -> Scope:
    """Return the scope that the address names, measured up to now; 403 and 404 as `scope_of` says.

    What is written are derived rows, of instances that changed since they were last measured.
    """
    scope = scope_of(request)
    refresh(now=scope.now, limit=MEASURED_HERE)
    return scope


def audit_page(
    request: HttpRequest,
    scope: Scope,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Answer with a page that extends `processes/audit/base.html`.

    A page that counts the visits anyway passes `visits`; the others have them counted.
    """
    values: dict[str, Any] = {
        "scope": scope,
        "sops": sops(),
        "clocks": list(ClockKind),
        "tabs": tabs(request, scope),
        "zone": (scope.agency or scope.agencies[0]).time_zone,
    } | (context or {})
    if "visits" not in values:
        values["visits"] = scope.visits().count()
    in_scope = outdated().filter(definition_key=scope.definition_key, agency__in=scope.chosen)
    values["is_behind"] = in_scope.exists()
    return render(request, template, values, status=status)


def tabs(request: HttpRequest, scope: Scope) -> list[Tab]:
    """Return the pages, each at the address of this scope."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [
        Tab(label, icon, f"{reverse(route)}?{scope.query()}", here.endswith(route))
        for route, label, icon in PAGES
    ]


def rows_url(scope: Scope, **more: str) -> str:
    """Return the address of the rows behind a figure, e.g. `langkah="tahap_7", saring="over"`."""
    return f"{reverse('audit:rows')}?{scope.query(**more)}"
