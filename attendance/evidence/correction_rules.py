"""What a request for a correction may ask; each refusal names the way out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from attendance.days.policies import Policies
from attendance.exceptions import DataRefused
from attendance.law.cases import minute_of
from attendance.law.windows import window_of
from attendance.letters.texts import letter_title
from attendance.models import AbsenceLetter, Correction
from attendance.models.corrections import CorrectionQuerySet
from devices.models import Device, Punch
from devices.models.punches import PunchQuerySet
from foundation.indonesian import date_text, minutes_text
from organization.calendars.schedules import Schedules
from organization.mandates.superiors import employed
from organization.models import Agency, Employee

T = TypeVar("T")
Kind = Correction.Kind
ONE_DAY = timedelta(days=1)
MOST_MINUTES = 24 * 60  # a clock further off is a case for the machine, not for its punches
LONGEST_SHIFT = timedelta(days=31)
OLDEST = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class CorrectionData:
    """What an agency asks to be mended. Moments are aware.

    ADD_PUNCH: employee, at; IGNORE_PUNCH: punch; REVOKE_LETTER: letter; SHIFT_CLOCK: device,
    wrong_from and wrong_until (not included) as the machine showed them, and the minutes to add.
    """

    kind: Kind
    reason: str
    employee: Employee | None = None
    at: datetime | None = None
    punch: Punch | None = None
    letter: AbsenceLetter | None = None
    device: Device | None = None
    wrong_from: datetime | None = None
    wrong_until: datetime | None = None
    minutes: int = 0

    @classmethod
    def of(cls, row: Correction) -> "CorrectionData":
        """Return what a request asked."""
        return cls(
            kind=Kind(row.kind), reason=row.reason, employee=row.employee, at=row.at,
            punch=row.punch, letter=row.letter, device=row.device, wrong_from=row.wrong_from,
            wrong_until=row.wrong_until, minutes=row.minutes,
        )  # fmt: skip


def check(agency: Agency, data: CorrectionData, now: datetime, *, besides: int = 0) -> None:
    """Raise DataRefused with a sentence per field; `besides` is the request being decided."""
    errors = {} if data.reason.strip() else {"reason": "Tuliskan alasan koreksi ini."}
    errors |= _CHECKS[data.kind](agency, data, now, besides)
    if errors:
        raise DataRefused(errors)


def columns(data: CorrectionData) -> dict[str, Any]:
    """Return what the row keeps: whose day it is about, and the kind's own columns."""
    employee = data.employee
    day: date | None = None
    if data.punch is not None:
        employee = there(data.punch.employee)
        day = day_of(employee, data.punch.at) or _local(employee, data.punch.at).date()
    elif data.letter is not None:
        employee, day = data.letter.employee, data.letter.first_on
    elif employee is not None and data.at is not None:
        day = day_of(employee, data.at)
    return {
        "kind": data.kind, "reason": data.reason.strip(), "employee": employee, "day": day,
        "at": data.at, "punch": data.punch, "letter": data.letter, "device": data.device,
        "wrong_from": data.wrong_from, "wrong_until": data.wrong_until, "minutes": data.minutes,
    }  # fmt: skip


def day_of(employee: Employee, at: datetime) -> date | None:
    """Return the day that a punch at this moment counts for; None outside every day.

    A punch after midnight of a night shift counts for the day on which the shift began.
    """
    local = _local(employee, at)
    first, last = local.date() - 2 * ONE_DAY, local.date() + 2 * ONE_DAY
    schedules = Schedules.load(employee.agency_id, first, last, [employee.pk])
    for day in (local.date() - ONE_DAY, local.date(), local.date() + ONE_DAY):
        hours = (schedules.on(employee, on) for on in (day - ONE_DAY, day, day + ONE_DAY))
        begins, ends = window_of(*hours)
        if begins <= minute_of(local, day) < ends:
            return day
    return None


