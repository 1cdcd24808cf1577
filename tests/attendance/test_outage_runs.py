"""The procedure of an outage (art. 13), played by its people: report, repair, daily recaps."""

from datetime import date, timedelta

import pytest

from attendance.days.months import judge_people
from attendance.evidence.outage_conflicts import conflicts_of
from attendance.exceptions import NotYoursToDecide
from attendance.law.cases import Verdict
from attendance.law.codes import Code, Flag
from attendance.models import Correction, Outage, OutageDelivery
from attendance.services.outage_conflicts import Holds, decide_conflict
from attendance.services.outage_procedure import report_silent_machines
from devices.models import Alarm, Punch, Violation
from documents.models import Document
from foundation import ledger
from foundation.models import Event
from organization.models import User
from processes import services
from processes.exceptions import GuardRefused, NotAllowed
from processes.models import Instance, Task
from tests.attendance.asking import bkd, manager, wita
from tests.attendance.outage_runs import MONDAY, TUESDAY, WEDNESDAY, Run
from tests.attendance.people import AFTER_APRIL, WITA, employee_of, tap
from tests.cast import Cast, appoint
from tests.devices.terminals import terminal
from tests.documents.words import text_of
from tests.stages import month_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(cast: Cast) -> Run:
    return Run(cast).report()


def verdict(whose: User, day: date = MONDAY) -> Verdict:
    employee = employee_of(whose)
    (person,) = judge_people(employee.agency, [day], [employee], now=AFTER_APRIL)
    return person.verdicts[0]


def words(run: Run, kind: str) -> str:
    paper = Document.objects.get(instance=run.instance, kind=kind)
    return "\n".join(text_of(paper.file.read()))


def statuses(run: Run) -> list[tuple[date, str]]:
    return list(run.outage.deliveries.values_list("day", "status"))


# The whole of it ----------------------------------------------------------------------------------


def test_two_days_from_the_report_to_punches_of_the_list(run: Run, cast: Cast) -> None:
    run.diagnosed()
    assert run.waiting() == ["perbaiki_mesin"]  # Monday's work is not over
    run.at(MONDAY, "16:00")
    assert run.waiting() == ["kirim_rekap", "perbaiki_mesin"]
    run.day_done(MONDAY)
    run.at(TUESDAY, "16:00").day_done(TUESDAY)
    run.at(WEDNESDAY, "09:00").repaired(TUESDAY)  # nobody waits for Wednesday's end

    assert run.instance.status == Instance.Status.FINISHED
    assert (run.outage.last_on, run.outage.listed_by) == (TUESDAY, manager(cast, "pengelola2"))
    assert verdict(cast.employee).code is Code.PRESENT
    assert verdict(cast.employee, TUESDAY).flags == (Flag.MANUAL,)
    assert Punch.objects.filter(channel="list").count() == 4
    assert statuses(run) == [(MONDAY, "checked"), (TUESDAY, "checked")]
    assert list(ledger.verify()) == []


def test_the_papers_tell_what_was_reported_and_repaired(run: Run) -> None:
    run.diagnosed().at(MONDAY, "16:00").day_done(MONDAY).repaired(MONDAY)
    letter, record = words(run, "laporan_gangguan"), words(run, "ba_gangguan")
    assert "Layar mati sejak pagi." in letter
    assert "Anselmus Lede, 13 April 2026 09.06 WITA" in letter
    for text in ("Adaptor rusak.", "Adaptor diganti.", "Adaptor 12 V", "Benediktus Lede", "Joko"):
        assert text in record
    assert "TT-112/BKD" in record
    assert record.count("." * 60) == 1  # the office of this test has no machine to name


def test_another_machine_is_used_so_there_is_no_list(run: Run, cast: Cast) -> None:
    run.diagnosed(mesin_pengganti="mesin_lain").at(MONDAY, "17:00")
    assert run.waiting() == ["perbaiki_mesin"]
    run.repaired(MONDAY)
    assert run.instance.status == Instance.Status.FINISHED
    assert run.outage.listed_by == manager(cast)
    assert not run.outage.deliveries.exists()


# Reporting and forwarding -------------------------------------------------------------------------


