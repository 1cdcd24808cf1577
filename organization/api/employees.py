"""Employees, as far as the owner of the token sees them."""

from datetime import date

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Field, Query, Router, Schema

from organization.api.access import Caller, caller
from organization.api.operations import operation
from organization.api.pages import Cursor, Page, page
from organization.models import Employee
from organization.questions import visible_employees

router = Router()
TAGS = ("Pegawai",)


class EmployeeOut(Schema):
    id: int
    agency: str = Field(description="Kode perangkat daerah")
    number: str = Field(description="NIP atau nomor induk")
    name: str
    status: str = Field(description="PNS, PPPK, PPPK-PW atau HONORER")
    rank: str = Field(description="Pangkat")
    grade: str = Field(description="Golongan")
    position: str = Field(description="Jabatan")
    unit: str = Field(description="Bidang")
    superior: int | None = Field(description="Id atasan langsung")
    joined_on: date | None
    left_on: date | None


class EmployeeFilter(Cursor):
    agency: str = Field("", max_length=40, description="Kode perangkat daerah")


def _visible(who: Caller) -> QuerySet[Employee]:
    return visible_employees(who.user, who.now).select_related("agency", "unit")


@router.get(
    "/employees",
    **operation(
        "pegawai:baca",
        "Daftar pegawai",
        "Pegawai yang boleh dilihat pemilik token, juga yang sudah berhenti, menaik menurut id.",
        answers=Page[EmployeeOut],
        refuses=(422,),
        tags=TAGS,
    ),
)
def employees(request: HttpRequest, chosen: Query[EmployeeFilter]) -> object:
    rows = _visible(caller(request))
    if chosen.agency:
        rows = rows.filter(agency__code=chosen.agency)
    return page(rows, chosen, _told)


@router.get(
    "/employees/{int:employee_id}",
    **operation(
        "pegawai:baca",
        "Satu pegawai",
        "Data kepegawaian satu orang.",
        answers=EmployeeOut,
        refuses=(404,),
        tags=TAGS,
    ),
)
def employee(request: HttpRequest, employee_id: int) -> object:
    found = _visible(caller(request)).filter(pk=employee_id).first()
    if found is None:
        raise Http404("Pegawai ini tidak ada.")
    return _told(found)


def _told(row: Employee) -> EmployeeOut:
    return EmployeeOut(
        id=row.pk,
        agency=row.agency.code,
        number=row.number,
        name=row.name,
        status=row.status,
        rank=row.rank,
        grade=row.grade,
        position=row.position,
        unit=row.unit.name if row.unit else "",
        superior=row.superior_id,
        joined_on=row.joined_on,
        left_on=row.left_on,
    )
