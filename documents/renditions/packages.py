"""All documents of an agency's month as one zip: asked for, written by a worker, kept for days."""

import hashlib
import os
import re
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction

from documents.exceptions import DocumentError
from documents.models import Package
from documents.periods import MONTH, Period, period_of
from documents.renditions.contents import (
    Member,
    documents_of,
    members_of,
    page_bytes,
    safe_name,
    sums_bytes,
    table_bytes,
)
from documents.storage import (
    CHUNK,
    files_below,
    sha256_of,
    sha256_of_file,
    stored_path,
    sync_folder,
)
from foundation import ledger
from foundation.actors import SYSTEM, Actor
from foundation.indonesian import size_text
from foundation.outbox import enqueue
from organization.models import Agency, User
from organization.permissions import actor_allowed, local_date

JOB = "documents.package"
VIEW = "documents.view"
FOLDER = "packages"
KEPT = timedelta(days=7)
MOST_BYTES = 2 * 1024**3  # what a worker packs well within its time
TELL_SECONDS = 0.5
NOTHING = "Tidak ada dokumen pada bulan ini; belum ada yang dapat dipaket."
MONTH_TEXT = re.compile(r"\d{4}-\d{2}", re.ASCII)

Progress = Callable[[int], None]


@transaction.atomic
def order_package(*, agency: Agency, subject: str, user: User, now: datetime) -> Package:
    """Ask for the package of a month ("2026-04"); the one that is being written where there is.

    Raises DocumentError with a sentence, PermissionDenied.
    """
    actor = actor_allowed(user, VIEW, agency, now)
    period = _month(subject)
    if period.first is None or period.first > local_date(agency, now):
        raise DocumentError("Bulan ini belum mulai; belum ada yang dapat dipaket.")
    ledger.lock(agency)
    waiting = Package.objects.filter(agency=agency, subject=subject, state=Package.State.WAITING)
    if same := waiting.first():
        return same
    if not documents_of(agency, period.first):
        raise DocumentError(NOTHING)
    package = Package.objects.create(agency=agency, subject=subject, asked_by=user, asked_at=now)
    enqueue(kind=JOB, key=f"{JOB}:{package.pk}", payload={"package": package.pk}, run_after=now)
    _record(package, "package_asked", actor, now)
    return package


def write_package(*, package_id: int, now: datetime) -> Package | None:
    """Write a package that was asked for; done twice, it is written once.

    A file that is not what its row says is refused with a sentence on the package's page, and
    nothing of it is handed out. Never call it in a transaction or a web request.
    """
    package = Package.objects.select_related("agency").filter(pk=package_id).first()
    if package is None or package.state != Package.State.WAITING:
        return package
    name = f"{FOLDER}/{package.agency_id}/{uuid.uuid4().hex}.zip"
    path = stored_path(name)
    try:
        members = members_of(package.agency, _first(package))
        _refuse_too_large(members)
        Package.objects.filter(pk=package.pk).update(total=len(members), done=0)
        _write(path, package, members, now)
    except DocumentError as refusal:
        # Trying again would find the same: it is for people to mend.
        fail_package(package_id=package.pk, reason=str(refusal))
        return Package.objects.get(pk=package.pk)
    kept = _keep(package.pk, name, *sha256_of_file(path), now)
    if kept is None or kept.file.name != name:
        path.unlink(missing_ok=True)
    return kept


def fail_package(*, package_id: int, reason: str) -> None:
    """Say on the package's page that it will not come."""
    waiting = Package.objects.filter(pk=package_id, state=Package.State.WAITING)
    waiting.update(state=Package.State.FAILED, error=reason[:500])


def sweep_packages(*, now: datetime) -> int:
    """Remove files whose time is over, and what a worker that died left; rows stay as a list."""
    over = Package.objects.filter(state=Package.State.DONE, expires_at__lte=now)
    names = [name for name in over.values_list("file", flat=True) if name]
    count = over.update(state=Package.State.EXPIRED, file="")
    for path in {*map(stored_path, names), *_forgotten(now)}:
        path.unlink(missing_ok=True)
    return count


def file_name(package: Package) -> str:
    """Return "Paket dokumen April 2026 - BKD.zip"."""
    label = period_of(package.subject).label
    return safe_name(f"Paket dokumen {label} - {package.agency.code.upper()}") + ".zip"


def _month(subject: str) -> Period:
    period = period_of(subject)
    if not MONTH_TEXT.fullmatch(subject) or period.kind != MONTH:
        raise DocumentError("Pilih bulan.")
    return period


def _first(package: Package) -> date:
    first = _month(package.subject).first
    if first is None:
        raise DocumentError("Pilih bulan.")
    return first


