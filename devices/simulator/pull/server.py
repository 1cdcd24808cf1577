"""Listens for clients of a simulated machine, on one port over TCP and UDP."""

import random
import selectors
import socket
import socketserver
import threading
from types import TracebackType
from typing import Any, cast

from devices.simulator.machine import Machine
from devices.simulator.pull.codes import Command
from devices.simulator.pull.commands import answer, packets
from devices.simulator.pull.frames import TOP, Garbage, Packet, size_after
from devices.simulator.pull.links import HangUp, TcpLink, UdpLink
from devices.simulator.pull.sessions import Registry, Session

OTHER_PROTOCOL = b"\xaa\x01" + bytes(14)
UDP_CLIENTS = 64  # remembered at once
PORT_TRIES = 20
LOOK_EVERY = 0.2  # seconds, whether the machine was switched off


def converse(session: Session, payload: bytes) -> None:
    """Answer one packet as the machine's faults let it. Raises Garbage, HangUp, OSError."""
    faults = session.machine.faults
    if session.outlived():
        raise HangUp
    if faults.hang:
        return
    if faults.wrong_protocol:
        session.link.send_raw(OTHER_PROTOCOL)
        return
    request = Packet.read(payload)
    reply = answer(session, request)
    if reply.closes:
        session.close()  # before the client hears of it: it may come again at once
    if reply.packets and not _is_lost(session.machine, request.command):
        cut = 0
        if reply.is_table:
            cut, faults.cut_after = faults.cut_after, 0
        session.link.send(packets(reply, request), cut=cut)
    if request.command == Command.START_ENROL:
        session.events.start()
    if reply.closes:
        raise HangUp


def _is_lost(machine: Machine, command: int) -> bool:
    faults = machine.faults
    if faults.lose_reply in (1, command):
        faults.lose_reply = 0
        return True
    return random.random() * 100 < faults.lose_replies  # noqa: S311 # no secret hangs on it


class TcpConnection(socketserver.BaseRequestHandler):
    """One client's connection."""

    server: "TcpServer"

    def handle(self) -> None:
        machine = self.server.machine
        link = TcpLink(machine.faults, self.request)
        self.session = Session(machine, link, self.server.registry)
        with selectors.DefaultSelector() as self.waiting:
            self.waiting.register(self.request, selectors.EVENT_READ)
            try:
                while top := self._exactly(TOP.size):
                    if not (payload := self._exactly(size_after(top))):
                        return
                    converse(self.session, payload)
            except (HangUp, Garbage, OSError):
                return
            finally:
                self.session.close()

    def _exactly(self, size: int) -> bytes:
        """Return so many bytes, or none when the client is gone or the machine goes down."""
        received = bytearray()
        while len(received) < size:
            while not self.waiting.select(LOOK_EVERY):
                if self.session.outlived():
                    return b""
            part = self.request.recv(size - len(received))
            if not part:
                return b""
            received += part
        return bytes(received)


class TcpServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], machine: Machine, registry: Registry) -> None:
        self.machine, self.registry = machine, registry
        super().__init__(address, TcpConnection)

    def verify_request(self, request: Any, client_address: Any) -> bool:
        return self.machine.powered


class UdpServer(socketserver.UDPServer):
    """All clients share one socket; who speaks is known by his address."""

    max_packet_size = 65536

    def __init__(self, address: tuple[str, int], machine: Machine, registry: Registry) -> None:
        self.machine, self.registry = machine, registry
        self.sessions: dict[tuple[str, int], Session] = {}
        super().__init__(address, socketserver.BaseRequestHandler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        payload, server = cast("tuple[bytes, socket.socket]", request)
        if not self.machine.powered:
            return
        session = self._session(server, client_address)
        try:
            converse(session, payload)
        except (Garbage, OSError):
            return
        except HangUp:
            self._forget(client_address)

    def _session(self, server: socket.socket, client: tuple[str, int]) -> Session:
        session = self.sessions.get(client)
        if session is not None and session.outlived():
            self._forget(client)
            session = None
        if session is None:
            if len(self.sessions) >= UDP_CLIENTS:
                self._forget(min(self.sessions, key=lambda known: self.sessions[known].heard_at))
            link = UdpLink(self.machine.faults, server, client)
            session = self.sessions[client] = Session(self.machine, link, self.registry)
        session.heard()
        return session

    def _forget(self, client: tuple[str, int]) -> None:
        self.sessions.pop(client).close()


class SimulatorServer:
    """One machine on one port, over TCP and UDP, while the block lasts; port 0 finds a free one."""

    def __init__(self, machine: Machine, host: str = "127.0.0.1", port: int = 0) -> None:
        registry = Registry(machine)
        self._tcp, self._udp = _bind(machine, registry, host, port)
        self.port = int(self._tcp.server_address[1])

    def __enter__(self) -> "SimulatorServer":
        for server in (self._tcp, self._udp):
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        servers = (self._tcp, self._udp)
        stopping = [threading.Thread(target=server.shutdown) for server in servers]
        for thread in stopping:
            thread.start()
        for thread, server in zip(stopping, servers, strict=True):
            thread.join()
            server.server_close()


def _bind(
    machine: Machine, registry: Registry, host: str, port: int, tries: int = PORT_TRIES
) -> tuple[TcpServer, UdpServer]:
    tcp = TcpServer((host, port), machine, registry)
    try:
        return tcp, UdpServer((host, int(tcp.server_address[1])), machine, registry)
    except OSError:  # the number is free over TCP and taken over UDP
        tcp.server_close()
        if port or not tries:
            raise
        return _bind(machine, registry, host, port, tries - 1)
