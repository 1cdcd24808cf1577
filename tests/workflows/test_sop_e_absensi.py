"""The first SOP against the printed sheet: nothing lost, nothing made up."""

import re
from collections import Counter
from datetime import date, timedelta

import pytest
from lxml import etree

from tests.workflows.definitions import e_absensi
from workflows.definitions import OutcomeKind, SubjectKind, TaskKind

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
# Step, lane and minutes as the sheet has them.
SHEET = [
    (1, "Kadis", 2),
    (2, "Admin", 5),
    (3, "Operator", 5),
    (4, "Admin", 5),
    (5, "Operator", 5),
    (6, "Operator", 10),
    (7, "Kadis", 20),
    (8, "Admin", 5),
    (9, "Operator", 5),
]
# The first words of each "Tahap Kegiatan".
WORDS = [
    "Menugaskan admin dan operator aplikasi e-absensi",
    "Admin memfasilitasi data pegawai dalam sistem e-absensi dan registrasi mesin finger",
    "Melakukan perekaman data sidik jari pegawai dalam mesin finger",
    "Admin menyiapkan, mengaktifkan dan mengontrol pelaksanaan aplikasi e-absensi sesuai waktu",
    "Melaksanakan input data pendukung ketidakhadiran pegawai dalam sim absensi karena tugas/dinas",
    "Mencetak resume sim absensi sesuai kebutuhan untuk dilaporkan secara berkala kepada pimpinan",
    "Meneliti laporan resume sim absensi, apabila setuju diteruskan kepada atasan",
    "Melaporkan hasil pengelolaan sim absensi dinas kepada pimpinan untuk dipergunakan",
    "Mendokumentasikan dan mengarsipkan data rekapan absensi ASN.",
]


def test_the_nine_steps_have_the_lanes_and_norms_of_the_sheet() -> None:
    steps = e_absensi().steps
    assert [
        (step.number, step.lane, (step.standard.duration or timedelta()) // timedelta(minutes=1))
        for step in steps
    ] == SHEET
    assert all(step.standard.requirements and step.standard.output for step in steps)


def test_the_printed_total_counts_the_third_step_for_one_person() -> None:
    definition = e_absensi()
    durations = [step.standard.duration or timedelta() for step in definition.steps]
    assert sum(durations, timedelta()) == definition.head.stated_total == timedelta(minutes=62)
    assert [step.number for step in definition.steps if step.standard.per] == [3]
    assert definition.steps[2].standard.per_label == "pegawai"


def test_the_words_of_the_sheet_stand_whole_in_the_diagram() -> None:
    definition = e_absensi()
    root = etree.fromstring(definition.bpmn)
    told = {
        str(task.get("id")): task.findtext(f"{BPMN}documentation") or ""
        for task in root.iter(f"{BPMN}userTask")
    }
    for step, words in zip(definition.steps, WORDS, strict=True):
        assert told[step.id].startswith(words)


def test_the_head_is_the_printed_one() -> None:
    definition = e_absensi()
    head = definition.head
    assert head.number == "07 Tahun 2020"
    assert (head.created_on, head.revised_on) == (date(2020, 7, 20), date(2024, 3, 5))
    assert head.effective_on is None
    counts = [len(x) for x in (head.legal_basis, head.qualifications, head.related, head.equipment)]
    assert counts == [7, 3, 2, 4]
    assert len(head.records) == 2
    assert definition.subject is SubjectKind.MONTH


def test_nobody_real_is_named() -> None:
    for path, content in e_absensi().files.items():
        if not path.endswith(".docx"):
            assert not re.search(rb"\d{18}|NIP\. ?\d", content), path
    assert "," not in e_absensi().head.approved_by


def test_every_automatic_step_lies_in_the_lane_of_the_step_it_serves() -> None:
    definition = e_absensi()
    for task in definition.tasks.values():
        if task.kind is not TaskKind.USER:
            assert definition.step_of(task.id).lane == task.lane, task.id


def test_a_return_leads_to_the_fifth_step_past_its_timer() -> None:
    definition = e_absensi()
    decision = definition.steps[6]
    assert decision.form.outcome
    kinds = Counter(option.kind for option in decision.form.outcome.options)
    assert kinds == {OutcomeKind.APPROVE: 1, OutcomeKind.RETURN: 1}
    returned = next(o for o in decision.form.outcome.options if o.kind is OutcomeKind.RETURN)
    assert returned.comment_required
    gateway = next(flow.target for flow in definition.flows if flow.source == decision.id)
    targets = {f.target: f.condition for f in definition.flows if f.source == gateway}
    # Without a clear approval nothing is frozen: the way back is the one that needs no condition.
    assert targets[definition.steps[4].id] == ""
    assert len(targets) == 2


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_step_that_may_still_hold_is_done_unless_the_facts_say_so(number: int) -> None:
    definition = e_absensi()
    step = definition.steps[number - 1]
    into = next(flow for flow in definition.flows if flow.target == step.id)
    assert into.condition == ""
    other = [f for f in definition.flows if f.source == into.source and f is not into]
    assert [f.condition.startswith("facts.") for f in other] == [True]
    passing = definition.tasks[other[0].target]
    assert passing.operation
    assert (passing.serves, passing.operation.name) == (step.id, "processes.note_reuse")
