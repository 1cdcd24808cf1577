"""How the program asks the renderer, over sockets that both inherit.

On the control socket: one `LIMITS` record per job, with the job's own socket attached. On the job's
socket: the child says STARTED once its limits hold; then the job and the answer, each as 8 bytes of
length, a head, and what follows the head as bytes. Both sides end by closing.

The head of a job is what `marshal` writes: both sides are the same interpreter, and it takes a
tenth of the time of JSON. The head of an answer is JSON: the child has read a template of anybody,
so nothing that it says is read by anything but a parser of text.
"""

import json
import marshal
import struct
from dataclasses import dataclass
from typing import Any

LIMITS = struct.Struct(">QQQ")  # bytes of memory, seconds of processor, seconds on the clock
STARTED = b"\x06"
_LENGTH = struct.Struct(">Q")


@dataclass(frozen=True)
class Limits:
    """What one job may use. Memory is the whole address space of the child."""

    memory_bytes: int = 1024**3
    cpu_seconds: int = 10
    wall_seconds: int = 30

    def pack(self) -> bytes:
        return LIMITS.pack(self.memory_bytes, self.cpu_seconds, self.wall_seconds)


def packed_job(head: dict[str, Any], *blobs: bytes) -> list[bytes]:
    """Return a job in pieces; the head is plain data. Half a surrogate pair is carried as it is."""
    return _packed(marshal.dumps(head), *blobs)


def unpacked_job(message: bytes) -> tuple[dict[str, Any], memoryview]:
    """Return a job's head and the bytes after it. Only for the child: its program is trusted."""
    head, blobs = _unpacked(message)
    return marshal.loads(head), blobs  # noqa: S302


def packed_answer(head: dict[str, Any], *blobs: bytes) -> list[bytes]:
    """Return an answer in pieces."""
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":"))
    return _packed(text.encode("utf-8", "surrogatepass"), *blobs)


def unpacked_answer(message: bytes) -> tuple[Any, memoryview]:
    """Return an answer's head and the bytes after it.

    Raises ValueError or struct.error if it is cut off.
    """
    head, blobs = _unpacked(message)
    return json.loads(bytes(head)), blobs


def _packed(head: bytes, *blobs: bytes) -> list[bytes]:
    return [_LENGTH.pack(len(head)), head, *blobs]


def _unpacked(message: bytes) -> tuple[memoryview, memoryview]:
    (length,) = _LENGTH.unpack_from(message)
    start = _LENGTH.size
    if len(message) < start + length:
        raise ValueError("cut off")
    view = memoryview(message)
    return view[start : start + length], view[start + length :]
