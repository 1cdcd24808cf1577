"""What a command is about, as people read it."""

import pytest

from devices.models import DeviceCommand

Kind = DeviceCommand.Kind


@pytest.mark.parametrize(
    ("kind", "target", "text"),
    [
        (Kind.INFO, "", ""),
        (Kind.PUT_USER, "1001", "PIN 1001"),
        (Kind.PUT_FINGER, "1001/6", "PIN 1001, telunjuk kanan"),
        (
            Kind.QUERY_PUNCHES,
            "2026-10-01T00:00:00/2026-11-22T11:06:39",
            "1 Oktober 2026 - 22 November 2026",
        ),
        (Kind.QUERY_PUNCHES, "2026-10-01T00:00:00/2026-10-01T11:06:39", "1 Oktober 2026"),
        (Kind.SET_OPTION, "Delay", "Delay"),
    ],
)
def test_a_command_says_what_it_is_about(kind: str, target: str, text: str) -> None:
    assert DeviceCommand(kind=kind, target=target).about == text
