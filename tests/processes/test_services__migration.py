"""A new version of a SOP while instances run: carried over from where they stand, or refused."""

from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest
from django.conf import LazySettings

from foundation import ledger
from foundation.models import Event, OutboxJob
from processes import services
from processes.audit.measured.refreshing import refresh
from processes.definitions import definition_of
from processes.exceptions import (
    AlreadyDone,
    CarryOverRefused,
    InvalidAnswers,
    NotAllowed,
)
from processes.models import Definition, Instance, InstanceAudit, Task
from processes.services import migration
from tests.cast import Cast
from tests.processes.conftest import SOPS, World, begin
from tests.processes.test_services__tasks import LATER, claim, complete, decide, open_task, prepare
from workflows import engine, repository

KEY = "permohonan_singkat"
REMINDER = """<bpmn:boundaryEvent id="ingatkan" name="Pengingat" attachedToRef="putuskan"
        cancelActivity="false">
      <bpmn:outgoing>f8</bpmn:outgoing>
      <bpmn:timerEventDefinition id="lama_ingat">
        <bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT2H</bpmn:timeDuration>
      </bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:endEvent id="diingatkan" name="Diingatkan">
      <bpmn:incoming>f8</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="f8" sourceRef="ingatkan" targetRef="diingatkan"/>
    <bpmn:endEvent id="selesai" """
REMINDER_LANE = """<bpmn:flowNodeRef>putuskan</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>ingatkan</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>diingatkan</bpmn:flowNodeRef>"""
DRAWN = """<bpmndi:BPMNShape id="s_ingatkan" bpmnElement="ingatkan">
      <dc:Bounds x="642" y="212" width="36" height="36"/></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="s_diingatkan" bpmnElement="diingatkan">
      <dc:Bounds x="700" y="222" width="36" height="36"/></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="e_f8" bpmnElement="f8"><di:waypoint x="660" y="250"/>
      <di:waypoint x="700" y="250"/></bpmndi:BPMNEdge>
    <bpmndi:BPMNEdge id="e_f1\""""


class Office:
    """The folder from which SOPs are deployed; `edit` makes another version of it."""

    def __init__(self, root: Path) -> None:
        self.folder = root / KEY

    @property
    def version(self) -> str:
        return repository.get(KEY).version

    def edit(self, file: str, *changes: tuple[str, str]) -> None:
        """Write other words into a file of the SOP."""
        path = self.folder / file
        text = path.read_text()
        for before, after in changes:
            assert before in text, before
            text = text.replace(before, after)
        path.write_text(text)

    def with_reminder(self) -> None:
        """Put a timer on the edge of the decision."""
        (self.folder / "sop.toml").open("a").write('\n[steps.ingatkan]\nserves = "putuskan"\n')
        self.edit(
            "process.bpmn",
            ('<bpmn:endEvent id="selesai" ', REMINDER),
            ("<bpmn:flowNodeRef>putuskan</bpmn:flowNodeRef>", REMINDER_LANE),
            ('<bpmndi:BPMNEdge id="e_f1"', DRAWN),
        )


@pytest.fixture
def office(tmp_path: Path, settings: LazySettings) -> Office:
    copytree(SOPS / KEY, tmp_path / KEY)
    settings.SOP_ROOTS = [tmp_path]
    return Office(tmp_path)


@pytest.fixture
def running(office: Office, cast: Cast, world: World) -> Instance:
    """An instance that waits for the decision."""
    instance = begin(cast)
    prepare(instance, cast)
    instance.refresh_from_db()
    return instance


def carry(instance: Instance, cast: Cast, version: str, reason: str = "SOP diperbarui") -> Instance:
    carried = services.carry_over(
        instance_id=instance.pk, version=version, actor_user=cast.kadis, reason=reason, now=LATER
    )
    instance.refresh_from_db()
    return carried


def reasons(instance: Instance) -> list[str]:
    """Return why the instance cannot go on by what is deployed now."""
    instance.refresh_from_db()
    return list(migration.preview(instance, repository.get(KEY)).reasons)


