"""What a task page shows beside the form about people."""

from collections.abc import Mapping
from typing import Any

from organization import links
from organization import officer_steps as officer_steps  # registers itself, and so does:
from organization import waiting as waiting
from organization.models import Agency, Employee
from organization.permissions import local_date
from organization.questions import incomplete_employees, officers_of
from workflows.registry import StepContext, panel

SHOWN = 10


@panel("organization.officers", template="organization/panels/officers.html")
def officers(context: StepContext) -> Mapping[str, Any]:
    """Show who holds which role in the agency now, and until when."""
    agency = Agency.objects.get(pk=context.agency_id)
    return {
        "agency": agency,
        "officers": officers_of(agency, context.now),
        "officers_link": links.OFFICERS,
    }


@panel("organization.employees", template="organization/panels/employees.html")
def employees(context: StepContext) -> Mapping[str, Any]:
    """Show how many employees there are and who lacks what."""
    agency = Agency.objects.get(pk=context.agency_id)
    on = local_date(agency, context.now)
    lacking = incomplete_employees(agency, on)
    return {
        "count": Employee.objects.filter(agency=agency).active(on).count(),
        "lacking_count": len(lacking),
        "lacking": lacking[:SHOWN],
        "more": max(0, len(lacking) - SHOWN),
        "employees_link": links.EMPLOYEES,
        "incomplete_link": links.INCOMPLETE,
        "import_link": links.IMPORT,
        "photos_link": links.PHOTOS,
    }
