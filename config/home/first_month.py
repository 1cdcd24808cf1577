"""What an office still lacks before its first month is closed; nothing is ticked by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from attendance.models import Recap
from devices.models import Device, FingerprintTemplate, Punch
from organization.mandates.duties import officer_roles
from organization.models import Agency, Appointment, Employee, PublicHoliday, User
from organization.permissions import agencies_where, may_somewhere
from processes.models import Instance
from workflows import repository
from workflows.definitions import SubjectKind

CAPABILITY = "officers.appoint"  # of whoever prepares an office: its head and its admin


@dataclass(frozen=True)
class Line:
    """One thing to do: where, why by which article, and whether it is done."""

    text: str
    page: str
    source: str
    is_done: bool

    @property
    def link(self) -> str:
        return reverse(self.page)


@dataclass(frozen=True)
class FirstMonth:
    """The list of an agency until a recap of it is frozen."""

    agency: Agency
    lines: Sequence[Line]

    @property
    def left(self) -> int:
        return sum(not line.is_done for line in self.lines)


def first_month(user: User, now: datetime) -> FirstMonth | None:
    """Return the list of the first of his agencies that never closed a month; None without one."""
    if not may_somewhere(user, CAPABILITY, now):
        return None
    mine = agencies_where(user, CAPABILITY, now)
    frozen = Recap.objects.frozen().filter(agency=OuterRef("pk"))
    agency = mine.filter(~Exists(frozen)).order_by("pk").first()
    if agency is None:
        return None
    there = _there(now)
    done = Agency.objects.annotate(**there).values(*there).get(pk=agency.pk)
    return FirstMonth(agency, _lines(done))


def _there(now: datetime) -> dict[str, Exists]:
    """Return what is asked of an agency, in one query: whether each thing exists."""
    here, staff = OuterRef("pk"), Employee.objects.filter(agency=OuterRef("pk"), left_on=None)
    serving = Appointment.objects.valid_at(now).filter(agency=here)
    monthly = [one.key for one in repository.all() if one.subject is SubjectKind.MONTH]
    runs = Instance.objects.filter(agency=here, definition_key__in=monthly)
    holidays = PublicHoliday.objects.filter(agency=None, on__year=timezone.localtime(now).year)
    return {
        **{f"has_{n}": Exists(serving.filter(role=role)) for n, role in enumerate(officer_roles())},
        "has_holidays": Exists(holidays),
        "has_staff": Exists(staff),
        "lacks_data": Exists(staff.incomplete()),
        "has_machine": Exists(Device.objects.filter(agency=here, state=Device.State.ACTIVE)),
        "has_finger": Exists(FingerprintTemplate.objects.counting().filter(employee__agency=here)),
        "has_punch": Exists(Punch.objects.filter(employee__agency=here)),
        "has_period": Exists(runs.exclude(status=Instance.Status.CANCELLED)),
    }


def _lines(done: dict[str, bool]) -> list[Line]:
    officers = all(done[f"has_{n}"] for n in range(len(officer_roles())))
    whole = done["has_staff"] and not done["lacks_data"]
    return [
        Line("Petugas e-absensi ditunjuk", "pegawai:officers", "Pasal 7 ayat (1)",
             officers),
        Line("Hari libur tahun ini tercatat", "kalender:index", "Pasal 10 ayat (2)",
             done["has_holidays"]),
        Line("Data pegawai lengkap, dengan foto", "pegawai:index", "Pasal 7 ayat (3) huruf a",
             whole),
        Line("Mesin terdaftar dan aktif", "mesin:index", "Pasal 5 ayat (1) huruf a",
             done["has_machine"]),
        Line("Sidik jari direkam dan disahkan", "mesin:board", "Pasal 8 ayat (3)",
             done["has_finger"]),
        Line("Ketukan pertama masuk dari mesin", "mesin:punches", "Pasal 7 ayat (3)",
             done["has_punch"]),
        Line("Berkas bulan pertama dimulai", "processes:index", "SOP 07/2020",
             done["has_period"]),
        Line("Rekap bulan pertama disahkan", "absensi:index", "SOP 07/2020", False),
    ]  # fmt: skip
