"""A SOP with every element the house runs, through the services, the audit and a new version."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest
from django.conf import LazySettings

from foundation import ledger, outbox
from foundation.actors import SYSTEM
from processes import services
from processes.audit.measured.refreshing import refresh
from processes.models import Instance, InstanceAudit, Task
from processes.services import migration
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.conftest import SOPS, World
from tests.processes.pages import text_of
from tests.processes.small_sops import do, start, status, task_of, waiting
from workflows import registry, repository
from workflows.registry import Result, Row, StepContext

KEY = "serba_unsur"
LATER = NOW + timedelta(minutes=7)


def fail(context: StepContext) -> Result:
    raise outbox.Refused("Mesin tidak menjawab.")


@pytest.fixture
def folder(tmp_path: Path, settings: LazySettings, world: World) -> Iterator[Path]:
    """The folder of the SOP as it is deployed; it calls a short one beside it."""
    for key in (KEY, "permohonan_singkat"):
        copytree(SOPS / key, tmp_path / key)
    settings.SOP_ROOTS = [tmp_path]
    registry.rows("tests.people")(lambda context: [Row("7", "Joko Tallo"), Row("8", "Maria Tefa")])
    registry.operation("tests.pull")(fail)
    yield tmp_path / KEY
    del registry.rows._functions["tests.people"]
    del registry.operation._functions["tests.pull"]


@pytest.fixture
def instance(folder: Path, cast: Cast) -> Instance:
    return start(cast, KEY)


def until_the_rows(instance: Instance, cast: Cast) -> None:
    do(instance, cast, "minta", kelengkapan="kurang")
    do(instance, cast, "periksa_berkas")
    do(instance, cast, "periksa_isi")


def child_of(instance: Instance) -> Instance:
    return Instance.objects.get(called_by__instance=instance)


def finish_child(instance: Instance, cast: Cast) -> None:
    """Let the short SOP that was called come to its end."""
    child = child_of(instance)
    do(child, cast, "siapkan", isi="baik")
    services.perform_task(task_id=task_of(child, "catat").pk, now=NOW)
    task = task_of(child, "putuskan")
    services.claim_task(task_id=task.pk, actor_user=cast.kadis, now=NOW)
    services.complete_task(
        task_id=task.pk, actor_user=cast.kadis, answers={"keputusan": "ya"}, now=NOW
    )
    services.run_timer(task_id=task_of(child, "tunggu").pk, now=LATER)


def test_it_runs_from_its_start_to_its_end(instance: Instance, cast: Cast) -> None:
    do(instance, cast, "minta", kelengkapan="kurang")
    assert waiting(instance) == ["periksa_isi", "periksa_berkas"]
    do(instance, cast, "periksa_berkas")
    assert waiting(instance) == ["periksa_isi"]
    do(instance, cast, "periksa_isi")
    assert waiting(instance) == ["nilai 7", "nilai 8"]
    for row in ("8", "7"):
        do(instance, cast, "nilai", row=row, skor="80")
    assert waiting(instance) == ["jawab", "batas"]
    services.send_message(
        name="surat_masuk",
        agency_id=cast.agency.pk,
        subject="Cuti Joko",
        payload={},
        key="satu",
        actor=SYSTEM,
        now=LATER,
    )
    outbox.drain()
    assert task_of(instance, "batas").status == "cancelled"
    finish_child(instance, cast)
    outbox.drain()
    assert task_of(instance, "panggil").answers == {"temuan": "baik"}
    assert waiting(instance) == ["tangani"]
    do(instance, cast, "tangani")
    assert status(instance) == Instance.Status.FINISHED
    assert list(ledger.verify()) == []
    assert list(ledger.disagreements()) == []
    refresh(now=LATER)
    assert InstanceAudit.objects.get(instance=instance).conforms


def test_its_pages_say_what_it_waits_for(instance: Instance, cast: Cast) -> None:
    until_the_rows(instance, cast)
    listed = text_of(browser(cast.operator).get("/proses/"))
    assert "Langkah nilai · Operator (2)" in listed
    for row in ("7", "8"):
        do(instance, cast, "nilai", row=row, skor="80")
    shown = text_of(browser(cast.operator).get(f"/proses/{instance.pk}/"))
    assert "Menunggu kabar “surat masuk” tentang perihal ini" in shown
    task = task_of(instance, "jawab")
    page = text_of(browser(cast.operator).get(f"/tugas/{task.pk}/"))
    assert "Tahap berikutnya terbuka sendiri begitu kabarnya tiba." in page
    services.run_timer(task_id=task_of(instance, "batas").pk, now=LATER)
    assert task_of(instance, "jawab").status == "cancelled"
    services.begin_called(task_id=task_of(instance, "panggil").pk, now=LATER)
    child = child_of(instance)
    shown = text_of(browser(cast.operator).get(f"/proses/{instance.pk}/"))
    assert "Menunggu SOP “Permohonan Singkat” selesai" in shown
    assert child.title in shown
    page = text_of(browser(cast.operator).get(f"/tugas/{task_of(instance, 'panggil').pk}/"))
    assert child.title in page
    assert f"dimulai oleh {instance.title}" in text_of(
        browser(cast.operator).get(f"/proses/{child.pk}/")
    )


@pytest.mark.parametrize("done", [0, 1, 2, 3])
def test_it_is_carried_over_wherever_it_stands(
    instance: Instance, folder: Path, cast: Cast, done: int
) -> None:
    """Only a standard is new; a branch at its join and half of the rows stay where they are."""
    acts = [("minta", ""), ("periksa_isi", ""), ("periksa_berkas", ""), ("nilai", "7")]
    for step, row in acts[: done + 1]:
        do(instance, cast, step, row=row, kelengkapan="kurang", skor="80")
    before = waiting(instance)
    sop = folder / "sop.toml"
    sop.write_text(sop.read_text().replace("number = 5", 'number = 5\nstandard = "PT5M"'))
    instance.refresh_from_db()
    new = repository.get(KEY)
    assert migration.preview(instance, new).reasons == ()
    services.carry_over(
        instance_id=instance.pk,
        version=new.version,
        actor_user=cast.kadis,
        reason="SOP diperbarui",
        now=LATER,
    )
    assert waiting(instance) == before
    for step, row in [*acts, ("nilai", "8")][done + 1 :]:
        do(instance, cast, step, row=row, kelengkapan="kurang", skor="80")
    assert waiting(instance) == ["jawab", "batas"]
    assert Task.objects.filter(instance=instance, step="nilai").count() == 2
