"""The answers of forms as a document says them: labels instead of values, dates in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from foundation.indonesian import date_text
from workflows.definitions import FieldType, FormField, ProcessDefinition


def answers_in_words(definition: ProcessDefinition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers by field name, as text where the form has a text for them."""
    fields = {f.name: f for task in definition.tasks.values() for f in task.form.fields}
    return {
        name: _in_words(fields[name], value) if name in fields else value
        for name, value in answers.items()
    }


def _in_words(field: FormField, value: Any) -> Any:
    if field.type is FieldType.DATE and isinstance(value, str) and value:
        return date_text(date.fromisoformat(value))
    labels = {option.value: option.label for option in field.options}
    if isinstance(value, list):
        return [labels.get(row, row) for row in value]
    return labels.get(value, value) if isinstance(value, str) else value


def key_of(entry: Any, number: int) -> str:
    """Return what names an entry of a list in every try: its own key, the NIP in it, its place."""
    return (_first(entry, "kunci") or _first(entry, "nip") or str(number))[:120]


def label_of(entry: Any) -> str:
    """Return the name that an entry of a list is known by."""
    return _first(entry, "nama")


def _first(entry: Any, name: str) -> str:
    """Return a text of the entry itself or of a record inside it: what tells it from others."""
    if not isinstance(entry, Mapping):
        return ""
    if entry.get(name):
        return str(entry[name])
    inner = (_first(value, name) for value in entry.values() if isinstance(value, Mapping))
    return next((text for text in inner if text), "")
