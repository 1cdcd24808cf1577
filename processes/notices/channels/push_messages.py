"""A push message that one browser alone opens (RFC 8291), signed by who sends it (RFC 8292).

Done with `cryptography` by the letter of the RFCs, whose example is a test: the libraries that do
it bring an HTTP client of their own, which goes wherever an address told by a browser says.
"""

import base64
import json
import os
import struct
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

CURVE = ec.SECP256R1()
POINT_BYTES, SECRET_BYTES, SALT_BYTES = 65, 16, 16
RECORD_BYTES = 4096  # the whole message is one record
SIGNED_SECONDS = 12 * 3600  # RFC 8292: at most a day


def are_keys(p256dh: str, auth: str) -> bool:
    """Say whether these are the two keys of a browser, in base64url."""
    try:
        point, secret = from_base64(p256dh), from_base64(auth)
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
    except ValueError:
        return False
    return (len(point), len(secret)) == (POINT_BYTES, SECRET_BYTES)


def sealed(
    message: bytes,
    point: bytes,
    secret: bytes,
    *,
    own: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes = b"",
) -> bytes:
    """Return a message that one browser alone opens (RFC 8291, one record of RFC 8188).

    `own` and `salt` are new for every message; only an example of known bytes gives them.
    """
    own, salt = own or ec.generate_private_key(CURVE), salt or os.urandom(SALT_BYTES)
    browser = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
    own_point = point_of(own)
    shared = own.exchange(ec.ECDH(), browser)
    material = _derived(shared, secret, b"WebPush: info\0" + point + own_point, 32)
    key = _derived(material, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(material, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + struct.pack("!IB", RECORD_BYTES, len(own_point)) + own_point
    return head + AESGCM(key).encrypt(nonce, message + b"\x02", None)  # 2: the last record


def authorization(endpoint: str, at: int) -> str:
    """Return who sends, signed for that push service alone (VAPID, RFC 8292)."""
    place = urlsplit(endpoint)
    claims = {
        "aud": f"{place.scheme}://{place.netloc}",
        "exp": at + SIGNED_SECONDS,
        "sub": settings.PUBLIC_URL,
    }
    parts = ({"typ": "JWT", "alg": "ES256"}, claims)
    signed = ".".join(to_base64(json.dumps(part).encode()) for part in parts)
    r, s = decode_dss_signature(own_key().sign(signed.encode(), ec.ECDSA(SHA256())))
    signature = to_base64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={public_key()}"


def own_key() -> ec.EllipticCurvePrivateKey:
    """Return the key of this installation, by which push services tell it from others."""
    return _read_key(settings.PUSH_KEY)


@lru_cache(maxsize=2)
def _read_key(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(from_base64(text), "big"), CURVE)


def public_key() -> str:
    """Return what a browser is told when it begins to listen, in base64url."""
    return to_base64(point_of(own_key()))


def new_key() -> str:
    """Return a new key for `SOPAN_PUSH_KEY`."""
    number = ec.generate_private_key(CURVE).private_numbers().private_value
    return to_base64(number.to_bytes(32, "big"))


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def to_base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64(text: str) -> bytes:
    """Return the bytes of base64url without its tail. Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _derived(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(material)
