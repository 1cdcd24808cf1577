"""Whether every name that a condition or a call reads is there: fields, facts, templates."""

from collections.abc import Collection, Mapping

from workflows import expressions
from workflows.definitions import Call, FieldType, Flow, Form, FormField, TaskKind
from workflows.files.findings import Findings
from workflows.files.sop_file import SopFile
from workflows.messages import SEND
from workflows.reading import soundness
from workflows.reading.diagram import Diagram

CLOSED = {FieldType.CHOICE, FieldType.CHOICES, FieldType.CHECKLIST, FieldType.OUTCOME}
SUBJECT = "subject"


class Names:
    """What the files of a SOP name: fields of forms by task, results of what it calls by task."""

    def __init__(self, diagram: Diagram, sop: SopFile, forms: Mapping[str, Form]) -> None:
        self.diagram, self.sop = diagram, sop
        self.fields: dict[str, dict[str, FormField]] = {}
        for identifier, form in forms.items():
            for field in form.fields:
                self.fields.setdefault(field.name, {})[identifier] = field
        self.results: dict[str, set[str]] = {}
        for step in sop.steps.values():
            for name in step.results:
                self.results.setdefault(name, set()).add(step.id)

    def sources(self, field: str) -> set[str]:
        """Return the tasks that give a field its value; none where there is no such field."""
        return {*self.fields.get(field, ()), *self.results.get(field, ())}

    def per_row(self, field: str) -> list[str]:
        """Return those of its tasks that are done once per row: each answers for its row alone."""
        nodes = self.diagram.tasks
        return sorted(t for t in self.sources(field) if t in nodes and nodes[t].per_row)


def check_conditions(names: Names, findings: Findings) -> None:
    """Note every condition that reads what nobody gives, or not in time."""
    for flow in names.diagram.flows:
        try:
            read = sorted(expressions.reads(flow.condition)) if flow.condition else []
        except expressions.ExpressionError:
            continue  # noted where the diagram was read
        for namespace, name in read:
            if namespace == "facts" and name not in names.sop.facts:
                findings.note(
                    "E061", f"membaca facts.{name} yang tidak ada di sop.toml", element=flow.id,
                    hint=f"Tambahkan [facts.{name}].",
                )  # fmt: skip
            elif namespace == "form":
                _check_field(flow, name, names, findings)
        if read:
            _check_values(flow.condition, flow.id, names, findings)


def _check_field(flow: Flow, name: str, names: Names, findings: Findings) -> None:
    sources = names.sources(name)
    if not sources:
        findings.note(
            "E060", f"membaca form.{name} yang tidak ada di formulir mana pun",
            element=flow.id,
        )  # fmt: skip
    elif per_row := names.per_row(name):
        findings.note(
            "E067", f"membaca form.{name}, yang dijawab sekali per baris di {', '.join(per_row)}",
            element=flow.id, hint="Pakai fakta yang memandang semua baris.",
        )  # fmt: skip
    elif soundness.avoidable(names.diagram, flow.source, sources):
        findings.note(
            "E062", f"membaca form.{name} yang mungkin belum diisi saat gerbang tercapai",
            element=flow.id, hint=f"Yang mengisinya: {', '.join(sorted(sources))}.",
        )  # fmt: skip


def _check_values(condition: str, flow: str, names: Names, findings: Findings) -> None:
    for (namespace, name), value in expressions.comparisons(condition):
        asked = list(names.fields.get(name, {}).values()) if namespace == "form" else []
        is_open = name in names.results or any(f.type not in CLOSED or f.source for f in asked)
        if not asked or is_open:
            continue
        values = {option.value for field in asked for option in field.options}
        if value not in values | {""}:
            findings.note(
                "E063", f"membandingkan form.{name} dengan {value!r}, yang tidak dapat dipilih",
                element=flow, hint=f"Pilihannya: {', '.join(sorted(values))}.",
            )  # fmt: skip


