"""What an installation needs before its head can sign in, as far as it is there already.

Nothing is kept of how far somebody came: each step is done when what it asks for exists.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from devices.models import Device
from organization.mandates.heads import head_roles
from organization.models import Agency, Appointment, Employee, PublicHoliday
from organization.permissions import local_date
from organization.questions import officers_of

LATER = ("pejabat", "mesin")  # what may wait; the checklist of the first page goes on asking


@dataclass(frozen=True)
class Step:
    """One page of the assistant: what it asks for, and why, with the article that says so."""

    key: str
    title: str
    why: str
    source: str
    done: str = ""  # in words what is there; empty while nothing is

    @property
    def link(self) -> str:
        return reverse(f"setup:{self.key.replace('-', '_')}")

    @property
    def may_wait(self) -> bool:
        return self.key in LATER


def the_agency() -> Agency | None:
    """Return the agency that is prepared: the first that was founded."""
    return Agency.objects.order_by("pk").first()


def steps(agency: Agency | None, now: datetime) -> Sequence[Step]:
    """Return the steps in their order, with what is there of each."""
    year = local_date(agency, now).year if agency else now.year
    held = officers_of(agency, now) if agency else []
    return (
        Step(
            "instansi", "Perangkat daerah",
            "Setiap perangkat daerah mengelola absensinya sendiri; namanya ada pada kop surat.",
            "Pergub NTT 67/2019 Pasal 1 angka 3", agency.name if agency else "",
        ),
        Step(
            "pegawai", "Pegawai",
            "Pengguna e-absensi adalah seluruh ASN dan tenaga honorer.",
            "Pasal 1 angka 13, Pasal 7 ayat (3) huruf a", _people(agency, now),
        ),
        Step(
            "pimpinan", "Pimpinan",
            "Pimpinan menunjuk petugas dan bertanggung jawab atas pemanfaatan e-absensi.",
            "Pasal 7 ayat (1), Pasal 13 ayat (1)", _named(held, is_head=True),
        ),
        Step(
            "pejabat", "Pengelola dan pejabat lain",
            "BKD dan Dinas Kominfo mengelola aplikasi dan mengawasi langsung perekaman sidik jari.",
            "Pasal 6 ayat (1), Pasal 8 ayat (3)", _named(held, is_head=False),
        ),
        Step(
            "kalender", "Hari libur dan jam kerja",
            "E-absensi berlaku Senin sampai Jumat; hari libur tidak dihitung sebagai hari kerja.",
            "Pasal 10 ayat (1) dan (2)", _holidays(year),
        ),
        Step(
            "mesin", "Mesin sidik jari",
            "Mesin didaftarkan oleh petugas, dan memanggil server ini sendiri.",
            "Pasal 5 ayat (1) huruf a, Pasal 7 ayat (3) huruf b", _machines(agency),
        ),
    )  # fmt: skip


def _people(agency: Agency | None, now: datetime) -> str:
    if agency is None:
        return ""
    count = Employee.objects.filter(agency=agency).active(local_date(agency, now)).count()
    return f"{count} pegawai" if count else ""


def _named(rows: Sequence[Appointment], *, is_head: bool) -> str:
    found = [row for row in rows if (row.role in head_roles()) is is_head]
    names = [f"{row.user.get_full_name()} ({row.title})" for row in found]
    return ", ".join(names)


def _holidays(year: int) -> str:
    count = PublicHoliday.objects.filter(agency=None, on__year=year).count()
    return f"{count} hari libur dan cuti bersama {year}" if count else ""


def _machines(agency: Agency | None) -> str:
    count = Device.objects.filter(agency=agency).count() if agency else 0
    return f"{count} mesin" if count else ""


def next_step(all_steps: Sequence[Step]) -> Step | None:
    """Return the first step that cannot wait and is not done; None where the head may go on."""
    return next((step for step in all_steps if not step.done and not step.may_wait), None)
