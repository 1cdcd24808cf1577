"""Plays the scenarios of a SOP against the engine alone: no database, no people, no machines.

Whoever owns a SOP writes in `scenarios.toml` what people answer and where that must lead.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows import engine
from workflows.definitions import (
    FieldType,
    Form,
    FormField,
    ProcessDefinition,
    TaskDefinition,
    TaskKind,
)
from workflows.findings import DefinitionError, Findings
from workflows.toml_tables import Table, parse

FILE = "scenarios.toml"
LONGEST = 10_000  # tasks in one scenario


class ScenarioFailed(Exception):
    """The process went another way than the scenario says."""


@dataclass(frozen=True)
class Step:
    """One task of a person: what was answered, and which facts hold from here on.

    Or, instead of a task, a `timer` on the edge of a task that fires now, before the next answer.
    Timers between tasks need no word: they fire by themselves when everybody waits for them.
    """

    task: str = ""
    form: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    timer: str = ""


@dataclass(frozen=True)
class Scenario:
    """A course of a process. `visits` counts how often each task must have become ready."""

    name: str
    steps: tuple[Step, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
    end: str = ""
    visits: Mapping[str, int] = field(default_factory=dict)
    cancelled: bool = False


@dataclass(frozen=True)
class Played:
    """What happened: the end event, how often each task became ready, the order of completion."""

    end: str
    visits: Mapping[str, int]
    path: tuple[str, ...]


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


def play(definition: ProcessDefinition, scenario: Scenario) -> Played:
    """Play a scenario to its end and return what happened; raise ScenarioFailed if it differs."""
    return _Play(definition, scenario).run()


class _Play:
    def __init__(self, definition: ProcessDefinition, scenario: Scenario) -> None:
        self.definition = definition
        self.scenario = scenario
        self.form: dict[str, Any] = {}
        self.facts = dict(scenario.facts)
        self.visits: Counter[str] = Counter()
        self.path: list[str] = []

    def run(self) -> Played:
        try:
            snapshot = self._system_works(self._seen(engine.start(self.definition, self._names())))
            for step in self.scenario.steps:
                self.form.update(step.form)
                self.facts.update(step.facts)
                snapshot = self._system_works(self._complete(snapshot, step.task or step.timer))
        except engine.EngineError as error:
            raise self._failed(str(error)) from error
        self._check(snapshot)
        return Played(snapshot.end_event, dict(self.visits), tuple(self.path))

    def _names(self) -> engine.Names:
        return {"form": dict(self.form), "facts": dict(self.facts)}

    def _seen(self, snapshot: engine.Snapshot) -> engine.Snapshot:
        self.visits.update(task.step for task in snapshot.opened)
        return snapshot

    def _complete(self, snapshot: engine.Snapshot, step: str) -> engine.Snapshot:
        task = next((task for task in snapshot.ready if task.step == step), None)
        if task is None:
            waiting = ", ".join(task.step for task in snapshot.ready) or "tidak ada lagi"
            raise self._failed(f"'{step}' belum gilirannya; yang menunggu: {waiting}")
        if len(self.path) >= LONGEST:
            raise self._failed(f"lebih dari {LONGEST} tugas")
        self.path.append(step)
        return self._seen(
            engine.complete(self.definition, snapshot.state, task.engine_id, self._names())
        )

    def _system_works(self, snapshot: engine.Snapshot) -> engine.Snapshot:
        """Complete what workers and clocks would, until only people are waited for."""
        while True:
            tasks = (self.definition.tasks[task.step] for task in snapshot.ready)
            step = next((task.id for task in tasks if _goes_by_itself(task)), None)
            if step is None:
                return snapshot
            snapshot = self._complete(snapshot, step)

    def _check(self, snapshot: engine.Snapshot) -> None:
        waiting = ", ".join(task.step for task in snapshot.ready)
        if self.scenario.cancelled and snapshot.ended:
            raise self._failed(f"sudah berakhir di '{snapshot.end_event}' sebelum dibatalkan")
        if not self.scenario.cancelled and not snapshot.ended:
            raise self._failed(f"belum berakhir; yang menunggu: {waiting}")
        if not self.scenario.cancelled and snapshot.end_event != self.scenario.end:
            raise self._failed(f"berakhir di '{snapshot.end_event}', bukan '{self.scenario.end}'")
        for task, count in self.scenario.visits.items():
            if self.visits[task] != count:
                raise self._failed(f"'{task}' terbuka {self.visits[task]} kali, bukan {count} kali")

    def _failed(self, reason: str) -> ScenarioFailed:
        return ScenarioFailed(f"{self.definition.key}, skenario '{self.scenario.name}': {reason}")


def _goes_by_itself(task: TaskDefinition) -> bool:
    """Say whether nobody is waited for: a timer on an edge fires only where a scenario says so."""
    return task.kind is not TaskKind.USER and task.attached_to is None


def _scenarios(
    table: Table, definition: ProcessDefinition, findings: Findings
) -> Iterator[Scenario]:
    for entry in table.tables("scenario"):
        entry.element = entry.text("name", required=True)
        scenario = Scenario(
            name=entry.element,
            steps=tuple(_steps(entry)),
            facts=entry.table("facts").data,
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
        timer = step.text("timer")
        yield Step(
            task=step.text("task", required=not timer),
            form=step.table("form").data,
            facts=step.table("facts").data,
            timer=timer,
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
    for step in scenario.steps:
        if step.timer:
            yield from _wrong_timer(step, definition)
            continue
        task = definition.tasks.get(step.task)
        if task is None or task.kind is not TaskKind.USER:
            yield f"'{step.task}' bukan tugas orang"
        else:
            yield from _wrong_answers(step, task.form)


def _wrong_timer(step: Step, definition: ProcessDefinition) -> Iterator[str]:
    task = definition.tasks.get(step.timer)
    if task is None or task.attached_to is None:
        yield f"'{step.timer}' bukan pewaktu pada batas sebuah tugas"
    if step.task or step.form:
        yield f"pewaktu '{step.timer}' ditulis sendiri, tanpa task dan form"


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
