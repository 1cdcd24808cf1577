"""What machines sent, as it came, and what was done at their menus."""

from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from devices import services
from devices.adms.codes import TAMPER_OPERATIONS, operation_text
from devices.adms.secrets import holds_templates, without_passwords
from devices.adms.text import decode
from devices.models import OperationRecord, RawUpload
from devices.services.attendance_logs import SHOWN_LINES
from devices.services.storing import open_content
from devices.views.access import MANAGE, may_import, visible_agencies, visible_device
from devices.views.telling import did
from organization.permissions import actor_allowed, agencies_where, may
from processes.views.common import paged

SHOWN_CHARACTERS = 20_000


@require_safe
def upload_list(request: HttpRequest, device_id: int) -> HttpResponse:
    """Everything one machine sent, the newest first."""
    device = visible_device(request, device_id)
    uploads = device.uploads.defer("content").select_related("device__agency")
    return render(
        request, "devices/uploads.html", {"device": device, "page": paged(request, uploads)}
    )


@require_safe
def upload_page(request: HttpRequest, upload_id: int) -> HttpResponse:
    """What became of every line of one body, and the body itself as text."""
    upload = get_object_or_404(
        visible_uploads(request).select_related("device__agency", "received_by"), pk=upload_id
    )
    impossible = upload.punches.exclude(quarantine="").order_by("id")
    unknown = upload.punches.counted().filter(employee=None)
    text = text_of(upload)
    context: dict[str, Any] = {
        "upload": upload,
        "lines": upload.rejected_lines.all()[:SHOWN_LINES],
        "impossible": impossible[:SHOWN_LINES],
        "differing": upload.evidence.count(),
        "unknown_pins": sorted(set(unknown.values_list("pin", flat=True)))[:50],
        "first_day": upload.punches.counted().order_by("local_time").first(),
        "text": text[:SHOWN_CHARACTERS] if text is not None else None,
        "is_cut": text is not None and len(text) > SHOWN_CHARACTERS,
        "may_import": upload.device is not None and may_import(request.user, upload.device.agency),
        "may_reprocess": _may_reprocess(request, upload),
        "may_download": text is not None and may_download(request, upload),
        "zone": upload.device.agency.time_zone if upload.device else "",
    }
    return render(request, "devices/upload.html", context)


@require_safe
def download(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Hand out a body without fingers, as it came but for passwords."""
    upload = get_object_or_404(visible_uploads(request), pk=upload_id)
    if not may_download(request, upload):
        raise PermissionDenied("Penugasan Anda tidak memberi wewenang mengunduh kiriman mesin.")
    if text_of(upload) is None:
        raise PermissionDenied("Kiriman ini memuat sidik jari; isinya tersandi dan tidak diunduh.")
    if upload.size and not upload.content:
        raise Http404("Isi kiriman ini sudah dihapus menurut masa simpannya.")
    return HttpResponse(
        without_passwords(open_content(upload)),
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="{upload.serial}-{upload.pk}.txt"',
        },
    )


@require_POST
def reprocess(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Read a body again with what was learned since it came."""
    uploads = RawUpload.objects.filter(device__agency__in=visible_agencies(request))
    upload = get_object_or_404(uploads.select_related("device__agency"), pk=upload_id)
    if upload.device is None:
        raise Http404
    now = timezone.now()
    actor = actor_allowed(request.user, MANAGE, upload.device.agency, now)
    act = partial(services.reprocess_upload, upload=upload, actor=actor, now=now)
    did(request, act, "Kiriman dibaca ulang; hasilnya tampil di bawah.")
    return redirect("mesin:upload", upload.pk)


def visible_uploads(request: HttpRequest) -> QuerySet[RawUpload]:
    """Return bodies of machines of one's agencies; those of no machine for who registers them."""
    own = Q(device__agency__in=visible_agencies(request))
    if agencies_where(request.user, MANAGE, timezone.now()).exists():
        own |= Q(device=None)
    return RawUpload.objects.filter(own)


def _may_reprocess(request: HttpRequest, upload: RawUpload) -> bool:
    if upload.device is None or upload.channel == RawUpload.Channel.FILE:
        return False
    read = upload.outcome != RawUpload.Outcome.WAITING and bool(upload.content)
    return read and may(request.user, MANAGE, upload.device.agency, timezone.now())


def may_download(request: HttpRequest, upload: RawUpload) -> bool:
    # One of no machine is visible only to those who may register it.
    return upload.device is None or may_import(request.user, upload.device.agency)


def text_of(upload: RawUpload) -> str | None:
    """Return a body as text without passwords; None for one that holds fingers."""
    if upload.coding == RawUpload.Coding.SEALED:
        return None
    content = open_content(upload)
    if holds_templates(upload.table, content):
        return None
    return decode(without_passwords(content))[0]


@require_safe
def operations(request: HttpRequest, device_id: int) -> HttpResponse:
    """What was done at a machine's menu, in words; what an inspector asks for stands out."""
    device = visible_device(request, device_id)
    page = paged(request, device.operations.all())
    context = {"device": device, "page": page, "rows": [operation_row(row) for row in page]}
    return render(request, "devices/operations.html", context)


def operation_row(record: OperationRecord) -> dict[str, Any]:
    return {
        "record": record,
        "text": operation_text(record.code),
        "is_tamper": record.code in TAMPER_OPERATIONS,
    }
