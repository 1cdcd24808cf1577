"""Figures of the audit: how the steps of a SOP kept their standard, in a part of the record."""

from datetime import timedelta

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from organization.api.access import caller
from organization.api.operations import operation
from processes.audit.measured.refreshing import refresh
from processes.audit.questions.steps import StepFigures, step_table
from processes.audit.scope import read_scope
from processes.views.audit.common import MEASURED_HERE

router = Router()

MONTH = r"^([12][0-9]{3}-(0[1-9]|1[0-2]))?$"


class QualityFilter(Schema):
    definition: str = Field("", max_length=80, description="Kunci SOP; kosong: yang pertama")
    agency: str = Field(
        "", max_length=40, description="Kode perangkat daerah; kosong: semua yang terlihat"
    )
    first: str = Field("", pattern=MONTH, description="Bulan pertama, 2026-01")
    last: str = Field("", pattern=MONTH, description="Bulan terakhir, 2026-12")


class StepQuality(Schema):
    step: str
    number: int | None
    name: str
    lane: str
    n: int = Field(description="Kunjungan yang selesai")
    within: int = Field(description="Yang sesuai waktu baku")
    judged: int = Field(description="Yang memiliki waktu baku")
    median_seconds: int | None = Field(description="Median waktu penanganan, jam kerja")
    p90_seconds: int | None = Field(description="Persentil ke-90 waktu penanganan, jam kerja")
    waiting_median_seconds: int | None = Field(description="Median waktu menunggu, jam kerja")
    returns: int = Field(description="Pengembalian")
    repeats: int = Field(description="Kunjungan ulang")
    reused: int = Field(description="Masih berlaku, tidak dikerjakan ulang")


class QualityOut(Schema):
    definition: str
    agencies: list[str]
    first: str
    last: str
    steps: list[StepQuality]


@router.get(
    "/quality",
    **operation(
        "mutu:baca",
        "Angka mutu baku",
        "Per langkah bernomor satu SOP: berapa yang selesai, berapa yang sesuai waktu baku, dan "
        "berapa lama. Waktu dihitung dalam jam kerja.",
        answers=QualityOut,
        refuses=(404, 422),
        tags=("Mutu",),
    ),
)
def quality(request: HttpRequest, chosen: Query[QualityFilter]) -> object:
    who = caller(request)
    named = {
        "sop": chosen.definition,
        "pd": chosen.agency,
        "dari": chosen.first,
        "sampai": chosen.last,
    }
    scope = read_scope(who.user, named, now=who.now)
    refresh(now=who.now, limit=MEASURED_HERE, agencies=scope.chosen)
    return QualityOut(
        definition=scope.definition_key,
        agencies=[agency.code for agency in scope.chosen],
        first=f"{scope.first:%Y-%m}",
        last=f"{scope.last:%Y-%m}",
        steps=[_step(row) for row in step_table(scope).steps],
    )


def _step(row: StepFigures) -> StepQuality:
    return StepQuality(
        step=row.step,
        number=row.number,
        name=row.name,
        lane=row.lane,
        n=row.n,
        within=row.within.part,
        judged=row.within.whole,
        median_seconds=_seconds(row.handling.median),
        p90_seconds=_seconds(row.handling.p90),
        waiting_median_seconds=_seconds(row.waiting_median),
        returns=row.returns,
        repeats=row.repeats,
        reused=row.reused,
    )


def _seconds(time: timedelta | None) -> int | None:
    return None if time is None else int(time.total_seconds())
