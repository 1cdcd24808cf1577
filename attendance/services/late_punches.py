"""Punches that came since somebody last looked: the days they bear on are judged anew."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Max, Min, Q

from attendance.days.months import Month
from attendance.law.codes import Code, Flag
from attendance.models import MonthSheet, PunchLook
from attendance.services.sheets import CHUNK, REBUILD, REJUDGE, rejudge
from devices.models import Punch
from foundation.models import OutboxJob
from foundation.outbox import enqueue
from organization.models import Agency
from organization.permissions import local_date

OVERLAP = timedelta(hours=1)  # a transaction may stay open so long after a later id was seen
CAUSE = "Absen yang baru sampai"
KEPT = timedelta(days=1)  # jobs that are done
ONE_DAY = timedelta(days=1)
DAY_ENDS = 4  # o'clock, of the next day
MONTHS_BACK = 3  # how far days that are not final are waited for


@transaction.atomic
def catch_up(*, now: datetime) -> int:
    """Order the days anew on which punches arrived; return of how many people.

    Ids are given before a transaction commits: each stretch of ids of the last hour is counted
    again, and searched again where it holds more than it did. Only one looks at a time.
    """
    looks = list(PunchLook.objects.select_for_update().order_by("last_id"))
    if not looks:
        newest = Punch.objects.aggregate(newest=Max("pk"))["newest"] or 0
        PunchLook.objects.create(after_id=newest, last_id=newest, held=0, looked_at=now)
        _rejudge_recent(now)
        return 0
    last_id = looks[-1].last_id
    since = Punch.objects.filter(pk__gt=looks[0].after_id).aggregate(
        newest=Max("pk"),
        held=Count("pk", filter=Q(pk__lte=last_id)),
        fresh=Count("pk", filter=Q(pk__gt=last_id)),
    )
    stretches = list(_grown(looks)) if since["held"] != sum(look.held for look in looks) else []
    if since["fresh"]:
        stretches.append(
            PunchLook.objects.create(
                after_id=last_id, last_id=since["newest"], held=since["fresh"], looked_at=now
            )
        )
        last_id = since["newest"]
    # The last one stays: it says where to go on.
    if any(look.looked_at < now - OVERLAP and look.last_id < last_id for look in looks):
        PunchLook.objects.filter(looked_at__lt=now - OVERLAP, last_id__lt=last_id).delete()
    return _order(stretches, now) if stretches else 0


def settle_days(*, now: datetime) -> int:
    """Order every agency's current month anew, once an hour; return how many orders are new.

    After 04.00 that judges the day that ended; later hours find the machines that were heard again.
    Earlier months follow while they hold days that were not final. Orders long done are dropped.
    """
    OutboxJob.objects.filter(
        kind__in=(REJUDGE, REBUILD), state=OutboxJob.State.DONE, done_at__lt=now - KEPT
    ).delete()
    return sum(_settle(agency, now) for agency in Agency.objects.order_by("pk"))


def _settle(agency: Agency, now: datetime) -> bool:
    local = now.astimezone(ZoneInfo(agency.time_zone))
    if local.hour < DAY_ENDS:
        return False
    ended = _first_open_day(agency, local.date() - ONE_DAY)
    key = f"attendance.settle:{agency.pk}:{local:%Y-%m-%dT%H}"
    if OutboxJob.objects.filter(key=key).exists():
        return False
    enqueue(
        kind=REJUDGE,
        key=key,
        payload={
            "agency": agency.pk,
            "employees": None,
            "first": ended.isoformat(),
            "last": local.date().isoformat(),
            "cause": "Hari absensi berakhir",
        },
        run_after=now,
    )
    return True


def _first_open_day(agency: Agency, ended: date) -> date:
    """Return the day that ended, or the first of an earlier month with days that are not final."""
    month = Month.of(ended)
    earliest = month
    for _ in range(MONTHS_BACK):
        earliest = earliest.before
    held = Q(days__contains=str(Flag.NOT_FINAL)) | Q(codes__contains=str(Code.NOT_OVER))
    found: date | None = MonthSheet.objects.filter(
        held, agency=agency, month__gte=earliest.first, month__lt=month.first
    ).aggregate(first=Min("month"))["first"]
    return found or ended


def _grown(looks: Sequence[PunchLook]) -> Iterator[PunchLook]:
    """Yield the stretches in which punches appeared since they were counted."""
    for look in looks:
        held = Punch.objects.filter(pk__gt=look.after_id, pk__lte=look.last_id).count()
        if held != look.held:
            look.held = held
            look.save(update_fields=["held"])
            yield look


def _order(stretches: Iterable[PunchLook], now: datetime) -> int:
    """Order the people's days of these stretches anew, those of the same months together."""
    inside = Q()
    for look in stretches:
        inside |= Q(pk__gt=look.after_id, pk__lte=look.last_id)
    people = (
        Punch.objects.counted()
        .filter(inside, employee__isnull=False)
        .order_by()
        .values_list("employee__agency_id", "employee__agency__time_zone", "employee_id")
        .annotate(first=Min("at"), last=Max("at"))
    )
    together: dict[tuple[int, Month, Month], list[tuple[int, date, date]]] = defaultdict(list)
    for agency_id, time_zone, employee_id, first_at, last_at in people:
        zone = ZoneInfo(time_zone)
        # A tap after midnight may belong to the night shift of the day before.
        first = first_at.astimezone(zone).date() - ONE_DAY
        last = last_at.astimezone(zone).date()
        together[agency_id, Month.of(first), Month.of(last)].append((employee_id, first, last))
    for members in together.values():
        for start in range(0, len(members), CHUNK):
            some = members[start : start + CHUNK]
            rejudge(
                employees=[employee_id for employee_id, _, _ in some],
                first=min(first for _, first, _ in some),
                last=max(last for _, _, last in some),
                cause=CAUSE,
                now=now,
            )
    return sum(map(len, together.values()))


def _rejudge_recent(now: datetime) -> None:
    """Order the current and the last month of everybody: nobody ever looked before."""
    for agency in Agency.objects.order_by("pk"):
        today = local_date(agency, now)
        rejudge(
            employees=None,
            first=Month.of(today).before.first,
            last=today,
            cause=CAUSE,
            now=now,
            agency_id=agency.pk,
        )
