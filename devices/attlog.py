"""Attendance logs as text: the body a machine posts (ADMS ATTLOG) and its USB export. Pure.

ADMS: PIN, time, state, verify, work code and up to eleven more columns. USB (`*_attlog.dat`): PIN,
time, machine number, state, verify, work code. Lines end with LF or CRLF, often after a spare TAB.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import PurePath

MAX_COLUMNS = 16
MAX_LINES = 200_000  # more than a machine's memory holds; one import is one transaction
MAX_PIN = 24  # characters in the machine's own database
# A terminal that lost its battery begins again at 2000-01-01; no office used one before 2010.
EARLIEST = datetime(2010, 1, 1)
FIRST_YEAR = 1970  # before it no machine counts; such a line is damaged
FUTURE_TOLERANCE = timedelta(minutes=10)
LOCAL_FORMAT = "%Y-%m-%d %H:%M:%S"

TIME = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{1,2}):(\d{1,2})")
SPACED = re.compile(r"(\d{4}[-/]\d{1,2}[-/]\d{1,2})\s+(\d{1,2}:\d{1,2}:\d{1,2})")


class Layout(StrEnum):
    ADMS = "adms"
    USB = "usb"


class NotAnAttendanceLog(ValueError):
    """The content is no attendance log at all; the message is a sentence for the person."""


class LayoutUnclear(NotAnAttendanceLog):
    """Six columns can be either layout, and the name of the file does not tell which."""


@dataclass(frozen=True)
class LogLine:
    """One punch as the machine wrote it; `local` is the machine's wall clock, without a zone."""

    number: int
    raw: str
    pin: str
    local: datetime
    state: int | None
    verify: int | None
    work_code: str


@dataclass(frozen=True)
class BadLine:
    """A line that is kept as it came because it says no punch; `reason` tells why."""

    number: int
    raw: str
    reason: str


@dataclass(frozen=True)
class ParsedLog:
    layout: Layout
    encoding: str
    lines: tuple[LogLine, ...]
    bad: tuple[BadLine, ...]

    @property
    def total(self) -> int:
        return len(self.lines) + len(self.bad)


def parse_attlog(content: bytes, *, filename: str = "", layout: Layout | None = None) -> ParsedLog:
    """Return every line of a log, read or kept raw with a reason.

    Raises NotAnAttendanceLog when there is nothing in it to read, LayoutUnclear when the columns
    fit both layouts and neither `layout` nor the name decides.
    """
    text, encoding = decode(content)
    if text.count("\n") > MAX_LINES:
        raise NotAnAttendanceLog(
            f"Berkas berisi lebih dari {MAX_LINES} baris. Bagi menjadi beberapa berkas, "
            "lalu impor satu per satu."
        )
    rows = [(number, raw, split_columns(raw)) for number, raw in _lines(text)]
    if not any(_has_time(columns) for _, _, columns in rows):
        raise NotAnAttendanceLog(
            "Tidak satu baris pun berisi PIN dan waktu. Berkas ini bukan log absensi mesin; "
            "pilih berkas *_attlog.dat atau salinan data ATTLOG."
        )
    chosen = layout or guess_layout(filename, [c for _, _, c in rows if _has_time(c)])
    read = [_read_line(number, raw, columns, chosen) for number, raw, columns in rows]
    return ParsedLog(
        layout=chosen,
        encoding=encoding,
        lines=tuple(line for line in read if isinstance(line, LogLine)),
        bad=tuple(line for line in read if isinstance(line, BadLine)),
    )


def read_punches(body: bytes) -> ParsedLog:
    """Return every line of the body of an ATTLOG request; what says no punch is kept as bad."""
    for encoding in ("utf-8-sig", "gb18030", "latin-1"):
        try:
            text = body.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    rows = [(number, raw, split_columns(raw)) for number, raw in _lines(text)]
    read = [_read_line(number, raw, columns, Layout.ADMS) for number, raw, columns in rows]
    return ParsedLog(
        layout=Layout.ADMS,
        encoding=encoding,
        lines=tuple(line for line in read if isinstance(line, LogLine)),
        bad=tuple(line for line in read if isinstance(line, BadLine)),
    )


