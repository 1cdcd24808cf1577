"""The demo office has hours for its part-timers: otherwise no month of it could be frozen."""

import pytest

from config.demo.build import build_start
from organization.models import PatternScope
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def test_the_demo_office_has_hours_for_its_part_timers() -> None:
    office = build_start(NOW)
    scopes = PatternScope.objects.filter(pattern__kind="part_time")
    assert [scope.agency_id for scope in scopes] == [office.agency.pk]
