"""A short SOP that writes one letter, one letter per person, and archives itself."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from documents.models import DocumentOrder
from documents.orders.writing import write_order
from foundation.outbox import Postponed
from processes.models import Instance, Task
from processes.services import claim_task, complete_task, perform_task, start_process
from tests.cast import NOW, Cast
from workflows.registry import StepContext, document_context

SOPS = Path(__file__).parent / "sops"
ANSWERS = {
    "isi": "R&D <Sub Bag> {{ 7 * 7 }}",
    "tanggal_acara": "2026-04-30",
    "sifat": "segera",
}


@document_context("tests.people")
def people(context: StepContext) -> dict[str, Any]:
    return {
        "orang": [
            {"nama": "Petrus Nahak", "nip": "1"},
            {"nama": "Maria/Tefa", "nip": "2"},
        ]
    }


@pytest.fixture
def instance(cast: Cast, settings: LazySettings) -> Instance:
    """A running instance whose form is filled; the first letter is about to be written."""
    settings.SOP_ROOTS = [SOPS]
    started = start_process(
        definition_key="surat_singkat",
        agency=cast.agency,
        subject="2026-04",
        actor_user=cast.kadis,
        now=NOW,
    )
    task = claim_task(task_id=open_task(started).pk, actor_user=cast.kadis, now=NOW)
    complete_task(task_id=task.pk, actor_user=cast.kadis, answers=ANSWERS, now=NOW)
    return started


def open_task(instance: Instance) -> Task:
    return Task.objects.get(instance=instance, status__in=["ready", "claimed", "failed"])


def work(instance: Instance) -> Task:
    """Let the system do its next step; return the task as it is then."""
    task = open_task(instance)
    try:
        perform_task(task_id=task.pk, now=NOW)
    except Postponed:
        write_order(order=DocumentOrder.objects.get(task=task), now=NOW)
        perform_task(task_id=task.pk, now=NOW)
    task.refresh_from_db()
    return task
