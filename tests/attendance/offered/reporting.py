"""Asking for what a report says, as a worker does."""

from datetime import datetime
from typing import Any

from foundation.actors import SYSTEM, Actor
from organization.models import Agency, User
from organization.permissions import person
from tests.attendance.people import AFTER_APRIL
from workflows.registry import Request, SubjectChoice, report_context, subject_kind


def told(
    name: str, subject: str, agency: Agency, *, by: User | None = None, now: datetime = AFTER_APRIL
) -> dict[str, Any]:
    """Return what a registered context says of a subject."""
    actor: Actor = person(by) if by else SYSTEM
    request = Request(agency_id=agency.pk, subject=subject, actor=actor, now=now)
    return dict(report_context.get(name)(request))


def found(kind: str, user: User, agency: Agency, subject: str) -> SubjectChoice | None:
    return subject_kind(kind).find(user.pk, agency.pk, subject, AFTER_APRIL)


def listed(kind: str, user: User, agency: Agency) -> list[str]:
    """Return the subjects that a person is offered."""
    choices = subject_kind(kind).list(user.pk, agency.pk, AFTER_APRIL)
    return [choice.subject for choice in choices]
