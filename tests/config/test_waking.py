"""A broker that is away is asked now and then, not by everybody who commits."""

from contextlib import suppress

import pytest
from django.conf import settings

from config.waking import SILENCE_SECONDS, Waker


class Broker:
    """Counts the messages; as long as it is away it takes none."""

    def __init__(self) -> None:
        self.is_away, self.tries, self.now = True, 0, 1000.0
        self.wake = Waker(self.send, clock=lambda: self.now)

    def send(self) -> None:
        self.tries += 1
        if self.is_away:
            raise ConnectionRefusedError("broker")


@pytest.mark.fault("F10")
def test_only_the_first_of_many_waits_for_a_broker_that_is_away() -> None:
    broker = Broker()
    for _ in range(50):
        with suppress(ConnectionRefusedError):
            broker.wake()
    assert broker.tries == 1


def test_that_it_failed_is_told_each_time_it_was_tried() -> None:
    broker = Broker()
    for tried in (1, 2, 3):
        with pytest.raises(ConnectionRefusedError):
            broker.wake()
        assert broker.tries == tried
        broker.now += SILENCE_SECONDS


@pytest.mark.fault("F10")
def test_a_broker_that_is_back_is_told_of_everything_again() -> None:
    broker = Broker()
    with pytest.raises(ConnectionRefusedError):
        broker.wake()
    broker.is_away, broker.now = False, broker.now + SILENCE_SECONDS
    for _ in range(10):
        broker.wake()
    assert broker.tries == 11


def test_the_others_do_not_wait_beside_the_one_who_tries_whether_it_is_back() -> None:
    tries: list[str] = []

    def send() -> None:
        tries.append("asked")
        if len(tries) == 2:
            wake()  # somebody else commits while this one waits for an answer
        raise ConnectionRefusedError("broker")

    moments = iter([0.0, 0.0, *[SILENCE_SECONDS] * 9])
    wake = Waker(send, clock=lambda: next(moments))
    for _ in range(2):
        with pytest.raises(ConnectionRefusedError):
            wake()
    assert len(tries) == 2


def test_what_nobody_was_told_of_is_swept_no_later_than_at_other_times() -> None:
    assert SILENCE_SECONDS < settings.OUTBOX_SWEEP_SECONDS
