"""What a terminal does when it is told a command, and what it answers."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from devices.simulator.adms import records
from devices.simulator.adms.journal import Journal
from devices.simulator.adms.profile import Profile, PushFaults
from devices.simulator.adms.settings import Settings
from devices.simulator.machine import (
    Full,
    Impossible,
    Machine,
    NoSuchUser,
    OtherAlgorithm,
)
from devices.simulator.tables import Finger, Punch, User, time_text

OK, BAD_PARAMETER, WRONG_SIZE, NO_SUCH_PIN, BAD_FORMAT = 0, -1, -9, -10, -11
OTHER_VERSION, FULL, UNSUPPORTED, WRONG_DIALECT = -30, -1001, -1002, -1004
FINGER_EXISTS = 2
NAME_BYTES = 23  # 24 with the NUL behind it
NINTH_ALGORITHM = (b"\xa1\xca\x18", b"oco")
OF_DOOR_CONTROLLERS = ("TIMEZONE", "OPTIONS", "FIRSTCARD")


class Refused(Exception):
    """The command is not done; carries the code that is answered."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Workings:
    """The inside of a terminal as commands reach it."""

    machine: Machine
    profile: Profile
    journal: Journal
    faults: PushFaults
    settings: Settings
    address: str


@dataclass(frozen=True)
class Result:
    """What is answered, and what the terminal does once it has answered."""

    code: int
    verb: str
    more: str = ""  # behind CMD= in the same line, with its &
    lines: str = ""  # lines below, as INFO has them
    afterwards: str = ""  # "handshake", "reboot", or nothing


def execute(inside: Workings, text: str) -> Result:
    """Do one command (without its C:id: head) and return its result."""
    for start, (verb, act) in (ACCESS if inside.profile.is_access else ATTENDANCE).items():
        if text == start or text.startswith(f"{start} "):
            return _try(inside, verb, act, text[len(start) :].strip(" \r"))
    return Result(_why_not(inside.profile, text), text.split(" ", 1)[0])


def _try(inside: Workings, verb: str, act: "Act", text: str) -> Result:
    first_new = len(inside.machine.operations)
    try:
        result = act(inside, verb, text)
    except Refused as refusal:
        return Result(refusal.code, verb)
    except NoSuchUser:
        return Result(NO_SUCH_PIN, verb)
    except OtherAlgorithm:
        return Result(OTHER_VERSION, verb)
    except Full:
        return Result(FULL, verb)
    except (Impossible, ValueError, KeyError):
        return Result(BAD_PARAMETER, verb)
    if act is not _enrol:
        inside.journal.ordered.update(range(first_new, len(inside.machine.operations)))
    return result


def _why_not(profile: Profile, text: str) -> int:
    """A table of the other dialect is answered otherwise than a form that exists in none."""
    words = text.split()
    if profile.is_access:
        return WRONG_DIALECT
    if len(words) > 2 and words[0] == "DATA" and words[1] in ("UPDATE", "DELETE", "QUERY", "COUNT"):
        foreign = words[2].islower() or "=" in words[2] or words[2] in OF_DOOR_CONTROLLERS
        return WRONG_DIALECT if foreign else UNSUPPORTED
    return UNSUPPORTED


def _fields(text: str) -> dict[str, str]:
    """Return the fields by lower-case key; raises Refused on a piece that is none."""
    found = {}
    for piece in filter(None, text.split("\t")):
        key, equals, value = piece.partition("=")
        if not equals:
            raise Refused(BAD_PARAMETER)
        found[key.strip().lower()] = value
    return found


def _pin(inside: Workings, fields: Mapping[str, str]) -> str:
    pin = fields["pin"]
    if not pin.isdigit() or len(pin) > inside.machine.model.pin_width:
        raise Refused(BAD_PARAMETER)
    return pin


def _user(inside: Workings, fields: Mapping[str, str]) -> User:
    return inside.machine.user_by_pin(_pin(inside, fields))


def _finger(value: str) -> int:
    if not value.isdigit() or int(value) > 9:
        raise Refused(BAD_PARAMETER)
    return int(value)


def _update_user(inside: Workings, verb: str, text: str) -> Result:
    fields, machine = _fields(text), inside.machine
    pin = _pin(inside, fields)
    user = machine.find(pin) or User(max(machine.users, default=0) + 1, pin, "")
    # A field that is there and empty wipes what the machine held.
    values: dict[str, Any] = {}
    if "name" in fields:
        encoding = machine.model.name_encoding
        cut = fields["name"].encode(encoding, errors="replace")[:NAME_BYTES]
        values["name"] = cut.decode(encoding, errors="ignore")
    if "pri" in fields or (inside.profile.is_access and "privilege" in fields):
        values["privilege"] = int(fields.get("pri") or fields.get("privilege") or 0)
    if "passwd" in fields or "password" in fields:
        values["password"] = fields.get("passwd", fields.get("password", ""))[:8]
    if "card" in fields or "cardno" in fields:
        values["card"] = int(fields.get("card") or fields.get("cardno") or 0)
    machine.put_user(replace(user, **values))
    return Result(OK, verb)


