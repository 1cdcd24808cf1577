"""Bodies that waited for their machine become punches once; a kept body opens where it lies."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from devices import services
from devices.exceptions import NotAllowedNow
from devices.models import Device, OperationRecord, Punch, RawUpload, RejectedLine
from devices.punches import punches_of
from devices.services.storing import PLAIN_BYTES, keep_waiting, open_content
from foundation.actors import SYSTEM
from foundation.crypto import DecryptionFailed
from foundation.ledger import verify
from foundation.models import Event, OutboxJob
from foundation.outbox import drain
from tests.cast import NOW, Cast
from tests.devices.make import make_device

SERIAL = "TUNGGU0001"
CAME = NOW - timedelta(days=3)
BODY = b"9001\t2026-04-01 07:20:31\t0\t1\t\t0\t0\t\r\n9001\t2026-04-01 16:02:00\t1\t1\r\nrusak\r\n"
COUNTS = ("total", "accepted", "duplicate", "quarantined")


def wait(content: bytes = BODY, table: str = "ATTLOG") -> RawUpload:
    pk = keep_waiting(
        serial=SERIAL, table=table, content=content, address="10.0.0.9", received_at=CAME
    )
    return RawUpload.objects.get(pk=pk)


def counts(upload: RawUpload) -> tuple[int, ...]:
    upload.refresh_from_db()
    return tuple(getattr(upload, name) for name in COUNTS)


def test_what_waited_becomes_punches_when_the_machine_is_approved(cast: Cast) -> None:
    first, again = wait(), wait()
    assert (first.outcome, first.device, counts(first)) == ("waiting", None, (3, 0, 0, 0))
    device = make_device(cast.agency, SERIAL, protocol="push", state=Device.State.REGISTERED)
    drain()
    assert not Punch.objects.exists()
    services.approve_device(device=device, actor=SYSTEM, now=timezone.now())
    drain()
    assert (counts(first), counts(again)) == ((3, 2, 0, 1), (3, 0, 3, 0))
    assert (first.outcome, first.device, first.layout) == ("read", device, "adms")
    assert set(Punch.objects.values_list("upload", "device")) == {(first.pk, device.pk)}
    assert first.received_at == CAME
    event = Event.objects.get(verb="uploads_adopted")
    assert (event.after["uploads"], event.after["accepted"]) == (2, 2)
    assert not list(verify())


def test_a_body_on_its_way_during_the_approval_is_adopted_a_minute_later(cast: Cast) -> None:
    device = make_device(cast.agency, SERIAL, protocol="push", state=Device.State.REGISTERED)
    services.approve_device(device=device, actor=SYSTEM, now=timezone.now())
    drain()
    wait()
    later = OutboxJob.objects.filter(kind="devices.adopt", state=OutboxJob.State.WAITING)
    later.update(run_after=timezone.now())
    drain()
    assert Punch.objects.filter(device=device).count() == 2


def test_adopting_again_changes_nothing(cast: Cast) -> None:
    upload = wait()
    device = make_device(cast.agency, SERIAL, protocol="push")
    assert services.adopt_uploads(device=device, actor=SYSTEM, now=NOW) == 1
    assert services.adopt_uploads(device=device, actor=SYSTEM, now=NOW) == 0
    assert counts(upload) == (3, 2, 0, 1)


@pytest.mark.parametrize("state", ["registered", "suspended", "retired"])
def test_nothing_is_adopted_for_a_machine_out_of_service(cast: Cast, state: str) -> None:
    upload = wait()
    device = make_device(cast.agency, SERIAL, protocol="push", state=Device.State.REGISTERED)
    Device.objects.filter(pk=device.pk).update(state=state)
    device.refresh_from_db()
    assert services.adopt_uploads(device=device, actor=SYSTEM, now=NOW) == 0
    assert counts(upload) == (3, 0, 0, 0)


def test_what_is_no_punch_is_adopted_by_whoever_reads_it(cast: Cast) -> None:
    wait(b"OPLOG 4\t0\t2026-04-01 07:20:31\t0\t0\t0\t0\n", table="OPERLOG")
    device = make_device(cast.agency, SERIAL, protocol="push")
    assert services.adopt_uploads(device=device, actor=SYSTEM, now=NOW) == 1
    record = OperationRecord.objects.get()
    assert (record.code, record.device) == (4, device)
    upload = RawUpload.objects.get()
    assert (upload.outcome, upload.received_at, upload.device) == ("read", CAME, device)


def test_reading_again_after_a_parser_got_better_mends_counts_once(cast: Cast) -> None:
    upload = wait()
    device = make_device(cast.agency, SERIAL, protocol="push")
    services.adopt_uploads(device=device, actor=SYSTEM, now=NOW)
    # As an older parser had left it: a line that it could not read.
    Punch.objects.filter(local_time="2026-04-01 16:02:00").delete()
    line = RejectedLine.objects.get()
    RejectedLine.objects.create(
        device=device, upload=upload, number=2, raw="lama", sha256="0" * 64, reason=line.reason
    )
    RawUpload.objects.filter(pk=upload.pk).update(accepted=1, quarantined=2)
    for _ in range(2):
        read = services.reprocess_upload(upload=upload, actor=SYSTEM, now=NOW)
        assert counts(read) == (3, 2, 0, 1)
    assert Punch.objects.count() == 2
    assert [row.raw for row in RejectedLine.objects.all()] == ["rusak"]
    assert Event.objects.filter(verb="upload_read_again").count() == 2


def test_what_waits_and_what_is_a_file_is_not_read_again(cast: Cast) -> None:
    with pytest.raises(NotAllowedNow, match="Setujui mesin"):
        services.reprocess_upload(upload=wait(), actor=SYSTEM, now=NOW)
    device = make_device(cast.agency, "BERKAS0001", protocol="push")
    report = services.import_attlog(
        device=device, content=BODY, filename="adms.txt", actor=SYSTEM, now=NOW
    )
    upload = RawUpload.objects.get(pk=report.upload_id)
    with pytest.raises(NotAllowedNow, match="Impor berkas"):
        services.reprocess_upload(upload=upload, actor=SYSTEM, now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("size", [0, 10, PLAIN_BYTES - 1, PLAIN_BYTES, 5000])
def test_a_body_is_kept_whole_and_small(size: int) -> None:
    upload = wait(b"x" * size)
    assert open_content(upload) == b"x" * size
    assert len(upload.content) <= max(size, 40)
    assert upload.size == size


@pytest.mark.django_db
def test_a_body_with_fingers_opens_only_under_its_serial() -> None:
    content = b"FP PIN=1\tFID=6\tSize=4\tValid=1\tTMP=QUJD\n"
    pk = keep_waiting(
        serial=SERIAL, table="OPERLOG", content=content, address=None, received_at=CAME,
        holds_templates=True,
    )  # fmt: skip
    upload = RawUpload.objects.get(pk=pk)
    assert b"QUJD" not in bytes(upload.content)
    assert open_content(upload) == content
    upload.serial = "LAIN"
    with pytest.raises(DecryptionFailed):
        open_content(upload)


def test_a_punch_that_no_machine_told_counts_with_its_source(cast: Cast) -> None:
    employee = cast.operator.employee
    assert employee is not None
    Punch.objects.create(
        source_key="presensi:1", pin="", local_time="2026-04-01 07:20:31",
        time_zone="Asia/Makassar",
        at=datetime(2026, 3, 31, 23, 20, 31, tzinfo=UTC), channel=Punch.Channel.CHECK_IN,
        employee=employee,
    )  # fmt: skip
    (row,) = punches_of(cast.agency.pk, date(2026, 4, 1), date(2026, 4, 1))[employee.pk]
    assert (row.source, row.device_name) == ("presensi sendiri", "")
