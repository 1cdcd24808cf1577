"""Too few officers: a SOP begins by itself, the head appoints, each signs for himself (art. 7)."""

from datetime import UTC, datetime, timedelta

import pytest

from foundation import ledger
from foundation.actors import SYSTEM
from foundation.models import Event
from organization.models import Appointment, EmploymentStatus, OfficerNeed
from organization.permissions import person
from organization.services import Chosen, appoint_officers, retire_employee, revoke_appointment
from processes import services as processes
from processes.models import Instance, Message, Notice, Task
from tests.cast import NOW, TODAY, Cast, appoint, make_agency, make_employee, make_user
from tests.documents.words import text_of as words_of
from tests.organization.officer_runs import CHOOSE, DECIDE, SIGN, Office, end_on, runs_in
from tests.processes.pages import text_of

ASK = "/pegawai/petugas/penetapan/"
ALARM = "Kekurangan petugas di Dinas Komunikasi dan Informatika"
pytestmark = pytest.mark.django_db


@pytest.fixture
def office(cast: Cast) -> Office:
    """Budi is the admin and Sari the only operator left."""
    Appointment.objects.filter(user=cast.operator2).delete()
    return Office(cast)


@pytest.fixture
def short(office: Office) -> Office:
    """Sari's appointment was ended by hand; the head has his task."""
    row = Appointment.objects.get(user=office.cast.operator)
    revoke_appointment(appointment=row, actor=person(office.cast.kadis), now=office.now)
    return office.work()


def unheard(office: Office) -> list[Message]:
    """Return the messages that nobody received."""
    return list(Message.objects.filter(agency=office.cast.agency, received_at=None))


# How it begins ------------------------------------------------------------------------------------


def test_the_day_after_the_second_officers_letter_ends_the_head_has_a_task(office: Office) -> None:
    end_on(office.cast.operator, office.cast.agency, TODAY.isoformat())
    office.now = datetime(2026, 4, 20, 15, 59, tzinfo=UTC)  # 23.59 WITA
    assert office.work().runs == []
    office.now = datetime(2026, 4, 20, 16, 0, tzinfo=UTC)  # midnight in Kupang, 12.00 in New York
    office.work()
    assert office.waiting() == [CHOOSE]
    (need,) = office.needs
    assert (need.kind, need.mended_at) == (OfficerNeed.Kind.SHORTAGE, None)
    assert need.reason == "Belum ada petugas yang sah sebagai Operator."


def test_midnight_is_that_of_each_agency(office: Office) -> None:
    eastern = make_agency("merauke", time_zone="Asia/Jayapura")
    for role in ("Admin", "Operator"):
        user = make_user(make_employee(eastern, f"Petugas {role}"), f"jayapura-{role.lower()}")
        appoint(user, role, eastern, valid_until=TODAY)
    end_on(office.cast.operator, office.cast.agency, TODAY.isoformat())
    office.now = datetime(2026, 4, 20, 15, 30, tzinfo=UTC)  # 00.30 there, 23.30 here
    office.work()
    assert (len(runs_in(eastern)), office.runs) == (1, [])
    office.later(minutes=30)
    assert (len(runs_in(eastern)), len(office.runs)) == (1, 1)


def test_a_shortage_is_told_once_however_often_the_clock_looks(short: Office) -> None:
    for _ in range(3):
        short.later(hours=8)
    assert len(short.needs) == len(short.runs) == 1
    subject = f"organization.officerneed:{short.needs[0].pk}"
    assert Event.objects.filter(verb="officer_need_opened", subject=subject).count() == 1
    assert short.waiting() == [CHOOSE]


def test_the_head_and_bkd_are_told_and_the_alarm_stands_until_it_is_mended(office: Office) -> None:
    bkd = make_user(make_employee(office.cast.other_agency, "Agnes Liu"), "agnes")
    appoint(bkd, "BKD", office.cast.agency)
    assert office.cast.operator.employee is not None
    retire_employee(
        employee=office.cast.operator.employee, left_on=TODAY, actor=SYSTEM, now=office.now
    )
    office.work()
    told = Notice.objects.filter(text__contains="Belum ada petugas yang sah sebagai Operator")
    assert {notice.user for notice in told} == {office.cast.kadis, bkd}
    for who in (office.cast.kadis, office.cast.admin, bkd):
        assert ALARM in office.read(who, "/tugas/")
        assert "Kekurangan petugas." in office.read(who, "/pegawai/petugas/")
    assert ALARM not in office.read(office.cast.outsider, "/tugas/")
    office.choose()
    assert ALARM not in office.read(office.cast.kadis, "/tugas/")


def test_an_agency_that_never_had_officers_is_left_to_its_first_period(cast: Cast) -> None:
    new = make_agency("baru")
    Office(cast).work()
    assert not OfficerNeed.objects.filter(agency=new).exists()


