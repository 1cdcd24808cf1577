"""A month of punches and letters for the cast."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from attendance import services
from attendance.days.months import Month
from attendance.models import AbsenceLetter
from devices.models import Device, Punch, RawUpload
from organization.models import Agency, Employee, PublicHoliday, User
from tests.cast import NOW, Cast

APRIL = Month(date(2026, 4, 1))
AFTER_APRIL = datetime(2026, 5, 4, 1, 0, tzinfo=UTC)  # Senin, 4 Mei 2026, 09.00 WITA
PDF = b"%PDF-1.4 surat keterangan\n%%EOF\n"
WITA = ZoneInfo("Asia/Makassar")


def employee_of(user: User) -> Employee:
    assert user.employee is not None
    return user.employee


def machine(agency: Agency) -> RawUpload:
    """Return the upload that all punches of an agency came with."""
    device, _ = Device.objects.get_or_create(
        serial=f"UJI{agency.pk}",
        defaults={
            "agency": agency, "name": "Mesin Uji", "protocol": "push", "registered_at": NOW,
        },
    )  # fmt: skip
    upload, _ = RawUpload.objects.get_or_create(
        device=device,
        defaults={
            "channel": "file", "layout": "adms", "content": b"", "size": 0, "sha256": "0" * 64,
            "received_at": NOW, "total": 0, "accepted": 0, "duplicate": 0, "quarantined": 0,
        },
    )  # fmt: skip
    return upload


def tap(employee: Employee, day: date, *clocks: str, **values: Any) -> None:
    """Record punches of a day at these local times."""
    upload = machine(employee.agency)
    Punch.objects.bulk_create(
        _punch(upload, employee, datetime.combine(day, time.fromisoformat(clock)), values)
        for clock in clocks
    )


def _punch(upload: RawUpload, employee: Employee, local: datetime, values: Any) -> Punch:
    defaults = {"state": 0, "verify": 1, "channel": "file"} | values
    return Punch(
        device=upload.device,
        upload=upload,
        pin=str(employee.pk),
        local_time=f"{local:%Y-%m-%d %H:%M:%S}",
        at=local.replace(tzinfo=WITA),
        time_zone="Asia/Makassar",
        employee=employee,
        **defaults,
    )


def fill_april(people: Collection[User], *, but: Collection[tuple[User, int]] = ()) -> None:
    """Let everyone come and go in time on every working day of April 2026, with exceptions."""
    PublicHoliday.objects.get_or_create(on=date(2026, 4, 3), name="Wafat Yesus Kristus")
    rows = []
    for user in people:
        employee = employee_of(user)
        upload = machine(employee.agency)
        for day in APRIL.days:
            if day.weekday() > 4 or day.day == 3 or (user, day.day) in but:
                continue
            leaves = time(16, 33) if day.weekday() == 4 else time(16, 4)
            for clock in (time(7, 21), leaves):
                rows.append(_punch(upload, employee, datetime.combine(day, clock), {}))
    Punch.objects.bulk_create(rows)


def letter_data(**values: Any) -> services.LetterData:
    defaults: dict[str, Any] = {
        "kind": "DL",
        "first_on": date(2026, 4, 7),
        "last_on": date(2026, 4, 9),
        "number": "090/12/DL/2026",
        "issuer": "Sekretaris",
        "reason": "Rapat di Kupang",
    }
    return services.LetterData(**(defaults | values))


def enter(cast: Cast, whose: User | None = None, **values: Any) -> AbsenceLetter:
    employee = employee_of(whose or cast.employee)
    data = letter_data(**values)
    return services.enter_letter(employee=employee, data=data, user=cast.operator, now=NOW)


def scan(cast: Cast, letter: AbsenceLetter, content: bytes = PDF) -> AbsenceLetter:
    return services.attach_scan(
        letter_id=letter.pk, file=BytesIO(content), name="surat.pdf", user=cast.operator, now=NOW
    )


def submitted(cast: Cast, whose: User | None = None, **values: Any) -> AbsenceLetter:
    letter = scan(cast, enter(cast, whose, **values))
    return services.submit_letter(letter_id=letter.pk, user=cast.operator, now=NOW)


def decide(
    letter: AbsenceLetter, user: User, decision: str = "approve", note: str = "", **values: Any
) -> AbsenceLetter:
    now = values.get("now", NOW + timedelta(minutes=5))
    return services.decide_letter(
        letter_id=letter.pk, decision=services.Decision(decision), note=note, user=user, now=now
    )
