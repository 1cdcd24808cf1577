"""Where waiting sits: by lane, role and weekday, and what waits now."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from processes.audit.questions.waiting import (
    Portion,
    by_lane,
    by_person,
    by_role,
    by_weekday,
    waiting_now,
)
from processes.audit.scope import Scope
from processes.views.audit.common import audit_page, scope_here


@dataclass(frozen=True)
class Table:
    """One way to divide the waiting; `parameter` names what the rows behind it are found by."""

    id: str
    heading: str
    explanation: str
    of: str
    parameter: str
    portions: list[Portion]


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    scope = scope_here(request)
    tables = _tables(scope)
    lanes = tables[0].portions
    longest, count = waiting_now(scope)
    context = {
        "tables": [table for table in tables if table.portions],
        "total": sum((portion.total for portion in lanes), start=timedelta()),
        "n": sum(portion.n for portion in lanes),
        "longest": longest,
        "waiting_count": count,
    }
    return audit_page(request, scope, "processes/audit/waiting.html", context)


def _tables(scope: Scope) -> list[Table]:
    return [
        Table(
            "jalur", "Menurut pelaksana", "Peran yang ditawari tahap itu menurut SOP.",
            "Pelaksana", "jalur", by_lane(scope),
        ),
        Table(
            "peran", "Menurut peran yang mengerjakan",
            "Peran yang akhirnya mengirim tahap itu, termasuk Plt. dan Plh.",
            "Peran", "peran", by_role(scope),
        ),
        Table(
            "petugas", "Menurut petugas",
            "Urut nama, bukan peringkat: tunggu terjadi sebelum petugas mengambil tahapnya.",
            "Petugas", "petugas", by_person(scope),
        ),
        Table(
            "hari", "Menurut hari ditawarkan", "Hari ketika tahap itu mulai menunggu.",
            "Hari", "hari", by_weekday(scope),
        ),
    ]  # fmt: skip
