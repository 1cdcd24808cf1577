"""Machines, the numbers and fingers of people on them, what machines tell, what they are told."""

from devices.models.alarms import Alarm, Violation
from devices.models.callers import Caller
from devices.models.commands import DeviceCommand
from devices.models.fingerprints import FingerprintTemplate, TemplateCopy
from devices.models.machines import ZONES, Device
from devices.models.operations import OperationRecord
from devices.models.people import (
    FINGER_CHOICES,
    FINGERS,
    MAX_PIN,
    DevicePin,
    DeviceUser,
    Enrolment,
    RerecordingPermit,
    SeenUser,
)
from devices.models.punches import Punch, PunchEvidence
from devices.models.recording_anew import LeftOutMachine, RecordingAnew
from devices.models.uploads import RawUpload, RejectedLine

__all__ = [
    "FINGERS",
    "FINGER_CHOICES",
    "MAX_PIN",
    "ZONES",
    "Alarm",
    "Caller",
    "Device",
    "DeviceCommand",
    "DevicePin",
    "DeviceUser",
    "Enrolment",
    "FingerprintTemplate",
    "LeftOutMachine",
    "OperationRecord",
    "Punch",
    "PunchEvidence",
    "RawUpload",
    "RecordingAnew",
    "RejectedLine",
    "RerecordingPermit",
    "SeenUser",
    "TemplateCopy",
    "Violation",
]
