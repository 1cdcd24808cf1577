"""The history of a soak: a line of JSON for everything that was asked, told and broken.

    {"process": 3, "type": "invoke", "f": "approve", "value": {...}, "time": 12.345}

`type` is "invoke" when something is asked, then "ok" (acknowledged: it must be there, once), "fail"
(refused: it must not be there) or "info" (no answer: it may have happened or not, also later).
`time` is seconds of the machine's monotonic clock. What the nemesis does stands in the same file,
as process "nemesis", with "invoke" when it breaks something and "info" when that runs again.
"""

import json
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

Type = Literal["invoke", "ok", "fail", "info"]
Line = dict[str, Any]
NEMESIS = "nemesis"


class History:
    """Written line by line, so that it outlives whoever writes it; used by many threads."""

    def __init__(self, path: Path) -> None:
        self.path, self._lock, self._file = path, threading.Lock(), path.open("a")
        self.counted: dict[tuple[str, str], int] = {}  # by f and type

    def add(self, process: int | str, type_: Type, f: str, value: Mapping[str, Any]) -> None:
        line: Line = {"process": process, "type": type_, "f": f, "value": dict(value)}
        with self._lock:
            line["time"] = round(time.monotonic(), 4)
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
            self.counted[f, type_] = self.counted.get((f, type_), 0) + 1

    def count(self, type_: Type, *, of: Iterable[str] = ()) -> int:
        """Return how many lines of this type there are, of some functions or of all."""
        with self._lock:
            wanted = set(of)
            return sum(
                count
                for (f, told), count in self.counted.items()
                if told == type_ and (not wanted or f in wanted)
            )

    def close(self) -> None:
        self._file.close()


def read(path: Path) -> list[Line]:
    """Return the lines of a history; one that was cut off at its end is left out."""
    lines = path.read_text().split("\n")
    return [json.loads(line) for line in lines[:-1] if line]
