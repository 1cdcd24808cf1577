"""Every SOP plays its own scenarios; a scenario that tells it wrongly is found out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.workflows.definitions import FOLDERS, e_absensi, hall, sop
from workflows import scenarios
from workflows.definitions import OutcomeKind, ProcessDefinition, TaskKind
from workflows.files.findings import DefinitionError
from workflows.scenarios import Scenario, ScenarioFailed, Step

EVERY = [
    pytest.param(folder, number, id=f"{folder.name}: {scenario.name}")
    for folder in FOLDERS
    for number, scenario in enumerate(scenarios.read(sop(folder)))
]
HALL_STEPS = (
    Step("catat_permohonan"),
    Step("periksa_perlengkapan"),
    Step("periksa_jadwal"),
    Step("putuskan_permohonan", {"putusan": "izinkan"}),
    Step("serahkan_aula"),
)
ALLOWED = Scenario("Diizinkan", HALL_STEPS, end="aula_diserahkan")


@pytest.mark.parametrize(("folder", "number"), EVERY)
def test_a_sop_plays_as_its_scenario_says(folder: Path, number: int) -> None:
    definition = sop(folder)
    scenario = scenarios.read(definition)[number]
    played = scenarios.play(definition, scenario)
    assert played.end == scenario.end
    people = {task.id for task in definition.tasks.values() if task.kind is TaskKind.USER}
    told = [step.task for step in scenario.steps if step.task in people]
    assert told == [task for task in played.path if task in people]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_scenarios_of_a_sop_reach_every_task_and_every_end(folder: Path) -> None:
    definition = sop(folder)
    played = [scenarios.play(definition, scenario) for scenario in scenarios.read(definition)]
    assert {task for one in played for task in one.path} == set(definition.tasks)
    assert {one.end for one in played} - {""} == _ends(definition)


def _ends(definition: ProcessDefinition) -> set[str]:
    """Return the ends of the process itself: without those that only a timer beside it reaches."""
    sources = {flow.source for flow in definition.flows}
    beside = {t.id for t in definition.tasks.values() if t.attached_to and not t.interrupts}
    while more := {f.target for f in definition.flows if f.source in beside} - beside:
        beside |= more
    return {flow.target for flow in definition.flows} - sources - beside


def _returns(definition: ProcessDefinition, steps: Sequence[Step]) -> int:
    count = 0
    for step in steps:
        if not step.task:
            continue  # a message or a timer, no answer
        form = definition.tasks[step.task].form
        chosen = form.option(str(step.form.get(form.outcome.name))) if form.outcome else None
        count += chosen is not None and chosen.kind is OutcomeKind.RETURN
    return count


def test_the_first_sop_is_played_straight_with_one_return_with_three_and_cancelled() -> None:
    definition = e_absensi()
    told = scenarios.read(definition)
    assert {_returns(definition, one.steps) for one in told if not one.cancelled} == {0, 1, 3}
    assert any(one.cancelled for one in told)
    for one in told:
        if not one.cancelled:
            visits = scenarios.play(definition, one).visits
            assert visits["input_ketidakhadiran"] == _returns(definition, one.steps) + 1


def test_a_sop_without_scenarios_has_none() -> None:
    definition = hall()
    files = {name: content for name, content in definition.files.items() if "scen" not in name}
    assert scenarios.read(replace(definition, files=files)) == ()


LAMP = "form = { perlengkapan_diperiksa = ['suara', 'lampu'] }"
WRONG: list[tuple[Callable[[Scenario], Scenario], str]] = [
    (lambda s: replace(s, end="permohonan_gugur"), "berakhir di 'aula_diserahkan', bukan"),
    (lambda s: replace(s, steps=s.steps[:-1]), "belum berakhir; yang menunggu: serahkan_aula"),
    (lambda s: replace(s, cancelled=True), "sudah berakhir di 'aula_diserahkan' sebelum"),
    (lambda s: replace(s, steps=s.steps[1:]), "yang menunggu: catat_permohonan"),
    (lambda s: replace(s, steps=(*s.steps, s.steps[-1])), "yang menunggu: tidak ada lagi"),
    (lambda s: replace(s, steps=(*s.steps[:2], *s.steps[3:])), "yang menunggu: periksa_jadwal"),
    (lambda s: replace(s, visits={"serahkan_aula": 2}), "terbuka 1 kali, bukan 2 kali"),
    (lambda s: replace(s, visits={"buat_surat_penolakan": 1}), "terbuka 0 kali, bukan 1 kali"),
    (lambda s: replace(s, steps=(*s.steps[:3], Step("putuskan_permohonan"))), r"form\.putusan"),
]


@pytest.mark.parametrize(("change", "reason"), WRONG)
def test_a_scenario_that_goes_another_way_fails_and_says_where(
    change: Callable[[Scenario], Scenario], reason: str
) -> None:
    assert scenarios.play(hall(), ALLOWED).end == "aula_diserahkan"
    with pytest.raises(ScenarioFailed, match=f"peminjaman_aula, skenario 'Diizinkan': .*{reason}"):
        scenarios.play(hall(), change(ALLOWED))


def test_facts_given_at_a_step_hold_from_there_on() -> None:
    definition = e_absensi()
    facts: dict[str, Any] = dict.fromkeys(definition.facts, True)
    told = Scenario(
        "Perekaman batal",
        (Step("fasilitasi_data", facts={"semua_terekam": False}), Step("rekam_sidik_jari")),
        facts=facts | {"data_lengkap": False},
        cancelled=True,
    )
    played = scenarios.play(definition, told)
    assert played.visits["catat_penugasan"] == 1
    assert "catat_perekaman" not in played.visits


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[scenario]]\nname = 'A'\nend = 'mana'", "akhir 'mana' tidak ada"),
        ("[[scenario]]\nname = 'A'", "akhir '' tidak ada; yang ada: aula_diserahkan"),
        ("[[scenario]]\nname = 'A'\ncancelled = true\nakhir = 1", "kunci 'akhir' tidak dikenal"),
        ("[[scenario]]\ncancelled = true", "'name' harus teks"),
        ("cancelled = true", "kunci 'cancelled' tidak dikenal"),
        ("[[scenario", "bukan TOML"),
        ("S visits = { mana = 1 }", "tugas 'mana' yang tidak ada"),
        ("S visits = { serahkan_aula = 'dua' }", "harus bilangan bulat"),
        ("S facts = { mana = true }", "fakta 'mana' tidak ada"),
        ("S steps = [{ task = 'mana' }]", "'mana' bukan tugas orang"),
        ("S steps = [{ task = 'buat_surat_izin' }]", "'buat_surat_izin' bukan tugas orang"),
        ("S steps = [{ task = 'serahkan_aula', form = { mana = 1 } }]", "isian 'mana'"),
        ("S steps = [{ task = 'putuskan_permohonan' }]", "belum dijawab: isi 'putusan'"),
        (
            "S steps = [{ task = 'putuskan_permohonan', form = { putusan = 'ya' } }]",
            "tidak mempunyai pilihan 'ya'",
        ),
        (
            "S steps = [{ task = 'putuskan_permohonan', form = { putusan = 'tolak_permohonan' } }]",
            "memerlukan 'alasan_putusan'",
        ),
        (
            "S steps = [{ task = 'periksa_jadwal', form = { keadaan_jadwal = ['kosong'] } }]",
            "isian 'keadaan_jadwal'",
        ),
        (f"S steps = [{{ task = 'periksa_perlengkapan', {LAMP} }}]", "'perlengkapan_diperiksa'"),
    ],
)
def test_a_mistake_in_the_file_is_named(text: str, reason: str) -> None:
    content = text.replace("S ", "[[scenario]]\nname = 'A'\ncancelled = true\n", 1)
    definition = hall()
    files = {**definition.files, scenarios.FILE: content.encode()}
    with pytest.raises(DefinitionError, match=reason):
        scenarios.read(replace(definition, files=files))
