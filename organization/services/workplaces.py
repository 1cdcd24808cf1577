"""Where an agency works: added and ended by its officers, by whom and on what ground."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from foundation import ledger
from foundation.indonesian import date_text
from organization.exceptions import CalendarRefused
from organization.models import Agency, User, Workplace
from organization.models.workplaces import LEAST_RADIUS, MOST_RADIUS
from organization.permissions import actor_allowed

MANAGE = "workplaces.manage"


@dataclass(frozen=True, kw_only=True)
class WorkplaceData:
    """An office as it is written down: degrees of WGS 84, metres, and on what ground."""

    name: str
    latitude: Decimal
    longitude: Decimal
    radius_m: int
    valid_from: date
    valid_until: date | None = None
    source: str = ""


@transaction.atomic
def add_workplace(*, agency: Agency, data: WorkplaceData, user: User, now: datetime) -> Workplace:
    """Let people record their presence around a point, from a day on.

    Raises CalendarRefused with a sentence per field, PermissionDenied.
    """
    actor = actor_allowed(user, MANAGE, agency, now)
    ledger.lock(agency)
    if problems := _problems(agency, data):
        raise CalendarRefused(problems)
    row = Workplace.objects.create(
        agency=agency, name=data.name.strip(), latitude=data.latitude, longitude=data.longitude,
        radius_m=data.radius_m, source=data.source.strip()[:200], valid_from=data.valid_from,
        valid_until=data.valid_until, set_by=user, set_at=now,
    )  # fmt: skip
    ledger.record(
        stream=agency, actor=actor, verb="workplace_added", now=now, after=_state(row),
        subject=f"organization.workplace:{row.pk}",
    )  # fmt: skip
    return row


@transaction.atomic
def end_workplace(*, workplace_id: int, last_on: date, user: User, now: datetime) -> Workplace:
    """Let an office hold up to and including a day and no longer; what was recorded stays.

    Raises CalendarRefused, PermissionDenied.
    """
    agency = Workplace.objects.select_related("agency").get(pk=workplace_id).agency
    actor = actor_allowed(user, MANAGE, agency, now)
    ledger.lock(agency)
    row = Workplace.objects.select_for_update().get(pk=workplace_id)
    if last_on < row.valid_from:
        text = f"Akhir mendahului awal, {date_text(row.valid_from)}; periksa tanggalnya."
        raise CalendarRefused({"last_on": text})
    if row.valid_until is not None and last_on > row.valid_until:
        text = f"Sudah berakhir {date_text(row.valid_until)}; catat lokasi baru."
        raise CalendarRefused({"last_on": text})
    before = _state(row)
    row.valid_until = last_on
    row.save(update_fields=["valid_until"])
    ledger.record(
        stream=agency, actor=actor, verb="workplace_ended", now=now, before=before,
        after=_state(row), subject=f"organization.workplace:{row.pk}",
    )  # fmt: skip
    return row


def _problems(agency: Agency, data: WorkplaceData) -> dict[str, str]:
    problems = {}
    if not data.name.strip():
        problems["name"] = "Isi nama lokasi, misalnya Kantor Utama."
    if not -90 <= data.latitude <= 90:
        problems["latitude"] = "Lintang terletak antara -90 dan 90 derajat."
    if not -180 <= data.longitude <= 180:
        problems["longitude"] = "Bujur terletak antara -180 dan 180 derajat."
    if not LEAST_RADIUS <= data.radius_m <= MOST_RADIUS:
        problems["radius_m"] = f"Radius {LEAST_RADIUS} sampai {MOST_RADIUS} meter."
    if data.valid_until is not None and data.valid_until < data.valid_from:
        problems["valid_until"] = "Akhir mendahului awal; periksa kedua tanggalnya."
    if not problems and (twin := _twin(agency, data)):
        problems["name"] = (
            f"{twin.name} sudah berlaku sejak {date_text(twin.valid_from)}; akhiri dahulu yang itu."
        )
    return problems


def _twin(agency: Agency, data: WorkplaceData) -> Workplace | None:
    """Return an office of the same name that holds at the same time."""
    rows = Workplace.objects.filter(agency=agency, name__iexact=data.name.strip())
    if data.valid_until is not None:
        rows = rows.filter(valid_from__lte=data.valid_until)
    return next((row for row in rows if row.valid_until is None
                 or row.valid_until >= data.valid_from), None)  # fmt: skip


def _state(row: Workplace) -> dict[str, Any]:
    return {
        "name": row.name,
        "latitude": str(row.latitude),
        "longitude": str(row.longitude),
        "radius_m": row.radius_m,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
    }
