"""The room's place in the site: /mesin/."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import path
from django.utils import timezone
from viewflow.urls import Application

from devices.views import enrolment, logs, machines
from devices.views.access import VIEW
from organization.models import User
from organization.permissions import agencies_where


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
    ask_path = path("<int:device_id>/minta/<slug:action>/", machines.ask, name="ask")

    board_path = path("perekaman/", enrolment.board, name="board")
    fetch_path = path("perekaman/tarik/", enrolment.fetch_now, name="fetch")
    person_path = path("perekaman/<int:employee_id>/", enrolment.person, name="person")
    excuse_path = path("perekaman/<int:employee_id>/keadaan/", enrolment.excuse, name="excuse")
    recorded_path = path(
        "perekaman/<int:employee_id>/terekam/", enrolment.recorded, name="recorded"
    )
    new_pin_path = path("perekaman/<int:employee_id>/pin-baru/", enrolment.new_pin, name="new_pin")
    pins_path = path("pin/", enrolment.pins, name="pins")

    import_path = path("impor/", logs.import_log, name="import")
    upload_path = path("impor/<int:upload_id>/", logs.upload_page, name="upload")
    punches_path = path("ketukan/", logs.punches, name="punches")

    def has_view_permission(self, user: User | AnonymousUser, obj: Any = None) -> bool:
        """Shown in the menu to those who may see machines somewhere."""
        return agencies_where(user, VIEW, timezone.now()).exists()


DeviceApplication = DevicesApplication
