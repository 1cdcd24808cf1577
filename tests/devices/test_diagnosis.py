"""What the wizard says while somebody waits for a machine."""

import socket
from datetime import timedelta

import pytest

from devices.diagnosis import Seen, diagnose_pull, diagnose_push
from devices.reachability import is_local_name, listens_only_here, own_addresses

MINUTE = timedelta(minutes=1)
NOTHING, NOW = None, timedelta()


def seen(**values: object) -> Seen:
    defaults: dict[str, object] = {"serial": "SATU1", "waited": MINUTE, "port": 8000}
    return Seen(**(defaults | values))  # type: ignore[arg-type]  # a table of many types


@pytest.mark.parametrize(
    ("values", "kinds", "words"),
    [
        ({}, ["wait"], "Menunggu panggilan pertama"),
        ({"waited": 5 * MINUTE}, ["warn"], "Sudah 5 menit tidak ada satu pun"),
        ({"only_here": True}, ["error"], "hanya mendengarkan di komputernya sendiri"),
        ({"other_serials": ("DUA2",)}, ["warn"], "Mesin lain memanggil: DUA2"),
        ({"other_serials": ("satu1",)}, ["warn"], "Huruf besar dan kecil berbeda"),
        ({"unknown_paths": ("/iclock/x",)}, ["warn"], "alamat yang tidak dikenal (/iclock/x)"),
        (
            {"unknown_paths": ("/x",), "other_serials": ("DUA2",), "only_here": True},
            ["error", "warn", "warn"],
            "tidak dikenal",
        ),
        ({"silent": NOW}, ["ok"], "Daftarkan sekarang"),
        ({"silent": NOW, "state": "registered"}, ["ok"], "lalu setujui"),
        ({"silent": NOW, "state": "active"}, ["ok"], "sudah terhubung"),
        ({"silent": 7 * MINUTE}, ["warn"], "lalu diam selama 7 menit"),
        ({"silent": NOW, "dialect": "acc"}, ["ok", "warn"], "A&C PUSH"),
        ({"silent": NOW, "clock_offset": -7200}, ["ok", "warn"], "2 jam lebih lambat"),
        ({"silent": NOW, "clock_offset": 30}, ["ok"], "memanggil"),
    ],
)
def test_a_machine_that_should_call(
    values: dict[str, object], kinds: list[str], words: str
) -> None:
    found = diagnose_push(seen(**values))
    assert [finding.kind for finding in found] == kinds
    assert words in " ".join(finding.text for finding in found)


@pytest.mark.parametrize(
    ("values", "kind", "words"),
    [
        ({}, "wait", "Daftarkan mesin ini"),
        ({"state": "registered"}, "wait", "Setujui"),
        ({"state": "approved"}, "wait", "Tekan"),
        ({"state": "approved", "check": "waiting"}, "wait", "sedang mencoba"),
        (
            {"state": "active", "check": "failed", "check_error": "Kunci komunikasi ditolak."},
            "error",
            "Kunci komunikasi ditolak.",
        ),
        ({"state": "active", "check": "done"}, "ok", "menjawab"),
    ],
)
def test_a_machine_that_is_called(values: dict[str, object], kind: str, words: str) -> None:
    (finding,) = diagnose_pull(seen(**values))
    assert finding.kind == kind
    assert words in finding.text


@pytest.mark.parametrize(
    ("host", "only_here"),
    [("127.0.0.1", True), ("0.0.0.0", False)],  # noqa: S104  nothing is served
)
def test_the_computer_itself_tells_for_whom_a_port_is_open(host: str, only_here: bool) -> None:
    with socket.create_server((host, 0)) as server:
        assert listens_only_here(server.getsockname()[1]) is only_here


def test_addresses_to_type_are_never_the_computer_s_own_name_for_itself() -> None:
    assert not [address for address in own_addresses() if address.startswith("127.")]
    assert [is_local_name(name) for name in ("localhost", "127.0.0.1", "[::1]")] == [True] * 3
    assert not is_local_name("sopan.example.go.id")
