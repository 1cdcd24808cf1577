"""One period of nine stages in forty acts with known instants, and every figure by hand.

`play(cast)` does the acts through the services, at the moments written here (WITA; the office is
open Monday to Thursday 07.30-12.00 and 13.00-16.00, Friday 07.30-11.30 and 13.00-16.30). It is
April 2026: Thu 16, Fri 17, weekend, Mon 20, Tue 21, Wed 22 a holiday, Thu 23, Fri 24, weekend,
Mon 27.

`VISITS`, `STEPS`, `RETURNS` and `WHOLE` say what an auditor with a pencil finds. All spans are
minutes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.test import override_settings

from organization.models import User
from processes import services
from processes.audit.measured.refreshing import refresh
from processes.models import Instance, Task
from tests.cast import Cast, appoint
from tests.organization.hours import holiday
from workflows.registry import Result, StepContext, multiplier, operation

KEY = "periode_sembilan"
TITLE = "Periode dengan sembilan tahap"
SUBJECT = "2026-04"
ADDRESS = f"sop={KEY}&dari={SUBJECT}&sampai={SUBJECT}"  # the scope of all that is told here
ZONE = ZoneInfo("Asia/Makassar")
SOPS = Path(__file__).parents[1] / "sops"


def at(text: str) -> datetime:
    """Return the moment of "16 08.31": day of April 2026 and clock in WITA."""
    day, clock = text.split()
    hour, minute = clock.split(".")
    return datetime(2026, 4, int(day), int(hour), int(minute), tzinfo=ZONE)


NOW = at("30 09.00")  # when it is looked at
RECORDED = [at("16 09.00"), at("16 09.30"), at("16 11.55"), at("16 12.40")]


@multiplier("tests.people_recorded")
def people_recorded(context: StepContext) -> int:
    """Return how many people are recorded by now: two at the claim of stage 3, four at its end."""
    return sum(moment <= context.now for moment in RECORDED)


@operation("tests.compile")
def compile_draft(context: StepContext) -> Result:
    return Result(note=f"draf {context.visit}")


@dataclass(frozen=True)
class Act:
    """Somebody does something to the task that waits; `who` is a name of the cast."""

    moment: str
    who: str
    what: str
    told: Mapping[str, Any] = field(default_factory=dict)


def _act(moment: str, who: str, what: str, **told: Any) -> Act:
    return Act(moment, who, what, told)


def _returned(moment: str, who: str, reason: str) -> Act:
    return _act(moment, who, "complete", keputusan="dikembalikan", alasan=reason)


REASONS = ("Surat sakit Joko belum ada", "Tanggal 3 kurang", "Tanggal 9 kurang")
ACTS: Sequence[Act] = (
    # Stage 1 holds from before: the system passes it. Stage 2 waits half an hour.
    _act("16 08.01", "system", "perform"),
    _act("16 08.31", "admin", "claim"),  # 1
    _act("16 08.32", "admin", "beat"),  # no act: the form is still open
    _act("16 08.35", "admin", "complete"),  # 2
    # Stage 3 over the lunch break.
    _act("16 11.50", "operator", "claim"),  # 3
    _act("16 13.08", "operator", "complete"),  # 4
    # Stage 4 across midnight.
    _act("16 15.55", "admin", "claim"),  # 5
    _act("17 07.32", "admin", "complete"),  # 6
    # Stage 5 over the weekend: a pause, put back, taken by another.
    _act("17 16.20", "operator", "claim"),  # 7
    _act("17 16.25", "operator", "pause", reason="listrik padam"),  # 8
    _act("20 07.40", "operator", "resume"),  # 9
    _act("20 07.50", "operator", "release", reason="dipanggil rapat"),  # 10
    _act("20 10.00", "operator2", "claim"),  # 11
    _act("20 10.04", "operator2", "complete"),  # 12
    _act("20 10.06", "system", "perform"),
    _act("20 11.00", "operator", "claim"),  # 13
    _act("20 11.10", "operator", "complete"),  # 14
    # The first return.
    _act("21 08.00", "kadis", "claim"),  # 15
    _returned("21 08.15", "kadis", REASONS[0]),  # 16
    # Stage 5 again, over a holiday.
    _act("21 15.50", "operator", "claim"),  # 17
    _act("23 07.35", "operator", "complete"),  # 18
    _act("23 07.36", "system", "perform"),
    # Stage 6 again: taken from Yohanes by the head, given to Sari.
    _act("23 07.40", "operator2", "claim"),  # 19
    _act("23 08.10", "kadis", "reassign", to="operator", reason="Yohanes sakit"),  # 20
    _act("23 08.20", "operator", "claim"),  # 21
    _act("23 08.30", "operator", "complete"),  # 22
    # The second return, by who stands in for the head that day.
    _act("23 08.45", "secretary", "claim"),  # 23
    _returned("23 09.20", "secretary", REASONS[1]),  # 24
    _act("23 09.30", "operator", "claim"),  # 25
    _act("23 09.33", "operator", "complete"),  # 26
    _act("23 09.33", "system", "perform"),
    # Stage 6 a third time, sent in the evening.
    _act("23 15.30", "operator", "claim"),  # 27
    _act("23 18.00", "operator", "complete"),  # 28
    # The third return.
    _act("24 07.30", "kadis", "claim"),  # 29
    _returned("24 07.50", "kadis", REASONS[2]),  # 30
    _act("24 08.00", "operator", "claim"),  # 31
    _act("24 08.05", "operator", "complete"),  # 32
    _act("24 08.05", "system", "perform"),
    _act("24 08.10", "operator", "claim"),  # 33
    _act("24 08.18", "operator", "complete"),  # 34
    # Approved after the long break of a Friday.
    _act("24 11.20", "kadis", "claim"),  # 35
    _act("24 13.12", "kadis", "complete", keputusan="disetujui"),  # 36
    # Done on Friday at 16.04, recorded on Monday.
    _act("24 16.00", "admin", "claim"),  # 37
    _act("27 08.00", "admin", "complete", effective_at="24 16.04"),  # 38
    _act("27 08.01", "operator", "claim"),  # 39
    _act("27 08.05", "operator", "complete"),  # 40
)
STARTED, FINISHED = "16 08.00", "27 08.05"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What is to be found of one finished visit. `work` and `wall`: waiting, handling, paused."""

    step: str
    visit: int
    offered: str
    submitted: str
    owner: str = "system"
    work: tuple[int, int, int] = (0, 0, 0)
    wall: tuple[int, int, int] = (0, 0, 0)
    form: int = 0
    standard: int | None = None
    count: int | None = None
    verdict: str
    outcome: str = ""
    flags: frozenset[str] = frozenset()
    lost: int | None = None
    repeated: int | None = None

    @property
    def lead_work(self) -> int:
        return sum(self.work)

    @property
    def lead_wall(self) -> int:
        return sum(self.wall)