def _refuse_too_large(members: Sequence[Member]) -> None:
    paths = [member.stored for member in members if member.stored is not None]
    size = sum(path.stat().st_size for path in paths if path.is_file())
    if size > MOST_BYTES:
        raise DocumentError(
            f"Dokumen bulan ini berukuran {size_text(size)}; batas satu paket "
            f"{size_text(MOST_BYTES)}. Unduh dokumennya satu per satu."
        )


def _write(path: Path, package: Package, members: Sequence[Member], now: datetime) -> None:
    """Stream the files into a zip under a temporary name, flush it, give it its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    try:
        with temporary.open("xb") as stream:
            temporary.chmod(0o600)
            # What lies in Word and PDF is compressed already.
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
                _fill(archive, package, members, now)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def _fill(
    archive: zipfile.ZipFile, package: Package, members: Sequence[Member], now: datetime
) -> None:
    root = safe_name(f"{package.agency.code.upper()} {package.subject}")
    on = local_date(package.agency, now)
    tell = _teller(package.pk)
    for number, member in enumerate(members, start=1):
        _add(archive, f"{root}/{member.path}", member, on)
        tell(number)
    label = period_of(package.subject).label
    lists = [
        ("daftar-isi.html", page_bytes(package.agency, label, members, on)),
        ("daftar-isi.csv", table_bytes(members)),
    ]
    sums = [(member.path, member.sha256) for member in members]
    sums += [(name, sha256_of(content)) for name, content in lists]
    for name, content in [*lists, ("SHA256SUMS", sums_bytes(sums))]:
        archive.writestr(_info(f"{root}/{name}", on), content)
    Package.objects.filter(pk=package.pk).update(done=len(members))


def _add(archive: zipfile.ZipFile, path: str, member: Member, on: date) -> None:
    """Copy one file piece by piece. Raises DocumentError if it is not what its row says."""
    digest = hashlib.sha256()
    with archive.open(_info(path, member.on or on), "w", force_zip64=True) as target:
        for piece in _pieces(member):
            digest.update(piece)
            target.write(piece)
    if digest.hexdigest() != member.sha256:
        raise DocumentError(
            f"Berkas “{member.path}” berubah sejak disimpan; paket tidak dibuat. "
            "Pulihkan berkas itu dari cadangan, lalu minta lagi."
        )


def _pieces(member: Member) -> Iterator[bytes]:
    if member.stored is None:
        yield member.content
        return
    try:
        with member.stored.open("rb") as stream:
            while piece := stream.read(CHUNK):
                yield piece
    except OSError:
        raise DocumentError(
            f"Berkas “{member.path}” tidak ada di penyimpanan; paket tidak dibuat. "
            "Pulihkan berkas itu dari cadangan, lalu minta lagi."
        ) from None


def _info(path: str, on: date) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, date_time=(max(on.year, 1980), on.month, on.day, 0, 0, 0))
    info.external_attr = 0o600 << 16
    return info


def _teller(package_id: int) -> Progress:
    """Return what writes into the row how far it is, twice a second at most."""
    last = time.monotonic()

    def tell(done: int) -> None:
        nonlocal last
        if time.monotonic() - last >= TELL_SECONDS:
            last = time.monotonic()
            Package.objects.filter(pk=package_id).update(done=done)

    return tell


@transaction.atomic
def _keep(package_id: int, name: str, sha256: str, size: int, now: datetime) -> Package | None:
    package = Package.objects.select_for_update(of=("self",)).select_related("agency")
    row = package.filter(pk=package_id).first()
    if row is None or row.state != Package.State.WAITING:
        return row
    row.state, row.file, row.sha256, row.size = Package.State.DONE, name, sha256, size
    row.made_at, row.expires_at, row.error = now, now + KEPT, ""
    row.save(update_fields=["state", "file", "sha256", "size", "made_at", "expires_at", "error"])
    _record(row, "package_written", SYSTEM, now)
    return row


def _forgotten(now: datetime) -> list[Path]:
    """Return files that no row names and nobody writes any more."""
    before = (now - timedelta(days=1)).timestamp()
    named = {stored_path(name) for name in Package.objects.values_list("file", flat=True) if name}
    here = files_below(stored_path(FOLDER))
    return [path for path in here if path not in named and path.stat().st_mtime < before]


def _record(package: Package, verb: str, actor: Actor, now: datetime) -> None:
    ledger.record(
        stream=package.agency,
        actor=actor,
        verb=verb,
        subject=f"documents.package:{package.pk}",
        now=now,
        after={"subject": package.subject, "files": package.total, "sha256": package.sha256},
    )
