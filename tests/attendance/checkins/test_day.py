"""The SOP of a day: begun by the clock, watched, verified, closed; played with the database."""

import html
import json
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from attendance.models import ContactNote, DayFile, HelpTicket, Outage
from attendance.services.checkins import open_ticket
from attendance.services.days import begin_days
from attendance.services.monitoring import answer_ticket, note_contact
from documents.models import Archive, Document
from documents.storage import sha256_of, stored_path
from foundation import outbox
from organization.models import Employee, PublicHoliday, User, Workplace
from processes import services
from processes.exceptions import GuardRefused
from processes.models import Instance, Message, Notice, Task
from tests.attendance.checkins.phones import (
    MONDAY,
    at,
    decide,
    manager,
    open_office,
    press_as,
    standing,
)
from tests.attendance.people import employee_of
from tests.cast import Cast, appoint

pytestmark = pytest.mark.django_db


@contextmanager
def clock(moment: datetime) -> Iterator[None]:
    with time_machine.travel(moment, tick=False):
        yield


def work(moment: datetime) -> None:
    """Let the clock and the workers do what is due."""
    with clock(moment):
        begin_days(now=moment)
        outbox.drain(limit=1000)


class Day:
    """A Monday in the cast's agency, as its managers live it."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.manager = cast, manager(cast)
        open_office(cast)
        decide(cast.agency, "daily_procedure", "yes")

    @property
    def instance(self) -> Instance:
        return Instance.objects.get(agency=self.cast.agency, definition_key="presensi_harian_tapin")

    def task(self, step: str) -> Task:
        return self.instance.tasks.filter(step=step).latest("pk")

    def open(self) -> list[str]:
        states = (Task.Status.READY, Task.Status.CLAIMED)
        tasks = self.instance.tasks.filter(status__in=states, kind="user")
        return sorted(tasks.values_list("step", flat=True))

    def do(
        self,
        step: str,
        moment: datetime,
        *,
        user: User | None = None,
        row: str = "",
        **answers: Any,
    ) -> Task:
        user = user or self.manager
        tasks = self.instance.tasks.filter(step=step, row_key=row, status=Task.Status.READY)
        task = tasks.latest("pk")
        with clock(moment):
            services.claim_task(task_id=task.pk, actor_user=user, now=moment)
            services.complete_task(task_id=task.pk, actor_user=user, answers=answers, now=moment)
        work(moment)
        return Task.objects.get(pk=task.pk)

    def everybody_presses(self, kind: str, moment: datetime, *, but: Collection[User]) -> None:
        for user in [*self.cast.everyone, self.manager]:
            if user not in but:
                press_as(user, kind, moment)

    def until_the_evening(self, *, missing: set[User]) -> None:
        work(at("07.00"))
        self.do("verifikasi_sistem", at("07.05"), hasil_verifikasi="berfungsi")
        self.do("pastikan_data_pegawai", at("07.10"), data_pegawai_diperiksa=ALL_CHECKED)
        self.everybody_presses("in", at("07.20"), but=missing)
        work(at("11.45"))
        work(at("16.00"))
        self.everybody_presses("out", at("16.02"), but=missing)
        work(at("16.15"))


ALL_CHECKED = ["pegawai_baru", "pegawai_pindah", "pegawai_berhenti"]
REPORT: dict[str, Any] = {"laporan_cocok": ["jumlah_pegawai", "yang_ditandai"]}


@pytest.fixture
def day(cast: Cast) -> Day:
    return Day(cast)


def test_the_day_begins_half_an_hour_before_work_and_once(day: Day) -> None:
    work(at("06.59"))
    assert not Instance.objects.exists()
    work(at("07.00"))
    work(at("07.01"))
    assert day.open() == ["pastikan_data_pegawai", "verifikasi_sistem"]
    work(at("09.00"))
    assert day.instance.subject == "2026-04-20"
    assert Message.objects.count() == 1


def test_a_server_that_was_away_begins_the_day_late_and_never_after_it(day: Day) -> None:
    work(at("16.00"))
    assert not Instance.objects.exists()
    work(at("10.00", date(2026, 4, 21)))
    assert day.instance.subject == "2026-04-21"


def test_on_a_day_off_and_without_the_decision_nothing_begins(cast: Cast, day: Day) -> None:
    work(at("07.00", date(2026, 4, 19)))  # Sunday
    PublicHoliday.objects.create(on=MONDAY, name="Libur setempat", agency=cast.agency)
    work(at("07.30"))
    assert not Instance.objects.exists()
    PublicHoliday.objects.all().delete()
    work(at("07.31"))
    assert Instance.objects.filter(agency=cast.agency).count() == 1
    assert not Instance.objects.exclude(agency=cast.agency).exists()


def test_who_is_expected_is_reminded_and_nobody_else(cast: Cast, day: Day) -> None:
    press_as(cast.operator, "in", at("06.55"))
    without_account = Employee.objects.create(
        agency=cast.agency, name="Tanpa Akun", number="19850312201001 1 777", status="PNS"
    )
    work(at("07.00"))
    told = set(Notice.objects.values_list("user__username", flat=True))
    assert told == {user.username for user in [*cast.everyone, day.manager]} - {"sari"}
    assert "1 tanpa akun" in day.task("kirim_pengingat").note
    assert without_account.pk is not None


def test_preparation_that_nobody_does_holds_no_day_up(day: Day) -> None:
    work(at("07.00"))
    work(at("07.30"))
    assert day.open() == ["pantau_kehadiran", "presensi_masuk"]
    assert day.task("verifikasi_sistem").status == Task.Status.CANCELLED


def test_the_day_goes_on_by_its_moments_and_counts(cast: Cast, day: Day) -> None:
    day.until_the_evening(missing={cast.employee})
    assert (
        day.task("catat_presensi_masuk").note == "Presensi masuk: 7 dari 8 pegawai; 0 dengan surat."
    )
    assert day.task("catat_presensi_pulang").note.startswith("Presensi pulang: 7 dari 8")
    assert day.task("pantau_kehadiran").status == Task.Status.CANCELLED  # closed by the clock
    assert day.open() == ["verifikasi_laporan"]


def test_a_ticket_that_nobody_answered_is_answered_before_the_report(cast: Cast, day: Day) -> None:
    work(at("07.00"))
    ticket = open_ticket(
        employee=employee_of(cast.employee), topic="location", problem="", user=cast.employee,
        now=at("07.10"),
    )  # fmt: skip
    for moment in ("07.30", "11.45", "16.00", "16.15"):
        work(at(moment))
    with pytest.raises(GuardRefused, match="belum dijawab"):
        day.do("verifikasi_laporan", at("16.20"), **REPORT)
    answer_ticket(ticket_id=ticket.pk, answer="Dibantu.", user=day.manager, now=at("16.21"))
    services.unclaim_task(
        task_id=day.task("verifikasi_laporan").pk, actor_user=day.manager, reason="",
        now=at("16.21"),
    )  # fmt: skip
    day.do("verifikasi_laporan", at("16.22"), **REPORT)
    assert HelpTicket.objects.get().answer == "Dibantu."


def test_everybody_without_presence_is_contacted_one_by_one(cast: Cast, day: Day) -> None:
    day.until_the_evening(missing={cast.employee, cast.operator})
    day.do("verifikasi_laporan", at("16.20"), **REPORT)
    joko, sari = employee_of(cast.employee), employee_of(cast.operator)
    rows = day.instance.tasks.filter(step="hubungi_pegawai")
    assert {row.row_label for row in rows} == {
        "Joko Tallo, belum masuk dan pulang", "Sari Benu, belum masuk dan pulang",
    }  # fmt: skip
    with pytest.raises(GuardRefused, match="Joko Tallo"):
        day.do("hubungi_pegawai", at("16.22"), row=f"pegawai:{joko.pk}")

    def call(person: Employee, result: str, moment: str) -> ContactNote:
        return note_contact(
            employee=person, day=MONDAY, channel="phone", result=result, answer="",
            user=day.manager, now=at(moment),
        )  # fmt: skip

    call(joko, "letter", "16.23")
    services.unclaim_task(
        task_id=rows.get(row_key=f"pegawai:{joko.pk}").pk, actor_user=day.manager, reason="",
        now=at("16.23"),
    )  # fmt: skip
    day.do("hubungi_pegawai", at("16.24"), row=f"pegawai:{joko.pk}")
    call(sari, "unreached", "16.25")
    call(sari, "unreached", "16.27")  # two tries are enough
    day.do("hubungi_pegawai", at("16.28"), row=f"pegawai:{sari.pk}")
    assert day.open() == []  # waits for half an hour after work
    work(at("16.30"))
    assert day.open() == ["tutup_hari"]


def test_who_presses_meanwhile_needs_no_call(cast: Cast, day: Day) -> None:
    day.until_the_evening(missing=set())
    day.do("verifikasi_laporan", at("16.20"), **REPORT)
    assert not day.instance.tasks.filter(step="hubungi_pegawai").exists()
    work(at("16.30"))
    assert day.open() == ["tutup_hari"]


def test_the_day_is_closed_with_its_file_its_log_and_its_archive(cast: Cast, day: Day) -> None:
    press_as(cast.employee, "in", at("07.15"), standing(700))
    day.until_the_evening(missing={cast.employee})
    day.do("verifikasi_laporan", at("16.20"), **REPORT)
    joko = employee_of(cast.employee)
    note_contact(
        employee=joko, day=MONDAY, channel="message", result="clarified",
        answer="Ponselnya hilang.", user=day.manager, now=at("16.22"),
    )  # fmt: skip
    day.do("hubungi_pegawai", at("16.23"), row=f"pegawai:{joko.pk}")
    work(at("16.30"))
    day.do("tutup_hari", at("16.35"), kesiapan_esok="siap.", rapat_evaluasi="rapat_dilewati")
    assert day.instance.status == Instance.Status.FINISHED
    file = DayFile.objects.get()
    content = stored_path(file.path).read_bytes()
    told = json.loads(content)
    assert (file.sha256, file.size, file.rows) == (sha256_of(content), len(content), 14)
    assert len(told["absen"]) == 14
    assert [row["ditolak"] for row in told["presensi_ponsel"] if row["ditolak"]] == ["outside"]
    assert b"115.1" not in content  # no coordinates
    log = Document.objects.get(kind="log_harian").context["log"]
    assert log["jumlah"] == {
        "pegawai": 8, "masuk": 7, "pulang": 7, "belum": 1, "izin": 0, "diharapkan": 8,
    }  # fmt: skip
    assert log["dihubungi"] == [
        {
            "nama": "Joko Tallo", "belum": "masuk dan pulang", "waktu": "16.22", "cara": "pesan",
            "jawaban": "Klarifikasi diterima: Ponselnya hilang.",
        }
    ]  # fmt: skip
    assert log["cadangan"]["sha256"] == file.sha256
    assert log["rapat"] == ""
    assert [line["hasil"] for line in log["pemeriksaan"]] == [
        "selesai", "selesai", "selesai", "tidak diambil", "selesai", "selesai", "selesai",
    ]  # fmt: skip
    assert Archive.objects.filter(instance=day.instance).exists()


@pytest.mark.parametrize("held", [True, False])
def test_a_meeting_may_be_held_and_never_blocks(cast: Cast, day: Day, held: bool) -> None:
    innovator = cast.secretary
    appoint(innovator, "Inovator", cast.agency)
    day.until_the_evening(missing=set())
    day.do("verifikasi_laporan", at("16.20"), **REPORT)
    work(at("16.30"))
    day.do("tutup_hari", at("16.35"), kesiapan_esok="siap.", rapat_evaluasi="rapat_diadakan")
    if held:
        day.do("rapat_singkat", at("16.50"), notula_rapat="Dua ponsel lama diganti.")
        assert day.open() == ["tanggapi_rapat"]
        day.do("tanggapi_rapat", at("17.00"), user=innovator, tanggapan_inovator="Setuju.")
    else:
        work(at("18.00"))
    assert day.instance.status == Instance.Status.FINISHED
    log = Document.objects.get(kind="log_harian").context["log"]
    assert log["rapat"] == ("Dua ponsel lama diganti." if held else "")


def test_the_file_is_handed_to_who_watches_and_to_nobody_else(cast: Cast, day: Day) -> None:
    day.until_the_evening(missing=set())
    day.do("verifikasi_laporan", at("16.20"), **REPORT)
    work(at("16.30"))
    page = f"/presensi/berkas/{DayFile.objects.get().pk}/"
    client = Client()
    with clock(at("16.40")):
        client.force_login(cast.kadis)
        assert client.get(page).status_code == 404
        client.force_login(day.manager)
        answer = client.get(page)
    assert json.loads(answer.getvalue())["hari"] == "2026-04-20"


def test_the_pages_of_every_step_show(cast: Cast, day: Day) -> None:
    """Whoever opens the tasks of the day finds the panels filled."""
    client = Client()
    client.force_login(day.manager)

    def page(step: str, moment: str) -> str:
        with clock(at(moment)):
            return client.get(f"/tugas/{day.task(step).pk}/").content.decode()

    work(at("07.00"))
    assert "Kantor Utama" in page("verifikasi_sistem", "07.01")
    assert "Perubahan pegawai sejak 17 April 2026" in page("pastikan_data_pegawai", "07.02")
    work(at("07.30"))
    assert "Buka pemantauan" in page("pantau_kehadiran", "09.00")
    for moment in ("11.45", "16.00", "16.15"):
        work(at(moment))
    assert "Tanpa presensi lengkap" in page("verifikasi_laporan", "16.16")
    day.do("verifikasi_laporan", at("16.20"), **REPORT)
    assert "Belum dihubungi." in page("hubungi_pegawai", "16.21")


def test_a_failed_verification_leads_to_the_report_of_an_outage(cast: Cast, day: Day) -> None:
    client = Client()
    client.force_login(day.manager)
    Workplace.objects.all().delete()
    work(at("07.00"))

    def page() -> str:
        return client.get(f"/tugas/{day.task('verifikasi_sistem').pk}/").content.decode()

    with clock(at("07.02")):
        link = re.search(r'href="(/absensi/gangguan/baru/[^"]+)"', page())
        assert link is not None
        address = html.unescape(link.group(1))
        form = client.get(address).content.decode()
        assert 'value="Lokasi kantor: belum dicatat"' in form
        assert f'value="{MONDAY.isoformat()}"' in form
        reported = {"first_on": MONDAY.isoformat(), "reason": "Peladen tidak menjawab."}
        assert client.post(address, reported).status_code == 302
        outage = Outage.objects.get()
        assert outage.agency == cast.agency
        assert outage.instance is not None  # its own procedure goes on with it
        told = page()
    assert f'href="/absensi/gangguan/{outage.pk}/"' in told
    assert "/absensi/gangguan/baru/" not in told
