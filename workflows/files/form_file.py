"""`forms/<bpmn id>.toml`: the fields of one task."""

import keyword
import re
from collections import Counter
from datetime import date

from workflows.definitions import FieldType, Form, FormField, Option, OutcomeKind
from workflows.files.findings import Findings
from workflows.files.toml_tables import Table, parse

MAXIMUM_FIELDS = 60
MAXIMUM_OPTIONS = 100
MAXIMUM_NAME = 80
NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
# What the page of a task posts beside the fields of its form.
RESERVED = {"csrfmiddlewaretoken", "kunci"}
LISTED = {FieldType.CHOICE, FieldType.CHOICES, FieldType.CHECKLIST}
NAME_HINT = f"Huruf kecil, angka dan _ saja, diawali huruf, paling panjang {MAXIMUM_NAME}."


def read(content: bytes, findings: Findings) -> Form:
    """Return the form, noting every field that is wrong."""
    table = parse(content, findings)
    if table is None:
        return Form()
    entries = list(table.tables("fields"))
    table.finish()
    if len(entries) > MAXIMUM_FIELDS:
        findings.note("E051", f"memuat {len(entries)} isian; paling banyak {MAXIMUM_FIELDS}")
    fields = [field for field in map(_field, entries) if field]
    for name, count in Counter(field.name for field in fields).items():
        if count > 1:
            findings.note("E051", f"isian dipakai {count} kali", element=name)
    form = Form(tuple(fields))
    _check_decision(form, findings)
    return form


def _field(table: Table) -> FormField | None:
    name = table.text("name", required=True)
    table.element = name
    if name and (
        not NAME.fullmatch(name)
        or len(name) > MAXIMUM_NAME
        or keyword.iskeyword(name)
        or name in RESERVED
    ):
        table.findings.note(
            "E051", f"nama isian '{name[:40]}' tidak dapat dipakai", element=name, hint=NAME_HINT
        )
    kind = _type(table)
    field = FormField(
        name=name,
        label=table.text("label", required=True, limit=250),
        type=kind or FieldType.TEXT,
        # A comment may stay empty unless the chosen option asks for it.
        required=table.boolean("required", default=kind is not FieldType.COMMENT),
        help=table.text("help"),
        options=tuple(_option(entry, kind) for entry in table.tables("options")),
        source=table.call("source"),
        initial=table.text("initial"),
        suggestions=table.texts("suggestions"),
    )
    table.finish()
    if kind is None:
        return None
    _check_options(field, table.findings)
    _check_initial(field, table)
    if field.suggestions and kind is not FieldType.COMMENT:
        table.wrong("suggestions", "kosong pada isian yang bukan comment")
    return field


def _type(table: Table) -> FieldType | None:
    value = table.text("type", required=True)
    if value and value not in set(FieldType):
        table.wrong("type", "salah satu dari " + ", ".join(FieldType))
    return FieldType(value) if value in set(FieldType) else None


def _option(table: Table, kind: FieldType | None) -> Option:
    value = table.text("value", required=True, limit=MAXIMUM_NAME)
    label = table.text("label", required=True, limit=250)
    if kind is not FieldType.OUTCOME:
        table.finish()
        return Option(value, label)
    written = table.text("kind", required=True)
    if written and written not in set(OutcomeKind):
        table.wrong("kind", "salah satu dari " + ", ".join(OutcomeKind))
    outcome = OutcomeKind(written) if written in set(OutcomeKind) else None
    option = Option(value, label, outcome, table.boolean("comment_required"))
    table.finish()
    return option


def _check_options(field: FormField, findings: Findings) -> None:
    def note(text: str, hint: str = "") -> None:
        findings.note("E052", text, element=field.name, hint=hint)

    if len(field.options) > MAXIMUM_OPTIONS:
        note(f"memuat {len(field.options)} pilihan; paling banyak {MAXIMUM_OPTIONS}")
    for value, count in Counter(option.value for option in field.options).items():
        if count > 1:
            note(f"pilihan '{value}' ditulis {count} kali")
    if field.type in LISTED and bool(field.options) == bool(field.source):
        note("harus mempunyai options atau source, salah satu saja")
    elif field.type is FieldType.OUTCOME and (field.source or not field.options):
        note("keputusan harus mempunyai options sendiri")
    elif field.type not in {*LISTED, FieldType.OUTCOME} and (field.options or field.source):
        note(f"isian berjenis {field.type} tidak mempunyai pilihan")
    if field.type is FieldType.OUTCOME and not field.required:
        note("keputusan tidak boleh dilewati", hint="Hapus required = false.")


def _check_initial(field: FormField, table: Table) -> None:
    if not field.initial:
        return
    fixed = {option.value for option in field.options}
    match field.type:
        case FieldType.FILE | FieldType.OUTCOME | FieldType.COMMENT | FieldType.CHECKLIST:
            table.wrong("initial", f"kosong pada isian {field.type}")
        case FieldType.INTEGER if not re.fullmatch(r"-?\d{1,15}", field.initial, re.ASCII):
            table.wrong("initial", "bilangan bulat")
        case FieldType.DATE if not _is_date(field.initial):
            table.wrong("initial", "tanggal, misalnya 2020-01-31")
        case FieldType.BOOLEAN if field.initial not in ("true", "false"):
            table.wrong("initial", '"true" atau "false"')
        case FieldType.CHOICE | FieldType.CHOICES if fixed and field.initial not in fixed:
            table.wrong("initial", "salah satu dari pilihannya")


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _check_decision(form: Form, findings: Findings) -> None:
    for kind in (FieldType.OUTCOME, FieldType.COMMENT):
        names = [field.name for field in form.fields if field.type is kind]
        if len(names) > 1:
            findings.note(
                "E053", f"lebih dari satu isian berjenis {kind}", element=", ".join(names)
            )
    asks = [o.value for o in (form.outcome.options if form.outcome else ()) if o.comment_required]
    if asks and not form.comment:
        findings.note(
            "E053", f"pilihan '{asks[0]}' meminta alasan, tetapi tidak ada isian comment",
            element=form.outcome.name if form.outcome else "",
            hint='Tambahkan isian dengan type = "comment".',
        )  # fmt: skip
