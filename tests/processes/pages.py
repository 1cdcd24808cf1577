"""Helpers for tests of pages: who looks, what the page says."""

import re
from html import unescape

from organization.models import User
from processes import services
from processes.models import Instance, Task
from tests.cast import NOW, Cast
from tests.pages import Page


def text_of(response: Page) -> str:
    """Return the words of a page as a person reads them, on one line."""
    html = response.content.decode()
    html = re.sub(r"<head>.*?</head>|<svg.*?</svg>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def open_task(instance: Instance) -> Task:
    return Task.objects.get(instance=instance, status__in=["ready", "claimed", "failed"])


def claimed(instance: Instance, user: User) -> Task:
    task = services.claim_task(task_id=open_task(instance).pk, actor_user=user, now=NOW)
    return task


def to_decision(instance: Instance, cast: Cast) -> Task:
    """Do the first step and the system's note; return the task of the decision."""
    services.complete_task(
        task_id=claimed(instance, cast.operator).pk,
        actor_user=cast.operator,
        answers={"isi": "mohon cuti"},
        now=NOW,
    )
    services.perform_task(task_id=open_task(instance).pk, now=NOW)
    return open_task(instance)
