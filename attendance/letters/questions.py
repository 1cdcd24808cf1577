"""What is asked about letters: of a month, what they lack, which wait for whom."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from attendance.days.months import Month
from attendance.letters.deciders import Deciders
from attendance.letters.texts import letter_title
from attendance.models import AbsenceLetter, people_of
from foundation.models import Event
from organization.models import Agency, User
from organization.permissions import local_date

FORTNIGHT = timedelta(days=14)
OF_ROUND = ("letter_checked", "letter_reminded", "letter_escalated")


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


def what_is_lacking(letter: AbsenceLetter, deciders: Deciders) -> str:
    """Say in one line why a letter cannot be relied upon yet."""
    title = letter_title(letter)
    if not letter.scan_sha256:
        return f"{title}: belum dipindai"
    if letter.status == AbsenceLetter.Status.ENTERED:
        return f"{title}: belum diajukan kepada atasan langsung"
    if letter.status == AbsenceLetter.Status.RETURNED:
        return f"{title}: dikembalikan, belum diperbaiki"
    if letter.status == AbsenceLetter.Status.SUBMITTED:
        return f"{title}: belum diperiksa kelengkapannya"
    return f"{title}: belum diputuskan {approver_text(letter, deciders)}"


def approver_text(letter: AbsenceLetter, deciders: Deciders) -> str:
    """Name who decides; for the head of an agency that is an official outside of it."""
    named = deciders.of_letter(letter)
    if not named:
        return "pejabat di luar perangkat daerah (catat persetujuan tertulisnya)"
    return f"atasan langsung ({' atau '.join(str(decider) for decider in named)})"


def waiting_for(user: User, now: datetime) -> list[AbsenceLetter]:
    """Return the letters that this person's account may decide on now, the oldest days first."""
    person = user.employee
    if person is None:
        return []
    checked = AbsenceLetter.objects.filter(status=AbsenceLetter.Status.CHECKED)
    if not checked.exists():
        return []  # asked at each look into the inbox: the tree of people is read only for a reason
    people = people_of(user, now) - {person.pk}
    waiting = checked.filter(employee__in=people).select_related(
        "employee__agency", "employee__unit", "entered_by__employee", "instance"
    )
    letters = list(waiting.order_by("first_on", "pk"))
    agencies = {letter.employee.agency_id: letter.employee.agency for letter in letters}
    deciders = {
        pk: Deciders.of_agency(pk, local_date(agency, now)) for pk, agency in agencies.items()
    }
    return [
        letter
        for letter in letters
        if person.pk in _who_decides(letter, deciders[letter.employee.agency_id])
    ]


def _who_decides(letter: AbsenceLetter, deciders: Deciders) -> set[int]:
    named = deciders.of_letter(letter)
    return {decider.person.pk for decider in named}


def overdue(letters: Sequence[AbsenceLetter]) -> set[int]:
    """Return the ids of those whose superior was reminded since they were last checked."""
    subjects = {f"attendance.absenceletter:{letter.pk}": letter.pk for letter in letters}
    events = Event.objects.filter(subject__in=subjects, verb__in=OF_ROUND).order_by("id")
    latest = dict(events.values_list("subject", "verb"))
    return {subjects[subject] for subject, verb in latest.items() if verb != OF_ROUND[0]}


def shortened_lately(user: User, now: datetime) -> list[tuple[AbsenceLetter, datetime]]:
    """Return the letters of one's staff that were cut short in the last fortnight, and when."""
    if user.employee is None:
        return []
    people = people_of(user, now) - {user.employee.pk}
    events = Event.objects.filter(
        stream=user.employee.agency.stream, verb="letter_shortened", at__gt=now - FORTNIGHT
    )
    when = {
        int(subject.rpartition(":")[2]): at for subject, at in events.values_list("subject", "at")
    }
    letters = AbsenceLetter.objects.filter(pk__in=when, employee__in=people)
    return [(letter, when[letter.pk]) for letter in letters.select_related("employee")]
