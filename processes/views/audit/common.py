"""What the pages of the audit share: the scope measured up to now, its filter, its tabs.

A page of the audit is three lines:

    scope = scope_here(request)
    return audit_page(request, scope, "processes/audit/returns.html", {"returns": returns(scope)})

Its template extends `processes/audit/base.html` and fills `audit_title` and `audit_content`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.paginator import Page
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from processes.audit.measured.refreshing import outdated, refresh
from processes.audit.scope import ClockKind, Scope, ignored, is_turned_round, scope_of, sops
from processes.views.common import ROWS, paged

ModelT = TypeVar("ModelT", bound=Model)

MEASURED_HERE = 15  # instances that a page measures itself; the clock of the house does the rest
LONGEST_SAID = 40  # letters of what cannot be used that are said again

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
    refresh(now=scope.now, limit=MEASURED_HERE, agencies=scope.chosen)
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

    A page that counts the visits anyway passes `visits`; the others have them counted. What it
    reads from the address beside the scope and cannot use, it names in `ignored`.
    """
    values: dict[str, Any] = {
        "scope": scope,
        "sops": sops(),
        "clocks": list(ClockKind),
        "tabs": tabs(request, scope),
        "zone": (scope.agency or scope.agencies[0]).time_zone,
    } | (context or {})
    values["dropped"] = dropped(request, values.get("ignored", []))
    values["is_turned_round"] = is_turned_round(request.GET)
    if "visits" not in values:
        values["visits"] = scope.visits().count()
    in_scope = outdated().filter(definition_key=scope.definition_key, agency__in=scope.chosen)
    # In this order `instance_unmeasured` is read; without any, all instances would be.
    values["is_behind"] = in_scope.order_by("pk").values_list("pk").first() is not None
    return render(request, template, values, status=status)


def dropped(request: HttpRequest, names: Sequence[str] = ()) -> str:
    """Return what the address asks for and nobody knows, in words: 'hari "9", jam "bulan"'."""
    wrong = [*ignored(request.GET), *names]
    return ", ".join(f'{name} "{request.GET[name][:LONGEST_SAID]}"' for name in wrong)


def paged_keys_first(
    request: HttpRequest, rows: "QuerySet[ModelT]", size: int = ROWS
) -> "Page[ModelT]":
    """Return the page that the address names: first found by its keys, then only it is read.

    What a row shows beside its own columns is so not fetched for every row that is put in order.
    """
    keys = paged(request, rows.values_list("pk", flat=True), size)
    found = {row.pk: row for row in rows.order_by().filter(pk__in=list(keys))}
    page: Page[ModelT] = Page(
        [found[key] for key in keys if key in found], keys.number, keys.paginator
    )
    return page


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
