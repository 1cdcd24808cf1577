"""The whole SOP in a real browser: from `make run` on a clean copy to archived Word reports.

An office in which nothing has been done yet, four people with accounts of their own, simulated
machines over TCP, one return by the head. The order below is the order of the SOP.
"""

import shutil
import subprocess
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import docx
import pytest
from playwright.sync_api import Browser

from config.demo.office import employee_file, photo_archive
from config.demo.people import Person as Employee
from config.demo.people import invent_people
from config.demo.scan import scan_of
from tests import tables
from tests.e2e.installation import Installation, clean_copy, running
from tests.e2e.people import Person, no_server_errors
from tests.e2e.pictures import keep

pytestmark = [
    pytest.mark.xdist_group("walks"), pytest.mark.browser, pytest.mark.long,
    pytest.mark.timeout(1200),
]  # fmt: skip

OWN_PASSWORD = "kata-sandi-pilihan-{}-2026"
KINDS = {
    "Surat Tugas", "Pakta Integritas", "Resume Kehadiran", "Pemberitahuan", "Laporan Validasi",
    "Laporan Rekapitulasi", "Laporan Pengelolaan", "Bahan Laporan Disiplin",
    "Bahan Kinerja Individu",
}  # fmt: skip


def pdf(text: str) -> dict[str, object]:
    return {"name": "pindaian.pdf", "mimeType": "application/pdf", "buffer": scan_of(text)}


