"""Holds a history against what the database says afterwards. Pure: lines and facts in, words out.

Acts of people are known by their key (of a click, one per intention), punches by serial, PIN and
time, starts by their subject: every intention is one of its kind. An intention that was sent again
after silence has several lines; it is acknowledged if one of them is, and refused only if all are,
since a request without an answer may still be carried out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest
from statistics import median
from typing import Any, TypedDict

from tests.soak.history import NEMESIS, Line

DECISIONS = ("approve", "return")
LETTERS = "issue"  # completing it makes the system write one numbered letter
COMPLETING = (*DECISIONS, LETTERS, "file")


class TaskFact(TypedDict):
    """What is stored of a task of a person."""

    instance: int
    owner: str
    key: str  # of the click that completed it, empty if none did
    outcome: str
    claims: list[str]  # who claimed it, by its events
    completions: list[str]  # who completed it, by its events


class Facts(TypedDict):
    """What the database says after the last of the work."""

    tasks: dict[str, TaskFact]
    starts: dict[str, int]  # how many instances, by subject
    punches: dict[str, int]  # how often stored, by "serial pin time"
    letters: dict[str, int]  # how many numbered letters, by instance
    numbers: list[str]  # of every numbered document
    given: int  # how many numbers the series say they gave
    state: list[str]  # where rows, events and measured figures tell different stories
    unfinished: list[str]
    ledger: list[str]
    archive: list[str]


@dataclass
class Intention:
    """What somebody wanted once, and everything that he was told about it."""

    f: str
    value: Mapping[str, Any]
    told: list[str] = field(default_factory=list)

    @property
    def is_acknowledged(self) -> bool:
        return "ok" in self.told

    @property
    def is_refused(self) -> bool:
        return bool(self.told) and set(self.told) == {"fail"}


def intentions(history: Iterable[Line]) -> list[Intention]:
    """Gather the lines of each intention; one without any answer has told nothing, or "info"."""
    found: dict[tuple[str, str], Intention] = {}
    for line in history:
        if line["process"] == NEMESIS:
            continue
        wanted = Intention(line["f"], line["value"])
        one = found.setdefault((line["f"], identity(line)), wanted)
        if line["type"] != "invoke":
            one.told.append(line["type"])
    return list(found.values())


def identity(line: Line) -> str:
    value = line["value"]
    if line["f"] == "punch":
        return str(value["punch"])
    return str(value["subject"] if line["f"] == "start" else value["key"])


def check(history: Iterable[Line], facts: Facts) -> dict[str, list[str]]:
    """Return every disagreement, in words, by the promise that it breaks."""
    wanted = intentions(history)
    return {
        "acknowledged but missing": list(missing(wanted, facts)),
        "twice": list(twice(wanted, facts)),
        "refused but there": list(refused_but_there(wanted, facts)),
        "asked by nobody": list(asked_by_nobody(wanted, facts)),
        "letters": list(letters(facts)),
        "events against state": list(facts["state"]),
        "not at its end": list(facts["unfinished"]),
        "ledger": list(facts["ledger"]),
        "archive": list(facts["archive"]),
    }


def missing(wanted: Iterable[Intention], facts: Facts) -> Iterator[str]:
    issued: Counter[str] = Counter()
    for one in wanted:
        if not one.is_acknowledged:
            continue
        if not _is_there(one, facts):
            yield f"{one.f} {dict(one.value)}"
        if one.f == LETTERS:
            issued[str(one.value["instance"])] += 1
    for instance, count in issued.items():
        if facts["letters"].get(instance, 0) < count:
            yield f"letters of {instance}: {facts['letters'].get(instance, 0)} of {count}"


def _is_there(one: Intention, facts: Facts) -> bool:
    value = one.value
    if one.f == "punch":
        return value["punch"] in facts["punches"]
    if one.f == "start":
        return value["subject"] in facts["starts"]
    task = facts["tasks"].get(str(value["task"]))
    if task is None:
        return False
    if one.f == "claim":
        return value["person"] in task["claims"]
    return (
        task["key"] == value["key"]
        and value["person"] in task["completions"]
        and task["outcome"] == value["outcome"]
    )


def twice(wanted: Iterable[Intention], facts: Facts) -> Iterator[str]:
    for name, stored in (("starts", facts["starts"]), ("punches", facts["punches"])):
        yield from (f"{name} {key}: {count}" for key, count in stored.items() if count > 1)
    for number, task in facts["tasks"].items():
        for verb, done in (("claims", task["claims"]), ("completions", task["completions"])):
            if len(done) > 1:
                yield f"{verb} of task {number}: {done}"
    winners: dict[str, set[str]] = defaultdict(set)
    asked: Counter[str] = Counter()
    for one in wanted:
        if one.f in COMPLETING and one.is_acknowledged:
            winners[str(one.value["task"])].add(one.value["key"])
        if one.f == LETTERS and not one.is_refused:
            asked[str(one.value["instance"])] += 1
    for number, keys in winners.items():
        if len(keys) > 1:
            yield f"task {number} was acknowledged for {len(keys)} clicks"
    for instance, count in facts["letters"].items():
        if count > asked[instance]:
            yield f"letters of {instance}: {count}, asked for {asked[instance]}"


def refused_but_there(wanted: Iterable[Intention], facts: Facts) -> Iterator[str]:
    for one in wanted:
        # Who was refused a task may have taken it by another click; only the click's key tells.
        if one.f != "claim" and one.is_refused and _is_there(one, facts):
            yield f"{one.f} {dict(one.value)}"


def asked_by_nobody(wanted: Iterable[Intention], facts: Facts) -> Iterator[str]:
    known: dict[str, set[str]] = defaultdict(set)
    for one in wanted:
        if one.f == "punch":
            known["punch"].add(one.value["punch"])
        elif one.f == "start":
            known["start"].add(one.value["subject"])
        elif one.f != "claim":
            known["key"].add(one.value["key"])
    yield from (f"punch {key}" for key in facts["punches"].keys() - known["punch"])
    yield from (f"start {key}" for key in facts["starts"].keys() - known["start"])
    for number, task in facts["tasks"].items():
        if task["key"] and task["key"] not in known["key"]:
            yield f"task {number} was completed by a click of nobody"


def letters(facts: Facts) -> Iterator[str]:
    """A number is of one letter, and none was given without a letter."""
    for number, count in Counter(facts["numbers"]).items():
        if count > 1:
            yield f"number {number}: {count} letters"
    if facts["given"] != len(facts["numbers"]):
        yield f"{facts['given']} numbers given, {len(facts['numbers'])} letters have one"


@dataclass(frozen=True)
class Figures:
    """How much went on, and how long it stood still after each act of the nemesis."""

    told: dict[str, Counter[str]]  # by f: invoke, ok, fail, info
    acts: Counter[str]
    recoveries: dict[str, list[float]]  # by act: seconds until the first ok of anybody
    standstills: dict[str, list[float]]  # by act: longest silence between two ok after it
    system: dict[str, list[float]]  # by act: seconds until the system did a step of its own
    seconds: float

    @property
    def info_share(self) -> float:
        asked = sum(told["invoke"] for told in self.told.values())
        return sum(told["info"] for told in self.told.values()) / asked if asked else 0.0


def figures(history: Iterable[Line], worked: Iterable[float] = ()) -> Figures:
    """Count a history; its times are those of one clock.

    `worked` are moments of steps that the system did by itself, in the seconds of the calendar that
    acts of the nemesis carry as their value `at`.
    """
    lines, steps = list(history), sorted(worked)
    told: dict[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        if line["process"] != NEMESIS:
            told[line["f"]][line["type"]] += 1
    acts = [line for line in lines if line["process"] == NEMESIS and line["type"] == "invoke"]
    answered = [
        line["time"] for line in lines if line["process"] != NEMESIS and line["type"] == "ok"
    ]
    recoveries: dict[str, list[float]] = defaultdict(list)
    standstills: dict[str, list[float]] = defaultdict(list)
    system: dict[str, list[float]] = defaultdict(list)
    for act, following in zip_longest(acts, acts[1:]):
        end = following["time"] if following else float("inf")
        if after := [at for at in answered if at >= act["time"]]:
            recoveries[act["f"]].append(after[0] - act["time"])
            standstills[act["f"]].append(longest_silence(act["time"], after, end))
        if later := [at for at in steps if at >= act["value"].get("at", float("inf"))]:
            system[act["f"]].append(later[0] - act["value"]["at"])
    span = lines[-1]["time"] - lines[0]["time"] if lines else 0.0
    counted = Counter(act["f"] for act in acts)
    return Figures(dict(told), counted, dict(recoveries), dict(standstills), dict(system), span)


def longest_silence(begun: float, answered: list[float], end: float) -> float:
    """Return the longest time without an answer, of those that began between these two."""
    moments = [begun, *answered]
    return max(later - at for at, later in pairwise(moments) if at < end)


def middle_and_longest(seconds: list[float]) -> tuple[float, float]:
    return (median(seconds), max(seconds)) if seconds else (0.0, 0.0)
