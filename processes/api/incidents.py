"""Work of the system that failed for good: listed, tried again, given up; as on its page."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.responses import Status

from foundation import incidents as failed
from organization.api.access import caller
from organization.api.operations import operation
from organization.api.pages import Page, whole
from organization.api.words import Words
from processes.exceptions import AlreadyDone, InvalidAnswers
from processes.views.incidents import Desk, Row, found_for

router = Router()
TAGS = ("Insiden",)


class IncidentOut(Schema):
    id: int
    kind: str = Field(description="Jenis pekerjaan")
    label: str = Field(description="Jenis pekerjaan dalam kata-kata")
    about: str = Field(description="Tentang apa")
    agency: str = Field(description="Kode perangkat daerah; kosong: seluruh instalasi")
    error: str = Field(description="Mengapa gagal")
    attempts: int = Field(description="Berapa kali dicoba")
    created_at: datetime


class GiveUpIn(Schema):
    reason: Words = Field(description="Alasan; dicatat dalam riwayat")


@router.get(
    "/incidents",
    **operation(
        "insiden:kelola",
        "Daftar insiden",
        "Pekerjaan sistem yang gagal dan menunggu keputusan pemilik token, seluruhnya dalam satu "
        "halaman, yang terlama lebih dahulu.",
        answers=Page[IncidentOut],
        tags=TAGS,
    ),
)
def incidents(request: HttpRequest) -> object:
    who = caller(request)
    return whole([_told(row) for row in Desk.of(who.user, who.now).rows()])


@router.post(
    "/incidents/{int:incident_id}/retry",
    **operation(
        "insiden:kelola",
        "Coba lagi",
        "Sistem mencoba pekerjaan ini lagi.",
        answers=None,
        refuses=(404, 409),
        tags=TAGS,
        status=204,
    ),
)
def retry_incident(request: HttpRequest, incident_id: int) -> object:
    who = caller(request)
    desk, found = found_for(who.user, incident_id, who.now)
    stream, actor = desk.acting_on(found)
    try:
        failed.retry_incident(job_id=incident_id, stream=stream, actor=actor, now=who.now)
    except (failed.IncidentOver, failed.NotHere) as over:
        raise AlreadyDone(str(over)) from over
    return Status(204, None)


@router.post(
    "/incidents/{int:incident_id}/give-up",
    **operation(
        "insiden:kelola",
        "Hentikan",
        "Pekerjaan ini tidak dicoba lagi; alasannya dicatat bersama nama pemilik token.",
        answers=None,
        refuses=(400, 404, 409, 422),
        tags=TAGS,
        status=204,
    ),
)
def give_up_incident(request: HttpRequest, incident_id: int, body: GiveUpIn) -> object:
    who = caller(request)
    desk, found = found_for(who.user, incident_id, who.now)
    if not body.reason.strip():
        raise InvalidAnswers({"reason": "Tuliskan alasannya."})
    stream, actor = desk.acting_on(found)
    try:
        failed.give_up_incident(
            job_id=incident_id, reason=body.reason, stream=stream, actor=actor, now=who.now
        )
    except (failed.IncidentOver, failed.NotHere) as over:
        raise AlreadyDone(str(over)) from over
    return Status(204, None)


def _told(row: Row) -> IncidentOut:
    job = row.incident.job
    return IncidentOut(
        id=job.pk,
        kind=job.kind,
        label=row.incident.kind.label,
        about=row.incident.about.text,
        agency=row.agency.code if row.agency else "",
        error=row.incident.error,
        attempts=job.attempts,
        created_at=job.created_at,
    )
