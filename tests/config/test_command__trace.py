"""What a request led to, listed by the code that people read out."""

from collections.abc import Mapping
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from devices.models import DeviceCommand
from devices.services.commands import order
from foundation import outbox
from foundation.tracing import traced
from organization.permissions import person
from tests.cast import NOW, Cast
from tests.devices.make import make_device

pytestmark = pytest.mark.django_db


def listed(code: str) -> str:
    written = StringIO()
    call_command("trace", code, stdout=written)
    return written.getvalue()


def test_from_a_press_over_the_work_to_the_machine(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job orders the command later, in a worker: the id is the one of the press."""
    lobby = make_device(cast.agency, protocol="push")

    def work(payload: Mapping[str, Any]) -> None:
        order(device=lobby, kind="info", actor=person(cast.operator), now=NOW)

    monkeypatch.setattr(outbox, "_handlers", {"uji": work})
    monkeypatch.setattr(outbox, "_kick", None)
    with traced("7K3M-Q9TD-2HXA"):
        outbox.enqueue(kind="uji", key="a", payload={}, run_after=timezone.now())
    outbox.drain()
    assert DeviceCommand.objects.get().trace == "7K3M-Q9TD-2HXA"
    told = listed("7K3M-Q9TD-2HXA")
    assert "(uji) diminta; keadaan: Selesai" in told
    assert f"(Periksa mesin) untuk mesin {lobby.pk}; keadaan: Menunggu" in told
    assert cast.operator.username not in told


def test_a_code_that_nothing_carries_is_said_so() -> None:
    with pytest.raises(CommandError, match="Tidak ada pekerjaan"):
        listed("7K3M-Q9TD-2HXB")


def test_what_is_no_code_is_refused() -> None:
    with pytest.raises(CommandError, match="huruf, angka"):
        listed("' or 1=1")
