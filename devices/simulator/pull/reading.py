"""What a client fetches: whole tables in chunks, single templates."""

import struct

from devices.simulator import plausible, tables
from devices.simulator.machine import Machine
from devices.simulator.pull.codes import Reply, Table
from devices.simulator.pull.sessions import Answer, Session, accepted, refused

ANNOUNCED = struct.Struct("<BIII")


def read_table(session: Session, data: bytes) -> Answer:
    """Answer with a small table at once, with its size if it must be fetched in chunks."""
    _, wanted, _, _ = struct.unpack("<bhii", data)
    machine = session.machine
    if wanted == Table.PUNCHES and machine.faults.punch_during_read:
        # Its count was told before, as when somebody presses while his log is being fetched.
        machine.faults.punch_during_read -= 1
        plausible.one_more(machine)
    content = _content(machine, wanted)
    if content is None:
        return refused()
    session.table = tables.with_size(content)
    size = len(session.table)
    if size <= min(machine.model.inline_limit, session.link.inline):
        return Answer(((Reply.DATA, session.table),), is_table=True)
    return accepted(ANNOUNCED.pack(0, size, size, 0))


def _content(machine: Machine, wanted: int) -> bytes | None:
    model = machine.model
    if wanted == Table.USERS:
        return b"".join(
            tables.pack_user(user, model.user_size, model.name_encoding)
            for user in machine.users.values()
        )
    if wanted == Table.PUNCHES:
        return machine.punches.packed(model.punch_size)
    if wanted == Table.TEMPLATES:
        return b"".join(
            tables.pack_template(*key, finger.valid, finger.data)
            for key, finger in sorted(machine.fingers.items(), key=lambda item: item[0])
        )
    if wanted == Table.OPERATIONS:
        return b"".join(map(tables.pack_operation, machine.operations))
    return None


def read_chunk(session: Session, data: bytes) -> Answer:
    start, size = struct.unpack("<ii", data)
    if start < 0 or not 0 < size <= session.link.chunk or start + size > len(session.table):
        return refused()
    return _in_pieces(session, session.table[start : start + size])


def read_template(session: Session, data: bytes) -> Answer:
    """Answer with a template and one byte more, which clients cut off."""
    uid, finger = struct.unpack("<Hb", data)
    kept = session.machine.fingers.get((uid, finger))
    if kept is None:
        return refused()
    content = kept.data + b"\0"
    if len(content) <= session.link.piece:
        return Answer(((Reply.DATA, content),), is_table=True)
    return _in_pieces(session, content)


def _in_pieces(session: Session, content: bytes) -> Answer:
    step = session.link.piece
    pieces = [content[start : start + step] for start in range(0, len(content), step)]
    return Answer(
        (
            (Reply.PREPARE, struct.pack("<II", len(content), 0)),
            *((Reply.DATA, piece) for piece in pieces),
            (Reply.OK, b""),
        ),
        is_table=True,
    )


def free(session: Session, data: bytes) -> Answer:
    session.table = b""
    session.incoming.clear()
    return accepted()
