"""Answers to commands: one, many, over several lines, and with ids that are not ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.adms.results import CommandResult, read_results
from tests.devices.adms.samples import sample


def test_many_answers_in_one_body_are_read() -> None:
    assert read_results(sample("devicecmd_batched")) == [
        CommandResult(1, 0, "DATA", {}),
        CommandResult(2, 0, "DATA", {}),
        CommandResult(3, 0, "CHECK", {}),
    ]


def test_ids_that_are_no_numbers_are_kept_apart() -> None:
    results = read_results(sample("devicecmd_alnum_ids"))
    assert [(result.id, result.return_code, result.verb) for result in results] == [
        (None, 0, "DATA")
    ] * 5


def test_the_figures_of_info_follow_its_answer() -> None:
    (result,) = read_results(sample("devicecmd_info_zam180"))
    assert (result.id, result.verb) == (1, "INFO")
    assert result.values == {"DeviceName": "SpeedFace", "MAC": "00:17:61:12:f8:db"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"ID=7&Return=-1002&CMD=DATA", CommandResult(7, -1002, "DATA", {})),
        (b"ID=7&Return=0&CMD=DATA&SN=A1\r\n", CommandResult(7, 0, "DATA", {})),
        (b"id=7&return=0&cmd=DATA UPDATE\n", CommandResult(7, 0, "DATA UPDATE", {})),
        (
            b"ID=7&Return=0&CMD=VERIFY SUM&AttlogSum=1342\n",
            CommandResult(7, 0, "VERIFY SUM", {"AttlogSum": "1342"}),
        ),
        (
            b"ID=7\nSN=A1\nReturn=0\nCMD=INFO\nUserCount=3\nOEMVendor=A & B\n",
            CommandResult(7, 0, "INFO", {"UserCount": "3", "OEMVendor": "A & B"}),
        ),
        (
            b"ID=291&Return=41&CMD=ACCOUNT&transaction&StartTime=&RecordSum=41",
            CommandResult(291, 41, "ACCOUNT", {"StartTime": "", "RecordSum": "41"}),
        ),
        (b"ID=7\nReturn=0&CMD=X", CommandResult(7, 0, "X", {})),
        (b"ID=7&Return=0&CMD=INFO\n~ComPwd=4711\nA=1", CommandResult(7, 0, "INFO", {"A": "1"})),
        (b"ID=&Return=0&CMD=X", CommandResult(None, 0, "X", {})),
        (b"ID=-7&Return=0&CMD=X", CommandResult(None, 0, "X", {})),
        ("ID=\u0661&Return=0&CMD=X".encode(), CommandResult(None, 0, "X", {})),
        (b"ID=12345678901234567&Return=0&CMD=X", CommandResult(None, 0, "X", {})),
    ],
)
def test_an_answer_is_read_in_every_form(body: bytes, expected: CommandResult) -> None:
    assert read_results(body) == [expected]


@pytest.mark.parametrize(
    "body", [b"", b"OK", b"\r\n", b"Return=0&CMD=X", b"ID=1&CMD=X", b"ID=1&Return=x"]
)
def test_what_is_no_answer_is_nothing(body: bytes) -> None:
    assert read_results(body) == []


@given(
    st.lists(
        st.tuples(
            st.integers(1, 10**16 - 1), st.integers(-9999, 9999), st.sampled_from(["DATA", "X"])
        )
    ),
    st.sampled_from(["\n", "\r\n"]),
)
def test_as_many_answers_are_read_as_were_given(
    answers: list[tuple[int, int, str]], end: str
) -> None:
    body = "".join(f"ID={id_}&Return={code}&CMD={verb}{end}" for id_, code, verb in answers)
    assert [(r.id, r.return_code, r.verb) for r in read_results(body.encode())] == answers


@given(st.one_of(st.binary(), st.binary().map(lambda rest: b"ID=1&Return=0&" + rest)))
def test_any_body_is_read_without_a_complaint(body: bytes) -> None:
    for result in read_results(body):
        assert result.id is None or 0 <= result.id < 10**16
        assert all(text.isprintable() for pair in result.values.items() for text in pair)
