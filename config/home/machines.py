"""How the machines are: how many there are, which are silent, whose clock is wrong."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlencode

from django.urls import reverse

from devices.health import Condition, conditions, has_wrong_clock, is_silent
from devices.models import Device
from devices.views.access import VIEW
from organization.models import User
from organization.permissions import agencies_where, may_somewhere


class State(StrEnum):
    """What is asked of a machine; the value is what the address says. Two may hold at once."""

    HEARD = "daring"
    SILENT = "luring"
    CLOCK = "jam"
    RESTING = "tidak-aktif"


BADGES = {
    State.HEARD: ("ok", "online", "Terhubung"),
    State.SILENT: ("failed", "offline", "Tidak terhubung"),
    State.CLOCK: ("late", "clock", "Jam melenceng"),
    State.RESTING: ("info", "pause", "Belum atau tidak aktif"),
}


@dataclass(frozen=True)
class Machine:
    """A machine with all that is to say of it now."""

    device: Device
    now: datetime

    @property
    def conditions(self) -> list[Condition]:
        return conditions(self.device, self.now)

    def holds(self, state: State) -> bool:
        if self.device.state != Device.State.ACTIVE:
            return state is State.RESTING
        asked: dict[State, Callable[[], bool]] = {
            State.HEARD: lambda: not is_silent(self.device, self.now),
            State.SILENT: lambda: is_silent(self.device, self.now),
            State.CLOCK: lambda: has_wrong_clock(self.device),
        }
        return state in asked and asked[state]()


@dataclass(frozen=True)
class Tile:
    """How many machines are so, and where they are listed."""

    state: State
    count: int

    @property
    def badge(self) -> tuple[str, str, str]:
        return BADGES[self.state]

    @property
    def link(self) -> str:
        return f"{reverse('beranda:machines')}?{urlencode({'keadaan': self.state})}"


@dataclass(frozen=True)
class Machines:
    """The machines that somebody sees, those that nobody uses any longer left out."""

    rows: Sequence[Machine]

    def of(self, state: State) -> list[Machine]:
        return [row for row in self.rows if row.holds(state)]

    @property
    def tiles(self) -> list[Tile]:
        """Return each state; the last one only where a machine is so."""
        told = [Tile(state, len(self.of(state))) for state in State]
        return [tile for tile in told if tile.count or tile.state is not State.RESTING]


def machines(user: User, now: datetime) -> Machines | None:
    """Return the machines of the agencies where a role shows them; None where none does."""
    if not may_somewhere(user, VIEW, now):
        return None
    rows = Device.objects.filter(agency__in=agencies_where(user, VIEW, now).values("pk"))
    rows = rows.exclude(state=Device.State.RETIRED).select_related("agency")
    return Machines([Machine(device, now) for device in rows.order_by("agency__name", "name")])
