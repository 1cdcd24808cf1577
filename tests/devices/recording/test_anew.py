"""The procedure of recording fingers anew (art. 8), played by its people with two machines."""

from datetime import timedelta
from functools import partial

import pytest

from devices import services
from devices.exceptions import NotAllowedNow
from devices.models import (
    Enrolment,
    FingerprintTemplate,
    RecordingAnew,
    RerecordingPermit,
    Violation,
)
from documents.models import Document
from foundation import ledger
from foundation.actors import SYSTEM
from organization.permissions import person
from processes import queries
from processes import services as processes
from processes.exceptions import GuardRefused, NotAllowed
from processes.models import Instance, Task
from tests.cast import TODAY, Cast, appoint
from tests.devices.anew_runs import Run, devices_with
from tests.devices.recordings import employee_of
from tests.documents.words import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: Cast) -> Run:
    """Return the same where no machine is touched."""
    return Run(cast)


def test_the_old_finger_is_gone_everywhere_before_the_new_one_counts(run: Run, cast: Cast) -> None:
    assert len(devices_with(run.old)) == 2
    run.ask().scheduled()
    permit = RerecordingPermit.objects.get()
    assert (permit.given_by, permit.employee) == (run.supervisor, run.joko)
    run.record("joko-sekarang")
    run.do("rekam_jari")

    assert run.waiting() == ["awasi_perekaman"]
    assert devices_with(run.old) == []
    fresh = FingerprintTemplate.objects.current().get()
    assert devices_with(fresh) == [run.at_lobby]  # nowhere else before it is confirmed
    assert not Enrolment.objects.counting().filter(employee=run.joko).exists()

    run.do("awasi_perekaman")
    assert run.instance.status == Instance.Status.FINISHED
    assert len(devices_with(fresh)) == 2
    counting = Enrolment.objects.counting().get(employee=run.joko)
    assert (counting.recorded_by, counting.supervised_by) == (cast.operator, run.supervisor)
    assert run.request.state == RecordingAnew.State.DONE
    permit.refresh_from_db()
    assert permit.closed_at is not None
    assert list(ledger.verify()) == []


def test_the_berita_acara_names_the_finger_the_machine_and_three_people(run: Run) -> None:
    run.ask().scheduled().record("joko-sekarang")
    run.do("rekam_jari")
    run.do("awasi_perekaman")
    paper = Document.objects.get(instance=run.instance, kind="ba_perekaman")
    words = "\n".join(text_of(paper.file.read()))
    for text in ("PERUBAHAN", "telunjuk kanan", "LOBBY0001", "Luka bakar"):
        assert text in words
    for user in (run.cast.employee, run.cast.operator, run.supervisor):
        assert user.get_full_name() in words


def test_nothing_is_confirmed_before_a_finger_was_recorded(desk: Run) -> None:
    desk.ask().scheduled()
    with pytest.raises(GuardRefused, match="Belum ada jari yang direkam"):
        desk.do("rekam_jari")


def test_the_chosen_supervisor_alone_is_asked_and_no_recorder_confirms(
    run: Run, cast: Cast
) -> None:
    appoint(cast.operator, "Pengelola", cast.agency)
    run.ask().scheduled().record("joko-sekarang")
    run.do("rekam_jari")
    for user in (cast.operator, cast.employee, cast.admin):
        assert not queries.queue(user, run.now).filter(step="awasi_perekaman").exists()
        assert not queries.inbox(user).filter(step="awasi_perekaman").exists()
    RecordingAnew.objects.update(supervisor=cast.operator)  # he recorded: others are asked
    task = Task.objects.get(instance=run.instance, step="awasi_perekaman")
    with pytest.raises(NotAllowed):
        processes.claim_task(task_id=task.pk, actor_user=cast.operator, now=run.now)
    run.do("awasi_perekaman")
    assert Enrolment.objects.counting().get(employee=run.joko).supervised_by == run.supervisor


def test_nobody_decides_about_his_own_fingers(desk: Run, cast: Cast) -> None:
    appoint(cast.employee, "Admin", cast.agency)
    desk.ask()
    with pytest.raises(GuardRefused, match="tentang Anda sendiri"):
        desk.do("verifikasi_identitas", user=cast.employee)
    desk.give_back("verifikasi_identitas", cast.employee)
    appoint(cast.employee, "Pengelola", cast.agency)
    desk.do("verifikasi_identitas")
    with pytest.raises(GuardRefused, match="tentang Anda sendiri"):
        desk.do("tetapkan_pengawas", user=cast.employee)


def test_what_is_refused_gives_no_leave(desk: Run) -> None:
    desk.ask()
    desk.do(
        "verifikasi_identitas", hasil_verifikasi="identitas_salah", catatan_verifikasi="Foto lain."
    )
    assert desk.instance.status == Instance.Status.FINISHED
    assert desk.request.state == RecordingAnew.State.REFUSED
    assert not RerecordingPermit.objects.exists()
    desk.ask()  # and it may be asked again


