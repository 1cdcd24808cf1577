"""What this room offers SOP files to do."""

from processes.context import with_parameters
from processes.definitions import definition_of
from processes.models import Instance
from workflows.registry import Result, StepContext, fact, operation


@operation("processes.note_reuse")
def note_reuse(context: StepContext) -> Result:
    """Keep on the task row why a step is passed as "masih berlaku", with a link to the record."""
    definition = definition_of(Instance.objects.get(pk=context.instance_id))
    call = definition.facts[context.parameters["fact"]]
    found = fact.get(call.name)(with_parameters(context, call))
    return Result(note=f"Masih berlaku: {found.evidence}", link=found.link, reused=True)
