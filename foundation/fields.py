"""Columns that Django does not have."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


def json_text(value: Any) -> str:
    """Return plain JSON as the text of PostgreSQL's `jsonb`: keys by length, then by bytes."""
    if value == {}:
        return "{}"
    return json.dumps(_ordered(value), ensure_ascii=False, separators=(", ", ": "))


def _ordered(value: Any) -> Any:
    if isinstance(value, Mapping):
        keys = sorted(value, key=_place)
        return {key: _ordered(value[key]) for key in keys}
    return [_ordered(item) for item in value] if isinstance(value, list) else value


def _place(key: str) -> tuple[int, bytes]:
    content = key.encode()
    return len(content), content


class WrittenJSONField(models.JSONField):
    """JSON that a database keeps as the very text that was written, so that its hash can be asked.

    It is told, never searched: there are no lookups inside it.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        return "json" if connection.vendor == "postgresql" else super().db_type(connection)

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        return json_text(value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        # PostgreSQL's driver reads `json` itself.
        return json.loads(value) if isinstance(value, str) else value
