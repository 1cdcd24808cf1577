"""Where a message may go: addresses of the outside world, and networks that the server names.

Whoever may write an address must not reach through it what stands beside the server: other
services of its own network, its own ports, the machine that hands out its credentials.
"""

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Addresses that stand for an IPv4 address behind a translator: NAT64, 6to4, Teredo.
TRANSLATED = [ipaddress.ip_network(net) for net in ("64:ff9b::/96", "2002::/16", "2001::/32")]


class AddressRefused(ValueError):
    """No message goes there; the sentence says why."""


@dataclass(frozen=True)
class Place:
    """An address in its parts."""

    host: str
    port: int
    path: str
    is_secure: bool

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.is_secure else 80) else f"{host}:{self.port}"


def read(address: str) -> Place:
    """Return the parts of an address. Raises AddressRefused for what is no plain https address."""
    if any(not "!" <= letter <= "~" for letter in address):
        raise AddressRefused("Alamat memuat spasi atau huruf yang tidak dikenal di alamat.")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise AddressRefused("Alamat ini tidak dapat dibaca.") from None
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise AddressRefused("Tuliskan alamat lengkap, misalnya https://sistem.contoh.go.id/kabar.")
    if parts.username is not None or parts.fragment:
        raise AddressRefused("Alamat tidak boleh memuat nama pengguna, sandi atau tanda #.")
    is_secure = parts.scheme == "https"
    if not is_secure and not settings.WEBHOOK_NETWORKS:
        raise AddressRefused("Alamat harus diawali https://.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(parts.hostname, port or (443 if is_secure else 80), path, is_secure)


def resolved(place: Place) -> str:
    """Return the address to connect to, asked and checked now.

    Every answer of the name service must be allowed: who mixes a private one in is refused. Raises
    AddressRefused, or OSError where the name is not known at the moment.
    """
    found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    addresses = [str(row[4][0]).partition("%")[0] for row in found]
    for one in addresses:
        address = plain(ipaddress.ip_address(one))
        if is_listed(address):
            continue
        if not is_public(address):
            raise AddressRefused(
                "Alamat ini menunjuk ke jaringan dalam; pengelola server dapat mengizinkannya "
                "lewat SOPAN_WEBHOOK_NETWORKS."
            )
        if not place.is_secure:
            raise AddressRefused("Alamat di luar jaringan yang diizinkan harus diawali https://.")
    return addresses[0]


def plain(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 one only wraps."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def is_public(address: Address) -> bool:
    if any(address in network for network in TRANSLATED):
        return False
    return address.is_global and not address.is_multicast


def is_listed(address: Address) -> bool:
    """Whether the server's own settings allow this address."""
    return any(address in network for network in networks(settings.WEBHOOK_NETWORKS))


def networks(
    texts: Sequence[str],
) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    return [ipaddress.ip_network(text, strict=False) for text in texts]