def test_what_the_operator_reports_stands_on_the_outage(run: Run, cast: Cast) -> None:
    run.do(
        "laporkan_gangguan", sebab_gangguan="Tegangan turun naik", foto_mesin=b"%PDF-1.4\n%%EOF\n"
    )
    run.outage.refresh_from_db()
    assert (run.outage.symptom, run.outage.reason) == (
        "Layar mati sejak pagi.", "Tegangan turun naik",
    )  # fmt: skip
    assert run.outage.reported_by == cast.operator
    assert run.outage.photo is not None
    assert run.outage.violation is None


def test_a_report_without_a_symptom_is_refused(run: Run) -> None:
    with pytest.raises(GuardRefused, match="Tuliskan gejalanya"):
        run.do("laporkan_gangguan", gejala_mesin="")


def test_suspected_damage_is_noted_as_a_violation_of_article_14(run: Run, cast: Cast) -> None:
    run.do("laporkan_gangguan", dugaan_perusakan="Kabel dipotong pada malam hari.")
    noted = Violation.objects.get()
    assert (noted.article, noted.agency, noted.noted_by) == (
        "Pasal 14", cast.agency, cast.operator,
    )  # fmt: skip
    assert "Kabel dipotong" in noted.facts
    run.outage.refresh_from_db()
    assert run.outage.violation == noted
    # Given back and reported again it stays one.
    run.do("teruskan_laporan", hasil_penerusan="laporan_dikembalikan", catatan_penerusan="Foto?")
    run.do("laporkan_gangguan", dugaan_perusakan="Kabel dipotong pada malam hari.")
    assert Violation.objects.count() == 1


def test_what_is_no_outage_bears_on_no_day(run: Run, cast: Cast) -> None:
    assert verdict(cast.employee).code is Code.NOT_OVER
    run.do(
        "laporkan_gangguan", hasil_laporan="bukan_gangguan",
        alasan_laporan="Mesin hanya dipindahkan.",
    )  # fmt: skip
    assert run.instance.status == Instance.Status.FINISHED
    assert verdict(cast.employee).code is Code.UNEXPLAINED
    assert Outage.objects.get().withdrawn_note == "Mesin hanya dipindahkan."


def test_only_an_appointed_officer_forwards_for_the_head(run: Run, cast: Cast) -> None:
    run.until("laporkan_gangguan")
    for user in (cast.operator, cast.kadis, cast.admin, cast.superior):
        with pytest.raises(Task.DoesNotExist):
            run.do("teruskan_laporan", user=user)
    run.until("teruskan_laporan")
    run.outage.refresh_from_db()
    assert (run.outage.forwarded_by, run.outage.forwarded_as) == (
        cast.secretary, "Pejabat kepegawaian",
    )  # fmt: skip


def test_a_report_goes_back_to_who_wrote_it_with_a_reason(run: Run) -> None:
    run.until("laporkan_gangguan")
    run.do("teruskan_laporan", hasil_penerusan="laporan_dikembalikan", catatan_penerusan="Mesin?")
    assert run.waiting() == ["laporkan_gangguan"]
    run.outage.refresh_from_db()
    assert run.outage.forwarded_at is None


# The daily recap ----------------------------------------------------------------------------------


def test_a_recap_goes_in_both_forms(run: Run) -> None:
    run.diagnosed().at(MONDAY, "16:00")
    with pytest.raises(GuardRefused) as refusal:
        run.do("kirim_rekap", rekap_softcopy="", nomor_hardcopy="")
    assert "Softcopy rekap 13 April 2026" in str(refusal.value)
    assert "Nomor hardcopy rekap 13 April 2026" in str(refusal.value)


def test_bkd_receives_both_forms_or_gives_them_back(run: Run) -> None:
    run.diagnosed().at(MONDAY, "16:00").until("kirim_rekap")
    with pytest.raises(GuardRefused, match="Belum diterima: Hardcopy"):
        run.do("terima_rekap", bentuk_diterima=["bentuk_softcopy"])
    task = Task.objects.get(instance=run.instance, step="terima_rekap", status="claimed")
    run.send(
        task, bkd(run.cast), keputusan_penerimaan="rekap_dikembalikan",
        catatan_penerimaan="Hardcopy belum ada.",
    )  # fmt: skip
    assert statuses(run) == [(MONDAY, "returned")]
    run.until("kirim_rekap", "terima_rekap")
    assert statuses(run) == [(MONDAY, "returned"), (MONDAY, "received")]
    kept = OutageDelivery.objects.get(status="received")
    assert kept.receipt_number == "TT-112/BKD"
    assert kept.softcopy_sha256 == kept.softcopy.sha256


