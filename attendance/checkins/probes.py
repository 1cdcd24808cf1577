"""Is everything there that presences of a day need? Looked at before work; nothing is changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from attendance.checkins.standing import offices_of, policy_on
from attendance.models import CheckIn
from foundation.indonesian import moment_text
from foundation.models import OutboxJob
from organization.models import Agency

OVERDUE = timedelta(minutes=5)  # after which work that is due and not done tells of no worker


@dataclass(frozen=True)
class Probe:
    """One thing that was looked at."""

    name: str
    is_well: bool
    text: str


def probes_of(agency: Agency, day: date, now: datetime) -> Sequence[Probe]:
    """Return what was looked at; a few queries."""
    takes = policy_on(agency, day).takes_check_ins
    offices = offices_of(agency, day)
    waiting = OutboxJob.objects.filter(state=OutboxJob.State.WAITING, run_after__lt=now - OVERDUE)
    overdue = waiting.filter(leased_until=None).count()
    failed = OutboxJob.objects.filter(state=OutboxJob.State.INCIDENT).count()
    last = CheckIn.objects.accepted().filter(agency=agency).order_by("-received_at").first()
    told = moment_text(last.received_at, agency.time_zone) if last else "belum pernah"
    return [
        Probe(
            "Presensi lewat ponsel", takes, "dibuka" if takes else "belum dibuka pada aturan"
        ),
        Probe(
            "Lokasi kantor", bool(offices),
            ", ".join(office.name for office in offices) or "belum dicatat",
        ),
        Probe(
            "Pekerja latar", not overdue,
            f"{overdue} pekerjaan tertunda" if overdue else "tidak ada yang tertunda",
        ),
        Probe(
            "Pekerjaan gagal", not failed, f"{failed} menunggu diulang" if failed else "tidak ada"
        ),
        Probe("Presensi terakhir yang diterima", True, told),
    ]  # fmt: skip
