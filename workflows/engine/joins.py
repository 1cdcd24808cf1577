"""When an inclusive join lets its branches go on: once no other token can still come to it."""

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from workflows.engine.nodes import Inclusive
from workflows.reading.net import is_missed


def fire_a_join(workflow: BpmnWorkflow) -> bool:
    """Let the first inclusive join go on that waits for nothing more; say whether there was one.

    To be asked when everything else stands still. What waits in another join may still come too.
    """
    still = [t for t in workflow.tasks.values() if t.state in (TaskState.READY, TaskState.WAITING)]
    for task in still:
        join = task.task_spec
        if not isinstance(join, Inclusive):
            continue
        here = [other for other in still if other.task_spec is join]
        arrived = {other.parent.task_spec.name for other in here}
        places = {other.task_spec.name for other in still} - {join.name}
        if is_missed(arrived, places, workflow.spec.before[join.name]):
            continue
        for other in here:
            if other is not task:
                other.cancel()
        task._ready()
        return True
    return False
