"""Lines of the log: who worked under which id, and never what is personal or secret.

`SOPAN_LOG_FORMAT=json` makes each line one object for programs; `plain` is for people. What is
written is washed at the very end, whoever wrote it: a last defence, not a leave to be careless.
"""

import json
import logging
import re
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType

from foundation.tracing import current_job, current_trace, current_user

HIDDEN = "[disembunyikan]"
ExceptionInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)
WASHED: list[tuple[re.Pattern[str], str]] = [
    # password=..., "token": "...", Cookie: ...; a header's value goes to the end of its line.
    (re.compile(r"(?i)\b((?:set-)?cookie|authorization)(['\"]?\s*[:=]\s*).+"), rf"\1\2{HIDDEN}"),
    (
        re.compile(
            r"(?i)([\w-]*(?:passw(?:or)?d|kata[ _]sandi|sandi|secret|token|sessionid|api[_-]?key"
            r"|field[_-]keys)[\w-]*)(['\"]?\s*[:=]\s*)(\"[^\"]*\"|'[^']*'|[^\s,;&)}\]]+)"
        ),
        rf"\1\2{HIDDEN}",
    ),
    (re.compile(r"(?i)\bbearer\s+\S+"), f"Bearer {HIDDEN}"),
    (re.compile(r"\bsopan_[A-Za-z0-9_-]{16,}"), HIDDEN),
    (re.compile(r"(://)[^/\s@]+@"), rf"\1{HIDDEN}@"),
    # Fingers, keys, whole bodies: base64 of either alphabet, or hexadecimal.
    (re.compile(r"[A-Za-z0-9+/_-]{65,}={0,2}"), HIDDEN),
    (re.compile(r"(?<![\d.])\d{18}(?!\d)"), "[NIP]"),
    (re.compile(r"(?<!\d)\d{8} \d{6} \d \d{3}(?!\d)"), "[NIP]"),
]


def washed(text: str) -> str:
    for pattern, instead in WASHED:
        text = pattern.sub(instead, text)
    return text


def failure_text(info: ExceptionInfo) -> str:
    """Return kind and place of a failure, never its words: they quote what somebody typed."""
    lines: list[str] = []
    error = info[1]
    while error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        told = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        lines += [f"{type(error).__module__}.{type(error).__qualname__}", *told]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)


def message_of(record: logging.LogRecord) -> str:
    """Return what is said, without the words of an error that Celery puts into its own."""
    told = record.args
    if isinstance(told, Mapping) and "traceback" in told:
        return f"task {told.get('name')} failed"
    return washed(record.getMessage())


class PlainFormatter(logging.Formatter):
    """For people: time, level, who, what, and under which id."""

    def format(self, record: logging.LogRecord) -> str:
        marks = [
            f"{name}={value}"
            for name, value in {
                "permintaan": current_trace(),
                "pengguna": current_user(),
                "pekerjaan": current_job(),
            }.items()
            if value not in ("", None)
        ]
        text = " ".join(
            [
                self.formatTime(record),
                record.levelname,
                record.name,
                message_of(record),
                *marks,
            ]
        )
        return f"{text}\n{washed(failure_text(record.exc_info))}" if record.exc_info else text


class JsonFormatter(logging.Formatter):
    """For programs: one object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": message_of(record),
            "request_id": current_trace() or None,
            "user_id": current_user(),
            "job_id": current_job(),
        }
        if record.exc_info:
            line["error"] = washed(failure_text(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
