"""The commands of this room: what they do, what they say, how they refuse."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from devices.models import Device, Punch
from foundation.models import OutboxJob
from tests.cast import Cast
from tests.devices.make import make_device
from tests.devices.simulators import simulator

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests" / "fixtures"


def run(*arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


def test_a_machine_is_registered_and_activated(cast: Cast) -> None:
    told = run(
        "register_device", "BOCK200961014", "--agency=diskominfo", "--protocol=pull",
        "--host=192.168.1.201", "--comm-key=123", "--time-zone=Asia/Jayapura", "--activate",
        "--json",
    )  # fmt: skip
    device = Device.objects.get()
    assert json.loads(told)["state"] == device.state == "active"
    assert (device.host, device.time_zone) == ("192.168.1.201", "Asia/Jayapura")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--agency=tidak-ada", "--host=10.0.0.1"), "tidak ada; yang ada: .*diskominfo"),
        (("--agency=diskominfo",), "Isi alamat IP mesin"),
        (("--agency=diskominfo", "--host=10.0.0.1; rm -rf /"), "host"),
        (("--agency=diskominfo", "--host=10.0.0.1", "--port=99999"), "port"),
        (("--agency=diskominfo", "--host=10.0.0.1", "--comm-key=1234567"), "0 sampai 999999"),
    ],
)
def test_a_wrong_registration_is_refused_in_one_line(
    cast: Cast, arguments: tuple[str, ...], words: str
) -> None:
    with pytest.raises(CommandError, match=words) as refused:
        run("register_device", "SATU0001", *arguments)
    assert "\n" not in str(refused.value)
    assert not Device.objects.exists()


def test_a_log_is_imported_once(cast: Cast) -> None:
    make_device(cast.agency, "BOCK200961014", protocol="push")
    path = str(FIXTURES / "adms_attlog_bock200961014.txt")
    first = json.loads(run("import_attlog", path, "--device=BOCK200961014", "--json"))
    again = run("import_attlog", path, "--device=BOCK200961014")
    assert (first["accepted"], Punch.objects.count()) == (3, 3)
    assert again.startswith("3 baris: 0 ketukan baru, 3 sudah ada, 0 dikarantina.")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("kosong.dat", b"", "kosong"),
        ("gambar.dat", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "Gambar|tidak dapat diterima"),
        ("besar.dat", b"1\t2026-04-01 07:00:00\t1\t0\t1\t0\n" * 1_000_000, "batasnya"),
        ("biner.dat", bytes(range(256)) * 10, "tidak dapat diterima"),
        ("teks.txt", b"halo dunia\n", "bukan log absensi"),
    ],
)
def test_a_file_that_is_no_log_is_refused_in_one_line(
    cast: Cast, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    make_device(cast.agency, "SATU0001", protocol="push")
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CommandError, match=words) as refused:
        run("import_attlog", str(path), "--device=SATU0001")
    assert "\n" not in str(refused.value)
    assert not Punch.objects.exists()


def test_a_missing_file_and_an_unknown_machine_are_named(cast: Cast) -> None:
    make_device(cast.agency, "SATU0001", protocol="push")
    with pytest.raises(CommandError, match="tidak dapat dibuka"):
        run("import_attlog", "/tidak/ada.dat", "--device=SATU0001")
    with pytest.raises(CommandError, match="'DUA' tidak terdaftar; yang ada: SATU0001"):
        run("import_attlog", "/tidak/ada.dat", "--device=DUA")


def test_one_machine_is_served_at_once(cast: Cast) -> None:
    with simulator("NET1") as machine:
        make_device(cast.agency, "NET1", port=machine.port)
        told = json.loads(run("sync_device", "NET1", "--json"))
        assert told["users"] == len(cast.everyone)
        machine.tell("enrol 1001 6")
        machine.tell("punch 1001 0 2026-04-01T07:20:31")
        told = json.loads(run("sync_device", "NET1", "--json"))
        assert (told["fingers_fetched"], told["punches_new"]) == (1, 1)
        told = json.loads(run("sync_device", "NET1", "--json"))
        assert (told["fingers_fetched"], told["punches_new"], told["punches_known"]) == (0, 0, 1)


def test_a_machine_that_is_away_is_told_in_one_line(cast: Cast) -> None:
    make_device(cast.agency, "JAUH0001", port=1)
    with pytest.raises(CommandError, match="tidak dapat dihubungi") as refused:
        run("sync_device", "JAUH0001")
    assert "\n" not in str(refused.value)


def test_a_simulated_machine_remembers_and_can_be_told(tmp_path: Path) -> None:
    users = tmp_path / "users.tsv"
    users.write_text("1001\tAnton Benu\n1002\tMaria Tefa\n", encoding="utf-8")
    state = tmp_path / "state.json"
    with simulator("INGAT1", users=users, state=state, control_port=0) as machine:
        machine.tell("enrol 1001 6")
        tell = [sys.executable, "manage.py", "simulate_device"]
        wrong = subprocess.run(
            [*tell, "--control-port=1", "--tell=state"],
            capture_output=True, text=True, cwd=ROOT, check=False,
        )  # fmt: skip
        assert wrong.returncode == 1
        assert wrong.stderr.startswith("Mesin simulasi tidak menjawab")
        told = subprocess.run(
            [*tell, f"--control-port={machine.control_port}", "--tell=punch 1001"],
            capture_output=True, text=True, cwd=ROOT, check=True,
        )  # fmt: skip
        assert json.loads(told.stdout) == {"ok": 1}
    with simulator("INGAT1", state=state) as machine:
        told = machine.tell("state")
        assert (told["users"], told["fingers"], told["punches"]) == (2, 1, 1)


def test_a_machine_that_calls_is_asked_when_it_calls(cast: Cast) -> None:
    device = make_device(cast.agency, "SENDIRI1", protocol="push")
    told = json.loads(run("sync_device", "SENDIRI1", "--json"))
    assert len(told["ordered"]) == 4
    assert "4 pekerjaan dipesan" in run("sync_device", "SENDIRI1")
    assert OutboxJob.objects.filter(kind__in=told["ordered"]).count() == 4
    Device.objects.filter(pk=device.pk).update(state="suspended")
    with pytest.raises(CommandError, match="Dinonaktifkan"):
        run("sync_device", "SENDIRI1")
