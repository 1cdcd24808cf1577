"""What an agency asks to be mended, and who decides; an outage and its list."""

from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from attendance.evidence.correction_rules import CorrectionData, Kind
from attendance.models import AbsenceLetter, Correction
from attendance.services.corrections import decide_correction, request_correction
from devices.models import Device, Punch
from organization.models import User
from tests.attendance.people import AFTER_APRIL, PDF, WITA, employee_of, machine
from tests.cast import Cast, appoint, make_agency, make_employee, make_user

REASON = "Mesin mati listrik; lihat berita acara"


def wita(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), WITA)


def elsewhere(cast: Cast, role: str, username: str = "") -> User:
    """Return an official of the province with a role in the cast's agency."""
    name = username or role.lower()
    found = User.objects.filter(username=name).first()
    if found is None:
        home = make_agency(f"kantor-{name}")
        found = make_user(make_employee(home, f"Petugas {name.title()}"), name)
        appoint(found, role, cast.agency)
    return found


def bkd(cast: Cast) -> User:
    return elsewhere(cast, "BKD")


def manager(cast: Cast, username: str = "pengelola") -> User:
    """Return one of the managers of the application, at Diskominfo."""
    return elsewhere(cast, "Pengelola", username)


def device_of(cast: Cast) -> Device:
    device = machine(cast.agency).device
    assert device is not None
    return device


def add(whose: User, day: date, clock: str, **values: Any) -> CorrectionData:
    employee = employee_of(whose)
    data: dict[str, Any] = {"employee": employee, "at": wita(day, clock)} | values
    return CorrectionData(kind=Kind.ADD_PUNCH, reason=data.pop("reason", REASON), **data)


def ignore(punch: Punch) -> CorrectionData:
    return CorrectionData(kind=Kind.IGNORE_PUNCH, reason=REASON, punch=punch)


def shift(device: Device, first: datetime, last: datetime, minutes: int) -> CorrectionData:
    return CorrectionData(
        kind=Kind.SHIFT_CLOCK, reason=REASON, device=device, wrong_from=first, wrong_until=last,
        minutes=minutes,
    )  # fmt: skip


def revoke(letter: AbsenceLetter) -> CorrectionData:
    return CorrectionData(kind=Kind.REVOKE_LETTER, reason="Surat ternyata palsu", letter=letter)


def request(cast: Cast, data: CorrectionData, **values: Any) -> Correction:
    given: dict[str, Any] = {
        "agency": cast.agency, "evidence": BytesIO(PDF), "evidence_name": "bukti.pdf",
        "user": cast.operator, "now": AFTER_APRIL,
    }  # fmt: skip
    return request_correction(data=data, **(given | values))


def decide(cast: Cast, row: Correction, *, approve: bool = True, **values: Any) -> Correction:
    given: dict[str, Any] = {"note": "", "user": bkd(cast), "now": AFTER_APRIL}
    return decide_correction(correction_id=row.pk, approve=approve, **(given | values))
