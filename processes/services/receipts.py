"""An act that a program asks for, once: its key, and how it had read the task."""

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction

from foundation import ledger
from organization.models import User
from processes.exceptions import AlreadyDone
from processes.models import ApiReceipt, Instance, Task
from processes.task_versions import version_of

USED = "Idempotency-Key ini sudah dipakai untuk permintaan lain."


@transaction.atomic
def act_once(
    *,
    instance_id: int,
    user: User,
    key: str,
    request: str,
    now: datetime,
    act: Callable[[], object],
) -> bool:
    """Do it, unless this key did it before; whether it was done now.

    `request` is a digest of what is asked: the same key for something else is `AlreadyDone`. The
    receipt is written with the act, under the instance's lock; a refused act leaves none.
    """
    ledger.lock(Instance(pk=instance_id))
    row = ApiReceipt.objects.filter(user=user, key=key).first()
    if row is not None and row.request != request:
        raise AlreadyDone(USED)
    if row is not None:
        return False
    act()
    try:
        with transaction.atomic():
            ApiReceipt.objects.create(user=user, key=key, request=request, at=now)
    except IntegrityError as error:
        raise AlreadyDone(USED) from error  # for another instance, at this very moment
    return True


def act_on_version(*, task_id: int, version: str, act: Callable[[], object]) -> None:
    """Do it to a task that is still as it was read; the caller holds the instance's lock.

    Who may not do it at all is told that first: a version that is too old is refused afterwards,
    and takes back what was done.
    """
    current = version_of(Task.objects.get(pk=task_id))
    act()
    if version != current:
        raise AlreadyDone("Tugas ini berubah sejak dibaca; baca lagi, lalu kirim ulang.")
