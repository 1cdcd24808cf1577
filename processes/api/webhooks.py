"""Webhooks over the API: listed, added, paused, taken away; as on their page."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.responses import Status

from organization.api.access import caller
from organization.api.operations import operation
from organization.api.pages import Cursor, Page, page, whole
from organization.api.words import Line
from processes.api.schemas import local
from processes.exceptions import NotAllowed
from processes.models import WebhookDelivery, WebhookSubscription
from processes.services import webhooks as services
from processes.views.webhooks import Desk

router = Router()
TAGS = ("Webhook",)


class WebhookIn(Schema):
    agency: str = Field(
        "", max_length=40, description="Kode perangkat daerah; kosong: seluruh instalasi"
    )
    address: str = Field(max_length=300, description="Alamat https yang diberi tahu")
    kinds: list[Line] = Field(
        max_length=50, description="Jenis kejadian: task.created, recap.frozen, …"
    )


class WebhookOut(Schema):
    id: int
    agency: str = Field(description="Kode perangkat daerah; kosong: seluruh instalasi")
    address: str
    kinds: list[str] = Field(description="Jenis kejadian")
    state: str = Field(description="active atau paused")
    pause_reason: str = Field(description="Mengapa dijeda")
    created_at: datetime


class WebhookMade(WebhookOut):
    secret: str = Field(description="Rahasia untuk memeriksa tanda tangan; hanya sekali ini")


class DeliveryOut(Schema):
    id: int
    message: str = Field(description="`webhook-id` pada setiap percobaan")
    kind: str = Field(description="Jenis kejadian")
    state: str = Field(description="waiting, delivered, failed atau dropped")
    tries: int = Field(description="Berapa kali dicoba")
    answer: int | None = Field(description="Kode HTTP jawaban terakhir")
    error: str = Field(description="Mengapa percobaan terakhir gagal")
    created_at: datetime


class RetryOut(Schema):
    count: int = Field(description="Berapa kiriman yang dikirim lagi")


def _told(row: WebhookSubscription) -> dict[str, object]:
    return {
        "id": row.pk,
        "agency": row.agency.code if row.agency else "",
        "address": row.address,
        "kinds": row.kinds,
        "state": row.state,
        "pause_reason": row.pause_reason,
        "created_at": local(row.created_at, row.keeper.time_zone),
    }


def _desk(request: HttpRequest) -> Desk:
    who = caller(request)
    return Desk.of(who.user, who.now)


@router.get(
    "/webhooks",
    **operation(
        "webhook:kelola",
        "Daftar webhook",
        "Webhook yang diurus pemilik token, seluruhnya dalam satu halaman.",
        answers=Page[WebhookOut],
        tags=TAGS,
    ),
)
def webhooks(request: HttpRequest) -> object:
    return whole([_told(row) for row in _desk(request).rows()])


@router.post(
    "/webhooks",
    **operation(
        "webhook:kelola",
        "Tambah webhook",
        "Mendaftarkan alamat yang diberi tahu tentang kejadian. `secret` hanya ada pada jawaban "
        "ini.",
        answers=WebhookMade,
        refuses=(400, 403, 422),
        tags=TAGS,
        status=201,
    ),
)
def add_webhook(request: HttpRequest, body: WebhookIn) -> object:
    desk = _desk(request)
    agency = next((one for one in desk.agencies.values() if one.code == body.agency), None)
    if body.agency and agency is None:
        raise NotAllowed("Webhook perangkat daerah ini tidak diurus pemilik token.")
    row, secret = desk.subscribe(agency, body.address, body.kinds)
    return Status(201, _told(row) | {"secret": secret})


@router.get(
    "/webhooks/{int:webhook_id}/deliveries",
    **operation(
        "webhook:kelola",
        "Kiriman webhook",
        "Kiriman satu webhook dengan keadaan dan jawaban terakhirnya, menaik menurut id.",
        answers=Page[DeliveryOut],
        refuses=(404, 422),
        tags=TAGS,
    ),
)
def webhook_deliveries(request: HttpRequest, webhook_id: int, cursor: Query[Cursor]) -> object:
    rows = _desk(request).get(webhook_id).deliveries.select_related("subscription__keeper")
    return page(rows.defer("body"), cursor, _delivery)


def _delivery(row: WebhookDelivery) -> dict[str, object]:
    return {
        "id": row.pk,
        "message": row.message_id,
        "kind": row.kind,
        "state": row.state,
        "tries": row.tries,
        "answer": row.answer,
        "error": row.error,
        "created_at": local(row.created_at, row.subscription.keeper.time_zone),
    }


@router.post(
    "/webhooks/{int:webhook_id}/test",
    **operation(
        "webhook:kelola",
        "Kirim uji",
        "Mengirim satu pesan `webhook.test` yang tidak menceritakan apa pun.",
        answers=DeliveryOut,
        refuses=(404, 409),
        tags=TAGS,
        status=202,
    ),
)
def test_webhook(request: HttpRequest, webhook_id: int) -> object:
    desk = _desk(request)
    row = desk.get(webhook_id)
    sent = services.send_test(subscription=row, actor=desk.actor(row.agency), now=desk.now)
    return Status(202, _delivery(sent))


@router.post(
    "/webhooks/{int:webhook_id}/retry",
    **operation(
        "webhook:kelola",
        "Kirim ulang yang gagal",
        "Semua kiriman yang gagal dikirim lagi, dengan `webhook-id` yang sama. Jawabannya berapa "
        "banyak.",
        answers=RetryOut,
        refuses=(404, 409),
        tags=TAGS,
        status=202,
    ),
)
def retry_webhook(request: HttpRequest, webhook_id: int) -> object:
    desk = _desk(request)
    row = desk.get(webhook_id)
    count = services.try_again(subscription=row, actor=desk.actor(row.agency), now=desk.now)
    return Status(202, {"count": count})


@router.post(
    "/webhooks/{int:webhook_id}/pause",
    **operation(
        "webhook:kelola",
        "Jeda webhook",
        "Kejadian selama jeda tidak dikirim.",
        answers=WebhookOut,
        refuses=(404, 409),
        tags=TAGS,
    ),
)
def pause_webhook(request: HttpRequest, webhook_id: int) -> object:
    desk = _desk(request)
    row = desk.get(webhook_id)
    services.pause_webhook(
        subscription=row, actor=desk.actor(row.agency), now=desk.now, reason="Dijeda lewat API."
    )
    return _told(row)


@router.post(
    "/webhooks/{int:webhook_id}/resume",
    **operation(
        "webhook:kelola",
        "Lanjutkan webhook",
        "Kejadian mulai sekarang dikirim lagi.",
        answers=WebhookOut,
        refuses=(404, 409),
        tags=TAGS,
    ),
)
def resume_webhook(request: HttpRequest, webhook_id: int) -> object:
    desk = _desk(request)
    row = desk.get(webhook_id)
    services.resume_webhook(subscription=row, actor=desk.actor(row.agency), now=desk.now)
    return _told(row)


@router.post(
    "/webhooks/{int:webhook_id}/remove",
    **operation(
        "webhook:kelola",
        "Hapus webhook",
        "Menghapus webhook beserta rahasianya.",
        answers=None,
        refuses=(404, 409),
        tags=TAGS,
        status=204,
    ),
)
def remove_webhook(request: HttpRequest, webhook_id: int) -> object:
    desk = _desk(request)
    row = desk.get(webhook_id)
    services.remove_webhook(subscription=row, actor=desk.actor(row.agency), now=desk.now)
    return Status(204, None)
