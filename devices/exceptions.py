"""What can go wrong with machines and logs; every message is a sentence for the person."""

from devices.attlog import LayoutUnclear, NotAnAttendanceLog
from devices.pull.client import (
    DeviceError,
    DeviceRefused,
    DeviceUnreachable,
    NotConnectable,
    ProtocolMismatch,
)

__all__ = [
    "DeviceBusy",
    "DeviceError",
    "DeviceRefused",
    "DeviceUnreachable",
    "LayoutUnclear",
    "NotAllowedNow",
    "NotAnAttendanceLog",
    "NotConnectable",
    "OldFingerRemains",
    "PinTaken",
    "ProtocolMismatch",
    "ReadBackFailed",
    "SyncIncomplete",
]


class DeviceBusy(DeviceError):
    """Another job holds the one session of this machine."""


class PinTaken(DeviceError):
    """The machine has somebody else under a PIN of ours."""


class ReadBackFailed(DeviceError):
    """The machine said yes to a finger and does not have it."""


class SyncIncomplete(DeviceError):
    """Some machines could not be served; the others were."""


class NotAllowedNow(ValueError):
    """The row is not in a state for this, or a value does not fit; nothing was written."""


class OldFingerRemains(NotAllowedNow):
    """A machine still has the finger that a new recording takes the place of."""