# What the form stood open is the time since the claim, but 5 minutes at most between two beats.
VISITS: Sequence[Visit] = (
    Visit(step="menugaskan", visit=1, offered="16 08.00", submitted="16 08.01", verdict="reused"),
    # Open 08.31 until the beat at 08.32, and 3 minutes more.
    Visit(
        step="mendata", visit=1, offered="16 08.01", submitted="16 08.35", owner="admin",
        work=(30, 4, 0), wall=(30, 4, 0), form=4, standard=5, verdict="within",
    ),
    # Waited 08.35-11.50. Handled 11.50-12.00 and 13.00-13.08; 60 of break on the wall. Four people
    # are recorded at the end: 4 x 5 minutes (at the claim it were 2 x 5).
    Visit(
        step="merekam", visit=1, offered="16 08.35", submitted="16 13.08", owner="operator",
        work=(195, 18, 0), wall=(195, 78, 0), form=5, standard=20, count=4, verdict="within",
    ),
    # Waited 13.08-15.55. Handled Thursday 15.55-16.00 and Friday 07.30-07.32; on the wall 15.55 to
    # 07.32 is 15 h 37.
    Visit(
        step="menyiapkan", visit=1, offered="16 13.08", submitted="17 07.32", owner="admin",
        work=(167, 7, 0), wall=(167, 937, 0), form=5, standard=5, verdict="over",
    ),
    # Waited Friday 07.32-11.30 (238) and 13.00-16.20 (200), and after it was put back Monday 07.50-
    # 10.00 (130). Paused Friday 16.25-16.30 and Monday 07.30-07.40; on the wall 63 h 15. Handled
    # Friday 16.20-16.25 (5), Monday 07.40-07.50 (10) and 10.00-10.04 (4).
    Visit(
        step="mengumpulkan", visit=1, offered="17 07.32", submitted="20 10.04", owner="operator2",
        work=(568, 19, 15), wall=(658, 19, 3795), form=4, standard=5, verdict="over",
    ),
    Visit(
        step="susun", visit=1, offered="20 10.04", submitted="20 10.06",
        work=(2, 0, 0), wall=(2, 0, 0), verdict="none",
    ),
    # Exactly the standard is within it.
    Visit(
        step="mencetak", visit=1, offered="20 10.06", submitted="20 11.10", owner="operator",
        work=(54, 10, 0), wall=(54, 10, 0), form=5, standard=10, verdict="within",
    ),
    # Waited Monday 11.10-12.00 (50), 13.00-16.00 (180), Tuesday 07.30-08.00 (30); wall 20 h 50.
    # Lost until Thursday 09.20: Tuesday 08.15-12.00 (225), 13.00-16.00 (180), no Wednesday,
    # Thursday 07.30-09.20 (110). Done again: 15 + 40 + 35.
    Visit(
        step="meneliti", visit=1, offered="20 11.10", submitted="21 08.15", owner="kadis",
        work=(260, 15, 0), wall=(1250, 15, 0), form=5, standard=20, verdict="within",
        outcome="return", lost=515, repeated=90,
    ),
    # Waited 08.15-12.00 (225) and 13.00-15.50 (170); wall 7 h 35. Handled Tuesday 15.50-16.00,
    # nothing on the holiday, Thursday 07.30-07.35; wall 39 h 45.
    Visit(
        step="mengumpulkan", visit=2, offered="21 08.15", submitted="23 07.35", owner="operator",
        work=(395, 15, 0), wall=(455, 2385, 0), form=5, standard=5, verdict="over",
    ),
    Visit(
        step="susun", visit=2, offered="23 07.35", submitted="23 07.36",
        work=(1, 0, 0), wall=(1, 0, 0), verdict="none",
    ),
    # Waited 07.36-07.40 and 08.10-08.20. Yohanes had it 07.40-08.10, Sari 08.20-08.30.
    Visit(
        step="mencetak", visit=2, offered="23 07.36", submitted="23 08.30", owner="operator",
        work=(14, 40, 0), wall=(14, 40, 0), form=5, standard=10, verdict="over",
        flags=frozenset({"forced"}),
    ),
    # Lost until Friday 07.50: Thursday 09.20-12.00 (160), 13.00-16.00 (180), Friday 07.30-07.50
    # (20). Done again: 3 + 30 + 20.
    Visit(
        step="meneliti", visit=2, offered="23 08.30", submitted="23 09.20", owner="secretary",
        work=(15, 35, 0), wall=(15, 35, 0), form=5, standard=20, verdict="over",
        outcome="return", lost=360, repeated=53, flags=frozenset({"by_substitute"}),
    ),
    Visit(
        step="mengumpulkan", visit=3, offered="23 09.20", submitted="23 09.33", owner="operator",
        work=(10, 3, 0), wall=(10, 3, 0), form=3, standard=5, verdict="within",
    ),
    Visit(step="susun", visit=3, offered="23 09.33", submitted="23 09.33", verdict="none"),
    # Waited 09.33-12.00 (147) and 13.00-15.30 (150); wall 5 h 57. Handled 15.30-16.00, the rest
    # until 18.00 is no working time.
    Visit(
        step="mencetak", visit=3, offered="23 09.33", submitted="23 18.00", owner="operator",
        work=(297, 30, 0), wall=(357, 150, 0), form=5, standard=10, verdict="over",
        flags=frozenset({"outside_hours"}),
    ),
    # Offered in the evening, claimed when the office opened: no working time between; wall 13 h 30.
    # Lost until 13.12: 07.50-11.30 (220) and 13.00-13.12 (12). Done again: 5 + 8 + 22.
    Visit(
        step="meneliti", visit=3, offered="23 18.00", submitted="24 07.50", owner="kadis",
        work=(0, 20, 0), wall=(810, 20, 0), form=5, standard=20, verdict="within",
        outcome="return", lost=232, repeated=35,
    ),
    Visit(
        step="mengumpulkan", visit=4, offered="24 07.50", submitted="24 08.05", owner="operator",
        work=(10, 5, 0), wall=(10, 5, 0), form=5, standard=5, verdict="within",
    ),
    Visit(step="susun", visit=4, offered="24 08.05", submitted="24 08.05", verdict="none"),
    Visit(
        step="mencetak", visit=4, offered="24 08.05", submitted="24 08.18", owner="operator",
        work=(5, 8, 0), wall=(5, 8, 0), form=5, standard=10, verdict="within",
    ),
    # Waited 08.18-11.20. Handled 11.20-11.30 and 13.00-13.12; wall 1 h 52.
    Visit(
        step="meneliti", visit=4, offered="24 08.18", submitted="24 13.12", owner="kadis",
        work=(182, 22, 0), wall=(182, 112, 0), form=5, standard=20, verdict="over",
        outcome="approve",
    ),
    # Waited 13.12-16.00. Handled Friday 16.00-16.30 and Monday 07.30-08.00; wall 64 h. What is said
    # of 16.04 is told and judges nothing.
    Visit(
        step="melaporkan", visit=1, offered="24 13.12", submitted="27 08.00", owner="admin",
        work=(168, 60, 0), wall=(168, 3840, 0), form=5, standard=5, verdict="over",
        flags=frozenset({"backdated"}),
    ),
    Visit(
        step="mengarsipkan", visit=1, offered="27 08.00", submitted="27 08.05", owner="operator",
        work=(1, 4, 0), wall=(1, 4, 0), form=4, standard=5, verdict="within",
    ),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Step:
    """What is to be found of one numbered step over all its visits, in working minutes."""

    number: int
    n: int
    within: int = 0
    reused: int = 0
    handling: tuple[float, float] | None = None  # median, p90 (type 7)
    waiting: tuple[float, float] | None = None
    returns: int = 0  # visits that sent the file back


STEPS: Mapping[str, Step] = {
    "menugaskan": Step(number=1, n=0, reused=1),
    "mendata": Step(number=2, n=1, within=1, handling=(4, 4), waiting=(30, 30)),
    "merekam": Step(number=3, n=1, within=1, handling=(18, 18), waiting=(195, 195)),
    "menyiapkan": Step(number=4, n=1, within=0, handling=(7, 7), waiting=(167, 167)),
    # Handled 3 5 15 19: median between 5 and 15; p90 stands at 0.9 x 3 = 2.7, so 15 + 0.7 x 4.
    # Waited 10 10 395 568: median (10 + 395) / 2; p90 395 + 0.7 x 173.
    "mengumpulkan": Step(number=5, n=4, within=2, handling=(10, 17.8), waiting=(202.5, 516.1)),
    # Handled 8 10 30 40: p90 30 + 0.7 x 10. Waited 5 14 54 297: p90 54 + 0.7 x 243.
    "mencetak": Step(number=6, n=4, within=2, handling=(20, 37), waiting=(34, 224.1)),
    # Handled 15 20 22 35: p90 22 + 0.7 x 13. Waited 0 15 182 260: p90 182 + 0.7 x 78.
    "meneliti": Step(
        number=7, n=4, within=2, handling=(21, 31.1), waiting=(98.5, 236.6), returns=3
    ),
    "melaporkan": Step(number=8, n=1, within=0, handling=(60, 60), waiting=(168, 168)),
    "mengarsipkan": Step(number=9, n=1, within=1, handling=(4, 4), waiting=(1, 1)),
}


@dataclass(frozen=True, kw_only=True)
class Returns:
    """What is to be found of the returns: all from stage 7 to stage 5, none in a first pass."""

    count: int
    source: str
    target: str
    reasons: Sequence[str]
    lost: int
    repeated: int
    first_pass: tuple[int, int]  # instances without a return, of the finished ones


RETURNS = Returns(
    count=3, source="meneliti", target="mengumpulkan", reasons=REASONS,
    lost=515 + 360 + 232, repeated=90 + 53 + 35, first_pass=(0, 1),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Whole:
    """What is to be found of the instance."""

    lead_work: int
    lead_wall: int
    returns: int
    conforms: bool
    deviations: frozenset[tuple[str, str]]  # kind and step


WHOLE = Whole(
    # Thu 16 from 08.00: 420. Fri 17, Mon 20, Tue 21, Thu 23, Fri 24: 450 each (a Friday too: 240 +
    # 210). Wed 22 is a holiday. Mon 27 until 08.05: 35.
    lead_work=420 + 5 * 450 + 35,
    lead_wall=11 * 24 * 60 + 5,
    returns=3,
    conforms=True,
    deviations=frozenset(
        {
            ("forced", "mencetak"),
            ("by_substitute", "meneliti"),
            ("outside_hours", "mencetak"),
            ("backdated", "melaporkan"),
        }
    ),
)


@dataclass(frozen=True)
class Played:
    """The period as it was played, and measured."""

    cast: Cast
    instance: Instance

    def task(self, step: str, visit: int) -> Task:
        return Task.objects.get(instance=self.instance, step=step, visit=visit)


def play(cast: Cast) -> Played:
    """Play the period for the cast's agency, and measure it."""
    holiday(date(2026, 4, 22), "Libur Uji")
    appoint(
        cast.secretary,
        "Kadis",
        cast.agency,
        capacity="plh",
        valid_from=date(2026, 4, 23),
        valid_until=date(2026, 4, 23),
    )
    with override_settings(SOP_ROOTS=[SOPS]):
        instance = services.start_process(
            definition_key=KEY,
            agency=cast.agency,
            subject=SUBJECT,
            actor_user=cast.kadis,
            now=at(STARTED),
        )
        for act in ACTS:
            _do(act, cast, instance)
    refresh(now=NOW)
    instance.refresh_from_db()
    return Played(cast, instance)


OTHER: Mapping[str, Callable[..., object]] = {
    "beat": services.note_beat,
    "pause": services.pause_task,
    "resume": services.resume_task,
    "release": services.unclaim_task,
}


def _do(act: Act, cast: Cast, instance: Instance) -> None:
    task = Task.objects.get(instance=instance, status__in=["ready", "claimed"])
    now, told = at(act.moment), dict(act.told)
    if act.who == "system":
        services.perform_task(task_id=task.pk, now=now)
        return
    by: dict[str, Any] = {"task_id": task.pk, "actor_user": getattr(cast, act.who), "now": now}
    if act.what == "claim":
        services.claim_task(**by)
        services.note_opened(**by)  # as the page does that is shown next
    elif act.what == "complete":
        moment = told.pop("effective_at", None)
        effective_at = at(moment) if moment else None
        answers = told or {"catatan": "sudah dikerjakan"}
        services.complete_task(**by, answers=answers, effective_at=effective_at)
    elif act.what == "reassign":
        to_user: User = getattr(cast, told["to"])
        services.reassign_task(**by, to_user=to_user, reason=told["reason"])
    else:
        OTHER[act.what](**by, **told)
