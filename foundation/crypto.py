"""Encryption of single fields, bound to the row they belong to.

AES-256-GCM with the place (`table:row:field`) as associated data: a value that is copied into
another row does not open there. Keys come from `settings.FIELD_KEYS`, newest first: the first
encrypts, every one of them still opens what it once closed.
"""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

VERSION = b"\x01"
KEY_ID_BYTES = 4
NONCE_BYTES = 12
HEAD_BYTES = len(VERSION) + KEY_ID_BYTES + NONCE_BYTES
TAG_BYTES = 16


class DecryptionFailed(ValueError):
    """The value was changed, belongs to another row, or its key is no longer in the settings."""


@dataclass(frozen=True)
class FieldKey:
    """A key and the short id that stands before every value it closed."""

    id: bytes
    cipher: AESGCM


def encrypt(plaintext: bytes, *, bound_to: str) -> bytes:
    """Return version, key id, nonce and sealed bytes; `bound_to` must be given again to open it."""
    key = _keys()[0]
    nonce = os.urandom(NONCE_BYTES)
    head = VERSION + key.id + nonce
    return head + key.cipher.encrypt(nonce, plaintext, _associated(head, bound_to))


def decrypt(sealed: bytes | memoryview, *, bound_to: str) -> bytes:
    """Return the plain bytes; raise DecryptionFailed where they cannot be trusted or opened."""
    value = bytes(sealed)
    if len(value) < HEAD_BYTES + TAG_BYTES or value[:1] != VERSION:
        raise DecryptionFailed("Nilai ini bukan nilai tersandi yang utuh.")
    key = next((k for k in _keys() if k.id == key_id(value)), None)
    if key is None:
        raise DecryptionFailed(
            f"Kunci {key_id(value).hex()} tidak ada dalam SOPAN_FIELD_KEYS; tambahkan kunci lama."
        )
    head = value[:HEAD_BYTES]
    try:
        return key.cipher.decrypt(
            head[-NONCE_BYTES:], value[HEAD_BYTES:], _associated(head, bound_to)
        )
    except InvalidTag:
        raise DecryptionFailed("Nilai tersandi berubah atau berasal dari baris lain.") from None


def key_id(sealed: bytes | memoryview) -> bytes:
    """Return the id of the key that closed this value."""
    return bytes(sealed)[1 : 1 + KEY_ID_BYTES]


def fingerprints(secrets: Iterable[str]) -> list[str]:
    """Return the ids of these keys as they stand before every value that one of them closed."""
    return [_derive_one(s).id.hex() for s in (secret.strip() for secret in secrets) if s]


def is_current(sealed: bytes | memoryview) -> bool:
    """Say whether the newest key closed this value; if not, a rotation should seal it anew."""
    return key_id(sealed) == _keys()[0].id


def _associated(head: bytes, bound_to: str) -> bytes:
    # Key id and version are bound too, so that no byte of the stored value is free to change.
    return head + bound_to.encode()


def _keys() -> tuple[FieldKey, ...]:
    secrets = tuple(s for s in (secret.strip() for secret in settings.FIELD_KEYS) if s)
    if not secrets:
        raise DecryptionFailed("SOPAN_FIELD_KEYS kosong: tidak ada kunci untuk menyandi.")
    return _derive(secrets)


@lru_cache(maxsize=8)
def _derive(secrets: tuple[str, ...]) -> tuple[FieldKey, ...]:
    return tuple(_derive_one(secret) for secret in secrets)


def _derive_one(secret: str) -> FieldKey:
    raw = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"sopan field key").derive(
        secret.encode()
    )
    # The id is a hash of the derived key, so it says nothing about the secret.
    return FieldKey(id=hashlib.sha256(b"id" + raw).digest()[:KEY_ID_BYTES], cipher=AESGCM(raw))
