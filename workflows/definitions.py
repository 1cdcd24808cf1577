"""A process as it is written: frozen, plain data, no Django, no engine.

One folder `bpmn/<key>/` becomes one `ProcessDefinition`. Order, lanes and names come from the BPMN,
norms (mutu baku) and what a step calls from `sop.toml`, fields from `forms/`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

# The key of a SOP: the name of its folder.
KEY = re.compile(r"[a-z][a-z0-9_]{0,79}", re.ASCII)


class TaskKind(StrEnum):
    """Who moves a task on. The engine stops at all of them alike."""

    USER = "user"
    AUTOMATIC = "automatic"
    TIMER = "timer"
    MESSAGE = "message"  # waits for a message of that name, from another process or a room
    CALL = "call"  # waits for the end of another SOP that it began


class OutcomeKind(StrEnum):
    """What a decision means; the value and its label are the SOP's own words."""

    APPROVE = "approve"
    RETURN = "return"
    REJECT = "reject"


class FieldType(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    DATE = "date"
    BOOLEAN = "boolean"  # a box that must be ticked when the field is required
    CHOICE = "choice"
    CHOICES = "choices"  # several of a list
    CHECKLIST = "checklist"  # all of a list must be ticked when required
    FILE = "file"
    OUTCOME = "outcome"
    COMMENT = "comment"


class SubjectKind(StrEnum):
    """What one instance is about; with key and agency it makes an instance unique."""

    MONTH = "month"  # 2026-04
    DAY = "day"  # 2026-04-30
    EMPLOYEE = "employee"
    LETTER = "letter"
    INCIDENT = "incident"
    ROW = "row"  # another row that a room keeps: its id
    TEXT = "text"  # a subject in the starter's own words
    NONE = "none"  # no subject: any number of instances


class Correlation(StrEnum):
    """Which process of the agency a message is for."""

    SUBJECT = "subject"  # the one with the subject that the message names
    AGENCY = "agency"  # any


# Begun on the page of their room, which knows the row and asks its own permission.
ROOM_SUBJECTS = frozenset(
    {SubjectKind.EMPLOYEE, SubjectKind.LETTER, SubjectKind.INCIDENT, SubjectKind.ROW}
)


@dataclass(frozen=True)
class Call:
    """A registered function named by `sop.toml`, with the parameters written beside it."""

    name: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    kind: OutcomeKind | None = None
    comment_required: bool = False


@dataclass(frozen=True)
class FormField:
    """One field of a form. `options` are written in the file or come from `source`."""

    name: str
    label: str
    type: FieldType
    required: bool = True
    help: str = ""
    options: tuple[Option, ...] = ()
    source: Call | None = None
    initial: str = ""
    suggestions: tuple[str, ...] = ()  # what is often said in a comment


@dataclass(frozen=True)
class Form:
    fields: tuple[FormField, ...] = ()

    @property
    def outcome(self) -> FormField | None:
        return next((f for f in self.fields if f.type is FieldType.OUTCOME), None)

    @property
    def comment(self) -> FormField | None:
        return next((f for f in self.fields if f.type is FieldType.COMMENT), None)

    def option(self, value: str) -> Option | None:
        """Return the option of the outcome field that has this value."""
        options = self.outcome.options if self.outcome else ()
        return next((o for o in options if o.value == value), None)


@dataclass(frozen=True)
class QualityStandard:
    """Mutu baku of a step: kelengkapan, waktu, output. `per` multiplies the duration by n."""

    requirements: tuple[str, ...] = ()
    duration: timedelta | None = None
    per: Call | None = None
    per_label: str = ""
    output: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class TaskDefinition:
    """One activity. `number` is the step of the SOP; automatic tasks and timers serve one.

    `name` is short enough for a box and a list; `activity` is the sentence that the sheet prints,
    the documentation of the BPMN element, else the name.
    """

    id: str
    name: str
    kind: TaskKind
    lane: str
    number: int | None = None
    serves: str | None = None
    standard: QualityStandard = QualityStandard()
    form: Form = Form()
    operation: Call | None = None
    deadline: Call | None = None
    duration: timedelta | None = None
    attached_to: str | None = None  # a timer on the edge of this task runs only while it is open
    interrupts: bool = False  # such a timer or message ends its task when it fires
    error_way: str | None = None  # the error event on the edge of an automatic task
    message: str = ""  # what a MESSAGE task waits for, and what a throwing event sends
    correlates: Correlation = Correlation.SUBJECT
    rows: Call | None = None  # done once per row of this list, by many people at a time
    calls: str = ""  # the key of the SOP that a CALL task begins
    subject: str = ""  # what that SOP is about: "subject" is ours, "form.<field>" an answer
    results: Mapping[str, str] = field(default_factory=dict)  # our field <- field of that SOP
    may_start_early: bool = False
    guards: tuple[Call, ...] = ()
    panels: tuple[Call, ...] = ()
    not_same_person_as: str | None = None
    activity: str = ""


@dataclass(frozen=True)
class Lane:
    """A swim lane. Its name is the role, unless a registered performer names the person."""

    id: str
    name: str
    performer: Call | None = None


@dataclass(frozen=True)
class SopHead:
    """The head of the SOP sheet as it is printed. `effective_on` is often empty."""

    number: str
    title: str
    unit: str = ""
    agency: str = ""
    created_on: date | None = None
    revised_on: date | None = None
    effective_on: date | None = None
    approved_by: str = ""
    legal_basis: tuple[str, ...] = ()
    qualifications: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    warning: str = ""
    records: tuple[str, ...] = ()
    stated_total: timedelta | None = None


@dataclass(frozen=True)
class Flow:
    """A sequence flow; `condition` is the checked source text."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""


@dataclass(frozen=True)
class ProcessDefinition:
    """One version of one SOP, whole."""

    key: str
    version: str  # SHA-256 over the folder
    process_id: str
    head: SopHead
    subject: SubjectKind
    lanes: tuple[Lane, ...]
    tasks: Mapping[str, TaskDefinition]  # by BPMN id, in the order of the diagram
    flows: tuple[Flow, ...]
    facts: Mapping[str, Call]
    files: Mapping[str, bytes] = field(repr=False)  # the folder itself, by relative path
    start_message: str = ""  # begun by a message of this name

    @property
    def bpmn(self) -> bytes:
        return self.files["process.bpmn"]

    @property
    def steps(self) -> tuple[TaskDefinition, ...]:
        """The numbered steps of the SOP, in their order."""
        numbered = [t for t in self.tasks.values() if t.number is not None]
        return tuple(sorted(numbered, key=lambda t: t.number or 0))

    def lane(self, name: str) -> Lane:
        return next(lane for lane in self.lanes if lane.name == name)

    def step_of(self, task_id: str) -> TaskDefinition:
        """Return the numbered step that a task is or serves; the task itself if none."""
        task = self.tasks[task_id]
        return self.tasks[task.serves] if task.serves else task
