"""Machines and punches over `/api/v1/`."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from ninja import Field, Query, Router, Schema

from devices.models import Device, Punch
from devices.views.access import VIEW
from organization.api.access import Caller, caller
from organization.api.operations import operation
from organization.api.pages import Cursor, Page, page
from organization.permissions import agencies_where

router = Router()
TAGS = ("Mesin",)

# Ids are given out before a transaction commits: what is this fresh may still get neighbours with
# smaller ids, which who has read on would never see.
SETTLED_AFTER = timedelta(seconds=60)


class DeviceOut(Schema):
    id: int
    agency: str = Field(description="Kode perangkat daerah")
    serial: str = Field(description="Nomor seri")
    name: str
    place: str
    protocol: str = Field(description="push: mesin mengirim sendiri; pull: ditarik")
    state: str = Field(description="registered, approved, active, suspended atau retired")
    time_zone: str
    last_contact_at: datetime | None
    clock_offset: int | None = Field(description="Berapa detik jam mesin mendahului")


class PunchOut(Schema):
    id: int
    employee: int | None = Field(description="Id pegawai; kosong bila nomornya belum dikenal")
    device: int | None = Field(description="Id mesin; kosong bila tidak lewat mesin")
    pin: str = Field(description="Nomor di mesin")
    at: datetime
    state: int | None = Field(description="0 masuk, 1 pulang, 2-5 istirahat dan lembur")
    verify: int | None = Field(description="1 sidik jari; lainnya menurut mesinnya")
    channel: str = Field(description="file, pull, push, self, list atau fix")
    counted: bool = Field(description="Waktunya dapat dipercaya")


class DeviceFilter(Cursor):
    agency: str = Field("", max_length=40, description="Kode perangkat daerah")


class PunchFilter(Cursor):
    device: int | None = Field(None, ge=1, le=2**63 - 1, description="Id mesin")
    employee: int | None = Field(None, ge=1, le=2**63 - 1, description="Id pegawai")


def _devices(who: Caller) -> QuerySet[Device]:
    agencies = agencies_where(who.user, VIEW, who.now)
    return Device.objects.filter(agency__in=agencies).select_related("agency")


@router.get(
    "/devices",
    **operation(
        "mesin:baca",
        "Daftar mesin",
        "Mesin absensi perangkat daerah yang boleh dilihat pemilik token.",
        answers=Page[DeviceOut],
        refuses=(422,),
        tags=TAGS,
    ),
)
def devices(request: HttpRequest, chosen: Query[DeviceFilter]) -> object:
    rows = _devices(caller(request))
    if chosen.agency:
        rows = rows.filter(agency__code=chosen.agency)
    return page(rows, chosen, _device)


@router.get(
    "/devices/{int:device_id}",
    **operation(
        "mesin:baca",
        "Satu mesin",
        "Keadaan satu mesin.",
        answers=DeviceOut,
        refuses=(404,),
        tags=TAGS,
    ),
)
def device(request: HttpRequest, device_id: int) -> object:
    found = _devices(caller(request)).filter(pk=device_id).first()
    if found is None:
        raise Http404("Mesin ini tidak ada.")
    return _device(found)


@router.get(
    "/punches",
    **operation(
        "mesin:baca",
        "Catatan absen",
        "Catatan absen menaik menurut id: simpan `next`, lain kali lanjutkan dari situ, dan tidak "
        "ada yang terlewat atau terbaca dua kali. Yang baru tiba tampak setelah satu menit.",
        answers=Page[PunchOut],
        refuses=(422,),
        tags=TAGS,
    ),
)
def punches(request: HttpRequest, chosen: Query[PunchFilter]) -> object:
    who = caller(request)
    agencies = agencies_where(who.user, VIEW, who.now).values("pk")
    rows = Punch.objects.filter(Q(device__agency__in=agencies) | Q(employee__agency__in=agencies))
    if chosen.device is not None:
        rows = rows.filter(device=chosen.device)
    if chosen.employee is not None:
        rows = rows.filter(employee=chosen.employee)
    found = list(
        rows.filter(pk__gt=chosen.after)
        .order_by("pk")
        .values(
            *("pk", "employee", "device", "pin", "at", "time_zone", "state", "verify", "channel"),
            *("quarantine", "upload__received_at"),
        )[: chosen.limit + 1]
    )
    settled = _settled(found, who.now - SETTLED_AFTER)
    shown = settled[: chosen.limit]
    return {
        "items": [_punch(row) for row in shown],
        "next": shown[-1]["pk"] if shown else chosen.after,
        "more": len(settled) > len(shown),
    }


def _settled(rows: list[dict[str, Any]], edge: datetime) -> list[dict[str, Any]]:
    """Return the rows before the first that came after this moment."""
    for place, row in enumerate(rows):
        if (row["upload__received_at"] or row["at"]) > edge:
            return rows[:place]
    return rows


def _device(row: Device) -> DeviceOut:
    contact, zone = row.last_contact_at, ZoneInfo(row.agency.time_zone)
    return DeviceOut(
        id=row.pk,
        agency=row.agency.code,
        serial=row.serial,
        name=row.name,
        place=row.place,
        protocol=row.protocol,
        state=row.state,
        time_zone=row.time_zone,
        last_contact_at=contact.astimezone(zone) if contact else None,
        clock_offset=row.clock_offset,
    )


def _punch(row: dict[str, Any]) -> dict[str, Any]:
    told = {key: row[key] for key in ("employee", "device", "pin", "state", "verify", "channel")}
    at = row["at"].astimezone(ZoneInfo(row["time_zone"]))
    return told | {"id": row["pk"], "at": at, "counted": not row["quarantine"]}