def test_nobody_types_before_bkd_has_the_recap(run: Run, cast: Cast) -> None:
    run.diagnosed().at(MONDAY, "16:30")
    with pytest.raises(Exception, match="belum dikirim operator"):
        run.type_day(MONDAY, cast.employee, "07:20", "16:05")
    run.until("kirim_rekap")
    with pytest.raises(Exception, match="belum diterima BKD"):
        run.type_day(MONDAY, cast.employee, "07:20", "16:05")


def test_typing_is_done_only_when_the_day_stands_on_its_page(run: Run, cast: Cast) -> None:
    run.diagnosed().at(MONDAY, "16:30").until("kirim_rekap", "terima_rekap")
    with pytest.raises(GuardRefused, match="Daftar 13 April 2026 belum diinput"):
        run.do("ketik_daftar")


def test_who_typed_a_row_of_the_day_does_not_find_it_right(run: Run, cast: Cast) -> None:
    first, second = manager(cast), manager(cast, "pengelola2")
    run.diagnosed().at(MONDAY, "16:30").until("kirim_rekap", "terima_rekap")
    run.type_day(MONDAY, cast.employee, "07:20", "16:05", by=second)
    run.do("ketik_daftar", user=first)
    with pytest.raises(NotAllowed, match="Anda sendiri yang mengerjakan"):
        run.do("cocokkan_daftar", user=first)
    task = Task.objects.get(instance=run.instance, step="cocokkan_daftar", status="ready")
    with pytest.raises(GuardRefused, match="ikut mengetik"):
        run.do("cocokkan_daftar", user=second)
    services.unclaim_task(task_id=task.pk, actor_user=second, now=run.now)
    run.do("cocokkan_daftar", user=manager(cast, "pengelola3"))
    assert statuses(run) == [(MONDAY, "checked")]


def test_a_day_found_right_is_not_typed_over(run: Run, cast: Cast) -> None:
    run.diagnosed().at(MONDAY, "16:30").day_done(MONDAY)
    with pytest.raises(Exception, match="sudah dicocokkan; minta koreksi"):
        run.type_day(MONDAY, cast.employee, "07:00", "16:05")


def test_a_wrong_recap_is_asked_for_anew(run: Run, cast: Cast) -> None:
    run.diagnosed().at(MONDAY, "16:30").until("kirim_rekap", "terima_rekap")
    run.type_day(MONDAY, cast.employee, "07:20", "16:05")
    run.until("ketik_daftar")
    run.do("cocokkan_daftar", keputusan_pencocokan="rekap_ulang", catatan_pencocokan="Halaman dua?")
    assert statuses(run) == [(MONDAY, "rejected")]
    assert "kirim_rekap" in run.waiting()
    run.until("kirim_rekap", "terima_rekap", "ketik_daftar", "cocokkan_daftar")
    assert statuses(run) == [(MONDAY, "rejected"), (MONDAY, "checked")]


def test_the_operator_is_reminded_at_ten_on_the_next_working_day(run: Run, cast: Cast) -> None:
    run.diagnosed().at(MONDAY, "16:30").at(TUESDAY, "09:59")
    assert not run.cast.operator.notices.exists()
    run.at(TUESDAY, "10:00")
    told = cast.operator.notices.get()
    assert "Rekap manual 13 April 2026 belum dikirim" in told.text
    assert cast.operator2.notices.count() == 1
    assert not cast.admin.notices.exists()


def test_a_holiday_wants_no_recap(cast: Cast) -> None:
    friday = date(2026, 4, 17)
    run = Run(cast, wita(friday, "09:00")).report(first_on=friday)
    run.diagnosed().at(friday, "16:30").day_done(friday)
    run.at(date(2026, 4, 19), "20:00")
    assert run.waiting() == ["perbaiki_mesin"]
    run.at(date(2026, 4, 20), "16:00")
    assert run.waiting() == ["kirim_rekap", "perbaiki_mesin"]


# Repair and the end -------------------------------------------------------------------------------