def check_parameters(names: Names, files: Mapping[str, bytes], findings: Findings) -> None:
    """These names of parameters mean the same to every room: template, fact, fields."""
    for _, call, where in names.sop.calls():
        for template in texts_of(call, "template"):
            if f"docx/{template}" not in files:
                findings.note(
                    "E064", f"berkas docx/{template} tidak ada", element=where,
                    hint=f"Letakkan templat Word di docx/ (dipakai {call.name}).",
                )  # fmt: skip
        for fact in texts_of(call, "fact"):
            if fact not in names.sop.facts:
                findings.note("E065", f"fakta '{fact}' tidak ada di [facts]", element=where)
        for name in (*_named_fields(call), *_sent_fields(call)):
            if not names.sources(name):
                findings.note(
                    "E066", f"isian '{name}' tidak ada di formulir mana pun", element=where
                )
        if call.name == SEND:
            written = str(call.parameters.get(SUBJECT, SUBJECT))
            _check_subject(written, where, names, findings, facts=names.sop.facts)
    for step in names.sop.steps.values():
        node = names.diagram.tasks.get(step.id)
        if node is not None and node.kind is TaskKind.CALL:
            _check_subject(step.subject or SUBJECT, step.id, names, findings)
            _check_results(step.results, step.id, findings)


def _check_subject(
    written: str, where: str, names: Names, findings: Findings, *, facts: Collection[str] = ()
) -> None:
    """What a message or a called SOP is about: what this one is about, an answer, or a fact."""
    namespace, _, name = written.partition(".")
    is_known = (namespace == "form" and names.sources(name)) or (
        namespace == "facts" and name in facts
    )
    if written != SUBJECT and not is_known:
        findings.note(
            "E066", f"subject '{written[:80]}' tidak dapat dibaca", element=where,
            hint='Tulis "subject" (pokok SOP ini) atau "form.<isian>"'
            + (', atau "facts.<fakta>" pada kabar.' if facts else "."),
        )  # fmt: skip


def _check_results(results: Mapping[str, str], where: str, findings: Findings) -> None:
    for name in sorted({*results, *results.values()}):
        if not name.isidentifier() or not name.isascii() or name.startswith("_"):
            findings.note(
                "E042", f"results: '{name[:80]}' bukan nama isian", element=where,
                hint='Tulis results = { isian_kita = "isian_sop_itu" }.',
            )  # fmt: skip


def texts_of(call: Call, parameter: str) -> tuple[str, ...]:
    """Return what a parameter names, one or several; what is no text is named as it stands."""
    value = call.parameters.get(parameter, ())
    return tuple(str(entry) for entry in (value if isinstance(value, tuple) else (value,)))


def _named_fields(call: Call) -> list[str]:
    mapping = call.parameters.get("fields")
    if not isinstance(mapping, Mapping):
        return []
    return [name for name in mapping.values() if isinstance(name, str)]


def _sent_fields(call: Call) -> tuple[str, ...]:
    """Return the fields that a message hands over."""
    return texts_of(call, "form") if call.name == SEND else ()


def check_unused(names: Names, files: Mapping[str, bytes], findings: Findings) -> None:
    """Warn of facts and templates that nothing needs."""
    diagram, sop = names.diagram, names.sop
    read = {name for _, call, _ in sop.calls() for name in texts_of(call, "fact")}
    for _, call, _ in sop.calls():
        if call.name == SEND:
            read |= {text.removeprefix("facts.") for text in texts_of(call, SUBJECT)}
    for flow in diagram.flows:
        try:
            read |= {name for _, name in expressions.reads(flow.condition)}
        except expressions.ExpressionError:
            continue  # empty, or noted where the diagram was read
    for name in sop.facts.keys() - read:
        findings.note("W061", "fakta ini tidak dibaca siapa pun", element=name)
    named = {f"docx/{t}" for _, call, _ in sop.calls() for t in texts_of(call, "template")}
    for path in sorted(files):
        if path.endswith(".docx") and path not in named:
            findings.note("W064", f"templat {path} tidak dipakai langkah mana pun")
