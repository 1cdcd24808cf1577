"""What a person keeps for himself about his lists, and several tasks taken at once.

A filter is nobody's work: it leaves no event. Each task that is taken leaves its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from organization.models import User
from processes.exceptions import NotReady, ProcessError
from processes.inbox.asking import Asked
from processes.models import SavedFilter, Task
from processes.services.tasks import claim_task

MOST_FILTERS = 20  # of one person and list
MOST_AT_ONCE = 25  # one page


@transaction.atomic
def save_filter(
    *, actor_user: User, asked: Asked, name: str, is_default: bool, now: datetime
) -> SavedFilter:
    """Keep what is asked for under a name; the same name again is the same filter, changed."""
    # Two of the same person wait for each other: the unique name and default are never met.
    User.objects.select_for_update(no_key=True).get(pk=actor_user.pk)
    name, own = name.strip()[:60], SavedFilter.objects.filter(owner=actor_user, tab=asked.tab)
    if not name:
        raise NotReady("Tuliskan nama saringan.")
    if asked.is_plain:
        raise NotReady("Pilih dahulu apa yang disaring atau diurutkan.")
    if not own.filter(name=name).exists() and own.count() >= MOST_FILTERS:
        raise NotReady(f"Paling banyak {MOST_FILTERS} saringan; hapus yang tidak dipakai.")
    if is_default:
        own.update(is_default=False)
    changes = {"query": asked.query[:500], "is_default": is_default, "created_at": now}
    saved, _ = own.update_or_create(owner=actor_user, tab=asked.tab, name=name, defaults=changes)
    return saved


@transaction.atomic
def choose_filter(*, actor_user: User, filter_id: int) -> SavedFilter | None:
    """Let a list open with this filter, or, where it does already, with none."""
    User.objects.select_for_update(no_key=True).get(pk=actor_user.pk)
    chosen = SavedFilter.objects.filter(owner=actor_user, pk=filter_id).first()
    if chosen is None:
        return None
    is_default = not chosen.is_default
    SavedFilter.objects.filter(owner=actor_user, tab=chosen.tab).update(is_default=False)
    chosen.is_default = is_default
    chosen.save(update_fields=["is_default"])
    return chosen


def remove_filter(*, actor_user: User, filter_id: int) -> SavedFilter | None:
    """Take one's own filter away; None where there is no such one."""
    found = SavedFilter.objects.filter(owner=actor_user, pk=filter_id).first()
    if found is not None:
        SavedFilter.objects.filter(pk=found.pk).delete()
    return found


@dataclass(frozen=True)
class Taken:
    """What became of several tasks: those that are the person's now, and why others are not."""

    tasks: Sequence[Task]
    refusals: Sequence[str]


def claim_tasks(*, task_ids: Sequence[int], actor_user: User, now: datetime) -> Taken:
    """Take several tasks, each for itself: what somebody else was faster with stops no other."""
    tasks, refusals = [], []
    for task_id in list(dict.fromkeys(task_ids))[:MOST_AT_ONCE]:
        try:
            tasks.append(claim_task(task_id=task_id, actor_user=actor_user, now=now))
        except ProcessError as error:
            refusals.append(error.message)
    return Taken(tasks, refusals)
