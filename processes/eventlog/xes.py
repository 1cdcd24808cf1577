"""XES as IEEE 1849-2016 has it, written part by part."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from processes.eventlog.traces import Attributes, Trace, Value

PART = 64 * 1024  # letters
NAMESPACE = "http://www.xes-standard.org/"
EXTENSIONS = (
    ("Concept", "concept", f"{NAMESPACE}concept.xesext"),
    ("Lifecycle", "lifecycle", f"{NAMESPACE}lifecycle.xesext"),
    ("Time", "time", f"{NAMESPACE}time.xesext"),
    ("Organizational", "org", f"{NAMESPACE}org.xesext"),
    ("SOPan", "sopan", "urn:sopan:xes:1"),  # described in docs/audit.md
)
_NO_TIME = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
# What every trace and every event has; the values stand for one that would lack them.
GLOBALS: dict[str, Attributes] = {
    "trace": {"concept:name": "-"},
    "event": {"concept:name": "-", "lifecycle:transition": "complete", "time:timestamp": _NO_TIME},
}
CLASSIFIERS = (
    ("Kegiatan", "concept:name"),
    ("KegiatanDanPeralihan", "concept:name lifecycle:transition"),
)
# Letters that XML cannot hold, not even as a reference; and those that would be read otherwise.
_FORBIDDEN = [*range(0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF]
_ESCAPES = dict.fromkeys(_FORBIDDEN, "\ufffd") | {
    ord(letter): f"&#{ord(letter)};" for letter in '\t\n\r&<>"'
}


def xes_parts(head: Attributes, traces: Iterable[Trace]) -> Iterator[bytes]:
    """Yield the log in UTF-8; `head` is what it says of itself.

    What XML cannot hold (control characters) becomes U+FFFD, everything else is kept.
    """
    lines: list[str] = [*_opening(head)]
    size = 0
    for trace in traces:
        lines.append("<trace>")
        lines += _attributes(trace.attributes)
        for event in trace.events:
            written = f"<event>{''.join(_attributes(event))}</event>"
            lines.append(written)
            size += len(written)
            if size >= PART:
                yield _joined(lines)
                lines, size = [], 0
        lines.append("</trace>")
    lines.append("</log>")
    yield _joined(lines)


def escaped(text: str) -> str:
    """Return text for an attribute in double quotes."""
    return text.translate(_ESCAPES)


def _joined(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _opening(head: Attributes) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<log xes.version="1849.2016" xes.features="" xmlns="{NAMESPACE}">'
    for name, prefix, uri in EXTENSIONS:
        yield f'<extension name="{name}" prefix="{prefix}" uri="{uri}"/>'
    for scope, attributes in GLOBALS.items():
        yield f'<global scope="{scope}">{"".join(_attributes(attributes))}</global>'
    for name, keys in CLASSIFIERS:
        yield f'<classifier name="{name}" scope="event" keys="{keys}"/>'
    yield from _attributes(head)


def _attributes(attributes: Attributes) -> Iterator[str]:
    for key, value in attributes.items():
        kind, text = _typed(value)
        yield f'<{kind} key="{key}" value="{text}"/>'


def _typed(value: Value) -> tuple[str, str]:
    if isinstance(value, bool):
        return "boolean", "true" if value else "false"
    if isinstance(value, int):
        return "int", str(value)
    if isinstance(value, datetime):
        return "date", value.isoformat(timespec="milliseconds")
    return "string", escaped(value)
