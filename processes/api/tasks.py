"""A person's tasks: listed, read, claimed, put back, completed."""

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Field, File, Form, Header, Query, Router, Schema
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import AwareDatetime

from foundation.uploads import UploadRefused
from organization.api.access import Caller, caller
from organization.api.operations import operation
from organization.api.pages import Cursor, Page, page
from organization.api.words import Key, Line, Words
from organization.permissions import actor_for
from processes import queries, services
from processes.access import is_mine, may_work
from processes.api.schemas import (
    AttachmentOut,
    CompletionOut,
    TaskLine,
    TaskOut,
    field_out,
    local_or_none,
    task_line,
)
from processes.context import step_context
from processes.definitions import definition_of
from processes.exceptions import InvalidAnswers, NotAllowed
from processes.models import Attachment, Task
from processes.services.locking import overtaken
from workflows.definitions import FieldType, TaskKind
from workflows.forms import choices_of

router = Router()
TAGS = ("Tugas",)

Answer = Words | bool | int | list[Words | int] | None


class TaskFilter(Cursor):
    box: Literal["inbox", "queue", "archive"] = Field(
        "inbox", description="inbox: tugas sendiri; queue: dapat diambil; archive: sudah selesai"
    )
    definition: str = Field("", max_length=80, description="Kunci SOP")
    instance: int | None = Field(None, ge=1, le=2**63 - 1, description="Id berkas")


class UnclaimIn(Schema):
    reason: Line = Field("", description="Alasan mengembalikan")


class CompleteIn(Schema):
    answers: dict[Line, Answer] = Field({}, description="Jawaban per nama isian")
    version: Line = Field(description="`version` tugas saat dibaca")
    effective_at: AwareDatetime | None = Field(
        None, description="Kapan dikerjakan, bila baru dicatat sekarang"
    )


def get_task(who: Caller, task_id: int) -> Task:
    """Return a task of an instance that the caller may see; else `TaskNotFound`."""
    return queries.get_visible_task(who.user, task_id, who.now)


def task_out(who: Caller, task: Task) -> dict[str, object]:
    """Return the task, with its form for who works on it or may."""
    fields = []
    is_open = task.kind == TaskKind.USER and task.status in ("ready", "claimed")
    if is_open and (is_mine(who.user, task) or may_work(who.user, task, who.now)):
        definition = definition_of(task.instance)
        actor = actor_for(who.user, None, task.agency, who.now)
        context = step_context(task, definition, actor=actor, now=who.now)
        fields = [
            field_out(field, list(choices_of(field, context)))
            for field in definition.tasks[task.step].form.fields
        ]
    return task_line(task) | {"fields": fields, "note": task.note}


@router.get(
    "/tasks",
    **operation(
        "tugas:baca",
        "Daftar tugas",
        "Tugas pemilik token: kotak masuk, antrean perannya, atau arsipnya.",
        answers=Page[TaskLine],
        refuses=(422,),
        tags=TAGS,
    ),
)
def tasks(request: HttpRequest, chosen: Query[TaskFilter]) -> object:
    rows = _box(caller(request), chosen.box).select_related("instance", "agency")
    rows = rows.defer("instance__state", "instance__form", "draft", "answers")
    if chosen.definition:
        rows = rows.filter(instance__definition_key=chosen.definition)
    if chosen.instance is not None:
        rows = rows.filter(instance=chosen.instance)
    return page(rows, chosen, task_line)


def _box(who: Caller, box: str) -> QuerySet[Task]:
    if box == "archive":
        return Task.objects.filter(pk__in=queries.archive(who.user).order_by().values("pk"))
    if box == "inbox":
        parts = queries.inbox_parts(who.user)
    else:
        parts = queries.queue_parts(queries.lanes_of(who.user, who.now))
    return reduce(or_, parts, Task.objects.none())


@router.get(
    "/tasks/{int:task_id}",
    **operation(
        "tugas:baca",
        "Satu tugas",
        "Satu tugas; dengan isian formulirnya bila pemilik token boleh mengerjakannya.",
        answers=TaskOut,
        refuses=(404,),
        tags=TAGS,
    ),
)
def task(request: HttpRequest, task_id: int) -> object:
    who = caller(request)
    return task_out(who, get_task(who, task_id))


@router.post(
    "/tasks/{int:task_id}/claim",
    **operation(
        "tugas:tulis",
        "Ambil tugas",
        "Mulai mengerjakan: waktu penanganan berjalan. Mengambil tugas sendiri lagi tidak mengubah "
        "apa pun.",
        answers=TaskOut,
        refuses=(404, 409),
        tags=TAGS,
    ),
)
def claim_task(request: HttpRequest, task_id: int) -> object:
    who = caller(request)
    get_task(who, task_id)
    services.claim_task(task_id=task_id, actor_user=who.user, now=who.now)
    return task_out(who, get_task(who, task_id))


