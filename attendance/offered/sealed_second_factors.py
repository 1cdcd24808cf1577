"""Keys of the second step are sealed: closed anew when the installation's keys are.

Here, since the room that rotates keys knows only its own.
"""

from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from devices.services.rotation import AlreadyCurrent, OtherSealed, also_sealed
from foundation import crypto
from organization.models import Agency, Appointment, SecondFactor
from organization.services.accounts import agency_of
from organization.services.second_factor import key_of, seal_key

NAME = "kunci kode masuk"


def sealed_keys() -> QuerySet[SecondFactor]:
    """Return all of them, with the agency in whose ledger the account stands."""
    appointed = Appointment.objects.filter(user=OuterRef("user")).values("agency")[:1]
    return SecondFactor.objects.select_related("user__employee__agency").annotate(
        owning=Coalesce(
            "user__employee__agency", Subquery(appointed), output_field=BigIntegerField()
        )
    )


def seal_anew(row: SecondFactor) -> Agency:
    """Close a key with the installation's newest; the telephone notices nothing."""
    if crypto.is_current(row.sealed_key):
        raise AlreadyCurrent
    seal_key(row, key_of(row))
    row.save(update_fields=["sealed_key"])
    return agency_of(row.user)


also_sealed(OtherSealed(NAME, sealed_keys, owner="owning", seal=seal_anew))
