"""From the fields of a SOP's form to a Django form that speaks Indonesian."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape

from foundation.uploads import SCANS, UploadRefused, check_upload
from workflows import registry
from workflows.definitions import FieldType, Form, FormField
from workflows.registry import StepContext

MAXIMUM_TEXT = 250
MAXIMUM_LONG_TEXT = 4000
LARGEST_INTEGER = 2**53 - 1  # what JSON keeps exactly everywhere
SHOWN = 20  # items named in one sentence
FEW = 6  # options that are shown at once rather than folded into a list
DATE_FORMATS = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"]
DECISION = (FieldType.OUTCOME, FieldType.COMMENT)

Choices = Sequence[tuple[str, str]]


class TaskForm(forms.Form):
    """The form of one task. `cleaned_data` has a key per declared field and no other.

    A file field's value is the upload, or what stood in `initial` (an attachment kept from before)
    when no new file came.
    """

    definition: Form = Form()

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """The fields beside the decision and its reason."""
        return [self[f.name] for f in self.definition.fields if f.type not in DECISION]

    @property
    def outcome_field(self) -> forms.BoundField | None:
        """The decision; a page shows each of its choices as a button with name and value."""
        field = self.definition.outcome
        return self[field.name] if field else None

    @property
    def comment_field(self) -> forms.BoundField | None:
        field = self.definition.comment
        return self[field.name] if field else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        outcome, comment = self.definition.outcome, self.definition.comment
        option = self.definition.option(cleaned.get(outcome.name, "")) if outcome else None
        if (
            option
            and option.comment_required
            and comment
            and not cleaned.get(comment.name)
            and comment.name not in self.errors
        ):
            self.add_error(comment.name, f"Tuliskan alasan untuk “{option.label}”.")
        return cleaned

    def typed(self) -> dict[str, Any]:
        """Return what was typed or chosen, unchecked and without files: a draft worth keeping."""
        return {
            field.name: self[field.name].data
            for field in self.definition.fields
            if field.type is not FieldType.FILE
        }


def build_form(form: Form, context: StepContext) -> type[TaskForm]:
    """Return the Django form class of a task at this moment.

    Choices with a `source` are asked from the registry now, in this context. Raises
    registry.UnknownName where no room offers that source.
    """

    class BuiltForm(TaskForm):
        definition = form

    # Not as attributes of the class: Django takes a field away whose name is an attribute of a form
    # that is None ("prefix"), and the names are the SOP's to choose.
    BuiltForm.base_fields = BuiltForm.declared_fields = {
        field.name: _field(field, context) for field in form.fields
    }
    return BuiltForm


def choices_of(field: FormField, context: StepContext) -> Choices:
    """Return what may be chosen: the options of the file, or what the registered source says."""
    if field.source is None:
        return [(option.value, option.label) for option in field.options]
    source = registry.choices.get(field.source.name)
    return [
        (str(value), str(label))
        for value, label in source(replace(context, parameters=field.source.parameters))
    ]


def _field(field: FormField, context: StepContext) -> forms.Field:
    common: dict[str, Any] = {
        "label": field.label,
        "help_text": escape(field.help),  # Django shows help as HTML; here it is plain words
        "required": field.required,
        "initial": _initial(field),
        "error_messages": _messages(field),
    }
    match field.type:
        case FieldType.TEXT:
            return forms.CharField(max_length=MAXIMUM_TEXT, **common)
        case FieldType.LONG_TEXT | FieldType.COMMENT:
            area = forms.Textarea(attrs={"rows": 4})
            return forms.CharField(max_length=MAXIMUM_LONG_TEXT, widget=area, **common)
        case FieldType.INTEGER:
            common["widget"] = forms.NumberInput(attrs={"inputmode": "numeric"})
            common["min_value"], common["max_value"] = -LARGEST_INTEGER, LARGEST_INTEGER
            return forms.IntegerField(**common)
        case FieldType.DATE:
            day = forms.DateInput(format=DATE_FORMATS[0], attrs={"type": "date"})
            return forms.DateField(input_formats=DATE_FORMATS, widget=day, **common)
        case FieldType.BOOLEAN:
            return forms.BooleanField(**common)
        case FieldType.FILE:
            return _Scan(**common)
        case FieldType.CHOICE | FieldType.OUTCOME:
            return _choice(field, choices_of(field, context), common)
        case FieldType.CHOICES:
            return _Several(choices=choices_of(field, context), **common)
        case FieldType.CHECKLIST:
            return _Checklist(choices=choices_of(field, context), **common)


def _choice(field: FormField, choices: Choices, common: dict[str, Any]) -> forms.Field:
    if field.type is FieldType.OUTCOME or len(choices) <= FEW:
        blank = [] if field.required else [("", "Tidak diisi")]
        return forms.ChoiceField(choices=[*blank, *choices], widget=forms.RadioSelect, **common)
    return forms.ChoiceField(choices=[("", "Pilih …"), *choices], **common)


def _initial(field: FormField) -> Any:
    if not field.initial:
        return None
    if field.type is FieldType.BOOLEAN:
        return field.initial == "true"
    return [field.initial] if field.type is FieldType.CHOICES else field.initial


def _messages(field: FormField) -> dict[str, str]:
    """Return a sentence per fault that names the field and says what to do."""
    name = f"“{field.label}”"
    gone = f"Pilihan pada {name} tidak tersedia; muat ulang halaman lalu pilih lagi."
    required = {
        FieldType.FILE: f"Unggah berkas untuk {name}.",
        FieldType.BOOLEAN: f"{name} harus dicentang.",
        FieldType.CHOICE: f"Pilih salah satu pada {name}.",
        FieldType.OUTCOME: f"Pilih salah satu pada {name}.",
        FieldType.CHOICES: f"Pilih paling sedikit satu pada {name}.",
        FieldType.CHECKLIST: f"Semua butir {name} harus dicentang.",
    }
    messages = {
        "required": required.get(field.type, f"{name} wajib diisi."),
        "invalid_choice": gone,
        "invalid_list": gone,
    }
    if field.type is FieldType.DATE:
        messages["invalid"] = f"{name} bukan tanggal yang benar; tulis misalnya 30-04-2026."
    if field.type is FieldType.INTEGER:
        messages["invalid"] = f"{name} harus berupa bilangan bulat; tulis angka saja."
        messages["min_value"] = messages["max_value"] = f"{name} terlalu besar atau terlalu kecil."
    if field.type in (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.COMMENT):
        messages["max_length"] = (
            f"{name} paling panjang %(limit_value)d huruf; sekarang %(show_value)d huruf."
        )
        messages["null_characters_not_allowed"] = f"{name} memuat huruf yang tidak dapat disimpan."
    return messages


class _Scan(forms.FileField):
    """A scanned letter or a photo: PDF, JPEG or PNG by its content."""

    def __init__(self, **common: Any) -> None:
        accepted = ",".join(f".{kind}" for kind in sorted(SCANS))
        widget = forms.FileInput(attrs={"accept": accepted})
        # An empty file gets the sentence of the door, which says more.
        super().__init__(widget=widget, allow_empty_file=True, **common)

    def to_python(self, data: Any) -> Any:
        file = super().to_python(data)
        if file is None:
            return None
        try:
            check_upload(file, name=file.name or "", allowed=SCANS)
        except UploadRefused as error:
            raise ValidationError(str(error), code="refused") from error
        file.seek(0)
        return file


class _Several(forms.MultipleChoiceField):
    """Several of a list, each counted once."""

    def __init__(self, **common: Any) -> None:
        super().__init__(widget=forms.CheckboxSelectMultiple, **common)

    def to_python(self, value: Any) -> list[str]:
        return list(dict.fromkeys(super().to_python(value)))


class _Checklist(_Several):
    """A list of which every item must be ticked, if any must."""

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        missing = [str(label) for key, label in self.listed if key not in value]
        if self.required and missing:
            raise ValidationError(
                f"Belum dicentang pada “{self.label}”: {shorten(missing)}.", code="incomplete"
            )

    @property
    def listed(self) -> list[tuple[str, str]]:
        return [(str(key), str(label)) for key, label in cast(Choices, self.choices)]


def shorten(items: Sequence[str]) -> str:
    """Return the first items in one line, and how many more there are."""
    more = len(items) - SHOWN
    return ", ".join(items[:SHOWN]) + (f" dan {more} lainnya" if more > 0 else "")