def punches_between(device_id: int, first: datetime, last: datetime) -> PunchQuerySet:
    """Return the believed punches of known people that a machine told in a stretch of its clock."""
    punches = Punch.objects.counted().between(first, last)
    return punches.filter(device=device_id, employee__isnull=False)


# One check per kind -------------------------------------------------------------------------------


def _check_add(agency: Agency, data: CorrectionData, now: datetime, besides: int) -> dict[str, str]:
    employee, at = data.employee, data.at
    if employee is None or employee.agency_id != agency.pk:
        return {"employee": f"Pilih pegawai {agency}."}
    if at is None:
        return {"at": "Isi tanggal dan jam absen yang tidak terekam."}
    local = _local(employee, at)
    if at > now:
        return {"at": f"{_moment(local)} belum terjadi; absen ditambahkan sesudah waktunya."}
    if now - at > OLDEST:
        return {"at": f"{_moment(local)} lebih dari setahun yang lalu; periksa tahunnya."}
    day = day_of(employee, at)
    if day is None:
        return {"at": f"Jam {local:%H.%M} di luar hari absensi; periksa jamnya."}
    if not employed(employee, day):
        text = f"{employee.name} tidak bekerja di sini pada {date_text(day)}; periksa tanggalnya."
        return {"at": text}
    near = timedelta(minutes=Policies.load(agency.pk, day).on(day).repeated_tap)
    for moment, source in _punches_near(employee, at, near):
        clock = _local(employee, moment)
        return {
            "at": f"Sudah ada absen {clock:%H.%M} dari {source} pada hari itu; tidak perlu "
            "ditambah."
        }
    twin = _open(Kind.ADD_PUNCH, besides).filter(
        employee=employee, at__gt=at - near, at__lt=at + near
    )
    return _pending(twin, "at")


def _check_ignore(
    agency: Agency, data: CorrectionData, now: datetime, besides: int
) -> dict[str, str]:
    punch = data.punch
    if punch is None or punch.employee is None or punch.employee.agency_id != agency.pk:
        return {"punch": "Pilih absen yang tidak boleh dipakai."}
    if punch.quarantine:
        return {"punch": "Absen ini memang tidak dipakai: jamnya tidak dapat dipercaya."}
    if _granted(Kind.IGNORE_PUNCH).filter(punch=punch).exists():
        return {"punch": "Absen ini sudah tidak dipakai menurut koreksi sebelumnya."}
    return _pending(_open(Kind.IGNORE_PUNCH, besides).filter(punch=punch), "punch")


def _check_shift(
    agency: Agency, data: CorrectionData, now: datetime, besides: int
) -> dict[str, str]:
    device, first, last = data.device, data.wrong_from, data.wrong_until
    if device is None or device.agency_id != agency.pk:
        return {"device": f"Pilih mesin {agency}."}
    if first is None or last is None:
        return {"wrong_from": "Isi sejak kapan dan sampai kapan jam mesin salah."}
    if last <= first:
        return {"wrong_until": "Akhir mendahului awal; periksa kedua waktunya."}
    if last > now:
        return {"wrong_until": "Waktu ini belum lewat; minta koreksi sesudah jam mesin dibetulkan."}
    if last - first > LONGEST_SHIFT:
        return {"wrong_until": "Paling lama 31 hari untuk satu permintaan; bagi menjadi beberapa."}
    if not 0 < abs(data.minutes) <= MOST_MINUTES:
        return {
            "minutes": "Isi berapa menit ditambahkan: 60 bila mesin terlambat satu jam, -60 bila "
            "mendahului; paling banyak 1440."
        }
    zone = ZoneInfo(device.time_zone)
    overlapping = {"device": device, "wrong_from__lt": last, "wrong_until__gt": first}
    for row in _granted(Kind.SHIFT_CLOCK).filter(**overlapping):
        return {"wrong_from": f"Jam mesin ini sudah digeser untuk {_stretch(row, zone)}."}
    punches = punches_between(device.pk, first, last)
    latest = punches.order_by("-at").first()
    if latest is None:
        return {"wrong_from": f"Tidak ada absen di {device.name} pada rentang ini; periksa jamnya."}
    moved = latest.at + timedelta(minutes=data.minutes)
    if moved > now:
        shown, becomes = (moment.astimezone(zone) for moment in (latest.at, moved))
        return {
            "minutes": f"Absen {_moment(shown)} menjadi {_moment(becomes)}, yang belum terjadi; "
            "periksa jumlah menitnya."
        }
    return _pending(_open(Kind.SHIFT_CLOCK, besides).filter(**overlapping), "wrong_from")


