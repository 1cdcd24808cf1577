"""`manage.py check` for SOP files: every mistake with file, BPMN id and what to do about it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from django.apps import AppConfig
from django.core import checks

from workflows import engine, registry, repository, scenarios
from workflows.definitions import Form, ProcessDefinition
from workflows.files import called_sops, told_messages
from workflows.files.agreement_names import texts_of
from workflows.files.findings import DefinitionError, Finding
from workflows.files.sop_file import SopFile

NAMES: Mapping[str, Callable[[], list[str]]] = {
    "operation": registry.operation.names,
    "guard": registry.guard.names,
    "panel": registry.panel_names,
    "fact": registry.fact.names,
    "performer": registry.performer.names,
    "deadline": registry.deadline.names,
    "multiplier": registry.multiplier.names,
    "rows": registry.rows.names,
    "choices": registry.choices.names,
    "document_context": registry.document_context.names,
}
UNKNOWN_NAME = "E070"


@checks.register("workflows")
def check_processes(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """Return a message for each mistake in each SOP folder."""
    if app_configs is not None and not any(app.name == "workflows" for app in app_configs):
        return []
    messages = []
    folders = list(repository.folders())
    for name, count in Counter(folder.name for folder in folders).items():
        if count > 1:
            finding = Finding("E005", name, f"SOP ini ada {count} kali", hint="Hapus salah satu.")
            messages.append(message(name, finding))
    sound: dict[str, ProcessDefinition] = {}
    for folder in folders:
        examination = repository.examine(repository.read_folder(folder), folder.name)
        if examination.definition is not None:
            sound.setdefault(folder.name, examination.definition)
        messages += [message(folder.name, finding) for finding in told_by(examination)]
    for key, definition in sound.items():
        found = [
            *called_sops.check(definition, sound),
            *told_messages.check(definition, sound.values()),
        ]
        messages += [message(key, finding) for finding in found]
    return messages


def told_by(examination: repository.Examination) -> Iterator[Finding]:
    """Yield every mistake of one folder, also the names that no room offers."""
    yield from examination.findings
    yield from unknown_names(examination.sop, examination.forms)
    if examination.definition is not None:
        yield from told_by_engine(examination.definition)


def told_by_engine(definition: ProcessDefinition) -> Iterator[Finding]:
    """Yield what only the engine can say: a diagram too long for it, a scenario that fails."""
    try:
        engine.parse(definition)
        told = scenarios.read(definition)
    except engine.EngineError as error:
        yield Finding("E036", repository.BPMN_FILE, str(error))
        return
    except DefinitionError as error:
        yield from error.findings
        return
    for scenario in told:
        try:
            scenarios.play(definition, scenario)
        except (scenarios.ScenarioFailed, engine.EngineError) as error:
            yield Finding("E081", scenarios.FILE, str(error), scenario.name)


def message(key: str, finding: Finding) -> checks.CheckMessage:
    kind = checks.Error if finding.is_error else checks.Warning
    place = f"{key}/{finding.file}" if finding.file != key else key
    return kind(
        finding.text,
        hint=finding.hint or None,
        obj=f"{place} [{finding.element}]" if finding.element else place,
        id=f"workflows.{finding.code}",
    )


def unknown_names(sop: SopFile | None, forms: Mapping[str, Form]) -> Iterator[Finding]:
    """Yield every name that a SOP calls and no room has registered."""
    for kind, call, where in sop.calls() if sop else ():
        yield from _unknown(kind, call.name, "sop.toml", where)
        for context in texts_of(call, "contexts"):
            yield from _unknown("document_context", context, "sop.toml", where)
    for identifier, form in forms.items():
        for field in form.fields:
            if field.source:
                file = f"forms/{identifier}.toml"
                yield from _unknown("choices", field.source.name, file, field.name)


def _unknown(kind: str, name: str, file: str, where: str) -> Iterator[Finding]:
    known = NAMES[kind]()
    if name in known:
        return
    near = get_close_matches(name, known, n=1)
    listed = ", ".join(known) or "tidak ada"
    yield Finding(
        UNKNOWN_NAME,
        file,
        f"{kind} '{name}' tidak dikenal",
        where,
        f"Maksudnya '{near[0]}'?" if near else f"Yang ada: {listed}.",
    )
