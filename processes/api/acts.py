"""What else pages can do to a task or an instance: hand on, rest, try again, cancel."""

from collections.abc import Callable
from hashlib import sha256
from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Header, Router, Schema

from organization.api.access import caller
from organization.api.operations import operation
from organization.api.words import Key, Line, Words
from organization.models import User
from organization.permissions import users_with_role
from processes import services
from processes.api.instances import get_instance, instance_out
from processes.api.schemas import InstanceOut, TaskLine, task_line
from processes.api.tasks import get_task
from processes.exceptions import InvalidAnswers, NotAllowed
from processes.models import Task
from processes.services.receipts import act_on_version, act_once
from processes.services.tasks import check_hands_on

router = Router()
KEY = "`Idempotency-Key` yang sama dari pemilik yang sama tidak menjalankannya dua kali."
KeyHeader = Annotated[Key, Header(alias="Idempotency-Key")]
REFUSES = (400, 404, 409, 422)


class VersionIn(Schema):
    version: Line = Field(description="`version` tugas saat dibaca")


class PauseIn(VersionIn):
    reason: Words = Field(description="Alasan jeda; dicatat dalam riwayat")


class ReassignIn(VersionIn):
    to: Line = Field(description="Nama akun penerima, pemegang peran tugas ini")
    reason: Words = Field(description="Alasan; dicatat dalam riwayat")


class CancelIn(Schema):
    reason: Words = Field(description="Alasan pembatalan; dicatat dalam riwayat")


class RewindIn(Schema):
    task: int = Field(description="Tugas selesai yang dikerjakan lagi, sesudah keputusan terakhir")
    reason: Words = Field(description="Alasan berkas dimundurkan; dibaca pelaksana, dicatat")


def _on_task(
    request: HttpRequest, task_id: int, body: VersionIn, key: str, act: Callable[[Task], object]
) -> object:
    """Do it to a task that the caller sees and that is as he read it; return how it stands."""
    who = caller(request)
    row = get_task(who, task_id)

    def checked() -> None:
        act_on_version(task_id=task_id, version=body.version, act=lambda: act(row))

    asked = _digest(request, body)
    act_once(
        instance_id=row.instance_id, user=who.user, key=key, request=asked, now=who.now,
        act=checked,
    )  # fmt: skip
    return task_line(get_task(who, task_id))


def _on_instance(
    request: HttpRequest, instance_id: int, body: Schema, key: str, act: Callable[[], object]
) -> object:
    """Do it to a file that the caller sees; return how it stands."""
    who = caller(request)
    get_instance(who, instance_id)
    act_once(
        instance_id=instance_id, user=who.user, key=key, request=_digest(request, body),
        now=who.now, act=act,
    )  # fmt: skip
    return instance_out(get_instance(who, instance_id))


def _digest(request: HttpRequest, body: Schema) -> str:
    return sha256(f"{request.path}\n{body.model_dump_json()}".encode()).hexdigest()


@router.post(
    "/tasks/{int:task_id}/pause",
    **operation(
        "tugas:tulis",
        "Jeda tugas",
        f"Tugas sendiri beristirahat; waktunya tidak dihitung sampai dilanjutkan. {KEY}",
        answers=TaskLine,
        refuses=REFUSES,
        tags=("Tugas",),
    ),
)
def pause_task(
    request: HttpRequest, task_id: int, body: PauseIn, idempotency_key: KeyHeader
) -> object:
    who = caller(request)
    return _on_task(
        request, task_id, body, idempotency_key,
        lambda task: services.pause_task(
            task_id=task.pk, actor_user=who.user, reason=body.reason[:500], now=who.now
        ),
    )  # fmt: skip


