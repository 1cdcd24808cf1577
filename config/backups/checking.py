"""Whether a restored place is the one that was backed up: rows, chains, documents, seals."""

import hashlib
import io
from collections.abc import Iterator

from config.backups.evidence import Finding
from config.backups.manifest import Manifest
from config.backups.sealed import sealed_values
from config.backups.snapshots import counts, write_heads
from documents.archive.checking import verify_archive
from documents.models import Archive, Document
from foundation import crypto, ledger
from foundation.indonesian import number_text
from foundation.models import Event

NAMED = 3  # faults told in words


def check_counts(manifest: Manifest) -> Finding:
    """Hold every table against the manifest; before anything else is done to the tables."""
    found, expected = counts("default"), manifest.contents.counts
    tables = sorted(found.keys() | expected)
    differing = [f"tabel {name}" for name in tables if found.get(name) != expected.get(name)]
    told = f"{len(expected)} tabel, {number_text(manifest.rows)} baris sama"
    return Finding("tabel", not differing, _told(differing) or told)


def check_place(manifest: Manifest, heads: str) -> list[Finding]:
    return [_heads(manifest, heads), _ledger(), _documents(), _sealed()]


def _heads(manifest: Manifest, heads: str) -> Finding:
    stream = io.BytesIO()
    written = write_heads("default", stream)
    same = hashlib.sha256(stream.getvalue()).hexdigest() == heads
    told = f"{number_text(written)} ujung rantai sama"
    return Finding("ujung rantai", same, told if same else "ujung rantai berbeda dari cadangan")


def _ledger() -> Finding:
    faults = [*ledger.verify(), *ledger.disagreements()]
    reasons = [f"{fault.stream} peristiwa {fault.sequence}: {fault.reason}" for fault in faults]
    told = f"{number_text(Event.objects.count())} peristiwa utuh"
    return Finding("catatan", not faults, _told(reasons) or told)


def _documents() -> Finding:
    reasons = [f"{fault.subject} {fault.path}: {fault.reason}" for fault in verify_archive()]
    told = f"{Document.objects.count()} dokumen dan {Archive.objects.count()} arsip utuh"
    return Finding("dokumen", not reasons, _told(reasons) or told)


def _sealed() -> Finding:
    opened, closed = 0, []
    for name, is_open in _opened():
        opened += is_open
        if not is_open:
            closed.append(f"{name} tidak dapat dibuka")
    told = f"{number_text(opened)} nilai tersandi terbuka"
    return Finding("nilai tersandi", not closed, _told(closed) or told)


def _opened() -> Iterator[tuple[str, bool]]:
    for name, open_value in sealed_values():
        try:
            open_value()
        except crypto.DecryptionFailed:
            yield name, False
        else:
            yield name, True


def _told(reasons: list[str]) -> str:
    more = f" dan {len(reasons) - NAMED} lagi" if len(reasons) > NAMED else ""
    return "; ".join(reasons[:NAMED]) + more
