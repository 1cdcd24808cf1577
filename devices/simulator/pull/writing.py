"""What a client changes on a machine: users, templates; and the enrolment that it begins."""

import struct

from devices.simulator import tables
from devices.simulator.pull.frames import MAX_PAYLOAD
from devices.simulator.pull.sessions import Answer, Session, accepted, refused
from devices.simulator.tables import Finger, User


def write_user(session: Session, data: bytes) -> Answer:
    _put_user(session, tables.unpack_user(data, session.machine.model.name_encoding))
    return accepted()


def _put_user(session: Session, user: User) -> None:
    known = session.machine.find(user.pin)
    if not user.pin or (known and known.uid != user.uid):
        raise ValueError("a PIN of somebody else")
    session.machine.put_user(user)


def prepare(session: Session, data: bytes) -> Answer:
    (session.announced,) = struct.unpack("<I", data)
    session.incoming.clear()
    return accepted() if session.announced <= MAX_PAYLOAD else refused()


def take_piece(session: Session, data: bytes) -> Answer:
    if len(session.incoming) + len(data) > session.announced:
        return refused()
    session.incoming += data
    return accepted()


def save_templates(session: Session, data: bytes) -> Answer:
    """Keep the user and the templates whose bytes came before."""
    machine = session.machine
    user, templates = tables.unpack_prepared(bytes(session.incoming), machine.model.name_encoding)
    with machine.changed():
        if machine.users.get(user.uid) != user:
            _put_user(session, user)
        for number, template in templates.items():
            finger = Finger(machine.model.algorithm, 1, template)
            machine.put_finger(user.pin, number, finger)
    return accepted()


def delete_user(session: Session, data: bytes) -> Answer:
    (uid,) = struct.unpack("<H", data)
    return accepted() if session.machine.drop_user(uid) else refused()


def delete_template(session: Session, data: bytes) -> Answer:
    uid, finger = struct.unpack("<Hb", data)
    user = session.machine.users.get(uid)
    gone = user and session.machine.drop_finger(user.pin, finger)
    return accepted() if gone else refused()


def delete_template_by_pin(session: Session, data: bytes) -> Answer:
    pin, finger = struct.unpack("<24sB", data)
    return accepted() if session.machine.drop_finger(tables.text(pin), finger) else refused()


def clear_punches(session: Session, data: bytes) -> Answer:
    session.machine.clear_punches()
    return accepted()


def clear_everything(session: Session, data: bytes) -> Answer:
    session.machine.clear()
    return accepted()


def start_enrolment(session: Session, data: bytes) -> Answer:
    """Ask for a finger: over TCP by the PIN as text, over UDP as a number."""
    if len(data) == 5:
        pin_number, finger = struct.unpack("<Ib", data)
        pin, valid = str(pin_number), 1
    else:
        raw, finger, valid = struct.unpack("<24sbb", data)
        pin = tables.text(raw)
    if not session.machine.find(pin) or not 0 <= finger <= 9:
        return refused()
    session.events.enrol(pin, finger, valid)
    return accepted()


def cancel_capture(session: Session, data: bytes) -> Answer:
    if session.events.enrolling:
        session.events.stop()
    return accepted()


def register_event(session: Session, data: bytes) -> Answer:
    session.events.register(struct.unpack("<I", data)[0])
    return accepted()
