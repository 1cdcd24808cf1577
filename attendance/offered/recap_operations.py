"""Automatic work of this room: build the draft recap, freeze it. Both may be repeated safely."""

from attendance import links
from attendance.days.months import Month
from attendance.models import Recap
from attendance.services import build_draft, freeze_recap, submit_recap
from foundation.indonesian import period_label
from organization.models import Agency
from processes.models import Instance
from workflows.registry import Result, StepContext, operation


@operation("attendance.build_draft", binding=False)
def build_draft_of_period(context: StepContext) -> Result:
    """Judge every day of the period and keep the draft for this instance."""
    recap = build_draft(
        agency=Agency.objects.get(pk=context.agency_id),
        month=Month.parse(context.subject),
        actor=context.actor,
        now=context.now,
        instance=Instance.objects.get(pk=context.instance_id),
        visit=context.visit,
    )
    return Result(f"Draf {recap_sentence(recap)}", links.recap(recap.pk))


@operation("attendance.submit_recap")
def submit_recap_of_period(context: StepContext) -> Result:
    """Lay the printed draft before whoever decides on it."""
    recap = submit_recap(
        agency=Agency.objects.get(pk=context.agency_id),
        month=Month.parse(context.subject),
        actor=context.actor,
        now=context.now,
        instance=Instance.objects.get(pk=context.instance_id),
    )
    return Result(f"Diajukan: {recap_sentence(recap)}", links.recap(recap.pk))


@operation("attendance.freeze_recap")
def freeze_recap_of_period(context: StepContext) -> Result:
    """Freeze what was approved; a later change is an amendment."""
    recap = freeze_recap(
        agency=Agency.objects.get(pk=context.agency_id),
        month=Month.parse(context.subject),
        actor=context.actor,
        now=context.now,
        instance=Instance.objects.get(pk=context.instance_id),
    )
    sentence = f"Dibekukan: {recap_sentence(recap)} SHA-256 {recap.sha256[:16]}."
    return Result(sentence, links.recap(recap.pk))


def recap_sentence(recap: Recap) -> str:
    """Return "rekap April 2026: 90 pegawai, hadir 94,1 %, 3 orang tanpa keterangan." """
    total = recap.figures["jumlah"]
    return (
        f"rekap {period_label(recap.subject)}: {recap.figures['pegawai']} pegawai,"
        f" hadir {total['pct']} %, {recap.figures['pegawai_tk']} orang tanpa keterangan."
    )
