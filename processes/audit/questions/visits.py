"""The visits behind a figure: which of a scope, in what order, and what stands in their row.

A figure's address says all of it, so that who is sent the address sees the same visits.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from foundation.indonesian import DAYS, zone_label
from processes.audit.questions.steps import column
from processes.audit.scope import ClockKind, Scope
from processes.audit.statistics import span
from processes.audit.versions import newest_tasks, versions
from processes.clocks import State
from processes.models import Task, VisitTiming
from processes.models.timings import PEOPLES, RETURNED, Verdict
from workflows.definitions import TaskDefinition, TaskKind

# saring -> (words, condition); "turned" also asks for the step, see `Filter.condition`.
KINDS: Mapping[str, tuple[str, Q]] = {
    "people": ("Dikerjakan orang", PEOPLES),
    "within": ("Sesuai baku", Q(verdict=Verdict.WITHIN)),
    "over": ("Melebihi baku", Q(verdict=Verdict.OVER)),
    "none": ("Dikerjakan orang, tanpa baku", PEOPLES & Q(verdict=Verdict.NONE)),
    "reused": ("Masih berlaku", Q(verdict=Verdict.REUSED)),
    "system": ("Langkah sistem dan waktu tunggu", ~Q(kind=TaskKind.USER) & ~Q(verdict="reused")),
    "returned": ("Mengembalikan", RETURNED),
    "turned": ("Pengembalian dari dan ke tahap ini", RETURNED),
    "repeated": ("Putaran kedua dan seterusnya", PEOPLES & Q(visit__gt=1)),
    "substitute": ("Oleh pengganti (Plt./Plh.)", Q(by_substitute=True)),
    "outside": ("Dikirim di luar jam kerja", Q(outside_hours=True)),
    "forced": ("Dipaksa: diambil alih atau diakhiri lebih awal", Q(forced=True)),
    "backdated": ("Berlaku mundur", Q(backdated=True)),
    "clock": ("Jam mundur", Q(clock_back=True)),
    "order": ("Di luar urutan BPMN", Q(out_of_order=True)),
    "undone": ("Dimundurkan: dikerjakan lagi", Q(undone=True)),
}
FLAGS = (
    ("by_substitute", "oleh pengganti"),
    ("outside_hours", "di luar jam kerja"),
    ("forced", "dipaksa"),
    ("backdated", "berlaku mundur"),
    ("clock_back", "jam mundur"),
    ("out_of_order", "di luar urutan"),
    ("undone", "dimundurkan"),
)
NEWEST_FIRST = "-kirim"
VERDICTS = {
    Verdict.WITHIN: State("ok", "check", "Sesuai baku"),
    Verdict.OVER: State("late", "alert", "Melebihi baku"),
    Verdict.REUSED: State("reused", "reused", "Masih berlaku"),
    Verdict.NONE: State("", "info", "Tanpa baku"),
}
MOST_VISITS = 32_767  # what its column holds
ORDERS = ("kirim", "kerja", "tunggu", "lama", "baku", "langkah", "putaran", "pd")


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What of a scope is looked at; everything empty: all of it."""

    step: str = ""
    kind: str = ""  # of KINDS
    visit: int | None = None
    lane: str = ""
    weekday: int | None = None  # 0 is Monday, of the offer
    returned_to: str = ""
    role: str = ""  # in which it was submitted: "Plh. Kadis"
    person: int | None = None
    order: str = NEWEST_FIRST

    @property
    def is_open(self) -> bool:
        """Return whether it lets every visit through."""
        return self.condition() == Q()

    def condition(self) -> Q:
        found = Q()
        if self.kind == "turned" and self.step:
            found &= RETURNED & (Q(step=self.step) | Q(returned_to=self.step))
        else:
            found &= KINDS[self.kind][1] if self.kind else Q()
            found &= Q(step=self.step) if self.step else Q()
        if self.visit is not None:
            found &= Q(visit=self.visit)
        if self.weekday is not None:
            found &= Q(offered_weekday=self.weekday)
        if self.lane:
            found &= Q(lane=self.lane)
        if self.returned_to:
            found &= Q(returned_to=self.returned_to)
        if self.role:
            found &= Q(acting_as=self.role)
        if self.person is not None:
            found &= Q(owner=self.person)
        return found


def read_filter(parameters: Mapping[str, str]) -> Filter:
    """Return what the address asks for; what it cannot ask for is not asked."""
    kind, order = parameters.get("saring", ""), parameters.get("urut", "")
    weekday = _number(parameters.get("hari", ""))
    visit = _number(parameters.get("putaran", ""))
    return Filter(
        step=_text(parameters, "langkah"),
        kind=kind if kind in KINDS else "",
        visit=visit if visit is not None and visit <= MOST_VISITS else None,
        lane=_text(parameters, "jalur"),
        weekday=weekday if weekday is not None and weekday < len(DAYS) else None,
        returned_to=_text(parameters, "ke"),
        role=_text(parameters, "peran"),
        person=_number(parameters.get("petugas", "")),
        order=order if order.removeprefix("-") in ORDERS else NEWEST_FIRST,
    )


