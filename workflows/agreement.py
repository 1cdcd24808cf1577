"""Whether the files of one SOP agree with each other, and the definition they make together."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from workflows import bpmn_soundness, expressions
from workflows.bpmn_diagram import Diagram, Node
from workflows.definitions import (
    Call,
    FieldType,
    Form,
    FormField,
    ProcessDefinition,
    TaskDefinition,
    TaskKind,
)
from workflows.findings import Finding, Findings
from workflows.frozen import Frozen
from workflows.sop_file import SopFile, Step

COMMON = {"serves", "note"}
KEYS = {
    TaskKind.USER: COMMON
    | {"number", "requirements", "standard", "per", "per_label", "output", "guards", "panels",
       "not_same_person_as"},
    TaskKind.AUTOMATIC: COMMON | {"operation"},
    TaskKind.TIMER: COMMON | {"deadline", "may_start_early"},
}  # fmt: skip
# Nobody fires by hand what tells that he waited too long.
BOUNDARY_KEYS = COMMON | {"deadline"}
KIND_NAMES = {
    TaskKind.USER: "tugas orang",
    TaskKind.AUTOMATIC: "tugas otomatis",
    TaskKind.TIMER: "pewaktu",
}
CLOSED = {FieldType.CHOICE, FieldType.CHOICES, FieldType.CHECKLIST, FieldType.OUTCOME}


def compare(
    diagram: Diagram, sop: SopFile, forms: Mapping[str, Form], files: Mapping[str, bytes]
) -> list[Finding]:
    """Return where diagram, `sop.toml`, forms and Word files contradict each other."""
    in_sop, in_bpmn = Findings("sop.toml"), Findings("process.bpmn")
    _check_steps(diagram, sop, in_sop)
    for step in sop.steps.values():
        if node := diagram.tasks.get(step.id):
            _check_step(node, step, diagram, sop, in_sop)
    _check_numbers(sop, in_sop)
    _check_parameters(sop, forms, files, in_sop)
    _check_conditions(diagram, sop, forms, in_bpmn)
    _check_unused(diagram, sop, files, in_sop)
    return [*in_bpmn, *in_sop, *_check_forms(diagram, forms)]


def build(
    key: str,
    version: str,
    diagram: Diagram,
    sop: SopFile,
    forms: Mapping[str, Form],
    files: Mapping[str, bytes],
) -> ProcessDefinition:
    """Return the definition of files that agree; its tasks stand in the order of the flow."""
    tasks = {
        node.id: _task(node, node.kind, sop, forms.get(node.id, Form()))
        for node in bpmn_soundness.in_order(diagram)
        if node.kind
    }
    return ProcessDefinition(
        key=key,
        version=version,
        process_id=diagram.process_id,
        head=sop.head,
        subject=sop.subject,
        lanes=tuple(
            replace(lane, performer=sop.performers.get(lane.name)) for lane in diagram.lanes
        ),
        tasks=Frozen(tasks),
        flows=diagram.flows,
        facts=Frozen(sop.facts),
        files=Frozen(files),
    )


def _task(node: Node, kind: TaskKind, sop: SopFile, form: Form) -> TaskDefinition:
    step = sop.steps[node.id]
    return TaskDefinition(
        id=node.id,
        name=node.name,
        activity=node.documentation or node.name,
        kind=kind,
        lane=node.lane,
        number=step.number,
        serves=step.serves or _served_on_edge(node, sop),
        standard=step.standard,
        form=form,
        operation=step.operation,
        deadline=step.deadline,
        duration=node.duration,
        attached_to=node.attached_to or None,
        interrupts=node.interrupts,
        may_start_early=step.may_start_early,
        guards=step.guards,
        panels=step.panels,
        not_same_person_as=step.not_same_person_as,
    )


def _served_on_edge(node: Node, sop: SopFile) -> str | None:
    """Return the numbered step that a timer on an edge serves: that of the task it stands on."""
    host = sop.steps.get(node.attached_to)
    if host is None or host.number is not None:
        return node.attached_to or None
    return host.serves


def _check_steps(diagram: Diagram, sop: SopFile, findings: Findings) -> None:
    for identifier in diagram.tasks.keys() - sop.steps.keys():
        findings.note(
            "E044", "tugas ini belum ada di sop.toml", element=identifier,
            hint=f"Tambahkan [steps.{identifier}].",
        )  # fmt: skip
    for identifier in sop.steps.keys() - diagram.tasks.keys():
        findings.note(
            "E043", "langkah ini tidak ada sebagai tugas di process.bpmn", element=identifier,
            hint="Samakan dengan id tugas di diagram, atau hapus.",
        )  # fmt: skip
    lanes = {lane.name for lane in diagram.lanes}
    for name in sop.performers.keys() - lanes:
        findings.note(
            "E049", f"lane '{name}' tidak ada di process.bpmn", element=name,
            hint=f"Lane di diagram: {', '.join(sorted(lanes))}.",
        )  # fmt: skip


def _check_step(node: Node, step: Step, diagram: Diagram, sop: SopFile, findings: Findings) -> None:
    kind = diagram.nodes[node.id].kind or TaskKind.USER
    keys = BOUNDARY_KEYS if node.attached_to else KEYS[kind]
    for key in sorted(step.written - keys):
        findings.note(
            "E045", f"'{key}' tidak berlaku untuk {KIND_NAMES[kind]}", element=step.id,
            hint=f"Yang berlaku: {', '.join(sorted(keys))}.",
        )  # fmt: skip
    if kind is TaskKind.AUTOMATIC and not step.operation:
        findings.note(
            "E046", "tugas otomatis tanpa operation", element=step.id,
            hint='Tulis operation = { use = "..." }.',
        )  # fmt: skip
    if kind is TaskKind.TIMER and bool(step.deadline) == bool(node.duration):
        findings.note(
            "E031", "pewaktu harus mempunyai timeDuration di BPMN atau deadline di sop.toml, "
            "salah satu saja", element=step.id,
        )  # fmt: skip
    if step.standard.per and not step.standard.duration:
        findings.note("E046", "'per' tanpa 'standard'", element=step.id)
    _check_references(node, step, diagram, sop, findings)


def _check_references(
    node: Node, step: Step, diagram: Diagram, sop: SopFile, findings: Findings
) -> None:
    if step.serves and node.attached_to and step.serves != _served_on_edge(node, sop):
        findings.note(
            "E047", f"melayani '{step.serves}', padahal menempel pada '{node.attached_to}'",
            element=step.id, hint="Hapus serves; pewaktu batas melayani tugasnya sendiri.",
        )  # fmt: skip
    if step.serves:
        served, target = diagram.tasks.get(step.serves), sop.steps.get(step.serves)
        if served is None or target is None or target.number is None:
            findings.note(
                "E047", f"serves menunjuk '{step.serves}', yang bukan langkah bernomor",
                element=step.id,
            )  # fmt: skip
        elif served.lane != node.lane:
            findings.note(
                "E047", f"melayani '{step.serves}' tetapi berada di lane lain", element=step.id,
                hint=f"Pindahkan ke lane '{served.lane}' di diagram.",
            )  # fmt: skip
        if step.number is not None:
            findings.note("E047", "bernomor dan sekaligus melayani langkah lain", element=step.id)
    if step.not_same_person_as:
        other = diagram.tasks.get(step.not_same_person_as)
        if other is None or other.kind is not TaskKind.USER or other.id == step.id:
            findings.note(
                "E047",
                f"not_same_person_as menunjuk '{step.not_same_person_as}', "
                "yang bukan tugas orang yang lain",
                element=step.id,
            )


def _check_numbers(sop: SopFile, findings: Findings) -> None:
    numbered: dict[int, str] = {}
    for step in sop.steps.values():
        if step.number is None:
            continue
        if step.number in numbered:
            findings.note(
                "E048", f"nomor {step.number} sudah dipakai '{numbered[step.number]}'",
                element=step.id,
            )  # fmt: skip
        numbered[step.number] = step.id


def _check_forms(diagram: Diagram, forms: Mapping[str, Form]) -> Iterator[Finding]:
    types: dict[str, FieldType] = {}
    for identifier, form in forms.items():
        findings = Findings(f"forms/{identifier}.toml")
        node = diagram.tasks.get(identifier)
        if node is None or node.kind is not TaskKind.USER:
            findings.note(
                "E050", "tidak ada tugas orang dengan id ini di process.bpmn", element=identifier,
                hint="Nama berkas harus sama dengan id tugasnya.",
            )  # fmt: skip
        for field in form.fields:
            if types.setdefault(field.name, field.type) is not field.type:
                findings.note(
                    "E051", f"di formulir lain berjenis {types[field.name]}", element=field.name,
                    hint="Pakai nama lain, atau samakan jenisnya.",
                )  # fmt: skip
        yield from findings


def _fields(forms: Mapping[str, Form]) -> dict[str, dict[str, FormField]]:
    """Return the fields by name, and of each the tasks that ask it."""
    found: dict[str, dict[str, FormField]] = {}
    for identifier, form in forms.items():
        for field in form.fields:
            found.setdefault(field.name, {})[identifier] = field
    return found


def _check_conditions(
    diagram: Diagram, sop: SopFile, forms: Mapping[str, Form], findings: Findings
) -> None:
    fields = _fields(forms)
    for flow in diagram.flows:
        try:
            names = sorted(expressions.reads(flow.condition)) if flow.condition else []
        except expressions.ExpressionError:
            continue  # noted where the diagram was read
        for namespace, name in names:
            if namespace == "facts" and name not in sop.facts:
                findings.note(
                    "E061", f"membaca facts.{name} yang tidak ada di sop.toml", element=flow.id,
                    hint=f"Tambahkan [facts.{name}].",
                )  # fmt: skip
            elif namespace == "form" and name not in fields:
                findings.note(
                    "E060", f"membaca form.{name} yang tidak ada di formulir mana pun",
                    element=flow.id,
                )  # fmt: skip
            elif namespace == "form" and bpmn_soundness.avoidable(
                diagram, flow.source, set(fields[name])
            ):
                findings.note(
                    "E062", f"membaca form.{name} yang mungkin belum diisi saat gerbang tercapai",
                    element=flow.id, hint=f"Yang mengisinya: {', '.join(sorted(fields[name]))}.",
                )  # fmt: skip
        if names:
            _check_values(flow.condition, flow.id, fields, findings)


def _check_values(
    condition: str, flow: str, fields: dict[str, dict[str, FormField]], findings: Findings
) -> None:
    for (namespace, name), value in expressions.comparisons(condition):
        asked = list(fields.get(name, {}).values()) if namespace == "form" else []
        if not asked or any(f.type not in CLOSED or f.source for f in asked):
            continue
        values = {option.value for field in asked for option in field.options}
        if value not in values | {""}:
            findings.note(
                "E063", f"membandingkan form.{name} dengan {value!r}, yang tidak dapat dipilih",
                element=flow, hint=f"Pilihannya: {', '.join(sorted(values))}.",
            )  # fmt: skip


def _check_parameters(
    sop: SopFile, forms: Mapping[str, Form], files: Mapping[str, bytes], findings: Findings
) -> None:
    """These names of parameters mean the same to every room: template, fact, fields."""
    fields = _fields(forms)
    for _, call, where in sop.calls():
        for template in texts_of(call, "template"):
            if f"docx/{template}" not in files:
                findings.note(
                    "E064", f"berkas docx/{template} tidak ada", element=where,
                    hint=f"Letakkan templat Word di docx/ (dipakai {call.name}).",
                )  # fmt: skip
        for fact in texts_of(call, "fact"):
            if fact not in sop.facts:
                findings.note("E065", f"fakta '{fact}' tidak ada di [facts]", element=where)
        for name in _named_fields(call):
            if name not in fields:
                findings.note(
                    "E066", f"isian '{name}' tidak ada di formulir mana pun", element=where
                )


def texts_of(call: Call, parameter: str) -> tuple[str, ...]:
    """Return what a parameter names, one or several; what is no text is named as it stands."""
    value = call.parameters.get(parameter, ())
    return tuple(str(entry) for entry in (value if isinstance(value, tuple) else (value,)))


def _named_fields(call: Call) -> list[str]:
    mapping = call.parameters.get("fields")
    if not isinstance(mapping, Mapping):
        return []
    return [name for name in mapping.values() if isinstance(name, str)]


def _check_unused(
    diagram: Diagram, sop: SopFile, files: Mapping[str, bytes], findings: Findings
) -> None:
    read = {name for _, call, _ in sop.calls() for name in texts_of(call, "fact")}
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
