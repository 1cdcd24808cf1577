"""The faults with their promises, and the tests that show them: found by reading, not by importing.

`python -m tests.faults.table` writes the table of docs/reliability.md anew.
"""

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.fault_marks import named

ROOT = Path(__file__).resolve().parent.parent.parent
TABLE = Path(__file__).with_name("faults.toml")
DOCUMENT = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- faults -->\n", "<!-- end of faults -->"
ROW = re.compile(r"^\| (F\d+) \| (.+?) \| (.+?) \|$", re.MULTILINE)


@dataclass(frozen=True)
class Fault:
    number: str
    promise: str
    open: str = ""  # why no test shows it yet


def faults() -> list[Fault]:
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return [Fault(number, **values) for number, values in table.items()]


def shown() -> dict[str, list[str]]:
    """Return the tests (or files of tests) by the number of the fault that they show."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        source = path.read_text(encoding="utf-8")
        if "mark.fault(" not in source and "def test_f" not in source:
            continue
        module = ast.parse(source)
        for number in _of_all(module):
            found[number].append(str(path.relative_to(ROOT)))
        for function in ast.walk(module):
            if isinstance(function, ast.FunctionDef) and function.name.startswith("test_"):
                for number in {*named(function.name), *_marked(function)}:
                    found[number].append(f"{path.relative_to(ROOT)}::{function.name}")
    return found


def _marked(function: ast.FunctionDef) -> Iterator[str]:
    for decorator in function.decorator_list:
        yield from _numbers(decorator)


def _of_all(module: ast.Module) -> Iterator[str]:
    """Yield what every test of a file shows: its `pytestmark`."""
    for line in module.body:
        if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "pytestmark":
            for mark in ast.walk(line.value):
                yield from _numbers(mark)


def _numbers(mark: ast.AST) -> Iterator[str]:
    if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.fault":
        yield from (ast.literal_eval(argument) for argument in mark.args)


def rows() -> str:
    """Return the table of the document."""
    tests = {number: sorted(found, key=_place) for number, found in shown().items()}
    lines = ["| # | What people may rely on | Shown by |", "|---|---|---|"]
    for fault in faults():
        by = "<br>".join(
            f"`{test.removeprefix('tests/')}`" for test in tests.get(fault.number, [])[:3]
        )
        lines.append(f"| {fault.number} | {fault.promise} | {by or f'open: {fault.open}'} |")
    return "\n".join(lines) + "\n"


def _place(test: str) -> bool:
    """Put those first that were written for the fault alone."""
    return not test.startswith("tests/faults/")


def write() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text(f"{before}{BEGIN}{rows()}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    write()
