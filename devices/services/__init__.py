"""Every write of this room: one function each, atomic, with an event; no machine inside one."""

from devices.services.adoption import adopt_uploads, reprocess_upload
from devices.services.attendance_logs import ImportReport, import_attlog
from devices.services.checks import (
    ask_clock,
    ask_device,
    check_device,
    confirm_clock,
    record_check,
    set_clock,
)
from devices.services.enrolments import record_enrolment, record_exception, record_later
from devices.services.fingerprints import (
    FetchReport,
    SpreadReport,
    fetch_templates,
    spread_templates,
    store_templates,
)
from devices.services.leaving import retire_left_people
from devices.services.permits import give_permit, withdraw_permit
from devices.services.pins import allocate_pins, ascribe_punches, assign_pin, replace_pin
from devices.services.pulling import PullReport, pull_as_scheduled, pull_punches, schedule_pulls
from devices.services.pursuing import ask_punches
from devices.services.recording_anew import request_recording_anew, withdraw_request
from devices.services.recording_removal import leave_machine_out
from devices.services.registration import (
    activate_device,
    approve_device,
    ignore_caller,
    move_device,
    register_device,
    retire_device,
    suspend_device,
    update_device,
)
from devices.services.requests import request_work
from devices.services.supervision import confirm_enrolments, refuse_enrolment
from devices.services.synchronizing import (
    SyncReport,
    check_machines,
    push_users_everywhere,
    push_users_to,
    sync_fingerprints,
)
from devices.services.users import PushReport, note_users, push_users
from devices.services.violations import dismiss_violation, hand_over_violation, note_violation

__all__ = [
    "FetchReport",
    "ImportReport",
    "PullReport",
    "PushReport",
    "SpreadReport",
    "SyncReport",
    "activate_device",
    "adopt_uploads",
    "allocate_pins",
    "approve_device",
    "ascribe_punches",
    "ask_clock",
    "ask_device",
    "ask_punches",
    "assign_pin",
    "check_device",
    "check_machines",
    "confirm_clock",
    "confirm_enrolments",
    "dismiss_violation",
    "fetch_templates",
    "give_permit",
    "hand_over_violation",
    "ignore_caller",
    "import_attlog",
    "leave_machine_out",
    "move_device",
    "note_users",
    "note_violation",
    "pull_as_scheduled",
    "pull_punches",
    "push_users",
    "push_users_everywhere",
    "push_users_to",
    "record_check",
    "record_enrolment",
    "record_exception",
    "record_later",
    "refuse_enrolment",
    "register_device",
    "replace_pin",
    "reprocess_upload",
    "request_recording_anew",
    "request_work",
    "retire_device",
    "retire_left_people",
    "schedule_pulls",
    "set_clock",
    "spread_templates",
    "store_templates",
    "suspend_device",
    "sync_fingerprints",
    "update_device",
    "withdraw_permit",
    "withdraw_request",
]
