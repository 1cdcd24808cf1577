"""Attendance logs as text: the body a machine posts (ADMS ATTLOG) and its USB export. Pure.

ADMS: PIN, time, state, verify, work code and up to eleven more columns. USB (`*_attlog.dat`): PIN,
time, machine number, state, verify, work code. Lines end with LF or CRLF, often after a spare TAB.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import PurePath
from typing import overload

from devices.adms.text import decode as text_of
from devices.adms.text import numbered_lines

MAX_COLUMNS = 16
MAX_LINES = 200_000  # more than a machine's memory holds; one import is one transaction
MAX_PIN = 24  # characters in the machine's own database
# A terminal that lost its battery begins again at 2000-01-01; no office used one before 2010.
EARLIEST = datetime(2010, 1, 1)
FIRST_YEAR = 1970  # before it no machine counts; such a line is damaged
FUTURE_TOLERANCE = timedelta(minutes=10)
CLOCK_RESET = "jam mesin kembali ke awal (sebelum 2010)"
IN_FUTURE = "waktu di masa depan"
LOCAL_FORMAT = "%Y-%m-%d %H:%M:%S"

TIME = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{1,2}):(\d{1,2})")
# What nearly every machine writes: this one needs no reading line by line. Only days that exist,
# nothing to trim, and nothing that `split_columns` would take for something else.
_DAY = (
    r"(?:(?:19[7-9]|2[0-9]{2})[0-9]-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    r"|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
    r"|20(?:[02468][048]|[13579][26])-02-29)"
)
_TIME = rf"{_DAY} (?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_SMALL = r"(?:-?[0-9]{1,4})?"
_CODE = r"[0-9A-Za-z._-]{0,24}"
_PLAIN = (
    rf"[0-9A-Za-z-]{{1,24}}\t{_TIME}"
    rf"(?:\t{_SMALL}(?:\t{_SMALL}(?:\t{_CODE}(?:\t[^\t\r\n\0]*){{0,11}})?)?)?"
)
PLAIN = re.compile(rf"(?:{_PLAIN}\n)*+(?:{_PLAIN})?")
COLUMNS = re.compile(r"^([^\t\n]+)\t([^\t\n]+)\t?([^\t\n]*)\t?([^\t\n]*)\t?([^\t\n]*).*$", re.M)
SPACED = re.compile(r"(\d{4}[-/]\d{1,2}[-/]\d{1,2})\s+(\d{1,2}:\d{1,2}:\d{1,2})")


Row = tuple[int, str, list[str]]  # number, line, columns


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


class PlainLines(Sequence[LogLine]):
    """Lines that all have the common form, kept as text: a database can take them apart itself.

    `text` has one line per punch, columns by TAB, in the order of ADMS: PIN, time
    (`LOCAL_FORMAT`), state, verify, work code and more that nobody reads.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    @classmethod
    def of(cls, text: str) -> "PlainLines | None":
        """Return the lines of a whole body; None where a line needs to be read with care."""
        if "\r" in text:
            text = text.replace("\r\n", "\n")
        if not text or "ATTLOG" in text or not PLAIN.fullmatch(text):
            return None
        return cls(text.removesuffix("\n"))

    def __len__(self) -> int:
        return self.text.count("\n") + 1

    @overload
    def __getitem__(self, index: int) -> LogLine: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[LogLine, ...]: ...

    def __getitem__(self, index: int | slice) -> "LogLine | tuple[LogLine, ...]":
        raws = self.text.split("\n")
        if isinstance(index, slice):
            return tuple(_plain_line(n + 1, raws[n]) for n in range(len(raws))[index])
        number = range(len(raws))[index]
        return _plain_line(number + 1, raws[number])

    def __iter__(self) -> Iterator[LogLine]:
        return (_plain_line(n, raw) for n, raw in enumerate(self.text.split("\n"), start=1))


