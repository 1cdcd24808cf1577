"""The commands of this room and of the ledger."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from foundation.models import Event
from processes.models import Instance
from tests.cast import Cast


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_a_process_is_started_for_a_person_or_by_the_system(instance: Instance, cast: Cast) -> None:
    command = ("start_process", "permohonan_singkat", "--agency", "diskominfo", "--json")
    by_clock = json.loads(run(*command, "--subject", "Cuti Budi"))
    by_sari = json.loads(run(*command, "--subject", "Cuti Sari", "--by", "sari"))
    assert Instance.objects.get(pk=by_clock["instance"]).started_by is None
    assert Instance.objects.get(pk=by_sari["instance"]).started_by == cast.operator


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["tidak_ada", "--agency", "diskominfo"], "tidak ada"),
        (["permohonan_singkat", "--agency", "lain"], "tidak ada"),
        (["permohonan_singkat", "--agency", "diskominfo", "--subject", ""], "tidak sesuai"),
        (["permohonan_singkat", "--agency", "diskominfo", "--subject", "Cuti Joko"], "sudah ada"),
        (
            ["permohonan_singkat", "--agency", "dinkes", "--subject", "x", "--by", "sari"],
            "wewenang",
        ),
    ],
)
def test_a_mistake_is_one_clear_line(instance: Instance, arguments: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run("start_process", *arguments)


def test_the_ledger_is_verified_and_a_touched_event_is_named(instance: Instance) -> None:
    assert run("verify_ledger").startswith("Utuh")
    Event.objects.filter(stream=instance.stream, sequence=1).update(verb="lain")
    # The event is not what was hashed, and the instance's row says what no event tells any more.
    with pytest.raises(CommandError, match="2 kejanggalan pada 2 peristiwa"):
        run("verify_ledger")
