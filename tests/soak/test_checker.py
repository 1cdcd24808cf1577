"""The checker of histories finds every fault that is planted, and none where there is none."""

from copy import deepcopy
from pathlib import Path
from typing import Any, cast

import pytest

from tests.soak import report
from tests.soak.checker import Facts, check, figures
from tests.soak.history import NEMESIS, History, Line, read

ISSUE = {"task": 7, "key": "k7", "person": "sari", "outcome": "", "instance": 3}
APPROVE = {"task": 8, "key": "k8", "person": "ratna", "outcome": "disetujui", "instance": 0}
PUNCH = {"punch": "SOAK0001 1001 2026-04-01 07:20:00"}
START = {"subject": "usulan a"}
CLAIM = {"task": 7, "key": "c7", "person": "sari"}


def told(f: str, value: dict[str, Any], *types: str) -> list[Line]:
    """Return the lines of one act: asked, and told so."""
    lines = []
    for type_ in types:
        lines += [(f, "invoke", value), (f, type_, value)]
    return [
        {"process": value.get("person", 1), "type": type_, "f": f, "value": dict(value), "time": at}
        for at, (f, type_, value) in enumerate(lines)
    ]


def sound() -> tuple[list[Line], Facts]:
    """Return a history in which all that is acknowledged is there once."""
    history = [
        *told("start", START, "ok"),
        *told("claim", CLAIM, "info", "ok"),
        *told("issue", ISSUE, "info", "ok"),
        *told("approve", APPROVE, "ok"),
        *told("approve", APPROVE | {"key": "late", "person": "maria"}, "fail"),
        *told("punch", PUNCH, "ok"),
    ]
    facts: Facts = {
        "tasks": {
            "7": {"instance": 3, "owner": "sari", "key": "k7", "outcome": "",
                  "claims": ["sari"], "completions": ["sari"]},
            "8": {"instance": 3, "owner": "ratna", "key": "k8", "outcome": "disetujui",
                  "claims": ["ratna"], "completions": ["ratna"]},
        },
        "starts": {"usulan a": 1},
        "punches": {PUNCH["punch"]: 1},
        "letters": {"3": 1},
        "numbers": ["1 001/2026"],
        "given": 1,
        "state": [], "unfinished": [], "ledger": [], "archive": [],
    }  # fmt: skip
    return history, facts


def broken(history: list[Line], facts: Facts) -> set[str]:
    return {name for name, cases in check(history, facts).items() if cases}


def test_a_sound_history_breaks_no_promise() -> None:
    assert broken(*sound()) == set()


LATE = {"instance": 3, "owner": "maria", "key": "late", "outcome": "disetujui",
        "claims": ["maria"], "completions": ["maria"]}  # fmt: skip

