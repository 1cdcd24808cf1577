"""Fingers come in, wait for their supervisor, are recorded anew with leave only, and go."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from devices import services
from devices.exceptions import NotAllowedNow, OldFingerRemains
from devices.models import (
    Alarm,
    Device,
    DeviceUser,
    Enrolment,
    FingerprintTemplate,
    RerecordingPermit,
    TemplateCopy,
)
from devices.overview import EnrolmentRow, enrolment_rows
from devices.services.fingerprints import forget_copies
from foundation.actors import SYSTEM
from foundation.ledger import verify
from foundation.models import Event, OutboxJob
from organization.models import Employee
from organization.permissions import person
from tests.cast import NOW, TODAY, Cast, make_employee, make_supervisor
from tests.devices.make import confirm_all, make_device
from tests.devices.recordings import employee_of, place_everybody, show, spread_to

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def lobby(cast: Cast) -> Device:
    device = make_device(cast.agency, "LOBBY0001", name="Mesin Lobi")
    place_everybody(device)
    return device


@pytest.fixture
def hall(cast: Cast) -> Device:
    device = make_device(cast.agency, "AULA00002", name="Mesin Aula")
    place_everybody(device)
    return device


def row_of(cast: Cast, who: Employee) -> EnrolmentRow:
    return next(row for row in enrolment_rows(cast.agency, NOW) if row.employee == who)


def waiting(cast: Cast) -> Sequence[Enrolment]:
    return list(Enrolment.objects.waiting().filter(employee__agency=cast.agency))


# Supervision


def test_a_recording_waits_and_counts_once_it_is_confirmed(cast: Cast, lobby: Device) -> None:
    sari = employee_of(cast.operator)
    show(lobby, (sari, 6, "sari"))
    assert row_of(cast, sari).label == "Terekam, menunggu pengawas"
    assert not row_of(cast, sari).settled
    assert not FingerprintTemplate.objects.counting().exists()
    confirm_all(cast.agency, LATER)
    row = row_of(cast, sari)
    assert (row.status, row.settled) == ("recorded", True)
    (recording,) = row.recordings
    assert recording.enrolment.supervised_by == make_supervisor(cast.agency)
    assert recording.enrolment.supervised_at == LATER
    assert (recording.copies, recording.wanted) == (1, 1)
    assert FingerprintTemplate.objects.counting().count() == 1
    assert Event.objects.filter(verb="finger_confirmed").count() == 1
    assert not list(verify())


def test_nobody_confirms_what_he_recorded(cast: Cast, lobby: Device) -> None:
    supervisor = make_supervisor(cast.agency)
    show(lobby, (employee_of(cast.employee), 6, "joko"), actor=person(supervisor))
    with pytest.raises(NotAllowedNow, match="Joko Tallo harus disahkan pengawas lain"):
        services.confirm_enrolments(enrolments=waiting(cast), actor=person(supervisor), now=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():  # nor behind the service's back
        Enrolment.objects.update(supervised_by=supervisor, supervised_at=LATER)
    assert len(waiting(cast)) == 1


def test_nobody_confirms_his_own_finger(cast: Cast, lobby: Device) -> None:
    show(lobby, (employee_of(cast.kadis), 6, "ratna"))
    with pytest.raises(NotAllowedNow, match="bukan pegawai itu sendiri"):
        services.confirm_enrolments(enrolments=waiting(cast), actor=person(cast.kadis), now=LATER)
    with pytest.raises(NotAllowedNow, match="akunnya sendiri"):
        services.confirm_enrolments(enrolments=waiting(cast), actor=SYSTEM, now=LATER)


def test_one_that_may_not_be_confirmed_keeps_all_from_it(cast: Cast, lobby: Device) -> None:
    show(lobby, (employee_of(cast.kadis), 6, "ratna"), (employee_of(cast.employee), 6, "joko"))
    with pytest.raises(NotAllowedNow):
        services.confirm_enrolments(enrolments=waiting(cast), actor=person(cast.kadis), now=LATER)
    assert len(waiting(cast)) == 2
    before = Event.objects.count()
    assert confirm_all(cast.agency, LATER) == 2
    again = services.confirm_enrolments(
        enrolments=Enrolment.objects.all(), actor=person(cast.superior), now=LATER
    )
    assert again == []
    assert Event.objects.count() == before + 2


def test_who_had_the_machine_ask_for_the_finger_is_its_recorder(cast: Cast) -> None:
    device = make_device(cast.agency, "ADMS0001", protocol="push")
    place_everybody(device)
    sari = employee_of(cast.operator)
    pin = sari.device_pins.get().number
    device.commands.create(
        kind="enrol_finger", target=f"{pin}/6", created_at=NOW, created_by=cast.admin
    )
    show(device, (sari, 6, "sari"), now=LATER)
    show(device, (sari, 7, "sari kiri"), now=LATER)
    recorders = Enrolment.objects.order_by("finger").values_list("recorded_by__username", flat=True)
    assert list(recorders) == ["budi", None]


def test_an_excuse_holds_until_the_recording_is_confirmed(cast: Cast, lobby: Device) -> None:
    joko = employee_of(cast.employee)
    due = TODAY + timedelta(days=3)
    services.record_later(employee=joko, due_on=due, reason="dinas", actor=SYSTEM, now=NOW)
    show(lobby, (joko, 6, "joko"))
    assert (row_of(cast, joko).status, row_of(cast, joko).settled) == ("waiting", True)
    (enrolment,) = waiting(cast)
    services.refuse_enrolment(
        enrolment=enrolment, reason="jari orang lain", actor=person(cast.kadis), now=LATER
    )
    assert row_of(cast, joko).status == "later"
    show(lobby, (joko, 6, "joko lagi"), now=LATER)
    confirm_all(cast.agency, LATER)
    assert not Enrolment.objects.current().filter(status="later").exists()


def test_a_refused_recording_loses_its_finger_and_is_not_taken_again(
    cast: Cast, lobby: Device
) -> None:
    sari = employee_of(cast.operator)
    show(lobby, (sari, 6, "bukan sari"))
    (enrolment,) = waiting(cast)
    with pytest.raises(NotAllowedNow, match="alasan"):
        services.refuse_enrolment(
            enrolment=enrolment, reason=" ", actor=person(cast.kadis), now=LATER
        )
    services.refuse_enrolment(
        enrolment=enrolment, reason="jari orang lain", actor=person(cast.kadis), now=LATER
    )
    template = FingerprintTemplate.objects.get()
    assert (bytes(template.sealed), template.replaced_at) == (b"", LATER)
    assert TemplateCopy.objects.filter(device=lobby, template=template).exists()  # to be deleted
    report = show(lobby, (sari, 6, "bukan sari"), whole=True)
    assert (report.withdrawn, report.taken) == (1, 0)
    assert row_of(cast, sari).status == "none"
    assert "orang lain" not in str(list(Event.objects.values_list("after", flat=True)))
    with pytest.raises(NotAllowedNow, match="sudah disahkan atau ditarik"):
        services.refuse_enrolment(
            enrolment=enrolment, reason="lagi", actor=person(cast.kadis), now=LATER
        )
    assert show(lobby, (sari, 6, "sari sendiri")).fresh == 1
    assert not TemplateCopy.objects.filter(template=template).exists()  # overwritten at the machine


def test_what_was_noted_by_hand_counts_until_the_finger_itself_is_confirmed(cast: Cast) -> None:
    device = make_device(cast.agency, "ADMS0001", protocol="push")
    place_everybody(device)
    sari = employee_of(cast.operator)
    services.record_enrolment(employee=sari, finger=6, device=device, actor=SYSTEM, now=NOW)
    confirm_all(cast.agency)
    with pytest.raises(NotAllowedNow, match="Perekaman ulang memerlukan izin"):
        services.record_enrolment(employee=sari, finger=6, device=device, actor=SYSTEM, now=NOW)
    show(device, (sari, 6, "sari"), now=LATER)
    assert row_of(cast, sari).status == "recorded"
    assert len(row_of(cast, sari).recordings) == 2
    confirm_all(cast.agency, LATER)
    (recording,) = row_of(cast, sari).recordings
    assert recording.enrolment.template is not None


def test_a_note_that_nobody_confirmed_gives_way_to_the_finger(cast: Cast) -> None:
    device = make_device(cast.agency, "ADMS0001", protocol="push")
    place_everybody(device)
    sari = employee_of(cast.operator)
    services.record_enrolment(employee=sari, finger=6, device=device, actor=SYSTEM, now=NOW)
    show(device, (sari, 6, "sari"), now=LATER)
    (enrolment,) = waiting(cast)
    assert enrolment.template is not None


# Recording anew


@pytest.fixture
def confirmed(cast: Cast, lobby: Device, hall: Device) -> Employee:
    """Sari, whose finger counts and is on both machines."""
    sari = employee_of(cast.operator)
    show(lobby, (sari, 6, "lama"))
    confirm_all(cast.agency)
    spread_to(hall)
    return sari


def allow(who: Employee, cast: Cast, **values: Any) -> RerecordingPermit:
    defaults: dict[str, Any] = {"reason": "jari luka", "now": LATER}
    supervisor = person(make_supervisor(cast.agency))
    return services.give_permit(employee=who, actor=supervisor, **(defaults | values))


def test_a_finger_changed_without_leave_stays_ours_and_raises_an_alarm(
    cast: Cast, confirmed: Employee, hall: Device
) -> None:
    report = show(hall, (confirmed, 6, "orang lain"), now=LATER)
    assert (report.differing, report.changed, report.taken) == (1, 1, 0)
    ours = FingerprintTemplate.objects.get()
    assert ours.replaced_at is None
    assert not TemplateCopy.objects.filter(device=hall).exists()  # so it is brought back
    for _ in range(2):
        show(hall, (confirmed, 6, "orang lain"), now=LATER)
    alarm = Alarm.objects.get(kind="finger_changed")
    assert (alarm.device, alarm.employee, alarm.agency) == (hall, confirmed, cast.agency)
    assert "tanpa izin perekaman ulang" in alarm.text
    assert confirmed.name not in alarm.text
    assert row_of(cast, confirmed).status == "recorded"


def test_with_leave_the_new_recording_takes_the_place_of_the_old_one(
    cast: Cast, confirmed: Employee, hall: Device, lobby: Device
) -> None:
    old = FingerprintTemplate.objects.get()
    allow(confirmed, cast)
    assert show(hall, (confirmed, 6, "baru"), now=LATER + timedelta(minutes=5)).renewed == 1
    old.refresh_from_db()
    assert bytes(old.sealed) == b""
    assert row_of(cast, confirmed).status == "waiting"
    # The old one is still at the lobby, to be deleted there; showing it again changes nothing.
    assert list(old.copies.values_list("device__serial", flat=True)) == [lobby.serial]
    stale = show(lobby, (confirmed, 6, "lama"), now=LATER + timedelta(minutes=6))
    assert (stale.differing, stale.changed, stale.taken) == (1, 0, 0)
    assert RerecordingPermit.objects.open_at(LATER).exists()
    with pytest.raises(OldFingerRemains, match="Sidik jari lama Sari Benu masih ada di Mesin Lobi"):
        confirm_all(cast.agency, LATER + timedelta(minutes=7))
    forget_copies(lobby, [old.pk])
    confirm_all(cast.agency, LATER + timedelta(minutes=7))
    assert not RerecordingPermit.objects.filter(closed_at=None).exists()
    assert row_of(cast, confirmed).status == "recorded"
    assert not Alarm.objects.exists()


def test_leave_given_for_one_finger_reaches_machines_of_every_generation(
    cast: Cast, confirmed: Employee, hall: Device
) -> None:
    show(hall, (confirmed, 6, "lama, angkatan 13"), algorithm=13)
    confirm_all(cast.agency)
    allow(confirmed, cast)
    show(hall, (confirmed, 6, "baru"), now=LATER)
    assert FingerprintTemplate.objects.dropped().count() == 2
    assert row_of(cast, confirmed).status == "waiting"


def test_leave_ends_after_a_day_or_when_it_is_withdrawn(
    cast: Cast, confirmed: Employee, hall: Device
) -> None:
    allow(confirmed, cast)
    with pytest.raises(NotAllowedNow, match="masih berlaku"):
        allow(confirmed, cast)
    supervisor = person(make_supervisor(cast.agency))
    services.withdraw_permit(employee=confirmed, actor=supervisor, now=LATER)
    with pytest.raises(NotAllowedNow, match="Tidak ada izin"):
        services.withdraw_permit(employee=confirmed, actor=supervisor, now=LATER)
    assert show(hall, (confirmed, 6, "baru"), now=LATER).changed == 1
    spread_to(hall)
    allow(confirmed, cast)
    tomorrow = LATER + timedelta(hours=24)
    assert show(hall, (confirmed, 6, "baru lagi"), now=tomorrow).changed == 1
    allow(confirmed, cast, now=tomorrow)  # one that ran out stands in nobody's way


def test_nobody_gives_leave_to_himself_or_without_a_reason(cast: Cast) -> None:
    sari = employee_of(cast.operator)
    for actor in (person(cast.operator), SYSTEM):
        with pytest.raises(NotAllowedNow, match="bukan pegawai itu sendiri"):
            services.give_permit(employee=sari, reason="luka", actor=actor, now=NOW)
    with pytest.raises(NotAllowedNow, match="alasan"):
        allow(sari, cast, reason="  ")


def test_before_supervision_the_operator_may_simply_record_again(cast: Cast, lobby: Device) -> None:
    joko = employee_of(cast.employee)
    show(lobby, (joko, 6, "kabur"))
    assert show(lobby, (joko, 6, "jelas")).renewed == 1
    assert len(waiting(cast)) == 1
    assert not Alarm.objects.exists()


def test_two_recordings_of_one_finger_before_supervision_keep_the_first(
    cast: Cast, lobby: Device, hall: Device
) -> None:
    joko = employee_of(cast.employee)
    show(lobby, (joko, 6, "di lobi"))
    report = show(hall, (joko, 6, "di aula"))
    assert (report.differing, report.changed) == (1, 0)
    assert FingerprintTemplate.objects.get().source == lobby


def test_the_same_finger_under_two_people_is_an_alarm_and_not_taken(
    cast: Cast, lobby: Device
) -> None:
    sari, joko = employee_of(cast.operator), employee_of(cast.employee)
    report = show(lobby, (sari, 6, "satu jari"), (joko, 6, "satu jari"))
    assert (report.fresh, report.doubled) == (1, 1)
    alarm = Alarm.objects.get(kind="finger_doubled")
    assert (alarm.employee, alarm.details["other_employee"]) == (joko, sari.pk)
    show(lobby, (sari, 6, "satu jari"), (joko, 6, "satu jari"))
    alarm.refresh_from_db()
    assert alarm.times == 2


def test_a_part_of_a_machine_says_nothing_of_the_rest(
    cast: Cast, confirmed: Employee, lobby: Device
) -> None:
    joko = employee_of(cast.employee)
    show(lobby, (joko, 6, "joko"))
    assert lobby.template_copies.count() == 2
    show(lobby, (joko, 6, "joko"), whole=True)
    assert lobby.template_copies.count() == 1


def test_a_duress_finger_stays_one(cast: Cast, lobby: Device) -> None:
    show(lobby, (employee_of(cast.operator), 2, "paksa"), valid=3)
    assert FingerprintTemplate.objects.get().valid == 3


# Leaving


def test_who_leaves_loses_number_and_fingers(cast: Cast, confirmed: Employee) -> None:
    allow(confirmed, cast)
    assert services.retire_left_people(now=LATER) == 0
    confirmed.left_on = TODAY
    confirmed.save()
    assert services.retire_left_people(now=LATER) == 1
    pin = confirmed.device_pins.get()
    assert pin.valid_until == max(pin.valid_from, TODAY - timedelta(days=1))
    template = FingerprintTemplate.objects.get()
    assert bytes(template.sealed) == b""
    assert template.copies.count() == 2  # the machines are told to delete them
    assert DeviceUser.objects.filter(pin=pin).count() == 2
    assert not confirmed.enrolments.current().exists()
    assert not RerecordingPermit.objects.filter(closed_at=None).exists()
    assert services.retire_left_people(now=LATER) == 0
    assert Event.objects.filter(verb="enrolment_ended").count() == 1
    assert OutboxJob.objects.filter(kind="devices.sync_fingerprints").count() == 1


def test_who_moves_to_another_agency_begins_anew_there(cast: Cast, confirmed: Employee) -> None:
    old = confirmed.device_pins.get().number
    confirmed.agency = cast.other_agency
    confirmed.save()
    tomorrow = NOW + timedelta(days=1)
    assert services.retire_left_people(now=tomorrow, agency=cast.agency) == 0
    assert services.retire_left_people(now=tomorrow, agency=cast.other_agency) == 1
    assert not FingerprintTemplate.objects.current().exists()
    services.allocate_pins(agency=cast.other_agency, actor=SYSTEM, now=tomorrow + timedelta(days=1))
    assert confirmed.device_pins.get(valid_until=None).number > old
    assert services.retire_left_people(now=tomorrow) == 0


# Numbers


def test_a_number_is_never_the_persons_own_nip(cast: Cast) -> None:
    made = make_employee(cast.other_agency, "Tenaga Harian", number="1001", status="HONORER")
    first = cast.other_agency.employees.exclude(pk=made.pk)
    for other in first:
        other.left_on = TODAY
        other.save()
    (pin,) = services.allocate_pins(agency=cast.other_agency, actor=SYSTEM, now=NOW)
    assert pin.number == 1002