def test_the_manager_may_refuse_too(desk: Run) -> None:
    desk.ask()
    desk.do("verifikasi_identitas")
    desk.do(
        "tetapkan_pengawas", keputusan_jadwal="permohonan_ditolak_pengelola",
        catatan_jadwal="Masih terbaca.", hari_perekaman="",
    )  # fmt: skip
    assert desk.instance.status == Instance.Status.FINISHED
    assert desk.request.state == RecordingAnew.State.REFUSED
    assert not RerecordingPermit.objects.exists()


def test_suspected_misuse_becomes_a_violation(desk: Run, cast: Cast) -> None:
    desk.ask("misuse")
    with pytest.raises(GuardRefused, match="uraian dugaan"):
        desk.do("verifikasi_identitas")
    desk.give_back("verifikasi_identitas", cast.admin)
    desk.do("verifikasi_identitas", uraian_dugaan="Jari orang lain pada PIN ini.")
    noted = Violation.objects.get()
    assert (noted.article, noted.employee, noted.noted_by) == (
        "Pasal 9 ayat (1)", desk.joko, cast.admin,
    )  # fmt: skip


def test_a_recording_put_off_takes_the_leave_back_and_is_scheduled_anew(desk: Run) -> None:
    desk.ask().scheduled()
    desk.do("rekam_jari", hasil_perekaman="minta_jadwal_lain", catatan_perekaman="Pengawas sakit.")
    assert not RerecordingPermit.objects.open_at(desk.now).exists()
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    desk.do("tetapkan_pengawas", hari_perekaman=tomorrow)
    assert desk.waiting() == []  # the day has not come
    desk.now += timedelta(days=1)
    desk.system()
    assert desk.waiting() == ["rekam_jari"]
    assert RerecordingPermit.objects.open_at(desk.now).count() == 1


def test_a_recording_that_the_supervisor_refuses_is_withdrawn_and_made_again(run: Run) -> None:
    run.ask().scheduled().record("orang-lain")
    run.do("rekam_jari")
    run.do("awasi_perekaman", keputusan_pengawas="rekaman_ditolak", catatan_pengawas="Jari lain.")
    assert not Enrolment.objects.current().filter(employee=run.joko).exists()
    assert run.waiting() == ["rekam_jari"]
    services.sync_fingerprints(agency=run.cast.agency, actor=SYSTEM, now=run.now)
    run.record("joko-sekarang")
    run.do("rekam_jari")
    run.do("awasi_perekaman")
    assert run.instance.status == Instance.Status.FINISHED


# Taken back ---------------------------------------------------------------------------------------


def test_a_cancelled_procedure_ends_its_request_and_its_leave_at_once(desk: Run) -> None:
    desk.ask().scheduled()
    processes.cancel_process(
        instance_id=desk.instance.pk, actor_user=desk.cast.kadis, reason="Keliru.", now=desk.now
    )
    desk.request.refresh_from_db()
    assert desk.request.state == RecordingAnew.State.CANCELLED
    assert (desk.request.closed_at, desk.request.closed_note) == (desk.now, "Keliru.")
    assert not RerecordingPermit.objects.open_at(desk.now).exists()
    assert list(ledger.verify()) == []


def test_who_asked_takes_the_request_back_and_nobody_else(desk: Run, cast: Cast) -> None:
    desk.ask()
    for user in (cast.operator2, cast.operator):
        taking = partial(
            services.withdraw_request, request=desk.request, reason="Jarinya sembuh.", user=user,
            actor=person(user), now=desk.now,
        )  # fmt: skip
        if user == cast.operator2:
            with pytest.raises(NotAllowedNow, match="Hanya yang meminta"):
                taking()
        else:
            taking()
    assert desk.instance.status == Instance.Status.CANCELLED
    assert desk.request.state == RecordingAnew.State.CANCELLED
    assert desk.waiting() == []


def test_what_was_recorded_is_not_taken_back(run: Run, cast: Cast) -> None:
    run.ask().scheduled().record("joko-sekarang")
    with pytest.raises(NotAllowedNow, match="sudah direkam"):
        services.withdraw_request(
            request=RecordingAnew.objects.get(), reason="x", user=cast.operator,
            actor=person(cast.operator), now=run.now,
        )  # fmt: skip


def test_one_request_at_a_time_with_a_cause_and_a_reason(desk: Run, cast: Cast) -> None:
    desk.ask()
    with pytest.raises(NotAllowedNow, match="sudah diminta"):
        desk.ask()
    processes.stop_process(
        instance_id=desk.instance.pk, actor=SYSTEM, reason="Keliru.", now=desk.now
    )
    desk.ask()  # a cancelled one is in nobody's way
    with pytest.raises(NotAllowedNow, match="Pilih sebab"):
        services.request_recording_anew(
            employee=employee_of(cast.secretary), cause="lupa", reason="x", user=cast.operator,
            actor=person(cast.operator), now=desk.now,
        )  # fmt: skip
