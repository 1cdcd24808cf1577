"""A zip file written again: what did not change is copied as it lies, compressed.

The same content gives the same bytes: members carry no time.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from itertools import chain

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_VERSION, _UTF8, _DEFLATED, _FIRST_DAY = 20, 0x800, 8, 0x21  # 1 January 1980: zip knows no earlier
LEVEL, FAST_LEVEL, LARGE = 6, 3, 4 * 1024 * 1024  # a matrix shrinks to a fiftieth either way


def repack(content: bytes, changed: Mapping[str, Iterable[bytes]]) -> bytes:
    """Return the archive with these members replaced; each is given in pieces."""
    target, directory = io.BytesIO(), []
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        for member in source.infolist():
            if member.filename in changed:
                method = _DEFLATED
                raw, crc, size = _deflated(changed[member.filename])
            else:
                method, crc, size = member.compress_type, member.CRC, member.file_size
                raw = _raw(content, member)
            name = member.filename.encode()
            flags = 0 if name.isascii() else _UTF8
            facts = (flags, method, 0, _FIRST_DAY, crc, len(raw), size, len(name), 0)
            offset = target.tell()
            directory.append(
                _CENTRAL.pack(b"PK\x01\x02", _VERSION, _VERSION, *facts, 0, 0, 0, 0, offset) + name
            )
            target.write(_LOCAL.pack(b"PK\x03\x04", _VERSION, *facts))
            target.write(name)
            target.write(raw)
    listing, start = b"".join(directory), target.tell()
    target.write(listing)
    count = len(directory)
    target.write(_END.pack(b"PK\x05\x06", 0, 0, count, count, len(listing), start, 0))
    return target.getvalue()


def _raw(content: bytes, member: zipfile.ZipInfo) -> bytes:
    """Return the member's bytes as they lie in the archive."""
    header = _LOCAL.unpack_from(content, member.header_offset)
    start = member.header_offset + _LOCAL.size + header[9] + header[10]
    return content[start : start + member.compress_size]


def _deflated(pieces: Iterable[bytes]) -> tuple[bytes, int, int]:
    """Return the compressed bytes, the checksum and the size of these pieces in a row."""
    coming = iter(pieces)
    begin, size = [], 0
    while size <= LARGE and (piece := next(coming, None)) is not None:
        begin.append(piece)
        size += len(piece)
    level = FAST_LEVEL if size > LARGE else LEVEL
    squeezer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    crc, size, parts = 0, 0, []
    for piece in chain(begin, coming):
        crc = zlib.crc32(piece, crc)
        size += len(piece)
        parts.append(squeezer.compress(piece))
    parts.append(squeezer.flush())
    return b"".join(parts), crc, size