PLANTED: dict[str, tuple[str, Any, str]] = {
    # what was planted: where in the facts, what stands there instead, what is found
    "a punch that was lost": ("punches", {}, "acknowledged but missing"),
    "a start that was lost": ("starts", {}, "acknowledged but missing"),
    "a letter that was lost": ("letters", {}, "acknowledged but missing"),
    "a task that is gone": ("tasks", {}, "acknowledged but missing"),
    "a claim without its event": ("tasks.7.claims", [], "acknowledged but missing"),
    "a claim of somebody else": ("tasks.7.claims", ["yohanes"], "acknowledged but missing"),
    "a completion without its event": ("tasks.8.completions", [], "acknowledged but missing"),
    "a decision turned round": ("tasks.8.outcome", "dikembalikan", "acknowledged but missing"),
    "a click that was not kept": ("tasks.8.key", "", "acknowledged but missing"),
    "a punch stored twice": ("punches", {PUNCH["punch"]: 2}, "twice"),
    "an instance begun twice": ("starts", {"usulan a": 2}, "twice"),
    "a task completed twice": ("tasks.8.completions", ["ratna", "ratna"], "twice"),
    "a task claimed twice": ("tasks.7.claims", ["sari", "sari"], "twice"),
    "a letter written twice": ("letters", {"3": 2}, "twice"),
    "a refused click that won": ("tasks.8", LATE, "refused but there"),
    "a punch of nobody": ("punches", {PUNCH["punch"]: 1, "X 1 y": 1}, "asked by nobody"),
    "a start of nobody": ("starts", {"usulan a": 1, "usulan b": 1}, "asked by nobody"),
    "a click of nobody": ("tasks.8.key", "stranger", "asked by nobody"),
    "a number given twice": ("numbers", ["1 001/2026", "1 001/2026"], "letters"),
    "a number without a letter": ("given", 2, "letters"),
    "a letter without a number of the series": ("given", 0, "letters"),
    "a row unlike its events": ("state", ["task 8"], "events against state"),
    "a job that never ended": ("unfinished", ["job"], "not at its end"),
    "an event that was changed": ("ledger", ["agency:1#4"], "ledger"),
    "a file that was changed": ("archive", ["dokumen 1"], "archive"),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_fault_is_found(planted: str) -> None:
    history, facts = sound()
    path, value, expected = PLANTED[planted]
    place = cast("dict[str, Any]", facts)
    *way, last = path.split(".")
    for step in way:
        place = place[step]
    assert place[last] != value
    place[last] = value
    assert expected in broken(history, facts)


def test_two_clicks_that_both_won_are_found() -> None:
    history, facts = sound()
    history += told("approve", APPROVE | {"key": "other"}, "ok")
    assert "twice" in broken(history, facts)


@pytest.mark.parametrize("types", [("info",), ("info", "info"), ("info", "fail")])
@pytest.mark.parametrize("is_there", [True, False])
def test_what_got_no_answer_may_be_there_or_not(types: tuple[str, ...], is_there: bool) -> None:
    history, facts = sound()
    value = {"task": 9, "key": "k9", "person": "ratna", "outcome": "disetujui", "instance": 0}
    history += told("approve", value, *types)
    done = ["ratna"] if is_there else []
    facts["tasks"]["9"] = {
        "instance": 4, "owner": "ratna", "key": "k9" if is_there else "",
        "outcome": "disetujui" if is_there else "", "claims": ["ratna"], "completions": done,
    }  # fmt: skip
    assert broken(history, facts) == set()


def test_an_answer_after_silence_counts_like_any_other() -> None:
    history, facts = sound()
    facts["tasks"]["7"]["key"] = ""
    assert "acknowledged but missing" in broken(history, facts)  # info, then ok


def test_a_request_that_was_cut_off_at_the_very_end_is_no_disagreement() -> None:
    history, facts = sound()
    history += told("start", {"subject": "usulan z"}, "ok")[:1]
    assert broken(history, facts) == set()
    facts["starts"]["usulan z"] = 1
    assert broken(history, facts) == set()


def test_times_until_work_went_on_are_those_after_each_act() -> None:
    def act(at: float, type_: str = "invoke") -> Line:
        value = {"at": 1000.0 + at}
        return {
            "process": NEMESIS, "type": type_, "f": "kill_web", "value": value, "time": at,
        }  # fmt: skip

    def ok(at: float) -> Line:
        return {"process": "SOAK0001", "type": "ok", "f": "punch", "value": PUNCH, "time": at}

    lines = [ok(9), act(10), act(11, "info"), ok(12.5), ok(18), act(20), ok(21), ok(21.5)]
    found = figures(lines, worked=[1009.0, 1013.0, 1020.5])
    assert found.acts == {"kill_web": 2}
    assert found.recoveries == {"kill_web": [2.5, 1]}
    assert found.standstills == {"kill_web": [5.5, 1]}
    assert found.system == {"kill_web": [3.0, 0.5]}


def test_the_share_without_an_answer_is_that_of_all_requests() -> None:
    assert figures(told("punch", PUNCH, "info", "ok", "ok", "ok")).info_share == 0.25
    assert figures([]).info_share == 0


def test_a_history_outlives_its_writer_and_a_torn_line_is_left_out(tmp_path: Path) -> None:
    history = History(tmp_path / "history.jsonl")
    history.add("sari", "invoke", "start", START)
    history.add("sari", "ok", "start", START)
    with history.path.open("a") as file:
        file.write('{"process": "sari", "ty')
    (asked, answered) = read(history.path)
    assert (asked["type"], answered["type"], answered["value"]) == ("invoke", "ok", START)
    assert answered["time"] >= asked["time"]
    assert (history.count("ok"), history.count("ok", of=("punch",))) == (1, 0)
    history.close()


def test_the_report_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    lines, facts = sound()
    run = {
        "date": "2026-04-01", "seed": 1, "seconds": 30.0, "drained": 2.0, "load": "1.0",
        "processors": 2, "broker": "Redis",
    }  # fmt: skip
    page = tmp_path / "page.md"
    page.write_text("above\n<!-- soak: Redis -->\nold\n<!-- end of soak -->\nbelow\n")
    text = report.written(check(lines, deepcopy(facts)), figures(lines), {"events": 1234}, run)
    report.put(text, page, broker="Redis")
    shown = page.read_text()
    assert shown.startswith("above\n<!-- soak: Redis -->\n2026-04-01, seed 1: 30 s")
    assert shown.endswith("|\n<!-- end of soak -->\nbelow\n")
    assert "| twice | 0 |" in shown
    assert "| pressed a finger | 1 | 1 | 0 | 0 |" in shown
    assert "1,234 events" in shown
    assert "old" not in shown
    page.write_text("no place for it")
    with pytest.raises(ValueError, match="soak"):
        report.put(text, page, broker="Redis")
