"""What waits while a commit runs goes with the next one; each sender hears of his own item."""

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from devices.door.group_commit import GroupCommit, Overloaded


class Store:
    """Writes batches as a database would: one at a time, when it is allowed to."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.may_write = threading.Event()
        self.may_write.set()

    def write(self, items: Sequence[str]) -> Sequence[str | Exception]:
        self.may_write.wait(5)
        self.batches.append(list(items))
        if "down" in items:
            raise ConnectionError
        return [ValueError("bad") if item == "bad" else item.upper() for item in items]


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(work, 10))


def committer(store: Store, **options: Any) -> GroupCommit[str, str]:
    thread = ThreadPoolExecutor(1)

    async def write(items: list[str]) -> Sequence[str | Exception]:
        return await asyncio.get_running_loop().run_in_executor(thread, store.write, items)

    return GroupCommit([write], weigh=len, **options)


def test_what_arrives_during_a_commit_goes_with_the_next_one() -> None:
    store = Store()
    store.may_write.clear()

    async def work() -> list[str]:
        group = committer(store)
        first = group.commit("a")
        await asyncio.sleep(0.05)
        others = [group.commit(letter) for letter in "bcd"]
        store.may_write.set()
        return list(await asyncio.gather(first, *others))

    assert run(work()) == ["A", "B", "C", "D"]
    assert store.batches == [["a"], ["b", "c", "d"]]


def test_those_who_were_just_answered_go_together_again_and_wait_for_nobody_else() -> None:
    store = Store()
    store.may_write.clear()

    async def work() -> list[str]:
        group = committer(store, gather_seconds=60)
        first = group.commit("a")
        await asyncio.sleep(0.05)
        others = [group.commit(letter) for letter in "bc"]
        store.may_write.set()
        await asyncio.gather(first, *others)
        again = [group.commit("d")]
        await asyncio.sleep(0.05)
        again.append(group.commit("e"))
        return list(await asyncio.gather(*again))

    assert run(work()) == ["D", "E"]
    assert store.batches == [["a"], ["b", "c"], ["d", "e"]]


def test_an_item_that_cannot_be_stored_fails_for_its_sender_alone() -> None:
    store = Store()

    async def work() -> list[Any]:
        group = committer(store)
        return await asyncio.gather(
            *(group.commit(item) for item in ("a", "bad", "c")), return_exceptions=True
        )

    good, bad, other = run(work())
    assert (good, other) == ("A", "C")
    assert isinstance(bad, ValueError)


def test_a_store_that_is_down_fails_everybody_and_the_next_batch_is_tried() -> None:
    store = Store()

    async def work() -> tuple[list[Any], str]:
        group = committer(store)
        failed = await asyncio.gather(
            *(group.commit(item) for item in ("a", "down")), return_exceptions=True
        )
        return failed, await group.commit("again")

    failed, again = run(work())
    assert [type(error) for error in failed] == [ConnectionError, ConnectionError]
    assert again == "AGAIN"


def test_a_batch_is_bounded_in_items_and_in_weight() -> None:
    store = Store()
    store.may_write.clear()

    async def work() -> None:
        group = committer(store, batch_items=3, batch_weight=10)
        futures = [group.commit("x")]
        await asyncio.sleep(0.05)
        futures += [
            group.commit(item) for item in ("aaaa", "bbbb", "cccc", "d", "e", "f", "g" * 99)
        ]
        store.may_write.set()
        await asyncio.gather(*futures)

    run(work())
    assert store.batches == [["x"], ["aaaa", "bbbb"], ["cccc", "d", "e"], ["f"], ["g" * 99]]


def test_too_much_waiting_is_refused_at_once() -> None:
    store = Store()
    store.may_write.clear()

    async def work() -> None:
        group = committer(store, most_waiting=5)
        futures = [group.commit("x")]
        await asyncio.sleep(0.05)
        futures.append(group.commit("123456"))
        with pytest.raises(Overloaded):
            group.commit("y")
        store.may_write.set()
        await asyncio.gather(*futures)
        assert await group.commit("y") == "Y"

    run(work())


def test_a_sender_that_hung_up_harms_nobody() -> None:
    store = Store()
    store.may_write.clear()

    async def work() -> str:
        group = committer(store)
        gone, stays = group.commit("a"), group.commit("b")
        await asyncio.sleep(0.05)
        gone.cancel()
        store.may_write.set()
        return await stays

    assert run(work()) == "B"
    assert store.batches == [["a", "b"]]
