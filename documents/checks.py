"""`manage.py check` for the Word templates of every SOP; with `--deploy` also for their tags."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks

from documents.exceptions import DocumentError
from documents.filling import inspect_template
from documents.template_guard import check_template
from workflows import repository
from workflows.definitions import ProcessDefinition, TaskDefinition

RENDER = "documents.render"
REQUIRED = ("template", "kind", "title")


@checks.register("documents")
def check_templates(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """Return a message for each call that lacks something and each template that is refused.

    That a named template is there at all, the checks of the SOP files themselves say.
    """
    messages: list[checks.CheckMessage] = []
    for definition in repository.all():
        for task in _writing(definition):
            messages += _check_call(definition, task)
        for path, content in _templates(definition):
            try:
                check_template(content, name=path)
            except DocumentError as error:
                messages.append(_error("E002", str(error), definition, path))
    return messages


@checks.register("documents", deploy=True)
def check_tags(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """Return a message for each template whose tags cannot be read; takes a moment for each."""
    messages: list[checks.CheckMessage] = []
    for definition in repository.all():
        for path, content in _templates(definition):
            try:
                inspect_template(content, name=path)
            except DocumentError as error:
                messages.append(_error("E003", str(error), definition, path))
    return messages


def _writing(definition: ProcessDefinition) -> Iterator[TaskDefinition]:
    for task in definition.tasks.values():
        if task.operation and task.operation.name == RENDER:
            yield task


def _check_call(
    definition: ProcessDefinition, task: TaskDefinition
) -> Iterator[checks.CheckMessage]:
    parameters = task.operation.parameters if task.operation else {}
    lacking = [name for name in REQUIRED if not parameters.get(name)]
    if lacking:
        text = f"{RENDER} tidak menyebut {', '.join(lacking)}"
        yield _error("E001", text, definition, f"sop.toml [{task.id}]")


def _templates(definition: ProcessDefinition) -> Iterator[tuple[str, bytes]]:
    return ((path, content) for path, content in definition.files.items() if path[-5:] == ".docx")


def _error(code: str, text: str, definition: ProcessDefinition, place: str) -> checks.Error:
    hint = (
        "Lengkapi parameternya di sop.toml."
        if code == "E001"
        else "Perbaiki templat di Word lalu simpan lagi."
    )
    return checks.Error(text, hint=hint, obj=f"{definition.key}/{place}", id=f"documents.{code}")
