"""What `make run` shows: the address, and who may sign in."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from config.management.commands import prepare
from tests.cast import Cast, make_employee, make_user

pytestmark = pytest.mark.django_db


def test_the_accounts_that_exist_are_named_with_their_password(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    password = tmp_path / "sandi"
    password.write_text("rahasia-demo\n")
    monkeypatch.setattr(prepare, "demo_password_file", lambda: password)
    for username in ("timit", "pegawai_tapin"):
        make_user(make_employee(cast.agency, username.title()), username)
    out = StringIO()
    call_command("prepare", stdout=out)
    signs_in = next(line for line in out.getvalue().splitlines() if line.startswith("Masuk:"))
    assert "timit, pegawai_tapin" in signs_in
    assert "inovator" not in signs_in
    assert signs_in.endswith("sandi rahasia-demo")