def file(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


@dataclass(frozen=True)
class Month:
    """Last month as the office lives it: its first working day, and the first of this month."""

    first: date
    begin: date
    end: date

    @classmethod
    def last(cls) -> "Month":
        this = datetime.now(ZoneInfo("Asia/Makassar")).date().replace(day=1)
        first = (this - timedelta(days=1)).replace(day=1)
        return cls(first, _working_day(first), _working_day(this))

    @property
    def days(self) -> list[date]:
        return [
            day
            for n in range(31)
            if (day := self.first + timedelta(days=n)).month == self.first.month
            and day.weekday() < 5
        ]


def _working_day(day: date) -> date:
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


def test_the_nine_stages_with_one_return(
    chromium: Browser, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, month = tmp_path_factory.mktemp("e2e"), Month.last()
    copy = clean_copy(folder / "sopan")
    tables.lay(folder / "data")  # the letters begin without any
    staff = [p for p in invent_people()[11:] if p.status == "PNS"][:3]
    with running(copy, folder / "data", demo="start", clock=f"{month.begin}T08:00") as office:
        team = set_up(chromium, office, month, staff)
    # A new month: `make run` again, with the data kept.
    with running(copy, folder / "data", demo="start", clock=f"{month.end}T08:00") as office:
        people = close(chromium, office, month, team)
        check_documents(people[0], tmp_path)
    assert no_server_errors([*team.people, *people]) == []


@dataclass(frozen=True)
class Team:
    """Who was appointed, and where the work is found."""

    officers: list[str]
    instance: str
    people: list[Person]


def set_up(chromium: Browser, office: Installation, month: Month, staff: list[Employee]) -> Team:
    """Stages 1 to 4, at the beginning of the month."""
    kadis = Person(chromium, office.url)
    kadis.sign_in("kadis", office.password)
    start_period(kadis, month)
    instance = kadis.page.url.removeprefix(office.url)
    appoint(kadis, staff, month)
    officers = hand_out_passwords(kadis, staff)
    admin, operator, operator2 = (
        first_sign_in(chromium, office, username, password) for username, password in officers
    )
    pengelola = Person(chromium, office.url)
    pengelola.sign_in("pengelola", office.password)
    register_people_and_machines(admin, office.machines_port)
    record_fingers(operator, pengelola, office)
    switch_on(admin, office, month)
    kadis.waits_for("Menunggu waktu", instance)
    names = [username for username, _ in officers]
    return Team(names, instance, [kadis, admin, operator, operator2, pengelola])


def close(chromium: Browser, office: Installation, month: Month, team: Team) -> list[Person]:
    """Stages 5 to 9, at the beginning of the next month, with one return."""
    kadis, atasan = Person(chromium, office.url), Person(chromium, office.url)
    phone = Person(chromium, office.url, width=360)
    admin, operator, operator2 = (Person(chromium, office.url) for _ in range(3))
    for person, username in ((kadis, "kadis"), (phone, "kadis"), (atasan, "atasan")):
        person.sign_in(username, office.password)
    for person, username in zip((admin, operator, operator2), team.officers, strict=True):
        person.sign_in(username, OWN_PASSWORD.format(username))

    office.wait_for_machines(month.end)
    import_log(operator, office, month.days)
    enter_letter(operator, admin, atasan, month)
    support_data(operator)
    print_resume(operator)
    send_back(phone)
    support_data(operator2, note="Surat tugas sudah diperiksa kembali.")
    print_resume(operator2)
    approve(phone)
    report(admin, month)
    archive(operator)
    kadis.waits_for("Berkas selesai", team.instance)
    keep(kadis, "berkas.png", height=2000)
    return [kadis, atasan, phone, admin, operator, operator2]


def start_period(kadis: Person, month: Month) -> None:
    kadis.go("/proses/mulai/")  # one SOP is installed: its form comes at once
    kadis.page.locator("[name=subject]").select_option(f"{month.first:%Y-%m}")
    kadis.press("Mulai")


def appoint(kadis: Person, staff: list[Employee], month: Month) -> None:
    """Stage 1. An empty form is refused first, naming what is missing."""
    kadis.take_task("Menugaskan admin")
    kadis.press("Selesaikan tahap")
    kadis.sees("perlu dibetulkan")
    kadis.attach("petunjuk_atasan", pdf("Disposisi"))
    kadis.fill("Nomor petunjuk atasan", "800/1/2026")
    page = kadis.page
    page.locator("[name=admin]").locator("xpath=..").filter(has_text=staff[0].name).click()
    for person in staff[1:3]:
        page.locator("[name=operator]").locator("xpath=..").filter(has_text=person.name).click()
    kadis.tick_all("kualifikasi")
    page.locator("[name=berlaku_sejak]").fill(month.begin.isoformat())
    kadis.complete()
    kadis.waits_for("Pakta Integritas", "/dokumen/")


def hand_out_passwords(kadis: Person, people: list[Employee]) -> list[tuple[str, str]]:
    found = []
    for person in people:
        kadis.go("/pegawai/petugas/")
        row = kadis.page.locator("tr", has_text=person.name)
        kadis.leave(row.get_by_role("button", name="Buat sandi awal"))
        username = kadis.page.locator("dd strong").first.inner_text()
        password = kadis.page.locator("code.figure").inner_text()
        found.append((username, password))
        kadis.go("/pegawai/petugas/")
        assert password not in kadis.page.content()
    return found


def first_sign_in(
    chromium: Browser, installation: Installation, username: str, password: str
) -> Person:
    person = Person(chromium, installation.url)
    person.sign_in(username, password)
    person.choose_password(password, OWN_PASSWORD.format(username))
    return person


def register_people_and_machines(admin: Person, first_port: int) -> None:
    """Stage 2: people from the file, photos from the zip, two machines; users are pushed."""
    admin.take_task("Memfasilitasi data")
    task = admin.page.url
    people = invent_people()[:40]
    people += [p for p in invent_people()[40:] if p.status == "PNS"][:5]
    admin.go("/pegawai/impor/")
    admin.attach("file", file("pegawai.csv", employee_file(people)))
    admin.press("Impor")
    admin.page.goto(task)
    admin.tick_all("kelengkapan_data")
    admin.press("Selesaikan tahap")
    admin.sees("masih kurang")
    admin.go("/pegawai/foto/")
    admin.attach("file", file("foto.zip", photo_archive(people)))
    admin.press("Unggah")
    for index, name in enumerate(("Mesin Lobi", "Mesin Lantai 2")):
        admin.go("/mesin/daftar/")
        admin.page.locator("[name=serial]").fill(f"DEMO000000000{index + 1}")
        admin.page.locator("[name=name]").fill(name)
        admin.page.locator("[name=protocol]").select_option("pull")
        admin.page.locator("[name=host]").fill("127.0.0.1")
        admin.page.locator("[name=port]").fill(str(first_port + index))
        admin.page.locator("[name=has_battery]").check()
        admin.press("Simpan")
        admin.press("Nomor seri cocok")
    admin.page.goto(task)
    admin.tick_all("kelengkapan_data")
    admin.complete()


def record_fingers(operator: Person, pengelola: Person, office: Installation) -> None:
    """Stage 3: people press a finger at the first machine; it is fetched, confirmed, spread."""
    operator.take_task("sidik jari")
    task = operator.page.url
    operator.tick_all("pelaksanaan_perekaman")
    operator.press("Selesaikan tahap")
    operator.sees("masih kurang")
    operator.waits_for("belum direkam", "/mesin/perekaman/")
    office.wait_for_fingers()
    operator.go("/mesin/perekaman/")
    operator.press("Tarik sidik jari sekarang")
    supervise(pengelola)
    operator.waits_for("Tidak ada yang kurang", "/mesin/perekaman/?tampil=belum")
    operator.page.goto(task)
    operator.tick_all("pelaksanaan_perekaman")
    operator.complete()


def supervise(pengelola: Person) -> None:
    """Art. 8(3): what was recorded counts once its supervisor says that he saw it."""
    pengelola.waits_for("Sahkan yang dicentang", "/mesin/perekaman/?pd=diskominfo&tampil=pengawas")
    keep(pengelola, "pengawas.png", height=1100)
    pengelola.tick_all("enrolment")
    pengelola.press("Sahkan")


def switch_on(admin: Person, installation: Installation, month: Month) -> None:
    """Stage 4: machines checked and active, the first punches in."""
    admin.take_task("Menyiapkan, mengaktifkan")
    task = admin.page.url
    admin.tick_all("kesiapan")
    admin.press("Selesaikan tahap")
    admin.sees("masih kurang")
    for name in ("Mesin Lobi", "Mesin Lantai 2"):
        admin.go("/mesin/")
        admin.follow(name)
        machine = admin.page.url.removeprefix(installation.url)
        admin.press("Aktifkan")
        admin.press("Cocokkan jam mesin")
        admin.waits_for("Selesai", machine)
        admin.press("Periksa mesin")
        admin.waits_for("tepat", machine)
    admin.page.goto(task)
    admin.press("Selesaikan tahap")
    admin.sees("Belum ada data transaksi absen")
    import_log(admin, installation, [month.begin])
    admin.page.goto(task)
    admin.tick_all("kesiapan")
    admin.complete()


def import_log(person: Person, installation: Installation, days: list[date]) -> None:
    person.go("/mesin/impor/")
    person.page.locator("[name=device] option", has_text="Mesin Lobi").first.wait_for(
        state="attached"
    )
    option = person.page.locator("[name=device] option", has_text="Mesin Lobi").first
    person.page.locator("[name=device]").select_option(value=option.get_attribute("value"))
    person.attach("file", file("attlog.txt", attendance_log(installation, days)))
    person.press("Impor")


def attendance_log(installation: Installation, days: list[date]) -> bytes:
    """Write what a terminal posts for these days; one person never comes."""
    pins = installation.pins()
    lines = []
    for day in days:
        for index, pin in enumerate(pins[:-1]):
            come, leave = 10 + (index * 7 + day.day) % 24, 31 + (index * 5 + day.day) % 28
            lines.append(f"{pin}\t{day} 07:{come:02d}:00\t0\t1\t\t0\t0\t\r\n")
            lines.append(f"{pin}\t{day} 16:{leave:02d}:00\t0\t1\t\t0\t0\t\r\n")
    return "".join(lines).encode()


def enter_letter(operator: Person, admin: Person, atasan: Person, month: Month) -> None:
    """A letter with its scan; checked, then the superior approves it with his own account."""
    operator.go("/absensi/surat/baru/")
    page = operator.page
    superior = next(p for p in invent_people() if p.position == "Ketua Tim Kerja")
    person = next(p for p in invent_people()[11:40] if p.superior == superior.number)
    option = page.locator("[name=employee] option", has_text=person.name).first
    page.locator("[name=employee]").select_option(value=option.get_attribute("value"))
    page.locator("[name=kind]").select_option("DL")
    first = month.begin
    page.locator("[name=first_on]").fill(first.isoformat())
    page.locator("[name=last_on]").fill((first + timedelta(days=1)).isoformat())
    page.locator("[name=number]").fill("090/7/2026")
    page.locator("[name=issuer]").fill("Kepala Dinas")
    operator.attach("scan", pdf("Surat tugas"))
    operator.press("Simpan dan ajukan")
    admin.take_task("Memeriksa kelengkapan")
    admin.tick_all("yang_diperiksa")
    admin.press("Lengkap, teruskan")
    atasan.open_card(person.name)
    atasan.press("Setujui")
    atasan.waits_for("Tidak ada surat yang menunggu", "/absensi/persetujuan/")


def support_data(operator: Person, note: str = "") -> None:
    """Stage 5."""
    operator.take_task("data pendukung")
    keep(operator, "tugas.png", height=1100)
    operator.tick_all("alasan_diperiksa")
    if note:
        operator.sees("Dikembalikan")
        operator.page.locator("[name=catatan_ketidakhadiran]").fill(note)
    operator.complete()


def print_resume(operator: Person) -> None:
    """Stage 6."""
    operator.take_task("resume")
    operator.page.locator("[name=draft_diperiksa]").check()
    operator.complete()


def send_back(phone: Person) -> None:
    """Stage 7 on a phone: a return needs its reason."""
    phone.take_task("Meneliti")
    keep(phone, "persetujuan-360.png")
    phone.press("Kembalikan")
    phone.sees("alasan")
    phone.page.locator("[name=catatan]").fill("Periksa kembali surat tugas awal bulan.")
    phone.press("Kembalikan")


def approve(phone: Person) -> None:
    phone.take_task("Meneliti")
    phone.press("Setujui")


def report(admin: Person, month: Month) -> None:
    """Stage 8."""
    admin.take_task("Melaporkan")
    admin.page.locator("[name=tanggal_dilaporkan]").fill(month.end.isoformat())
    admin.page.get_by_label("Naskah dinas elektronik").check()
    admin.complete()


def archive(operator: Person) -> None:
    """Stage 9."""
    operator.take_task("mengarsipkan")
    operator.go("/tugas/")
    keep(operator, "kotak-tugas.png")
    operator.leave(operator.page.locator("a.row", has_text="mengarsipkan").first)
    operator.tick_all("pencatatan")
    operator.complete()


def check_documents(kadis: Person, folder: Path) -> None:
    """One Word file of every kind opens in python-docx and converts in LibreOffice."""
    files = []
    for kind in sorted(KINDS):
        kadis.go("/dokumen/")
        kadis.leave(kadis.page.locator("main a", has_text=kind).first)
        link = kadis.page.get_by_role("link", name="Unduh").first
        files.append(kadis.download(link, folder))
    for path in files:
        text = "\n".join(p.text for p in docx.Document(str(path)).paragraphs)
        assert text.strip(), path.name
        assert "{{" not in text, path.name
    if shutil.which("soffice"):
        subprocess.run(
            [
                "soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
                "--convert-to", "pdf", "--outdir", str(folder / "pdf"), *map(str, files),
            ],
            check=True, capture_output=True, timeout=240,
        )  # fmt: skip
        made = {path.stem for path in (folder / "pdf").glob("*.pdf")}
        assert made == {path.stem for path in files}
