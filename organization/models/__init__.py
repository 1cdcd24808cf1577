"""Agencies, employees, accounts and appointments; days and hours of work.

Roles are appointments per agency (data), never groups and never named in code.
"""

from organization.models.accounts import Appointment, Substitution, User
from organization.models.agencies import Agency, Unit
from organization.models.calendars import (
    PatternScope,
    PublicHoliday,
    RosterDay,
    WorkHours,
    WorkPattern,
)
from organization.models.officers import OfficerNeed
from organization.models.people import (
    EarlierUnit,
    Employee,
    EmployeeQuerySet,
    EmploymentStatus,
)
from organization.models.second_factor import RecoveryCode, SecondFactor
from organization.models.setup import SetupCode
from organization.models.tokens import ApiToken
from organization.models.workplaces import Workplace

__all__ = [
    "Agency",
    "ApiToken",
    "Appointment",
    "EarlierUnit",
    "Employee",
    "EmployeeQuerySet",
    "EmploymentStatus",
    "OfficerNeed",
    "PatternScope",
    "PublicHoliday",
    "RecoveryCode",
    "RosterDay",
    "SecondFactor",
    "SetupCode",
    "Substitution",
    "Unit",
    "User",
    "WorkHours",
    "WorkPattern",
    "Workplace",
]
