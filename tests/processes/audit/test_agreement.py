"""Any row of a task, answer, file or instance that was changed by hand is found and named."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from foundation import ledger
from organization.models import User
from processes import services
from processes.models import Attachment, Instance, Task
from tests.cast import NOW, Cast
from tests.processes.conftest import World, begin, instance, world

__all__ = ["instance", "world"]

LATER = NOW + timedelta(minutes=7)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def open_task(instance: Instance) -> Task:
    return Task.objects.get(instance=instance, status__in=["ready", "claimed"])


def do(instance: Instance, user: User, **answers: Any) -> Task:
    task = services.claim_task(task_id=open_task(instance).pk, actor_user=user, now=NOW)
    services.complete_task(task_id=task.pk, actor_user=user, answers=answers, now=LATER)
    return task


@pytest.fixture
def finished(instance: Instance, cast: Cast) -> Instance:
    """Claimed and put back, returned once, approved; a timer and the system had their turns."""
    first = open_task(instance)
    services.claim_task(task_id=first.pk, actor_user=cast.operator2, now=NOW)
    services.unclaim_task(task_id=first.pk, actor_user=cast.operator2, now=LATER, reason="rapat")
    for decision in ("ulang", "ya"):
        do(instance, cast.operator, isi=f"mohon cuti {decision}")
        services.perform_task(task_id=open_task(instance).pk, now=LATER)
        do(instance, cast.kadis, keputusan=decision, alasan="Tanggal kurang")
    services.run_timer(task_id=open_task(instance).pk, now=LATER + timedelta(hours=1))
    instance.refresh_from_db()
    return instance


def found() -> list[str]:
    return [fault.reason for fault in ledger.disagreements()]


def first_task(instance: Instance) -> Task:
    return Task.objects.filter(instance=instance).order_by("pk")[0]


def test_what_was_done_through_the_services_agrees_at_every_moment(
    instance: Instance, cast: Cast, world: World
) -> None:
    assert found() == []
    task = services.claim_task(task_id=open_task(instance).pk, actor_user=cast.operator, now=NOW)
    services.pause_task(task_id=task.pk, actor_user=cast.operator, reason="rapat", now=NOW)
    assert found() == []
    services.save_draft(task_id=task.pk, actor_user=cast.operator, draft={"isi": "x"}, now=NOW)
    services.note_opened(task_id=task.pk, actor_user=cast.operator, now=NOW)
    services.reassign_task(
        task_id=task.pk, actor_user=cast.operator, to_user=cast.operator2, reason="cuti", now=LATER
    )
    assert found() == []
    do(instance, cast.operator2, isi="mohon cuti")
    automatic = open_task(instance)
    services.machinery.begin_operation(task_id=automatic.pk, now=LATER)
    services.fail_task(task_id=automatic.pk, error="mesin diam", now=LATER)
    assert found() == []
    other = begin(cast, subject="Cuti Sari")
    services.cancel_process(instance_id=other.pk, actor_user=cast.kadis, reason="salah", now=LATER)
    assert found() == []


def test_a_finished_instance_agrees(finished: Instance) -> None:
    assert finished.status == Instance.Status.FINISHED
    assert found() == []


def test_work_that_is_recorded_later_by_the_clock_of_the_office_agrees(
    instance: Instance, cast: Cast
) -> None:
    task = services.claim_task(task_id=open_task(instance).pk, actor_user=cast.operator, now=NOW)
    done_at = LATER.astimezone(ZoneInfo("Asia/Makassar"))
    services.complete_task(
        task_id=task.pk, actor_user=cast.operator, answers={"isi": "mohon cuti"},
        effective_at=done_at, now=LATER + timedelta(days=1),
    )  # fmt: skip
    assert found() == []


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"status": "cancelled"}, "keadaan"),
        ({"outcome": "ya"}, "keputusan"),
        ({"comment": "lain"}, "alasan"),
        ({"owner_id": None}, "pelaksana"),
        ({"acting_as": "Plh. Kadis"}, "jabatan pelaksana"),
        ({"claimed_at": LATER}, "waktu diambil"),
        ({"submitted_at": NOW + timedelta(seconds=1)}, "waktu selesai"),
        ({"effective_at": NOW}, "waktu berlaku"),
        ({"offered_at": LATER}, "waktu tersedia"),
        ({"reused": True}, "tanda masih berlaku"),
        ({"standard_seconds": 1}, "mutu baku"),
        ({"standard_count": 99}, "jumlah pada mutu baku"),
        ({"form_seconds": 1}, "lama formulir terbuka"),
        ({"earlier": []}, "pengambilan sebelumnya"),
        ({"pauses": [{"from": "x"}]}, "jeda"),
        ({"answers": {"isi": "mohon naik gaji"}}, "jawaban formulir"),
        ({"step": "lain"}, "langkah"),
    ],
)
def test_a_column_of_a_task_changed_by_hand_is_named(
    finished: Instance, changes: dict[str, Any], named: str
) -> None:
    task = first_task(finished)
    Task.objects.filter(pk=task.pk).update(**changes)
    faults = [f for f in ledger.disagreements() if f.reason.startswith(f"Tugas {task.pk} “")]
    (fault,) = faults
    assert fault.stream == finished.stream
    assert named in fault.reason
    assert fault.sequence > 0


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"status": "cancelled"}, "keadaan"),
        ({"finished_at": NOW}, "waktu selesai"),
        ({"started_at": LATER}, "waktu mulai"),
        ({"subject": "Cuti Umbu"}, "perihal"),
        ({"form": {"isi": "lain"}}, "jawaban seluruh berkas"),
    ],
)
def test_a_column_of_an_instance_changed_by_hand_is_named(
    finished: Instance, changes: dict[str, Any], named: str
) -> None:
    Instance.objects.filter(pk=finished.pk).update(**changes)
    assert found() == [f"Berkas: {named} diubah."]


def test_an_open_task_has_no_answer_yet(instance: Instance) -> None:
    Task.objects.filter(instance=instance).update(answers={"isi": "titipan"}, outcome="ya")
    (reason,) = found()
    assert reason.endswith("keputusan, jawaban formulir diubah.")


def test_rows_put_in_or_taken_out_by_hand_are_found(finished: Instance) -> None:
    task = first_task(finished)
    forged = Task.objects.get(pk=task.pk)
    forged.pk, forged.engine_id = None, "lain"
    forged.save()
    assert f"Tugas {forged.pk} “{forged.name}” tidak disebut peristiwa mana pun." in found()
    Task.objects.filter(pk=forged.pk).delete()
    timer = Task.objects.get(instance=finished, kind="timer")
    Task.objects.filter(pk=timer.pk).delete()
    assert f"Tugas {timer.pk} hilang." in found()


def test_an_instance_without_any_event_is_found(instance: Instance) -> None:
    Instance.objects.create(
        definition=instance.definition, agency=instance.agency, title="Titipan", state=b"",
        definition_key=instance.definition_key, started_at=NOW,
    )  # fmt: skip
    assert found() == ["Berkas ini tidak punya peristiwa permulaan."]


def test_a_file_changed_for_another_is_found(instance: Instance, cast: Cast) -> None:
    task = services.claim_task(task_id=open_task(instance).pk, actor_user=cast.operator, now=NOW)
    upload = SimpleUploadedFile("surat.pdf", PDF, "application/pdf")
    kept = services.attach_file(
        task_id=task.pk, actor_user=cast.operator, field="surat", upload=upload, now=NOW
    )
    assert found() == []
    Attachment.objects.filter(pk=kept.pk).update(sha256="0" * 64)
    assert found() == [f"Lampiran {kept.pk}: sidik berkas diubah."]
    Attachment.objects.filter(pk=kept.pk).delete()
    assert found() == [f"Lampiran {kept.pk} hilang."]


def test_a_file_whose_bytes_changed_is_found_and_so_is_a_missing_one(
    instance: Instance, cast: Cast
) -> None:
    task = services.claim_task(task_id=open_task(instance).pk, actor_user=cast.operator, now=NOW)
    upload = SimpleUploadedFile("surat.pdf", PDF, "application/pdf")
    kept = services.attach_file(
        task_id=task.pk, actor_user=cast.operator, field="surat", upload=upload, now=NOW
    )
    stored = Path(kept.file.path)
    stored.write_bytes(PDF + b" ")
    assert found() == [f"Lampiran {kept.pk}: isi berkas diubah."]
    stored.unlink()
    assert found() == [f"Lampiran {kept.pk}: isi berkas diubah."]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"definition_version": "0" * 64}, "versi SOP diubah"),
        ({"start_form": {"isi": "lain"}}, "isi kabar yang memulainya diubah"),
    ],
)
def test_another_version_or_another_beginning_is_found(
    instance: Instance, cast: Cast, changes: dict[str, Any], words: str
) -> None:
    Instance.objects.filter(pk=instance.pk).update(**changes)
    assert any(words in reason for reason in found())


def test_another_row_of_a_task_is_found(instance: Instance) -> None:
    Task.objects.filter(instance=instance).update(row_key="8", row_label="Maria Tefa")
    assert any("baris, nama baris diubah" in reason for reason in found())
