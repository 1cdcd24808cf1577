"""What this room offers SOP files to do."""

from foundation.outbox import Refused
from organization.models import Agency
from processes import telling, waiting  # noqa: F401  register themselves
from processes.context import with_parameters
from processes.definitions import definition_of
from processes.models import Instance, Task
from processes.services.calls import subject_from
from processes.services.messages import send_message
from workflows.registry import Result, StepContext, fact, operation


@operation("processes.note_reuse", binding=False)
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


@operation("processes.send_message")
def send(context: StepContext) -> Result:
    """Send the message that the step names in the diagram.

    Parameters, all optional: `to`, "own" (the agency itself) or the code of another; `subject`,
    "subject", "form.<field>" or "facts.<fact>" (a row that a room has made meanwhile); `form`, a
    list of the answers to hand over.
    """
    task = Task.objects.select_related("instance").get(pk=context.task_id or 0)
    to = str(context.parameters.get("to", "own"))
    own = Agency.objects.filter(pk=context.agency_id)
    receiver = (own if to == "own" else Agency.objects.filter(code=to)).first()
    if receiver is None:
        raise Refused(f"Kabar tidak dapat dikirim: instansi “{to}” tidak ada.")
    form = context.form
    send_message(
        name=definition_of(task.instance).tasks[task.step].message,
        agency_id=receiver.pk,
        subject=_subject(context, task.instance),
        payload={name: form[name] for name in context.parameters.get("form", ()) if name in form},
        key=f"task:{task.pk}",
        actor=context.actor,
        sender=task,
        now=context.now,
    )
    return Result(note=f"Kabar dikirim kepada {receiver.name}." if to != "own" else "")


def _subject(context: StepContext, instance: Instance) -> str:
    source = str(context.parameters.get("subject", "subject"))
    name = source.removeprefix("facts.")
    if name == source:
        return subject_from(source, instance)
    call = definition_of(instance).facts[name]
    return str(fact.get(call.name)(with_parameters(context, call)).value)
