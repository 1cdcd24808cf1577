"""How bytes leave a simulated machine: over TCP or UDP, slowly, in pieces, torn, as told."""

import socket
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from devices.simulator.faults import Faults
from devices.simulator.pull.frames import frame

BETWEEN_SEGMENTS = 0.0005  # seconds, so that the network does not join them again


class HangUp(Exception):
    """The machine closes the connection."""


class Link(ABC):
    """One client's way back. What leaves it at once is never mixed with another thread's."""

    piece: ClassVar[int]  # bytes of a table in one DATA packet
    chunk: ClassVar[int]  # bytes of a table that a client may ask for at once
    inline: ClassVar[int]  # bytes of a table that fit into the answer itself

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self._lock = threading.Lock()

    def send(self, payloads: Sequence[bytes], *, cut: int = 0) -> None:
        """Send packets; with `cut` only so many bytes, then raise HangUp."""
        with self._lock:
            self._send(payloads, cut)
        if cut:
            raise HangUp

    @abstractmethod
    def _send(self, payloads: Sequence[bytes], cut: int) -> None: ...

    @abstractmethod
    def send_raw(self, content: bytes) -> None: ...

    def _wait(self) -> None:
        if self.faults.slow:
            time.sleep(self.faults.slow / 1000)


class TcpLink(Link):
    piece = chunk = 0xFFC0  # one packet for a whole chunk: with several, clients wait for ever
    inline = 1 << 19

    def __init__(self, faults: Faults, connection: socket.socket) -> None:
        super().__init__(faults)
        self._connection = connection
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _send(self, payloads: Sequence[bytes], cut: int) -> None:
        content = b"".join(map(frame, payloads))
        content = content[:cut] if cut else content
        size = self.faults.segment or len(content) or 1
        for start in range(0, len(content), size):
            self._wait()
            self._connection.sendall(content[start : start + size])
            if self.faults.segment:
                time.sleep(BETWEEN_SEGMENTS)

    def send_raw(self, content: bytes) -> None:
        self._connection.sendall(content)


class UdpLink(Link):
    piece = 1024
    chunk = 16 * 1024
    inline = 1024 - 8

    def __init__(self, faults: Faults, server: socket.socket, client: tuple[str, int]) -> None:
        super().__init__(faults)
        self._server, self._client = server, client

    def _send(self, payloads: Sequence[bytes], cut: int) -> None:
        left = cut
        for payload in payloads:
            if cut and (left := left - len(payload)) < 0:
                return
            self._wait()
            self._server.sendto(payload, self._client)

    def send_raw(self, content: bytes) -> None:
        self._server.sendto(content, self._client)
