"""`scenarios.toml`: what people answer, what happens meanwhile, and where that must lead."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows.definitions import (
    FieldType,
    Form,
    FormField,
    ProcessDefinition,
    TaskKind,
)
from workflows.engine import MAXIMUM_ROWS
from workflows.files.findings import DefinitionError, Findings
from workflows.files.toml_tables import Table, parse
from workflows.reading import reader
from workflows.reading.diagram import EVENT_BASED

FILE = "scenarios.toml"


@dataclass(frozen=True)
class Step:
    """What happens next, and which facts hold from here on.

    A `task` of a person with his answer; for a called SOP, with its results. Or, instead, a
    `timer` on the edge of a task or behind an event-based gateway that fires now, a `message` (its
    BPMN id) that comes, with what it brings, or a task of the system that `fails` for good. Timers
    between tasks and tasks of the system need no word: they go on when everybody waits for them.
    """

    task: str = ""
    form: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    timer: str = ""
    message: str = ""
    fails: str = ""

    @property
    def subject(self) -> str:
        """The BPMN id that this is about."""
        return self.task or self.timer or self.message or self.fails


@dataclass(frozen=True)
class Scenario:
    """A course of a process. `visits` counts how often each task must have become ready.

    `form` is what the message brought that began it, `rows` the keys of a task per row; one row
    where nothing is said. Each row that is ready counts as a visit.
    """

    name: str
    steps: tuple[Step, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
    form: Mapping[str, Any] = field(default_factory=dict)
    rows: Mapping[str, Any] = field(default_factory=dict)
    end: str = ""
    visits: Mapping[str, int] = field(default_factory=dict)
    cancelled: bool = False


def read(definition: ProcessDefinition) -> tuple[Scenario, ...]:
    """Return the scenarios of a SOP; raise DefinitionError with all that is wrong in the file."""
    findings = Findings(FILE)
    content = definition.files.get(FILE)
    if content is None:
        return ()
    table = parse(content, findings)
    found = tuple(_scenarios(table, definition, findings)) if table else ()
    if findings:
        raise DefinitionError(definition.key, findings)
    return found


def raced(definition: ProcessDefinition) -> frozenset[str]:
    """Return the events that wait side by side: which of them comes first, somebody must say."""
    diagram = reader.admitted(definition.bpmn)
    gateways = (node.id for node in diagram.nodes.values() if node.element == EVENT_BASED)
    return frozenset(flow.target for gateway in gateways for flow in diagram.outgoing[gateway])


def _scenarios(
    table: Table, definition: ProcessDefinition, findings: Findings
) -> Iterator[Scenario]:
    for entry in table.tables("scenario"):
        entry.element = entry.text("name", required=True)
        scenario = Scenario(
            name=entry.element,
            steps=tuple(_steps(entry)),
            facts=entry.table("facts").data,
            form=entry.table("form").data,
            rows=entry.table("rows").data,
            end=entry.text("end"),
            visits=entry.table("visits").data,
            cancelled=entry.boolean("cancelled"),
        )
        entry.finish()
        for text in _mistakes(scenario, definition):
            findings.note("E080", text, element=scenario.name)
        yield scenario
    table.finish()


def _steps(entry: Table) -> Iterator[Step]:
    for step in entry.tables("steps"):
        timer, message, fails = (step.text(key) for key in ("timer", "message", "fails"))
        yield Step(
            task=step.text("task", required=not (timer or message or fails)),
            form=step.table("form").data,
            facts=step.table("facts").data,
            timer=timer,
            message=message,
            fails=fails,
        )
        step.finish()


def _mistakes(scenario: Scenario, definition: ProcessDefinition) -> Iterator[str]:
    sources = {flow.source for flow in definition.flows}
    ends = {flow.target for flow in definition.flows} - sources
    if not scenario.cancelled and scenario.end not in ends:
        yield f"akhir '{scenario.end}' tidak ada; yang ada: {', '.join(sorted(ends))}"
    for identifier, count in scenario.visits.items():
        if identifier not in definition.tasks:
            yield f"visits menyebut tugas '{identifier}' yang tidak ada"
        if type(count) is not int or count < 0:
            yield f"visits '{identifier}' harus bilangan bulat"
    asked = [scenario.facts, *(step.facts for step in scenario.steps)]
    for name in sorted({name for facts in asked for name in facts} - set(definition.facts)):
        yield f"fakta '{name}' tidak ada di sop.toml"
    yield from _wrong_rows(scenario, definition)
    for step in scenario.steps:
        yield from _wrong_step(step, definition)


def _wrong_rows(scenario: Scenario, definition: ProcessDefinition) -> Iterator[str]:
    for identifier, keys in scenario.rows.items():
        task = definition.tasks.get(identifier)
        if task is None or task.rows is None:
            yield f"rows menyebut '{identifier}', yang tidak dikerjakan sekali per baris"
        texts = isinstance(keys, list) and all(isinstance(key, str) and key for key in keys)
        if not texts or len(set(keys)) != len(keys) or len(keys) > MAXIMUM_ROWS:
            yield f"rows '{identifier}' harus daftar teks berbeda, paling banyak {MAXIMUM_ROWS}"


def _wrong_step(step: Step, definition: ProcessDefinition) -> Iterator[str]:
    if sum(map(bool, (step.task, step.timer, step.message, step.fails))) > 1:
        yield f"'{step.subject}' ditulis sendiri: task, timer, message atau fails, satu saja"
        return
    task = definition.tasks.get(step.subject)
    if step.timer:
        waits = task is not None and (task.attached_to or task.id in raced(definition))
        if task is None or task.kind is not TaskKind.TIMER or not waits:
            yield f"'{step.timer}' bukan pewaktu pada batas sebuah tugas atau di balik gerbang"
        if step.form:
            yield f"pewaktu '{step.timer}' ditulis sendiri, tanpa form"
    elif step.message:
        if task is None or task.kind is not TaskKind.MESSAGE:
            yield f"'{step.message}' bukan pesan yang ditunggu"
    elif step.fails:
        if task is None or task.error_way is None or step.form:
            yield f"'{step.fails}' bukan tugas otomatis dengan jalan kegagalan, tanpa form"
    elif task is not None and task.kind is TaskKind.CALL:
        for name in sorted(set(step.form) - set(task.results)):
            yield f"'{step.task}' tidak mengembalikan '{name}' (results di sop.toml)"
    elif task is None or task.kind is not TaskKind.USER:
        yield f"'{step.task}' bukan tugas orang"
    else:
        yield from _wrong_answers(step, task.form)


def _wrong_answers(step: Step, form: Form) -> Iterator[str]:
    """Yield what a form would never let a person send; fields may be left out."""
    fields = {field.name: field for field in form.fields}
    for name in sorted(set(step.form) - set(fields)):
        yield f"formulir '{step.task}' tidak mempunyai isian '{name}'"
    for name, value in step.form.items():
        if name in fields and not _may_be_chosen(fields[name], value):
            yield f"isian '{name}' pada '{step.task}' tidak mempunyai pilihan {value!r}"
    if form.outcome is None:
        return
    chosen = form.option(str(step.form.get(form.outcome.name, "")))
    if form.outcome.name not in step.form:
        yield f"'{step.task}' belum dijawab: isi '{form.outcome.name}'"
    reason = form.comment.name if form.comment else ""
    if chosen and chosen.comment_required and not step.form.get(reason):
        yield f"pilihan '{chosen.value}' pada '{step.task}' memerlukan '{reason}'"


def _may_be_chosen(field: FormField, value: Any) -> bool:
    if not field.options:
        return True
    known = [option.value for option in field.options]
    if field.type in (FieldType.CHOICES, FieldType.CHECKLIST):
        return isinstance(value, list) and all(item in known for item in value)
    return value in known
