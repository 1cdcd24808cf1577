"""The last check of a form's answers, whoever sends them (screen, command, API)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from processes.context import with_parameters
from processes.exceptions import InvalidAnswers
from workflows import registry
from workflows.definitions import FieldType, Form, FormField
from workflows.registry import StepContext


def check_answers(form: Form, answers: Mapping[str, Any], context: StepContext) -> dict[str, Any]:
    """Return the answers of the declared fields as they are stored; others are dropped.

    Dates become ISO text. The return value of a file field is the id of an attachment.

    Raises `InvalidAnswers` with a sentence per field.
    """
    cleaned: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field in form.fields:
        try:
            cleaned[field.name] = _clean(field, answers.get(field.name), context)
        except ValueError as error:
            errors[field.name] = str(error)
    if form.outcome and form.comment and form.outcome.name not in errors:
        option = form.option(cleaned[form.outcome.name] or "")
        if option and option.comment_required and not cleaned.get(form.comment.name):
            errors[form.comment.name] = f"Tuliskan alasan untuk “{option.label}”."
    if errors:
        raise InvalidAnswers(errors)
    return cleaned


def options_of(field: FormField, context: StepContext) -> Sequence[tuple[str, str]]:
    """Return what may be chosen: written in the file, or asked from the registered source."""
    if field.source is None:
        return [(option.value, option.label) for option in field.options]
    return registry.choices.get(field.source.name)(with_parameters(context, field.source))


def _clean(field: FormField, value: Any, context: StepContext) -> Any:
    if value in (None, "", [], False):
        # A comment is required by the option that was chosen, not by its own field.
        if field.required and field.type is not FieldType.COMMENT:
            raise ValueError(f"“{field.label}” wajib diisi.")
        return [] if field.type in (FieldType.CHOICES, FieldType.CHECKLIST) else value or ""
    match field.type:
        case FieldType.CHOICE | FieldType.OUTCOME:
            return _clean_choices(field, [str(value)], context)[0]
        case FieldType.CHOICES | FieldType.CHECKLIST:
            return _clean_choices(field, [str(item) for item in value], context)
        case FieldType.INTEGER | FieldType.FILE:
            try:
                return int(value)
            except (TypeError, ValueError):
                raise ValueError(f"“{field.label}” harus berupa angka.") from None
        case FieldType.DATE:
            return _clean_date(field, value)
        case FieldType.BOOLEAN:
            return bool(value)
        case _:
            return str(value).strip()[:4000]


def _clean_choices(field: FormField, values: list[str], context: StepContext) -> list[str]:
    known = {option for option, _ in options_of(field, context)}
    if not set(values) <= known:
        raise ValueError(f"Pilihan pada “{field.label}” tidak tersedia; muat ulang halaman.")
    if field.type is FieldType.CHECKLIST and field.required and set(values) != known:
        raise ValueError(f"Semua butir “{field.label}” harus dicentang.")
    return values


def _clean_date(field: FormField, value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise ValueError(f"“{field.label}” bukan tanggal yang benar.") from None
