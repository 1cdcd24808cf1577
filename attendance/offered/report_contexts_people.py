"""What the report of one person's month says: each day with its evidence and its reasons."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from attendance.days.absence_counts import kept_since, year_before
from attendance.days.months import Month
from attendance.days.person_months import DayLine, PersonSheet, sheet_of
from attendance.days.seen import employee_seen, staff_seen
from attendance.law.codes import Code
from attendance.letters.texts import kind_text
from attendance.models import AbsenceLetter, Correction
from attendance.offered.report_contexts_periods import FREE, definitions, printed
from attendance.offered.signing import signer
from attendance.recaps.texts import day_text
from documents.periods import MONTH, refusal_of
from foundation.indonesian import date_text, minutes_text, period_label
from organization.contexts import person
from organization.mandates.superiors import Superiors, employed
from organization.models import Agency, Employee, User
from organization.permissions import local_date
from workflows.registry import (
    Request,
    SubjectChoice,
    SubjectKind,
    register_subject_kind,
    report_context,
)

PATTERN = "Pola "  # how the reason begins that the column of patterns tells
MONTHS_OFFERED, PEOPLE_OFFERED = 6, 200
PLAIN = FREE | {Code.PRESENT, Code.NOT_OVER}


@report_context("attendance.person_month")
def person_month(request: Request) -> Mapping[str, Any]:
    """Return a person's month; the subject is "2026-04/<employee id>".

    `pegawai`, `atasan` and `yang_bersangkutan` (who sign), `keadaan` (frozen or not), `susulan`
    (late data that differ), `pola` (hours of work, each with a letter that stands for it), `hari`
    (a row per day), `total`, `kumulatif` (days without explanation from January to this month),
    `belum_dihitung` (months of the year before it that nobody judged yet), `definisi`.
    """
    month, employee_id = read_subject(request.subject)
    people = Employee.objects.select_related("agency", "unit")
    employee = people.get(pk=employee_id, agency=request.agency_id)
    sheet = sheet_of(employee, month, now=request.now)
    patterns = _patterns(sheet)
    letters, corrections = _letters(employee, month), _corrections(employee, month)
    on = min(month.last, local_date(employee.agency, request.now))
    before = year_before(employee, month)
    superior = Superiors.of_agency(employee.agency_id).direct(employee.pk, on)
    return {
        "pegawai": {
            **person(employee),
            "status": employee.get_status_display(),
            "bidang": employee.unit.name if employee.unit else "-",
        },
        "atasan": signer(superior, "Atasan langsung"),
        "yang_bersangkutan": signer(employee, ""),
        "bulan": period_label(str(month)),
        "keadaan": _state(sheet),
        "susulan": [
            f"{date_text(found.day)}: {day_text(found.was)} menjadi {day_text(found.becomes)}"
            f" ({found.cause})"
            for found in sheet.findings
        ],
        "pola": [{"tanda": sign, "nama": name} for name, sign in patterns.items()],
        "hari": [_day(line, patterns, letters, corrections) for line in sheet.days],
        "total": {**printed(sheet.total), "KJK_teks": minutes_text(sheet.total["KJK"])},
        "kumulatif": before.unexplained + sheet.total["TK"],
        "belum_dihitung": ", ".join(period_label(str(each)) for each in before.unknown),
        "definisi": definitions(),
    }


def read_subject(subject: str) -> tuple[Month, int]:
    """Read "2026-04/31"; ValueError for anything else."""
    month, _, number = subject.partition("/")
    if not (number.isascii() and number.isdigit()):
        raise ValueError(f"“{subject}” tidak menyebut pegawai.")
    return Month.parse(month), int(number)


def subject_of(month: object, employee_id: int) -> str:
    return f"{month}/{employee_id}"


def find_month(user_id: int, agency_id: int, subject: str, now: datetime) -> SubjectChoice | None:
    """Return the person's month where his days may be shown: his own, of his staff, by a role."""
    try:
        month, employee_id = read_subject(subject)
    except ValueError:
        return None
    employee = employee_seen(User.objects.get(pk=user_id), employee_id, now)
    if employee is None or employee.agency_id != agency_id:
        return None
    if refusal_of(MONTH, str(month), local_date(employee.agency, now)):
        return None
    return _choice(employee, month)


