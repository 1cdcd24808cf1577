"""Tables that machines post: what is read, and what is only counted and named."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.adms.tables import Finger, Operation, User, algorithm_of, read_tables
from devices.adms.text import count_lines
from tests.devices.adms.samples import encoded, sample, template

FINGER = template()
TMP = encoded(FINGER)


def only_reason(table: str, line: str) -> str:
    tables = read_tables(table, line.encode())
    assert [*tables.operations, *tables.users, *tables.fingers, *tables.errors] == []
    (unread,) = tables.unread
    return unread.reason


def test_the_vendors_example_has_one_operation_and_two_users() -> None:
    tables = read_tables("OPERLOG", sample("operlog_vendor_example"))
    assert tables.operations == (
        Operation(4, "14", datetime(2015, 7, 30, 10, 22, 34), ("0", "0", "0", "0")),
    )
    assert tables.users == (
        User("36234", "36234", 0, "133440"),
        User("36235", "36235", 0, "133441"),
    )
    assert (tables.unread, tables.total) == ((), 3)


def test_a_mixed_body_of_a_bock_terminal_has_its_operations() -> None:
    body = sample("operlog_bock200961014_shortened")
    tables = read_tables("OPERLOG", body)
    assert tables.total == count_lines(body) == 30
    assert [operation.code for operation in tables.operations] == [
        13, 0, 4, 0, 0, 1, 0, 4, 4, 4, *[5] * 14, 4, 30, 6, 6,
    ]  # fmt: skip
    assert tables.operations[0].local == datetime(2024, 3, 12, 11, 3, 28)
    assert tables.operations[10].objects == ("26", "0", "0", "0")
    assert tables.operations[-1].objects == ("1", "0", "1", "1218")
    # The two fingers are cut short in the sample: a torn finger is not kept.
    assert [(line.number, line.reason) for line in tables.unread] == [
        (28, "FP: isi sidik jari terpotong atau rusak"),
        (30, "FP: isi sidik jari terpotong atau rusak"),
    ]


def test_a_finger_of_zkfinger_10_is_told_by_its_length_in_base64() -> None:
    shortened = sample("fp_zkfinger10_shortened").decode().strip()
    assert only_reason("OPERLOG", shortened) == "FP: isi sidik jari terpotong atau rusak"
    start = bytes.fromhex("4d8f53533231000004ccce0408050709")
    assert encoded(start)[:20] == shortened.partition("TMP=")[2][:20]
    whole = template(1228, start[:8])
    line = shortened.partition("TMP=")[0] + "TMP=" + encoded(whole)
    assert len(encoded(whole)) == 1640
    (finger,) = read_tables("OPERLOG", line.encode()).fingers
    assert (finger.pin, finger.finger, finger.valid) == ("1", 6, 1)
    assert (finger.algorithm, finger.duress, finger.data) == (10, False, whole)
    assert whole[8:10] == (0x04CC).to_bytes(2, "big")


@pytest.mark.parametrize(
    ("table", "line", "expected"),
    [
        ("OPERLOG", f"FP PIN=7\tFID=0\tSize={len(TMP)}\tValid=1\tTMP={TMP}", (0, 1, 10, False)),
        ("OPERLOG", f"fp Pin=7\tfid=9\tSIZE={len(TMP)}\tVALID=3\tTmp={TMP}", (9, 3, 10, True)),
        ("OPERLOG", f"FP PIN=7\tFID=6\tSize={len(FINGER)}\tValid=1\tTMP={TMP}", (6, 1, 10, False)),
        ("FINGERTMP", f"PIN=7\tFID=6\tValid=1\tTMP={TMP}", (6, 1, 10, False)),
        (
            "BIODATA",
            (
                "BIODATA Pin=7\tNo=6\tIndex=0\tValid=1\tDuress=0\tType=1\tMajorVer=13\tMinorVer=0\t"
                f"Format=0\tTmp={TMP}"
            ),
            (6, 1, 13, False),
        ),
        (
            "BIODATA",
            (
                "Pin=7\tNo=6\tIndex=0\tValid=1\tDuress=1\tType=1\tMajorVer=12\tMinorVer=0\tFormat=0\t"
                f"Tmp={TMP}"
            ),
            (6, 3, 12, True),
        ),
        (
            "BIODATA",
            f"TYPE=1\tPIN=7\tNO=6\tINDEX=0\tMAJOR_VER=12\tMINOR_VER=0\tTMP={TMP}",
            (6, 1, 12, False),
        ),
        (
            "TABLEDATA",
            (
                f"templatev10 size={len(TMP)}\tuid=4\tpin=7\tfingerid=6\tvalid=1\ttemplate={TMP}\t"
                "resverd=\tendtag="
            ),
            (6, 1, 10, False),
        ),
        (
            "TABLEDATA",
            f"templatev10 size={len(TMP)}\tuid=4\tpin=7\tfingerid=22\tvalid=1\ttemplate={TMP}",
            (6, 3, 10, True),
        ),
        (
            "TABLEDATA",
            (
                "biodata pin=7\tno=6\tindex=0\tvalid=1\tduress=0\ttype=1\tmajorver=10\tminorver=0\t"
                f"format=0\ttmp={TMP}"
            ),
            (6, 1, 10, False),
        ),
    ],
)
def test_a_finger_is_read_in_every_form(
    table: str, line: str, expected: tuple[int, int, int, bool]
) -> None:
    (finger,) = read_tables(table, line.encode()).fingers
    number, valid, algorithm, duress = expected
    assert finger == Finger("7", number, valid, FINGER, algorithm, duress)


def test_the_bytes_of_a_finger_show_up_in_no_repr() -> None:
    tables = read_tables("OPERLOG", f"FP PIN=7\tFID=6\tSize=1640\tValid=1\tTMP={TMP}".encode())
    assert repr(FINGER)[2:30] not in repr(tables)
    assert TMP[:20] not in repr(tables)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "USER PIN=7\tName=Maria Bria\tPri=14\tPasswd=4711\tCard=[15CD5B07]\tGrp=1\tTZ=0001",
            User("7", "Maria Bria", 14, "123456789"),
        ),
        (
            (
                "USER PIN=7\tName=A=B\tPri=0\tPasswd=\tCard=\tGrp=\tTZ=\tVerify=-1\tViceCard=\t"
                "Expires=0\tStartDatetime=0\tEndDatetime=0"
            ),
            User("7", "A=B", 0, ""),
        ),
        ("PIN=7\tName=Siti Aminah", User("7", "Siti Aminah", None, "")),
        (
            (
                "user uid=5\tcardno=0\tpin=7\tpassword=4711\tgroup=1\tstarttime=0\tendtime=0\t"
                "name=Yohanes\tprivilege=0\tdisable=0\tverify=0"
            ),
            User("7", "Yohanes", 0, ""),
        ),
    ],
)
def test_a_user_is_read_in_every_form_without_his_password(line: str, expected: User) -> None:
    tables = read_tables("USERINFO", line.encode())
    assert tables.users == (expected,)
    assert "4711" not in repr(tables)


def test_a_chinese_name_is_read() -> None:
    (user,) = read_tables("OPERLOG", "USER PIN=7\tName=王小明\tPri=0".encode("gb2312")).users
    assert user.name == "王小明"


def test_a_fault_of_the_machine_is_read() -> None:
    body = (
        b"ERRORLOG ErrCode=D01E0001\tErrMsg=no face\tDataOrigin=cmd\tCmdId=123\tAdditional=\n"
        b"ErrCode=D01E0002\tErrMsg=\tDataOrigin=dev\tCmdId=\tAdditional=\n"
    )
    first, second = read_tables("ERRORLOG", body).errors
    assert (first.code, first.message, first.command) == ("D01E0001", "no face", 123)
    assert second.command is None


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"FACE PIN=7\tFID=0\tSIZE={len(TMP)}\tVALID=1\tTMP={TMP}", "FACE: bukan sidik jari"),
        (f"FVEIN Pin=7\tFID=0\tIndex=0\tSize=4\tValid=1\tTmp={TMP}", "FVEIN: bukan sidik jari"),
        ("USERPIC PIN=7\tFileName=7.jpg\tSize=4\tContent=AAAA", "USERPIC: gambar"),
        ("BIOPHOTO PIN=7\tFileName=7.jpg\tType=9\tSize=4\tContent=AAAA", "BIOPHOTO: gambar"),
        ("HOLIDAY No=1\tName=Natal", "HOLIDAY: tidak dikenal"),
        ("Maria Bria pulang lebih awal", "baris tanpa nama: tidak dikenal"),
        ("BIODATA Pin=7\tNo=0\tType=9\tMajorVer=40\tTmp=AAAA", "BIODATA: bukan sidik jari"),
        (f"BIODATA Pin=7\tNo=6\tType=1\tFormat=1\tTmp={TMP}", "BIODATA: susunan data"),
        (f"BIODATA Pin=7\tNo=6\tType=1\tIndex=1\tTmp={TMP}", "BIODATA: rekaman kedua"),
        (f"BIODATA Pin=7\tNo=6\tType=1\tValid=0\tTmp={TMP}", "BIODATA: mesin menandainya"),
        (f"FP PIN=7\tFID=10\tValid=1\tTMP={TMP}", "FP: nomor jari"),
        (f"FP PIN=7\tFID=x\tValid=1\tTMP={TMP}", "FP: fid bukan angka"),
        (f"FP PIN=\tFID=6\tValid=1\tTMP={TMP}", "FP: PIN kosong"),
        (f"FP PIN={'9' * 25}\tFID=6\tValid=1\tTMP={TMP}", "FP: PIN kosong atau tidak wajar"),
        (f"FP PIN=7\tFID=6\tSize=1639\tValid=1\tTMP={TMP}", "FP: panjang sidik jari"),
        (f"FP PIN=7\tFID=6\tSize=1640\tValid=1\tTMP={TMP[:-4]}", "FP: panjang sidik jari"),
        (f"FP PIN=7\tFID=6\tValid=1\tTMP={encoded(bytes(20_000))}", "FP: isi terlalu besar"),
        ("FP PIN=7\tFID=6\tSize=0\tValid=1\tTMP=", "FP: panjang sidik jari"),
        ("USER Name=Maria", "USER: PIN kosong"),
        ("USER PIN=7\x00\tName=Maria", "USER: PIN kosong atau tidak wajar"),
        ("OPLOG 4\t0", "OPLOG: kolom kurang"),
        ("OPLOG x\t0\t2026-04-01 07:00:00", "OPLOG: kolom kurang"),
        ("OPLOG 4\t0\t2026-02-30 07:00:00\t0\t0\t0\t0", "OPLOG: waktu tidak terbaca"),
        ("OPLOG 4\t0\tkemarin", "OPLOG: waktu tidak terbaca"),
        ("ERRORLOG ErrMsg=x", "ERRORLOG: tanpa kode"),
    ],
)
def test_what_is_not_read_is_named_without_its_content(line: str, reason: str) -> None:
    found = only_reason("OPERLOG", line)
    assert found.startswith(reason)
    assert TMP[:16] not in found
    assert "Maria" not in found


def test_one_bad_line_of_a_thousand_costs_only_itself() -> None:
    lines = [f"USER PIN={pin}\tName=Pegawai {pin}" for pin in range(1, 1001)]
    lines[499] = "USER PIN=\tName=x"
    tables = read_tables("OPERLOG", "\r\n".join(lines).encode())
    assert (len(tables.users), tables.total) == (999, 1000)
    assert [line.number for line in tables.unread] == [500]


def test_a_template_shows_its_algorithm_by_its_first_bytes() -> None:
    assert algorithm_of(FINGER) == 10
    assert algorithm_of(bytes.fromhex("a1ca18819ea7")) == 9
    assert algorithm_of(b"") is None


TAGS = ["USER", "FP", "OPLOG", "BIODATA", "FACE", "ERRORLOG", "templatev10", "X", ""]
VALUES = st.one_of(
    st.sampled_from(["7", "1", "-1", TMP, "", "=", "2026-04-01 07:00:00"]), st.text()
)
LINES = st.builds(
    lambda tag, fields: f"{tag} " + "\t".join(f"{key}={value}" for key, value in fields),
    st.sampled_from(TAGS),
    st.lists(
        st.tuples(st.sampled_from(["PIN", "FID", "No", "Valid", "TMP", "Type", "Passwd"]), VALUES)
    ),
)


@given(
    st.sampled_from(["OPERLOG", "BIODATA", "USERINFO", "TABLEDATA", "ERRORLOG", "UNKNOWN", ""]),
    st.one_of(
        st.binary(), st.lists(LINES).map(lambda lines: "\n".join(lines).encode("utf-8", "replace"))
    ),
)
def test_every_line_of_any_body_is_read_or_named(table: str, body: bytes) -> None:
    tables = read_tables(table, body)
    rows = (tables.operations, tables.users, tables.fingers, tables.errors, tables.unread)
    assert sum(len(kind) for kind in rows) == tables.total == count_lines(body)
    assert all(0 <= finger.finger <= 9 and finger.data for finger in tables.fingers)
    for user in tables.users:
        assert user.name.isprintable()
