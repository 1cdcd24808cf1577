"""Where presses were made is sealed: closed anew when the installation's keys are."""

from django.db.models import QuerySet

from attendance.checkins.places import seal_place_anew
from attendance.models import CheckIn
from devices.services.rotation import AlreadyCurrent, OtherSealed, also_sealed
from foundation import crypto
from organization.models import Agency

NAME = "lokasi presensi"


def sealed_presses() -> QuerySet[CheckIn]:
    """Return the presses that keep a place."""
    return CheckIn.objects.exclude(sealed_place=b"").select_related("agency")


def seal_anew(row: CheckIn) -> Agency:
    """Close a press's place with the newest key; what was pressed stays as it is."""
    if crypto.is_current(row.sealed_place):
        raise AlreadyCurrent
    seal_place_anew(row)
    row.save(update_fields=["sealed_place"])
    return row.agency


also_sealed(OtherSealed(NAME, sealed_presses, owner="agency", seal=seal_anew))
