"""BKD decides which time holds where a signed list and a machine differ (art. 6(2)b, 13).

The other one is not used from then on: a correction like any other, with before and after.
"""

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from attendance.evidence.correction_rules import CorrectionData, Kind
from attendance.evidence.outage_conflicts import Conflict, conflicts_of
from attendance.exceptions import AlreadyDecided, DataRefused
from attendance.models import Correction, Outage
from attendance.services.corrections import DECIDE, correct_finding
from attendance.services.outage_rows import locked_for
from foundation.indonesian import date_text
from organization.models import User


class Holds(StrEnum):
    """Which of the two times is used."""

    MACHINE = "machine"
    LIST = "list"


@transaction.atomic
def decide_conflict(
    *, outage_id: int, key: str, holds: Holds, note: str, user: User, now: datetime
) -> Correction:
    """Let one of the two times hold, as BKD.

    Raises AlreadyDecided where they differ no more, NotYoursToDecide for one's own day,
    DataRefused without a reason, PermissionDenied.
    """
    row, _ = locked_for(outage_id, DECIDE, user, now)
    if not note.strip():
        raise DataRefused({"note": "Tuliskan alasan memilih jam ini."})
    found = next((one for one in conflicts_of(row, now) if one.key == key), None)
    if found is None:
        raise AlreadyDecided("Selisih ini sudah diputuskan; muat ulang halaman.")
    return _decide(row, found, holds, note, user, now)


def _decide(
    row: Outage, found: Conflict, holds: Holds, note: str, user: User, now: datetime
) -> Correction:
    unused = found.listed if holds is Holds.MACHINE else found.machine
    if unused is None:
        raise DataRefused(
            {"holds": "Jam mesin ini hasil koreksi jam; ubah lewat permintaan koreksi."}
        )
    used = "mesin" if holds is Holds.MACHINE else "daftar manual"
    reason = (
        f"Selisih absen {found.side_name} {date_text(found.day)} pada gangguan nomor {row.pk}: "
        f"mesin {found.machine_clock}, daftar manual {found.list_clock}; dipakai jam {used}."
    )
    data = CorrectionData(kind=Kind.IGNORE_PUNCH, reason=reason, punch=unused)
    return correct_finding(
        agency=row.agency, data=data, found_by=row.listed_by, note=note, user=user, now=now
    )