def test_the_head_may_ask_for_others_from_the_page_of_the_officers(office: Office) -> None:
    kadis = office.cast.kadis
    assert "Ganti petugas" in office.read(kadis, "/pegawai/petugas/")
    for _ in range(2):  # a second press begins nothing
        assert office.press(kadis, ASK).status_code == 302
    assert office.waiting() == [CHOOSE]
    assert [need.kind for need in office.needs] == [OfficerNeed.Kind.REQUEST]
    assert "Kekurangan" not in office.read(kadis, "/tugas/")
    assert "Ganti petugas" not in office.read(office.cast.operator, "/pegawai/petugas/")
    assert office.press(office.cast.operator, ASK).status_code == 403


def test_what_was_cancelled_is_begun_again_from_that_page(short: Office) -> None:
    processes.cancel_process(
        instance_id=short.run().pk, actor_user=short.cast.kadis, reason="Keliru", now=short.now
    )
    assert short.later(hours=1).runs[0].status == Instance.Status.CANCELLED
    assert len(short.runs) == 1
    short.press(short.cast.kadis, ASK)
    assert short.waiting(short.runs[1]) == [CHOOSE]
    assert len(short.needs) == 1


# Who is appointed ---------------------------------------------------------------------------------


def test_all_sign_and_the_office_is_whole_again(short: Office) -> None:
    assert short.choose().status_code == 302
    newcomer = short.account()
    assert short.waiting() == [f"{SIGN} Kornelis Ndun"]
    held = short.held(newcomer)
    assert (held.role, held.letter_number) == ("Operator", "800/77/KOMINFO/2026")
    assert held.qualifications[-1] == "Bimbingan teknis e-absensi Maret 2026."
    assert short.needs[0].mended_at is not None
    assert short.sign(newcomer).status_code == 302
    held.refresh_from_db()
    assert held.integrity_pact_signed_at == short.now
    assert held.integrity_pact_attachment is not None
    signed = Event.objects.get(verb="integrity_pact_signed")
    assert (signed.actor_id, signed.acting_as) == (newcomer.pk, "Operator")
    assert short.end() == "petugas_bertugas"
    assert Appointment.objects.get(user=short.cast.admin).revoked_at is None
    assert list(ledger.verify()) == []
    assert list(ledger.disagreements()) == []


def test_the_letters_name_who_was_appointed_and_nobody_else(short: Office) -> None:
    short.choose()
    papers = {paper.kind: paper for paper in short.run().documents.order_by("pk")}
    assert set(papers) == {"surat_tugas", "pakta_integritas"}
    for paper in papers.values():
        said = " ".join(words_of(paper.file.read()))
        assert "Kornelis Ndun" in said
        assert "Budi Manafe" not in said
    assert "800/77/KOMINFO/2026" in " ".join(words_of(papers["surat_tugas"].file.open().read()))


def test_a_choice_after_which_too_few_serve_is_refused(short: Office) -> None:
    admin = Appointment.objects.get(user=short.cast.admin)
    honorary = make_employee(short.cast.agency, "Rina Lay", status=EmploymentStatus.HONORER)
    for answers, sentence in (
        ({"operator_baru": []}, "Pilih sekurang-kurangnya satu petugas baru."),
        ({"diakhiri": [str(admin.pk)]}, "Belum ada pegawai yang dipilih sebagai Admin."),
        (
            {"operator_baru": [str(short.cast.admin.employee_id)]},
            "Budi Manafe dipilih untuk lebih dari satu peran.",
        ),
        ({"operator_baru": [str(honorary.pk)]}, "tidak tersedia; muat ulang halaman"),
    ):
        refused = short.choose(**answers)
        assert refused.status_code == 422
        assert sentence in text_of(refused)
    assert short.waiting() == [CHOOSE]


def test_who_was_right_when_chosen_and_left_since_sends_it_back_to_the_head(short: Office) -> None:
    told = {
        "operator_baru": [str(short.newcomer.pk)], "nomor_petunjuk": "1",
        "kualifikasi": ["tata_kelola", "integritas"], "berlaku_sejak": "2026-04-20",
    }  # fmt: skip
    assert short.post(short.cast.kadis, short.task(CHOOSE), told).status_code == 302
    retire_employee(employee=short.newcomer, left_on=TODAY, actor=SYSTEM, now=short.now)
    short.work()
    assert short.waiting() == [CHOOSE]
    failed = Task.objects.get(instance=short.run(), status=Task.Status.FAILED)
    assert failed.step == "angkat_petugas"
    other = make_employee(short.cast.agency, "Rina Lay")
    short.choose(operator_baru=[str(other.pk)])
    assert short.waiting() == [f"{SIGN} Rina Lay"]


