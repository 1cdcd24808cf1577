"""Every write to people, accounts and appointments: one typed function, atomic, with its events."""

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
from organization.services.officers import (
    Chosen,
    appoint,
    appoint_officers,
    refusals,
    revoke_appointment,
)
from organization.services.photos import PhotoReport, import_photos, set_photo

__all__ = [
    "Chosen",
    "ImportReport",
    "PhotoReport",
    "appoint",
    "appoint_officers",
    "change_own_password",
    "found_agency",
    "import_employees",
    "import_photos",
    "issue_initial_password",
    "open_account",
    "owner_chose_password",
    "refusals",
    "retire_employee",
    "revoke_appointment",
    "set_photo",
    "set_superior",
]
