"""The broker in files goes on after a kill."""

from pathlib import Path
from typing import Any

import kombu

from config.broker import mend_control_files

untyped: Any = kombu


def test_a_table_of_bindings_that_a_kill_left_empty_is_no_end_of_work(tmp_path: Path) -> None:
    control, messages = tmp_path / "control", tmp_path / "messages"
    control.mkdir()
    messages.mkdir()
    (control / "tugas.exchange").touch()
    mend_control_files(control)
    options = {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(control),
    }
    exchange = untyped.Exchange("tugas", type="direct")
    queue = untyped.Queue("tugas", exchange, routing_key="tugas")
    with (
        untyped.Connection("filesystem://", transport_options=options) as connection,
        connection.SimpleQueue(queue) as line,
    ):
        line.put("kerja")
        message = line.get(timeout=5)
        assert message.payload == "kerja"
        message.ack()


def test_a_table_that_is_whole_stays(tmp_path: Path) -> None:
    table = tmp_path / "tugas.exchange"
    table.write_text('[["a", "", "a"]]')
    mend_control_files(tmp_path)
    assert table.read_text() == '[["a", "", "a"]]'
