"""What numbers of machines mean."""

import pytest

from devices.adms.calls import Dialect
from devices.adms.codes import (
    OPERATION_TEXT,
    TAMPER_OPERATIONS,
    operation_text,
    return_text,
    succeeded,
)


@pytest.mark.parametrize(
    ("kind", "code", "expected"),
    [
        ("put_user", 0, True),
        ("put_user", -1002, False),
        ("put_finger", -10, False),
        ("delete_user", -10, True),
        ("delete_finger", -4, True),
        ("delete_finger", -1002, False),
        ("query_punches", -1, True),
        ("query_users", 12, True),
        ("query_users", -1004, False),
        ("enrol_finger", 0, True),
        ("enrol_finger", 2, False),
        ("enrol_finger", 5, False),
        ("info", 3, True),
    ],
)
def test_a_code_says_whether_the_work_was_done(kind: str, code: int, expected: bool) -> None:
    assert succeeded(kind, code) is expected


def test_an_enrolment_tells_why_it_failed() -> None:
    assert "mutu" in return_text("enrol_finger", 4)
    assert return_text("query_users", 4) == "berhasil (4)"


def test_the_two_dialects_count_their_failures_apart() -> None:
    assert return_text("put_finger", -10) == "PIN tidak ada di mesin"
    assert return_text("put_finger", -27, dialect=Dialect.ACCESS) == "PIN tidak ada di mesin"
    assert return_text("put_finger", -10, dialect="acc") != return_text("put_finger", -10)
    assert return_text("put_user", 0, dialect="acc") == "berhasil"
    assert return_text("put_user", -77) == "kode -77 yang tidak dikenal"


def test_what_an_inspector_should_see_has_words() -> None:
    assert {3, 13, 21, 22, 23, 24, 82, 83} == TAMPER_OPERATIONS
    assert OPERATION_TEXT.keys() >= TAMPER_OPERATIONS
    assert operation_text(23) == "catatan absen dihapus"
    assert operation_text(250) == "kegiatan nomor 250"
