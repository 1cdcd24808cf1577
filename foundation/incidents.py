"""Work of the outbox that failed for good: what it is about, and what people decide on it.

Each room says of its kinds of work what they are called and what they are about (`describe`). An
incident is tried again, or given up with a reason; both are events, and of two people who decide
at once one is told that the other was first.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import QuerySet

from foundation import ledger, outbox
from foundation.actors import Actor
from foundation.models import LedgerStream, OutboxJob

MOST = 500  # incidents that one page looks at
GONE = "Yang dikerjakan sudah tidak ada lagi"
# What libraries call their errors, in words for whoever has no use for those names.
PLAIN = {
    "ConnectionError": "Sambungan gagal",
    "ConnectionRefusedError": "Sambungan ditolak",
    "ConnectionResetError": "Sambungan terputus",
    "TimeoutError": "Tidak ada jawaban sampai batas waktunya",
    "OSError": "Penyimpanan atau jaringan server bermasalah",
    "PermissionError": "Server tidak berhak atas berkas atau foldernya",
    "FileNotFoundError": "Berkas yang diperlukan tidak ditemukan",
    "MemoryError": "Memori server habis",
}
FOREIGN = re.compile(r"^([A-Z]\w*(?:Error|Exception|Interrupt|Exit))(?:: |$)")


class IncidentOver(Exception):
    """Somebody decided on it before, or it never was one."""

    message = "Pekerjaan ini sudah ditangani; muat ulang halaman."

    def __str__(self) -> str:
        return self.message


class NotHere(Exception):
    """This kind of work is tried again, or ended, on the page of what it is about."""

    message = "Pekerjaan ini ditangani di halamannya sendiri; buka lewat tautannya."

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, kw_only=True)
class About:
    """What a piece of work is about. `agency_id` None: the installation as a whole."""

    text: str
    agency_id: int | None
    link: str = ""
    is_over: bool = False  # overtaken: nobody waits for it any more


Tell = Callable[[Mapping[str, Any]], About]
# Tries again where the work is known; False: the job alone goes back into the outbox.
Retry = Callable[[Mapping[str, Any], Actor, datetime], bool]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of work in words, and what may be decided on it."""

    label: str
    tell: Tell
    retry: Retry | None = None
    retried_here: bool = True
    given_up_here: bool = True


_kinds: dict[str, Kind] = {}


def describe(labels: Mapping[str, str], tell: Tell, **options: Any) -> None:
    """Say what kinds of work are called and what they are about; `options` as in `Kind`."""
    for kind, label in labels.items():
        _kinds[kind] = Kind(label=label, tell=tell, **options)


def described() -> Mapping[str, Kind]:
    return _kinds


@dataclass(frozen=True, kw_only=True)
class Incident:
    """One incident as a page shows it."""

    job: OutboxJob
    kind: Kind
    about: About

    @property
    def error(self) -> str:
        return plain_error(self.job.last_error)


def plain_error(text: str) -> str:
    """Return an error in words. What a library says may hold anything: its kind alone is told."""
    found = FOREIGN.match(text)
    if found is None:
        return text or "Tidak diketahui"
    name = found[1]
    words = PLAIN.get(name)
    return f"{words}." if words else f"Kesalahan program ({name}); sampaikan kepada pengelola."


def open_jobs() -> QuerySet[OutboxJob]:
    """Return the jobs that wait for somebody's decision, the oldest first."""
    return OutboxJob.objects.filter(state=OutboxJob.State.INCIDENT).order_by("created_at", "id")


def open_incidents(jobs: Iterable[OutboxJob] | None = None) -> list[Incident]:
    """Return what waits for a decision, told by the rooms; what was overtaken is left out."""
    found = open_jobs()[:MOST] if jobs is None else jobs
    told = (incident_of(job) for job in found)
    return [incident for incident in told if not incident.about.is_over]


def incident_of(job: OutboxJob) -> Incident:
    kind = _kinds.get(job.kind) or Kind(label=job.kind, tell=_unknown)
    try:
        about = kind.tell(job.payload)
    except (ObjectDoesNotExist, KeyError):
        about = About(text=GONE, agency_id=None)
    return Incident(job=job, kind=kind, about=about)


def _unknown(payload: Mapping[str, Any]) -> About:
    return About(text="", agency_id=None)


@transaction.atomic
def retry_incident(*, job_id: int, stream: LedgerStream, actor: Actor, now: datetime) -> None:
    """Give work that failed a fresh set of attempts. Raises IncidentOver, NotHere."""
    incident = _open(job_id)
    if not incident.kind.retried_here:
        raise NotHere
    known = incident.kind.retry
    done = known is not None and known(incident.job.payload, actor, now)
    if not done and not outbox.retry(job=incident.job, now=now):
        raise IncidentOver
    _record(incident, stream, actor, "incident_retried", now)


@transaction.atomic
def give_up_incident(
    *, job_id: int, reason: str, stream: LedgerStream, actor: Actor, now: datetime
) -> None:
    """Let work that failed rest for good, for a reason. Raises IncidentOver, NotHere."""
    if not reason.strip():
        raise ValueError("giving up needs a reason")
    incident = _open(job_id)
    if not incident.kind.given_up_here:
        raise NotHere
    if not outbox.drop(job=incident.job, now=now):
        raise IncidentOver
    _record(incident, stream, actor, "incident_given_up", now, reason=reason.strip()[:500])


def _open(job_id: int) -> Incident:
    """Return the incident. Nothing is locked here: whoever changes its row compares first."""
    job = open_jobs().filter(pk=job_id).first()
    incident = incident_of(job) if job is not None else None
    if incident is None or incident.about.is_over:
        raise IncidentOver
    return incident


def _record(
    incident: Incident, stream: LedgerStream, actor: Actor, verb: str, now: datetime, **more: str
) -> None:
    job = incident.job
    ledger.record(
        stream=stream,
        actor=actor,
        verb=verb,
        subject=f"{job._meta.label_lower}:{job.pk}",
        before={"state": job.state, "attempts": job.attempts},
        after={"kind": job.kind, **more},
        now=now,
    )
