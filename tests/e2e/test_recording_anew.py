"""A finger recorded anew in a real browser, by everybody whom its procedure asks (Pergub art. 8).

Operator, admin, a manager of the application and the supervisor each have a window; two simulated
machines stand in the office, and one of them is broken while the old finger is to be deleted.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from devices import services
from devices.models import FingerprintTemplate, LeftOutMachine, RecordingAnew, TemplateCopy
from devices.services import sessions
from devices.services.recording_removal import catch_up
from documents.models import Document
from foundation import ledger, outbox
from foundation.actors import SYSTEM
from organization.models import User
from organization.permissions import local_date
from processes.models import Instance
from tests.attendance.asking import manager
from tests.attendance.people import employee_of
from tests.cast import NOW, PASSWORD, Cast, appoint, make_cast, make_supervisor
from tests.devices.make import confirm_all, device_at, pin_of
from tests.devices.simulators import Simulator, simulators
from tests.documents.words import text_of
from tests.e2e.people import Person, no_server_errors

pytestmark = [
    pytest.mark.xdist_group("walks"), pytest.mark.browser, pytest.mark.long,
    pytest.mark.timeout(600), pytest.mark.django_db(transaction=True),
]  # fmt: skip


@dataclass
class Office:
    """Joko's finger is on both machines; windows by account."""

    cast: Cast
    lobby: Simulator
    hall: Simulator
    chromium: Browser
    url: str
    desks: list[Person] = field(default_factory=list)

    def __post_init__(self) -> None:
        agency = self.cast.agency
        self.joko = employee_of(self.cast.employee)
        self.at_lobby = device_at(agency, self.lobby, name="Mesin Lobi")
        self.at_hall = device_at(agency, self.hall, name="Mesin Aula")
        services.push_users_everywhere(agency=agency, actor=SYSTEM, now=NOW)
        self.press("joko-dahulu")
        services.fetch_templates(device=self.at_lobby, actor=SYSTEM, now=NOW)
        confirm_all(agency)
        services.sync_fingerprints(agency=agency, actor=SYSTEM, now=NOW)
        self.old = FingerprintTemplate.objects.get()
        assert set(self.machines_with_the_old_finger()) == {"Mesin Lobi", "Mesin Aula"}

    @property
    def page(self) -> str:
        """Where Joko's fingers stand."""
        return f"/mesin/perekaman/{self.joko.pk}/"

    @property
    def instance(self) -> Instance:
        return Instance.objects.get(recordings_anew__employee=self.joko)

    def desk(self, user: User) -> Person:
        person = Person(self.chromium, self.url)
        person.sign_in(user.username, PASSWORD)
        self.desks.append(person)
        return person

    def press(self, seed: str) -> None:
        """Let Joko lay his right index finger on the machine in the lobby."""
        self.lobby.tell(f"enrol {pin_of(self.joko)} 6 {seed}")

    def works(self) -> None:
        """Let the workers do what is due by now."""
        outbox.drain(limit=200)

    def sends(self, person: Person, button: str, **answers: str) -> None:
        for name, value in answers.items():
            person.page.locator(f"form.form [name={name}]").fill(value)
        person.press(button)
        self.works()

    def machines_with_the_old_finger(self) -> list[str]:
        copies = TemplateCopy.objects.filter(template=self.old)
        return list(copies.values_list("device__name", flat=True))


