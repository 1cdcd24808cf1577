"""What forms of every room share."""

from typing import Any

from django import forms
from django.db.models import QuerySet


def limit_choices(form: forms.BaseForm, name: str, rows: QuerySet[Any]) -> None:
    """Let a choice offer these rows and no others.

    Raises TypeError where the field is no choice among rows.
    """
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{name} is no choice among rows")
    field.queryset = rows
