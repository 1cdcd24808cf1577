"""After a task was sent: what the system does with it now, and what is next for the person."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from organization.permissions import showing_to
from processes import queries, services
from processes.access import may_work
from processes.inbox.upcoming import next_task
from processes.models import Task
from processes.views.common import person, refusals_as_pages
from workflows.definitions import TaskKind

LOOKS_AGAIN, RESTS = 3, 30  # seconds, while the system works and while it does not


@require_safe
@refusals_as_pages
def after(request: HttpRequest, task_id: int) -> HttpResponse:
    """Show what came of a task: a part of the page that looks again by itself."""
    user, now = person(request), timezone.now()
    task = queries.get_visible_task(user, task_id, now)
    later = Q(pk__gt=task.pk) if task.status == Task.Status.COMPLETED else Q(pk=task.pk)
    rows = list(
        task.instance.tasks.filter(later)
        .exclude(status=Task.Status.CANCELLED)
        .select_related("agency", "instance", "owner__employee")
        .order_by("id")[:50]
    )
    progress = services.progress_of(rows)
    system = [row for row in rows if row.kind == TaskKind.AUTOMATIC]
    open_rows = [row for row in rows if row.kind == TaskKind.USER and _is_open(row)]
    is_busy = any(_is_open(row) for row in system)
    with showing_to(user):
        mine = next((row for row in open_rows if may_work(user, row, now)), None)
        context = {
            "task": task,
            "instance": task.instance,
            "system": [(row, progress.get(row.pk, "")) for row in system],
            "open": open_rows,
            "is_busy": is_busy,
            "seconds": LOOKS_AGAIN if is_busy else RESTS,
            "next": mine or next_task(user, now),
            "is_here": mine is not None,
        }
    return render(request, "processes/after.html", context)


def _is_open(task: Task) -> bool:
    return task.status in (Task.Status.READY, Task.Status.CLAIMED)
