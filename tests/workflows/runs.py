"""Two SOPs that lead in circles, and how a test goes on in them."""

from tests.workflows.definitions import NO_NAMES, drawn, names
from workflows import engine
from workflows.definitions import ProcessDefinition
from workflows.engine import Snapshot

# Two branches at once, brought together, and around again as long as it is asked for.
ROUNDS = drawn(
    [
        ("startEvent", "awal", "Staf"),
        ("exclusiveGateway", "kembali_ke", "Staf"),
        ("parallelGateway", "pisah", "Staf"),
        ("userTask", "kiri", "Staf"),
        ("serviceTask", "kanan", "Staf"),
        ("parallelGateway", "satukan", "Staf"),
        ("exclusiveGateway", "lagi", "Staf"),
        ("endEvent", "akhir", "Staf"),
    ],
    [
        ("f1", "awal", "kembali_ke", ""),
        ("f2", "kembali_ke", "pisah", ""),
        ("f3", "pisah", "kiri", ""),
        ("f4", "pisah", "kanan", ""),
        ("f5", "kiri", "satukan", ""),
        ("f6", "kanan", "satukan", ""),
        ("f7", "satukan", "lagi", ""),
        ("ulang", "lagi", "kembali_ke", "form.ulang == 'ya'"),
        ("cukup", "lagi", "akhir", ""),
    ],
    attributes={"lagi": 'default="cukup"'},
)
# One task, and a gateway that leads back to it.
RETURNS = drawn(
    [
        ("startEvent", "awal", "Staf"),
        ("userTask", "kerjakan", "Staf"),
        ("exclusiveGateway", "diterima", "Staf"),
        ("endEvent", "akhir", "Staf"),
    ],
    [
        ("f1", "awal", "kerjakan", ""),
        ("f2", "kerjakan", "diterima", ""),
        ("ya", "diterima", "akhir", "form.hasil == 'baik' and facts.lengkap"),
        ("tidak", "diterima", "kerjakan", ""),
    ],
    attributes={"diterima": 'default="tidak"'},
)
AGAIN, DONE = names({"hasil": "buruk"}), names({"hasil": "baik"}, {"lengkap": True})


def do(
    definition: ProcessDefinition, snapshot: Snapshot, step: str, given: engine.Names = NO_NAMES
) -> Snapshot:
    engine_id = next(task.engine_id for task in snapshot.ready if task.step == step)
    return engine.complete(definition, snapshot.state, engine_id, given)


def steps(snapshot: Snapshot) -> list[str]:
    return [task.step for task in snapshot.ready]
