"""A form that is sent in: refused with every sentence and without a trace, or accepted.

Each refused submission is made twice, over the service and over the page.
"""

from collections.abc import Mapping
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

from attendance.models import Recap
from foundation.models import Event
from organization.models import User
from processes.exceptions import ProcessError
from processes.models import Instance, Task
from tests.cast import Cast
from tests.processes.pages import text_of
from tests.stages import Answers, Month, good_answers, month_at

# What may stay of a refused submission: the files and the words, so that nobody gives them twice.
DRAFT = {"foundation.Event", "processes.Attachment", "sessions.Session"}


def written(instance: Instance) -> Mapping[str, Any]:
    """Return all that a completion would change."""
    fresh = Instance.objects.get(pk=instance.pk)
    models: list[type[Model]] = [m for m in apps.get_models() if m._meta.label not in DRAFT]
    return {
        "state": bytes(fresh.state),
        "instance": (fresh.form, fresh.visits, fresh.status),
        "tasks": list(
            fresh.tasks.order_by("id").values_list(
                "step", "status", "owner", "answers", "outcome", "comment", "submitted_at"
            )
        ),
        "rows": {model._meta.label: model._default_manager.count() for model in models},
        "events": Event.objects.exclude(verb="attachment_added").count(),
        "recaps": list(Recap.objects.values_list("status", "sha256", "builds")),
    }


def refused(month: Month, user: User, answers: Answers, *sentences: str, status: int = 422) -> None:
    """Send this in; each sentence must be said, and nothing be written."""
    before = written(month.instance)
    with pytest.raises(ProcessError) as caught:
        month.send(user, answers)
    assert caught.value.status == status
    page = month.post(user, answers)
    assert page.status_code == status
    for sentence in sentences:
        assert sentence in str(caught.value)
        assert sentence in text_of(page)
    assert written(month.instance) == before
    task = month.task
    assert (task.status, task.owner) == (Task.Status.CLAIMED, user)
    assert not Event.objects.filter(verb="task_completed", subject=subject(task)).exists()


def accepted(month: Month, user: User, answers: Answers) -> None:
    """Send this in over the page; the form is done."""
    task = month.task
    page = month.post(user, answers)
    assert page.status_code == 302, text_of(page)
    assert Task.objects.get(pk=task.pk).status == Task.Status.COMPLETED
    assert Event.objects.filter(verb="task_completed", subject=subject(task)).count() == 1


def subject(task: Task) -> str:
    return f"processes.task:{task.pk}"


def at(cast: Cast, stage: int) -> tuple[Month, User, Answers]:
    """Return a month whose stage is claimed, by whom, and the answers that would be right."""
    month = month_at(cast, stage)
    user = month.worker(stage)
    month.claim(user)
    return month, user, good_answers(cast)[stage]


def unticked(answers: Answers, field: str) -> Answers:
    """Return the answers without the last tick of a checklist."""
    return answers | {field: answers[field][:-1]}
