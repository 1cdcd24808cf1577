"""The names that a template may use, as its sample shows them, and what somebody meant instead.

A name is a path as the renderer tells it: "kop.nama", "pegawai[].nama" for a field of each row.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

ROWS = "[]"
_STEP = re.compile(r"\[\]|[^.\[\]]+")
_CLOSE = 0.6


@dataclass(frozen=True)
class Name:
    """A name and an example of its value; a list is named without an example."""

    path: str
    example: str
    is_list: bool = False

    @property
    def written(self) -> str:
        """Return how a template says it, within the loops that it needs."""
        outer, _, last = self.path.rpartition(ROWS)
        row = _row_name(outer)
        if self.is_list:
            listed = f"{row}{last}" if outer else self.path
            return "{% for " + f"{_row_name(self.path)} in {listed}" + " %} … {% endfor %}"
        return "{{ " + (f"{row}{last}" if outer else self.path) + " }}"


def _row_name(path: str) -> str:
    """Return what a row of a list is called in our examples: of `pegawai` it is `baris_pegawai`."""
    return f"baris_{path.rstrip('[]').rpartition('.')[2].rpartition(']')[2]}"


@dataclass
class Shape:
    """A record, a list or a value; what a record or the rows of a list may have is below it."""

    fields: dict[str, "Shape"] = field(default_factory=dict)
    rows: "Shape | None" = None
    example: str = ""

    def take(self, value: Any) -> None:
        """Learn from a value of plain data."""
        if isinstance(value, Mapping):
            for name, inner in value.items():
                self.fields.setdefault(name, Shape()).take(inner)
        elif isinstance(value, (list, tuple)):
            self.rows = self.rows or Shape()
            for row in value:
                self.rows.take(row)
        elif not self.example and value not in (None, ""):
            self.example = str(value)

    def take_path(self, path: str) -> None:
        """Learn that a path is there, without an example."""
        shape = self
        for step in _STEP.findall(path):
            if step == ROWS:
                shape = shape._any_row() or shape._new_rows()
            else:
                shape = shape.fields.setdefault(step, Shape())

    def _new_rows(self) -> "Shape":
        self.rows = Shape()
        return self.rows

    def _any_row(self) -> "Shape | None":
        """Return what stands for `x[...]`: a row, or all that any field of a record may be."""
        if self.rows is not None or not self.fields:
            return self.rows
        merged = Shape()
        for inner in self.fields.values():
            merged.fields |= inner.fields
            merged.rows = merged.rows or inner.rows
        return merged

    def knows(self, path: str) -> bool:
        return self._unknown_at(path) is None

    def meant(self, path: str) -> str:
        """Return the known name that looks most like this unknown one, "" if none does."""
        found = self._unknown_at(path)
        if found is None:
            return ""
        shape, before, step = found
        if near := get_close_matches(step, shape.fields, n=1, cutoff=_CLOSE):
            right = f"{before}.{near[0]}".lstrip(".")
            whole = right + path[len(f"{before}.{step}".lstrip(".")) :]
            return whole if self.knows(whole) else right
        last = path.rpartition(".")[2]
        same = [name.path for name in self.names() if name.path.rpartition(".")[2] == last]
        first = _STEP.findall(path)[0]
        return max(same, key=lambda other: other.startswith(first), default="")

    def _unknown_at(self, path: str) -> tuple["Shape", str, str] | None:
        """Return where a path leaves what is known: the shape, the path so far, the step."""
        shape, before = self, ""
        for step in _STEP.findall(path):
            inner = shape._any_row() if step == ROWS else shape.fields.get(step)
            if inner is None:
                return shape, before, step
            shape = inner
            before += step if step == ROWS else f".{step}"
        return None

    def names(self, path: str = "") -> Iterator[Name]:
        """Yield every name, those of a record in the order of the sample."""
        if self.rows is not None:
            yield Name(path, "", is_list=True)
            yield from self.rows.names(f"{path}{ROWS}")
        for name, inner in self.fields.items():
            yield from inner.names(f"{path}.{name}".lstrip("."))
        if path and self.rows is None and not self.fields:
            yield Name(path, self.example)


def shape_of(samples: Iterable[Mapping[str, Any]]) -> Shape:
    """Return what any of the samples has."""
    shape = Shape()
    for sample in samples:
        shape.take(sample)
    return shape
