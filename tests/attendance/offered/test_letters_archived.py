"""The archive of a period keeps the scanned letters that its recap rests on."""

from documents.services import archive_instance, verify_archive
from foundation.actors import SYSTEM
from processes.models import Instance
from tests.attendance.people import AFTER_APRIL, PDF, decide, fill_april, submitted
from tests.attendance.playing import to_draft
from tests.cast import Cast


def test_scanned_letters_are_sealed_with_the_period(instance: Instance, cast: Cast) -> None:
    fill_april(cast.everyone)
    letter = submitted(cast)
    decide(letter, cast.superior)
    to_draft(instance, cast)
    archive = archive_instance(instance=instance, actor=SYSTEM, now=AFTER_APRIL)
    (row,) = [row for row in archive.files if row["path"].startswith("surat/")]
    assert (archive.location / row["path"]).read_bytes().startswith(PDF[:8])
    assert row["sha256"] == letter.scan_sha256
    # More people read the list of contents than may read the letters.
    assert letter.employee.name not in row["title"]
    assert list(verify_archive()) == []


def test_an_instance_without_a_recap_archives_no_letters(instance: Instance, cast: Cast) -> None:
    submitted(cast)
    archive = archive_instance(instance=instance, actor=SYSTEM, now=AFTER_APRIL)
    assert not [row for row in archive.files if row["path"].startswith("surat/")]
