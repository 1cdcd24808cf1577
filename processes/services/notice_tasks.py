"""Tell people of tasks: a decision, work that came back, what was handed over, a day's queue."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse

from organization.exceptions import AccountRefused
from organization.models import User
from organization.services.accounts import agency_of
from processes import queries
from processes.cards.reading import is_decision, step_of
from processes.definitions import definition_of
from processes.models import Notice, NoticePreference, Task
from processes.notices.kinds import DECISION, NAMED, QUEUE, RETURNED
from processes.notices.recipients import Lanes
from processes.notices.wishes import SUMMARY_AT, wishes_in
from processes.preparers import preparers_of
from processes.services.notices import notify

LONGEST_REASON = 500
ONE_DAY = timedelta(days=1)
LATE = timedelta(hours=2)  # a day's queue that nobody told of by then is told of no more


@dataclass(frozen=True)
class Told:
    """What to tell of a task, and whom."""

    kind: str
    people: Collection[int]
    text: str


def tell_of_tasks(*, task_ids: Collection[int], by: int | None, now: datetime) -> int:
    """Tell whom these tasks wait for, except who acted; return how many were told.

    Safe to repeat. Of what somebody took meanwhile nobody is told.
    """
    tasks = Task.objects.filter(pk__in=task_ids, status=Task.Status.READY).order_by("pk")
    tasks = tasks.select_related("agency", "instance", "returned_by__owner__employee")
    lanes, count = Lanes(now), 0
    for task in tasks:
        told = _told(task, lanes)
        if told is None:
            continue
        page = "tasks:card" if told.kind == DECISION else "tasks:detail"
        count += notify(
            user_ids=set(told.people) - {by},
            agency=task.agency,
            kind=told.kind,
            key=f"task/{task.pk}/{len(task.earlier)}",  # once per time that it was handed on
            text=told.text,
            link=reverse(page, args=[task.pk]),
            now=now,
        )
    return count


def _told(task: Task, lanes: Lanes) -> Told | None:
    what, people = f"“{task.full_name}” - {task.instance.title}", lanes.of(task)
    if task.assignee_id is not None:
        return Told(NAMED, people, f"{what} diserahkan kepada Anda.")
    if task.returned_by is not None:
        return Told(RETURNED, _doers(task, people), f"{what} {_returned(task.returned_by)}")
    if task.note:  # the instance went back to this step; the note says by whom and why
        return Told(RETURNED, _doers(task, people), f"{what}. {task.note}")
    if is_decision(step_of(task)):
        kept_out = preparers_of(task, definition_of(task.instance))
        return Told(DECISION, people - kept_out, f"{what} menunggu keputusan Anda.")
    if task.by_name:
        return Told(NAMED, people, f"{what} ditujukan kepada Anda.")
    return None


def _returned(decision: Task) -> str:
    owner = decision.owner
    by = f" oleh {owner.get_full_name()}" if owner else ""
    reason = " ".join(decision.comment.split())[:LONGEST_REASON]
    return f"dikembalikan kepada Anda{by}{f': {reason}' if reason else '.'}"


def _doers(task: Task, people: frozenset[int]) -> frozenset[int]:
    """Return who did the step last time, where it is offered to him still; else all of these."""
    done = Task.objects.filter(
        instance=task.instance_id,
        step=task.step,
        row_key=task.row_key,
        status=Task.Status.COMPLETED,
    )
    last = done.order_by("-visit").values_list("owner", flat=True).first()
    return frozenset({last}) if last in people else people


def tell_queues(*, now: datetime) -> int:
    """Tell who asked for it, once a day, how many tasks came into his queue; return how many."""
    count = 0
    rows = NoticePreference.objects.exclude(**{f"ways__{QUEUE}": []})
    for row in rows.select_related("user__employee__agency").order_by("pk"):
        if wishes_in(row).wants_queue() and row.user.is_active:
            count += _tell_queue(row, row.user, now)
    return count


def _tell_queue(row: NoticePreference, user: User, now: datetime) -> int:
    try:
        agency = agency_of(user)
    except AccountRefused:
        return 0  # whoever is nowhere has no queue
    local = now.astimezone(ZoneInfo(agency.time_zone))
    until = datetime.combine(local.date(), row.summary_at or SUMMARY_AT, local.tzinfo)
    key = f"{QUEUE}/{local:%Y-%m-%d}"
    if not until <= now < until + LATE or Notice.objects.filter(user=user, key=key).exists():
        return 0
    came = queries.whole_queue(user, now).filter(
        offered_at__gt=until - ONE_DAY, offered_at__lte=until
    )
    if not (new := came.count()):
        return 0
    return notify(
        user_ids=[user.pk],
        agency=agency,
        kind=QUEUE,
        key=key,
        text=f"{new} tugas baru di antrean Anda sejak kemarin, belum diambil siapa pun.",
        link=reverse("tasks:queue"),
        now=now,
    )
