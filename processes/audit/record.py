"""The record that proves itself, as the page and the reports tell of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from foundation import ledger
from foundation.indonesian import moment_text
from foundation.ledger import Fault
from foundation.ledger.asking import ask_verification
from foundation.models import Anchor, Event, Verification
from organization.models import Agency, User
from organization.permissions import actor_for
from processes.audit.scope import Scope
from processes.contexts import instance_of
from processes.models import Instance
from workflows.registry import Request, report_context


@dataclass(frozen=True)
class Finding:
    """A fault in words: what it is about, where in its events, with a page if one may be seen."""

    about: str
    place: int
    reason: str
    link: str = ""


@transaction.atomic
def ask(*, user: User, agency: Agency, now: datetime) -> Verification:
    """Have the whole record checked by a worker; that it was asked for is an event as well."""
    actor = actor_for(user, None, agency, now)
    verification = ask_verification(actor=actor, now=now)
    if verification.asked_at == now:
        ledger.record(
            stream=agency,
            actor=actor,
            verb="ledger_verification_asked",
            subject=f"foundation.verification:{verification.pk}",
            now=now,
        )
    return verification


def counted() -> dict[str, int]:
    """Return how much there is: events, chains with events, anchors."""
    models = ledger.stream_models()
    return {
        "events": Event.objects.count(),
        "streams": sum(
            model._default_manager.filter(ledger_length__gt=0).count() for model in models
        ),
        "anchors": Anchor.objects.count(),
    }


def findings(verification: Verification, scope: Scope) -> list[Finding]:
    """Return what a check found; titles and links only of what the scope's agencies own."""
    faults = [Fault(**told) for told in verification.faults]
    titles = _titles(faults, scope.agencies)
    return [_finding(fault, titles) for fault in faults]


def _finding(fault: Fault, titles: Mapping[str, tuple[str, str]]) -> Finding:
    kind, _, key = fault.stream.partition(":")
    if kind == "foundation.anchor":
        return Finding(f"Jangkar {fault.sequence}", 0, fault.reason)
    if not kind:
        return Finding("Pemeriksaan", 0, fault.reason)
    others = {
        Instance._meta.label_lower: f"Berkas {key} (perangkat daerah lain)",
        Agency._meta.label_lower: "Rantai perangkat daerah lain",
    }
    about, link = titles.get(fault.stream, (others.get(kind, f"Rantai {fault.stream}"), ""))
    return Finding(about, fault.sequence, fault.reason, link)


def _titles(faults: Iterable[Fault], agencies: Sequence[Agency]) -> dict[str, tuple[str, str]]:
    found = {agency.stream: (agency.name, "") for agency in agencies}
    label = Instance._meta.label_lower
    keys = [fault.stream.partition(":")[2] for fault in faults if fault.stream.startswith(label)]
    rows = Instance.objects.filter(pk__in=keys, agency__in=agencies)
    for instance in rows.only("title"):
        link = reverse("processes:detail", args=[instance.pk])
        found[instance.stream] = (instance.title, link)
    return found


@report_context("processes.record")
def record_told(context: Request) -> Mapping[str, Any]:
    """Return `catatan`: events and head of the instance, number, day and digest of the anchor.

    On paper that was signed they are an anchor of their own.
    """
    instance = instance_of(context)
    anchor = Anchor.objects.last()
    return {
        "catatan": {
            "peristiwa": instance.ledger_length,
            "sidik": instance.ledger_hash or "-",
            "jangkar": {
                "nomor": str(anchor.number) if anchor else "-",
                "tanggal": moment_text(anchor.at, instance.agency.time_zone) if anchor else "-",
                "sidik": anchor.digest if anchor else "-",
            },
        }
    }
