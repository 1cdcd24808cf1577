"""One request to an address that was checked just now: to a webhook, Telegram, a push service.

The connection goes to the very address that was checked, so that a name that answers differently
the next moment leads nowhere; certificates are checked against the name. Redirects are not
followed. No library of the house can connect to one address and check another name while a clock
of its own runs, so this is the standard library.
"""

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Timer

from processes.webhooks.addresses import Place, read, resolved

SECONDS = 5.0  # for one request, from connecting to the end of what is read


@dataclass(frozen=True)
class Answer:
    """The status, and as much of the text as was wanted."""

    status: int
    body: bytes = b""


def post(
    address: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float = SECONDS,
    most_bytes: int = 0,
) -> Answer:
    """Post to an address and read so much of the answer; nothing but its status by default.

    Raises AddressRefused, or OSError and http.client.HTTPException where nobody answered in time.
    """
    place = read(address)
    connection = _Checked(place, resolved(place), seconds)
    # A timeout of a socket begins anew with every byte: the clock of the whole is this one.
    clock = Timer(seconds, connection.cut)
    clock.daemon = True
    clock.start()
    try:
        connection.request("POST", place.path, body, {"host": place.host_header, **headers})
        response = connection.getresponse()
        answer = Answer(response.status, response.read(most_bytes) if most_bytes else b"")
    except (OSError, http.client.HTTPException):
        if connection.was_cut:
            raise TimeoutError from None
        raise
    finally:
        clock.cancel()
        connection.close()
    if connection.was_cut:
        raise TimeoutError  # the status came, the rest never did
    return answer


class _Checked(http.client.HTTPConnection):
    """A connection to one address, whatever the name answers by now."""

    def __init__(self, place: Place, address: str, seconds: float) -> None:
        super().__init__(place.host, place.port, timeout=seconds)
        self._is_secure, self._address = place.is_secure, address
        self.was_cut = False

    def connect(self) -> None:
        raw = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = raw
        if self._is_secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(raw, server_hostname=self.host)

    def cut(self) -> None:
        """End it from outside; whoever reads from it is told that nothing more comes."""
        self.was_cut = True
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it had ended
