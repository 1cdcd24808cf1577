"""May a step be completed? Only when its documents are written."""

from collections.abc import Sequence

from documents.models import Document
from processes.definitions import definition_of
from processes.models import Instance
from workflows.definitions import ProcessDefinition
from workflows.registry import Missing, StepContext, guard


@guard("documents.written")
def written(context: StepContext) -> Sequence[Missing]:
    """Name each of `kinds` that this round of the instance has not written yet.

    A kind that is written once per entry of a list counts as written with its first document; a
    SOP must not ask for one whose list may be empty.
    """
    kinds: list[str] = list(context.parameters["kinds"])
    found = set(
        Document.objects.filter(
            instance_id=context.instance_id, kind__in=kinds, round__gte=context.visit
        ).values_list("kind", flat=True)
    )
    missing = [kind for kind in kinds if kind not in found]
    if not missing:
        return []
    instance = Instance.objects.select_related("definition").get(pk=context.instance_id)
    titles = _titles(definition_of(instance))
    return [
        Missing(f"{titles.get(kind, kind)} belum ditulis untuk putaran ini.") for kind in missing
    ]


def _titles(definition: ProcessDefinition) -> dict[str, str]:
    """Return what the SOP calls each kind of document that it writes."""
    calls = (task.operation for task in definition.tasks.values() if task.operation)
    return {
        str(call.parameters["kind"]): str(call.parameters.get("title", call.parameters["kind"]))
        for call in calls
        if "kind" in call.parameters
    }
