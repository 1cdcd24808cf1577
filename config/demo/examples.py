"""Every report once, from the demo office: what docs/examples shows."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from documents.catalogue import Report, reports
from documents.filling import fill_template
from documents.issue.letterhead import qr_picture
from documents.models import Document
from documents.orders.asking import order_report
from documents.orders.writing import begin_order, write_item
from documents.periods import DAY, MONTH, WEEK
from documents.storage import stored_path
from foundation.actors import Actor
from organization.models import Agency, Appointment, User
from organization.permissions import agencies_where, may, person
from processes.models import Instance
from workflows.registry import NothingToReport, Request, report_context, subject_kind

SATURDAY = 5
CANDIDATES = 12  # things of which the one with most to tell is shown


@dataclass(frozen=True)
class Example:
    """One Word file; `name` is its kind."""

    name: str
    title: str
    content: bytes


def examples(now: datetime) -> Iterator[Example]:
    """Yield what the finished month wrote, then other SOPs, then the rest of the catalogue."""
    finished = Instance.objects.exclude(archive=None).select_related("agency")
    instance = finished.earliest("started_at")
    names = {report.kind: report.key for report in reports().values()}
    of_month = Document.objects.filter(instance=instance).order_by("-round", "id")
    others = Document.objects.exclude(instance=instance).exclude(instance=None).order_by("id")
    shown: set[str] = set()
    for document in [*of_month, *others]:
        if document.kind not in shown:
            shown.add(document.kind)
            name = names.get(document.kind, document.kind)
            yield Example(name, document.title, _content(document))
    for report in reports().values():
        if report.kind not in shown:
            yield Example(report.key, report.title, _made(report, instance, now))


def _content(document: Document) -> bytes:
    return stored_path(document.file.name or "").read_bytes()


def _made(report: Report, instance: Instance, now: datetime) -> bytes:
    if report.only_by_procedure:
        images = {"qr": qr_picture("contoh")}
        return fill_template(report.template, report.sample, name=report.key, images=images)
    agency, actor, subjects = _candidates(report, instance, now)
    sizes = {subject: _size(report, agency, actor, subject, now) for subject in subjects}
    subject = max(sizes, key=lambda subject: sizes[subject])
    order = order_report(report=report, agency=agency, subject=subject, actor=actor, now=now)
    begin_order(order_id=order.pk, now=now)
    item = order.items.earliest("place")  # of many alike one is enough
    return _content(write_item(item_id=item.pk, now=now))


def _size(report: Report, agency: Agency, actor: Actor, subject: str, now: datetime) -> int:
    """Return how much a report about a subject says; 0 where there is nothing to report."""
    try:
        return len(json.dumps(_data(report, agency, actor, subject, now)))
    except NothingToReport:
        return 0


def _data(
    report: Report, agency: Agency, actor: Actor, subject: str, now: datetime
) -> Mapping[str, Any]:
    request = Request(agency_id=agency.pk, subject=subject, actor=actor, now=now)
    data: dict[str, Any] = {}
    for name in report.contexts:
        data.update(report_context.get(name)(request))
    return data


def _candidates(
    report: Report, instance: Instance, now: datetime
) -> tuple[Agency, Actor, list[str]]:
    """Return an agency, who asks, and subjects about the finished month that there are."""
    people = User.objects.filter(is_active=True).order_by("pk")
    first = date.fromisoformat(f"{instance.subject}-01")
    days = [first + timedelta(days=number) for number in range(28)]
    starts = Appointment.objects.filter(agency=instance.agency, valid_from__lte=now.date())
    begun = {row.isoformat() for row in starts.values_list("valid_from", flat=True)}
    workdays = [day.isoformat() for day in days if day.weekday() < SATURDAY]
    times = {
        # Accounts may have been handed over on a day of their own.
        DAY: sorted(begun) if report.kind == "tanda_terima_akun" else workdays,
        WEEK: [f"{day:%G}-W{day:%V}" for day in days[7::7]],
        MONTH: [instance.subject],
    }
    if report.subject in times:
        askers = (u for u in people if may(u, report.permission, instance.agency, now))
        return instance.agency, person(next(askers)), times[report.subject]
    for user in people:
        for agency in agencies_where(user, report.permission, now):
            found = subject_kind(report.subject).list(user.pk, agency.pk, now)
            if subjects := [choice.subject for choice in found]:
                of_month = [text for text in subjects if text.startswith(instance.subject)]
                return agency, person(user), (of_month or subjects)[:CANDIDATES]
    raise LookupError(f"Demo tidak memuat apa pun untuk {report.key}.")
