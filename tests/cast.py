"""The fixed cast: invented people of two agencies, with accounts and appointments.

Ratna heads the office, Budi is its admin, Sari and Yohanes are operators, Maria is the superior of
those three and of Joko, who has no role. Anselmus is the secretary. Umbu holds every role, but in
another agency.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from organization.models import Agency, Appointment, Employee, EmploymentStatus, Unit, User

PASSWORD = "sandi-uji-coba-2026"  # of every account of the cast
NOW = datetime(2026, 4, 20, 1, 0, tzinfo=UTC)  # Senin, 20 April 2026, 09.00 WITA
TODAY = date(2026, 4, 20)
APPOINTED_ON = date(2026, 1, 2)
EVERY_ROLE = ("Kadis", "Admin", "Operator", "Sekretaris")  # of an agency's own


@dataclass(frozen=True)
class Cast:
    """Users; the employee of each is `user.employee`."""

    agency: Agency
    other_agency: Agency
    kadis: User
    admin: User
    operator: User
    operator2: User
    superior: User
    secretary: User
    employee: User  # no role
    outsider: User  # every role, in the other agency

    @property
    def everyone(self) -> list[User]:
        """The people of the first agency."""
        return [
            self.kadis,
            self.admin,
            self.operator,
            self.operator2,
            self.superior,
            self.secretary,
            self.employee,
        ]


def make_agency(code: str = "diskominfo", **values: Any) -> Agency:
    defaults = {
        "name": f"Dinas {code.title()}",
        "government": "Pemerintah Provinsi Nusa Tenggara Timur",
        "address": "Jalan Percobaan Nomor 1",
        "city": "Kupang",
        "letter_code": code.upper()[:12],
    }
    return Agency.objects.create(code=code, **(defaults | values))


def make_nip(serial: int, *, born: str = "19850312", started: str = "201001", sex: int = 1) -> str:
    """Return a valid invented NIP; the serial keeps it unique."""
    return f"{born}{started}{sex}{serial:03d}"


def make_employee(agency: Agency, name: str = "Petrus Nahak", **values: Any) -> Employee:
    """Create an active PNS with all five data; `photo=""` makes one that lacks the photo."""
    defaults: dict[str, Any] = {
        "number": values.pop("number", None) or make_nip(Employee.objects.count() + 1),
        "status": EmploymentStatus.PNS,
        "rank": "Penata Muda",
        "grade": "III/a",
        "position": "Pranata Komputer",
        "photo": "photos/2026/uji.jpg",
        "joined_on": date(2010, 1, 1),
    }
    return Employee.objects.create(agency=agency, name=name, **(defaults | values))


def make_user(employee: Employee | None, username: str, **values: Any) -> User:
    """Create an account with the known password; no change of it is asked for."""
    user = User(username=username, employee=employee, **values)
    user.set_password(PASSWORD)
    user.save()
    return user


def appoint(user: User, role: str, agency: Agency, **values: Any) -> Appointment:
    """Give a role from the start of 2026 on, without an end."""
    given = appointment(user, role, agency, **values)
    given.save()
    return given


def appointment(user: User, role: str, agency: Agency, **values: Any) -> Appointment:
    """Return what `appoint` gives, not yet stored."""
    defaults: dict[str, Any] = {
        "letter_number": "800/01/UJI/2026",
        "valid_from": APPOINTED_ON,
        "created_at": datetime(2026, 1, 2, 1, 0, tzinfo=UTC),
    }
    return Appointment(user=user, role=role, agency=agency, **(defaults | values))


def make_supervisor(agency: Agency) -> User:
    """Return who supervises an agency's recording of fingers; works in none of the two agencies."""
    found = User.objects.filter(username=f"pengawas-{agency.code}").first()
    if found is None:
        found = make_user(None, f"pengawas-{agency.code}", first_name="Veronika", last_name="Lelo")
        appoint(found, "Pengelola", agency)
    return found


def make_cast() -> Cast:
    agency = make_agency("diskominfo", name="Dinas Komunikasi dan Informatika")
    other = make_agency("dinkes", name="Dinas Kesehatan")
    unit = Unit.objects.create(agency=agency, name="Aplikasi Informatika")
    # Thousands of tests begin here: what need not be asked or stored one by one is not.
    serials = count(Employee.objects.count() + 1)

    def person(username: str, name: str, **values: Any) -> User:
        where, number = values.pop("agency", agency), make_nip(next(serials))
        return make_user(make_employee(where, name, number=number, **values), username)

    kadis = person(
        "ratna", "Ratna Seran", position="Kepala Dinas", rank="Pembina Utama Muda", grade="IV/c"
    )
    superior = person(
        "maria", "Maria Tefa", position="Kepala Bidang", unit=unit, superior=kadis.employee
    )
    staff = {"unit": unit, "superior": superior.employee}
    cast = Cast(
        agency=agency,
        other_agency=other,
        kadis=kadis,
        admin=person("budi", "Budi Manafe", **staff),
        operator=person("sari", "Sari Benu", **staff),
        operator2=person("yohanes", "Yohanes Klau", **staff),
        superior=superior,
        secretary=person(
            "anselmus", "Anselmus Lede", position="Sekretaris", superior=kadis.employee
        ),
        employee=person("joko", "Joko Tallo", **staff),
        outsider=person("umbu", "Umbu Tamo", agency=other),
    )
    Appointment.objects.bulk_create(
        [
            appointment(cast.kadis, "Kadis", agency),
            appointment(cast.admin, "Admin", agency),
            appointment(cast.operator, "Operator", agency),
            appointment(cast.operator2, "Operator", agency),
            appointment(cast.secretary, "Sekretaris", agency),
            *(appointment(cast.outsider, role, other) for role in EVERY_ROLE),
        ]
    )
    return cast
