"""What the system itself does with people when a SOP asks for it."""

from foundation.indonesian import list_text
from organization import links
from organization.choosing import answered_date, chosen_officers
from organization.models import Agency
from organization.services import appoint_officers as appoint
from workflows.registry import Result, StepContext, operation


def cause(context: StepContext) -> str:
    """Return what an appointment names as its source: this visit to this step."""
    return f"{instance_of(context)}#{context.step}/{context.visit}"


def instance_of(context: StepContext) -> str:
    return f"processes.instance:{context.instance_id}"


@operation("organization.appoint_officers")
def appoint_officers(context: StepContext) -> Result:
    """Appoint the people chosen in the form and open their accounts, once per visit.

    Parameters: `fields` (role = form field), `letter` (file field: the superior's instruction),
    `checklist` (qualification field), `letter_number`, `valid_from`, `valid_until` (fields), and
    `minimum`. All but `fields` may be absent.
    """
    parameters, form = context.parameters, context.form

    def answer(name: str) -> object:
        field = parameters.get(name)
        return form.get(field) if field else None

    letter = answer("letter")
    checklist = answer("checklist")
    appointments = appoint(
        agency=Agency.objects.get(pk=context.agency_id),
        chosen=chosen_officers(parameters["fields"], form),
        actor=context.actor,
        now=context.now,
        letter_number=str(answer("letter_number") or "")[:100],
        letter_attachment=int(str(letter)) if letter else None,
        qualifications=[str(item) for item in checklist] if isinstance(checklist, list) else [],
        valid_from=answered_date(parameters.get("valid_from"), form),
        valid_until=answered_date(parameters.get("valid_until"), form),
        minimum=parameters.get("minimum", 2),
        source=cause(context),
    )
    people = list_text([f"{a.user.get_full_name()} ({a.title})" for a in appointments])
    return Result(note=f"Ditugaskan: {people}.", link=links.OFFICERS)
