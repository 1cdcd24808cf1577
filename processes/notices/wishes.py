"""Where and when a person wants to be told: what he chose, or what is given to everybody."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time

from organization.models import Agency
from processes.models import NoticeDelivery, NoticePreference
from processes.notices.kinds import ALARM, KINDS, QUEUE
from processes.notices.quiet import OFFICE, Hours, next_time, silenced_until

MAIL = NoticeDelivery.Channel.MAIL
SITE = "site"  # only kinds that are told when asked for can do without it
SUMMARY_AT = time(8)  # of what is only ever summed up


@dataclass(frozen=True)
class Wishes:
    """How one person is told."""

    ways: Mapping[str, Collection[str]] = field(default_factory=dict, hash=False)
    hours: Hours = OFFICE
    summary_at: time | None = None
    alarms_break_quiet: bool = False

    def wants(self, kind: str, channel: str, *, is_mailed: bool = False) -> bool:
        """Say whether a notice of this kind goes by this channel."""
        if (chosen := self.ways.get(kind)) is not None:
            return channel in chosen
        return KINDS[kind].is_sent or (is_mailed and channel == MAIL)

    def wants_queue(self) -> bool:
        return bool(self.ways.get(QUEUE))

    def goes_at(self, agency: Agency, kind: str, channel: str, now: datetime) -> datetime:
        """Return when a notice of this kind may go: after his quiet, mail with his summary."""
        if kind == ALARM and self.alarms_break_quiet:
            return now
        if self.summary_at is not None and channel == MAIL and KINDS[kind].gathers:
            now = next_time(agency, now, self.summary_at)
        return silenced_until(agency, now, self.hours)


EVERYBODY = Wishes()


def wishes_of(user_ids: Collection[int]) -> dict[int, Wishes]:
    """Return the wishes of these people, asked at once."""
    rows = NoticePreference.objects.filter(user__in=user_ids)
    return dict.fromkeys(user_ids, EVERYBODY) | {row.user_id: wishes_in(row) for row in rows}


def wishes_in(row: NoticePreference) -> Wishes:
    return Wishes(
        ways=row.ways,
        hours=Hours(row.quiet_starts, row.quiet_ends, row.is_quiet_on_days_off),
        summary_at=row.summary_at,
        alarms_break_quiet=row.alarms_break_quiet,
    )
