"""“Mengapa?”: why one day of a person counts as it does."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from attendance import links
from attendance.days.explaining import explain
from attendance.days.months import Month
from attendance.days.person_months import DayLine, frozen_row
from attendance.days.seen import employee_seen
from attendance.days.stored import as_data, day_of, from_data
from attendance.evidence.correction_rules import Kind
from attendance.law.codes import Code
from attendance.law.reasons import clock
from attendance.law.ways_out import ways_out
from attendance.letters.texts import badge_of, kind_text, letter_span
from attendance.models import AbsenceLetter, LateFinding, RecapRow
from attendance.services.corrections import REQUEST
from attendance.views.common import page, person_of
from attendance.views.person import sees_corrections
from organization.calendars.work_hours import DayHours
from organization.models import Employee, User
from organization.permissions import may

ONE_DAY = timedelta(days=1)
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


@require_GET
def why_page(request: HttpRequest, employee_id: int, day: str) -> HttpResponse:
    """Tell what the day counts as now and, where its month is frozen, as it was frozen."""
    now, user = timezone.now(), person_of(request)
    on = _day(day)
    employee = employee_seen(user, employee_id, now)
    if employee is None:
        raise Http404
    told = explain(employee, on, now=now)
    month = Month.of(on)
    row = frozen_row(employee, month)
    frozen = _frozen_day(row, on)
    current = DayLine(on, as_data(on, told.verdict))
    differs = frozen is not None and _essence(frozen) != _essence(current)
    may_follow = may(user, "calendar.view", employee.agency_id, now)
    ways = ways_out(told.case, told.verdict, frozen=frozen is not None)
    context = {
        "employee": employee,
        "on": on,
        "month": month,
        "zone": employee.agency.time_zone,
        "told": told,
        "current": current,
        "frozen": frozen,
        "recap": row.recap if row else None,
        "differs": differs,
        "findings": _findings(employee, row, on) if row else [],
        "letters": [
            (
                letter,
                kind_text(letter),
                letter_span(letter),
                badge_of(letter),
                links.letter(letter.pk),
                links.scan(letter.pk) if letter.scan_sha256 else "",
            )
            for letter in _seen_letters(told.letters, request, employee)
        ],
        "ways": ways,
        "acts": _acts(user, employee, current, ways, now),
        "hours_text": _hours_text(told.hours),
        "window_text": "{} sampai sebelum {}".format(*map(clock, told.case.reach)),
        "pattern_link": f"/kalender/pola/{told.verdict.pattern_id}/"
        if told.verdict.pattern_id and may_follow
        else "",
        "sees_corrections": sees_corrections(user, employee, now),
        "before": links.why(employee.pk, on - ONE_DAY),
        "after": links.why(employee.pk, on + ONE_DAY),
        "back": links.sheet(employee.pk, str(month)),
    }
    return page(request, "attendance/why.html", context, tab="month")


def _day(text: str) -> date:
    """Read "2026-04-07"; 404 for anything else, and for days that nobody could have worked."""
    try:
        on = date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
    if not EARLIEST <= on < LATEST or on.isoformat() != text:
        raise Http404
    return on


def _acts(
    user: User, employee: Employee, line: DayLine, ways: Sequence[str], now: datetime
) -> list[tuple[str, str, str]]:
    """Return what this person may do about a day that counts against him: icon, words, address."""
    if line.data["kode"] != Code.UNEXPLAINED and not line.data["KJK"]:
        return []
    on, found = line.on.isoformat(), []
    writes = employee.pk == user.employee_id or may(user, "letters.enter", employee.agency_id, now)
    if writes and any(way.startswith("Surat ") for way in ways):
        asked = {"employee": employee.pk, "first_on": on, "last_on": on}
        found.append(("document", "Catat surat", f"/absensi/surat/baru/?{urlencode(asked)}"))
    if may(user, REQUEST, employee.agency_id, now):
        asked = {"jenis": Kind.ADD_PUNCH.value, "pegawai": employee.pk, "tanggal": on}
        found.append(("edit", "Minta koreksi", f"/absensi/koreksi/baru/?{urlencode(asked)}"))
    return found


def _hours_text(hours: DayHours | None) -> str:
    if hours is None:
        return ""
    spans = [f"{clock(start)} sampai {clock(end)}" for start, end in hours.intervals]
    return f"{' dan '.join(spans)}, {hours.target} menit"


def _frozen_day(row: RecapRow | None, on: date) -> DayLine | None:
    if row is None:
        return None
    found = next((data for data in row.days if day_of(data) == on), None)
    return DayLine(on, found) if found else None


def _essence(line: DayLine) -> tuple[object, ...]:
    """Return what makes two verdicts differ for a reader: not the sentences, nor the names."""
    verdict = from_data(line.data)
    return (
        verdict.label, verdict.came, verdict.left, verdict.late, verdict.early,
        verdict.deficit_gross, verdict.deficit_excused, frozenset(verdict.flags),
    )  # fmt: skip


def _findings(employee: Employee, row: RecapRow, on: date) -> list[LateFinding]:
    found = LateFinding.objects.filter(recap=row.recap, employee=employee, day=on)
    return list(found.order_by("-pk"))


def _seen_letters(
    letters: Sequence[AbsenceLetter], request: HttpRequest, employee: Employee
) -> list[AbsenceLetter]:
    """Return the letters whose pages (and scans) the person may open."""
    if not letters:
        return []
    visible = AbsenceLetter.objects.visible_to(person_of(request), timezone.now())
    seen = set(
        visible.filter(pk__in=[letter.pk for letter in letters]).values_list("pk", flat=True)
    )
    for letter in letters:
        letter.employee = employee
    return [letter for letter in letters if letter.pk in seen]
