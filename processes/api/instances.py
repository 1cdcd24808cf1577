"""What is running: listed, read, begun; its events."""

from datetime import datetime
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Field, Header, Query, Router, Schema
from ninja.responses import Status

from foundation.models import Event
from organization.api.access import Caller, caller
from organization.api.operations import operation
from organization.api.pages import Cursor, Page, page
from organization.api.problems import ApiProblem
from organization.api.words import Key, Line
from processes import queries, services
from processes.api.schemas import (
    EventOut,
    InstanceLine,
    InstanceOut,
    instance_line,
    local,
    task_line,
)
from processes.exceptions import InvalidAnswers, NotAllowed
from processes.models import Instance
from processes.services.locking import open_tasks
from processes.starting import agencies_to_start
from processes.views.start import StartForm, startable_here
from workflows import repository
from workflows.definitions import ProcessDefinition

router = Router()
TAGS = ("Berkas",)


class InstanceFilter(Cursor):
    definition: str = Field("", max_length=80, description="Kunci SOP")
    agency: str = Field("", max_length=40, description="Kode perangkat daerah")
    status: Literal["", "running", "finished", "cancelled"] = Field("", description="Keadaan")


class StartIn(Schema):
    definition: str = Field(max_length=80, description="Kunci SOP")
    agency: str = Field(max_length=40, description="Kode perangkat daerah")
    subject: Line = Field("", description="Perihal: bulan 2026-04, tanggal 2026-04-30, atau teks")


def visible(who: Caller) -> QuerySet[Instance]:
    return queries.visible_instances(who.user, who.now).select_related("agency").defer("state")


def get_instance(who: Caller, instance_id: int) -> Instance:
    found = visible(who).filter(pk=instance_id).first()
    if found is None:
        raise Http404("Berkas ini tidak ada atau bukan untuk pemilik token.")
    return found


def instance_out(instance: Instance) -> dict[str, object]:
    waiting = open_tasks(instance).select_related("instance", "agency").order_by("id")
    return instance_line(instance) | {"tasks": [task_line(task) for task in waiting]}


@router.get(
    "/instances",
    **operation(
        "proses:baca",
        "Daftar berkas",
        "Berkas yang boleh dilihat pemilik token, menaik menurut id.",
        answers=Page[InstanceLine],
        refuses=(422,),
        tags=TAGS,
    ),
)
def instances(request: HttpRequest, chosen: Query[InstanceFilter]) -> object:
    rows = visible(caller(request)).defer("state", "form")
    if chosen.definition:
        rows = rows.filter(definition_key=chosen.definition)
    if chosen.agency:
        rows = rows.filter(agency__code=chosen.agency)
    if chosen.status:
        rows = rows.filter(status=chosen.status)
    return page(rows, chosen, instance_line)


@router.post(
    "/instances",
    **operation(
        "proses:tulis",
        "Mulai berkas",
        "Memulai satu SOP untuk satu perihal. `Idempotency-Key` yang sama dari pemilik yang sama "
        "dijawab dengan berkas yang sama. SOP yang tidak `startable` dijawab 409.",
        answers=InstanceOut,
        refuses=(400, 404, 409, 422),
        tags=TAGS,
        status=201,
    ),
)
def start_instance(
    request: HttpRequest,
    body: StartIn,
    idempotency_key: Annotated[Key | None, Header(alias="Idempotency-Key")] = None,
) -> object:
    who = caller(request)
    definition = _begun_like_this(body.definition)
    agencies = agencies_to_start(who.user, definition, who.now)
    agency = agencies.filter(code=body.agency).first()
    if agency is None:
        raise NotAllowed("Penugasan pemilik token tidak memberi wewenang memulai SOP ini di sana.")
    given = {"agency": agency.pk, "subject": body.subject}
    form = StartForm(definition.subject, agencies, who.now, given)
    if not form.is_valid():
        raise InvalidAnswers({name: " ".join(map(str, said)) for name, said in form.errors.items()})
    instance = services.start_process(
        definition_key=definition.key,
        agency=agency,
        subject=form.subject,
        actor_user=who.user,
        now=who.now,
        idempotency_key=idempotency_key or "",
    )
    if not _is_asked_for(instance, definition, agency.pk, form.subject):
        raise ApiProblem(409, "Idempotency-Key ini sudah dipakai untuk memulai berkas lain.")
    return Status(201, instance_out(get_instance(who, instance.pk)))


def _begun_like_this(key: str) -> ProcessDefinition:
    """Return a SOP that is begun by such a request; of another that is there, say how it begins."""
    known = any(definition.key == key for definition in repository.all())
    try:
        return startable_here(key)
    except Http404 as error:
        if known:
            raise ApiProblem(409, str(error)) from error
        raise


def _is_asked_for(
    instance: Instance, definition: ProcessDefinition, agency_id: int, subject: str
) -> bool:
    begun = (instance.definition_key, instance.agency_id, instance.subject)
    return begun == (definition.key, agency_id, subject.strip())


@router.get(
    "/instances/{int:instance_id}",
    **operation(
        "proses:baca",
        "Satu berkas",
        "Satu berkas dan yang sedang ditunggunya.",
        answers=InstanceOut,
        refuses=(404,),
        tags=TAGS,
    ),
)
def instance(request: HttpRequest, instance_id: int) -> object:
    return instance_out(get_instance(caller(request), instance_id))


@router.get(
    "/instances/{int:instance_id}/events",
    **operation(
        "proses:baca",
        "Riwayat berkas",
        "Kejadian satu berkas menurut urutannya; `after` adalah `sequence` terakhir yang sudah "
        "dibaca. `hash` merantai setiap kejadian pada yang sebelumnya.",
        answers=Page[EventOut],
        refuses=(404, 422),
        tags=TAGS,
    ),
)
def instance_events(request: HttpRequest, instance_id: int, cursor: Query[Cursor]) -> object:
    row = get_instance(caller(request), instance_id)
    rows = Event.objects.filter(stream=row.stream, sequence__gt=cursor.after)
    found = list(rows.order_by("sequence")[: cursor.limit + 1])
    shown = found[: cursor.limit]
    return {
        "items": [_event(event, row.agency.time_zone) for event in shown],
        "next": shown[-1].sequence if shown else cursor.after,
        "more": len(found) > len(shown),
    }


def _event(event: Event, zone: str) -> dict[str, object]:
    at: datetime = local(event.at, zone)
    return {
        "sequence": event.sequence,
        "at": at,
        "verb": event.verb,
        "subject": event.subject,
        "actor": event.actor_name,
        "acting_as": event.acting_as,
        "step": event.after.get("step", ""),
        "visit": event.after.get("visit"),
        "outcome": event.after.get("outcome", ""),
        "previous_hash": event.previous_hash,
        "hash": event.hash,
    }