@pytest.mark.fault("F20")
def test_an_instance_goes_on_by_the_new_version_from_where_it_stands(
    running: Instance, office: Office, cast: Cast
) -> None:
    before = definition_of(running)
    task = claim(running, cast.kadis)
    office.edit("sop.toml", ('standard = "PT5M"', 'standard = "PT30M"'))
    version = office.version
    carry(running, cast, version)
    assert running.definition_version == version == definition_of(running).version
    assert running.definition == Definition.objects.get(version=version)
    again = Task.objects.get(pk=task.pk)
    assert (again.engine_id, again.owner, again.status) == (task.engine_id, cast.kadis, "claimed")
    event = Event.objects.get(stream=running.stream, verb="instance_carried_over")
    assert event.before == {"version": before.version}
    assert event.after == {"version": version, "reason": "SOP diperbarui"}
    complete(task, cast.kadis, keputusan="ya")
    assert Task.objects.get(pk=task.pk).standard_seconds == 30 * 60
    services.run_timer(task_id=open_task(running).pk, now=LATER + timedelta(hours=1))
    running.refresh_from_db()
    assert running.status == Instance.Status.FINISHED
    assert list(ledger.verify()) == []
    refresh(now=LATER)
    assert InstanceAudit.objects.get(instance=running).conforms


def test_a_timer_that_only_the_new_version_has_begins_with_the_hand_over(
    running: Instance, office: Office, cast: Cast
) -> None:
    office.with_reminder()
    found = migration.preview(running, repository.get(KEY))
    assert found.is_possible
    assert any("“Pengingat”" in sentence and "sekarang" in sentence for sentence in found.moves)
    carry(running, cast, office.version)
    timer = Task.objects.get(instance=running, step="ingatkan")
    assert (timer.status, timer.due_at) == ("ready", LATER + timedelta(hours=2))
    assert OutboxJob.objects.get(key=f"task:{timer.pk}").kind == "processes.timer"
    services.run_timer(task_id=timer.pk, now=LATER + timedelta(hours=2))
    decide(running, cast, "ya")
    services.run_timer(task_id=open_task(running).pk, now=LATER + timedelta(hours=3))
    running.refresh_from_db()
    assert running.status == Instance.Status.FINISHED


def test_the_preview_says_what_stays_and_what_becomes_different(
    running: Instance, office: Office, cast: Cast
) -> None:
    claim(running, cast.kadis)
    office.edit("sop.toml", ('standard = "PT5M"', 'standard = "PT30M"'))
    office.edit("process.bpmn", ('name="Memutuskan permohonan"', 'name="Memutus permohonan"'))
    found = migration.preview(running, repository.get(KEY))
    assert found.reasons == ()
    assert found.stays == (
        "2 tugas yang sudah selesai tetap seperti tercatat.",
        "“Memutuskan permohonan” tetap dikerjakan Ratna Seran; draf dan waktunya tidak berubah.",
    )
    assert found.moves == (
        "“Memutuskan permohonan” kini bernama “Memutus permohonan”.",
        "Waktu baku “Memutus permohonan” kini 30 menit, semula 5 menit.",
    )


@pytest.mark.fault("F20")
def test_the_preview_changes_nothing(running: Instance, office: Office, cast: Cast) -> None:
    office.with_reminder()
    events = Event.objects.count()
    migration.preview(running, repository.get(KEY))
    assert Event.objects.count() == events
    assert Definition.objects.count() == 1


@pytest.mark.fault("F20")
def test_a_task_that_waits_must_be_there(running: Instance, office: Office, cast: Cast) -> None:
    (office.folder / "forms/putuskan.toml").rename(office.folder / "forms/memutus.toml")
    office.edit("process.bpmn", ('"putuskan"', '"memutus"'), (">putuskan<", ">memutus<"))
    office.edit("sop.toml", ("[steps.putuskan]", "[steps.memutus]"), ('"putuskan"', '"memutus"'))
    assert reasons(running)[0] == (
        "Tahap “Memutuskan permohonan” sedang menunggu, tetapi di versi baru tidak ada lagi."
    )
    with pytest.raises(CarryOverRefused, match="tidak ada lagi"):
        carry(running, cast, office.version)
    running.refresh_from_db()
    assert running.definition_version != office.version


@pytest.mark.fault("F20")
def test_a_task_that_waits_must_be_of_the_same_lane(running: Instance, office: Office) -> None:
    office.edit("process.bpmn", ('name="Kadis"', 'name="Sekretaris"'))
    (reason,) = reasons(running)
    assert reason.endswith("tetapi di versi baru menjadi bagian Sekretaris, bukan Kadis.")