def _delete_user(inside: Workings, verb: str, text: str) -> Result:
    inside.machine.drop_user(_user(inside, _fields(text)).uid)
    return Result(OK, verb)


def _query_user(inside: Workings, verb: str, text: str) -> Result:
    fields = _fields(text)
    users = [_user(inside, fields)] if "pin" in fields else list(inside.machine.users.values())
    inside.journal.answer_users(users)
    return Result(OK if users else BAD_PARAMETER, verb)


def _update_finger(inside: Workings, verb: str, text: str) -> Result:
    fields = _fields(text)
    user, number, told = _user(inside, fields), _finger(fields["fid"]), fields["tmp"]
    if fields["size"] != str(len(told)):
        raise Refused(WRONG_SIZE)
    template, algorithm = _template(told), inside.machine.model.algorithm
    of_the_ninth = template.startswith(NINTH_ALGORITHM)
    if algorithm >= records.BIODATA_FROM or of_the_ninth != (algorithm < 10):
        raise Refused(OTHER_VERSION)
    finger = Finger(algorithm, int(fields.get("valid", "1")), template)
    inside.machine.put_finger(user.pin, number, finger)
    return Result(OK, verb)


def _update_biodata(inside: Workings, verb: str, text: str) -> Result:
    fields = _fields(text)
    user, number = _user(inside, fields), _finger(fields["no"])
    if inside.faults.need_multi_bio and not inside.settings.multi_bio:
        raise Refused(OTHER_VERSION)
    if fields["type"] != "1":
        raise Refused(UNSUPPORTED)  # it has no camera
    valid = 3 if fields.get("duress") == "1" else 1
    finger = Finger(int(fields["majorver"]), valid, _template(fields["tmp"]))
    inside.machine.put_finger(user.pin, number, finger)
    return Result(OK, verb)


def _template(told: str) -> bytes:
    try:
        return base64.b64decode(told, validate=True)
    except binascii.Error:
        raise Refused(BAD_FORMAT) from None


def _delete_finger(inside: Workings, verb: str, text: str) -> Result:
    return _drop_fingers(inside, verb, _fields(text), "fid")


def _delete_biodata(inside: Workings, verb: str, text: str) -> Result:
    fields = _fields(text)
    if fields.get("type", "1") != "1":
        return Result(BAD_PARAMETER, verb)
    return _drop_fingers(inside, verb, fields, "no")


def _drop_fingers(inside: Workings, verb: str, fields: Mapping[str, str], key: str) -> Result:
    pin = _user(inside, fields).pin
    gone = [number for _, number in _held(inside, fields, key)]
    for number in gone:
        inside.machine.drop_finger(pin, number)
    return Result(OK, verb)


def _held(inside: Workings, fields: Mapping[str, str], key: str) -> list[tuple[int, int]]:
    """Return the fingers that PIN and number name; those of everybody if no PIN is given."""
    uid = _user(inside, fields).uid if "pin" in fields else None
    number = _finger(fields[key]) if fields.get(key) else None
    return [
        held
        for held in sorted(inside.machine.fingers)
        if uid in (None, held[0]) and number in (None, held[1])
    ]


def _query_finger(inside: Workings, verb: str, text: str) -> Result:
    fields = _fields(text)
    if inside.machine.model.algorithm >= records.BIODATA_FROM or "pin" not in fields:
        return Result(BAD_PARAMETER, verb)
    return _tell_fingers(inside, verb, _held(inside, fields, "fid"))


def _query_biodata(inside: Workings, verb: str, text: str) -> Result:
    fields = _fields(text)
    if inside.machine.model.algorithm < records.BIODATA_FROM or fields["type"] != "1":
        return Result(BAD_PARAMETER, verb)
    return _tell_fingers(inside, verb, _held(inside, fields, "no"))


def _tell_fingers(inside: Workings, verb: str, held: list[tuple[int, int]]) -> Result:
    inside.journal.answer_fingers(held)
    return Result(OK if held else BAD_PARAMETER, verb)


