"""Definitions kept: every version that was ever started, whole; an instance keeps its own."""

import base64
from datetime import datetime

from processes.models import Definition, Instance
from workflows import repository
from workflows.definitions import ProcessDefinition

# Parsed once per process. By key and version, never by the row's number: a transaction that is
# rolled back gives its numbers back, and the next row with that number may be another SOP.
_parsed: dict[tuple[str, str], ProcessDefinition] = {}


def keep(definition: ProcessDefinition, *, now: datetime) -> Definition:
    """Return the row of this version, storing the folder if it has never run before."""
    row = Definition.objects.filter(key=definition.key, version=definition.version).first()
    if row is None:
        row, _ = Definition.objects.get_or_create(
            key=definition.key,
            version=definition.version,
            defaults={
                "title": definition.head.title,
                "files": {
                    path: base64.b64encode(content).decode()
                    for path, content in definition.files.items()
                },
                "kept_at": now,
            },
        )
    return row


def definition_of(instance: Instance) -> ProcessDefinition:
    """Return the definition that this instance was started with, whatever is deployed today."""
    return kept_definition(instance.definition_key, instance.definition_version)


def kept_definition(key: str, version: str) -> ProcessDefinition:
    """Return a version of a SOP that ever started; Definition.DoesNotExist for another."""
    identity = (key, version)
    if identity not in _parsed:
        row = Definition.objects.get(key=key, version=version)
        files = {path: base64.b64decode(content) for path, content in row.files.items()}
        _parsed[identity] = repository.load(files, row.key)
    return _parsed[identity]
