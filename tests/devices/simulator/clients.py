"""Clients of a simulated machine in this process: pyzk as it is published, and bare sockets."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from zk import ZK

from devices.simulator.machine import Machine, Model
from devices.simulator.pull.codes import Reply
from devices.simulator.pull.frames import TOP, Packet, frame, size_after
from devices.simulator.pull.links import UdpLink
from devices.simulator.pull.server import SimulatorServer
from devices.simulator.pull.sessions import Registry, Session


def make_machine(serial: str = "SIM0000000001", **model: Any) -> Machine:
    """Return a machine with two people on it: 1001 Anton and 1002 Maria, an admin."""
    machine = Machine(serial, Model(**model))
    machine.add_user("1001", "Anton")
    machine.add_user("1002", "Maria", privilege=14)
    return machine


def make_session(machine: Machine) -> Session:
    """Return a session of a client that may do everything and to whom nothing is sent."""
    nowhere: Any = None
    link = UdpLink(machine.faults, nowhere, ("127.0.0.1", 1))
    return Session(machine, link, Registry(machine), authenticated=True)


@contextmanager
def pyzk(
    machine: Machine, *, udp: bool = False, password: int = 0, timeout: float = 2
) -> Iterator[Any]:
    """Let the machine listen and pyzk be connected to it while the block lasts."""
    with SimulatorServer(machine) as server:
        client = another(server, udp=udp, password=password, timeout=timeout)
        yield client
        if client.is_connect:
            client.disconnect()


def another(
    server: SimulatorServer, *, udp: bool = False, password: int = 0, timeout: float = 2
) -> Any:
    """Return one more pyzk that is connected."""
    client = ZK(
        "127.0.0.1", server.port, timeout=timeout, password=password, force_udp=udp,
        ommit_ping=True,
    )  # fmt: skip
    client.connect()
    return client


class BareClient:
    """Speaks packets over TCP and looks at what really comes."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def ask(self, command: int, data: bytes = b"", *, session: int = 0, reply: int = 0) -> Packet:
        self.send(frame(Packet(command, session, reply, data).payload()))
        return Packet.read(self.payload())

    def event(self) -> Packet:
        """Wait for what the machine tells on its own."""
        return Packet.read(self.payload())

    def acknowledge(self) -> None:
        self.send(frame(Packet(Reply.OK, 0, 0).payload()))

    def send(self, content: bytes) -> None:
        self._connection.sendall(content)

    def payload(self) -> bytes:
        return self.exactly(size_after(self.exactly(TOP.size)))

    def exactly(self, size: int) -> bytes:
        """Return so many bytes; fewer when the machine hung up."""
        received = b""
        while len(received) < size and (part := self._connection.recv(size - len(received))):
            received += part
        return received

    def is_silent(self) -> bool:
        """Say whether nothing more comes."""
        self._connection.settimeout(0.2)
        try:
            return not self._connection.recv(1)
        except TimeoutError:
            return True


@contextmanager
def bare(server: SimulatorServer) -> Iterator[BareClient]:
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=5)) as connection:
        yield BareClient(connection)