def test_a_machine_that_fails_its_test_is_repaired_again(run: Run) -> None:
    run.diagnosed(mesin_pengganti="mesin_lain").until("perbaiki_mesin")
    run.do("uji_mesin", keputusan_uji="perbaiki_lagi", catatan_uji="Jam kembali ke 2000.")
    run.outage.refresh_from_db()
    assert (run.waiting(), run.outage.last_on) == (["perbaiki_mesin"], None)
    run.repaired(MONDAY)
    assert run.instance.status == Instance.Status.FINISHED


@pytest.mark.parametrize(
    ("last_on", "text"),
    [("", "Isi hari terakhir"), ("2026-04-12", "mendahului awal"), ("2026-04-14", "belum tiba")],
)
def test_a_machine_is_handed_over_on_a_last_day_that_can_be(
    run: Run, last_on: str, text: str
) -> None:
    run.diagnosed().until("perbaiki_mesin")
    with pytest.raises(GuardRefused, match=text):
        run.do("uji_mesin", hari_terakhir_terganggu=last_on)


def test_a_machine_is_handed_over_before_a_witness(run: Run) -> None:
    run.diagnosed().until("perbaiki_mesin")
    with pytest.raises(GuardRefused, match="Tuliskan nama saksi"):
        run.do("uji_mesin", hari_terakhir_terganggu="2026-04-13", nama_saksi="")


def test_the_days_are_judged_while_the_procedure_runs_as_before_it(run: Run, cast: Cast) -> None:
    run.diagnosed().at(MONDAY, "16:30").day_done(MONDAY)
    assert verdict(cast.employee).code is Code.NOT_OVER  # the list is not whole
    assert not Punch.objects.exists()


def test_every_step_leaves_its_event_once(run: Run) -> None:
    run.diagnosed().at(MONDAY, "16:30").day_done(MONDAY).repaired(MONDAY)
    verbs = Event.objects.filter(subject__contains=f"outage:{run.outage.pk}")
    assert sorted(verbs.values_list("verb", flat=True)) == sorted(
        ["outage_recorded", "outage_procedure_begun", "outage_reported", "outage_forwarded",
         "outage_diagnosed", "outage_list_typed", "outage_repaired", "outage_tested",
         "outage_ended", "outage_list_completed", "outage_fetched"]
    )  # fmt: skip


def test_a_secretary_may_be_the_officer_without_more_rights(run: Run, cast: Cast) -> None:
    appoint(cast.superior, "Pejabat kepegawaian", cast.agency)
    run.until("laporkan_gangguan")
    run.do("teruskan_laporan", user=cast.superior)
    assert run.waiting() == ["diagnosa_gangguan"]


# What is left in the machine ----------------------------------------------------------------------


def test_where_list_and_machine_differ_bkd_decides_and_the_other_time_is_not_used(
    run: Run, cast: Cast
) -> None:
    run.diagnosed().at(MONDAY, "16:30").day_done(MONDAY, came="07:20", left="16:05")
    tap(employee_of(cast.employee), MONDAY, "07:26", "16:40")  # six minutes, and thirty-five
    run.repaired(MONDAY)
    assert run.waiting() == ["putuskan_selisih"]
    with pytest.raises(GuardRefused, match="Joko Tallo, 13 April 2026: jam pulang berbeda"):
        run.do("putuskan_selisih")

    run.outage.refresh_from_db()
    (conflict,) = conflicts_of(run.outage, run.now)
    decide_conflict(
        outage_id=run.outage.pk, key=conflict.key, holds=Holds.LIST, note="Paraf pukul 16.05.",
        user=bkd(cast), now=run.now,
    )  # fmt: skip
    task = Task.objects.get(instance=run.instance, step="putuskan_selisih", status="claimed")
    run.send(task, bkd(cast))
    assert run.instance.status == Instance.Status.FINISHED
    day = verdict(cast.employee)
    assert (day.came, day.left) == (7 * 60 + 26, 16 * 60 + 5)  # the machine's, and the list's
    assert Correction.objects.get().status == "approved"


