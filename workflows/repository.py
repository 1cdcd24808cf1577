"""From the files of a folder to a frozen `ProcessDefinition`; the SOPs that this server offers.

A definition never changes: its version is the hash of its files. A folder that changed on disk is
simply another version.
"""

import hashlib
import logging
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from workflows.definitions import KEY, Form, ProcessDefinition
from workflows.files import agreement, form_file, sop_file
from workflows.files.findings import DefinitionError, Finding, Findings
from workflows.files.sop_file import SopFile
from workflows.files.toml_tables import parse
from workflows.reading import gate, reader, soundness
from workflows.reading.diagram import Diagram

logger = logging.getLogger(__name__)

MAXIMUM_FILE_BYTES = 5 * 1024 * 1024
MAXIMUM_FOLDER_BYTES = 20 * 1024 * 1024
MAXIMUM_FILES = 200
KEPT = 128  # definitions held in memory
BPMN_FILE, SOP_FILE, SCENARIO_FILE = "process.bpmn", "sop.toml", "scenarios.toml"
FORM = re.compile(r"forms/([A-Za-z_][A-Za-z0-9_-]*)\.toml", re.ASCII)
# A Word template, and beside it invented data under the same name, to show how it looks filled.
DOCX = re.compile(r"docx/[A-Za-z0-9_][A-Za-z0-9_.-]*\.(docx|json)", re.ASCII)

__all__ = ["DefinitionError", "UnknownProcess", "all", "get", "load", "read_folder", "version_of"]


class UnknownProcess(LookupError):
    """No folder of this name lies among the SOPs."""


@dataclass(frozen=True)
class Examination:
    """What was found in a folder. `definition` is None where an error was found."""

    definition: ProcessDefinition | None
    sop: SopFile | None
    forms: Mapping[str, Form]
    findings: tuple[Finding, ...]


_kept: "OrderedDict[tuple[str, str], ProcessDefinition]" = OrderedDict()
_signatures: dict[Path, tuple[tuple[object, ...], ProcessDefinition]] = {}
_lock = threading.Lock()


def roots() -> list[Path]:
    """Return the folders that hold one folder per SOP; the setting `SOP_ROOTS` replaces them.

    They are the office's own (`SOPAN_SOPS`), where new ones are made, and those that came along.
    """
    default = [settings.SOPS_FOLDER, Path(__file__).resolve().parent / "bpmn"]
    return [Path(root) for root in getattr(settings, "SOP_ROOTS", default)]


def folders() -> Iterator[Path]:
    """Yield the folder of every SOP, root by root, in alphabetical order."""
    for root in roots():
        if root.is_dir():
            yield from sorted(
                f for f in root.iterdir() if f.is_dir() and not f.name.startswith((".", "__"))
            )


def read_folder(path: Path) -> dict[str, bytes]:
    """Return the files of a folder by relative path; hidden files and links are left out.

    A file too large to be accepted is read no further than needed to see that.
    """
    files = {}
    for entry in sorted(_files_of(path), key=lambda entry: entry.path):
        file = Path(entry.path)
        with file.open("rb") as handle:
            files[file.relative_to(path).as_posix()] = handle.read(MAXIMUM_FILE_BYTES + 1)
    return files


def _files_of(path: str | Path) -> "Iterator[os.DirEntry[str]]":
    """Yield what somebody put there; what Windows and an open Word leave beside it is not that.

    Every page that asks for a SOP looks here: the system's own entries cost a fifth of `Path`s.
    """
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.name.startswith((".", "~$")) or entry.name in ("Thumbs.db", "desktop.ini"):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _files_of(entry.path)
            elif entry.is_file(follow_symlinks=False):
                yield entry


def version_of(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 over the sorted relative paths and contents."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path}\0{len(files[path])}\0".encode())
        digest.update(files[path])
    return digest.hexdigest()


def load(files: Mapping[str, bytes], key: str) -> ProcessDefinition:
    """Return the definition that these files make; raise DefinitionError with all that is wrong."""
    identity = (key, version_of(files))
    with _lock:
        if identity in _kept:
            _kept.move_to_end(identity)
            return _kept[identity]
    examination = examine(files, key)
    if examination.definition is None:
        raise DefinitionError(key, [f for f in examination.findings if f.is_error])
    with _lock:
        _kept[identity] = examination.definition
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return examination.definition


def get(key: str) -> ProcessDefinition:
    """Return the SOP of this key as its folder is now.

    Raises UnknownProcess, and DefinitionError where the folder holds mistakes.
    """
    if KEY.fullmatch(key):
        for folder in folders():
            if folder.name == key:
                return _current(folder)
    raise UnknownProcess(f"SOP '{key}' tidak ada")


