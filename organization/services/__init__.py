"""Every write to people, accounts, appointments and calendars: typed, atomic, with its events."""

from organization.services.accounts import (
    change_own_password,
    issue_initial_password,
    note_lock,
    open_account,
    owner_chose_password,
    sign_out_everywhere,
    unlock_account,
)
from organization.services.agencies import found_agency, place_agency
from organization.services.api_tokens import IssuedToken, create_api_token, revoke_api_token
from organization.services.employees import (
    ImportReport,
    import_employees,
    retire_employee,
    set_superior,
)
from organization.services.holidays import SeedReport, correct_holiday, seed_holidays
from organization.services.moving import MoveData, move_employee
from organization.services.officer_needs import request_officers, watch_officers
from organization.services.officers import (
    AppointmentLetter,
    Chosen,
    add_officers,
    addition_refusals,
    appoint,
    appoint_officers,
    refusals,
    revoke_appointment,
)
from organization.services.officials import (
    Appointed,
    appoint_official,
    end_official,
    official_roles,
)
from organization.services.pacts import Signature, keep_signatures
from organization.services.patterns import (
    change_pattern,
    create_pattern,
    end_pattern,
    withdraw_pattern,
)
from organization.services.photos import PhotoReport, import_photos, set_photo
from organization.services.rosters import (
    Assignment,
    RosterReport,
    import_roster,
    set_roster,
    set_roster_day,
)
from organization.services.second_factor import (
    begin_second_factor,
    check_code,
    confirm_second_factor,
    give_up_second_factor,
    has_second_factor,
    key_of,
    renew_recovery_codes,
    reset_second_factor,
)
from organization.services.setup import (
    close_setup,
    is_untouched,
    issue_setup_code,
    redeem_setup_code,
    setup_under,
)
from organization.services.sop_roles import appoint_to_sop, release_from_sop
from organization.services.substitutions import appoint_substitute, revoke_substitution
from organization.services.workplaces import WorkplaceData, add_workplace, end_workplace

__all__ = [
    "Appointed",
    "AppointmentLetter",
    "Assignment",
    "Chosen",
    "ImportReport",
    "IssuedToken",
    "MoveData",
    "PhotoReport",
    "RosterReport",
    "SeedReport",
    "Signature",
    "WorkplaceData",
    "add_officers",
    "add_workplace",
    "addition_refusals",
    "appoint",
    "appoint_officers",
    "appoint_official",
    "appoint_substitute",
    "appoint_to_sop",
    "begin_second_factor",
    "change_own_password",
    "change_pattern",
    "check_code",
    "close_setup",
    "confirm_second_factor",
    "correct_holiday",
    "create_api_token",
    "create_pattern",
    "end_official",
    "end_pattern",
    "end_workplace",
    "found_agency",
    "give_up_second_factor",
    "has_second_factor",
    "import_employees",
    "import_photos",
    "import_roster",
    "is_untouched",
    "issue_initial_password",
    "issue_setup_code",
    "keep_signatures",
    "key_of",
    "move_employee",
    "note_lock",
    "official_roles",
    "open_account",
    "owner_chose_password",
    "place_agency",
    "redeem_setup_code",
    "refusals",
    "release_from_sop",
    "renew_recovery_codes",
    "request_officers",
    "reset_second_factor",
    "retire_employee",
    "revoke_api_token",
    "revoke_appointment",
    "revoke_substitution",
    "seed_holidays",
    "set_photo",
    "set_roster",
    "set_roster_day",
    "set_superior",
    "setup_under",
    "sign_out_everywhere",
    "unlock_account",
    "watch_officers",
    "withdraw_pattern",
]