@router.post(
    "/tasks/{int:task_id}/resume",
    **operation(
        "tugas:tulis",
        "Lanjutkan tugas",
        f"Mengakhiri jeda tugas sendiri. {KEY}",
        answers=TaskLine,
        refuses=REFUSES,
        tags=("Tugas",),
    ),
)
def resume_task(
    request: HttpRequest, task_id: int, body: VersionIn, idempotency_key: KeyHeader
) -> object:
    who = caller(request)
    return _on_task(
        request, task_id, body, idempotency_key,
        lambda task: services.resume_task(task_id=task.pk, actor_user=who.user, now=who.now),
    )  # fmt: skip


@router.post(
    "/tasks/{int:task_id}/retry",
    **operation(
        "tugas:tulis",
        "Coba lagi tugas sistem",
        f"Sistem mencoba lagi tahap yang gagal. {KEY}",
        answers=TaskLine,
        refuses=REFUSES,
        tags=("Tugas",),
    ),
)
def retry_task(
    request: HttpRequest, task_id: int, body: VersionIn, idempotency_key: KeyHeader
) -> object:
    who = caller(request)
    return _on_task(
        request, task_id, body, idempotency_key,
        lambda task: services.retry_task(task_id=task.pk, actor_user=who.user, now=who.now),
    )  # fmt: skip


@router.post(
    "/tasks/{int:task_id}/reassign",
    **operation(
        "tugas:tulis",
        "Alihkan tugas",
        f"Menawarkan tugas kepada satu pemegang perannya; oleh pemegangnya atau pimpinan. {KEY}",
        answers=TaskLine,
        refuses=REFUSES,
        tags=("Tugas",),
    ),
)
def reassign_task(
    request: HttpRequest, task_id: int, body: ReassignIn, idempotency_key: KeyHeader
) -> object:
    who = caller(request)

    def act(task: Task) -> None:
        check_hands_on(task, who.user, who.now)  # before anything is said about the receiver
        if task.by_name:
            raise NotAllowed("Penerima tugas ini ditetapkan oleh data, bukan dipilih.")
        services.reassign_task(
            task_id=task.pk, actor_user=who.user, to_user=_receiver(task), now=who.now,
            reason=body.reason[:500],
        )  # fmt: skip

    def _receiver(task: Task) -> User:
        people = users_with_role(task.lane, task.agency, who.now).exclude(pk=task.owner_id or 0)
        found = people.filter(username=body.to).first()
        if found is None:
            told = "Akun ini tidak memegang peran tugas ini, atau sudah memegang tugasnya."
            raise InvalidAnswers({"to": told})
        return found

    return _on_task(request, task_id, body, idempotency_key, act)


@router.post(
    "/instances/{int:instance_id}/cancel",
    **operation(
        "proses:tulis",
        "Batalkan berkas",
        f"Menghentikan berkas dengan alasan; riwayatnya tetap. {KEY}",
        answers=InstanceOut,
        refuses=REFUSES,
        tags=("Berkas",),
    ),
)
def cancel_instance(
    request: HttpRequest, instance_id: int, body: CancelIn, idempotency_key: KeyHeader
) -> object:
    who = caller(request)
    return _on_instance(
        request, instance_id, body, idempotency_key,
        lambda: services.cancel_process(
            instance_id=instance_id, actor_user=who.user, reason=body.reason[:500], now=who.now
        ),
    )  # fmt: skip


@router.post(
    "/instances/{int:instance_id}/rewind",
    **operation(
        "proses:tulis",
        "Mundurkan berkas",
        "Menawarkan lagi tahap yang sudah selesai; yang menunggu ditarik, yang sesudahnya diulang. "
        f"Keputusan dan yang sudah terbit tidak dimundurkan. {KEY}",
        answers=InstanceOut,
        refuses=REFUSES,
        tags=("Berkas",),
    ),
)
def rewind_instance(
    request: HttpRequest, instance_id: int, body: RewindIn, idempotency_key: KeyHeader
) -> object:
    who = caller(request)
    return _on_instance(
        request, instance_id, body, idempotency_key,
        lambda: services.rewind(
            instance_id=instance_id, task_id=body.task, actor_user=who.user,
            reason=body.reason[:500], now=who.now,
        ),
    )  # fmt: skip
