"""Which readers are fuzzed, and which modules of them guide the fuzzer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

FOUND = Path(__file__).parent / "found"  # what once broke a reader, a folder for each target
FROM_MACHINES = ("devices.adms", "devices.attlog")
PULLED = ("devices.pull.records", "devices.pull.times", "devices.pull.log", "devices.pull.wire")
TABLES = ("foundation.cells", "organization.employee_rows", "organization.nip")
FILES = ("foundation.archives", "foundation.uploads")


@dataclass(frozen=True)
class Target:
    """A function `bytes -> None` that fails where a reader breaks its promise."""

    module: str
    name: str
    guided_by: tuple[str, ...]  # modules, or packages, whose branches the fuzzer sees
    max_length: int = 4096

    def load(self) -> tuple[Callable[[bytes], None], list[bytes]]:
        """Return the function and the seeds, those included that once broke it."""
        module = import_module(f"tests.fuzz.{self.module}")
        seeds: list[bytes] = getattr(module, f"{self.name}_seeds")()
        return getattr(module, self.name), [*seeds, *self.found()]

    def found(self) -> Iterator[bytes]:
        for path in sorted((FOUND / self.name).glob("*")):
            yield path.read_bytes()


TARGETS = {
    target.name: target
    for target in (
        Target("machines", "attlog", FROM_MACHINES),
        Target("machines", "attlog_file", FROM_MACHINES),
        Target("machines", "rtlog", FROM_MACHINES),
        Target("machines", "options", FROM_MACHINES),
        Target("machines", "results", FROM_MACHINES),
        Target("machines", "tables", FROM_MACHINES),
        Target("machines", "written_tables", FROM_MACHINES),
        Target("machines", "calls", FROM_MACHINES, 512),
        Target("pulling", "records", PULLED),
        Target("pulling", "pieces", PULLED, 1024),
        Target("pulling", "wire", PULLED, 1024),
        Target("files", "uploads", (*FILES, *TABLES), 8192),
        Target("files", "archives", FILES),
        Target("files", "employees", TABLES),
        Target("files", "workbooks", (*FILES, *TABLES)),
        Target("files", "templates", (*FILES, "documents.template_guard", "documents.renderer")),
    )
}
