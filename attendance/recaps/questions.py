"""What is asked about recaps: whose, how decided, whether come back, which version holds."""

from datetime import date

from django.db.models import QuerySet

from attendance.days.months import Month
from attendance.letters.questions import letters_of
from attendance.models import AbsenceLetter, Recap
from organization.models import Agency
from processes.models import Instance, Task
from workflows.definitions import OutcomeKind


def latest_decision(instance: Instance | None) -> Task | None:
    """Return the last completed task of the instance that decided something."""
    if instance is None:
        return None
    decided = instance.tasks.filter(status=Task.Status.COMPLETED).exclude(outcome_kind="")
    return decided.select_related("owner").order_by("-submitted_at", "-pk").first()


def is_approved(instance: Instance | None) -> bool:
    decision = latest_decision(instance)
    return decision is not None and decision.outcome_kind == OutcomeKind.APPROVE


def was_returned(recap: Recap) -> bool:
    """Say whether a submitted recap came back: by a decision of its round, or with its run."""
    if recap.status != Recap.Status.SUBMITTED:
        return False
    instance = recap.instance
    if instance is None or instance.status == Instance.Status.CANCELLED:
        return True
    decision = latest_decision(instance)
    return (
        decision is not None
        and decision.visit >= recap.round
        and decision.outcome_kind != OutcomeKind.APPROVE
    )


def newest_version(recap: Recap) -> Recap:
    """Return the frozen version that holds now in place of this one, often itself."""
    if not recap.is_frozen:
        return recap
    later = Recap.objects.frozen().filter(
        agency=recap.agency_id, month=recap.month, version__gt=recap.version
    )
    return later.select_related("agency", "instance").order_by("-version").first() or recap


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


def frozen_months(agency_id: int, first: date, last: date) -> list[Month]:
    """Return the months whose recap is frozen: what changes there becomes late data (susulan)."""
    recaps = Recap.objects.frozen().filter(
        agency=agency_id, month__gte=first.replace(day=1), month__lte=last
    )
    return [Month(month) for month in sorted(set(recaps.values_list("month", flat=True)))]


def frozen_months_of(letter: AbsenceLetter) -> list[Month]:
    """Return the months of this letter whose recap is frozen: a decision changes nothing there."""
    return frozen_months(letter.employee.agency_id, letter.first_on, letter.last_on)
