"""What the audit counts, and the versions of SOPs that it judges by, held against their sources.

The rows that the pages count are derived (`measured`): no event tells of them. They are measured
anew here and compared, so that a figure changed by hand in the database is found like any other.
"""

import base64
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from django.db.models import F, Model
from django.utils import timezone

from foundation.ledger import Fault, Slice, row_check
from processes.audit.measured.refreshing import measured_anew
from processes.models import Definition, Instance, InstanceAudit, VisitTiming
from workflows import repository

INSTANCES = 100  # measured in one go
DEFINITIONS = 20
DIFFERS = (
    "Angka audit berkas ini bukan hasil ukur tahapnya: diubah di basis data, atau kalender kerja "
    "berubah sesudah diukur. Ukur ulang: manage.py rebuild_timings."
)


@row_check("processes.timings", things="pengukuran", total=lambda: _measured().count())
def timings_slice(after: str) -> Slice:
    """Measure the next instances anew; those that are behind their version are no figures yet."""
    rows = _measured().filter(pk__gt=int(after or 0)).order_by("pk")
    instances = list(rows.defer("state", "form", "visits")[:INSTANCES])
    last = str(instances[-1].pk) if len(instances) == INSTANCES else None
    return Slice(list(_differing(instances)), len(instances), last)


def _measured() -> Any:
    return Instance.objects.filter(measured_version=F("version"))


def _differing(instances: Sequence[Instance]) -> Iterator[Fault]:
    keys = [instance.pk for instance in instances]
    kept = _values(
        chain(
            InstanceAudit.objects.filter(instance__in=keys),
            VisitTiming.objects.filter(instance__in=keys),
        )
    )
    anew = measured_anew(instances, now=timezone.now())
    for instance, measured in zip(instances, anew, strict=True):
        wanted = _values([measured.audit, *measured.visits])
        found = {key: row for key, row in kept.items() if row["instance_id"] == instance.pk}
        # Somebody may have worked while the rows were read: then they are no longer its own.
        still = _measured().filter(pk=instance.pk, version=instance.version)
        if wanted != found and still.exists():
            yield Fault(instance.stream, 0, DIFFERS)


def _values(rows: Any) -> dict[tuple[str, int], dict[str, Any]]:
    """Return the columns of derived rows, by kind and key, as the database gives them back."""
    return {(type(row).__name__, row.pk): _columns(row) for row in rows}


def _columns(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@row_check("processes.definitions", things="versi SOP", total=Definition.objects.count)
def definitions_slice(after: str) -> Slice:
    """Check that each kept version of a SOP is the folder that its hash names."""
    rows = list(Definition.objects.filter(pk__gt=int(after or 0)).order_by("pk")[:DEFINITIONS])
    faults = [
        Fault(f"processes.definition:{row.pk}", 0, f"Versi SOP “{row.title}” diubah.")
        for row in rows
        if not _is_as_kept(row)
    ]
    return Slice(faults, len(rows), str(rows[-1].pk) if len(rows) == DEFINITIONS else None)


def _is_as_kept(row: Definition) -> bool:
    try:
        files = {path: base64.b64decode(content) for path, content in row.files.items()}
    except (ValueError, AttributeError, TypeError):
        return False
    if repository.version_of(files) != row.version:
        return False
    return repository.load(files, row.key).head.title == row.title
