"""Three months of one office for an event log, played through the services.

In April all nine stages are done by people, and its resume is sent back once. March finds stages
1 to 3 still valid, and so does February, which is not over yet. No two acts have one moment.
"""

from dataclasses import dataclass
from datetime import timedelta

from processes.models import Instance
from tests.cast import Cast
from tests.stages import Answers, Month, good_answers, month_at

RETURNED = {"keputusan": "dikembalikan", "catatan": "Surat tanggal 7 belum dilampirkan."}
DAYS = (6, 9, 10, 13, 16, 17)
APART = timedelta(minutes=11)  # between two stages
WORK = timedelta(minutes=4)  # from taking one until sending it


@dataclass(frozen=True)
class Played:
    """The instances by their month."""

    april: Instance
    march: Instance
    february: Instance


def play(cast: Cast) -> Played:
    """Play all three, one after the other."""
    april = month_at(cast, 1)
    _do(april)
    april.register_machine()
    _do(april)
    april.record_everybody()
    _do(april)
    april.give_numbers()
    april.move_machine("activate")
    _bring_log(april)
    _do(april)
    april.end()
    _do(april, times=2)
    _pass(april, RETURNED)
    _do(april, times=5)

    march = april.beside("2026-03")
    march.start()
    _bring_log(march)
    _do(march, times=6)

    february = march.beside("2026-02")
    february.start()
    _bring_log(february)
    _do(february, times=2)
    return Played(april.instance, march.instance, february.instance)


def _do(month: Month, *, times: int = 1) -> None:
    """Let the stage that waits, and those after it, be taken and sent by their people."""
    for _ in range(times):
        _pass(month, good_answers(month.cast)[_stage(month)])


def _pass(month: Month, answers: Answers) -> None:
    user = month.worker(_stage(month))
    month.now += APART
    month.claim(user)
    month.now += WORK
    month.send(user, answers)
    month.let_the_system_work()


def _stage(month: Month) -> int:
    assert month.stage is not None
    return month.stage


def _bring_log(month: Month) -> None:
    """Let the machine be checked, and tell who came in this month."""
    month.check_machine()
    month.bring_log(
        *(
            f"{pin} {month.subject}-{day:02} {at}"
            for pin in month.pins
            for day in DAYS
            for at in ("07:20:00", "16:35:00")
        )
    )
