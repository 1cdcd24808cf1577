"""Recaps over `/api/v1/`, for systems that take over a month that is closed."""

from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Field, Query, Router, Schema

from attendance.models import Recap, RecapRow
from organization.api.access import Caller, caller
from organization.api.operations import operation
from organization.api.pages import Cursor, Page, page
from organization.api.problems import ApiProblem

router = Router()
TAGS = ("Rekapitulasi",)


class RecapOut(Schema):
    id: int
    agency: str = Field(description="Kode perangkat daerah")
    month: str = Field(description="Bulan, 2026-04")
    version: int
    amendment: int = Field(description="Ralat keberapa; 0 bila bukan ralat")
    amends: int | None = Field(description="Id rekap yang diralat")
    status: str = Field(description="draft, submitted atau frozen")
    frozen_at: datetime | None
    sha256: str = Field(description="Sidik isi rekap yang dibekukan")
    instance: int | None = Field(description="Id berkas SOP-nya")


class RecapRowOut(Schema):
    id: int
    employee: int = Field(description="Id pegawai")
    number: str = Field(description="NIP atau nomor induk")
    name: str
    employment: str
    grade: str = Field(description="Golongan")
    position: str = Field(description="Jabatan")
    unit: str = Field(description="Bidang")
    codes: list[str] = Field(description="Kode per hari bulan itu")
    counters: dict[str, Any] = Field(description="Angka sebulan")


class RecapFilter(Cursor):
    agency: str = Field("", max_length=40, description="Kode perangkat daerah")
    month: str = Field("", pattern=r"^([12][0-9]{3}-(0[1-9]|1[0-2]))?$", description="2026-04")
    status: Literal["", "draft", "submitted", "frozen"] = Field("", description="Keadaan")


def _visible(who: Caller) -> QuerySet[Recap]:
    rows = Recap.objects.visible_to(who.user, who.now)
    return rows.select_related("agency").defer("changes", "figures")


def _get(request: HttpRequest, recap_id: int) -> Recap:
    found = _visible(caller(request)).filter(pk=recap_id).first()
    if found is None:
        raise Http404("Rekapitulasi ini tidak ada.")
    return found


@router.get(
    "/recaps",
    **operation(
        "rekap:baca",
        "Daftar rekapitulasi",
        "Rekapitulasi bulanan dengan keadaannya. Yang berlaku dari satu bulan adalah versi "
        "terakhir yang dibekukan (`frozen`).",
        answers=Page[RecapOut],
        refuses=(422,),
        tags=TAGS,
    ),
)
def recaps(request: HttpRequest, chosen: Query[RecapFilter]) -> object:
    rows = _visible(caller(request))
    if chosen.agency:
        rows = rows.filter(agency__code=chosen.agency)
    if chosen.month:
        rows = rows.filter(month=f"{chosen.month}-01")
    if chosen.status:
        rows = rows.filter(status=chosen.status)
    return page(rows, chosen, _told)


@router.get(
    "/recaps/{int:recap_id}",
    **operation(
        "rekap:baca",
        "Satu rekapitulasi",
        "Keadaan satu rekapitulasi.",
        answers=RecapOut,
        refuses=(404,),
        tags=TAGS,
    ),
)
def recap(request: HttpRequest, recap_id: int) -> object:
    return _told(_get(request, recap_id))


@router.get(
    "/recaps/{int:recap_id}/rows",
    **operation(
        "rekap:baca",
        "Baris rekapitulasi",
        "Satu baris per pegawai, hanya dari rekapitulasi yang sudah dibekukan; selain itu 409.",
        answers=Page[RecapRowOut],
        refuses=(404, 409, 422),
        tags=TAGS,
    ),
)
def recap_rows(request: HttpRequest, recap_id: int, cursor: Query[Cursor]) -> object:
    row = _get(request, recap_id)
    if not row.is_frozen:
        raise ApiProblem(409, "Rekapitulasi ini belum dibekukan; angkanya masih dapat berubah.")
    return page(RecapRow.objects.filter(recap=row).defer("days", "superior"), cursor, _row)


def _told(row: Recap) -> RecapOut:
    frozen = row.frozen_at
    return RecapOut(
        id=row.pk,
        agency=row.agency.code,
        month=row.subject,
        version=row.version,
        amendment=row.amendment,
        amends=row.amends_id,
        status=row.status,
        frozen_at=frozen.astimezone(ZoneInfo(row.agency.time_zone)) if frozen else None,
        sha256=row.sha256,
        instance=row.instance_id,
    )


def _row(row: RecapRow) -> RecapRowOut:
    return RecapRowOut(
        id=row.pk,
        employee=row.employee_id,
        number=row.number,
        name=row.name,
        employment=row.employment,
        grade=row.grade,
        position=row.position,
        unit=row.unit,
        codes=row.codes,
        counters=row.counters,
    )
