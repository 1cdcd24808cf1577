"""NOTICE names everything that runs, with the licence that it states of itself."""

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
ROW = re.compile(r"^  ([a-z0-9-]+) {2,}(\S.*)$", re.MULTILINE)
# Longest first: "LGPL" holds "GPL".
FAMILIES = ("AGPL", "LGPL", "GPL", "MIT", "BSD", "Apache", "PSF")
UNSAID = {"pyzk"}  # its metadata name only the file, which is the GPL, version 2
LICENCES = dict(ROW.findall((ROOT / "NOTICE").read_text()))


def required(lines: list[str]) -> Iterator[Requirement]:
    for line in lines:
        if wanted := line.partition("#")[0].strip():
            yield Requirement(wanted)


def reached() -> dict[str, Distribution]:
    """Return what requirements.txt brings along here: the libraries named and those they need."""
    found: dict[str, Distribution] = {}
    looked_at: set[str] = set()
    waiting = list(required((ROOT / "requirements.txt").read_text().splitlines()))
    while waiting:
        wanted = waiting.pop()
        if str(wanted) in looked_at:
            continue
        looked_at.add(str(wanted))
        installed = distribution(wanted.name)
        found[re.sub(r"[-_.]+", "-", wanted.name).lower()] = installed
        waiting += [
            further
            for further in required(installed.requires or [])
            if not further.marker
            or any(further.marker.evaluate({"extra": extra}) for extra in ("", *wanted.extras))
        ]
    return found


def stated(library: Distribution) -> str:
    """Return all that the metadata of a library say about its licence."""
    said = {key: library.metadata.get_all(key) or [] for key in ("License-Expression", "License")}
    kinds = library.metadata.get_all("Classifier") or []
    licences = [kind for kind in kinds if kind.startswith("License")]
    return " ".join([*said["License-Expression"], *licences, *said["License"]])


def families(licence: str) -> set[str]:
    found = set()
    for family in FAMILIES:
        if family in licence:
            found.add(family)
            licence = licence.replace(family, "")
    return found


def test_everything_that_runs_is_listed() -> None:
    assert sorted(reached().keys() - LICENCES.keys()) == []


def test_a_listed_licence_is_the_one_that_the_library_states() -> None:
    wrong = {
        name: (LICENCES[name], stated(library)[:80])
        for name, library in reached().items()
        if name in LICENCES
        and name not in UNSAID
        and not families(LICENCES[name]) <= families(stated(library))
    }
    assert wrong == {}


def test_nothing_that_runs_forbids_the_licence_of_the_house() -> None:
    """Each is one that the AGPL-3.0 may be combined with; pyzk stands in a process of its own."""
    assert [name for name, licence in LICENCES.items() if not families(licence)] == []
