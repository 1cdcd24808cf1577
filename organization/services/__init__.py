"""Every write to people, accounts, appointments and calendars: typed, atomic, with its events."""

from organization.services.accounts import (
    change_own_password,
    issue_initial_password,
    open_account,
    owner_chose_password,
)
from organization.services.agencies import found_agency
from organization.services.employees import (
    ImportReport,
    import_employees,
    retire_employee,
    set_superior,
)
from organization.services.holidays import SeedReport, correct_holiday, seed_holidays
from organization.services.officers import (
    Chosen,
    appoint,
    appoint_officers,
    refusals,
    revoke_appointment,
)
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
from organization.services.substitutions import appoint_substitute, revoke_substitution

__all__ = [
    "Assignment",
    "Chosen",
    "ImportReport",
    "PhotoReport",
    "RosterReport",
    "SeedReport",
    "appoint",
    "appoint_officers",
    "appoint_substitute",
    "change_own_password",
    "change_pattern",
    "correct_holiday",
    "create_pattern",
    "end_pattern",
    "found_agency",
    "import_employees",
    "import_photos",
    "import_roster",
    "issue_initial_password",
    "open_account",
    "owner_chose_password",
    "refusals",
    "retire_employee",
    "revoke_appointment",
    "revoke_substitution",
    "seed_holidays",
    "set_photo",
    "set_roster",
    "set_roster_day",
    "set_superior",
    "withdraw_pattern",
]
