"""The log of a machine as it came: records in a temporary file, read into lines in parts.

Records can be read while the rest is still on its way: a machine is slower than that, and a log
that is fetched for the first time is read in hardly more time than its transfer takes.
"""

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from typing import IO, Self

from devices.pull.records import RecordReader

PART_LINES = 5_000
IN_MEMORY = 1 << 20  # bytes of a log, beyond which it goes to a temporary file
BLOCK = 1 << 16


class MachineLog:
    """The whole log of a machine: `count` records of `record_size` bytes.

    A context manager: what it holds stands in temporary files that are gone afterwards.
    """

    def __init__(
        self, count: int, record_size: int, pins: Mapping[int, str], *, part_lines: int, ahead: bool
    ) -> None:
        """`pins` by uid are needed for the smallest records only."""
        self.count = count
        self.record_size = record_size
        self._reader = RecordReader(record_size, pins)
        self._part_bytes = part_lines * max(record_size, 1)  # 0 when there is none
        self._records = _temporary_file()
        self._ahead = _Ahead() if ahead else None
        self._unread = bytearray()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._records.close()
        if self._ahead:
            self._ahead.texts.close()

    def take(self, piece: bytes) -> None:
        """Keep what comes next, in pieces of any size."""
        self._records.write(piece)
        if self._ahead:
            self._unread += piece
            while len(self._unread) >= self._part_bytes:
                self._read_ahead(self._ahead, self._part_bytes)

    def is_whole(self) -> bool:
        return self._records.tell() == self.count * self.record_size

    def parts(self, *, after: int = 0) -> Iterator[bytes]:
        """Yield lines `PIN TAB time TAB state TAB verify TAB work code LF`, in parts.

        Without the first `after` of them. The times are the machine's wall clock, and may be of a
        day that does not exist.
        """
        if self._ahead and not after:
            if self._unread:
                self._read_ahead(self._ahead, len(self._unread))
            yield from self._ahead.parts()
            return
        self._records.seek(after * self.record_size)
        while records := self._records.read(self._part_bytes):
            yield self._reader.read(records)

    def _read_ahead(self, ahead: "_Ahead", size: int) -> None:
        ahead.add(self._reader.read(bytes(self._unread[:size])))
        del self._unread[:size]

    def digest_of(self, count: int) -> str:
        """Return SHA-256 of the first records as they came."""
        digest, left = hashlib.sha256(), count * self.record_size
        self._records.seek(0)
        while left and (block := self._records.read(min(left, BLOCK))):
            digest.update(block)
            left -= len(block)
        return digest.hexdigest()


class _Ahead:
    """Parts that were read before anybody asked for them, in a temporary file."""

    def __init__(self) -> None:
        self.texts = _temporary_file()
        self._lengths: list[int] = []

    def add(self, lines: bytes) -> None:
        self._lengths.append(self.texts.write(lines))

    def parts(self) -> Iterator[bytes]:
        self.texts.seek(0)
        for length in self._lengths:
            yield self.texts.read(length)


def _temporary_file() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)
