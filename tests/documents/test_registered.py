"""What SOP files may call in this room: guard, panel, context, operations."""

from dataclasses import replace

import pytest
from django.template.loader import render_to_string

from documents.exceptions import DocumentError
from documents.models import Archive, Document
from foundation.actors import SYSTEM
from processes.context import step_context
from processes.definitions import definition_of
from processes.models import Instance
from tests.cast import NOW, Cast
from tests.documents.conftest import open_task, work
from tests.documents.test_services import issue
from workflows import registry
from workflows.registry import StepContext


def context_of(instance: Instance, **changes: object) -> StepContext:
    task = instance.tasks.select_related("instance").order_by("-id")[0]
    context = step_context(task, definition_of(instance), actor=SYSTEM, now=NOW)
    return replace(context, **changes)  # type: ignore[arg-type]


def missing(instance: Instance, visit: int = 1) -> list[str]:
    context = context_of(instance, parameters={"kinds": ["surat"]}, visit=visit)
    return [row.text for row in registry.guard.get("documents.written")(context)]


def test_the_guard_names_what_is_not_written_as_the_sop_calls_it(instance: Instance) -> None:
    assert missing(instance) == ["Surat Pemberitahuan belum ditulis untuk putaran ini."]
    issue(instance)
    assert missing(instance) == []
    assert missing(instance, visit=2) != []


def test_the_whole_process_ends_with_a_sealed_archive(instance: Instance) -> None:
    for _ in range(3):
        work(instance)
    instance.refresh_from_db()
    assert instance.status == "finished"
    archive = Archive.objects.get(instance=instance)
    documents = [row for row in archive.files if row["path"].startswith("dokumen/")]
    assert len(documents) == Document.objects.count() == 3


def test_a_worker_that_died_after_writing_does_the_step_again_without_harm(
    instance: Instance,
) -> None:
    definition = definition_of(instance)
    task = open_task(instance)
    call = definition.tasks[task.step].operation
    assert call is not None
    context = context_of(instance, parameters=call.parameters, task_id=task.pk)
    registry.operation.get(call.name)(context)
    work(instance)
    assert Document.objects.filter(kind="surat").count() == 1


def test_the_panel_shows_documents_and_the_archive(instance: Instance, cast: Cast) -> None:
    document = issue(instance)
    panel = registry.get_panel("documents.of_instance")
    html = render_to_string(panel.template, panel.data(context_of(instance)))
    assert document.file_name in html
    assert document.get_absolute_url() in html


def test_the_context_of_the_archive_lists_files_with_their_hash(instance: Instance) -> None:
    document = issue(instance)
    found = registry.document_context.get("documents.archived")(context_of(instance))
    assert found["arsip"] == [
        {"nama": document.file_name, "nomor": document.number, "sha256": document.sha256}
    ]


RENDER = {"template": "surat.docx", "kind": "lain", "title": "Lain", "contexts": ["tests.people"]}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"template": "tidak_ada.docx"}, "tidak memuat templat Word"),
        ({"each": "tidak_ada"}, "tidak memuat daftar 'tidak_ada'"),
        ({}, "'ttd"),
    ],
)
def test_a_mistake_in_the_sop_is_told_in_words(
    instance: Instance, changes: dict[str, str], words: str
) -> None:
    context = context_of(instance, parameters=RENDER | changes)
    with pytest.raises(DocumentError, match=words):
        registry.operation.get("documents.render")(context)


def test_an_empty_list_writes_nothing_and_says_so(instance: Instance) -> None:
    parameters = RENDER | {"contexts": ["tests.nobody"], "each": "orang"}

    @registry.document_context("tests.nobody")
    def nobody(context: StepContext) -> dict[str, list[str]]:
        return {"orang": []}

    result = registry.operation.get("documents.render")(context_of(instance, parameters=parameters))
    assert result.note == "Tidak ada dokumen yang perlu ditulis."
