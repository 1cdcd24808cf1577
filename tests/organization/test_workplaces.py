"""Where an agency works: added, ended, shown with a plan."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client

from foundation.models import Event
from organization.exceptions import CalendarRefused
from organization.models import Workplace
from organization.services import WorkplaceData, add_workplace, end_workplace
from tests.cast import NOW, TODAY, Cast

pytestmark = pytest.mark.django_db
OFFICE = WorkplaceData(
    name="Kantor Utama", latitude=Decimal("-2.935"), longitude=Decimal("115.15"), radius_m=120,
    valid_from=TODAY,
)  # fmt: skip


def add(cast: Cast, data: WorkplaceData = OFFICE) -> Workplace:
    return add_workplace(agency=cast.agency, data=data, user=cast.admin, now=NOW)


def test_the_admin_adds_an_office_and_ends_it(cast: Cast) -> None:
    row = add(cast)
    assert [*Workplace.objects.valid_on(TODAY)] == [row]
    assert not Workplace.objects.valid_on(date(2026, 4, 19)).exists()
    end_workplace(workplace_id=row.pk, last_on=date(2026, 4, 30), user=cast.admin, now=NOW)
    assert Workplace.objects.valid_on(date(2026, 4, 30)).exists()
    assert not Workplace.objects.valid_on(date(2026, 5, 1)).exists()
    assert [*Event.objects.filter(subject=f"organization.workplace:{row.pk}").values_list(
        "verb", "actor_name")] == [
        ("workplace_added", "Budi Manafe"), ("workplace_ended", "Budi Manafe"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "  "), ("latitude", Decimal(91)), ("longitude", Decimal(-181)),
        ("radius_m", 19), ("radius_m", 5001), ("valid_until", date(2026, 4, 19)),
    ],
)  # fmt: skip
def test_what_is_no_office_is_refused_by_its_field(cast: Cast, field: str, value: object) -> None:
    with pytest.raises(CalendarRefused) as refusal:
        add(cast, replace(OFFICE, **{field: value}))  # type: ignore[arg-type]
    assert set(refusal.value.problems) == {field}
    assert not Workplace.objects.exists()


def test_the_database_knows_no_place_beside_the_globe(cast: Cast) -> None:
    row = add(cast)
    for wrong in ({"latitude": 91}, {"radius_m": 1}, {"valid_until": date(2026, 1, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Workplace.objects.filter(pk=row.pk).update(**wrong)


def test_the_same_name_holds_once_at_a_time(cast: Cast) -> None:
    row = add(cast)
    with pytest.raises(CalendarRefused, match="akhiri dahulu"):
        add(cast, replace(OFFICE, name="kantor utama", valid_from=date(2026, 6, 1)))
    end_workplace(workplace_id=row.pk, last_on=date(2026, 5, 31), user=cast.admin, now=NOW)
    assert add(cast, replace(OFFICE, valid_from=date(2026, 6, 1))).pk != row.pk


def test_an_end_is_neither_before_the_beginning_nor_put_off(cast: Cast) -> None:
    row = add(cast, replace(OFFICE, valid_until=date(2026, 5, 1)))
    for day in (date(2026, 4, 1), date(2026, 5, 2)):
        with pytest.raises(CalendarRefused):
            end_workplace(workplace_id=row.pk, last_on=day, user=cast.admin, now=NOW)


def test_nobody_without_the_right_writes_an_office(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        add_workplace(agency=cast.agency, data=OFFICE, user=cast.operator, now=NOW)
    row = add(cast)
    with pytest.raises(PermissionDenied):
        end_workplace(workplace_id=row.pk, last_on=TODAY, user=cast.outsider, now=NOW)


@time_machine.travel(NOW, tick=False)
def test_the_page_draws_a_plan_and_takes_an_office(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.admin)
    form = {
        "pd": cast.agency.code, "name": "UPT Pelaihari", "latitude": "-2,935",
        "longitude": "115.151234", "radius_m": "80", "valid_from": "2026-04-20",
    }  # fmt: skip
    assert client.post("/pegawai/lokasi/baru/", form | {"latitude": "utara"}).status_code == 422
    form["latitude"] = "-2.935"
    assert client.post("/pegawai/lokasi/baru/", form).status_code == 302
    page = client.get("/pegawai/lokasi/").content.decode()
    assert "-2.935000, 115.151234" in page
    assert 'aria-label="Denah UPT Pelaihari: lingkaran beradius 80 meter"' in page
    assert "belum diverifikasi" in page
    row = Workplace.objects.get()
    client.post(f"/pegawai/lokasi/{row.pk}/akhiri/", {"last_on": "2026-04-20"})
    assert Workplace.objects.get().valid_until == TODAY
