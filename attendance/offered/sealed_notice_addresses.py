"""Where people are told of notices is sealed: closed anew when the installation's keys are.

Here, since the room that rotates keys and the room of notices do not know each other.
"""

from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from devices.services.rotation import AlreadyCurrent, OtherSealed, also_sealed
from foundation import crypto
from organization.exceptions import AccountRefused
from organization.models import Agency, Appointment
from organization.services.accounts import agency_of
from processes.models import NoticeAddress
from processes.notices.addresses import open_address, seal_address

NAME = "alamat pemberitahuan"


def sealed_addresses() -> QuerySet[NoticeAddress]:
    """Return the chats and browsers that are known, with the agency of whose they are."""
    appointed = Appointment.objects.filter(user=OuterRef("owner")).values("agency")[:1]
    known = NoticeAddress.objects.exclude(sealed_address=b"")
    return known.select_related("owner__employee__agency").annotate(
        owning=Coalesce(
            "owner__employee__agency", Subquery(appointed), output_field=BigIntegerField()
        )
    )


def seal_anew(row: NoticeAddress) -> Agency | None:
    """Close an address with the newest key; the address itself stays as it is."""
    if crypto.is_current(row.sealed_address):
        raise AlreadyCurrent
    seal_address(row, open_address(row))
    row.save(update_fields=["sealed_address"])
    try:
        return agency_of(row.owner)
    except AccountRefused:
        return None


also_sealed(OtherSealed(NAME, sealed_addresses, owner="owning", seal=seal_anew))
