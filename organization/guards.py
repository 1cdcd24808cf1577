"""May a step be completed? If not, which rows are missing."""

from collections.abc import Mapping, Sequence

from foundation.indonesian import list_text
from organization import links
from organization.choosing import answered_date, choosing_himself, chosen_officers, wrong_dates
from organization.mandates.acting import capacity_of, withheld_decision
from organization.models import Agency, Employee
from organization.permissions import local_date
from organization.questions import incomplete_employees
from organization.services import refusals
from workflows.registry import Missing, StepContext, guard

SHOWN = 20


@guard("organization.officers_chosen")
def officers_chosen(context: StepContext) -> Sequence[Missing]:
    """Refuse a choice of officers that the regulation does not allow.

    Parameters: `fields` (role = form field), `minimum` (persons, 2 unless told); optional
    `valid_from` and `valid_until` (names of date fields).
    """
    agency = Agency.objects.get(pk=context.agency_id)
    on = local_date(agency, context.now)
    fields = context.parameters["fields"]
    chosen = chosen_officers(fields, context.answers)
    reasons = choosing_himself(chosen, context.actor) + refusals(
        agency=agency,
        chosen=chosen,
        roles=list(fields),
        minimum=context.parameters.get("minimum", 2),
        on=on,
    )
    first = answered_date(context.parameters.get("valid_from"), context.answers)
    last = answered_date(context.parameters.get("valid_until"), context.answers)
    return [Missing(reason) for reason in [*reasons, *wrong_dates(first, last, on)]]


@guard("organization.within_mandate")
def within_mandate(context: StepContext) -> Sequence[Missing]:
    """Refuse an acting official a decision that acting.toml keeps from him.

    Parameters: `decision` (a name of that file); optional `when`, form field = answers by which
    the step makes that decision (whatever is answered, unless told).
    """
    when: Mapping[str, Sequence[str]] = context.parameters.get("when", {})
    if any(context.answers.get(field) not in values for field, values in when.items()):
        return []
    title = context.actor.acting_as
    kept = withheld_decision(capacity_of(title), context.parameters["decision"])
    return [Missing(kept.refusal(title))] if kept is not None else []


@guard("organization.employees_complete")
def employees_complete(context: StepContext) -> Sequence[Missing]:
    """Name every active employee who lacks one of the five data, the first twenty in full."""
    agency = Agency.objects.get(pk=context.agency_id)
    on = local_date(agency, context.now)
    if not Employee.objects.filter(agency=agency).active(on).exists():
        return [Missing("Belum ada pegawai aktif; impor data pegawai dahulu.", links.IMPORT)]
    lacking = incomplete_employees(agency, on)
    rows = [
        Missing(
            f"{row.employee.name or row.employee.number}: belum ada {list_text(row.missing)}.",
            links.employee(row.employee.pk),
        )
        for row in lacking[:SHOWN]
    ]
    if len(lacking) > SHOWN:
        rows.append(Missing(f"dan {len(lacking) - SHOWN} lainnya.", links.INCOMPLETE))
    return rows
