"""What the archive of a period keeps from this room: the scanned letters of absence.

The SOP counts them among its records (Pencatatan dan pendataan no. 2).
"""

from collections.abc import Iterable
from pathlib import Path

from attendance.days.months import Month
from attendance.letters.questions import letters_of
from documents.archive.archiving import Entry, archive_source, stored_entry
from processes.models import Instance


@archive_source("attendance.letters")
def letters(instance: Instance) -> Iterable[Entry]:
    """Yield the scan of each letter of the period, where the instance made a recap of one."""
    recap = instance.recaps.order_by("-version").first()
    if recap is None:
        return
    for letter in letters_of(instance.agency_id, Month(recap.month)).exclude(scan_sha256=""):
        ending = Path(letter.scan.name or "").suffix
        # No name and no reason: the list of contents is read by more people than the letters.
        title = f"Surat ketidakhadiran {letter.pk} ({letter.get_status_display().lower()})"
        yield stored_entry(f"surat/{letter.pk}{ending}", title, letter.scan, letter.scan_sha256)
