"""The table of commands: what a simulated machine answers to what."""

import struct
from collections.abc import Callable

from devices.simulator.pull import asking, reading, writing
from devices.simulator.pull.codes import Command, Reply
from devices.simulator.pull.frames import Packet, scrambled_key
from devices.simulator.pull.sessions import SILENCE, Answer, Session, accepted, refused

UNAUTHENTICATED = Answer(((Reply.UNAUTHENTICATED, b""),))


def connect(session: Session, data: bytes) -> Answer:
    """Open a session; with a comm key it must be authenticated before it may do anything."""
    if not session.registry.admit(session):
        return Answer(((Reply.REFUSED, b""),), closes=True)
    session.authenticated = not session.machine.model.comm_key
    code = Reply.OK if session.authenticated else Reply.UNAUTHENTICATED
    return Answer(((code, b""),), session=session.number)


def authenticate(session: Session, data: bytes) -> Answer:
    key = session.machine.model.comm_key
    session.authenticated = bool(session.number) and data == scrambled_key(key, session.number)
    return accepted() if session.authenticated else UNAUTHENTICATED


ANSWERS: dict[int, Callable[[Session, bytes], Answer]] = {
    Command.EXIT: asking.leave,
    Command.ENABLE: asking.enable,
    Command.DISABLE: asking.disable,
    Command.RESTART: asking.restart,
    Command.POWER_OFF: asking.power_off,
    Command.VERSION: asking.version,
    Command.READ_OPTION: asking.read_option,
    Command.WRITE_OPTION: asking.write_option,
    Command.PIN_WIDTH: asking.pin_width,
    Command.STATE: asking.state,
    Command.SIZES: asking.sizes,
    Command.GET_TIME: asking.get_time,
    Command.SET_TIME: asking.set_time,
    Command.REFRESH: asking.acknowledge,
    Command.TEST_VOICE: asking.acknowledge,
    Command.UNLOCK: asking.acknowledge,
    Command.READ_TABLE: reading.read_table,
    Command.READ_CHUNK: reading.read_chunk,
    Command.READ_TEMPLATE: reading.read_template,
    Command.FREE: reading.free,
    Command.WRITE_USER: writing.write_user,
    Command.PREPARE: writing.prepare,
    Command.DATA: writing.take_piece,
    Command.SAVE_TEMPLATES: writing.save_templates,
    Command.DELETE_USER: writing.delete_user,
    Command.DELETE_TEMPLATE: writing.delete_template,
    Command.DELETE_TEMPLATE_BY_PIN: writing.delete_template_by_pin,
    Command.CLEAR_PUNCHES: writing.clear_punches,
    Command.CLEAR_EVERYTHING: writing.clear_everything,
    Command.START_VERIFY: asking.acknowledge,
    Command.START_ENROL: writing.start_enrolment,
    Command.CANCEL_CAPTURE: writing.cancel_capture,
    Command.REGISTER_EVENT: writing.register_event,
}


def answer(session: Session, request: Packet) -> Answer:
    """Do what a packet says and return what is to be sent back."""
    if request.command == Reply.OK:
        session.events.acknowledged()
        return SILENCE
    with session.machine.lock:
        session.machine.requests[request.command] += 1
        if request.command == Command.CONNECT:
            return connect(session, request.data)
        if request.command == Command.AUTHENTICATE:
            return authenticate(session, request.data)
        if not session.authenticated:
            return UNAUTHENTICATED
        try:
            handler = ANSWERS.get(request.command)
            return handler(session, request.data) if handler else refused()
        except (ValueError, LookupError, OverflowError, struct.error):
            return refused()  # data of another shape: a machine refuses, it does not fall over


def packets(reply: Answer, request: Packet) -> list[bytes]:
    """Return the payloads of an answer: session and reply number as in the request."""
    session = request.session if reply.session is None else reply.session
    return [Packet(code, session, request.reply_id, data).payload() for code, data in reply.packets]
