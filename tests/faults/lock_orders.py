"""Two transactions that want the same rows: one holds what it takes first, the other begins.

The act of the second is the real service; the first is a transaction as a step, a decision or a
machine's answer makes it: it holds the run or the agency, and goes on to the row when told.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from attendance import services as attendance
from attendance.models import AbsenceLetter
from attendance.services import letter_decisions, letter_rows
from devices import services as devices
from devices.models import Device
from foundation import ledger
from foundation.actors import SYSTEM
from organization.models import Agency, User
from processes.models import Instance, Task
from tests.attendance.people import letter_data
from tests.cast import NOW, make_employee
from tests.devices.make import make_device
from tests.faults.staging import start_decisions
from tests.inside import wait_for_signal

LATER = NOW + timedelta(minutes=5)
Wanted = tuple[Callable[[int], Any], Callable[[int], Any]]


def prepare(*, what: str) -> int:
    """Make the row that both want; return its id."""
    if what == "device":
        return make_device(_agency(), "KUNCI1", protocol="push").pk
    officer = User.objects.get(username="sari")
    letter = attendance.enter_letter(
        employee=make_employee(_agency(), "Wilhelmus Kase"), data=letter_data(), user=officer,
        now=NOW,
    )  # fmt: skip
    letter.status, letter.scan_sha256 = AbsenceLetter.Status.APPROVED, "0" * 64
    if what == "letter_of_a_run":
        (task,) = start_decisions(count=1)
        letter.instance = Task.objects.select_related("instance").get(pk=task).instance
        letter.status = AbsenceLetter.Status.ENTERED
    letter.save()
    return letter.pk


def hold(*, what: str, row: int) -> str:
    """Lock what comes first, wait for the word, go on to the row; tell what came of it."""

    def act() -> None:
        take, go_on = HOLDERS[what]
        with transaction.atomic():
            take(row)
            wait_for_signal()
            go_on(row)

    return _outcome(act)


def act(*, what: str, row: int) -> str:
    """Do what a person does meanwhile; tell what came of it."""
    return _outcome(lambda: ACTS[what](row))


def waiting() -> int:
    """Return how many processes of this database wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_stat_activity"
            " where datname = current_database() and wait_event_type = 'Lock'"
        )
        (count,) = cursor.fetchone()
    return int(count)


def state(*, what: str, row: int) -> str:
    if what == "device":
        return Device.objects.get(pk=row).state
    return AbsenceLetter.objects.get(pk=row).status


def _outcome(attempt: Callable[[], Any]) -> str:
    try:
        attempt()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "done"


def _agency() -> Agency:
    return Agency.objects.get(code="diskominfo")


def _hold_run(letter: int) -> None:
    ledger.lock(Instance.objects.get(absence_letters=letter))


def _hold_agency(_: int) -> None:
    ledger.lock(_agency())


def _check(letter: int) -> None:
    letter_decisions.record_check(letter_id=letter, complete=True, note="", actor=SYSTEM, now=LATER)


def _answer(device: int) -> None:
    Device.objects.filter(pk=device).update(read_at=LATER)


def _withdraw(letter: int) -> None:
    officer = User.objects.get(username="sari")
    attendance.withdraw_letter(letter_id=letter, user=officer, now=LATER)


def _shorten(letter: int) -> None:
    attendance.shorten_letter(
        letter_id=letter, last_on=date(2026, 4, 8), reason="Kembali lebih awal.",
        user=User.objects.get(username="sari"), now=LATER,
    )  # fmt: skip


def _suspend(device: int) -> None:
    devices.move_device(
        device=Device.objects.get(pk=device), move="suspend", actor=SYSTEM, now=LATER
    )


HOLDERS: dict[str, Wanted] = {
    "letter_of_a_run": (_hold_run, _check),
    "approved_letter": (_hold_agency, letter_rows.locked),
    "device": (_hold_agency, _answer),
}
ACTS: dict[str, Callable[[int], Any]] = {
    "letter_of_a_run": _withdraw,
    "approved_letter": _shorten,
    "device": _suspend,
}