def _span(text: str) -> Callable[[Punch], bool]:
    """Return what chooses the punches from StartTime to EndTime, both included."""
    fields = _fields(text)
    start, end = (
        datetime.fromisoformat(fields[key]).isoformat(" ", "seconds")
        for key in ("starttime", "endtime")
    )
    return lambda punch: start <= time_text(punch.time) <= end


def _query_punches(inside: Workings, verb: str, text: str) -> Result:
    return Result(OK if inside.journal.answer_punches(_span(text)) else BAD_PARAMETER, verb)


def _verify_sum(inside: Workings, verb: str, text: str) -> Result:
    within = _span(text)
    total = sum(within(punch) for punch in inside.machine.punches)
    return Result(OK, verb, more=f"&AttlogSum={total}")


def _check(inside: Workings, verb: str, text: str) -> Result:
    inside.journal.tell_everybody()
    return Result(OK, verb, afterwards="handshake")


def _reload(inside: Workings, verb: str, text: str) -> Result:
    return Result(OK, verb, afterwards="handshake")


def _send_new(inside: Workings, verb: str, text: str) -> Result:
    return Result(OK, verb, afterwards="send")


def _options(inside: Workings) -> dict[str, str]:
    return records.options(inside.machine, inside.profile, inside.address)


def _info(inside: Workings, verb: str, text: str) -> Result:
    return Result(OK, verb, lines="".join(f"\n{k}={v}" for k, v in _options(inside).items()))


def _set_option(inside: Workings, verb: str, text: str) -> Result:
    for pair in text.split(","):
        key, equals, value = pair.partition("=")
        if not equals:
            raise Refused(BAD_PARAMETER)
        if key == "DateTime":
            _set_clock(inside.machine, value)
        else:
            with inside.machine.changed():
                inside.machine.options[key] = value
    return Result(OK, verb)


def _set_clock(machine: Machine, value: str) -> None:
    try:
        machine.set_clock(datetime.fromisoformat(value))
    except ValueError:
        return  # a date that is none is answered with 0 all the same, as real ones do


def _get_option(inside: Workings, verb: str, text: str) -> Result:
    return Result(OK, verb, lines=f"\n{text}={_options(inside)[text]}")


def _enrol(inside: Workings, verb: str, text: str) -> Result:
    """Somebody stands at the machine and presses his finger, unless a fault says otherwise."""
    fields, machine = _fields(text), inside.machine
    user, number = _user(inside, fields), _finger(fields["fid"])
    if machine.faults.enrol_result:
        return Result(machine.faults.enrol_result, verb)
    if (user.uid, number) in machine.fingers and fields.get("overwrite") != "1":
        return Result(FINGER_EXISTS, verb)
    machine.enrol(user.pin, number)
    return Result(OK, verb)


def _reboot(inside: Workings, verb: str, text: str) -> Result:
    return Result(OK, verb, afterwards="reboot")


Act = Callable[[Workings, str, str], Result]
ATTENDANCE: dict[str, tuple[str, Act]] = {
    "DATA UPDATE USERINFO": ("DATA", _update_user),
    "DATA DELETE USERINFO": ("DATA", _delete_user),
    "DATA QUERY USERINFO": ("DATA", _query_user),
    "DATA UPDATE FINGERTMP": ("DATA", _update_finger),
    "DATA DELETE FINGERTMP": ("DATA", _delete_finger),
    "DATA QUERY FINGERTMP": ("DATA", _query_finger),
    "DATA UPDATE BIODATA": ("DATA", _update_biodata),
    "DATA DELETE BIODATA": ("DATA", _delete_biodata),
    "DATA QUERY BIODATA": ("DATA", _query_biodata),
    "DATA QUERY ATTLOG": ("DATA", _query_punches),
    "VERIFY SUM ATTLOG": ("VERIFY SUM", _verify_sum),
    "CHECK": ("CHECK", _check),
    "LOG": ("LOG", _send_new),
    "INFO": ("INFO", _info),
    "SET OPTIONS": ("SET OPTIONS", _set_option),
    "SET OPTION": ("SET OPTION", _set_option),
    "GET OPTION FROM": ("GET OPTION", _get_option),
    "RELOAD OPTIONS": ("RELOAD OPTIONS", _reload),
    "ENROLL_FP": ("ENROLL_FP", _enrol),
    "REBOOT": ("REBOOT", _reboot),
}
# Of the door controllers' dialect only what attendance needs.
ACCESS: dict[str, tuple[str, Act]] = {
    "DATA UPDATE user": ("DATA UPDATE", _update_user),
    "DATA DELETE user": ("DATA DELETE", _delete_user),
    "SET OPTIONS": ("SET OPTIONS", _set_option),
    "CONTROL DEVICE 03000000": ("CONTROL DEVICE", _reboot),
}
