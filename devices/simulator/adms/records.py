"""The lines that a terminal posts."""

import base64
import hashlib
from collections.abc import Mapping, Sequence

from devices.simulator.adms.profile import Profile
from devices.simulator.machine import Machine
from devices.simulator.tables import Finger, Operation, Punch, User, time_text

BIODATA_FROM = 12  # algorithms that tell fingers in BIODATA only


def attendance_line(punch: Punch, layout: int) -> str:
    """Return a punch in as many columns as this model of terminal writes."""
    head = (punch.pin, time_text(punch.time), punch.state, punch.verify)
    rest: Sequence[object]
    match layout:
        case 6:
            rest = (0, 0)
        case 8:
            rest = ("", 0, 0, "")  # an empty work code, and a TAB at the end
        case 10:
            rest = (punch.work_code, 0, 0, 0, 0, 0)
        case 11:
            rest = (punch.work_code, 0, 0, 0, 0, 0, "")
        case _:
            rest = (punch.work_code, 0, 0)
    return "\t".join(str(value) for value in (*head, *rest))


def event_line(punch: Punch, index: int) -> str:
    """Return a punch as a door controller tells it (`table=rtlog`)."""
    return "\t".join(
        (
            f"time={time_text(punch.time)}",
            *(f"pin={punch.pin}", "cardno=0", "eventaddr=1", "event=0"),
            *(f"inoutstatus={punch.state}", f"verifytype={punch.verify}", f"index={index}"),
        )
    )


def operation_line(operation: Operation) -> str:
    when, objects = time_text(operation.time), "\t".join(operation.objects)
    return f"OPLOG {operation.code}\t{operation.operator}\t{when}\t{objects}"


def user_line(user: User) -> str:
    """Return a user with the password in clear, as terminals tell it."""
    return (
        f"USER PIN={user.pin}\tName={user.name}\tPri={user.privilege}\tPasswd={user.password}"
        f"\tCard={user.card or ''}\tGrp={user.group}\tTZ=0000000100000000\tVerify=-1"
        "\tViceCard=\tExpires=0\tStartDatetime=0\tEndDatetime=0"
    )


def finger_line(pin: str, number: int, finger: Finger) -> str:
    told = base64.b64encode(finger.data).decode()
    return f"FP PIN={pin}\tFID={number}\tSize={len(told)}\tValid={finger.valid}\tTMP={told}"


def biodata_line(pin: str, number: int, finger: Finger) -> str:
    """Return a finger as terminals of the newer algorithms tell it; 3 is one under duress."""
    told = base64.b64encode(finger.data).decode()
    return (
        f"BIODATA Pin={pin}\tNo={number}\tIndex=0\tValid=1\tDuress={int(finger.valid == 3)}"
        f"\tType=1\tMajorVer={finger.algorithm}\tMinorVer=0\tFormat=0\tTmp={told}"
    )


def finger_record(pin: str, number: int, finger: Finger) -> tuple[str, str]:
    """Return the table and the line that tell a finger."""
    if finger.algorithm >= BIODATA_FROM:
        return "BIODATA", biodata_line(pin, number, finger)
    return "OPERLOG", finger_line(pin, number, finger)


def options(machine: Machine, profile: Profile, address: str) -> dict[str, str]:
    """Return what the terminal says of itself; capacities in the units of real ones."""
    model = machine.model
    return {
        "~DeviceName": "Simulasi",
        "MAC": mac_address(machine.serial, profile.copy),
        "TransactionCount": str(len(machine.punches)),
        "~MaxAttLogCount": str(model.punch_capacity // 10_000),
        "UserCount": str(len(machine.users)),
        "~MaxUserCount": str(model.user_capacity // 100),
        "PhotoFunOn": "0",
        "FingerFunOn": "1",
        "FPVersion": str(model.algorithm),
        "~MaxFingerCount": str(model.finger_capacity // 100),
        "FPCount": str(len(machine.fingers)),
        "FaceFunOn": "0",
        "FaceCount": "0",
        "Language": str(profile.language),
        "IPAddress": address,
        "~Platform": "ZMM220_TFT",
        "~OEMVendor": profile.vendor,
        "FWVersion": profile.firmware,
        "PushVersion": f"Ver 2.0.33S-{profile.push_version}",
        "~PIN2Width": str(model.pin_width),
        "MultiBioDataSupport": "0:1:0:0:0:0:0:0:0:0",
        "MultiBioVersion": f"0:{model.algorithm}.0:0:0:0:0:0:0:0:0",
        "~SerialNumber": machine.serial,
        **machine.options,
    }


def options_line(values: Mapping[str, str], wanted: Sequence[str]) -> str:
    """Return the body of `table=options`: what was asked for, or all."""
    asked = {name.lstrip("~") for name in wanted}
    kept = {name: value for name, value in values.items() if name.lstrip("~") in asked}
    return ",".join(f"{name}={value}" for name, value in (kept or values).items())


def info_text(machine: Machine, profile: Profile, address: str) -> str:
    """Return the INFO of a poll: firmware, counts, address, algorithms, feature bits."""
    counts = f"{len(machine.users)},{len(machine.fingers)},{len(machine.punches)}"
    return f"{profile.firmware},{counts},{address},{machine.model.algorithm},0,0,0,100"


def mac_address(serial: str, copy: int) -> str:
    """Return the address of a network card: stable, and another one for each clone."""
    digest = hashlib.sha256(f"{serial}/{copy}".encode()).digest()
    return "00:17:61:" + ":".join(f"{byte:02x}" for byte in digest[:3])
