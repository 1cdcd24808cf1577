"""The command `import_employees`: one clear line on error, a non-zero exit, JSON on request."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from organization.models import Employee
from tests.cast import Cast, make_nip

NIP = make_nip(901)


def run(file: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_employees", str(file), *options, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_a_file_is_imported_and_reported(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "pegawai.csv"
    file.write_text(f"nama,nip\nYuliana Bere,{NIP}\n")
    assert run(file, "--agency", "diskominfo") == "1 baru, 0 diperbarui, 0 tidak berubah.\n"
    report = json.loads(run(file, "--agency", "diskominfo", "--json"))
    assert (report["created"], report["unchanged"], report["errors"]) == (0, 1, [])
    assert Employee.objects.get(number=NIP).agency == cast.agency


def test_errors_end_the_command_and_are_listed(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "pegawai.csv"
    file.write_text("nama,nip\nYuliana Bere,1\n")
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 hal perlu diperbaiki"):
        call_command(
            "import_employees", str(file), "--agency", "diskominfo", stdout=out, stderr=err
        )
    assert err.getvalue().startswith("Baris 2, kolom nip:")
    with pytest.raises(CommandError):
        call_command("import_employees", str(file), "--agency", "diskominfo", "--json", stdout=out)
    assert json.loads(out.getvalue())["errors"][0]["line"] == 2


def test_a_wrong_agency_or_file_is_one_line(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "pegawai.csv"
    with pytest.raises(CommandError, match="yang ada: "):
        run(file, "--agency", "tidak-ada")
    with pytest.raises(CommandError, match="tidak dapat dibuka"):
        run(file, "--agency", "diskominfo")
    file.write_bytes(b"")
    with pytest.raises(CommandError, match="kosong"):
        run(file, "--agency", "diskominfo")
