"""Ninety invented employees of the demo office; nobody of them exists.

Names follow the style of the province; numbers (NIP) are well-formed. The list is the same at every
start, so that pictures and tests can name people.
"""

import random
from dataclasses import dataclass, replace
from datetime import date

from organization.ranks import RANKS

UNITS = (
    "Sekretariat",
    "Bidang Informasi dan Komunikasi Publik",
    "Bidang Aplikasi Informatika",
    "Bidang Persandian dan Keamanan Informasi",
    "Bidang Statistik",
)
MEN = (
    "Yohanes Petrus Agustinus Marselinus Yakobus Umbu Abdul Stefanus Kornelis Dominikus Gaspar "
    "Robertus Melkianus Simon Antonius Blasius Hendrikus Paulus Thobias Viktor"
).split()
WOMEN = (
    "Maria Yuliana Theresia Fransiska Adelheid Rambu Siti Magdalena Kristina Yasinta Margaretha "
    "Elisabeth Paulina Veronika Ursula Katarina Bernadeta Dorothea Emiliana Regina"
).split()
FAMILIES = (
    "Bere Nahak Seran Klau Tefa Benu Tallo Ndun Manafe Riwu Djami Lede Tamo Keraf Tukan Kelen "
    "Parera Fernandez Jehadut Pandong Mbete Liunokas Taneo Sabuin Bria"
).split()
_TITLES = ("S.Kom.", "ST.", "S.Sos.", "A.Md.", "SE.", "S.IP.", "", "", "")
_EXPERT_POSTS = (
    "Pranata Komputer",
    "Pranata Hubungan Masyarakat",
    "Sandiman",
    "Statistisi",
    "Arsiparis",
    "Analis Kebijakan",
)
_STAFF_POSTS = (
    "Pengelola Data",
    "Pengadministrasi Umum",
    "Teknisi Jaringan",
    "Pengelola Keuangan",
    "Penata Layanan Operasional",
)


@dataclass(frozen=True, kw_only=True)
class Person:
    """One employee as the import file writes him."""

    number: str
    name: str
    status: str
    position: str
    unit: str
    rank: str = ""
    grade: str = ""
    superior: str = ""  # number of the direct superior


def invent_people(seed: int = 67) -> list[Person]:
    """Return 90 people, superiors before their staff: head, secretary, chiefs, then the others."""
    rng = random.Random(seed)
    maker = Maker(rng)
    head = maker.civil_servant("Kepala Dinas", UNITS[0], "IV/c", title="M.Si.")
    secretary = maker.civil_servant("Sekretaris", UNITS[0], "IV/b", title="SH.", superior=head)
    chiefs = {UNITS[0]: secretary}
    for unit in UNITS[1:]:
        post = unit.replace("Bidang", "Kepala Bidang")
        chiefs[unit] = maker.civil_servant(post, unit, "IV/a", title="M.M.", superior=head)
    leads = {
        unit: maker.civil_servant(
            "Kepala Subbagian Umum dan Kepegawaian" if unit == UNITS[0] else "Ketua Tim Kerja",
            unit,
            "III/d",
            superior=chief,
        )
        for unit, chief in chiefs.items()
    }
    people = [head, *chiefs.values(), *leads.values()]
    plan = [("PNS", 41), ("PPPK", 18), ("PPPK-PW", 8), ("HONORER", 12)]
    for status, count in plan:
        for _ in range(count):
            unit = rng.choice(UNITS)
            people.append(maker.staff(status, unit, leads[unit]))
    return people


class Maker:
    """Makes people whose names and numbers do not repeat by accident."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.serial = 0
        self.taken: set[str] = set()

    def civil_servant(
        self,
        position: str,
        unit: str,
        grade: str,
        *,
        title: str = "",
        superior: Person | None = None,
    ) -> Person:
        name, sex = self.name(title)
        return Person(
            number=self.nip(sex, born=(1966, 1980) if grade.startswith("IV") else (1978, 1996)),
            name=name,
            status="PNS",
            position=position,
            unit=unit,
            rank=RANKS[grade],
            grade=grade,
            superior=superior.number if superior else "",
        )

    def staff(self, status: str, unit: str, superior: Person) -> Person:
        post = self.rng.choice(_EXPERT_POSTS if self.rng.random() < 0.35 else _STAFF_POSTS)
        if status == "PNS":
            grade = self.rng.choice(("II/c", "II/d", "III/a", "III/a", "III/b", "III/b", "III/c"))
            title = self.rng.choice(_TITLES)
            return self.civil_servant(post, unit, grade, title=title, superior=superior)
        name, sex = self.name(self.rng.choice(_TITLES))
        person = Person(
            number=self.nip(sex, born=(1985, 2000), joined=(2021, 2025)),
            name=name,
            status=status,
            position=post,
            unit=unit,
            grade="IX" if status == "PPPK" else "",
            superior=superior.number,
        )
        if status == "HONORER":
            return replace(person, number=f"HNR-{self.serial:04d}")
        return person

    def name(self, title: str) -> tuple[str, int]:
        sex = 1 if self.rng.random() < 0.55 else 2
        while True:
            name = f"{self.rng.choice(MEN if sex == 1 else WOMEN)} {self.rng.choice(FAMILIES)}"
            if self.rng.random() < 0.25:
                name = f"{name} {self.rng.choice(FAMILIES)}"
            if name not in self.taken:
                self.taken.add(name)
                return (f"{name}, {title}" if title else name), sex

    def nip(self, sex: int, *, born: tuple[int, int], joined: tuple[int, int] | None = None) -> str:
        """Return birth date, first month of service, sex and a serial: 18 digits."""
        self.serial += 1
        birthday = date(self.rng.randint(*born), self.rng.randint(1, 12), self.rng.randint(1, 28))
        low, high = joined or (birthday.year + 23, birthday.year + 27)
        start = (
            f"{min(self.rng.randint(low, high), 2025)}{self.rng.choice(('01', '03', '04', '12'))}"
        )
        return f"{birthday:%Y%m%d}{start}{sex}{self.serial:03d}"
