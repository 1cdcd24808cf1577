"""Logs into punches: each once, raw kept, the impossible counted apart."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from devices import services
from devices.attlog import Layout
from devices.exceptions import LayoutUnclear, NotAllowedNow, NotAnAttendanceLog
from devices.models import Device, Punch, PunchEvidence, RawUpload, RejectedLine
from devices.punches import punches_of
from devices.services import ImportReport
from devices.services.storing import open_content
from foundation.actors import SYSTEM
from foundation.ledger import verify
from foundation.models import Event
from organization.models import Employee
from tests.cast import NOW, Cast
from tests.devices.make import LONG_AGO, device_at, make_device
from tests.devices.simulators import simulator

FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.fixture
def device(cast: Cast) -> Device:
    return make_device(cast.agency, "BOCK200961014", protocol="push", name="Mesin Lobi")


@pytest.fixture
def sari(cast: Cast) -> Employee:
    employee = cast.operator.employee
    assert employee is not None
    services.assign_pin(employee=employee, number=77, valid_from=LONG_AGO, actor=SYSTEM, now=NOW)
    return employee


def feed(
    device: Device, content: bytes | str, filename: str = "adms.txt", layout: Layout | None = None
) -> ImportReport:
    raw = content.encode() if isinstance(content, str) else content
    return services.import_attlog(
        device=device, content=raw, filename=filename, layout=layout, actor=SYSTEM, now=NOW
    )


def test_the_log_of_a_real_terminal_has_three_punches_and_adds_none_again(device: Device) -> None:
    content = (FIXTURES / "adms_attlog_bock200961014.txt").read_bytes()
    first = feed(device, content, "adms_attlog_bock200961014.txt")
    again = feed(device, content, "adms_attlog_bock200961014.txt")
    assert (first.total, first.accepted, first.duplicate) == (3, 3, 0)
    assert (again.total, again.accepted, again.duplicate) == (3, 0, 3)
    assert Punch.objects.count() == 3
    upload = RawUpload.objects.order_by("id").first()
    assert upload is not None
    assert open_content(upload) == content


def test_wall_time_becomes_a_moment_in_the_machines_zone(cast: Cast, sari: Employee) -> None:
    wit = make_device(cast.agency, "WIT1", protocol="push", time_zone="Asia/Jayapura")
    feed(wit, "77\t2026-04-01 07:20:31\t0\t1")
    punch = Punch.objects.get()
    assert punch.at == datetime(2026, 3, 31, 22, 20, 31, tzinfo=UTC)
    assert (punch.local_time, punch.time_zone) == ("2026-04-01 07:20:31", "Asia/Jayapura")


def test_the_first_telling_wins_and_others_are_kept_as_evidence(
    device: Device, sari: Employee
) -> None:
    feed(device, "77\t2026-04-01 07:20:31\t0\t1")
    report = feed(device, "77\t2026-04-01 07:20:31\t1\t15\n77\t2026-04-01 07:20:31\t1\t15")
    assert (report.duplicate, report.differing) == (2, 1)
    punch = Punch.objects.get()
    assert (punch.state, punch.verify) == (0, 1)
    evidence = PunchEvidence.objects.get()
    assert (evidence.punch, evidence.state, evidence.verify) == (punch, 1, 15)
    feed(device, "77\t2026-04-01 07:20:31\t1\t15")
    assert PunchEvidence.objects.count() == 1


def test_the_same_log_by_usb_and_by_network_is_one(cast: Cast, sari: Employee) -> None:
    with simulator("NET1") as machine:
        net = device_at(cast.agency, machine)
        machine.tell("user 77 Sari")
        machine.tell("punch 77 0 2026-04-01T07:20:31")
        pulled = services.pull_punches(device=net, actor=SYSTEM, now=NOW)
        assert pulled.accepted == 1
        by_usb = feed(net, "  77\t2026-04-01 07:20:31\t1\t0\t1\t0\r\n", "1_attlog.dat")
        assert (by_usb.accepted, by_usb.duplicate, by_usb.differing) == (0, 1, 0)
        assert machine.tell("state")["punches"] == 1


@pytest.mark.fault("F41")
def test_impossible_times_are_quarantined_and_counted(device: Device, sari: Employee) -> None:
    report = feed(
        device,
        "77\t2000-01-01 00:03:10\t0\t1\n"
        "77\t2133-07-01 07:00:00\t0\t1\n"
        "77\t2026-02-30 07:00:00\t0\t1\n"
        "77\t2026-04-01 07:20:31\t0\t1\n",
    )
    assert (report.total, report.accepted, report.quarantined) == (4, 1, 3)
    assert [line.number for line in report.rejected] == [1, 2, 3]
    assert Punch.objects.exclude(quarantine="").count() == 2
    assert RejectedLine.objects.get().raw == "77\t2026-02-30 07:00:00\t0\t1"
    rows = punches_of(device.agency_id, date(1999, 1, 1), date(2199, 12, 31))
    assert len(rows[sari.pk]) == 1
    again = feed(device, "77\t2000-01-01 00:03:10\t0\t1\n77\t2026-02-30 07:00:00\t0\t1\n")
    assert (again.duplicate, again.quarantined) == (2, 0)


def test_the_ends_of_the_calendar_are_quarantined_too(device: Device) -> None:
    years = [f"77\t{year:04}-01-01 00:00:00\t0\t1" for year in (1, 1970, 1999, 2038, 2133, 9999)]
    report = feed(device, "\n".join(years))
    assert (report.accepted, report.quarantined) == (0, 6)
    many = [f"77\t{year}-06-01 00:00:00\t0\t1" for year in range(1971, 2200)]
    assert feed(device, "\n".join(many)).total == 229
    assert feed(device, "\n".join(many)).duplicate == 229


@pytest.mark.fault("F40")
def test_a_bad_line_does_not_cost_its_neighbours(device: Device) -> None:
    lines = [f"77\t2026-04-01 07:{n // 60:02}:{n % 60:02}\t0\t1" for n in range(1000)]
    lines[500] = "rusak"
    report = feed(device, "\n".join(lines))
    assert (report.accepted, report.quarantined) == (999, 1)


def test_a_punch_of_an_unknown_number_is_kept_until_somebody_has_it(
    device: Device, cast: Cast
) -> None:
    report = feed(device, "88\t2026-04-01 07:20:31\t0\t1\nV-1\t2026-04-01 07:20:31\t0\t1")
    assert report.unknown_pins == ("88", "V-1")
    joko = cast.employee.employee
    assert joko is not None
    services.assign_pin(
        employee=joko, number=88, valid_from=date(2026, 4, 1), actor=SYSTEM, now=NOW
    )
    assert Punch.objects.get(pin="88").employee == joko


def test_a_number_counts_only_while_it_is_valid(device: Device, cast: Cast) -> None:
    joko = cast.employee.employee
    assert joko is not None
    services.assign_pin(
        employee=joko, number=88, valid_from=date(2026, 4, 2), actor=SYSTEM, now=NOW
    )
    feed(device, "88\t2026-04-01 23:59:59\t0\t1\n88\t2026-04-02 00:00:00\t0\t1")
    owners = Punch.objects.order_by("local_time").values_list("employee", flat=True)
    assert list(owners) == [None, joko.pk]


def test_a_number_is_never_given_twice(cast: Cast, sari: Employee) -> None:
    joko = cast.employee.employee
    assert joko is not None
    with pytest.raises(NotAllowedNow, match="sudah pernah dipakai"):
        services.assign_pin(employee=joko, number=77, valid_from=LONG_AGO, actor=SYSTEM, now=NOW)
    first = services.replace_pin(employee=sari, actor=SYSTEM, now=NOW)
    second = services.replace_pin(employee=sari, actor=SYSTEM, now=NOW)
    assert len({77, first.number, second.number}) == 3


def test_numbers_are_allocated_across_agencies(cast: Cast) -> None:
    ours = services.allocate_pins(agency=cast.agency, actor=SYSTEM, now=NOW)
    theirs = services.allocate_pins(agency=cast.other_agency, actor=SYSTEM, now=NOW)
    numbers = [pin.number for pin in [*ours, *theirs]]
    assert len(set(numbers)) == len(cast.everyone) + 1
    assert services.allocate_pins(agency=cast.agency, actor=SYSTEM, now=NOW) == []


@pytest.mark.fault("F42", "F43")
def test_days_are_those_of_the_agency(device: Device, cast: Cast, sari: Employee) -> None:
    feed(device, "77\t2026-03-31 23:59:59\t0\t1\n77\t2026-04-01 00:00:00\t0\t1\n"
         "77\t2026-04-30 23:59:59\t1\t1\n77\t2026-05-01 00:00:00\t0\t1\n")  # fmt: skip
    rows = punches_of(cast.agency.pk, date(2026, 4, 1), date(2026, 4, 30))
    # The last two are in the future of this test's clock and therefore not believed.
    assert [row.local for row in rows[sari.pk]] == [datetime(2026, 4, 1)]
    (row,) = rows[sari.pk]
    assert (row.source, row.device_name, row.state, row.verify) == ("berkas", "Mesin Lobi", 0, 1)
    assert punches_of(cast.other_agency.pk, date(2026, 4, 1), date(2026, 4, 30)) == {}


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", NotAnAttendanceLog),
        (b"\x89PNG\r\n\x1a\n\0\0\0", NotAnAttendanceLog),
        (b"nama;nip\nAnton;1985\n", NotAnAttendanceLog),
        (b"77\t2026-04-01 07:20:31\t1\t0\t1\t0\n", LayoutUnclear),
    ],
)
def test_what_cannot_be_read_writes_nothing(
    device: Device, content: bytes, error: type[Exception]
) -> None:
    events = Event.objects.count()
    with pytest.raises(error):
        feed(device, content, "unggahan.txt")
    assert not RawUpload.objects.exists()
    assert not Punch.objects.exists()
    assert Event.objects.count() == events


def test_a_file_of_another_machine_is_refused(cast: Cast, device: Device) -> None:
    make_device(cast.agency, "LAIN0001", protocol="push", name="Mesin Aula")
    with pytest.raises(NotAllowedNow, match="LAIN0001"):
        feed(device, "77\t2026-04-01 07:20:31\t1\t0\t1\t0\n", "LAIN0001_attlog.dat")


@pytest.mark.parametrize("state", ["registered", "suspended", "retired"])
def test_a_machine_out_of_service_takes_no_log(cast: Cast, state: str) -> None:
    device = make_device(cast.agency, protocol="push", state=Device.State(state))
    with pytest.raises(NotAllowedNow, match="berstatus"):
        feed(device, "77\t2026-04-01 07:20:31\t0\t1")


def test_every_import_leaves_an_event_and_the_ledger_agrees(device: Device) -> None:
    feed(device, "77\t2026-04-01 07:20:31\t0\t1")
    event = Event.objects.get(verb="attendance_log_imported")
    assert event.after["accepted"] == 1
    assert event.after["device"] == "BOCK200961014"
    assert not list(verify())


def test_an_import_asks_few_questions(
    device: Device, django_assert_max_num_queries: object
) -> None:
    lines = [
        f"77\t2026-04-01 {n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}\t0\t1" for n in range(5000)
    ]
    with django_assert_max_num_queries(100):  # type: ignore[operator]
        feed(device, "\n".join(lines))
