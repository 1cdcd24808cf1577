"""What a person leaves on a task before submitting: a draft, files, the moment of opening.

These are working notes of one person on his own task; the ledger names them only where a file, a
piece of evidence, was added.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce

from foundation.ledger import Entry
from foundation.uploads import SCANS, CheckedUpload, check_upload
from organization.models import User
from processes.models import Attachment, Task
from processes.services.locking import open_task, overtaken, save_instance, subject_of


def save_draft(*, task_id: int, actor_user: User, draft: Mapping[str, Any], now: datetime) -> bool:
    """Keep what was typed; False when the task is no longer this person's."""
    saved = Task.objects.filter(pk=task_id, owner=actor_user, status=Task.Status.CLAIMED).update(
        draft=dict(draft), saved_at=now
    )
    return bool(saved)


def note_opened(*, task_id: int, actor_user: User, now: datetime) -> None:
    """Keep the moment the owner first saw the form; from now on it stands open (`note_beat`)."""
    own = Task.objects.filter(pk=task_id, owner=actor_user, status=Task.Status.CLAIMED)
    own.update(opened_at=Coalesce("opened_at", Value(now)), form_beat_at=now)


def attach_file(
    *, task_id: int, actor_user: User, field: str, upload: "UploadedFile[bytes]", now: datetime
) -> Attachment:
    """Check a scan (PDF, JPEG, PNG) and keep it with the task; its id is the field's value.

    Raises `foundation.uploads.UploadRefused` with a sentence for the person.
    """
    checked = check_upload(upload, name=upload.name or "", allowed=SCANS)
    return _keep(task_id=task_id, user=actor_user, field=field, checked=checked, now=now)


@transaction.atomic
def _keep(
    *, task_id: int, user: User, field: str, checked: CheckedUpload, now: datetime
) -> Attachment:
    opened = open_task(task_id=task_id, user=user, now=now)
    if opened.task.owner_id != user.pk or opened.task.status != Task.Status.CLAIMED:
        raise overtaken(task_id)
    attachment = Attachment.objects.create(
        instance=opened.instance,
        task=opened.task,
        field=field,
        file=checked.as_file(),
        original_name=checked.label,
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        uploaded_by=user,
        uploaded_at=now,
    )
    entry = Entry(
        actor=opened.actor,
        verb="attachment_added",
        subject=subject_of(opened.task),
        after={"field": field, "sha256": checked.sha256, "attachment": attachment.pk},
    )
    save_instance(opened.instance, [entry], now=now)
    return attachment
