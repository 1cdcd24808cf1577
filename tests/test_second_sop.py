"""A SOP that no code knows runs from its files alone: inbox, timing table and Word.

It differs from the first one in all that code could have grown used to: two branches at once, other
lanes, a subject that is no month, a rejection instead of a return.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from documents.models import Document
from foundation import ledger
from organization.models import User
from processes import quality, queries, services
from processes.exceptions import GuardRefused, NotAllowed
from processes.models import Instance, Task
from tests.cast import NOW, Cast, appoint
from tests.documents.words import text_of
from workflows.definitions import TaskKind

SOPS = Path(__file__).parent / "sops"
ASKED: dict[str, Any] = {
    "nama_pemohon": "Karang Taruna Kelapa Lima",
    "nama_acara": "Lomba pidato",
    "tanggal_pakai": "2026-04-28",
    "jumlah_peserta": 120,
}
CHECKED: dict[str, Any] = {"perlengkapan_diperiksa": ["suara", "proyektor"]}


@dataclass
class Office:
    """The people of the second SOP at work, with a clock that moves on by itself."""

    cast: Cast
    now: datetime

    def start(self, subject: str) -> Instance:
        return services.start_process(
            definition_key="peminjaman_aula",
            agency=self.cast.agency,
            subject=subject,
            actor_user=self.cast.kadis,
            now=self.now,
        )

    def queue(self, user: User, instance: Instance) -> list[str]:
        tasks = queries.queue(user, self.now).filter(instance=instance)
        return [task.step for task in tasks]

    def do(self, user: User, instance: Instance, minutes: int = 4, **answers: Any) -> None:
        """Take the one task that waits for this person, work on it and send it in."""
        task = queries.queue(user, self.now).get(instance=instance)
        services.claim_task(task_id=task.pk, actor_user=user, now=self.now)
        assert list(queries.inbox(user).filter(instance=instance)) == [task]
        self.now += timedelta(minutes=minutes)
        services.complete_task(task_id=task.pk, actor_user=user, answers=answers, now=self.now)
        self.system(instance)

    def system(self, instance: Instance) -> None:
        waiting = Task.objects.filter(instance=instance, status=Task.Status.READY)
        for task in waiting.filter(kind=TaskKind.AUTOMATIC):
            services.perform_task(task_id=task.pk, now=self.now)


@pytest.fixture
def office(cast: Cast, settings: LazySettings) -> Office:
    settings.SOP_ROOTS = [SOPS]
    for user, role in (
        (cast.admin, "Resepsionis"),
        (cast.operator, "Pengurus Aula"),
        (cast.operator2, "Teknisi Suara"),
        (cast.superior, "Penyelia Aula"),
    ):
        appoint(user, role, cast.agency)
    return Office(cast, NOW)


def until_decision(office: Office, subject: str) -> Instance:
    instance = office.start(subject)
    office.do(office.cast.admin, instance, **ASKED)
    office.do(office.cast.operator2, instance, **CHECKED)
    office.do(office.cast.operator, instance, keadaan_jadwal="kosong")
    return instance


def texts(instance: Instance) -> dict[str, str]:
    """Return what stands in the Word files of an instance, by their kind."""
    written = Document.objects.filter(instance=instance)
    return {d.kind: "\n".join(text_of(d.file.read())) for d in written}


def test_two_branches_wait_in_two_queues_and_both_must_be_done(office: Office) -> None:
    cast, instance = office.cast, office.start("Lomba pidato")
    office.do(cast.admin, instance, **ASKED)
    assert office.queue(cast.operator, instance) == ["periksa_jadwal"]
    assert office.queue(cast.operator2, instance) == ["periksa_perlengkapan"]
    assert office.queue(cast.superior, instance) == []
    office.do(cast.operator2, instance, **CHECKED)
    assert office.queue(cast.superior, instance) == []
    office.do(cast.operator, instance, keadaan_jadwal="kosong")
    assert office.queue(cast.superior, instance) == ["putuskan_permohonan"]


def test_it_runs_to_its_end_with_a_word_file_of_its_own_template(office: Office) -> None:
    cast, instance = office.cast, until_decision(office, "Lomba pidato")
    office.do(cast.superior, instance, putusan="izinkan")
    office.do(cast.operator, instance, kunci_diserahkan=True)
    instance.refresh_from_db()
    assert instance.status == Instance.Status.FINISHED
    letter = texts(instance)["surat_izin_aula"]
    assert "Atas permohonan Karang Taruna Kelapa Lima" in letter
    assert "28 April 2026 (120 peserta), diputuskan: Izinkan." in letter
    assert "Maria Tefa" in letter
    assert "1. Mencatat permohonan peminjaman aula" in letter
    assert list(ledger.verify()) == []


def test_a_rejection_ends_it_elsewhere_and_must_be_explained(office: Office) -> None:
    cast, instance = office.cast, until_decision(office, "Lomba pidato")
    office.do(
        cast.superior, instance, putusan="tolak_permohonan", alasan_putusan="Aula diperbaiki."
    )
    instance.refresh_from_db()
    assert instance.status == Instance.Status.FINISHED
    assert set(texts(instance)) == {"surat_penolakan_aula"}
    assert "Alasan: Aula diperbaiki." in texts(instance)["surat_penolakan_aula"]
    assert not instance.tasks.filter(step="serahkan_aula").exists()


def test_two_run_in_the_same_month_without_touching_each_other(office: Office) -> None:
    cast = office.cast
    one, other = until_decision(office, "Lomba pidato"), until_decision(office, "Rapat kerja")
    office.do(cast.superior, one, putusan="izinkan")
    assert office.queue(cast.operator, one) == ["serahkan_aula"]
    assert office.queue(cast.operator, other) == []
    assert office.queue(cast.superior, other) == ["putuskan_permohonan"]


def test_the_timing_table_tells_each_step_of_both_branches_against_its_norm(
    office: Office,
) -> None:
    cast, instance = office.cast, office.start("Lomba pidato")
    office.do(cast.admin, instance, minutes=9, **ASKED)
    office.do(cast.operator2, instance, minutes=12, **CHECKED)
    office.do(cast.operator, instance, minutes=3, keadaan_jadwal="kosong")
    rows = quality.rows(instance, office.now)
    assert [(row.step_number, row.lane, row.verdict) for row in rows] == [
        (1, "Resepsionis", "over"),
        (2, "Pengurus Aula", "within"),
        (3, "Teknisi Suara", "within"),
        (4, "Penyelia Aula", "open"),
    ]
    worked = [row.handling for row in rows[:3]]
    assert worked == [timedelta(minutes=9), timedelta(minutes=3), timedelta(minutes=12)]
    # While one branch was worked on, the other waited.
    assert rows[1].waiting == timedelta(minutes=12)


@pytest.mark.fault("F53")
def test_whoever_recorded_the_request_may_not_decide_on_it(office: Office) -> None:
    cast = office.cast
    appoint(cast.admin, "Penyelia Aula", cast.agency)
    instance = until_decision(office, "Lomba pidato")
    with pytest.raises(NotAllowed):
        office.do(cast.admin, instance, putusan="izinkan")


def test_the_last_step_is_refused_without_the_letter(office: Office) -> None:
    cast, instance = office.cast, until_decision(office, "Lomba pidato")
    office.do(cast.superior, instance, putusan="izinkan")
    Document.objects.filter(instance=instance).delete()
    with pytest.raises(GuardRefused, match="Surat Izin Pemakaian Aula"):
        office.do(cast.operator, instance, kunci_diserahkan=True)
