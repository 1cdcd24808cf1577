"""What a database holds at one moment: rows by table, heads of chains, and the files it names."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.apps import apps
from django.db import connections, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import FileField

from config.backups.manifest import Contents
from documents.models import Archive
from foundation.ledger import stream_models
from foundation.models import Anchor

AT_ONCE = 2000


@dataclass(frozen=True)
class NamedFile:
    """A file that a row names: where it belongs in the archive, and its hash where the row has it.

    `model`, `column` and `value` find the row again.
    """

    member: str
    sha256: str
    model: type[models.Model]
    column: str
    value: str


def counts(alias: str) -> dict[str, int]:
    """Return the number of rows of every table."""
    found = {}
    quote = connections[alias].ops.quote_name
    with connections[alias].cursor() as cursor:
        for table in sorted(connections[alias].introspection.table_names(cursor)):
            cursor.execute(f"SELECT count(*) FROM {quote(table)}")  # noqa: S608
            found[table] = int(cursor.fetchone()[0])
    return found


def applied_migrations(alias: str) -> list[str]:
    found = MigrationRecorder(connections[alias]).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in found)


def known_migrations() -> set[str]:
    """Return the migrations that this program has."""
    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or {}}


def contents(alias: str, heads: Path) -> Contents:
    """Describe the snapshot and write the heads of its chains."""
    with heads.open("wb") as stream:
        streams = write_heads(alias, stream)
    last = Anchor.objects.using(alias).last()
    return Contents(
        engine=connections[alias].vendor,
        counts=counts(alias),
        migrations=applied_migrations(alias),
        streams=streams,
        anchors=last.number if last else 0,
    )


def write_heads(alias: str, stream: IO[bytes]) -> int:
    """Write "room.model:key length hash" for every chain that has begun; return how many."""
    written = 0
    for model in sorted(stream_models(), key=lambda model: model._meta.label_lower):
        rows = model._default_manager.using(alias).filter(ledger_length__gt=0).order_by("pk")
        for key, length, hashed in rows.values_list("pk", "ledger_length", "ledger_hash").iterator(
            chunk_size=AT_ONCE
        ):
            stream.write(f"{model._meta.label_lower}:{key} {length} {hashed}\n".encode())
            written += 1
    return written


def named_files(alias: str) -> Iterator[NamedFile]:
    """Yield every file that a row of the snapshot names."""
    for archive in Archive.objects.using(alias).order_by("pk").iterator(chunk_size=50):
        member = f"archive/{archive.folder}"
        for row in archive.files:
            yield NamedFile(
                f"{member}/{row['path']}", row["sha256"], Archive, "folder", archive.folder
            )
        yield NamedFile(
            f"{member}/manifest.json", archive.manifest_sha256, Archive, "folder", archive.folder
        )
    for model, column, hashed in file_columns():
        rows = model._default_manager.using(alias).exclude(**{column: ""}).order_by("pk")
        wanted = [column, hashed] if hashed else [column]
        for value, *digest in rows.values_list(*wanted).iterator(chunk_size=AT_ONCE):
            yield NamedFile(f"files/{value}", digest[0] if digest else "", model, column, value)


def file_columns() -> Iterator[tuple[type[models.Model], str, str]]:
    """Yield the columns that name a file of the storage, each with the column of its hash or "".

    Found by what they are, so that a room that adds one is not forgotten: Django's own file
    columns, and a `path` beside a `sha256`.
    """
    for model in apps.get_models():
        names = {field.name for field in model._meta.concrete_fields}
        for field in model._meta.concrete_fields:
            is_path = field.name == "path" and "sha256" in names
            if isinstance(field, FileField) or is_path:
                own = f"{field.name}_sha256"
                alone = "sha256" if field.name in ("file", "path") and "sha256" in names else ""
                yield model, field.name, own if own in names else alone
