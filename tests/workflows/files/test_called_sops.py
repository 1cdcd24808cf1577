"""SOPs that call each other, seen together by `manage.py check`."""

from itertools import pairwise
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.workflows.elements.making import drawing, field, files
from tests.workflows.sop_files import run_check, write_folder


def folder(*calls: str, results: str = "") -> dict[str, bytes]:
    """Return a SOP that asks for a decision and calls these others one by one."""
    names = [f"panggil_{number}" for number in range(len(calls))]
    way = ["mulai", "putuskan", *names, "selesai"]
    bpmn = drawing(
        {"putuskan": "U", **dict.fromkeys(names, "A")},
        [f"{before}>{after}" for before, after in pairwise(way)],
        attributes={n: f'calledElement="{key}"' for n, key in zip(names, calls, strict=True)},
    )
    steps = {"putuskan": "number = 1", **dict.fromkeys(names, results)}
    return files(bpmn, steps, forms={"putuskan": field("keputusan")})


@pytest.fixture
def root(tmp_path: Path, settings: Settings) -> Path:
    settings.SOP_ROOTS = [tmp_path]
    return tmp_path


def test_sops_may_call_each_other_one_way(root: Path) -> None:
    write_folder(root, folder("b", "c", results='results = { hasil = "keputusan" }'), "a")
    write_folder(root, folder("c"), "b")
    write_folder(root, folder(), "c")
    assert "no issues" in run_check()


def test_a_sop_that_calls_itself_is_refused(root: Path) -> None:
    write_folder(root, folder("a"), "a")
    said = run_check()
    assert "E072" in said
    assert "a → a" in said


def test_a_circle_of_calls_is_told_at_each_of_them(root: Path) -> None:
    for key, called in (("a", "b"), ("b", "c"), ("c", "a")):
        write_folder(root, folder(called), key)
    said = run_check()
    assert said.count("E072") == 3
    assert "b → c → a → b" in said


def test_a_call_into_a_circle_is_no_part_of_it(root: Path) -> None:
    write_folder(root, folder("b"), "a")
    write_folder(root, folder("b"), "b")
    assert run_check().count("E072") == 1


def test_a_sop_that_is_not_there_is_told(root: Path) -> None:
    write_folder(root, folder("tidak_ada"), "a")
    said = run_check()
    assert "E071" in said
    assert "'tidak_ada'" in said


def test_results_that_the_called_sop_never_gives_are_told(root: Path) -> None:
    write_folder(root, folder("b", results='results = { hasil = "nilai" }'), "a")
    write_folder(root, folder(), "b")
    said = run_check()
    assert "E073" in said
    assert "keputusan" in said
