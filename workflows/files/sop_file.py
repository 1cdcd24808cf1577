"""`sop.toml`: the head of a SOP, its mutu baku, and what each step calls by name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from workflows.definitions import Call, QualityStandard, SopHead, SubjectKind
from workflows.files.findings import Findings
from workflows.files.toml_tables import Table, parse

MAXIMUM_TITLE = 200


@dataclass(frozen=True)
class Step:
    """What `sop.toml` says about one BPMN id. `written` are the keys that stand there."""

    id: str
    written: frozenset[str] = frozenset()
    number: int | None = None
    serves: str | None = None
    standard: QualityStandard = field(default_factory=QualityStandard)
    operation: Call | None = None
    deadline: Call | None = None
    rows: Call | None = None
    correlates: str = ""
    subject: str = ""
    results: Mapping[str, str] = field(default_factory=dict)
    may_start_early: bool = False
    guards: tuple[Call, ...] = ()
    panels: tuple[Call, ...] = ()
    not_same_person_as: str | None = None


@dataclass(frozen=True)
class SopFile:
    head: SopHead
    subject: SubjectKind = SubjectKind.NONE
    facts: Mapping[str, Call] = field(default_factory=dict)
    performers: Mapping[str, Call | None] = field(default_factory=dict)  # by lane name
    steps: Mapping[str, Step] = field(default_factory=dict)

    def calls(self) -> Iterator[tuple[str, Call, str]]:
        """Yield every call as (kind of registry, call, where it stands)."""
        for name, call in self.facts.items():
            yield "fact", call, name
        for name, performer in self.performers.items():
            if performer:
                yield "performer", performer, name
        for step in self.steps.values():
            single = (
                ("operation", step.operation),
                ("deadline", step.deadline),
                ("rows", step.rows),
                ("multiplier", step.standard.per),
            )
            yield from ((kind, call, step.id) for kind, call in single if call)
            yield from (("guard", call, step.id) for call in step.guards)
            yield from (("panel", call, step.id) for call in step.panels)


def read(content: bytes, findings: Findings) -> SopFile | None:
    """Return what the file says, noting every key and value that is wrong."""
    table = parse(content, findings)
    if table is None:
        return None
    sop = SopFile(
        head=_head(table),
        subject=_subject(table),
        facts=dict(_facts(table)),
        performers=dict(_performers(table)),
        steps={step.id: step for step in _steps(table)},
    )
    table.finish()
    return sop


def _head(table: Table) -> SopHead:
    return SopHead(
        number=table.text("number"),
        title=table.text("title", required=True, limit=MAXIMUM_TITLE),
        unit=table.text("unit"),
        agency=table.text("agency"),
        created_on=table.date("created_on"),
        revised_on=table.date("revised_on"),
        effective_on=table.date("effective_on"),
        approved_by=table.text("approved_by"),
        legal_basis=table.texts("legal_basis"),
        qualifications=table.texts("qualifications"),
        related=table.texts("related"),
        equipment=table.texts("equipment"),
        warning=table.text("warning"),
        records=table.texts("records"),
        stated_total=table.duration("stated_total"),
    )


def _subject(table: Table) -> SubjectKind:
    value = table.text("subject") or SubjectKind.NONE
    if value not in set(SubjectKind):
        table.wrong("subject", "salah satu dari " + ", ".join(SubjectKind))
        return SubjectKind.NONE
    return SubjectKind(value)


def _facts(table: Table) -> Iterator[tuple[str, Call]]:
    for name, entry in table.named_tables("facts"):
        if not name.isidentifier() or not name.isascii() or name.startswith("_"):
            table.findings.note(
                "E042", f"nama fakta '{name}' tidak dapat dibaca kondisi", element=name,
                hint="Huruf kecil, angka dan _ saja, diawali huruf.",
            )  # fmt: skip
        call = entry.whole_call()
        if call:
            yield name, call


def _performers(table: Table) -> Iterator[tuple[str, Call | None]]:
    for name, entry in table.named_tables("lanes"):
        yield " ".join(name.split()), entry.call("performer")
        entry.finish()


def _steps(table: Table) -> Iterator[Step]:
    for identifier, entry in table.named_tables("steps"):
        yield Step(
            id=identifier,
            written=frozenset(entry.data),
            number=entry.number("number"),
            serves=entry.text("serves") or None,
            standard=QualityStandard(
                requirements=entry.texts("requirements"),
                duration=entry.duration("standard"),
                per=entry.call("per"),
                per_label=entry.text("per_label"),
                output=entry.texts("output"),
                note=entry.text("note"),
            ),
            operation=entry.call("operation"),
            deadline=entry.call("deadline"),
            rows=entry.call("rows"),
            correlates=entry.text("correlates"),
            subject=entry.text("subject"),
            results=entry.texts_by_name("results"),
            may_start_early=entry.boolean("may_start_early"),
            guards=entry.calls("guards"),
            panels=entry.calls("panels"),
            not_same_person_as=entry.text("not_same_person_as") or None,
        )
        entry.finish()
