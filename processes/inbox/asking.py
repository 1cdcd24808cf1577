"""What the address of a list asks for: words, one quick filter, a SOP, an agency, an order.

What is no such thing is left out rather than refused: an old link still opens the list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.http import QueryDict

Tab = Literal["mine", "queue", "archive"]
TABS: Mapping[str, Tab] = {"saya": "mine", "antrean": "queue", "riwayat": "archive"}
PARAMETERS = ("q", "saring", "sop", "instansi", "urut")
WHOLE = "semua"  # the list as it is, whatever filter it opens with
MOST_KEYS = 3  # of an order
LONGEST_WORDS = 100


class ListName:
    """A list in an address."""

    regex = "|".join(TABS)

    def to_python(self, value: str) -> Tab:
        return TABS[value]

    def to_url(self, value: str) -> str:
        return next(name for name, tab in TABS.items() if tab == value)


class FileKind:
    """What a list is handed out as, in an address."""

    regex = "csv|xlsx"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


@dataclass(frozen=True)
class Quick:
    """A filter of one press; `by_clock` is told by working time, which no database knows."""

    words: str
    icon: str
    tabs: tuple[Tab, ...]
    by_clock: bool = False


QUICK: Mapping[str, Quick] = {
    "segera": Quick("Segera", "flag", ("mine", "queue")),
    "terlambat": Quick("Terlambat", "alert", ("mine",), by_clock=True),
    "hari-ini": Quick("Jatuh tempo hari ini", "clock", ("mine",), by_clock=True),
    "kembali": Quick("Dikembalikan", "return", ("mine", "queue", "archive")),
    "diserahkan": Quick("Diserahkan kepada saya", "handover", ("mine",)),
    "lama": Quick("Menunggu lebih dari sehari", "hourglass", ("queue",)),
}


@dataclass(frozen=True)
class Key:
    """One column that a list can be ordered by."""

    words: str
    column: str
    tabs: tuple[Tab, ...] = ("mine", "queue", "archive")


KEYS: Mapping[str, Key] = {
    "tenggat": Key("Tenggat", "due_at", ("mine",)),
    "tiba": Key("Waktu tiba", "offered_at"),
    "kirim": Key("Waktu selesai", "submitted_at", ("archive",)),
    "tahap": Key("Tahap", "name"),
    "berkas": Key("Berkas", "instance__title"),
    "sop": Key("SOP", "instance__definition_key"),
    "instansi": Key("Instansi", "agency__name"),
    "putaran": Key("Putaran", "visit"),
}


@dataclass(frozen=True)
class Asked:
    """How one list is narrowed and ordered; `order` has the names of `KEYS`, "-" for descending."""

    tab: Tab
    words: str = ""
    quick: str = ""
    sop: str = ""
    agency: int | None = None
    order: tuple[str, ...] = ()

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.quick or self.sop or self.agency)

    @property
    def is_plain(self) -> bool:
        """Say whether this is the list as it is, in its own order."""
        return not self.is_narrowed and not self.order

    @property
    def by_clock(self) -> bool:
        return bool(self.quick) and QUICK[self.quick].by_clock

    @property
    def query(self) -> str:
        """Return it as part of an address, the same for the same list."""
        query = QueryDict(mutable=True)
        for name, value in (("q", self.words), ("saring", self.quick), ("sop", self.sop)):
            if value:
                query[name] = value
        if self.agency:
            query["instansi"] = str(self.agency)
        query.setlist("urut", list(self.order))
        return query.urlencode()


def asked_for(tab: Tab, query: QueryDict) -> Asked:
    """Read what an address asks for."""
    quick, agency = query.get("saring", ""), query.get("instansi", "")
    return Asked(
        tab=tab,
        words=query.get("q", "").strip()[:LONGEST_WORDS],
        quick=quick if quick in QUICK and tab in QUICK[quick].tabs else "",
        sop=query.get("sop", "").strip()[:80],
        agency=int(agency) if agency.isdecimal() and len(agency) < 19 else None,
        order=_order(tab, query.getlist("urut")),
    )


def _order(tab: Tab, asked: list[str]) -> tuple[str, ...]:
    """Return the first keys that this list has, each once."""
    found: dict[str, str] = {}
    for text in asked:
        name = text.removeprefix("-")
        if name in KEYS and tab in KEYS[name].tabs:
            found.setdefault(name, text)
    return tuple(found.values())[:MOST_KEYS]
