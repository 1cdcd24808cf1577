"""What rooms offer to SOP files by name, registered like admin.py registers models.

Each function gets a frozen context of ids, plain values and the actor, never a model of a room
above. The names are told as `room.verb`, for example `devices.sync_fingerprints`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from foundation.actors import Actor

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True)
class Request:
    """What somebody asks of an agency: about which subject, with which parameters, for whom.

    A subject is a text that the asked room reads: a month is "2026-04", a day "2026-04-17".
    """

    agency_id: int
    subject: str
    actor: Actor
    now: datetime
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RowDone:
    """What a person handed in for one row of a step that is done once per row, and when."""

    user_id: int | None
    at: datetime
    answers: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class StepContext(Request):
    """Where a registered function is called: one task of one instance.

    `answers` are the form's values of this task, `form` the latest of the whole instance by field
    name; files stand in both as the id of a `processes.Attachment`. `parameters` are what stands
    beside the name in `sop.toml`.
    """

    instance_id: int
    definition_key: str
    version: str
    step: str
    visit: int
    task_id: int | None = None
    row: str = ""  # the key of the row, where a task is done once per row
    answers: Mapping[str, Any] = field(default_factory=dict)
    form: Mapping[str, Any] = field(default_factory=dict)
    # Where an automatic step serves a step done once per row: what was handed in, by row.
    rows_done: Mapping[str, RowDone] = field(default_factory=dict)


@dataclass(frozen=True)
class Missing:
    """One row that a step still lacks, in words, with the page where it can be mended."""

    text: str
    link: str = ""


@dataclass(frozen=True)
class Result:
    """What an operation did, in a sentence for the timeline, with a link to it.

    `reused` says that an earlier record still holds: no work was done, and none is judged.
    """

    note: str = ""
    link: str = ""
    reused: bool = False


@dataclass(frozen=True)
class Fact:
    """A value that a gateway reads, and the record it rests on."""

    value: Any
    evidence: str = ""
    link: str = ""


@dataclass(frozen=True)
class Row:
    """One of the things that a task is done for, each by itself: a key and what people call it."""

    key: str
    label: str


@dataclass(frozen=True)
class Waiting:
    """What waits for a person beside his tasks, in words, with the page where it is done."""

    text: str
    link: str
    more: str = ""  # beside it in small letters: what follows if it is left undone


class NothingToReport(LookupError):
    """There is nothing that a report could say; the sentence is for people, trying again is vain.

    Raised by report contexts that cannot be filled; their `report_check` says it beforehand.
    """


class UnknownName(LookupError):
    """A SOP file names a function that no room offers."""


class Registry(Generic[F]):
    """Functions of one kind by name."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._functions: dict[str, F] = {}

    def __call__(self, name: str) -> Callable[[F], F]:
        def register(function: F) -> F:
            self._functions[name] = function
            return function

        return register

    def __contains__(self, name: str) -> bool:
        return name in self._functions

    def names(self) -> list[str]:
        return sorted(self._functions)

    def get(self, name: str) -> F:
        try:
            return self._functions[name]
        except KeyError:
            known = ", ".join(self.names()) or "tidak ada"
            raise UnknownName(f"{self.kind} '{name}' tidak dikenal; yang ada: {known}") from None


@dataclass(frozen=True)
class Panel:
    """Data beside a form: a template of the room and what it shows."""

    template: str
    data: Callable[[StepContext], Mapping[str, Any]]


class Operations(Registry[Callable[[StepContext], Result]]):
    """What SOP files let the system do, and what of it nobody outside relies on.

    Every operation may be repeated safely. One that is not `binding` leaves nothing behind that
    people act on: an instance may still go back to before it.
    """

    def __init__(self) -> None:
        super().__init__("operation")
        self._free: set[str] = set()

    def __call__(
        self, name: str, *, binding: bool = True
    ) -> Callable[[Callable[[StepContext], Result]], Callable[[StepContext], Result]]:
        if not binding:
            self._free.add(name)
        return super().__call__(name)

    def is_binding(self, name: str) -> bool:
        return name not in self._free


