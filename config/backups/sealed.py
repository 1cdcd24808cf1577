"""Every value that is kept sealed, opened once: whether the keys at hand are the right ones."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from django.db.models import Model, QuerySet

from attendance.checkins.places import open_place
from attendance.models import CheckIn
from devices.models import Device, FingerprintTemplate, RawUpload
from devices.services.secrets import open_comm_key, open_template
from devices.services.storing import open_content
from foundation.crypto import DecryptionFailed
from organization.models import SecondFactor
from organization.services import key_of
from processes.models import NoticeAddress, WebhookSubscription
from processes.notices.addresses import open_address
from processes.webhooks.sending import open_secret

AT_ONCE = 200
Row = TypeVar("Row", bound=Model)


def sealed_values() -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield each value's row and what opens it; the bytes are looked at by nobody."""
    for finger in _rows(FingerprintTemplate.objects.exclude(sealed=b"")):
        yield f"sidik jari {finger.pk}", partial(open_template, finger)
    for device in _rows(Device.objects.exclude(comm_key_sealed=b"")):
        yield f"kunci komunikasi {device.pk}", partial(open_comm_key, device)
    for upload in _rows(RawUpload.objects.filter(coding=RawUpload.Coding.SEALED)):
        yield f"kiriman {upload.pk}", partial(open_content, upload)
    for webhook in _rows(WebhookSubscription.objects.exclude(sealed_secret=b"")):
        yield f"rahasia webhook {webhook.pk}", partial(open_secret, webhook)
    for factor in _rows(SecondFactor.objects.exclude(sealed_key=b"")):
        yield f"kunci kode masuk {factor.pk}", partial(key_of, factor)
    for address in _rows(NoticeAddress.objects.exclude(sealed_address=b"")):
        yield f"alamat pemberitahuan {address.pk}", partial(open_address, address)
    for press in _rows(CheckIn.objects.exclude(sealed_place=b"")):
        yield f"lokasi presensi {press.pk}", partial(_open_place, press)


def _rows(rows: QuerySet[Row]) -> Iterator[Row]:
    return rows.order_by("pk").iterator(chunk_size=AT_ONCE)


def _open_place(press: CheckIn) -> object:
    # A page shows no place where none opens; here that is a fault.
    if (place := open_place(press)) is None:
        raise DecryptionFailed(f"lokasi presensi {press.pk}")
    return place
