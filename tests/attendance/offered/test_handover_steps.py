"""Which handover a step is about: its agency's own, never another's."""

import pytest

from attendance import services
from attendance.models import Handover
from attendance.offered.handover_steps import NoHandover, handover_of_step
from foundation.actors import SYSTEM
from organization.models import Agency
from tests.attendance.people import AFTER_APRIL, APRIL, fill_april
from tests.cast import Cast
from workflows.registry import StepContext

pytestmark = pytest.mark.django_db


def context(agency: Agency, subject: str) -> StepContext:
    return StepContext(
        agency_id=agency.pk, subject=subject, actor=SYSTEM, now=AFTER_APRIL, instance_id=0,
        definition_key="", version="", step="", visit=1,
    )  # fmt: skip


@pytest.fixture
def handover(cast: Cast) -> Handover:
    fill_april(cast.everyone)
    services.build_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    recap = services.freeze_recap(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    return Handover.objects.create(agency=cast.agency, recap=recap, kind="discipline")


def test_a_step_finds_its_agency_s_handover(handover: Handover, cast: Cast) -> None:
    assert handover_of_step(context(cast.agency, str(handover.pk))) == handover


def test_another_agency_s_handover_is_none(handover: Handover, cast: Cast) -> None:
    with pytest.raises(NoHandover):
        handover_of_step(context(cast.other_agency, str(handover.pk)))


@pytest.mark.parametrize("subject", ["", "satu", "9" * 30, "٣"])
def test_a_subject_that_is_no_number_names_none(cast: Cast, subject: str) -> None:
    with pytest.raises(NoHandover, match="tidak ada di sini"):
        handover_of_step(context(cast.agency, subject))