operation = Operations()
guard: Registry[Callable[[StepContext], Sequence[Missing]]] = Registry("guard")
multiplier: Registry[Callable[[StepContext], int]] = Registry("multiplier")
performer: Registry[Callable[[StepContext], Sequence[int]]] = Registry("performer")
# As what somebody whom the performer of the same name names does the task: "Plh. Kepala Bidang".
performer_title: Registry[Callable[[StepContext, int], str]] = Registry("performer_title")
# What a task is done for, once per row; asked when the task is entered.
rows: Registry[Callable[[StepContext], Sequence[Row]]] = Registry("rows")
fact: Registry[Callable[[StepContext], Fact]] = Registry("fact")
deadline: Registry[Callable[[StepContext], datetime]] = Registry("deadline")
# Called by `request_operation`, outside any instance; most stand in `operation` too.
requested: Registry[Callable[[Request], Result]] = Registry("requested")
document_context: Registry[Callable[[StepContext], Mapping[str, Any]]] = Registry(
    "document_context"
)
# What reports of an agency draw on, without an instance.
_report_context: Registry[Callable[[Request], Mapping[str, Any]]] = Registry("report_context")
# Why a context of the same name cannot be filled, as a sentence, "" where it can: told beforehand.
report_check: Registry[Callable[[Request], str]] = Registry("report_check")
handover: Registry[Callable[[StepContext], Result]] = Registry("handover")
# Told which instance was cancelled, by whom and when, in that transaction; not named by SOP files.
cancelled: Registry[Callable[[int, Actor, datetime], None]] = Registry("cancelled")
# The names of the messages that a room sends; registered under what people call the room.
tells: Registry[Callable[[], Iterable[str]]] = Registry("tells")
# Asked with the person's id and the moment; not named by SOP files but by the inbox of everybody.
waiting: Registry[Callable[[int, datetime], Sequence[Waiting]]] = Registry("waiting")
choices: Registry[Callable[[StepContext], Sequence[tuple[str, str]]]] = Registry("choices")


class ReportContexts:
    """Contexts that need no instance: reports ask for them, and the documents of a SOP may too."""

    def __call__(
        self, name: str
    ) -> Callable[[Callable[[Request], Mapping[str, Any]]], Callable[[Request], Mapping[str, Any]]]:
        def register(
            function: Callable[[Request], Mapping[str, Any]],
        ) -> Callable[[Request], Mapping[str, Any]]:
            document_context(name)(function)
            return _report_context(name)(function)

        return register

    get = staticmethod(_report_context.get)
    names = staticmethod(_report_context.names)


report_context = ReportContexts()


@dataclass(frozen=True)
class SubjectChoice:
    """One thing that a report can be about: its subject, and what people call it."""

    subject: str
    label: str


@dataclass(frozen=True)
class SubjectKind:
    """What reports of one kind can be about; the room that owns the things answers.

    `find(user id, agency id, subject, now)` returns the thing, None where it is not there or not
    for this person; `list` the newest that the person may ask for, at most a page of them.
    """

    find: Callable[[int, int, str, datetime], SubjectChoice | None]
    list: Callable[[int, int, datetime], Sequence[SubjectChoice]]


_subject_kinds: dict[str, SubjectKind] = {}


def register_subject_kind(name: str, kind: SubjectKind) -> None:
    """Offer what reports can be about under a name like `attendance.outage`."""
    _subject_kinds[name] = kind


def subject_kinds() -> list[str]:
    return sorted(_subject_kinds)


def subject_kind(name: str) -> SubjectKind:
    """Return the kind; UnknownName where no room offers it."""
    try:
        return _subject_kinds[name]
    except KeyError:
        raise UnknownName(f"subject_kind '{name}' tidak dikenal") from None


_panels: dict[str, Panel] = {}


def panel(
    name: str, *, template: str
) -> Callable[
    [Callable[[StepContext], Mapping[str, Any]]], Callable[[StepContext], Mapping[str, Any]]
]:
    """Register the data of a panel and the template that shows it.

    A `headline` among the data is one sentence that a page also says above a decision.
    """

    def register(
        data: Callable[[StepContext], Mapping[str, Any]],
    ) -> Callable[[StepContext], Mapping[str, Any]]:
        _panels[name] = Panel(template, data)
        return data

    return register


def get_panel(name: str) -> Panel:
    try:
        return _panels[name]
    except KeyError:
        raise UnknownName(f"panel '{name}' tidak dikenal") from None


def panel_names() -> list[str]:
    return sorted(_panels)
