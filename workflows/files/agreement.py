"""Whether the files of one SOP agree with each other, and the definition they make together."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from workflows.definitions import (
    Call,
    Correlation,
    FieldType,
    Form,
    ProcessDefinition,
    TaskDefinition,
    TaskKind,
)
from workflows.files import agreement_names
from workflows.files.findings import Finding, Findings
from workflows.files.sop_file import SopFile, Step
from workflows.frozen import Frozen
from workflows.messages import SEND
from workflows.reading import soundness
from workflows.reading.diagram import Diagram, Node, Trigger

COMMON = {"serves", "note"}
KEYS = {
    TaskKind.USER: COMMON
    | {"number", "requirements", "standard", "per", "per_label", "output", "guards", "panels",
       "not_same_person_as"},
    TaskKind.AUTOMATIC: COMMON | {"operation"},
    TaskKind.TIMER: COMMON | {"deadline", "may_start_early"},
    TaskKind.MESSAGE: COMMON | {"correlates"},
    TaskKind.CALL: COMMON | {"subject", "results"},
}  # fmt: skip
KIND_NAMES = {
    TaskKind.USER: "tugas orang",
    TaskKind.AUTOMATIC: "tugas otomatis",
    TaskKind.TIMER: "pewaktu",
    TaskKind.MESSAGE: "pesan yang ditunggu",
    TaskKind.CALL: "SOP yang dipanggil",
}


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
    named = agreement_names.Names(diagram, sop, forms)
    agreement_names.check_conditions(named, in_bpmn)
    agreement_names.check_parameters(named, files, in_sop)
    agreement_names.check_unused(named, files, in_sop)
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
        node.id: _task(node, node.kind, diagram, sop, forms.get(node.id, Form()))
        for node in soundness.in_order(diagram)
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
        start_message=diagram.start_message,
    )


def _task(node: Node, kind: TaskKind, diagram: Diagram, sop: SopFile, form: Form) -> TaskDefinition:
    step = sop.steps[node.id]
    errors = (e.id for e in diagram.events_on[node.id] if e.trigger is Trigger.ERROR)
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
        operation=step.operation or (Call(SEND) if _throws(node) else None),
        deadline=step.deadline,
        duration=node.duration,
        attached_to=node.attached_to or None,
        interrupts=node.interrupts,
        error_way=next(errors, None),
        message=node.message,
        correlates=Correlation(step.correlates or Correlation.SUBJECT),
        rows=step.rows,
        calls=node.calls,
        subject=(step.subject or "subject") if node.calls else "",
        results=Frozen(step.results),
        may_start_early=step.may_start_early,
        guards=step.guards,
        panels=step.panels,
        not_same_person_as=step.not_same_person_as,
    )


def _throws(node: Node) -> bool:
    return node.kind is TaskKind.AUTOMATIC and bool(node.message)


def _served_on_edge(node: Node, sop: SopFile) -> str | None:
    """Return the numbered step that an event on an edge serves: that of its task."""
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
    keys = _keys(node, kind)
    for key in sorted(step.written - keys):
        findings.note(
            "E045", f"'{key}' tidak berlaku untuk {KIND_NAMES[kind]}", element=step.id,
            hint=f"Yang berlaku: {', '.join(sorted(keys))}.",
        )  # fmt: skip
    _check_operation(node, kind, step, findings)
    if kind is TaskKind.TIMER and bool(step.deadline) == bool(node.duration):
        findings.note(
            "E031", "pewaktu harus mempunyai timeDuration di BPMN atau deadline di sop.toml, "
            "salah satu saja", element=step.id,
        )  # fmt: skip
    if node.per_row and not step.rows:
        findings.note(
            "E046", "dikerjakan sekali per baris, tanpa rows", element=step.id,
            hint='Tulis rows = { use = "..." }: daftar barisnya.',
        )  # fmt: skip
    if step.correlates not in {"", *Correlation}:
        findings.note(
            "E042", f"'correlates' harus salah satu dari {', '.join(Correlation)}", element=step.id
        )
    if step.standard.per and not step.standard.duration:
        findings.note("E046", "'per' tanpa 'standard'", element=step.id)
    _check_references(node, step, diagram, sop, findings)


def _keys(node: Node, kind: TaskKind) -> set[str]:
    """Return what may be said of a task in `sop.toml`."""
    keys = KEYS[kind] | ({"rows"} if node.per_row else set())
    # Nobody fires by hand what tells that he waited too long.
    return keys - {"may_start_early"} if node.attached_to else keys


def _check_operation(node: Node, kind: TaskKind, step: Step, findings: Findings) -> None:
    if kind is not TaskKind.AUTOMATIC:
        return
    if not step.operation and not node.message:
        findings.note(
            "E046", "tugas otomatis tanpa operation", element=step.id,
            hint='Tulis operation = { use = "..." }.',
        )  # fmt: skip
    elif step.operation and (step.operation.name == SEND) != bool(node.message):
        findings.note(
            "E046",
            f"mengirim pesan, jadi operation hanya {SEND}" if node.message
            else f"memakai {SEND} tanpa pesan di diagram",
            element=step.id, hint="Pesan disebut di BPMN (messageRef), penerimanya di sop.toml.",
        )  # fmt: skip


def _check_references(
    node: Node, step: Step, diagram: Diagram, sop: SopFile, findings: Findings
) -> None:
    if step.serves and node.attached_to and step.serves != _served_on_edge(node, sop):
        findings.note(
            "E047", f"melayani '{step.serves}', padahal menempel pada '{node.attached_to}'",
            element=step.id, hint="Hapus serves; peristiwa batas melayani tugasnya sendiri.",
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
