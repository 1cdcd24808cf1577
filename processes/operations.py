"""What this room offers SOP files to do."""

from processes import waiting  # noqa: F401  registers itself
from processes.context import with_parameters
from processes.definitions import definition_of
from processes.models import Instance
from workflows.registry import Result, StepContext, fact, operation


@operation("processes.note_reuse")
def note_reuse(context: StepContext) -> Result:
    """Keep on the task row why a step is passed as "masih berlaku", with a link to the record.

    Parameters: `fact`, a name in [facts]; optional `also`, a list of more where a gateway reads
    several.
    """
    definition = definition_of(Instance.objects.get(pk=context.instance_id))
    names = [context.parameters["fact"], *context.parameters.get("also", ())]
    calls = [definition.facts[name] for name in names]
    found = [fact.get(call.name)(with_parameters(context, call)) for call in calls]
    evidence = "; ".join(one.evidence.rstrip(".") for one in found)
    return Result(note=f"Masih berlaku: {evidence}.", link=found[0].link, reused=True)
