"""The clock of a simulated machine: right, ahead, drifting, or showing a day that is none."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from devices.simulator.tables import encode_time

FEBRUARY = 31  # days before it in a year of twelve times 31, as machines count


@dataclass
class Clock:
    """What the machine's display shows, without a zone; `time_zone` is where it hangs."""

    time_zone: str = "Asia/Makassar"
    offset: float = 0.0  # seconds ahead of the true time, at the moment `since`
    drift: float = 0.0  # seconds that it gains in an hour
    impossible: bool = False  # shows 31 February, as after a flat battery
    since: datetime = field(default_factory=lambda: datetime.now(ZoneInfo("UTC")))

    def __post_init__(self) -> None:
        """Raises LookupError for a zone that does not exist."""
        ZoneInfo(self.time_zone)

    def true(self) -> datetime:
        return datetime.now(ZoneInfo(self.time_zone))

    def shown(self) -> datetime:
        """Return the time shown; of an impossible date the hours are right, the day is not."""
        true = self.true()
        gained = self.drift * (true - self.since).total_seconds() / 3600
        shown = true + timedelta(seconds=self.offset + gained)
        return shown.replace(tzinfo=None, microsecond=0)

    def counted(self) -> int:
        """Return the time as the machine counts it in its records, see `encode_time`."""
        shown = self.shown()
        if not self.impossible:
            return encode_time(shown)
        return encode_time(shown.replace(month=1, day=31)) + FEBRUARY * 86400

    def turn(self, *, offset: float) -> None:
        """Let the clock be ahead of the true time by so many seconds from now on."""
        self.offset, self.impossible, self.since = offset, False, self.true()

    def set(self, shown: datetime) -> None:
        true = self.true().replace(tzinfo=None)
        self.turn(offset=(shown - true).total_seconds())