def list_months(user_id: int, agency_id: int, now: datetime) -> list[SubjectChoice]:
    """Return the last months: his own, then the finished ones of those he may look at."""
    user = User.objects.select_related("employee__agency").get(pk=user_id)
    own = user.employee if user.employee and user.employee.agency_id == agency_id else None
    months = [Month.of(now.date())]
    while len(months) < MONTHS_OFFERED:
        months.append(months[-1].before)
    found = [_choice(own, month) for month in months] if own else []
    staff = Employee.objects.filter(agency=agency_id).order_by("name", "pk")
    if (seen := staff_seen(user, Agency.objects.get(pk=agency_id), now)) is not None:
        staff = staff.filter(pk__in=seen)
    others = [row for row in staff if row != own][:PEOPLE_OFFERED]
    return found + [
        _choice(row, month) for month in months[1:] for row in others if employed(row, month.last)
    ]


register_subject_kind("attendance.person_month", SubjectKind(find=find_month, list=list_months))


def _choice(employee: Employee, month: Month) -> SubjectChoice:
    label = f"{employee.name}, {period_label(str(month))}"
    return SubjectChoice(subject_of(month, employee.pk), label)


def _state(sheet: PersonSheet) -> str:
    if sheet.row is not None:
        return f"Menurut rekap yang disahkan ({sheet.row.recap.title})."
    text = "SEMENTARA: rekap bulan ini belum disahkan; menurut data saat laporan ini dibuat."
    since = kept_since(sheet.employee.agency)
    early = [line for line in sheet.days if since is None or line.on < since]
    if any(line.code is Code.UNEXPLAINED for line in early):
        known = f"sejak {date_text(since)}" if since else "belum pernah"
        text += f" Absensi di perangkat daerah ini {known} direkam; hari sebelumnya ikut dihitung."
    return text


def _letters(employee: Employee, month: Month) -> dict[int, str]:
    """Return how the letters of the month are named, by id; one query."""
    rows = AbsenceLetter.objects.filter(employee=employee).overlapping(month.first, month.last)
    return {
        row.pk: f"Surat {kind_text(row)}" + (f" No. {row.number}" if row.number else "")
        for row in rows.select_related("employee")
    }


def _corrections(employee: Employee, month: Month) -> dict[date, list[str]]:
    """Return what BKD decided of single days, by day; one query."""
    rows = Correction.objects.filter(
        employee=employee,
        status=Correction.Status.APPROVED,
        day__range=(month.first, month.last),
    )
    found: dict[date, list[str]] = {}
    for row in rows.order_by("pk"):
        if row.day is not None:
            found.setdefault(row.day, []).append(
                f"Koreksi BKD nomor {row.pk}: {row.get_kind_display().lower()}"
            )
    return found


def _patterns(sheet: PersonSheet) -> dict[str, str]:
    """Return a letter for each pattern of the month: their names fill no column of a table."""
    names = dict.fromkeys(name for line in sheet.days if (name := line.data.get("pola", "")))
    return {name: chr(ord("A") + index) for index, name in enumerate(names)}


def _day(
    line: DayLine,
    patterns: Mapping[str, str],
    letters: Mapping[int, str],
    corrections: Mapping[date, list[str]],
) -> dict[str, Any]:
    data = line.data
    proof = [letters[data["surat"]]] if data["surat"] in letters else []
    return {
        "tanggal": line.on.day,
        "hari": line.weekday,
        "pola": patterns.get(data.get("pola", ""), "-"),
        "absen": " · ".join(line.taps),
        "masuk": line.came,
        "pulang": line.left,
        "kode": data["kode"],
        "status": line.name,
        **{name: data[name] for name in ("TL", "PSW", "KJK")},
        "bukti": "; ".join(proof + corrections.get(line.on, [])),
        "alasan": _reasons(line),
        "libur": line.code in FREE,
    }


def _reasons(line: DayLine) -> str:
    """Return why a day counts as it does, where the columns do not say it already."""
    data = line.data
    lacking = any(data[name] for name in ("TL", "PSW", "TAM", "TAP", "KJK"))
    weekend = line.code is Code.DAY_OFF and line.on.weekday() > 4
    if weekend or (line.code in PLAIN - {Code.DAY_OFF} and not data["tanda"] and not lacking):
        return "" if line.code is not Code.COLLECTIVE_LEAVE else " ".join(data["alasan"])
    return " ".join(text for text in data["alasan"] if not text.startswith(PATTERN))