def test_a_shortage_mended_elsewhere_ends_the_task_by_itself(short: Office) -> None:
    run = short.run()
    assert short.cast.admin.employee_id is not None
    appoint_officers(
        agency=short.cast.agency,
        chosen=[
            Chosen(short.cast.admin.employee_id, "Admin"),
            Chosen(short.newcomer.pk, "Operator"),
        ],
        actor=person(short.cast.kadis),
        now=short.now,
    )  # fmt: skip
    short.work()
    assert (short.waiting(), short.end()) == ([], "tidak_perlu_lagi")
    run.refresh_from_db()
    assert run.status == Instance.Status.FINISHED
    assert not unheard(short)
    assert len(short.later(days=3).runs) == 1


# Who signs ----------------------------------------------------------------------------------------


def test_nobody_signs_for_another(short: Office) -> None:
    second = make_employee(short.cast.agency, "Rina Lay")
    short.choose(operator_baru=[str(short.newcomer.pk), str(second.pk)])
    assert short.waiting() == [f"{SIGN} Kornelis Ndun", f"{SIGN} Rina Lay"]
    rina = short.account(second)
    foreign = short.task(SIGN, short.account())
    for other in (rina, short.cast.kadis, short.cast.admin):
        assert short.sign(other, foreign).status_code in (403, 404)
    short.sign(rina)
    assert short.held(rina).integrity_pact_signed_at is None  # noted when the step is over
    assert short.waiting() == [f"{SIGN} Kornelis Ndun"]
    short.sign(short.account())
    assert short.held(rina).integrity_pact_signed_at is not None
    assert short.end() == "petugas_bertugas"


def test_who_has_not_signed_is_reminded_then_the_head_decides_to_wait(short: Office) -> None:
    short.choose()
    newcomer = short.account()
    short.later(days=3)
    reminder = "Pakta integritas petugas e-absensi belum ditandatangani."
    told = {notice.user for notice in Notice.objects.filter(text=reminder)}
    assert told == {newcomer, short.cast.kadis}
    assert short.waiting() == [f"{SIGN} Kornelis Ndun"]
    short.later(days=6)
    assert short.waiting() == [DECIDE]
    page = short.read(short.cast.kadis, f"/tugas/{short.task(DECIDE).pk}/")
    assert "Operator Pakta belum ditandatangani" in page
    short.decide("petugas_ditunggu")
    assert short.waiting() == [f"{SIGN} Kornelis Ndun"]
    assert "Masih dinas luar." in short.read(newcomer, f"/tugas/{short.task(SIGN).pk}/")
    short.sign(newcomer)
    assert short.end() == "petugas_bertugas"


def test_the_head_replaces_who_does_not_sign_in_a_run_of_its_own(short: Office) -> None:
    short.choose()
    unsigned = short.held(short.account())
    short.later(days=10)
    short.decide("petugas_diganti")
    first, second = short.runs
    assert (short.end(first), short.waiting(second)) == ("pengganti_diminta", [CHOOSE])
    other = make_employee(short.cast.agency, "Rina Lay")
    short.choose(operator_baru=[str(other.pk)], diakhiri=[str(unsigned.pk)])
    unsigned.refresh_from_db()
    assert unsigned.revoked_at is not None
    assert short.waiting(second) == [f"{SIGN} Rina Lay"]
    short.sign(short.account(other))
    assert short.end(second) == "petugas_bertugas"
    assert not unheard(short)


def test_who_leaves_before_he_signs_is_waited_for_no_longer(short: Office) -> None:
    short.choose()
    first = short.run()
    retire_employee(employee=short.newcomer, left_on=TODAY, actor=SYSTEM, now=short.now)
    short.work()
    assert short.end(first) == "petugas_bertugas"
    assert len(short.runs) == 2  # and again there is no operator
    assert short.waiting(short.runs[1]) == [CHOOSE]


def test_one_who_stays_is_asked_for_after_the_other_left(short: Office) -> None:
    second = make_employee(short.cast.agency, "Rina Lay")
    short.choose(operator_baru=[str(short.newcomer.pk), str(second.pk)])
    row = short.held(short.account(second))
    revoke_appointment(appointment=row, actor=person(short.cast.kadis), now=short.now)
    short.work()
    assert short.waiting() == [DECIDE]
    short.decide("petugas_ditunggu")
    assert short.waiting() == [f"{SIGN} Kornelis Ndun"]


def test_the_reminder_comes_after_three_working_days(short: Office) -> None:
    short.choose()
    due = Task.objects.get(instance=short.run(), step="batas_ingat").due_at
    assert due == NOW + timedelta(days=3)  # from Monday to Thursday
