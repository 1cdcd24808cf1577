"""A simulated terminal calls a server as real ones do, and misbehaves when asked to."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from datetime import datetime, timedelta

import pytest

from devices.simulator.adms import control
from devices.simulator.adms.wire import Line
from tests.devices.simulator_adms.stand_in import (
    HANDSHAKE,
    Request,
    StandIn,
    living,
    make_machine,
    make_terminal,
    until,
)


def play(scene: Coroutine[object, object, None]) -> None:
    asyncio.run(scene)


def handshakes(server: StandIn) -> list[Request]:
    return [request for request in server.named("cdata") if request.method == "GET"]


def test_it_boots_as_real_ones_do_and_polls() -> None:
    async def scene() -> None:
        async with StandIn() as server:
            terminal = make_terminal(make_machine(), server.url, device_type="middle east")
            async with living(terminal):
                await until(lambda: len(server.named("getrequest")) > 2)
        first = server.requests[0]
        assert (first.method, first.path) == ("GET", "/iclock/cdata")
        assert list(first.query) == [
            *("SN", "options", "language", "pushver", "DeviceType", "PushOptionsFlag"),
        ]
        assert first.query["DeviceType"] == "middle east"
        assert first.headers["user-agent"] == "iclock proxy/1.09"
        assert first.headers["connection"] == "close"
        assert server.named("getrequest")[0].query["INFO"].startswith("ZMM220-NF-Ver1.1.8,1,0,0,")
        assert "INFO" not in server.named("getrequest")[1].query

    play(scene())


@pytest.mark.parametrize("chunked", [False, True])
def test_it_sets_its_clock_by_date_and_zone(chunked: bool) -> None:
    async def scene() -> None:
        async with StandIn(chunked=chunked) as server:
            terminal = make_terminal(make_machine(), server.url)
            async with living(terminal):
                await until(lambda: terminal.polls)
        shown = terminal.machine.now()
        assert abs(shown - datetime(2026, 4, 1, 8, 20, 31)) < timedelta(minutes=1)

    play(scene())


def test_a_clock_that_fell_back_stays_where_it_is_if_asked_to() -> None:
    async def scene() -> None:
        async with StandIn() as server:
            terminal = make_terminal(make_machine(), server.url)
            terminal.faults.set("ignore_time", 1)
            control.execute([terminal], "clock 2000-01-01T00:00:05")
            control.execute([terminal], "punch 1001")
            async with living(terminal):
                await until(lambda: server.posted("ATTLOG"))
        assert server.posted("ATTLOG")[0].startswith(b"1001\t2000-01-01 00:00:0")

    play(scene())


def test_punches_go_out_at_once_with_a_stamp_that_never_changes() -> None:
    async def scene() -> None:
        async with StandIn() as server:
            terminal = make_terminal(make_machine(), server.url, layout=8)
            terminal.hurry = 1  # the next poll is ten seconds away
            async with living(terminal):
                await until(lambda: terminal.polls)
                control.execute([terminal], "punch 1001 0 2026-04-01T07:20:31")
                await until(lambda: server.posted("ATTLOG"))
        (request,) = server.named("cdata", "ATTLOG")
        assert request.query == {"SN": "BOCK200961014", "table": "ATTLOG", "Stamp": "9999"}
        assert request.body == b"1001\t2026-04-01 07:20:31\t0\t1\t\t0\t0\t\r\n"

    play(scene())


@pytest.mark.parametrize("status", [500, 503, 413, 404])
def test_a_refused_body_comes_again_as_it_was(status: int) -> None:
    async def scene() -> None:
        refusals = iter([status] * 7)

        def refuse(request: Request) -> tuple[int, str] | None:
            wanted = request.query.get("table") == "ATTLOG"
            code = next(refusals, None) if wanted else None
            return (code, "") if code else None

        async with StandIn(answer=refuse) as server:
            terminal = make_terminal(make_machine(), server.url)
            terminal.machine.punch("1001")
            async with living(terminal):
                await until(lambda: not terminal.journal.waiting)
        bodies = server.posted("ATTLOG")
        assert len(bodies) == 8
        assert len(set(bodies)) == 1
        # After several failures in a row it begins again with the handshake.
        assert len(handshakes(server)) > 1

    play(scene())


def test_with_lost_replies_and_cut_bodies_everything_arrives_at_least_once() -> None:
    async def scene() -> None:
        async with StandIn() as server:
            terminal = make_terminal(make_machine(), server.url)
            terminal.machine.faults.set("lose_replies", 30)
            terminal.faults.set("cut_bodies", 3)
            async with living(terminal):
                for number in range(200):
                    when = datetime(2026, 4, 1, 7) + timedelta(seconds=number)
                    terminal.machine.punch("1001", at=when)
                    await asyncio.sleep(0.001)
                await until(lambda: not terminal.journal.waiting)
        lines = Counter(line for body in server.posted("ATTLOG") for line in body.splitlines())
        assert len(lines) == 200
        assert max(lines.values()) > 1  # some came twice: the server must bear that

    play(scene())


def test_a_silent_terminal_tells_everything_when_it_is_back() -> None:
    async def scene() -> None:
        async with StandIn() as server:
            terminal = make_terminal(make_machine(), server.url)
            terminal.faults.set("silent", 1)
            async with living(terminal):
                terminal.machine.punch("1001")
                await asyncio.sleep(0.1)
                assert not server.requests
                control.execute([terminal], "fault silent 0")
                await until(lambda: server.posted("ATTLOG"))

    play(scene())


def test_options_are_posted_when_the_handshake_asks_for_them() -> None:
    async def scene() -> None:
        asked = HANDSHAKE + "\nPushOptionsFlag=1\nPushOptions=MAC,OEMVendor"
        async with StandIn(handshake=asked) as server:
            terminal = make_terminal(make_machine(), server.url)
            async with living(terminal):
                await until(lambda: not terminal.journal.waiting and server.posted("options"))
        assert server.posted("options")[0].startswith(b"MAC=00:17:61:")
        assert server.posted("options")[0].endswith(b"~OEMVendor=ZKTECO CO., LTD.")

    play(scene())


def test_commands_are_answered_and_the_next_poll_comes_at_once() -> None:
    async def scene() -> None:
        async with StandIn() as server:
            server.commands.append(
                "C:1:DATA UPDATE USERINFO PIN=1002\tName=Sari\nC:2:USER ADD PIN=3\nDATA QUERY x\n"
            )
            server.commands.append("C:3:VERIFY SUM ATTLOG StartTime=2026-04-01\tEndTime=2026-04-02")
            server.commands.append("C:4:INFO")
            terminal = make_terminal(make_machine(), server.url)
            terminal.hurry = 1  # only polls that come at once come at all
            async with living(terminal):
                await until(lambda: len(server.results()) == 4)
        assert server.results()[:3] == [
            "ID=1&Return=0&CMD=DATA\n",
            "ID=2&Return=-1002&CMD=USER\n",
            "ID=3&Return=0&CMD=VERIFY SUM&AttlogSum=0\n",
        ]
        assert server.results()[3].startswith("ID=4&Return=0&CMD=INFO\n~DeviceName=Simulasi\nMAC=")

    play(scene())


def test_results_come_batched_doubled_or_not_at_all() -> None:
    async def scene() -> None:
        async with StandIn() as server:
            server.commands.append("C:1:LOG\nC:2:LOG\n")
            terminal = make_terminal(make_machine(), server.url, batched_results=True)
            terminal.faults.set("double_results", 1)
            async with living(terminal):
                await until(lambda: len(server.results()) == 2)
                terminal.faults.set("lose_results", 100)
                server.commands.append("C:3:LOG\n")
                await until(lambda: ("LOG", 0) in terminal.commands_done[2:])
                await until(lambda: not server.commands)
        assert server.results() == ["ID=1&Return=0&CMD=LOG\nID=2&Return=0&CMD=LOG\n"] * 2

    play(scene())


def test_what_was_asked_for_comes_before_the_result() -> None:
    async def scene() -> None:
        async with StandIn() as server:
            server.commands.append("C:5:DATA QUERY USERINFO\n")
            terminal = make_terminal(make_machine(pins=("1001", "1002")), server.url)
            terminal.journal.operations_sent = len(terminal.machine.operations)
            async with living(terminal):
                await until(server.results)
        posts = [r for r in server.requests if r.method == "POST" and b"OPLOG" not in r.body]
        assert [post.query.get("table", post.name) for post in posts] == ["OPERLOG", "devicecmd"]
        assert posts[0].body.count(b"USER PIN=") == 2

    play(scene())


def test_check_brings_a_new_handshake_and_everybody_again() -> None:
    async def scene() -> None:
        async with StandIn() as server:
            machine = make_machine()
            machine.enrol("1001", 6)
            terminal = make_terminal(machine, server.url)
            machine.punch("1001")
            async with living(terminal):
                await until(lambda: not terminal.journal.waiting)
                server.handshake = HANDSHAKE.replace("ATTLOGStamp=None", "ATTLOGStamp=0")
                server.commands.append("C:6:CHECK\n")
                await until(lambda: len(server.posted("ATTLOG")) == 2)
        told = b"".join(server.posted("OPERLOG"))
        assert told.count(b"USER PIN=1001") == 2
        assert told.count(b"FP PIN=1001\tFID=6") == 2

    play(scene())


def test_a_reboot_is_acknowledged_and_nothing_behind_it_is_done() -> None:
    async def scene() -> None:
        async with StandIn() as server:
            server.commands.append("C:7:REBOOT\nC:8:LOG\n")
            terminal = make_terminal(make_machine(), server.url)
            async with living(terminal):
                await until(lambda: len(handshakes(server)) == 2)
        assert server.results() == ["ID=7&Return=0&CMD=REBOOT\n"]

    play(scene())


def test_more_than_a_terminal_can_take_at_once_is_not_seen() -> None:
    async def scene() -> None:
        async with StandIn() as server:
            server.commands.append("".join(f"C:{n}:LOG\n" for n in range(1, 251)))
            terminal = make_terminal(make_machine(), server.url, batched_results=True)
            async with living(terminal):
                await until(server.results)
        assert server.results()[0].count("ID=") == 200

    play(scene())


def test_aspx_and_the_headers_of_new_terminals() -> None:
    async def scene() -> None:
        async with StandIn() as server:
            terminal = make_terminal(make_machine(), server.url, suffix=".aspx")
            terminal.line = Line(server.url, modern_headers=True)
            async with living(terminal):
                await until(lambda: terminal.polls)
        assert {r.path for r in server.requests} >= {
            "/iclock/cdata.aspx",
            "/iclock/getrequest.aspx",
        }
        assert server.requests[0].headers["connection"] == "starting"
        assert server.requests[0].headers["accept"] == "application/push"

    play(scene())


def test_names_in_chinese_characters_go_out_in_their_own_encoding() -> None:
    async def scene() -> None:
        async with StandIn() as server:
            machine = make_machine()
            machine.model.name_encoding = "gb2312"
            machine.add_user("1002", "王小明")
            async with living(make_terminal(machine, server.url, language=83)):
                await until(lambda: server.posted("OPERLOG"))
        assert "Name=王小明".encode("gb2312") in server.posted("OPERLOG")[0]

    play(scene())


def test_a_password_is_told_in_clear_so_that_a_server_can_be_tested_to_drop_it() -> None:
    async def scene() -> None:
        async with StandIn() as server:
            terminal = make_terminal(make_machine(), server.url)
            async with living(terminal):
                assert control.execute([terminal], "password 1001 4321") == {"ok": True}
                await until(lambda: any(b"Passwd=4321" in x for x in server.posted("OPERLOG")))

    play(scene())


def test_a_door_controller_registers_asks_for_settings_and_tells_events() -> None:
    def access(request: Request) -> tuple[int, str] | None:
        match request.name, request.method:
            case "cdata", "GET":
                return 200, "OK"
            case "registry", _:
                return 200, "RegistryCode=Uy47fxftP3"
            case "push", _:
                return 200, "ServerVersion=3.1.2\nErrorDelay=60\nRequestDelay=2\nRealtime=1\n"
        return None

    async def scene() -> None:
        async with StandIn(answer=access) as server:
            terminal = make_terminal(make_machine(), server.url, push_version="3.1.2")
            terminal.machine.punch("1001")
            server.commands.append("C:1:DATA UPDATE USERINFO PIN=1\tName=Sari\n")
            async with living(terminal):
                await until(lambda: server.posted("rtlog") and server.results())
        assert [r.name for r in server.requests][:3] == ["cdata", "registry", "push"]
        assert terminal.settings.delay == 2
        assert server.results() == ["ID=1&Return=-1004&CMD=DATA\n"]

    play(scene())


def test_two_terminals_of_one_serial_call_from_two_places() -> None:
    async def scene() -> None:
        async with StandIn(handshake=HANDSHAKE + "\nPushOptionsFlag=1") as server:
            twins = [make_terminal(make_machine(), server.url, copy=copy) for copy in (0, 1)]
            async with living(*twins):
                await until(lambda: len(server.posted("options")) == 2)
        cards = {line.partition(b",TransactionCount")[0] for line in server.posted("options")}
        assert len(cards) == 2

    play(scene())


def test_a_line_that_is_no_command_is_told_so() -> None:
    terminal = make_terminal(make_machine(), "http://127.0.0.1:1")
    for line in ("", "terbang", "punch", "fault ganas 1", "@ENTAH state", 'enrol "1001'):
        assert "error" in control.execute([terminal], line)
    answer = control.execute([terminal], "@BOCK200961014 state")["ok"]
    assert isinstance(answer, dict)
    assert answer["serial"] == "BOCK200961014"
