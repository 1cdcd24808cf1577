"""Where this server can be reached: what to type into a terminal, asked of the computer itself."""

import ipaddress
import socket
from pathlib import Path

LISTENING = "0A"  # a socket's state in /proc/net/tcp
TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))


def own_addresses() -> list[str]:
    """Return the addresses under which machines of the office may find this computer.

    The one that leads out stands first. Nothing is sent.
    """
    found: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address for examples: only the route is asked
            found.append(probe.getsockname()[0])
        except OSError:
            pass
    try:
        known = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    except OSError:
        known = []
    found += [str(row[4][0]) for row in known]
    return [a for a in dict.fromkeys(found) if not ipaddress.ip_address(a).is_loopback]


def is_local_name(host: str) -> bool:
    """Say whether a browser that uses this name sits at the server itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def listens_only_here(port: int) -> bool:
    """Say whether the port is open for this computer alone; False where that cannot be told."""
    addresses = [a for table in TABLES for a, p in _listeners(table) if p == port]
    return bool(addresses) and all(address.is_loopback for address in addresses)


def _listeners(
    table: Path,
) -> list[tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, int]]:
    try:
        lines = table.read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return []
    rows = [line.split() for line in lines]
    return [_endpoint(row[1]) for row in rows if row[3] == LISTENING]


def _endpoint(text: str) -> tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, int]:
    """Read "0100007F:1F90": words of 32 bits in the machine's own order, then the port."""
    address, _, port = text.partition(":")
    words = [bytes.fromhex(address[i : i + 8])[::-1] for i in range(0, len(address), 8)]
    return ipaddress.ip_address(b"".join(words)), int(port, 16)
