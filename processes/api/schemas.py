"""What this room tells programs; every moment carries the offset of its agency's clock."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ninja import Field, Schema

from processes.models import Instance, Task
from processes.starting import begins_on_its_page
from processes.task_versions import version_of
from workflows.definitions import FormField, ProcessDefinition, TaskDefinition


class StandardOut(Schema):
    """Mutu baku of a step."""

    requirements: list[str] = Field(description="Kelengkapan")
    duration_seconds: int | None = Field(description="Waktu baku dalam detik")
    per: str = Field(description="Waktu baku berlaku per …; kosong bila untuk seluruhnya")
    output: list[str] = Field(description="Output")
    note: str = Field(description="Keterangan")


class StepOut(Schema):
    id: str = Field(description="Id BPMN")
    number: int | None = Field(description="Nomor langkah pada lembar SOP")
    name: str
    lane: str = Field(description="Peran pelaksana")
    kind: str = Field(description="user, automatic, timer, message atau call")
    standard: StandardOut


class DefinitionLine(Schema):
    key: str
    version: str
    title: str
    number: str = Field(description="Nomor SOP")
    subject: str = Field(description="Perihal satu berkas: month, day, text, none, …")
    startable: bool = Field(
        description="Dimulai lewat `POST /instances`; bila tidak, oleh kabar atau di halamannya"
    )


class DefinitionOut(DefinitionLine):
    lanes: list[str]
    steps: list[StepOut]


class InstanceLine(Schema):
    id: int
    definition: str
    version: str = Field(description="Versi SOP yang dijalankan berkas ini")
    agency: str = Field(description="Kode perangkat daerah")
    subject: str
    title: str
    status: str = Field(description="running, finished atau cancelled")
    started_at: datetime
    finished_at: datetime | None


class TaskLine(Schema):
    id: int
    instance: int = Field(description="Id berkas")
    title: str = Field(description="Judul berkas")
    definition: str
    agency: str = Field(description="Kode perangkat daerah")
    step: str = Field(description="Id BPMN langkahnya")
    name: str
    lane: str = Field(description="Peran pelaksana")
    kind: str
    status: str = Field(description="ready, claimed, completed, cancelled atau failed")
    visit: int = Field(description="Putaran keberapa")
    row: str = Field(description="Baris yang dikerjakan, bila langkahnya per baris")
    offered_at: datetime
    claimed_at: datetime | None
    due_at: datetime | None
    submitted_at: datetime | None
    outcome: str = Field(description="Keputusan, bila formulirnya memutuskan")
    version: str = Field(description="Keadaan tugas saat dibaca; disertakan saat menyelesaikan")


class InstanceOut(InstanceLine):
    tasks: list[TaskLine] = Field(description="Yang sedang menunggu pada berkas ini")


class OptionOut(Schema):
    value: str
    label: str
    comment_required: bool = Field(description="Pilihan ini memerlukan alasan")


class FieldOut(Schema):
    name: str
    label: str
    type: str = Field(description="text, long_text, integer, date, boolean, choice, choices, …")
    required: bool
    help: str
    options: list[OptionOut]


class TaskOut(TaskLine):
    fields: list[FieldOut] = Field(description="Formulirnya; kosong bila bukan untuk pemilik token")
    note: str = Field(description="Catatan hasil kerja sistem")


class CompletionOut(Schema):
    """The same however often the same request comes."""

    task: int
    instance: int
    status: str
    outcome: str
    submitted_at: datetime


class AttachmentOut(Schema):
    id: int = Field(description="Nilai isian berkas pada `answers`")
    field: str
    name: str
    size: int
    sha256: str


class EventOut(Schema):
    sequence: int
    at: datetime
    verb: str
    subject: str = Field(description="Yang dikenai: ruang.jenis:id")
    actor: str
    acting_as: str
    step: str
    visit: int | None
    outcome: str
    previous_hash: str
    hash: str


def local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone))


def local_or_none(at: datetime | None, zone: str) -> datetime | None:
    return None if at is None else local(at, zone)


def definition_line(definition: ProcessDefinition) -> DefinitionLine:
    return DefinitionLine(**_head(definition))


def definition_out(definition: ProcessDefinition) -> DefinitionOut:
    return DefinitionOut(
        **_head(definition),
        lanes=[lane.name for lane in definition.lanes],
        steps=[_step(task) for task in definition.tasks.values()],
    )


def _head(definition: ProcessDefinition) -> dict[str, Any]:
    return {
        "key": definition.key,
        "version": definition.version,
        "title": definition.head.title,
        "number": definition.head.number,
        "subject": definition.subject.value,
        "startable": begins_on_its_page(definition),
    }


def _step(task: TaskDefinition) -> StepOut:
    standard = task.standard
    duration = standard.duration
    return StepOut(
        id=task.id,
        number=task.number,
        name=task.name,
        lane=task.lane,
        kind=task.kind.value,
        standard=StandardOut(
            requirements=list(standard.requirements),
            duration_seconds=None if duration is None else int(duration.total_seconds()),
            per=standard.per_label,
            output=list(standard.output),
            note=standard.note,
        ),
    )


def instance_line(instance: Instance) -> dict[str, object]:
    zone = instance.agency.time_zone
    return {
        "id": instance.pk,
        "definition": instance.definition_key,
        "version": instance.definition_version,
        "agency": instance.agency.code,
        "subject": instance.subject,
        "title": instance.title,
        "status": instance.status,
        "started_at": local(instance.started_at, zone),
        "finished_at": local_or_none(instance.finished_at, zone),
    }


def task_line(task: Task) -> dict[str, object]:
    """Return a line; the task was read with its instance and agency."""
    zone = task.agency.time_zone
    return {
        "id": task.pk,
        "instance": task.instance_id,
        "title": task.instance.title,
        "definition": task.instance.definition_key,
        "agency": task.agency.code,
        "step": task.step,
        "name": task.name,
        "lane": task.lane,
        "kind": task.kind,
        "status": task.status,
        "visit": task.visit,
        "row": task.row_label,
        "offered_at": local(task.offered_at, zone),
        "claimed_at": local_or_none(task.claimed_at, zone),
        "due_at": local_or_none(task.due_at, zone),
        "submitted_at": local_or_none(task.submitted_at, zone),
        "outcome": task.outcome,
        "version": version_of(task),
    }


def field_out(field: FormField, choices: list[tuple[str, str]]) -> FieldOut:
    asked = {option.value: option.comment_required for option in field.options}
    return FieldOut(
        name=field.name,
        label=field.label,
        type=field.type.value,
        required=field.required,
        help=field.help,
        options=[
            OptionOut(value=value, label=label, comment_required=asked.get(value, False))
            for value, label in choices
        ],
    )
