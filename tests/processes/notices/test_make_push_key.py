"""The key for browsers is made once, for the owner of the data alone."""

import io
import stat
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from config.env import env_kept
from processes.notices.channels import push
from processes.notices.channels.push_messages import POINT_BYTES, from_base64, public_key


def test_a_key_is_kept_where_the_next_start_reads_it(
    tmp_path: Path, settings: LazySettings
) -> None:
    settings.PUSH_KEY, settings.PUSH_KEY_FILE = "", tmp_path / "push-key"
    assert not push.is_set_up()
    out = io.StringIO()
    call_command("make_push_key", stdout=out)
    settings.PUSH_KEY = env_kept("SOPAN_PUSH_KEY", settings.PUSH_KEY_FILE)
    assert stat.S_IMODE(settings.PUSH_KEY_FILE.stat().st_mode) == 0o600
    assert settings.PUSH_KEY not in out.getvalue()
    assert len(from_base64(public_key())) == POINT_BYTES
    with pytest.raises(CommandError, match="Kunci sudah ada"):
        call_command("make_push_key")


def test_a_key_for_several_servers_is_printed_and_kept_nowhere(
    tmp_path: Path, settings: LazySettings
) -> None:
    settings.PUSH_KEY, settings.PUSH_KEY_FILE = "", tmp_path / "push-key"
    out = io.StringIO()
    call_command("make_push_key", "--print", stdout=out)
    settings.PUSH_KEY = out.getvalue().strip()
    assert len(from_base64(public_key())) == POINT_BYTES
    assert not settings.PUSH_KEY_FILE.exists()


def test_a_second_try_before_the_restart_is_refused_in_words(
    tmp_path: Path, settings: LazySettings
) -> None:
    settings.PUSH_KEY, settings.PUSH_KEY_FILE = "", tmp_path / "push-key"
    call_command("make_push_key", stdout=io.StringIO())
    with pytest.raises(CommandError, match="Mulai ulang"):
        call_command("make_push_key")