def all() -> tuple[ProcessDefinition, ...]:
    """Return every SOP without a mistake; the others are told to the log and `manage.py check`."""
    found: dict[str, ProcessDefinition] = {}
    for folder in folders():
        try:
            found.setdefault(folder.name, _current(folder))
        except DefinitionError as error:
            logger.error("%s", error)
    return tuple(found.values())


def _current(folder: Path) -> ProcessDefinition:
    """Return the definition of a folder, reading it anew only when a file changed."""
    stats = ((entry.path, entry.stat()) for entry in _files_of(folder))
    signature = tuple(sorted((path, stat.st_mtime_ns, stat.st_size) for path, stat in stats))
    kept = _signatures.get(folder)
    if kept is None or kept[0] != signature:
        kept = signature, load(read_folder(folder), folder.name)
        _signatures[folder] = kept
    return kept[1]


def examine(files: Mapping[str, bytes], key: str) -> Examination:
    """Return what the files say and every mistake in them, errors first."""
    findings = [*_check_names(files, key)]
    if any(finding.code == "E003" for finding in findings):
        return Examination(None, None, {}, tuple(findings))
    diagram, in_bpmn = _read_diagram(files)
    sop, in_sop = _read_sop(files)
    forms, in_forms = _read_forms(files)
    findings += [*in_bpmn, *in_sop, *in_forms, *_read_scenarios(files)]
    if diagram is not None and sop is not None:
        findings += agreement.compare(diagram, sop, forms, files)
    findings.sort(key=lambda finding: not finding.is_error)
    definition = None
    if diagram is not None and sop is not None and not any(f.is_error for f in findings):
        definition = agreement.build(key, version_of(files), diagram, sop, forms, files)
    return Examination(definition, sop, forms, tuple(findings))


def _check_names(files: Mapping[str, bytes], key: str) -> Iterator[Finding]:
    if not KEY.fullmatch(key):
        yield Finding(
            "E004", key[:80], "nama folder tidak dapat dipakai",
            hint="Huruf kecil, angka dan _ saja, diawali huruf, paling panjang 80.",
        )  # fmt: skip
    for name in (BPMN_FILE, SOP_FILE):
        if name not in files:
            yield Finding("E001", name, "berkas ini belum ada", hint="Setiap SOP memilikinya.")
    if len(files) > MAXIMUM_FILES or sum(map(len, files.values())) > MAXIMUM_FOLDER_BYTES:
        yield Finding("E003", key, f"lebih dari {MAXIMUM_FILES} berkas atau 20 MiB")
    for path, content in sorted(files.items()):
        if len(content) > MAXIMUM_FILE_BYTES:
            yield Finding("E003", path, "lebih besar dari 5 MiB")
        known = path in (BPMN_FILE, SOP_FILE, SCENARIO_FILE, "README.md")
        if not known and not FORM.fullmatch(path) and not DOCX.fullmatch(path):
            yield Finding(
                "E002", path[:200], "berkas tidak dikenal",
                hint="Yang dikenal: process.bpmn, sop.toml, scenarios.toml, forms/<id>.toml, "
                "docx/<nama>.docx, docx/<nama>.json.",
            )  # fmt: skip


def _read_diagram(
    files: Mapping[str, bytes],
) -> tuple[Diagram | None, Findings]:
    findings = Findings(BPMN_FILE)
    if BPMN_FILE not in files:
        return None, findings
    root = gate.open_gate(files[BPMN_FILE], findings)
    diagram = None if root is None else reader.read(root, findings)
    if diagram is not None:
        soundness.check(diagram, findings)
    return diagram, findings


def _read_sop(files: Mapping[str, bytes]) -> tuple[SopFile | None, Findings]:
    findings = Findings(SOP_FILE)
    return (sop_file.read(files[SOP_FILE], findings) if SOP_FILE in files else None), findings


def _read_forms(files: Mapping[str, bytes]) -> tuple[dict[str, Form], Sequence[Finding]]:
    forms: dict[str, Form] = {}
    noted: list[Finding] = []
    for path in sorted(files):
        if match := FORM.fullmatch(path):
            findings = Findings(path)
            forms[match[1]] = form_file.read(files[path], findings)
            noted += findings
    return forms, noted


def _read_scenarios(files: Mapping[str, bytes]) -> Findings:
    findings = Findings(SCENARIO_FILE)
    if SCENARIO_FILE in files:
        parse(files[SCENARIO_FILE], findings)
    return findings
