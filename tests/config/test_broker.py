"""The broker in files goes on after kills, and hands out nothing that is half written."""

import base64
import json
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty
from typing import Any

import kombu

from config.broker import use_files

untyped: Any = kombu
MESSAGES = 500
# Long enough that a reader meets who is still writing, if that can be met at all.
LONG = "kerja " * 20_000


@contextmanager
def line(folder: Path) -> Iterator[Any]:
    """Open a queue whose messages and tables lie in this folder."""
    for name in ("control", "messages"):
        (folder / name).mkdir(exist_ok=True)
    use_files()
    options = {
        "data_folder_in": str(folder / "messages"),
        "data_folder_out": str(folder / "messages"),
        "control_folder": str(folder / "control"),
    }
    # kombu remembers for the whole process what is bound to what, so each folder has its own name.
    exchange = untyped.Exchange(folder.name, type="direct")
    queue = untyped.Queue(folder.name, exchange, routing_key=folder.name)
    with (
        untyped.Connection("filesystem://", transport_options=options) as connection,
        connection.SimpleQueue(queue) as opened,
    ):
        yield opened


def put_many(folder: Path, name: str) -> None:
    with line(folder) as opened:
        for number in range(MESSAGES):
            opened.put({"of": name, "number": number, "text": LONG})


def bind_often(folder: Path) -> None:
    for _ in range(200):
        with line(folder):
            pass


def test_a_table_of_bindings_that_a_kill_left_empty_is_no_end_of_work(tmp_path: Path) -> None:
    (tmp_path / "control").mkdir()
    (tmp_path / "control" / f"{tmp_path.name}.exchange").touch()
    with line(tmp_path) as opened:
        opened.put("kerja")
        message = opened.get(timeout=60)
        assert message.payload == "kerja"
        message.ack()


def test_a_message_that_a_kill_left_unfinished_is_passed_over(tmp_path: Path) -> None:
    with line(tmp_path) as opened:
        (tmp_path / "messages" / f"1_a.{tmp_path.name}.msg").touch()
        (tmp_path / "messages" / f"2_b.{tmp_path.name}.msg").write_text('{"body": ')
        opened.put("kerja")
        assert opened.get(timeout=60).payload == "kerja"
        try:
            left = opened.get_nowait()
        except Empty:
            left = None
        assert left is None


def test_who_reads_while_others_write_gets_every_message_whole_and_once(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=put_many, args=(tmp_path, name)) for name in ("a", "b")]
    with line(tmp_path) as opened:
        for writer in writers:
            writer.start()
        got: list[tuple[str, int]] = []
        deadline = time.monotonic() + 300
        while len(got) < 2 * MESSAGES and time.monotonic() < deadline:
            with suppress(Empty):  # asked again and again, so that it meets who is just writing
                told = opened.channel._get(tmp_path.name)
                kept = json.loads(base64.b64decode(told["body"]))
                got.append((kept["of"], kept["number"]))
    for writer in writers:
        writer.join(60)
    assert sorted(got) == [(name, number) for name in ("a", "b") for number in range(MESSAGES)]


def test_tables_may_be_written_by_many_at_once(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    binders = [spawn.Process(target=bind_often, args=(tmp_path,)) for _ in range(3)]
    for binder in binders:
        binder.start()
    for binder in binders:
        binder.join(120)
    assert [binder.exitcode for binder in binders] == [0, 0, 0]