@pytest.mark.fault("F20")
def test_a_task_that_waits_must_be_of_the_same_kind(
    office: Office, cast: Cast, world: World
) -> None:
    instance = begin(cast)
    complete(claim(instance, cast.operator), cast.operator, isi="mohon")
    assert open_task(instance).step == "catat"
    office.edit("process.bpmn", ("bpmn:serviceTask", "bpmn:userTask"))
    office.edit("sop.toml", ('operation = { use = "tests.note" }\n', ""))
    assert reasons(instance) == [
        "Tahap “Catat permohonan” sedang menunggu, tetapi di versi baru jenisnya lain."
    ]


@pytest.mark.fault("F20")
def test_a_step_that_was_done_keeps_its_number(running: Instance, office: Office) -> None:
    office.edit("sop.toml", ("number = 2", "number = 3"), ("number = 1\n", "number = 2\n"))
    office.edit("sop.toml", ("number = 3", "number = 1"))
    assert reasons(running) == [
        "“Menyiapkan permohonan” sudah selesai sebagai tahap 1, tetapi di versi baru nomor 2."
    ]


@pytest.mark.fault("F20")
def test_what_was_done_must_lead_there_by_the_new_diagram(
    running: Instance, office: Office
) -> None:
    """The new version asks for the system's note before the first step."""
    office.edit(
        "process.bpmn",
        ('sourceRef="mulai" targetRef="siapkan"', 'sourceRef="mulai" targetRef="catat"'),
        ('sourceRef="siapkan" targetRef="catat"', 'sourceRef="siapkan" targetRef="putuskan"'),
        ('sourceRef="catat" targetRef="putuskan"', 'sourceRef="catat" targetRef="siapkan"'),
        ("<bpmn:incoming>f1<", "<bpmn:incoming>f0<"),
        ("<bpmn:incoming>f2<", "<bpmn:incoming>f1<"),
        ("<bpmn:incoming>f3<", "<bpmn:incoming>f2<"),
        ("<bpmn:incoming>f0<", "<bpmn:incoming>f3<"),
    )
    (reason,) = reasons(running)
    assert reason.startswith("Di versi baru, “Menyiapkan permohonan” tidak mungkin selesai")


def test_an_instance_in_its_second_round_is_carried_over(
    running: Instance, office: Office, cast: Cast
) -> None:
    decide(running, cast, "ulang", "tanggal kurang")
    office.with_reminder()
    carry(running, cast, office.version)
    complete(claim(running, cast.operator), cast.operator, isi="mohon cuti lagi")
    services.perform_task(task_id=open_task(running).pk, now=LATER)
    assert Task.objects.get(instance=running, step="ingatkan").status == "ready"


def test_only_who_may_carries_over_and_says_why(
    running: Instance, office: Office, cast: Cast
) -> None:
    office.with_reminder()
    for stranger in (cast.admin, cast.operator, cast.outsider):
        with pytest.raises(NotAllowed):
            services.carry_over(
                instance_id=running.pk,
                version=office.version,
                actor_user=stranger,
                reason="SOP diperbarui",
                now=LATER,
            )
    with pytest.raises(InvalidAnswers, match="alasan"):
        carry(running, cast, office.version, reason="  ")
    with pytest.raises(InvalidAnswers, match="tidak dikenal"):
        carry(running, cast, "0" * 64)
    with pytest.raises(CarryOverRefused, match="sudah memakai versi itu"):
        carry(running, cast, running.definition_version)


def test_what_is_over_is_not_carried_over(running: Instance, office: Office, cast: Cast) -> None:
    office.with_reminder()
    services.cancel_process(
        instance_id=running.pk, actor_user=cast.kadis, reason="keliru", now=LATER
    )
    with pytest.raises(AlreadyDone, match="dibatalkan"):
        carry(running, cast, office.version)


def test_of_many_those_go_over_that_can(running: Instance, office: Office, cast: Cast) -> None:
    other = begin(cast, subject="Cuti Budi")
    office.edit("process.bpmn", ('name="Kadis"', 'name="Sekretaris"'))
    version = office.version
    found = services.carry_over_many(
        instance_ids=[running.pk, other.pk],
        version=version,
        actor_user=cast.kadis,
        reason="susunan baru",
        now=LATER,
    )
    assert [bool(one.refusal) for one in found] == [True, False]
    running.refresh_from_db()
    other.refresh_from_db()
    assert (running.definition_version == version, other.definition_version == version) == (
        False, True,
    )  # fmt: skip
    assert engine.ready(definition_of(other), bytes(other.state))[0].step == "siapkan"
