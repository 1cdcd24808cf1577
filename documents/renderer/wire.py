"""How the program asks the renderer, over sockets that both inherit.

On the control socket: one `LIMITS` record per job, with the job's own socket attached. On the job's
socket: the child says STARTED once its limits hold; then the job and the answer, each as 8 bytes of
length, a JSON head, and what follows the head as bytes. Both sides end by closing.
"""

import json
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


def packed(head: Any, *blobs: bytes) -> list[bytes]:
    """Return a message in pieces. Half a surrogate pair in a text is carried as it is."""
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )
    return [_LENGTH.pack(len(text)), text, *blobs]


def unpacked(message: bytes) -> tuple[Any, memoryview]:
    """Return head and the bytes after it. Raises ValueError or struct.error if it is cut off."""
    (length,) = _LENGTH.unpack_from(message)
    start = _LENGTH.size
    if len(message) < start + length:
        raise ValueError("cut off")
    return json.loads(message[start : start + length]), memoryview(message)[start + length :]
