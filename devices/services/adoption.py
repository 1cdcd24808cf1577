"""Bodies that were kept before their rows could be made: adopted, or read again.

A machine that nobody had approved yet was answered and its bodies kept. Once it is in service they
become what they would have become at once, under the moment they came.
"""

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q

from devices.adms.calls import PUNCH_TABLES
from devices.adms.rtlog import read_rtlog
from devices.attlog import read_punches
from devices.exceptions import NotAllowedNow
from devices.models import Device, Punch, RawUpload, RejectedLine
from devices.services.receiving import receive_table
from devices.services.sessions import IN_SERVICE
from devices.services.storing import MachineKey, Telling, open_content, outcome_of, store
from foundation import ledger
from foundation.actors import Actor

COUNTS = ("total", "accepted", "duplicate", "quarantined")


def adopt_uploads(*, device: Device, actor: Actor, now: datetime) -> int:
    """Make the rows of what waits for this machine; return how many bodies that were.

    Body by body, the oldest first, each in a commit of its own: what is cut short goes on later.
    Nothing is done for a machine that is not in service.
    """
    if device.state not in IN_SERVICE:
        return 0
    waiting = RawUpload.objects.filter(serial=device.serial, outcome=RawUpload.Outcome.WAITING)
    done: Counter[str] = Counter()
    for pk in list(waiting.order_by("id").values_list("pk", flat=True)):
        with transaction.atomic():
            upload = _locked(pk)
            if upload is not None and upload.outcome == RawUpload.Outcome.WAITING:
                adopted = _read(upload, device)
                done["uploads"] += 1
                done.update({name: getattr(adopted, name) for name in COUNTS})
    if done:
        ledger.record(
            stream=device.agency,
            actor=actor,
            verb="uploads_adopted",
            subject=device.subject,
            after={"serial": device.serial, **done},
            now=now,
        )
    return done["uploads"]


@transaction.atomic
def reprocess_upload(*, upload: RawUpload, actor: Actor, now: datetime) -> RawUpload:
    """Read a kept body again, with what we have learned since; return it with its new counts.

    Punches that are known stay as they are. Raises NotAllowedNow for a body that waits for its
    machine, or that is a file which a person brought in.
    """
    fresh = _locked(upload.pk)
    if fresh is None or fresh.device is None or fresh.outcome == RawUpload.Outcome.WAITING:
        raise NotAllowedNow("Kiriman ini menunggu persetujuan mesinnya. Setujui mesin itu dulu.")
    if fresh.channel == RawUpload.Channel.FILE:
        raise NotAllowedNow("Kiriman ini berasal dari berkas. Impor berkas itu sekali lagi.")
    if fresh.size and not fresh.content:
        raise NotAllowedNow("Isi kiriman ini sudah dihapus menurut masa simpannya.")
    read = _read(fresh, fresh.device)
    ledger.record(
        stream=fresh.device.agency,
        actor=actor,
        verb="upload_read_again",
        subject=f"devices.rawupload:{read.pk}",
        before={name: getattr(fresh, name) for name in (*COUNTS, "outcome")},
        after={name: getattr(read, name) for name in (*COUNTS, "outcome")},
        now=now,
    )
    return read


def _locked(pk: int) -> RawUpload | None:
    return RawUpload.objects.select_for_update(no_key=True).filter(pk=pk).first()


def _read(upload: RawUpload, device: Device) -> RawUpload:
    """Make the rows of a body; return the upload that they name now."""
    content = open_content(upload)
    # A body with fingers in it is read with care, whatever table it came under.
    if upload.table in PUNCH_TABLES and upload.coding != RawUpload.Coding.SEALED:
        _read_punches(upload, device, content)
        return RawUpload.objects.get(pk=upload.pk)
    if upload.operations.exists():
        return upload
    # Kept anew by whoever keeps such bodies, so that there is one way to do it.
    upload.delete()
    pk = receive_table(
        device=device,
        table=upload.table,
        body=content,
        address=upload.address,
        now=upload.received_at,
    )
    return RawUpload.objects.get(pk=pk)


def _read_punches(upload: RawUpload, device: Device, content: bytes) -> None:
    log = (read_punches if upload.table == "ATTLOG" else read_rtlog)(content)
    RejectedLine.objects.filter(upload=upload).delete()
    store(
        [
            Telling(
                machine=MachineKey.of(device),
                content=content,
                log=log,
                received_at=upload.received_at,
                channel=upload.channel,
                table=upload.table,
                upload_id=upload.pk,
            )
        ]
    )
    told = Punch.objects.filter(upload=upload).aggregate(
        accepted=Count("pk", filter=Q(quarantine="")), all=Count("pk")
    )
    outcome, reason = outcome_of(log)
    kept = told["all"] + RejectedLine.objects.filter(upload=upload).count()
    RawUpload.objects.filter(pk=upload.pk).update(
        device=device,
        layout=log.layout,
        outcome=outcome,
        reason=reason,
        total=log.total,
        accepted=told["accepted"],
        quarantined=kept - told["accepted"],
        duplicate=log.total - kept,
    )
