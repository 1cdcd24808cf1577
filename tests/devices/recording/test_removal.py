"""An old finger on a broken machine: who goes on without it, and how that is made up for."""

from datetime import timedelta

import pytest

from devices import services
from devices.exceptions import NotAllowedNow, SyncIncomplete
from devices.models import (
    Device,
    FingerprintTemplate,
    LeftOutMachine,
    TemplateCopy,
)
from devices.services.recording_removal import catch_up, holding_up
from documents.models import Document
from foundation import ledger
from foundation.actors import SYSTEM
from foundation.models import Event, OutboxJob
from organization.models import User
from organization.permissions import person
from processes.exceptions import GuardRefused
from processes.models import Instance
from tests.cast import Cast
from tests.devices.anew_runs import Run, devices_with
from tests.devices.make import confirm_all, make_device
from tests.devices.simulators import Simulator
from tests.documents.words import text_of

pytestmark = pytest.mark.django_db


def hold(run: Run, hall: Simulator) -> Device:
    """Let the machine in the hall be off while the old finger is to be deleted there."""
    run.ask().scheduled().record("joko-sekarang")
    hall.tell("power off")
    with pytest.raises(SyncIncomplete, match="tanpa mesin itu"):
        run.do("rekam_jari")
    return Device.objects.get(serial=hall.serial)


def leave_out(run: Run, device: Device, who: User, reason: str = "Layarnya pecah") -> None:
    services.leave_machine_out(
        request=run.request, device=device, reason=reason, user=who, actor=person(who), now=run.now
    )
    run.system()


def test_a_machine_that_is_off_holds_the_removal_until_a_supervisor_leaves_it_out(
    run: Run, hall: Simulator
) -> None:
    broken = hold(run, hall)
    assert run.waiting() == []
    leave_out(run, broken, run.supervisor)
    assert run.waiting() == ["awasi_perekaman"]
    assert devices_with(run.old) == [broken]
    run.do("awasi_perekaman")
    assert run.instance.status == Instance.Status.FINISHED
    event = Event.objects.get(verb="machine_left_out")
    assert (event.after["device"], event.after["reason"]) == (hall.serial, "Layarnya pecah")
    paper = Document.objects.get(instance=run.instance, kind="ba_perekaman")
    words = "\n".join(text_of(paper.file.read()))
    assert f"{broken.name} ({hall.serial}: Layarnya pecah)" in words
    assert list(ledger.verify()) == []


def test_the_removal_is_made_up_for_when_the_machine_answers_again(
    run: Run, hall: Simulator
) -> None:
    broken = hold(run, hall)
    leave_out(run, broken, run.supervisor)
    run.do("awasi_perekaman")
    run.now += timedelta(hours=1)
    assert catch_up(run.now) == 0
    assert not OutboxJob.objects.filter(kind="devices.sync_fingerprints").exists()
    hall.tell("power on")
    services.check_device(device=broken, actor=SYSTEM, now=run.now)
    assert catch_up(run.now) == 0
    assert OutboxJob.objects.filter(kind="devices.sync_fingerprints").count() == 1
    services.sync_fingerprints(agency=run.cast.agency, actor=SYSTEM, now=run.now)
    assert catch_up(run.now) == 1
    assert devices_with(run.old) == []
    fresh = FingerprintTemplate.objects.current().get()
    assert len(devices_with(fresh)) == 2
    left = LeftOutMachine.objects.get()
    assert left.caught_up_at == run.now
    assert Event.objects.filter(verb="machine_caught_up").count() == 1
    assert catch_up(run.now) == 0


def test_a_machine_that_never_had_the_old_finger_holds_nothing_up(
    run: Run, hall: Simulator
) -> None:
    broken = Device.objects.get(serial=hall.serial)
    TemplateCopy.objects.filter(device=broken).delete()
    run.ask().scheduled().record("joko-sekarang")
    hall.tell("power off")
    run.do("rekam_jari")
    assert run.waiting() == ["awasi_perekaman"]


def test_what_was_confirmed_on_the_board_is_confirmed_in_the_task_and_not_refused_there(
    run: Run,
) -> None:
    run.ask().scheduled().record("joko-sekarang")
    run.do("rekam_jari")
    confirm_all(run.cast.agency, run.now)
    with pytest.raises(GuardRefused, match="sudah disahkan"):
        run.do(
            "awasi_perekaman", keputusan_pengawas="rekaman_ditolak", catatan_pengawas="Jari lain."
        )
    run.give_back("awasi_perekaman", run.supervisor)
    run.do("awasi_perekaman")
    assert run.instance.status == Instance.Status.FINISHED


def test_a_silent_machine_that_calls_and_never_had_the_finger_holds_nothing_up(
    run: Run, cast: Cast
) -> None:
    make_device(cast.agency, "HALAMAN01", name="Mesin Halaman", protocol="push")
    run.ask().scheduled().record("joko-sekarang")
    run.do("rekam_jari")
    assert run.waiting() == ["awasi_perekaman"]
    silent = Device.objects.get(serial="HALAMAN01")
    assert list(holding_up(run.request, run.now)) == [silent]


def test_who_recorded_or_is_recorded_leaves_no_machine_out_and_nobody_without_a_reason(
    run: Run, hall: Simulator, cast: Cast
) -> None:
    broken = hold(run, hall)
    for user in (cast.operator, cast.employee):
        with pytest.raises(NotAllowedNow, match="Pengawas lain"):
            leave_out(run, broken, user)
    with pytest.raises(NotAllowedNow, match="Tuliskan"):
        leave_out(run, broken, run.supervisor, " ")
    with pytest.raises(NotAllowedNow, match="tidak menahan"):
        leave_out(run, run.at_lobby, run.supervisor)
    assert not LeftOutMachine.objects.exists()