def decode(content: bytes) -> tuple[str, str]:
    """Return the text and its encoding: UTF-8, else GB 18030 (Chinese machines), else Latin-1."""
    if not content.strip():
        raise NotAnAttendanceLog("Berkas kosong (0 baris). Ekspor ulang log dari mesin.")
    if b"\0" in content:
        raise NotAnAttendanceLog(
            "Berkas ini bukan teks (mungkin Excel, PDF atau gambar). "
            "Log absensi mesin berupa teks biasa."
        )
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1"), "latin-1"


def split_columns(raw: str) -> list[str]:
    """Return the columns of a line without the empty ones at its end.

    Some firmware separates by spaces, writes `ATTLOG` first, or an own row number before the PIN.
    """
    text = re.sub(r"^\s*ATTLOG[\s:]+", "", raw)
    if "\t" in text:
        columns = [column.strip() for column in text.split("\t")]
    else:
        columns = SPACED.sub(r"\1T\2", text.strip()).split()
    while columns and not columns[-1]:
        columns.pop()
    if len(columns) > 2 and not TIME.fullmatch(columns[1]) and TIME.fullmatch(columns[2]):
        columns = columns[1:]
    return columns


def guess_layout(filename: str, rows: list[list[str]]) -> Layout:
    """Tell the layouts apart by the file's name and the number of columns."""
    name = PurePath(filename.replace("\\", "/")).name.lower()
    widest = max(len(columns) for columns in rows)
    if name.endswith(".dat") and widest <= 6:
        return Layout.USB
    if "adms" in name or any(len(columns) != 6 for columns in rows):
        return Layout.ADMS
    raise LayoutUnclear(
        "Baris berisi 6 kolom, yang cocok untuk data ADMS maupun ekspor USB, dan nama berkas tidak "
        "menjelaskannya. Pilih sendiri susunan kolomnya (adms atau usb), lalu ulangi."
    )


def implausible(local: datetime, *, now_local: datetime) -> str:
    """Return why a time cannot be a punch, or nothing; `now_local` is now on the machine's wall."""
    if local < EARLIEST:
        return "jam mesin kembali ke awal (sebelum 2010)"
    if local > now_local + FUTURE_TOLERANCE:
        return "waktu di masa depan"
    return ""


def local_text(local: datetime) -> str:
    return local.strftime(LOCAL_FORMAT)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if raw.strip():
            yield number, raw


def _has_time(columns: list[str]) -> bool:
    return len(columns) >= 2 and bool(columns[0]) and bool(TIME.fullmatch(columns[1]))


def _read_line(number: int, raw: str, columns: list[str], layout: Layout) -> LogLine | BadLine:
    pin, reason = columns[0] if columns else "", ""
    if len(columns) < 2:
        reason = "kolom kurang: PIN dan waktu tidak lengkap"
    elif not pin:
        reason = "PIN kosong"
    elif len(pin) > MAX_PIN or not pin.isprintable():
        reason = f"PIN lebih dari {MAX_PIN} karakter atau berisi karakter aneh"
    elif len(columns) > MAX_COLUMNS:
        reason = f"lebih dari {MAX_COLUMNS} kolom"
    elif not (match := TIME.fullmatch(columns[1])):
        reason = "waktu tidak terbaca"
    elif not (local := _moment(match)):
        reason = "tanggal atau jam yang tidak ada"
    else:
        first = 3 if layout is Layout.USB else 2  # USB has the machine's number before the state
        rest = [*columns[first:], "", "", ""]
        return LogLine(number, raw, pin, local, _integer(rest[0]), _integer(rest[1]), rest[2][:24])
    return BadLine(number, raw, reason)


def _moment(match: re.Match[str]) -> datetime | None:
    try:
        year, month, day, hour, minute, second = (int(part) for part in match.groups())
        moment = datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
    return moment if moment.year >= FIRST_YEAR else None


def _integer(text: str) -> int | None:
    """Return a small number; None where the column is missing or no number."""
    return int(text) if re.fullmatch(r"-?[0-9]{1,4}", text) else None
