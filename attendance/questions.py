"""What guards, panels, contexts and pages ask about a month of an agency."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import QuerySet

from attendance.letter_texts import letter_title
from attendance.models import AbsenceLetter, Recap
from attendance.months import Month
from attendance.superiors import Superiors
from organization.models import Agency, User
from organization.permissions import local_date


def letters_of(agency: Agency | int, month: Month) -> QuerySet[AbsenceLetter]:
    """Return the letters that touch the month, withdrawn ones left out."""
    agency_id = agency if isinstance(agency, int) else agency.pk
    return (
        AbsenceLetter.objects.filter(employee__agency_id=agency_id)
        .overlapping(month.first, month.last)
        .exclude(status=AbsenceLetter.Status.WITHDRAWN)
        .select_related("employee", "employee__unit")
        .order_by("first_on", "employee__name", "pk")
    )


def unsettled(letters: Sequence[AbsenceLetter]) -> list[AbsenceLetter]:
    """Return those that lack the scan or the superior's decision."""
    return [letter for letter in letters if letter.is_undecided or not letter.scan_sha256]


def what_is_lacking(letter: AbsenceLetter, superiors: Superiors, on: date) -> str:
    """Say in one line why a letter cannot be relied upon yet."""
    title = letter_title(letter)
    if not letter.scan_sha256:
        return f"{title}: belum dipindai"
    if letter.status == AbsenceLetter.Status.ENTERED:
        return f"{title}: belum diajukan kepada atasan langsung"
    if letter.status == AbsenceLetter.Status.RETURNED:
        return f"{title}: dikembalikan atasan, belum diperbaiki"
    return f"{title}: belum diputuskan {approver_text(letter, superiors, on)}"


def approver_text(letter: AbsenceLetter, superiors: Superiors, on: date) -> str:
    """Name who decides; for the head of an agency that is an official outside of it."""
    approver = superiors.approver(letter.employee_id, on)
    if approver is None:
        return "pejabat di luar perangkat daerah (catat persetujuan tertulisnya)"
    return f"atasan langsung ({approver.name})"


def recap_of_instance(instance_id: int, month: Month) -> Recap | None:
    """Return the instance's recap of the month, draft or frozen, the latest version."""
    recaps = Recap.objects.filter(instance_id=instance_id, month=month.first)
    return recaps.select_related("agency", "instance").order_by("-version").first()


def frozen_before(agency: Agency | int, month: Month) -> Recap | None:
    """Return the last frozen recap of an earlier month."""
    agency_id = agency if isinstance(agency, int) else agency.pk
    frozen = Recap.objects.filter(agency_id=agency_id, status=Recap.Status.FROZEN)
    return frozen.filter(month__lt=month.first).order_by("-month", "-version").first()


def decided_since(recap: Recap) -> QuerySet[AbsenceLetter]:
    """Return letters of the recap's month that were decided after it was built or frozen."""
    month = Month(recap.month)
    since = recap.frozen_at or recap.built_at
    return letters_of(recap.agency_id, month).filter(decided_at__gt=since)


def waiting_for(user: User, now: datetime) -> list[AbsenceLetter]:
    """Return the submitted letters that this person's account, and no other, decides on."""
    person = user.employee
    if person is None:
        return []
    submitted = AbsenceLetter.objects.filter(status=AbsenceLetter.Status.SUBMITTED)
    if not submitted.exists():
        return []  # asked at each look into the inbox: the tree of people is read only for a reason
    superiors = Superiors.of_agency(person.agency_id)
    on = local_date(person.agency, now)
    waiting = submitted.filter(employee__in=superiors.below(person.pk))
    waiting = waiting.select_related("employee__agency", "employee__unit", "entered_by__employee")
    return [
        letter
        for letter in waiting.order_by("first_on", "pk")
        if (approver := superiors.approver(letter.employee_id, on)) and approver.pk == person.pk
    ]
