"""The room's place in the site: /mesin/."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import path
from django.utils import timezone
from viewflow.urls import Application

from devices.views import (
    alarms,
    asking,
    callers,
    commands,
    enrolment,
    logs,
    machines,
    recording_anew,
    supervision,
    uploads,
    violations,
    wizard,
)
from devices.views.access import VIEW
from organization.models import User
from organization.permissions import may_somewhere


class DevicesApplication(Application):
    title = "Mesin"
    icon = "device"
    app_name = "mesin"

    index_path = path("", machines.device_list, name="index")
    register_path = path("daftar/", machines.register, name="register")
    device_path = path("<int:device_id>/", machines.device_page, name="device")
    edit_path = path("<int:device_id>/ubah/", machines.edit, name="edit")
    clock_path = path("<int:device_id>/jam/", machines.confirm_clock, name="clock")
    move_path = path("<int:device_id>/status/<slug:step>/", machines.move, name="move")
    ask_punches_path = path(
        "<int:device_id>/minta-ketukan/", asking.ask_punches, name="ask_punches"
    )
    ask_path = path("<int:device_id>/minta/<slug:action>/", asking.ask, name="ask")
    commands_path = path("<int:device_id>/perintah/", commands.command_list, name="commands")
    cancel_waiting_path = path(
        "<int:device_id>/perintah/batal/", commands.cancel_waiting, name="cancel_waiting"
    )
    cancel_path = path("perintah/<int:command_id>/batal/", commands.cancel_one, name="cancel")
    uploads_path = path("<int:device_id>/kiriman/", uploads.upload_list, name="uploads")
    operations_path = path("<int:device_id>/operasi/", uploads.operations, name="operations")

    connect_path = path("hubungkan/", wizard.connect, name="connect")
    connect_watch_path = path("hubungkan/tunggu/", wizard.watch, name="connect_watch")
    callers_path = path("baru/", callers.caller_list, name="callers")
    caller_path = path("baru/<int:caller_id>/", callers.caller_page, name="caller")
    ignore_path = path("baru/<int:caller_id>/abaikan/", callers.ignore, name="ignore")
    alarms_path = path("alarm/", alarms.alarm_list, name="alarms")
    settle_path = path("alarm/<int:alarm_id>/tutup/", alarms.settle, name="settle")

    board_path = path("perekaman/", enrolment.board, name="board")
    fetch_path = path("perekaman/tarik/", enrolment.fetch_now, name="fetch")
    person_path = path("perekaman/<int:employee_id>/", enrolment.person, name="person")
    excuse_path = path("perekaman/<int:employee_id>/keadaan/", enrolment.excuse, name="excuse")
    recorded_path = path(
        "perekaman/<int:employee_id>/terekam/", enrolment.recorded, name="recorded"
    )
    new_pin_path = path("perekaman/<int:employee_id>/pin-baru/", enrolment.new_pin, name="new_pin")
    pins_path = path("pin/", enrolment.pins, name="pins")
    confirm_path = path("perekaman/sahkan/", supervision.confirm, name="confirm")
    refuse_path = path(
        "perekaman/rekaman/<int:enrolment_id>/tolak/", supervision.refuse, name="refuse"
    )
    record_anew_path = path(
        "perekaman/<int:employee_id>/ulang/", recording_anew.request_anew, name="record_anew"
    )
    withdraw_anew_path = path(
        "perekaman/<int:employee_id>/ulang/tarik/",
        recording_anew.withdraw_anew,
        name="withdraw_anew",
    )
    leave_machine_out_path = path(
        "perekaman/<int:employee_id>/ulang/tanpa-mesin/",
        recording_anew.leave_machine_out,
        name="leave_machine_out",
    )
    give_permit_path = path(
        "perekaman/<int:employee_id>/izin/", supervision.give_permit, name="give_permit"
    )
    withdraw_permit_path = path(
        "perekaman/<int:employee_id>/izin/cabut/",
        supervision.withdraw_permit,
        name="withdraw_permit",
    )
    order_finger_path = path(
        "perekaman/<int:employee_id>/rekam/", supervision.order_finger, name="order_finger"
    )

    violations_path = path("pelanggaran/", violations.violation_list, name="violations")
    violation_path = path(
        "pelanggaran/<int:violation_id>/", violations.violation_page, name="violation"
    )
    violation_note_path = path(
        "pelanggaran/catat/<int:alarm_id>/", violations.note, name="violation_note"
    )
    violation_hand_over_path = path(
        "pelanggaran/<int:violation_id>/serahkan/",
        violations.hand_over,
        name="violation_hand_over",
    )
    violation_dismiss_path = path(
        "pelanggaran/<int:violation_id>/tidak-terbukti/",
        violations.dismiss,
        name="violation_dismiss",
    )

    import_path = path("impor/", logs.import_log, name="import")
    upload_path = path("kiriman/<int:upload_id>/", uploads.upload_page, name="upload")
    reprocess_path = path(
        "kiriman/<int:upload_id>/baca-ulang/", uploads.reprocess, name="reprocess"
    )
    download_path = path("kiriman/<int:upload_id>/unduh/", uploads.download, name="download")
    punches_path = path("ketukan/", logs.punches, name="punches")

    def has_view_permission(self, user: User | AnonymousUser, obj: Any = None) -> bool:
        """Shown in the menu to those who may see machines somewhere."""
        return may_somewhere(user, VIEW, timezone.now())


DeviceApplication = DevicesApplication