def test_bkd_does_not_decide_on_the_own_day(run: Run, cast: Cast) -> None:
    appoint(cast.employee, "BKD", cast.agency)
    run.diagnosed().at(MONDAY, "16:30").day_done(MONDAY)
    tap(employee_of(cast.employee), MONDAY, "07:50")
    run.repaired(MONDAY)
    run.outage.refresh_from_db()
    (conflict,) = conflicts_of(run.outage, run.now)
    with pytest.raises(NotYoursToDecide):
        decide_conflict(
            outage_id=run.outage.pk, key=conflict.key, holds=Holds.LIST, note="Benar.",
            user=cast.employee, now=run.now,
        )  # fmt: skip


def test_a_machine_that_calls_is_asked_for_what_is_left_in_it(cast: Cast) -> None:
    machine = terminal(cast.agency)
    run = Run(cast).report(device=machine.device).diagnosed(mesin_pengganti="mesin_lain")
    run.repaired(MONDAY)
    assert Task.objects.get(instance=run.instance, step="tarik_sisa").status == "claimed"
    machine.work(run.now)
    services.perform_task(
        task_id=Task.objects.get(instance=run.instance, step="tarik_sisa").pk, now=run.now
    )
    run.system()
    assert run.instance.status == Instance.Status.FINISHED
    assert "mengirim ulang catatannya" in run.outage.fetched_note


def test_a_machine_that_never_answers_does_not_hold_the_file_up(cast: Cast) -> None:
    machine = terminal(cast.agency)
    run = Run(cast).report(device=machine.device).diagnosed(mesin_pengganti="mesin_lain")
    run.repaired(MONDAY)
    task = Task.objects.get(instance=run.instance, step="tarik_sisa")
    services.fail_task(task_id=task.pk, error="Mesin tidak menghubungi server.", now=run.now)
    run.system()
    assert run.instance.status == Instance.Status.FINISHED
    assert "belum ditarik" in run.outage.fetched_note


# A machine's silence, and other SOPs --------------------------------------------------------------


def silent(cast: Cast, *, raised: str = "08:30", seen: str = "08:55") -> Alarm:
    device = terminal(cast.agency).device
    return Alarm.objects.create(
        kind=Alarm.Kind.OFFLINE, agency=cast.agency, device=device, target=device.serial,
        text=f"{device.name}: luring sejak 07.10.", raised_at=wita(MONDAY, raised),
        last_seen_at=wita(MONDAY, seen),
    )  # fmt: skip


def test_a_silent_machine_reports_itself_once(cast: Cast) -> None:
    alarm = silent(cast)
    now = wita(MONDAY, "08:56")
    assert report_silent_machines(now=now) == 1
    assert report_silent_machines(now=now) == 0
    found = Outage.objects.get()
    assert (found.alarm, found.device, found.recorded_by) == (alarm, alarm.device, None)
    assert found.is_running
    run = Run(cast, now)
    run.outage = found
    assert run.waiting() == ["laporkan_gangguan"]
    run.do("laporkan_gangguan")
    assert run.waiting() == ["teruskan_laporan"]


@pytest.mark.parametrize(
    ("raised", "seen", "cleared"),
    [("08:50", "08:55", False), ("08:00", "08:40", False), ("08:00", "08:55", True)],
    ids=["it has only begun", "nobody has looked since", "the machine was heard again"],
)
def test_a_silence_that_may_be_over_begins_nothing(
    cast: Cast, raised: str, seen: str, cleared: bool
) -> None:
    alarm = silent(cast, raised=raised, seen=seen)
    if cleared:
        Alarm.objects.filter(pk=alarm.pk).update(cleared_at=wita(MONDAY, "08:54"))
    assert report_silent_machines(now=wita(MONDAY, "08:56")) == 0
    assert not Outage.objects.exists()


def test_an_outage_that_is_known_is_not_told_by_the_machine_too(run: Run, cast: Cast) -> None:
    silent(cast)
    assert report_silent_machines(now=wita(MONDAY, "09:10")) == 0


def test_the_month_at_its_fourth_stage_hears_of_an_outage(cast: Cast) -> None:
    month = month_at(cast, 4)
    day = month.now.astimezone(WITA).date()
    run = Run(cast, month.now + timedelta(minutes=5)).report(first_on=day)
    run.system()
    noted = month.instance.tasks.get(kind="message", status="completed")
    month.let_the_system_work()
    done = month.instance.tasks.filter(kind="automatic", status="completed").latest("id")
    assert "semua mesin" in done.note
    assert done.offered_at >= noted.offered_at
    assert month.stage == 4  # it goes on beside
