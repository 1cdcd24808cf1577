"""Which day it is: that of the agency, in each of the three zones, on every day of two years."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from organization.models import Agency
from organization.permissions import local_date

HOURS = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}


@pytest.mark.fault("F44")
@pytest.mark.parametrize(("zone", "hours"), HOURS.items())
def test_no_zone_of_the_country_ever_changes_its_hour(zone: str, hours: int) -> None:
    began = datetime(1970, 1, 1, 12, tzinfo=UTC)
    moments = (began + timedelta(days=number) for number in range(65 * 366))
    assert {at.astimezone(ZoneInfo(zone)).utcoffset() for at in moments} == {timedelta(hours=hours)}


@pytest.mark.fault("F42", "F43")
@pytest.mark.parametrize(("zone", "hours"), HOURS.items())
def test_the_day_begins_at_midnight_of_the_agency_on_every_day_of_two_years(
    zone: str, hours: int
) -> None:
    agency = Agency(time_zone=zone)
    day = date(2023, 7, 1)  # with the turn of two years and 29 February 2024
    while day < date(2025, 7, 1):
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=hours)
        assert local_date(agency, midnight - timedelta(microseconds=1)) == day - timedelta(days=1)
        assert local_date(agency, midnight) == day
        day += timedelta(days=1)
