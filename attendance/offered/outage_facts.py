"""What gateways read about an outage, and the moments its timers wait for."""

from datetime import datetime

from attendance import links
from attendance.evidence.outage_conflicts import conflicts_of
from attendance.evidence.outage_days import day_to_send, due_at, next_end
from attendance.offered.outage_steps import outage_of_step
from foundation.indonesian import date_text
from organization.permissions import local_date
from workflows.registry import Fact, StepContext, deadline, fact


@fact("attendance.outage_day_to_send")
def outage_day_to_send(context: StepContext) -> Fact:
    """Say whether a day of the outage is over whose manual recap nobody has sent."""
    outage = outage_of_step(context)
    day = day_to_send(outage, context.now)
    evidence = f"Rekap {date_text(day)} belum dikirim." if day else "Tidak ada hari yang menunggu."
    return Fact(value=day is not None, evidence=evidence, link=links.outage(outage.pk))


@fact("attendance.outage_goes_on")
def outage_goes_on(context: StepContext) -> Fact:
    """Say whether the outage has no end yet."""
    outage = outage_of_step(context)
    ended = f"Berakhir {date_text(outage.last_on)}." if outage.last_on else "Masih terganggu."
    return Fact(value=outage.last_on is None, evidence=ended, link=links.outage(outage.pk))


@fact("attendance.outage_conflicts")
def outage_conflicts(context: StepContext) -> Fact:
    """Say whether list and machine differ somewhere by more than the policy tolerates."""
    outage = outage_of_step(context)
    count = len(conflicts_of(outage, context.now))
    evidence = f"{count} selisih menunggu BKD." if count else "Tidak ada selisih."
    return Fact(value=count > 0, evidence=evidence, link=links.outage_conflicts(outage.pk))


@deadline("attendance.outage_recap_due")
def outage_recap_due(context: StepContext) -> datetime:
    """Return when the recap that is to be sent now should be there."""
    outage = outage_of_step(context)
    day = day_to_send(outage, context.now) or local_date(outage.agency, context.now)
    return due_at(outage, day, context.now)


@deadline("attendance.outage_next_day")
def outage_next_day(context: StepContext) -> datetime:
    """Return when the work of the outage's next day is over."""
    return next_end(outage_of_step(context), context.now)