def ignored(parameters: Mapping[str, str], chosen: Filter) -> list[str]:
    """Return which parameters of a filter stand in the address but ask for nothing."""
    read = {
        "saring": chosen.kind,
        "hari": chosen.weekday,
        "putaran": chosen.visit,
        "petugas": chosen.person,
        "urut": parameters.get("urut", "").removeprefix("-") in ORDERS or None,
    }
    return [name for name, value in read.items() if parameters.get(name) and value in ("", None)]


def visits(scope: Scope, chosen: Filter) -> QuerySet[VisitTiming]:
    """Return the visits in their order, with what their rows show; one query."""
    rows = scope.visits().filter(chosen.condition())
    down = "-" if chosen.order.startswith("-") else ""
    columns = {
        "kirim": ["submitted_at"],
        "kerja": [column(scope.clock, "handling")],
        "tunggu": [column(scope.clock, "waiting")],
        "lama": [column(scope.clock, "lead")],
        "baku": ["standard"],
        "langkah": ["number", "step"],
        "putaran": ["visit"],
        "pd": ["agency__name"],
    }[chosen.order.removeprefix("-")]
    ordered = rows.order_by(*(f"{down}{name}" for name in columns), f"{down}pk")
    return ordered.select_related("task", "instance", "agency", "owner__employee").defer(
        "task__draft", "task__answers", "instance__state", "instance__form", "instance__visits"
    )


@dataclass(frozen=True)
class Row:
    """One visit as a row of the page."""

    visit: VisitTiming
    name: str
    clock: ClockKind

    @property
    def task(self) -> Task:
        return self.visit.task

    @property
    def who(self) -> str:
        if self.visit.owner is not None:
            return self.visit.owner.get_full_name()
        return "Waktu" if self.visit.kind == TaskKind.TIMER else "Sistem"

    @property
    def is_counted(self) -> bool:
        """Return whether it has times: what was passed as still valid has none."""
        return self.visit.verdict != Verdict.REUSED

    @property
    def handling(self) -> timedelta | None:
        return self._span("handling")

    @property
    def waiting(self) -> timedelta | None:
        return self._span("waiting")

    @property
    def paused(self) -> timedelta | None:
        return self._span("paused") or None

    @property
    def standard(self) -> timedelta | None:
        return span(self.visit.standard)

    @property
    def state(self) -> State | None:
        """Return the verdict as a badge; the system has none."""
        is_peoples = self.visit.kind == TaskKind.USER or not self.is_counted
        return VERDICTS[Verdict(self.visit.verdict)] if is_peoples else None

    def _span(self, name: str) -> timedelta | None:
        return span(getattr(self.visit, column(self.clock, name))) if self.is_counted else None

    @property
    def flags(self) -> list[str]:
        return [words for name, words in FLAGS if getattr(self.visit, name)]


def rows_of(scope: Scope, found: Iterable[VisitTiming]) -> Iterator[Row]:
    """Yield a row for each visit; steps are called as the newest version calls them."""
    tasks = newest_tasks(versions(scope))
    for visit in found:
        yield Row(visit, _name(visit, tasks), scope.clock)


CSV_HEADER = (
    "perangkat_daerah", "berkas", "judul_berkas", "tahap", "kegiatan", "kode_kegiatan", "putaran",
    "pelaksana", "dikerjakan_oleh", "bertindak_sebagai", "ditawarkan", "diambil", "dikirim", "zona",
    "kerja_detik", "tunggu_detik", "jeda_detik", "lama_detik",
    "kerja_dinding_detik", "tunggu_dinding_detik", "jeda_dinding_detik", "lama_dinding_detik",
    "formulir_terbuka_detik", "baku_detik", "n_baku", "penilaian", "hasil", "dikembalikan_ke",
    "tanda",
)  # fmt: skip


def csv_rows(scope: Scope, found: QuerySet[VisitTiming]) -> Iterator[tuple[object, ...]]:
    """Yield the visits as cells; durations in whole seconds, moments in the agency's own time."""
    for row in rows_of(scope, found.iterator(chunk_size=2000)):
        visit, task = row.visit, row.task
        zone = visit.agency.time_zone
        yield (
            visit.agency.name, visit.instance_id, visit.instance.title, visit.number, row.name,
            visit.step, visit.visit, visit.lane, row.who, task.acting_as,
            *(_local(at, zone) for at in (task.offered_at, task.claimed_at, task.submitted_at)),
            zone_label(zone, visit.submitted_at),
            visit.handling_work, visit.waiting_work, visit.paused_work, visit.lead_work,
            visit.handling_wall, visit.waiting_wall, visit.paused_wall, visit.lead_wall,
            visit.form_open, visit.standard, visit.count, Verdict(visit.verdict).label,
            visit.outcome_kind, visit.returned_to, ", ".join(row.flags),
        )  # fmt: skip


def _name(visit: VisitTiming, tasks: Mapping[str, TaskDefinition]) -> str:
    task = tasks.get(visit.step)
    if task is None:
        return visit.task.full_name
    return f"{task.name} · {visit.task.row_label}" if visit.task.row_label else task.name


def _local(at: datetime | None, zone: str) -> str:
    return "" if at is None else f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"


def _text(parameters: Mapping[str, str], name: str) -> str:
    return parameters.get(name, "")[:120]


def _number(text: str) -> int | None:
    """Return a number of an address that every column can hold, None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None
