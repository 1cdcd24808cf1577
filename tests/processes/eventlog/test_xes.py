"""XES is what IEEE 1849 says, whatever people write, and as long as one likes."""

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from lxml import etree

from processes.eventlog.traces import Trace, Value
from processes.eventlog.xes import escaped, xes_parts
from tests.cast import NOW
from tests.processes.eventlog.structure import faults

HEAD = {"concept:name": "Uji"}
HOSTILE = 'Cuti "Joko" & <Sari>\'s\t]]>\r\nbaris \U0001f642 é \u202e &amp; <!-- %s {0}'
EVENT: dict[str, Value] = {
    "concept:name": "Menyiapkan",
    "lifecycle:transition": "complete",
    "time:timestamp": NOW,
    "sopan:number": 1,
    "sopan:reused": False,
}


def written(*traces: Trace) -> bytes:
    return b"".join(xes_parts(HEAD, traces))


def values(content: bytes, key: str) -> list[str]:
    found = etree.fromstring(content).iterfind(".//{*}event/*")
    return [each.get("value", "") for each in found if each.get("key") == key]


def test_a_log_has_the_structure_of_the_standard() -> None:
    log = written(Trace({"concept:name": "a"}, [EVENT, EVENT]), Trace({"concept:name": "b"}, []))
    assert faults(log) == []


def test_a_log_of_nothing_is_a_log() -> None:
    assert faults(written()) == []


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({"concept:name": "x"}, "lacks"),
        (EVENT | {"lifecycle:transition": "done"}, "transition"),
        (EVENT | {"cost:total": 1}, "no extension"),
        (EVENT | {"dua kata": "x"}, "no name"),
    ],
)
def test_the_structure_is_looked_at_closely(event: dict[str, Value], said: str) -> None:
    assert said in " ".join(faults(written(Trace({"concept:name": "a"}, [event]))))


def test_types_are_those_of_the_standard() -> None:
    log = etree.fromstring(written(Trace({"concept:name": "a"}, [EVENT])))
    (event,) = log.iterfind(".//{*}event")
    found = {each.get("key"): (etree.QName(each).localname, each.get("value")) for each in event}
    assert found == {
        "concept:name": ("string", "Menyiapkan"),
        "lifecycle:transition": ("string", "complete"),
        "time:timestamp": ("date", "2026-04-20T01:00:00.000+00:00"),
        "sopan:number": ("int", "1"),
        "sopan:reused": ("boolean", "false"),
    }


def test_whatever_people_write_stays_as_they_wrote_it() -> None:
    log = written(Trace({"concept:name": HOSTILE}, [EVENT | {"concept:name": HOSTILE}]))
    assert values(log, "concept:name") == [HOSTILE]
    assert faults(log) == []


def test_letters_that_xml_cannot_hold_are_replaced_and_no_others() -> None:
    everything = "".join(map(chr, range(0x11000)))
    log = written(Trace({"concept:name": "a"}, [EVENT | {"concept:name": everything}]))
    (read,) = values(log, "concept:name")
    assert len(read) == len(everything)
    replaced = [ord(was) for was, now in zip(everything, read, strict=True) if was != now]
    kept = {0x9, 0xA, 0xD}
    assert replaced == [
        *(code for code in range(0x20) if code not in kept),
        *range(0xD800, 0xE000),
        *(0xFFFE, 0xFFFF),
    ]
    assert escaped("\x00") == "\N{REPLACEMENT CHARACTER}"


def test_memory_stays_the_same_however_long_the_log() -> None:
    assert peak(20_000) < 1.5 * peak(2_000)


def peak(events: int) -> int:
    """Return the most memory that writing so many events took, in bytes."""

    def traces() -> Iterator[Trace]:
        for _ in range(events // 20):
            yield Trace({"concept:name": "a"}, [EVENT] * 20)

    tracemalloc.start()
    try:
        size = sum(len(part) for part in xes_parts(HEAD, traces()))
        assert size > 100 * events
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_moment_is_told_in_its_zone() -> None:
    late = datetime(2026, 4, 30, 23, 59, 59, 999_999, tzinfo=UTC)
    log = written(Trace({"concept:name": "a"}, [EVENT | {"time:timestamp": late}]))
    assert values(log, "time:timestamp") == ["2026-04-30T23:59:59.999+00:00"]
