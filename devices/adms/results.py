"""What machines answer to commands (POST devicecmd): one, many, or one over several lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from devices.adms.fields import integer, is_secret, printable
from devices.adms.text import decode, numbered_lines

MAX_VALUES, MAX_VALUE = 300, 200
HEAD_KEYS = ("id", "return", "cmd", "sn")


@dataclass(frozen=True)
class CommandResult:
    """One answer. `id` is None when it is no number of ours; then nothing of ours is settled."""

    id: int | None
    return_code: int
    verb: str
    values: Mapping[str, str] = field(default_factory=dict)  # what else it told, as AttlogSum


def read_results(body: bytes) -> list[CommandResult]:
    """Return every answer in a body; what has no return code is left out. Never raises."""
    records: list[list[str]] = []
    for _, line in numbered_lines(decode(body)[0]):
        if line.strip()[:3].lower() == "id=":
            records.append([*line.strip().split("&")])
        elif records:
            head = line.strip().partition("=")[0].lower() in HEAD_KEYS
            records[-1] += line.strip().split("&") if head else [line.strip()]
    results = (_result(pieces) for pieces in records)
    return [result for result in results if result is not None]


def _result(pieces: list[str]) -> CommandResult | None:
    head: dict[str, str] = {}
    values: dict[str, str] = {}
    for piece in pieces:
        key, equals, value = piece.partition("=")
        key, value = key.strip().removeprefix("~"), value.strip()
        if key.lower() in HEAD_KEYS:
            head.setdefault(key.lower(), value)
        elif equals and key and not is_secret(key) and len(values) < MAX_VALUES:
            values[printable(key, 40)] = printable(value, MAX_VALUE)
    code = integer(head.get("return", ""))
    if code is None:
        return None
    return CommandResult(
        _number(head.get("id", "")), code, printable(head.get("cmd", ""), 40), values
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 16 else None