@router.post(
    "/tasks/{int:task_id}/unclaim",
    **operation(
        "tugas:tulis",
        "Kembalikan tugas ke antrean",
        "Tugas kembali ditawarkan kepada perannya.",
        answers=TaskOut,
        refuses=(400, 404, 409, 422),
        tags=TAGS,
    ),
)
def unclaim_task(request: HttpRequest, task_id: int, body: UnclaimIn) -> object:
    who = caller(request)
    get_task(who, task_id)
    services.unclaim_task(
        task_id=task_id, actor_user=who.user, now=who.now, reason=body.reason.strip()
    )
    return task_out(who, get_task(who, task_id))


@router.post(
    "/tasks/{int:task_id}/files",
    **operation(
        "tugas:tulis",
        "Unggah berkas isian",
        "PDF, JPEG atau PNG untuk satu isian berkas dari tugas sendiri. `id` jawabannya menjadi "
        "nilai isian itu saat menyelesaikan.",
        answers=AttachmentOut,
        refuses=(400, 404, 409, 422),
        tags=TAGS,
        status=201,
    ),
)
def attach_file(
    request: HttpRequest, task_id: int, field: Form[Line], file: File[UploadedFile]
) -> object:
    who = caller(request)
    row = _own_task(who, task_id)
    fields = definition_of(row.instance).tasks[row.step].form.fields
    if field not in [each.name for each in fields if each.type is FieldType.FILE]:
        raise InvalidAnswers({"field": "Tugas ini tidak memiliki isian berkas bernama itu."})
    try:
        kept = services.attach_file(
            task_id=task_id, actor_user=who.user, field=field, upload=file, now=who.now
        )
    except UploadRefused as error:
        raise InvalidAnswers({"file": str(error)}) from error
    told = {
        "id": kept.pk,
        "field": kept.field,
        "name": kept.original_name,
        "size": kept.size,
        "sha256": kept.sha256,
    }
    return Status(201, told)


@router.post(
    "/tasks/{int:task_id}/complete",
    **operation(
        "tugas:tulis",
        "Selesaikan tugas",
        "Mengirim jawaban tugas yang sudah diambil; proses berlanjut ke langkah berikutnya. "
        "`Idempotency-Key` yang sama dari pemilik yang sama dijawab seperti pertama kali, tanpa "
        "kejadian kedua. Bila tugas berubah sejak dibaca (`version`), jawabannya 409.",
        answers=CompletionOut,
        refuses=(400, 404, 409, 422),
        tags=TAGS,
    ),
)
def complete_task(
    request: HttpRequest,
    task_id: int,
    body: CompleteIn,
    idempotency_key: Annotated[Key, Header(alias="Idempotency-Key")],
) -> object:
    who = caller(request)
    row = get_task(who, task_id)
    services.complete_task(
        task_id=task_id,
        actor_user=who.user,
        answers=_with_own_files(row, body.answers),
        now=who.now,
        idempotency_key=idempotency_key,
        effective_at=body.effective_at,
        version=body.version,
    )
    done = get_task(who, task_id)
    at: datetime | None = local_or_none(done.submitted_at, done.agency.time_zone)
    return {
        "task": done.pk,
        "instance": done.instance_id,
        "status": done.status,
        "outcome": done.outcome,
        "submitted_at": at,
    }


def _own_task(who: Caller, task_id: int) -> Task:
    """Return a task that the caller works on; else say why he does not."""
    row = get_task(who, task_id)
    if is_mine(who.user, row):
        return row
    if may_work(who.user, row, who.now):
        raise overtaken(task_id)
    raise NotAllowed("Tugas ini bukan untuk pemilik token.")


def _with_own_files(task: Task, answers: dict[str, Answer]) -> dict[str, Answer]:
    """Return the answers; refuse a file that was not uploaded for this field of this instance."""
    wrong = {}
    for field in definition_of(task.instance).tasks[task.step].form.fields:
        value = answers.get(field.name)
        if field.type is not FieldType.FILE or value is None:
            continue
        files = Attachment.objects.filter(instance=task.instance_id, field=field.name)
        if isinstance(value, bool) or not isinstance(value, int):
            wrong[field.name] = "Isi dengan id berkas yang sudah diunggah untuk isian ini."
        elif not files.filter(pk=value).exists():
            wrong[field.name] = "Berkas ini tidak diunggah untuk isian ini."
    if wrong:
        raise InvalidAnswers(wrong)
    return answers
