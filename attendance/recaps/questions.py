"""What is asked about a recap: how it was decided, whether it came back, which version holds."""

from attendance.models import Recap
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