@dataclass(frozen=True)
class ParsedLog:
    layout: Layout
    encoding: str
    lines: Sequence[LogLine]
    bad: tuple[BadLine, ...]

    @property
    def total(self) -> int:
        return len(self.lines) + len(self.bad)

    @property
    def text(self) -> str:
        """The lines as PlainLines has them, however they came; empty without any."""
        if isinstance(self.lines, PlainLines):
            return self.lines.text
        return "\n".join(
            f"{line.pin}\t{local_text(line.local)}\t{_told(line.state)}\t{_told(line.verify)}"
            f"\t{line.work_code}"
            for line in self.lines
        )


def punch_columns(text: str) -> list[tuple[str, str, str, str, str]]:
    """Return PIN, time, state, verify and work code of each line of such a text, as text."""
    found: list[tuple[str, str, str, str, str]] = COLUMNS.findall(text)
    return found


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
    if layout is Layout.ADMS and (plain := PlainLines.of(text)) is not None:
        return ParsedLog(layout=layout, encoding=encoding, lines=plain, bad=())
    rows = _rows(text)
    if not any(_has_time(columns) for _, _, columns in rows):
        raise NotAnAttendanceLog(
            "Tidak satu baris pun berisi PIN dan waktu. Berkas ini bukan log absensi mesin; "
            "pilih berkas *_attlog.dat atau salinan data ATTLOG."
        )
    chosen = layout or guess_layout(filename, [c for _, _, c in rows if _has_time(c)])
    return _read(rows, chosen, encoding)


def read_punches(body: bytes) -> ParsedLog:
    """Return every line of the body of an ATTLOG request; what says no punch is kept as bad.

    Never raises; an empty body has no lines.
    """
    text, encoding = text_of(body)
    if (plain := PlainLines.of(text)) is not None:
        return ParsedLog(layout=Layout.ADMS, encoding=encoding, lines=plain, bad=())
    # No database stores this character; as a replacement character it makes its PIN unreadable.
    rows = _rows(text.replace("\0", "\ufffd"))
    return _read(rows, Layout.ADMS, encoding)


def decode(content: bytes) -> tuple[str, str]:
    """Return the text of a file and its encoding; NotAnAttendanceLog when it is empty or binary."""
    if not content.strip():
        raise NotAnAttendanceLog("Berkas kosong (0 baris). Ekspor ulang log dari mesin.")
    if b"\0" in content:
        raise NotAnAttendanceLog(
            "Berkas ini bukan teks (mungkin Excel, PDF atau gambar). "
            "Log absensi mesin berupa teks biasa."
        )
    return text_of(content)


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
        return CLOCK_RESET
    return IN_FUTURE if local > now_local + FUTURE_TOLERANCE else ""


def local_text(local: datetime) -> str:
    return local.strftime(LOCAL_FORMAT)


def _rows(text: str) -> list[Row]:
    return [(number, raw, split_columns(raw)) for number, raw in numbered_lines(text)]


def _read(rows: list[Row], layout: Layout, encoding: str) -> ParsedLog:
    read = [_read_line(number, raw, columns, layout) for number, raw, columns in rows]
    return ParsedLog(
        layout=layout,
        encoding=encoding,
        lines=tuple(line for line in read if isinstance(line, LogLine)),
        bad=tuple(line for line in read if isinstance(line, BadLine)),
    )


def _has_time(columns: list[str]) -> bool:
    return len(columns) >= 2 and bool(columns[0]) and bool(TIME.fullmatch(columns[1]))


def _read_line(number: int, raw: str, columns: list[str], layout: Layout) -> LogLine | BadLine:
    pin, reason = columns[0] if columns else "", ""
    if len(columns) < 2:
        reason = "kolom kurang: PIN dan waktu tidak lengkap"
    elif not pin:
        reason = "PIN kosong"
    elif len(pin) > MAX_PIN or not pin.isprintable() or "\ufffd" in pin:
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


def _plain_line(number: int, raw: str) -> LogLine:
    pin, local, state, verify, code, *_ = [*raw.split("\t"), "", "", ""]
    moment = datetime.fromisoformat(local)
    return LogLine(number, raw, pin, moment, _integer(state), _integer(verify), code)


def _told(value: int | None) -> str:
    return "" if value is None else str(value)


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
