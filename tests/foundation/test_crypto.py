"""Field encryption: bound to its row, readable with old keys, loud about every change."""

import pytest
from pytest_django import Settings

from foundation.crypto import DecryptionFailed, decrypt, encrypt, is_current

ROW = "devices.fingerprint:7:data"


def test_what_was_encrypted_comes_back() -> None:
    assert decrypt(encrypt(b"pola jari", bound_to=ROW), bound_to=ROW) == b"pola jari"


def test_the_plain_text_is_not_in_the_sealed_value_and_two_sealings_differ() -> None:
    first, second = encrypt(b"pola jari", bound_to=ROW), encrypt(b"pola jari", bound_to=ROW)
    assert b"pola" not in first
    assert first != second


@pytest.mark.fault("F56")
def test_a_value_copied_to_another_row_does_not_open_there() -> None:
    with pytest.raises(DecryptionFailed, match="baris lain"):
        decrypt(encrypt(b"x", bound_to=ROW), bound_to="devices.fingerprint:8:data")


def test_every_single_changed_byte_is_noticed() -> None:
    sealed = encrypt(b"pola jari", bound_to=ROW)
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(DecryptionFailed):
            decrypt(changed, bound_to=ROW)


@pytest.mark.parametrize("value", [b"", b"\x01", b"polos saja, tidak pernah tersandi sama sekali"])
def test_what_was_never_sealed_is_refused(value: bytes) -> None:
    with pytest.raises(DecryptionFailed):
        decrypt(value, bound_to=ROW)


def test_the_newest_key_writes_and_an_old_one_still_reads(settings: Settings) -> None:
    settings.FIELD_KEYS = ["kunci-lama"]
    old = encrypt(b"x", bound_to=ROW)
    settings.FIELD_KEYS = ["kunci-baru", "kunci-lama"]
    assert decrypt(old, bound_to=ROW) == b"x"
    assert not is_current(old)
    assert is_current(encrypt(b"x", bound_to=ROW))
    settings.FIELD_KEYS = ["kunci-baru"]
    with pytest.raises(DecryptionFailed, match="SOPAN_FIELD_KEYS"):
        decrypt(old, bound_to=ROW)


def test_a_value_as_postgresql_hands_it_out_is_read() -> None:
    assert decrypt(memoryview(encrypt(b"x", bound_to=ROW)), bound_to=ROW) == b"x"
