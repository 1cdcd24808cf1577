"""Photos of employees: many in a zip named by NIP, or one."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage
from django.db import transaction

from foundation import ledger
from foundation.actors import Actor
from foundation.archives import ArchiveRefused, open_archive
from foundation.ledger import Entry
from foundation.uploads import IMAGES, CheckedUpload, UploadRefused, check_bytes, clean_label
from organization.models import Agency, Employee
from organization.pictures import prepare_photo
from organization.services.employees import append

MAX_PHOTO_BYTES = 20 * 1024 * 1024
CLUTTER = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class PhotoError:
    """A file of the zip that cannot be used, and what to do."""

    file: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}: {self.text}" if self.file else self.text


@dataclass(frozen=True, kw_only=True)
class PhotoReport:
    """What an import of photos did. With errors nothing was stored: all photos or none."""

    stored: int = 0
    errors: tuple[PhotoError, ...] = ()


def import_photos(
    *, agency: Agency, archive: CheckedUpload, actor: Actor, now: datetime
) -> PhotoReport:
    """Store the photos of a zip whose files are named by NIP, all together or, with errors, none.

    Folders inside the zip do not matter, nor do spaces in the NIP.
    """
    try:
        opened = open_archive(archive.content)
    except ArchiveRefused as error:
        return PhotoReport(errors=(PhotoError("", str(error)),))
    names = [name for name in opened.names if not _is_clutter(name)]
    people = {
        person.number: person for person in Employee.objects.filter(agency=agency, left_on=None)
    }
    errors: list[PhotoError] = []
    chosen: dict[str, str] = {}
    for name in names:
        number = _number_of(name)
        if number not in people:
            errors.append(PhotoError(clean_label(name), _unknown(number)))
        elif number in chosen:
            text = f"NIP sama dengan berkas {clean_label(chosen[number])}; hapus salah satu."
            errors.append(PhotoError(clean_label(name), text))
        else:
            chosen[number] = name
    if not names:
        errors.append(PhotoError("", "ZIP tidak memuat foto; beri nama berkas dengan NIP."))
    pictures: dict[int, bytes] = {}
    for number, name in chosen.items():
        try:
            pictures[people[number].pk] = _picture(opened.read(name), name)
        except UploadRefused as error:
            errors.append(PhotoError(clean_label(name), str(error)))
    if errors:
        return PhotoReport(errors=tuple(errors))
    _store(agency=agency, pictures=pictures, actor=actor, now=now)
    return PhotoReport(stored=len(pictures))


def set_photo(*, employee: Employee, upload: CheckedUpload, actor: Actor, now: datetime) -> None:
    """Store or replace one photo. Raises UploadRefused where the picture cannot be decoded."""
    picture = prepare_photo(upload.content, label=upload.label)
    _store(agency=employee.agency, pictures={employee.pk: picture}, actor=actor, now=now)
    employee.refresh_from_db(fields=["photo"])


def _is_clutter(name: str) -> bool:
    folded = name.casefold()
    return folded.startswith(CLUTTER[0]) or folded.rsplit("/", 1)[-1] in CLUTTER


def _number_of(name: str) -> str:
    stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return "".join(stem.split()).upper()


def _unknown(number: str) -> str:
    if not number.isdigit() and not number.startswith("HNR-"):
        return "Nama berkas bukan NIP; beri nama seperti 198503122010011007.jpg."
    return "Tidak ada pegawai aktif dengan NIP ini; impor datanya dahulu atau periksa nama berkas."


def _picture(content: bytes, name: str) -> bytes:
    checked = check_bytes(content, name=name, allowed=IMAGES, limit=MAX_PHOTO_BYTES)
    return prepare_photo(checked.content, label=checked.label)


def _store(*, agency: Agency, pictures: Mapping[int, bytes], actor: Actor, now: datetime) -> None:
    """Write the files, then the rows; files that no row came to name are taken away again."""
    written: list[str] = []
    storage = default_storage
    try:
        with transaction.atomic():
            locked = ledger.lock(agency)
            people = Employee.objects.in_bulk(list(pictures))
            replaced, entries = [], []
            for pk, picture in pictures.items():
                person = people[pk]
                replaced.append(person.photo.name or "")
                person.photo.save(f"{uuid.uuid4().hex}.jpg", ContentFile(picture), save=False)
                written.append(person.photo.name or "")
                person.save(update_fields=["photo"])
                entries.append(_entry(person, picture, actor))
            append(locked, entries, now=now)
            transaction.on_commit(lambda: _delete(storage, [name for name in replaced if name]))
    except BaseException:
        _delete(storage, written)
        raise


def _entry(person: Employee, picture: bytes, actor: Actor) -> Entry:
    digest = hashlib.sha256(picture).hexdigest()
    subject = f"organization.employee:{person.pk}"
    return Entry(actor=actor, verb="photo_stored", subject=subject, after={"sha256": digest})


def _delete(storage: Storage, names: Sequence[str]) -> None:
    for name in names:
        storage.delete(name)
