"""Telegram and the push service of a browser, as real servers of our own that may be down."""

import json
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from processes.notices.channels.push import browser_of
from processes.notices.channels.push_messages import to_base64

TOKEN = "123456:rahasia-bot-uji"  # of a bot that there is not
ONE_CHAT = 4711


@dataclass
class Service:
    """What came in; `status` is answered to everything that is sent, `is_down` answers nothing."""

    port: int = 0
    status: int = 200
    reason: str = ""
    is_down: bool = False
    received: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    bot: str = "sopan_uji_bot"
    updates: list[dict[str, Any]] = field(default_factory=list)  # what was written to the bot

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def messages(self) -> list[dict[str, Any]]:
        """Return what the bot wrote."""
        return [
            json.loads(body) for path, _, body in self.received if path.endswith("/sendMessage")
        ]

    def write(self, text: str, *, chat: int = ONE_CHAT, kind: str = "private") -> None:
        """Write to the bot from a chat."""
        number = len(self.updates) + 100
        message = {"chat": {"id": chat, "type": kind}, "text": text}
        self.updates.append({"update_id": number, "message": message})

    def answer(self, path: str, body: bytes) -> dict[str, Any]:
        if self.status != 200:
            return {"ok": False, "description": self.reason}
        if not path.endswith("/getUpdates"):
            return {"ok": True, "result": {"username": self.bot}}
        after = json.loads(body)["offset"]
        return {"ok": True, "result": [one for one in self.updates if one["update_id"] >= after]}


@contextmanager
def open_service() -> Iterator[Service]:
    """Run one for the time of a test."""
    state = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if state.is_down:
                self.close_connection = True
                return
            state.received.append(
                (self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            )
            answer = json.dumps(state.answer(self.path, body)).encode()
            self.send_response(state.status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Reader:
    """A browser: it has the keys that open what is pushed to it."""

    def __init__(self, service: Service, name: str = "a") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._point = _bytes(self._key.public_key())
        self._secret = b"0123456789abcdef"
        self.form = {
            "endpoint": f"{service.address}/dorong/{name}",
            "p256dh": to_base64(self._point),
            "auth": to_base64(self._secret),
        }

    @property
    def address(self) -> str:
        """Return what the site keeps of it."""
        return browser_of(**self.form).text()

    def read(self, body: bytes) -> Any:
        """Open a message as RFC 8291 has it; what another browser's keys closed does not open."""
        salt, (size, length) = body[:16], struct.unpack("!IB", body[16:21])
        assert len(body) <= size
        sender, closed = body[21 : 21 + length], body[21 + length :]
        other = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self._key.exchange(ec.ECDH(), other)
        info = b"WebPush: info\0" + self._point + sender
        material = _derive(shared, self._secret, info, 32)
        key = _derive(material, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _derive(material, salt, b"Content-Encoding: nonce\0", 12)
        opened = AESGCM(key).decrypt(nonce, closed, None)
        return json.loads(opened.rstrip(b"\0").removesuffix(b"\x02"))


def _bytes(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derive(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(material)
