"""Reading TOML written by people: every key is known, every value has its type, or it is noted."""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from workflows import durations
from workflows.definitions import Call
from workflows.files.findings import Findings
from workflows.frozen import freeze

MAXIMUM_BYTES = 256 * 1024
MAXIMUM_TEXT = 2000


def parse(content: bytes, findings: Findings) -> "Table | None":
    """Return the top of a TOML file, or note why it cannot be read and return None."""
    if len(content) > MAXIMUM_BYTES:
        findings.note("E003", f"lebih besar dari {MAXIMUM_BYTES // 1024} KiB")
        return None
    try:
        data = tomllib.loads(content.decode("utf-8-sig"))  # Notepad may put a mark in front
    except UnicodeDecodeError:
        findings.note("E010", "bukan UTF-8", hint="Simpan kembali sebagai UTF-8.")
    except RecursionError:
        findings.note("E040", "terlalu banyak tingkat")
    except tomllib.TOMLDecodeError as error:
        findings.note("E040", f"bukan TOML yang benar: {error}")
    else:
        return Table(data, findings)
    return None


class Table:
    """One table of a TOML file. Each key that is asked is known; `finish` notes the others."""

    def __init__(self, data: Mapping[str, Any], findings: Findings, element: str = "") -> None:
        self.data = data
        self.findings = findings
        self.element = element
        self._known: set[str] = set()

    def _take(self, key: str) -> Any:
        self._known.add(key)
        return self.data.get(key)

    def wrong(self, key: str, wanted: str) -> None:
        self.findings.note("E042", f"'{key}' harus {wanted}", element=self.element)

    def finish(self) -> None:
        for key in self.data:
            if key not in self._known:
                near = difflib.get_close_matches(key, self._known, n=1)
                known = f"Maksudnya '{near[0]}'?" if near else f"Yang dikenal: {self._listed()}."
                self.findings.note(
                    "E041", f"kunci '{key}' tidak dikenal", element=self.element, hint=known
                )

    def _listed(self) -> str:
        return ", ".join(sorted(self._known))

    def text(self, key: str, *, required: bool = False, limit: int = MAXIMUM_TEXT) -> str:
        value = self._take(key)
        if value is None and not required:
            return ""
        if not isinstance(value, str) or (required and not value.strip()):
            self.wrong(key, "teks yang terisi" if required else "teks")
            return ""
        if len(value) > limit:
            self.wrong(key, f"paling panjang {limit} huruf")
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            self.wrong(key, "daftar teks yang terisi")
            return ()
        return tuple(text.strip() for text in value)

    def texts_by_name(self, key: str) -> dict[str, str]:
        """Return a small table of texts ({ our = "its" })."""
        table = self.table(key)
        return {name: table.text(name, required=True) for name in table.data}

    def boolean(self, key: str, default: bool = False) -> bool:
        value = self._take(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.wrong(key, "true atau false")
            return default
        return value

    def number(self, key: str) -> int | None:
        value = self._take(key)
        if value is None:
            return None
        if type(value) is not int or not 1 <= value <= 999:
            self.wrong(key, "bilangan bulat 1 sampai 999")
            return None
        return value

    def date(self, key: str) -> date | None:
        value = self._take(key)
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value)
            except ValueError:
                value = False
        if value is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            self.wrong(key, "tanggal, misalnya 2020-01-31")
            return None
        return value

    def duration(self, key: str) -> timedelta | None:
        value = self._take(key)
        if value is None:
            return None
        try:
            return durations.parse(value if isinstance(value, str) else str(value))
        except durations.DurationError as error:
            self.findings.note("E042", f"'{key}': {error}", element=self.element)
            return None

    def table(self, key: str) -> "Table":
        value = self._take(key)
        if value is not None and not isinstance(value, dict):
            self.wrong(key, "sebuah tabel")
            value = None
        return Table(value or {}, self.findings, self.element)

    def tables(self, key: str) -> "Iterator[Table]":
        """Yield the tables of a list ([[fields]])."""
        value = self._take(key)
        if value is not None and not (
            isinstance(value, list) and all(isinstance(entry, dict) for entry in value)
        ):
            self.wrong(key, "daftar tabel")
            return
        for entry in value or ():
            yield Table(entry, self.findings, self.element)

    def named_tables(self, key: str) -> "Iterator[tuple[str, Table]]":
        """Yield the tables below a key by name ([steps.periksa])."""
        table = self.table(key)
        for name, value in table.data.items():
            if isinstance(value, dict):
                yield name, Table(value, self.findings, name)
            else:
                self.findings.note("E042", f"'{key}.{name}' harus sebuah tabel", element=name)

    def call(self, key: str) -> Call | None:
        """Return a registered function by name: {use = "room.name", parameter = ...}."""
        value = self._take(key)
        return None if value is None else self._call(key, value)

    def calls(self, key: str) -> tuple[Call, ...]:
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.wrong(key, 'daftar { use = "..." }')
            return ()
        calls = [self._call(key, entry) for entry in value]
        return tuple(call for call in calls if call)

    def _call(self, key: str, value: Any) -> Call | None:
        if not isinstance(value, dict) or not isinstance(value.get("use"), str):
            self.wrong(key, '{ use = "ruang.nama", ... }')
            return None
        parameters = {name: entry for name, entry in value.items() if name != "use"}
        if not _is_plain(parameters):
            self.wrong(key, "berisi teks, angka, true/false, daftar dan tabel saja")
            return None
        return Call(value["use"].strip(), freeze(parameters))

    def whole_call(self) -> Call | None:
        """Return this table itself as a call ([facts.lengkap] use = ...)."""
        self._known.update(self.data)
        return self._call(self.element, dict(self.data))


def _is_plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_is_plain(inner) for inner in value.values())
    if isinstance(value, list):
        return all(_is_plain(inner) for inner in value)
    return isinstance(value, str | int | float | bool)