def _check_revoke(
    agency: Agency, data: CorrectionData, now: datetime, besides: int
) -> dict[str, str]:
    letter = data.letter
    if letter is None or letter.employee.agency_id != agency.pk:
        return {"letter": f"Pilih surat pegawai {agency}."}
    if letter.status != AbsenceLetter.Status.APPROVED:
        state = letter.get_status_display().lower()
        return {
            "letter": f"{letter_title(letter)} berstatus “{state}”; hanya surat yang disetujui "
            "yang dicabut."
        }
    return _pending(_open(Kind.REVOKE_LETTER, besides).filter(letter=letter), "letter")


_CHECKS = {
    Kind.ADD_PUNCH: _check_add,
    Kind.IGNORE_PUNCH: _check_ignore,
    Kind.SHIFT_CLOCK: _check_shift,
    Kind.REVOKE_LETTER: _check_revoke,
}


def _granted(kind: Kind) -> CorrectionQuerySet:
    return Correction.objects.filter(kind=kind, status=Correction.Status.APPROVED)


def _open(kind: Kind, besides: int) -> CorrectionQuerySet:
    return Correction.objects.requested().filter(kind=kind).exclude(pk=besides)


def _pending(twins: CorrectionQuerySet, field: str) -> dict[str, str]:
    twin = twins.first()
    if twin is None:
        return {}
    return {field: f"Sudah diminta pada koreksi nomor {twin.pk}; tunggu keputusan BKD."}


def _punches_near(
    employee: Employee, at: datetime, near: timedelta
) -> Iterable[tuple[datetime, str]]:
    """Yield (moment, source) of punches in use that are nearer than this; clocks put right."""
    rows = Punch.objects.counted().filter(
        employee=employee, at__gt=at - 2 * ONE_DAY, at__lt=at + 2 * ONE_DAY
    )
    ignored = _granted(Kind.IGNORE_PUNCH).filter(employee=employee).values("punch")
    for punch in rows.exclude(pk__in=ignored).select_related("device").order_by("at"):
        moment = punch.at + timedelta(minutes=_shift(punch))
        if abs(moment - at) < near:
            yield moment, punch.device.name if punch.device else punch.get_channel_display()


def _shift(punch: Punch) -> int:
    if punch.device_id is None:
        return 0
    row = _granted(Kind.SHIFT_CLOCK).filter(
        device=punch.device_id, wrong_from__lte=punch.at, wrong_until__gt=punch.at
    )
    return int(row.values_list("minutes", flat=True).first() or 0)


def _local(employee: Employee, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(employee.agency.time_zone)).replace(tzinfo=None)


def _moment(local: datetime) -> str:
    return f"{date_text(local)} {local:%H.%M}"


def _stretch(row: Correction, zone: ZoneInfo) -> str:
    first, last = (there(at).astimezone(zone) for at in (row.wrong_from, row.wrong_until))
    return f"{_moment(first)} sampai {_moment(last)} ({shift_text(row.minutes)})"


def there(value: T | None) -> T:
    """Return what the database promises to be there (constraint `correction_is_whole`)."""
    if value is None:
        raise ValueError("a correction that is not whole")
    return value


def shift_text(minutes: int) -> str:
    """Return "ditambah 1 jam", "dikurangi 5 menit"."""
    return f"{'ditambah' if minutes > 0 else 'dikurangi'} {minutes_text(abs(minutes))}"
