"""A worker gives freed memory back now and then, not after each of its tasks."""

from celery.signals import task_postrun

from config import celery, memory


def test_it_is_asked_once_in_a_while_and_by_every_task() -> None:
    asked: list[int] = []
    giving = memory.GivingBack()
    giving._trim = asked.append
    begun = giving._asked
    assert not giving(task="first")
    giving._asked = begun - memory.SECONDS
    assert giving(task="later")
    assert not giving(task="at once")
    assert asked == [0]
    assert celery.app.main == "sopan"  # which connects it
    assert memory.give_back in [one() for _, one in task_postrun.receivers]
