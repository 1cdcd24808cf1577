"""No command changes a frozen month: each of ours is run with one in place."""

import io
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command, get_commands

from attendance import services
from attendance.models import Recap
from attendance.recaps.seals import content_hash
from devices.models import Device
from foundation import outbox
from foundation.actors import SYSTEM
from tests.attendance.people import AFTER_APRIL, APRIL, fill_april
from tests.cast import Cast

ROOMS = ("attendance", "config", "devices", "documents", "foundation", "organization", "processes")
CODE, MONTH = "diskominfo", "2026-04"
# Each is called as an office would call it for the frozen month; "@log" and "@table" are files.
CALLS: dict[str, list[str]] = {
    "rescue_account": ["kadis", "--reason", "Ponsel hilang"],
    "appoint_official": [CODE, "@number", "Sekretaris", "--letter", "821.2/14/2026"],
    "create_api_token": ["joko", "--scope", "rekap:baca", "--days", "1"],
    "rebuild_attendance": ["--agency", CODE, "--month", MONTH],
    "export_events": ["--sop", "pengelolaan_e_absensi"],
    "export_recap": ["--agency", CODE, "--month", MONTH],
    "found_agency": ["upt_uji", "--name", "UPT Uji", "--under", CODE],
    "import_attlog": ["@log", "--device", "@device"],
    "import_employees": ["@table", "--agency", CODE],
    "import_roster": ["@table", "--agency", CODE],
    "make_push_key": ["--print"],
    "place_agency": [CODE],
    "register_device": ["UJI999", "--agency", CODE, "--protocol", "push"],
    "rebuild_timings": [],
    "revoke_api_token": ["tidakada"],
    "rotate_keys": [],
    "seed_holidays": ["--year", "2026"],
    "skip_letter_numbers": [CODE, "--last", "40", "--reason", "pemulihan cadangan"],
    "start_process": ["pengelolaan_e_absensi", "--agency", CODE, "--subject", MONTH],
    "sync_device": ["@device"],
    "tidy": [],
    "trace": ["7K3M-Q9TD-2HXA"],
    "verify_archive": [],
    "verify_ledger": [],
}
# They fill an empty database, play a machine over the network against a running server, or look at
# the installation as a whole (tests/config/backups, tests/config/doctor).
ELSEWHERE = {
    "backup",
    "demo",
    "demo_machines",
    "doctor",
    "prepare",
    "restore",
    "simulate_device",
    "verify_backup",
    "write_examples",
}


def ours() -> set[str]:
    return {name for name, app in get_commands().items() if app in ROOMS}


def test_every_command_of_ours_is_tried() -> None:
    assert ours() - ELSEWHERE == set(CALLS)


@pytest.mark.parametrize("name", sorted(CALLS))
def test_a_command_leaves_it_as_it_is(cast: Cast, name: str, tmp_path: Path) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 14)])
    services.build_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    services.freeze_recap(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    before = told()
    (tmp_path / "log.dat").write_text(f"{cast.employee.employee_id}\t2026-04-14 07:20:00\t0\t1\n")
    (tmp_path / "tabel.csv").write_text("nama;nip;tanggal;giliran\nJoko Tallo;;2026-04-14;P\n")
    device = Device.objects.get(agency=cast.agency)
    assert cast.employee.employee is not None
    given = {
        "@number": cast.employee.employee.number,
        "@log": str(tmp_path / "log.dat"),
        "@table": str(tmp_path / "tabel.csv"),
        "@device": device.serial,
    }

    with time_machine.travel(AFTER_APRIL, tick=True):
        try_out(name, [given.get(argument, argument) for argument in CALLS[name]])
        outbox.drain(limit=20)

    assert told() == before


def try_out(name: str, arguments: list[str]) -> None:
    """Run a command; whatever it answers, a refusal too, the recap must stay."""
    with suppress(Exception):
        call_command(name, *arguments, stdout=io.StringIO(), stderr=io.StringIO())


def told() -> list[tuple[Any, ...]]:
    """Return all that every recap says, and the hash of its rows as they are now."""
    return [
        (values, content_hash(recap, recap.rows.all()))
        for recap in Recap.objects.order_by("pk")
        for values in Recap.objects.filter(pk=recap.pk).values_list()
    ]
