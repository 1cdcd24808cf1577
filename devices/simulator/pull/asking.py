"""What a client asks of a machine itself: options, counts, clock, power."""

import struct

from devices.simulator import tables
from devices.simulator.machine import Machine
from devices.simulator.pull.codes import Reply, State
from devices.simulator.pull.sessions import Answer, Session, accepted, refused

SIZES = struct.Struct("<23i")
FIRMWARE = b"Ver 6.60 Sep 19 2019\0"


def acknowledge(session: Session, data: bytes) -> Answer:
    return accepted()


def leave(session: Session, data: bytes) -> Answer:
    return Answer(((Reply.OK, b""),), closes=True)


def enable(session: Session, data: bytes) -> Answer:
    session.machine.enable()
    return accepted()


def disable(session: Session, data: bytes) -> Answer:
    """Lock the machine; a client may say after how many seconds it opens by itself."""
    session.machine.disable(struct.unpack("<I", data[:4])[0] if len(data) >= 4 else None)
    return accepted()


def version(session: Session, data: bytes) -> Answer:
    return accepted(FIRMWARE)


def read_option(session: Session, data: bytes) -> Answer:
    name = data.split(b"\0")[0].decode("ascii", errors="replace")
    value = options(session.machine).get(name)
    return refused() if value is None else accepted(f"{name}={value}".encode() + b"\0")


def write_option(session: Session, data: bytes) -> Answer:
    name, equals, value = data.split(b"\0")[0].decode("ascii", errors="replace").partition("=")
    if not name or not equals:
        return refused()
    with session.machine.changed():
        session.machine.options[name] = value
    return accepted()


def options(machine: Machine) -> dict[str, str]:
    """Return what the machine tells of itself, with what was set from afar."""
    known = {
        "~SerialNumber": machine.serial,
        "~Platform": "ZMM220_TFT",
        "~DeviceName": "Simulasi",
        "~OEMVendor": "Simulasi",
        "~OS": "1",
        "~ZKFPVersion": str(machine.model.algorithm),
        "~PIN2Width": str(machine.model.pin_width),
        "~ExtendFmt": "0",
        "~UserExtFmt": "0",
        "FaceFunOn": "0",
        "WorkCode": "0",
        "MAC": "00:17:61:00:00:00",
        "IPAddress": "127.0.0.1",
        "NetMask": "255.255.255.0",
        "GATEIPAddress": "127.0.0.1",
    }
    return known | machine.options


def pin_width(session: Session, data: bytes) -> Answer:
    return accepted(bytes([session.machine.model.pin_width]))


def state(session: Session, data: bytes) -> Answer:
    now = State.IDENTIFYING if session.machine.enabled else State.WAITING
    now = State.ENROLLING if session.events.enrolling else now
    return Answer(((Reply.OK, b""),), session=now)


def sizes(session: Session, data: bytes) -> Answer:
    """Return 92 bytes of counts and capacities. Clients divide tables by them."""
    machine, model, wrong = session.machine, session.machine.model, session.machine.faults
    fields = [0] * 23
    fields[4] = len(machine.users)
    fields[6] = len(machine.fingers) + (wrong.count_error if machine.fingers else 0)
    fields[8] = len(machine.punches) + (wrong.count_error if machine.punches else 0)
    fields[10] = len(machine.operations)
    fields[12] = sum(user.privilege > 1 for user in machine.users.values())
    fields[13] = sum(bool(user.password) for user in machine.users.values())
    fields[14:17] = model.finger_capacity, model.user_capacity, model.punch_capacity
    fields[17] = model.finger_capacity - len(machine.fingers)
    fields[18] = model.user_capacity - len(machine.users)
    fields[19] = model.punch_capacity - len(machine.punches)
    return accepted(SIZES.pack(*fields))


def get_time(session: Session, data: bytes) -> Answer:
    return accepted(struct.pack("<I", session.machine.clock.counted()))


def set_time(session: Session, data: bytes) -> Answer:
    session.machine.set_clock(tables.decode_time(struct.unpack("<I", data)[0]))
    return accepted()


def restart(session: Session, data: bytes) -> Answer:
    session.machine.restart()
    return Answer(((Reply.OK, b""),), closes=True)


def power_off(session: Session, data: bytes) -> Answer:
    session.machine.power(on=False)
    return Answer(((Reply.OK, b""),), closes=True)
