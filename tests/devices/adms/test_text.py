"""Bytes as text, and how many lines a reply counts."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.adms.text import count_lines, decode, numbered_lines

BODIES = st.lists(
    st.sampled_from([b"1\t2", b" ", b"\t", b"\xff\x81", b"\xe4\xba", b"\x0b", b"0\r"])
)


@pytest.mark.parametrize(
    ("body", "text", "encoding"),
    [
        ("Siti é".encode(), "Siti é", "utf-8"),
        (b"\xef\xbb\xbf1\t2", "1\t2", "utf-8"),
        ("USER Name=王小明".encode("gb2312"), "USER Name=王小明", "gb18030"),
        (b"Jos\xe9", "José", "latin-1"),
        (b"", "", "utf-8"),
    ],
)
def test_text_is_utf8_else_chinese_else_latin(body: bytes, text: str, encoding: str) -> None:
    assert decode(body) == (text, encoding)


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (b"", 0),
        (b"\n\r\n \t\n", 0),
        (b"a", 1),
        (b"a\nb\n", 2),
        (b"a\r\nb\r\n\r\n", 2),
        (b"a\rb", 2),
        (b"\xef\xbb\xbf\n\xef\xbb\xbf", 1),
    ],
)
def test_lines_that_are_not_blank_count(body: bytes, count: int) -> None:
    assert count_lines(body) == count


@given(st.one_of(st.binary(), BODIES.map(b"\n".join), BODIES.map(b"\r\n".join)))
def test_a_reply_counts_what_a_reader_of_lines_counts(body: bytes) -> None:
    bare = body.removeprefix(b"\xef\xbb\xbf")
    naive = [line for line in re.split(rb"\r\n|\r|\n", bare) if line.strip()]
    assert count_lines(body) == len(naive)
    assert len(list(numbered_lines(decode(body)[0]))) == len(naive)