@pytest.fixture
def office(chromium: Browser, served: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(sessions, "TIMEOUT", 1.0)
    monkeypatch.setattr(sessions, "CALL_TIMEOUT", 3.0)
    with simulators("LOBI00001", 1) as (lobby,), simulators("AULA00002", 1) as (hall,):
        yield Office(make_cast(), lobby, hall, chromium, served)


def test_a_finger_is_recorded_anew_before_the_eyes_of_its_supervisor(office: Office) -> None:
    cast = office.cast
    veronika = make_supervisor(cast.agency)
    for user in (cast.operator, cast.employee):  # they supervise others, never here
        appoint(user, "Pengelola", cast.agency)
    operator, supervisor = office.desk(cast.operator), office.desk(veronika)
    _requested(office, operator)
    _identified(office, office.desk(cast.admin))
    _appointed(office, office.desk(manager(cast)), office.desk(cast.employee))
    _recorded(office, operator)
    _machine_left_out(office, supervisor)
    _supervised(office, supervisor)
    _written_down(office, operator)
    _made_up_for(office)
    assert no_server_errors(office.desks) == []
    assert list(ledger.verify()) == []


def _requested(office: Office, operator: Person) -> None:
    operator.go(office.page)
    operator.page.locator("#anew_cause").select_option("worn")
    operator.page.locator("#anew_reason").fill("Luka bakar pada telunjuk kanan")
    operator.press("Minta perekaman ulang")
    operator.sees("Perekaman ulang Joko Tallo diminta.")
    operator.sees("Tarik permohonan ini")
    office.works()


def _identified(office: Office, admin: Person) -> None:
    admin.take_task("Memverifikasi identitas")
    admin.sees("Luka bakar pada telunjuk kanan")
    office.sends(admin, "Cocok")


def _appointed(office: Office, chief: Person, joko: Person) -> None:
    """Joko supervises others; about himself he decides nothing and is offered to nobody."""
    today = local_date(office.cast.agency, timezone.now()).isoformat()
    joko.take_task("Menetapkan pengawas")
    expect(joko.page.get_by_role("radio", name="Joko Tallo")).to_have_count(0)
    joko.page.get_by_role("radio", name="Veronika Lelo").check()
    office.sends(joko, "Jadwalkan", hari_perekaman=today)
    joko.sees("Permohonan ini tentang Anda sendiri")
    joko.press("Lepas")
    chief.take_task("Menetapkan pengawas")
    chief.page.get_by_role("radio", name="Veronika Lelo").check()
    yesterday = (timezone.now() - timedelta(days=2)).date().isoformat()
    office.sends(chief, "Jadwalkan", hari_perekaman=yesterday)
    chief.sees("Hari perekaman paling cepat hari ini")
    chief.page.get_by_role("radio", name="Veronika Lelo").check()
    office.sends(chief, "Jadwalkan", hari_perekaman=today)


def _recorded(office: Office, operator: Person) -> None:
    """Nothing is sent on before a finger was read; who recorded it does not confirm it."""
    operator.take_task("Merekam ulang")
    task = operator.page.url.removeprefix(operator.url)
    operator.press("Sudah direkam")
    operator.sees("Belum ada jari yang direkam sejak izin diberikan")
    office.press("joko-sekarang")
    office.hall.tell("power off")
    operator.go("/mesin/perekaman/")
    operator.press("Tarik sidik jari sekarang")
    office.works()
    operator.go(task)
    operator.sees("telunjuk kanan di Mesin Lobi")
    office.sends(operator, "Sudah direkam")
    operator.go(office.page)
    operator.sees("Anda merekamnya sendiri; pengawas lain yang mengesahkan.")
    assert office.machines_with_the_old_finger() == ["Mesin Aula"]


def _machine_left_out(office: Office, supervisor: Person) -> None:
    """The broken machine holds everything up until the supervisor says why it is not waited for."""
    supervisor.go(f"/proses/{office.instance.pk}/")
    supervisor.sees("Sidik jari lama masih ada di Mesin Aula")
    supervisor.go(office.page)
    supervisor.press("Sahkan, saya mengawasinya")
    supervisor.sees("Sidik jari lama Joko Tallo masih ada di Mesin Aula")
    supervisor.go(office.page)
    supervisor.page.locator("summary", has_text="Lanjutkan tanpa mesin yang rusak").click()
    supervisor.page.locator("#left_out_reason").fill("Layarnya pecah, menunggu suku cadang")
    supervisor.press("Lanjutkan tanpa mesin ini")
    supervisor.sees("Perekaman ulang dilanjutkan tanpa Mesin Aula.")
    office.works()


def _supervised(office: Office, supervisor: Person) -> None:
    supervisor.go("/tugas/")  # named in it: it lies with her, not in a queue
    supervisor.leave(supervisor.page.locator("a.row", has_text="Mengawasi dan mengesahkan"))
    supervisor.press("Kerjakan")
    supervisor.sees("Mesin Aula tidak ditunggu: Layarnya pecah, menunggu suku cadang")
    office.sends(supervisor, "Sahkan")


def _written_down(office: Office, operator: Person) -> None:
    operator.go(f"/proses/{office.instance.pk}/")
    operator.sees("Berita Acara Perubahan Sidik Jari")
    assert office.instance.status == Instance.Status.FINISHED
    assert RecordingAnew.objects.get().state == RecordingAnew.State.DONE
    words = "\n".join(text_of(Document.objects.get(kind="ba_perekaman").file.read()))
    for told in ("Joko Tallo", "Sari Benu", "Veronika Lelo", "telunjuk kanan", "Mesin Aula"):
        assert told in words


def _made_up_for(office: Office) -> None:
    """The machine is mended: what it missed is made up for by itself."""
    operator = office.desks[0]
    operator.go(office.page)
    expect(operator.page.locator("main")).to_contain_text("ada di 1 dari 2 mesin")
    office.hall.tell("power on")
    services.check_device(device=office.at_hall, actor=SYSTEM, now=timezone.now())
    catch_up(timezone.now())
    office.works()
    catch_up(timezone.now())
    assert LeftOutMachine.objects.get().caught_up_at is not None
    assert office.machines_with_the_old_finger() == []
    operator.go(office.page)
    operator.sees("ada di 2 dari 2 mesin")
