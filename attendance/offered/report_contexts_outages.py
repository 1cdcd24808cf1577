"""What letters and lists about an outage say (art. 13): what is not stored stays to be written."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from attendance.evidence.outage_lists import ListRow, rows_of
from attendance.evidence.texts import outage_badge, outage_span
from attendance.models import Outage, OutageDelivery
from attendance.models.recaps import WITHOUT_UNIT
from attendance.offered.outage_panels import delivery_lines
from attendance.offered.recap_contexts import ROWS_OF_A_PART
from attendance.offered.signing import signer, signer_of
from devices.models import Device
from devices.recording.contexts import day_in_words
from foundation.indonesian import date_text, date_with_day, moment_text
from organization.mandates.superiors import employed
from organization.models import Agency, Employee, User
from organization.nip import display as nip_text
from organization.permissions import local_date, may
from workflows.registry import (
    Request,
    SubjectChoice,
    SubjectKind,
    register_subject_kind,
    report_context,
)

CAPABILITY = "outages.view"
DAYS_TOLD, OFFERED, DAYS_OFFERED = 31, 25, 60


@report_context("attendance.outage")
def outage(request: Request) -> Mapping[str, Any]:
    """Return an outage as its letter and its berita acara tell it.

    The subject is "2026-04-13/<id>", or the id alone in the outage's own procedure. `gangguan`
    (dates, machines, cause, what was seen, found, done and tested, "" where nobody did; its list),
    `hari_terdampak`, `kiriman` (each day's recap, with who sent and received it), `daftar` (rows of
    the manual list), `pihak` (`petugas`, `teknisi`, `saksi` as they sign) and `hari` (the day it is
    told, in words).
    """
    found = outage_of(request)
    staff = _staff(found.agency)
    listed = rows_of(found)
    today = local_date(found.agency, request.now)
    return {
        "hari": day_in_words(datetime.combine(today, time())),
        "gangguan": _told(found, today),
        "hari_terdampak": _days(found, staff, listed, today),
        "kiriman": [_delivered(row, found.agency) for row in delivery_lines(found)],
        "daftar": [_listed(number, row) for number, row in enumerate(listed, 1)],
        "pihak": {
            "petugas": signer_of(
                found.reported_by or found.recorded_by, "Petugas Perangkat Daerah"
            ),
            "teknisi": _named(found.technician, "Teknisi Dinas Komunikasi dan Informatika"),
            "saksi": _named(found.witness, "Saksi"),
        },
    }


@report_context("attendance.manual_list")
def manual_list(request: Request) -> Mapping[str, Any]:
    """Return the list to be signed on a day of an outage, and what was entered of it.

    The subject is "2026-04-14/<id>". `hari`, `gangguan`, `bagian` (per bidang: `pegawai`),
    `jumlah_pegawai`, `terisi` (rows that were entered), `rekap` (their numbers; {} without any).
    """
    found, day = outage_of(request), _day_of(request.subject)
    staff = [who for who in _staff(found.agency) if employed(who, day)]
    listed = {row.employee.pk: row for row in rows_of(found) if row.day == day}
    entered = [listed[who.pk] for who in staff if who.pk in listed]
    return {
        "hari": date_with_day(day),
        "gangguan": _told(found, local_date(found.agency, request.now)),
        "bagian": _parts(staff),
        "jumlah_pegawai": len(staff),
        "terisi": [_listed(number, row) for number, row in enumerate(entered, 1)],
        "rekap": _counted(entered, len(staff)) if entered else {},
    }


def outage_of(request: Request) -> Outage:
    rows = Outage.objects.select_related(
        "agency", "device", "recorded_by__employee", "reported_by__employee", "listed_by",
        "forwarded_by__employee",
    )  # fmt: skip
    return rows.get(pk=_id_of(request.subject), agency=request.agency_id)


def subject_of(found: Outage, day: date | None = None) -> str:
    """Return how an outage is named, or one day of it: what documents file it under."""
    return f"{(day or found.first_on).isoformat()}/{found.pk}"


def find_outage(user_id: int, agency_id: int, subject: str, now: datetime) -> SubjectChoice | None:
    found = _seen(user_id, agency_id, subject, now)
    return _choice(found) if found and subject == subject_of(found) else None


def list_outages(user_id: int, agency_id: int, now: datetime) -> list[SubjectChoice]:
    return [_choice(row) for row in _newest(user_id, agency_id, now)]


def find_day(user_id: int, agency_id: int, subject: str, now: datetime) -> SubjectChoice | None:
    """Return a day of an outage, up to tomorrow where it goes on: the list is made beforehand."""
    found = _seen(user_id, agency_id, subject, now)
    if found is None:
        return None
    day = _day_of(subject)
    return _day_choice(found, day) if day in _listable(found, now) else None


def list_days(user_id: int, agency_id: int, now: datetime) -> list[SubjectChoice]:
    return [
        _day_choice(row, day)
        for row in _newest(user_id, agency_id, now)
        for day in reversed(_listable(row, now))
    ][:DAYS_OFFERED]


register_subject_kind("attendance.outage", SubjectKind(find=find_outage, list=list_outages))
register_subject_kind("attendance.outage_day", SubjectKind(find=find_day, list=list_days))


def _seen(user_id: int, agency_id: int, subject: str, now: datetime) -> Outage | None:
    try:
        number = _id_of(subject)
        _day_of(subject)
    except ValueError:
        return None
    if not may(User.objects.get(pk=user_id), CAPABILITY, agency_id, now):
        return None
    rows = Outage.objects.select_related("agency", "device")
    return rows.filter(agency=agency_id, pk=number).first()


def _newest(user_id: int, agency_id: int, now: datetime) -> Sequence[Outage]:
    if not may(User.objects.get(pk=user_id), CAPABILITY, agency_id, now):
        return []
    rows = Outage.objects.filter(agency=agency_id).select_related("agency", "device")
    return list(rows.defer("rows")[:OFFERED])


def _listable(found: Outage, now: datetime) -> list[date]:
    """Return the days a list can be for, of a long outage the last ones."""
    last = found.last_on or local_date(found.agency, now) + timedelta(days=1)
    days = (last - found.first_on).days + 1
    return [found.first_on + timedelta(days=index) for index in range(max(0, days))][-DAYS_OFFERED:]


def _choice(found: Outage) -> SubjectChoice:
    return SubjectChoice(subject_of(found), f"{_machine_name(found)}, {outage_span(found)}")


def _day_choice(found: Outage, day: date) -> SubjectChoice:
    return SubjectChoice(subject_of(found, day), f"{date_with_day(day)}, {_machine_name(found)}")


def _machine_name(found: Outage) -> str:
    return found.device.name if found.device else "Semua mesin"


def _id_of(subject: str) -> int:
    number = subject.rpartition("/")[2]
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise ValueError(f"“{subject}” tidak menyebut gangguan.")
    return int(number)


def _day_of(subject: str) -> date:
    return date.fromisoformat(subject.partition("/")[0])


def _told(found: Outage, today: date) -> dict[str, Any]:
    zone = found.agency.time_zone
    last = found.last_on or today
    by = found.recorded_by.get_full_name() if found.recorded_by else "sistem (mesin tidak melapor)"
    return {
        "nomor": found.pk,
        "tanggal": outage_span(found),
        "mulai": date_text(found.first_on),
        "selesai": date_text(found.last_on) if found.last_on else "masih terganggu",
        "lama": f"{(last - found.first_on).days + 1} hari",
        "mesin": [_machine(row) for row in _machines(found)],
        "semua": found.device is None,
        "sebab": found.reason,
        "gejala": found.symptom,
        "diagnosa": found.diagnosis,
        "mesin_lain": found.other_machine,
        "tindakan": found.repair,
        # Nothing replaced is told too, once somebody said what was done.
        "suku_cadang": found.parts or ("tidak ada yang diganti" if found.repair else ""),
        "hasil": found.test_result,
        "dugaan": bool(found.violation_id),
        "diteruskan": _forwarded(found),
        "dicatat": f"{by}, {moment_text(found.recorded_at, zone)}",
        "daftar": outage_badge(found)[2],
        "daftar_lengkap": moment_text(found.listed_at, zone) if found.listed_at else "",
    }


def _forwarded(found: Outage) -> str:
    if found.forwarded_by is None or found.forwarded_at is None:
        return ""
    at = moment_text(found.forwarded_at, found.agency.time_zone)
    return f"{found.forwarded_by.get_full_name()}, {at}"


def _named(name: str, office: str) -> dict[str, str]:
    """Return somebody of whom the name alone is known as he signs; dots for nobody."""
    unknown = signer(None, office)
    return {**unknown, "nama": name} if name else unknown


def _delivered(row: OutageDelivery, agency: Agency) -> dict[str, str]:
    def told(who: User | None, at: datetime | None) -> str:
        if who is None or at is None:
            return "-"
        return f"{who.get_full_name()}, {moment_text(at, agency.time_zone)}"

    return {
        "tanggal": date_text(row.day),
        "keadaan": row.get_status_display(),
        "softcopy": row.softcopy_sha256[:16],
        "hardcopy": row.hardcopy_number,
        "tanda_terima": row.receipt_number or "-",
        "dikirim": told(row.sent_by, row.sent_at),
        "diterima": told(row.received_by, row.received_at),
        "tembusan": told(row.copy_received_by, row.copy_received_at),
        "dicocokkan": told(row.checked_by, row.checked_at),
    }


def _machines(found: Outage) -> list[Device]:
    if found.device is not None:
        return [found.device]
    return list(Device.objects.filter(agency=found.agency_id).in_use().order_by("name", "pk"))


def _machine(device: Device) -> dict[str, str]:
    """The make is what the machine says of itself; many say nothing."""
    said = [str(device.options.get(name, "")) for name in ("~OEMVendor", "~DeviceName")]
    return {
        "nama": device.name,
        "sn": device.serial,
        "merk": " ".join(filter(None, said)),
        "lokasi": device.place or "-",
    }


def _staff(agency: Agency) -> list[Employee]:
    people = Employee.objects.filter(agency=agency).select_related("unit").order_by("name", "pk")
    return sorted(people, key=lambda who: (who.unit is not None, who.unit.name if who.unit else ""))


def _days(
    found: Outage, staff: Sequence[Employee], listed: Sequence[ListRow], today: date
) -> list[dict[str, Any]]:
    """Return the days of an outage up to today with who was to come and how many rows there are."""
    last = found.last_on or max(today, found.first_on)
    count = min((last - found.first_on).days + 1, DAYS_TOLD)
    days = [found.first_on + timedelta(days=index) for index in range(count)]
    return [
        {
            "tanggal": date_with_day(day),
            "pegawai": sum(employed(who, day) for who in staff),
            "baris": sum(row.day == day for row in listed),
        }
        for day in days
    ]


def _listed(number: int, row: ListRow) -> dict[str, Any]:
    return {
        "no": number,
        "nama": row.employee.name,
        "nip": nip_text(row.employee.number),
        "tanggal": date_text(row.day),
        "masuk": f"{row.came:%H.%M}" if row.came else "-",
        "pulang": f"{row.left:%H.%M}" if row.left else "-",
    }


def _counted(entered: Sequence[ListRow], staff: int) -> dict[str, int]:
    return {
        "pegawai": staff,
        "terdaftar": len(entered),
        "masuk": sum(row.came is not None for row in entered),
        "pulang": sum(row.left is not None for row in entered),
        "tidak": staff - len(entered),
    }


def _parts(staff: Sequence[Employee]) -> list[dict[str, Any]]:
    """Return the people by bidang in parts that make a table each; the numbers run on."""
    units: dict[str, list[dict[str, Any]]] = {}
    for number, who in enumerate(staff, 1):
        unit = who.unit.name if who.unit else WITHOUT_UNIT
        row = {"no": number, "nama": who.name, "nip": nip_text(who.number)}
        units.setdefault(unit, []).append(row)
    return [
        {
            "bidang": unit,
            "lanjutan": start > 0,
            "pegawai": rows[start : start + ROWS_OF_A_PART],
        }
        for unit, rows in units.items()
        for start in range(0, len(rows), ROWS_OF_A_PART)
    ]
