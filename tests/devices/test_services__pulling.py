"""Fetching logs on 4370: nothing in part, and everything once."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from devices import services
from devices.exceptions import (
    DeviceError,
    DeviceRefused,
    DeviceUnreachable,
    NotConnectable,
    ProtocolMismatch,
)
from devices.models import Device, Punch, RawUpload, RejectedLine
from devices.services import pulling, sessions
from devices.services.storing import open_content
from foundation import crypto
from foundation.actors import SYSTEM
from tests.cast import NOW, Cast
from tests.devices.make import device_at, make_device
from tests.devices.simulators import press, simulator

CUTS = 50


def pull(device: Device, now: datetime = NOW) -> services.PullReport:
    return services.pull_punches(device=device, actor=SYSTEM, now=now)


def told() -> list[str]:
    return list(Punch.objects.order_by("local_time").values_list("local_time", flat=True))


def test_only_what_is_new_is_kept(cast: Cast) -> None:
    with simulator("NET1") as machine:
        device = device_at(cast.agency, machine)
        machine.tell("user 1001 Anton")
        assert (pull(device).held, RawUpload.objects.count()) == (0, 0)
        press(machine, 3)
        first = pull(device)
        assert (first.held, first.accepted, first.duplicate) == (3, 3, 0)
        again = pull(device)
        assert (again.held, again.accepted, again.duplicate, again.uploads) == (3, 0, 3, [])
        machine.tell("punch 1001 1 2026-04-01T16:01:02")
        later = pull(device)
        assert (later.held, later.accepted, later.duplicate) == (4, 1, 3)
    uploads = list(RawUpload.objects.order_by("id"))
    assert [(u.total, u.accepted, u.channel) for u in uploads] == [(3, 3, "pull"), (1, 1, "pull")]
    assert open_content(uploads[1]) == b"1001\t2026-04-01 16:01:02\t1\t1\t0\n"
    assert Punch.objects.count() == 4


def test_what_came_another_way_is_not_kept_again(cast: Cast) -> None:
    with simulator("NET1") as machine:
        device = device_at(cast.agency, machine)
        machine.tell("user 1001 Anton")
        press(machine, 2)
        services.import_attlog(
            device=device, content=b"1001\t2026-04-01 07:00:00\t1\t0\t1\t0\n",
            filename="1_attlog.dat", actor=SYSTEM, now=NOW,
        )  # fmt: skip
        report = pull(device)
        assert (report.held, report.accepted, report.duplicate) == (2, 1, 1)
        upload = RawUpload.objects.get(channel="pull")
        assert open_content(upload) == b"1001\t2026-04-01 07:00:01\t0\t1\t0\n"


def test_a_log_that_begins_otherwise_is_compared_line_by_line(cast: Cast) -> None:
    # A full machine loses its oldest punches: nothing of what was known stands where it stood.
    with simulator("NET1") as machine:
        device = device_at(cast.agency, machine)
        machine.tell("user 1001 Anton")
        machine.tell("set punch_capacity 5")
        press(machine, 5)
        assert pull(device).accepted == 5
        press(machine, 2, hour=8)
        report = pull(device)
        assert (report.held, report.accepted, report.duplicate) == (5, 2, 3)
        assert len(told()) == 7
        Device.objects.filter(pk=device.pk).update(pulled_sha256="")
        assert (pull(device).accepted, RawUpload.objects.count()) == (0, 2)


def test_a_day_that_does_not_exist_is_put_aside_once(cast: Cast) -> None:
    with simulator("NET1") as machine:
        device = device_at(cast.agency, machine)
        machine.tell("user 1001 Anton")
        machine.tell("clock mustahil")
        machine.tell("punch 1001")
        report = pull(device)
        assert (report.held, report.accepted, report.quarantined) == (1, 0, 1)
        Device.objects.filter(pk=device.pk).update(pulled_sha256="")
        assert pull(device).uploads == []
    assert RejectedLine.objects.count() == RawUpload.objects.count() == 1


def test_a_long_log_is_kept_in_parts(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulling, "PART_LINES", 40)
    with simulator("NET1") as machine:
        device = device_at(cast.agency, machine)
        machine.tell("user 1001 Anton")
        press(machine, 100)
        report = pull(device)
    assert (report.held, report.accepted, len(report.uploads)) == (100, 100, 3)
    assert [u.total for u in RawUpload.objects.order_by("id")] == [40, 40, 20]


def test_punches_stay_whose_they_were_when_a_user_leaves_the_machine(cast: Cast) -> None:
    # The smallest records name the machine's own row of a user, which is gone with the user.
    with simulator("NET1", punch_size=8) as machine:
        device = device_at(cast.agency, machine)
        machine.tell("user 1001 Anton")
        machine.tell("user 1002 Maria")
        press(machine, 2)
        assert pull(device).accepted == 2
        machine.tell("drop 1001")
        machine.tell("punch 1002 0 2026-04-01T08:00:00")
        assert pull(device).accepted == 1
    assert sorted(Punch.objects.values_list("pin", flat=True)) == ["1001", "1001", "1002"]


@pytest.mark.parametrize("over_udp", [False, True])
@pytest.mark.parametrize("punch_size", [8, 16, 40, 49])
def test_every_size_is_pulled_over_tcp_and_udp(cast: Cast, over_udp: bool, punch_size: int) -> None:
    with simulator("NET1", punch_size=punch_size) as machine:
        device = device_at(cast.agency, machine, over_udp=over_udp)
        machine.tell("user 1001 Anton")
        press(machine, 500)
        report = pull(device)
    assert (report.held, report.accepted) == (500, 500)
    assert set(Punch.objects.values_list("pin", "state", "verify")) == {("1001", 0, 1)}


@pytest.mark.parametrize("punch_size", [8, 40])
@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.fault("F35")
def test_a_punch_during_the_read_makes_it_read_again(
    cast: Cast, punch_size: int, times: int
) -> None:
    with simulator("NET1", punch_size=punch_size) as machine:
        device = device_at(cast.agency, machine)
        machine.tell("user 1001 Anton")
        press(machine, 20)
        machine.tell(f"fault punch_during_read {times}")
        assert pull(device).held == 20 + times
    assert Punch.objects.count() == 20 + times
    assert Punch.objects.exclude(pin="1001").count() == 0


def test_punches_without_end_are_given_up_and_named(cast: Cast) -> None:
    with simulator("NET1") as machine:
        device = device_at(cast.agency, machine)
        machine.tell("user 1001 Anton")
        press(machine, 5)
        machine.tell("fault punch_during_read 99")
        with pytest.raises(ProtocolMismatch, match="Tidak ada yang disimpan"):
            pull(device)
        assert not RawUpload.objects.exists()
        machine.tell("heal")
        assert pull(device).held == machine.tell("state")["punches"]


@pytest.mark.fault("F34")
def test_a_pull_cut_anywhere_keeps_nothing_and_the_next_completes(cast: Cast) -> None:
    punches = 100
    # Three packets with heads of 16 bytes, the first with 8 bytes more: the table is the second.
    sent = 24 + 16 + 4 + 40 * punches + 16
    cuts = [1 + number * (sent - 2) // (CUTS - 1) for number in range(CUTS)]
    assert len(set(cuts)) == CUTS
    with simulator("NET1") as machine:
        device = device_at(cast.agency, machine)
        machine.tell("user 1001 Anton")
        machine.tell(f"set punch_capacity {punches}")
        press(machine, punches)
        for number, cut in enumerate(cuts):
            before = Punch.objects.count(), RawUpload.objects.count()
            machine.tell(f"fault cut_after {cut}")
            with pytest.raises(DeviceError):
                pull(device)
            assert (Punch.objects.count(), RawUpload.objects.count()) == before, cut
            device.refresh_from_db()
            assert (device.session_token, bool(device.check_error)) == ("", True)
            assert pull(device).accepted == (1 if number else punches)
            machine.tell(f"punch 1001 0 2026-04-01T08:00:{number:02}")  # the oldest goes
        assert machine.tell("state")["enabled"]


@pytest.mark.parametrize(
    ("fault", "words", "kind"),
    [
        ("count_error 1", "tidak sesuai protokol", ProtocolMismatch),
        ("count_error -1", "tidak sesuai protokol", ProtocolMismatch),
        ("wrong_protocol 1", "no 4370 machine", ProtocolMismatch),
        ("hang 1", "tidak dapat dihubungi", DeviceUnreachable),
    ],
)
def test_what_goes_wrong_is_a_sentence_on_the_machine(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, fault: str, words: str, kind: type[Exception]
) -> None:
    monkeypatch.setattr(sessions, "TIMEOUT", 1.0)
    with simulator("NET1") as machine:
        device = device_at(cast.agency, machine)
        machine.tell("user 1001 Anton")
        press(machine, 3)
        machine.tell(f"fault {fault}")
        with pytest.raises(kind, match=words):
            pull(device)
    device.refresh_from_db()
    assert words in device.check_error
    assert not RawUpload.objects.exists()


def test_another_machine_and_a_wrong_key_are_named(cast: Cast) -> None:
    with simulator("NET1", comm_key=4321) as machine:
        with pytest.raises(DeviceRefused, match="menolak kunci komunikasi"):
            pull(device_at(cast.agency, machine))
        other = make_device(cast.agency, "NET2", port=machine.port, comm_key=4321)
        with pytest.raises(DeviceRefused, match="bernomor seri NET1, bukan NET2"):
            pull(other)


@pytest.mark.parametrize(
    "row",
    [
        {"host": "127.0.0.1; touch {there}"},
        {"host": "$(touch {there})"},
        {"host": "127.0.0.1\n"},
        {"host": "fe80::1%;touch {there}"},
        {"host": "224.0.0.1"},
        {"port": 0},
        {"port": 65536},
    ],
)
def test_a_row_written_behind_the_form_runs_nothing(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: dict[str, Any]
) -> None:
    if connection.vendor == "postgresql" and "host" in row:
        pytest.skip("PostgreSQL itself keeps nothing but addresses in this column")
    started: list[object] = []
    monkeypatch.setattr("devices.pull.client.AgentProcess", lambda *a: started.append(a))
    monkeypatch.chdir(tmp_path)
    there = tmp_path / "x"
    device = make_device(cast.agency, "NET1")
    ((column, value),) = row.items()
    value = value.format(there=there) if isinstance(value, str) else value
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE devices_device SET {column} = %s WHERE id = %s",  # noqa: S608 - a name of ours
            [value, device.pk],
        )
    fresh = Device.objects.get(pk=device.pk)
    with pytest.raises(NotConnectable, match="Tidak ada yang dijalankan"):
        pull(fresh)
    assert not started
    assert not list(tmp_path.iterdir())
    fresh.refresh_from_db()
    assert "Tidak ada yang dijalankan" in fresh.check_error


@pytest.mark.parametrize("key", ["-1", "1000000", "99999999999999999999", "abc", "1; touch x", ""])
def test_a_key_out_of_range_is_not_sent(cast: Cast, tmp_path: Path, key: str) -> None:
    with simulator("NET1") as machine:
        device = device_at(cast.agency, machine)
        sealed = crypto.encrypt(key.encode(), bound_to="devices.device:NET1:comm_key")
        Device.objects.filter(pk=device.pk).update(comm_key_sealed=sealed)
        device.refresh_from_db()
        with pytest.raises(NotConnectable, match="Isi ulang kunci"):
            pull(device)
        assert not machine.tell("state").get("requests")


def test_names_with_tabs_and_line_ends_reach_no_machine(cast: Cast) -> None:
    employee = cast.operator.employee
    assert employee is not None
    type(employee).objects.filter(pk=employee.pk).update(name="Sari\tPIN=1\r\nDATA\x00\x1b[31m")
    with simulator("NET1") as machine:
        device = device_at(cast.agency, machine)
        services.push_users(device=device, actor=SYSTEM, now=NOW)
        names = [row["name"] for row in machine.tell("users")]
    assert "Sari PIN=1 DATA[31m" in names
    assert all(name.isprintable() for name in names)
