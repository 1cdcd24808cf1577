"""Tell people what their work came to, once; and that they have read it.

A notice leaves no event: it decides nothing and changes no record of work. What it says follows
from moments that the ledger holds, and the row itself says who was told what, and when.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from foundation.indonesian import work_text
from organization.models import Agency, User
from processes.audit.measured.refreshing import refresh
from processes.models import Notice, Task
from processes.notices.channels.mail import send
from processes.notices.kinds import ALARM, BREACH, ESCALATION, REMINDER, WAIT, WEEK
from processes.notices.recipients import Lanes, heads_of
from processes.notices.watching import Breach, LongWait, breaches, long_waits, names
from processes.notices.week import last_week, week_figures, week_link, week_text
from processes.services.notice_deliveries import plan
from processes.webhooks.hearing import announce
from processes.webhooks.own_kinds import OVERDUE, told_task

__all__ = [
    "ALARM",
    "ESCALATION",
    "REMINDER",
    "mail_to_reader",
    "mark_read",
    "notify",
    "tell_breaches",
    "tell_week",
]

MAIL_JOB = "processes.mail_notice"
AT_ONCE = 200  # tasks told of in one transaction
MEASURED_AT_ONCE = 1_000  # instances; the clock's own task keeps up with the others


@transaction.atomic
def notify(
    *,
    user_ids: Collection[int],
    agency: Agency,
    kind: str,
    key: str,
    text: str,
    now: datetime,
    link: str = "",
    mail: bool = False,
) -> int:
    """Tell some people one thing; return how many had not been told.

    `key` says what it is about: nobody gets it twice. It goes to where each of them wants notices
    of this kind, after his quiet hours; with `mail` also by mail to who chose nothing.
    """
    told = set(Notice.objects.filter(key=key, user__in=user_ids).values_list("user", flat=True))
    new = sorted(set(user_ids) - told)
    Notice.objects.bulk_create(
        (
            Notice(
                user_id=user_id, agency=agency, kind=kind, key=key, text=text, link=link,
                created_at=now,
            )
            for user_id in new
        ),
        ignore_conflicts=True,  # another worker may tell the same at this very moment
    )  # fmt: skip
    plan(user_ids=new, agency=agency, kind=kind, key=key, is_mailed=mail, now=now)
    return len(new)


@transaction.atomic
def mark_read(*, actor_user: User, now: datetime, notice_id: int | None = None) -> int:
    """Note that the person has read one notice, or all; those of others stay as they are."""
    mine = Notice.objects.filter(user=actor_user, read_at=None)
    if notice_id is not None:
        mine = mine.filter(pk=notice_id)
    return mine.update(read_at=now)


def mail_to_reader(*, notice_id: int, now: datetime) -> None:
    """Send a notice that was put into the outbox before deliveries had rows of their own.

    Raises what the mail server raises: the outbox tries again.
    """
    notice = Notice.objects.select_related("user").filter(pk=notice_id, mailed_at=None).first()
    if notice is None or not notice.user.email:
        return
    send(notice.user, [notice])
    Notice.objects.filter(pk=notice_id).update(mailed_at=now)


def tell_breaches(*, now: datetime) -> int:
    """Tell of every task that has just passed its standard, and of those that wait long.

    Return how many tasks were told of. Each is told of once per visit, whoever holds it later.
    """
    told = 0
    for breach in breaches(now):
        told += _tell_breach(breach, now)
    threshold = timedelta(minutes=settings.LONG_WAIT_MINUTES)
    lanes = Lanes(now)
    for waits in _grouped(long_waits(now, threshold=threshold), lambda wait: lanes.of(wait.task)):
        told += _tell_waits(waits, lanes.of(waits[0].task), now)
    return told


@transaction.atomic
def _tell_breach(breach: Breach, now: datetime) -> int:
    task = breach.task
    if not _take([task.pk], "breach_told_at", now):
        return 0
    announce(OVERDUE, agency_id=task.agency_id, data=told_task(task.pk), now=now)
    standard, took, owner = work_text(breach.standard), work_text(breach.handled), task.owner
    what = f"“{task.full_name}” - {task.instance.title} melewati waktu baku {standard}."
    link, key = reverse("tasks:detail", args=[task.pk]), f"{BREACH}/{task.pk}"
    told = {task.owner_id: f"{what} Anda sudah mengerjakannya selama {took}."}
    name = owner.get_full_name() if owner else task.lane
    for head in heads_of(task.agency, now):
        told.setdefault(head.pk, f"{what} {name} sudah mengerjakannya selama {took}.")
    for user_id, text in told.items():
        if user_id is not None:
            notify(user_ids=[user_id], agency=task.agency, kind=BREACH, key=key, text=text,
                   link=link, now=now)  # fmt: skip
    return 1


@transaction.atomic
def _tell_waits(waits: Sequence[LongWait], people: frozenset[int], now: datetime) -> int:
    """Tell the same people of all tasks that wait for them, in one notice."""
    taken = _take([wait.task.pk for wait in waits], "wait_told_at", now)
    told = [wait for wait in waits if wait.task.pk in taken]
    if not told:
        return 0
    tasks = [wait.task for wait in told]
    agency, oldest = tasks[0].agency, max(wait.waited for wait in told)
    if len(tasks) == 1:
        text = f"{names(tasks)} sudah menunggu {work_text(oldest)} kerja dan belum diambil."
        link = reverse("tasks:detail", args=[tasks[0].pk])
    else:
        text = (
            f"{len(tasks)} tugas {tasks[0].lane} belum diambil; yang terlama {names(tasks)},"
            f" sudah menunggu {work_text(oldest)} kerja."
        )
        link = reverse("tasks:queue")
    heads = {head.pk for head in heads_of(agency, now)}
    key = f"{WAIT}/{min(task.pk for task in tasks)}"
    notify(user_ids=people, agency=agency, kind=WAIT, key=key, text=text, link=link, now=now)
    # The head sees what is running, not the queue of others.
    if len(tasks) > 1:
        link = reverse("processes:index")
    notify(user_ids=heads - people, agency=agency, kind=WAIT, key=key, text=text, link=link,
           now=now)  # fmt: skip
    return len(tasks)


def _take(task_ids: Collection[int], column: str, now: datetime) -> set[int]:
    """Mark tasks as told of; return those that nobody else had marked or is just writing to."""
    free = Task.objects.filter(pk__in=task_ids, **{column: None})
    locked = free.select_for_update(skip_locked=True, no_key=True)
    taken = set(locked.values_list("pk", flat=True))
    Task.objects.filter(pk__in=taken).update(**{column: now})
    return taken


def _grouped(
    waits: Iterable[LongWait], people: Callable[[LongWait], frozenset[int]]
) -> Iterator[list[LongWait]]:
    """Yield the waits together that the same people are told of, so many at once."""
    groups: dict[tuple[int, str, frozenset[int]], list[LongWait]] = defaultdict(list)
    for wait in waits:
        groups[wait.task.agency_id, wait.task.lane, people(wait)].append(wait)
    for group in groups.values():
        for start in range(0, len(group), AT_ONCE):
            yield group[start : start + AT_ONCE]


def tell_week(*, now: datetime) -> int:
    """Tell who leads an agency what its last week came to; return how many were told.

    From Monday morning of the agency on, and in the days after, where nobody was there to do it.
    """
    told, is_fresh = 0, False
    for agency in Agency.objects.order_by("pk"):
        week = last_week(agency, now)
        if week is None:
            continue
        key = f"{WEEK}/{agency.pk}/{week.monday:%Y-%m-%d}"
        heads = {head.pk for head in heads_of(agency, now)}
        heads -= set(Notice.objects.filter(key=key).values_list("user", flat=True))
        if not heads:
            continue
        if not is_fresh:
            refresh(now=now, limit=MEASURED_AT_ONCE)
            is_fresh = True
        figures = week_figures(agency, week)
        if figures.is_empty:
            continue
        text, link = week_text(agency, week, figures), week_link(agency, week)
        told += notify(user_ids=heads, agency=agency, kind=WEEK, key=key, text=text, link=link,
                       now=now, mail=True)  # fmt: skip
    return told
