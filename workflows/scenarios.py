"""Plays the scenarios of a SOP against the engine alone: no database, no people, no machines.

Whoever owns a SOP writes in `scenarios.toml` what people answer and where that must lead
(`scenario_file`).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from workflows import engine
from workflows.definitions import ProcessDefinition, TaskDefinition, TaskKind
from workflows.files.scenario_file import FILE, Scenario, Step, raced, read

__all__ = ["FILE", "Played", "Scenario", "ScenarioFailed", "Step", "play", "read"]

LONGEST = 10_000  # tasks in one scenario
ONE_ROW = ("1",)


class ScenarioFailed(Exception):
    """The process went another way than the scenario says."""


@dataclass(frozen=True)
class Played:
    """What happened: the end event, how often each task became ready, the order of completion."""

    end: str
    visits: Mapping[str, int]
    path: tuple[str, ...]


def play(definition: ProcessDefinition, scenario: Scenario) -> Played:
    """Play a scenario to its end and return what happened; raise ScenarioFailed if it differs."""
    return _Play(definition, scenario).run()


class _Play:
    def __init__(self, definition: ProcessDefinition, scenario: Scenario) -> None:
        self.definition = definition
        self.scenario = scenario
        self.form = dict(scenario.form)
        self.facts = dict(scenario.facts)
        self.raced = raced(definition)
        self.visits: Counter[str] = Counter()
        self.path: list[str] = []

    def run(self) -> Played:
        try:
            snapshot = self._seen(engine.start(self.definition, self._names()))
            for step in self.scenario.steps:
                snapshot = self._system_works(snapshot, until=step.subject)
                self.form.update(step.form)
                self.facts.update(step.facts)
                snapshot = self._complete(snapshot, step.subject, fails=bool(step.fails))
            snapshot = self._system_works(snapshot)
        except engine.EngineError as error:
            raise self._failed(str(error)) from error
        self._check(snapshot)
        return Played(snapshot.end_event, dict(self.visits), tuple(self.path))

    def _names(self) -> engine.Names:
        rows = {
            task.id: self.scenario.rows.get(task.id, ONE_ROW)
            for task in self.definition.tasks.values()
            if task.rows
        }
        return {"form": dict(self.form), "facts": dict(self.facts), "rows": rows}

    def _seen(self, snapshot: engine.Snapshot) -> engine.Snapshot:
        self.visits.update(task.step for task in snapshot.opened)
        return snapshot

    def _complete(
        self, snapshot: engine.Snapshot, step: str, *, fails: bool = False
    ) -> engine.Snapshot:
        task = next((task for task in snapshot.ready if task.step == step), None)
        if task is None:
            waiting = ", ".join(task.step for task in snapshot.ready) or "tidak ada lagi"
            raise self._failed(f"'{step}' belum gilirannya; yang menunggu: {waiting}")
        if len(self.path) >= LONGEST:
            raise self._failed(f"lebih dari {LONGEST} tugas")
        self.path.append(step)
        move = engine.fail if fails else engine.complete
        return self._seen(move(self.definition, snapshot.state, task.engine_id, self._names()))

    def _system_works(self, snapshot: engine.Snapshot, *, until: str = "") -> engine.Snapshot:
        """Complete what workers and clocks would, until only people and messages are waited for.

        What the scenario tells next is left to it.
        """
        while True:
            tasks = (self.definition.tasks[t.step] for t in snapshot.ready if t.step != until)
            step = next((task.id for task in tasks if self._goes_by_itself(task)), None)
            if step is None:
                return snapshot
            snapshot = self._complete(snapshot, step)

    def _goes_by_itself(self, task: TaskDefinition) -> bool:
        """Say whether nobody is waited for; an event on an edge happens only where one says so."""
        by_itself = (TaskKind.AUTOMATIC, TaskKind.CALL, TaskKind.TIMER)
        return task.kind in by_itself and not task.attached_to and task.id not in self.raced

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
