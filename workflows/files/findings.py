"""Mistakes in the files of a SOP, each with file, BPMN id and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass

MAXIMUM_SHOWN = 20


@dataclass(frozen=True)
class Finding:
    """One mistake. `code` is the number of the system check, `element` the BPMN id or the field."""

    code: str  # E014: the load is refused; W014: only a warning of `manage.py check`
    file: str
    text: str
    element: str = ""
    hint: str = ""

    @property
    def is_error(self) -> bool:
        return self.code.startswith("E")

    def __str__(self) -> str:
        place = f"{self.file} [{self.element}]" if self.element else self.file
        return f"{place}: {self.text}"


class DefinitionError(ValueError):
    """The files are no usable SOP. `findings` names every mistake, not only the first."""

    def __init__(self, key: str, findings: Iterable[Finding]) -> None:
        self.key = key
        self.findings = tuple(findings)
        shown = "; ".join(str(finding) for finding in self.findings[:MAXIMUM_SHOWN])
        more = len(self.findings) - MAXIMUM_SHOWN
        super().__init__(f"SOP '{key}': {shown}" + (f" dan {more} lainnya" if more > 0 else ""))


class Findings(list[Finding]):
    """A growing list of the mistakes of one file."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self.file = file

    def note(self, code: str, text: str, *, element: str = "", hint: str = "") -> None:
        self.append(Finding(code, self.file, text, element, hint))
