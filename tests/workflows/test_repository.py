"""From files to definitions: one version per content, none that can change."""

import copy
import json
import os
import pickle
from dataclasses import FrozenInstanceError
from datetime import date, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.workflows.sop_files import KEY, SOP, draw, sop_files, write_folder
from workflows import repository
from workflows.definitions import (
    Call,
    FieldType,
    OutcomeKind,
    ProcessDefinition,
    SubjectKind,
    TaskKind,
)
from workflows.files.findings import DefinitionError, Finding
from workflows.repository import UnknownProcess


@pytest.fixture
def definition() -> ProcessDefinition:
    return repository.load(sop_files(), KEY)


def test_the_head_is_read(definition: ProcessDefinition) -> None:
    head = definition.head
    assert (head.title, head.number) == ("Permohonan kecil", "01/2026")
    assert head.created_on == date(2026, 1, 2)
    assert head.effective_on is None
    assert head.legal_basis == ("Peraturan yang dikarang",)
    assert head.stated_total == timedelta(minutes=62)
    assert definition.subject is SubjectKind.MONTH
    assert (definition.key, definition.process_id) == (KEY, "proses")


def test_tasks_stand_in_the_order_of_the_flow(definition: ProcessDefinition) -> None:
    assert list(definition.tasks) == ["ajukan", "cetak", "putuskan", "tenggang"]
    assert [task.kind for task in definition.tasks.values()] == [
        TaskKind.USER,
        TaskKind.AUTOMATIC,
        TaskKind.USER,
        TaskKind.TIMER,
    ]
    assert [task.lane for task in definition.tasks.values()] == ["Staf", "Staf", "Kepala", "Staf"]
    assert [lane.name for lane in definition.lanes] == ["Staf", "Kepala"]


def test_a_step_has_what_sop_toml_says(definition: ProcessDefinition) -> None:
    step = definition.tasks["ajukan"]
    assert step.name == "Langkah ajukan"
    assert step.standard.duration == timedelta(minutes=5)
    assert step.standard.per == Call("tests.count")
    assert step.guards == (Call("tests.guard", {"fields": {"Staf": "nama"}}),)
    assert definition.tasks["tenggang"].duration == timedelta(hours=1)
    assert definition.tasks["tenggang"].may_start_early
    assert definition.step_of("cetak") is step
    assert definition.steps == (step, definition.tasks["putuskan"])
    assert definition.tasks["cetak"].operation == Call(
        "tests.print", {"template": "surat.docx", "contexts": ("tests.context",)}
    )


def test_a_form_has_its_fields(definition: ProcessDefinition) -> None:
    form = definition.tasks["putuskan"].form
    assert [(field.name, field.type) for field in form.fields] == [
        ("hasil", FieldType.OUTCOME),
        ("alasan", FieldType.COMMENT),
    ]
    option = form.option("ulang")
    assert option is not None
    assert (option.kind, option.comment_required) == (OutcomeKind.RETURN, True)
    assert form.comment is not None
    assert not form.comment.required


def test_flows_keep_their_conditions(definition: ProcessDefinition) -> None:
    conditions = {flow.id: flow.condition for flow in definition.flows if flow.condition}
    assert conditions == {"terima": "form.hasil == 'lanjut' and facts.lengkap"}


def test_a_definition_cannot_change(definition: ProcessDefinition) -> None:
    with pytest.raises(FrozenInstanceError):
        definition.key = "lain"  # type: ignore[misc]
    parameters = definition.tasks["ajukan"].guards[0].parameters
    for mapping in (definition.tasks, definition.facts, definition.files, parameters):
        assert isinstance(mapping, dict)
        with pytest.raises(TypeError):
            mapping["x"] = 1
        with pytest.raises(TypeError):
            mapping.clear()
        with pytest.raises(TypeError):
            mapping.update(x=1)
        with pytest.raises(TypeError):
            mapping |= {"x": 1}
        with pytest.raises(TypeError):
            del mapping["x"]
    with pytest.raises(TypeError):
        parameters["fields"]["Staf"] = "lain"


def test_parameters_go_into_json_and_come_back_from_pickle(definition: ProcessDefinition) -> None:
    parameters = definition.tasks["ajukan"].guards[0].parameters
    assert json.loads(json.dumps(parameters)) == {"fields": {"Staf": "nama"}}
    assert pickle.loads(pickle.dumps(parameters)) == parameters  # noqa: S301
    assert copy.deepcopy(definition) == definition


def test_the_version_is_the_content_and_nothing_else(tmp_path: Path) -> None:
    files = sop_files()
    backwards = dict(reversed(files.items()))
    assert repository.version_of(files) == repository.version_of(backwards)
    assert repository.version_of(files) != repository.version_of({**files, "README.md": b""})
    moved = {**files, "docx/lain.docx": files["docx/surat.docx"]}
    del moved["docx/surat.docx"]
    assert repository.version_of(files) != repository.version_of(moved)
    assert repository.version_of({"a": b"bc"}) != repository.version_of({"ab": b"c"})


def test_the_same_files_are_read_once() -> None:
    assert repository.load(sop_files(), KEY) is repository.load(sop_files(), KEY)
    assert repository.load(sop_files(), "lain").key == "lain"


def test_what_was_refused_is_refused_again() -> None:
    for _ in range(2):
        with pytest.raises(DefinitionError) as refused:
            repository.load(sop_files(draw(extra='<scriptTask id="skrip"/>')), KEY)
        assert refused.value.key == KEY
        assert [f.element for f in refused.value.findings] == ["skrip"]
        assert "skrip" in str(refused.value)


def test_a_long_list_of_mistakes_is_shortened_in_the_message_only() -> None:
    error = DefinitionError("x", [Finding("E001", "a", f"nomor {n}") for n in range(25)])
    assert len(error.findings) == 25
    assert str(error).endswith("dan 5 lainnya")


def test_get_finds_a_folder_by_its_key(tmp_path: Path, settings: Settings) -> None:
    write_folder(tmp_path, sop_files())
    settings.SOP_ROOTS = [tmp_path]
    assert repository.get(KEY) == repository.load(sop_files(), KEY)
    assert repository.all() == (repository.get(KEY),)


@pytest.mark.parametrize("key", ["tidak_ada", "../tests", "", "/etc", "Besar", "a\0b"])
def test_an_unknown_key_is_told(key: str, tmp_path: Path, settings: Settings) -> None:
    settings.SOP_ROOTS = [tmp_path]
    with pytest.raises(UnknownProcess):
        repository.get(key)


def test_a_changed_folder_is_another_version(tmp_path: Path, settings: Settings) -> None:
    folder = write_folder(tmp_path, sop_files())
    settings.SOP_ROOTS = [tmp_path]
    before = repository.get(KEY)
    (folder / "sop.toml").write_text(SOP.replace("Permohonan kecil", "Permohonan besar"))
    os.utime(folder / "sop.toml", ns=(1, 1))
    after = repository.get(KEY)
    assert (before.head.title, after.head.title) == ("Permohonan kecil", "Permohonan besar")
    assert before.version != after.version


def test_an_unchanged_folder_is_not_read_again(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_folder(tmp_path, sop_files())
    settings.SOP_ROOTS = [tmp_path]
    first = repository.get(KEY)
    monkeypatch.delattr(repository, "read_folder")
    assert repository.get(KEY) is first


def test_one_broken_sop_does_not_hide_the_others(
    tmp_path: Path, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    write_folder(tmp_path, sop_files())
    write_folder(tmp_path, sop_files(sop="title"), "rusak")
    settings.SOP_ROOTS = [tmp_path]
    assert [definition.key for definition in repository.all()] == [KEY]
    assert "rusak" in caplog.text
    with pytest.raises(DefinitionError):
        repository.get("rusak")


def test_hidden_files_and_links_are_left_out(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {
        **sop_files(), ".DS_Store": b"", ".git/config": b"", "docx/~$surat.docx": b"",
        "docx/Thumbs.db": b"",
    })  # fmt: skip
    (folder / "docx" / "kunci.docx").symlink_to("/etc/passwd")
    assert repository.read_folder(folder) == sop_files()


def test_a_huge_file_is_not_read_whole(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, sop_files())
    with (folder / "docx" / "besar.docx").open("wb") as handle:
        handle.truncate(2**40)
    files = repository.read_folder(folder)
    assert len(files["docx/besar.docx"]) == repository.MAXIMUM_FILE_BYTES + 1
    with pytest.raises(DefinitionError, match="5 MiB"):
        repository.load(files, KEY)
