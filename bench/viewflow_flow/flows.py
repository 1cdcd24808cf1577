"""The nine tasks of `bench/sops/sembilan_tugas` as a native viewflow flow."""

from viewflow import this
from viewflow.workflow import flow, lock
from viewflow.workflow.flow.views import UpdateProcessView
from viewflow.workflow.models import Process

LANES = ("Kadis", "Admin", "Operator")
RETURNED = "dikembalikan"


def permission(lane: str) -> str:
    """Return the permission that stands for a lane."""
    return f"{Process._meta.app_label}.lane_{lane.lower()}"


def human(lane: str) -> flow.View:
    return flow.View(UpdateProcessView.as_view(fields=[])).Permission(permission(lane))


class NineTasks(flow.Flow):
    process_class = Process
    # Waits for the row instead of failing after a few attempts; without a lock of this kind two
    # people can complete one task.
    lock_impl = lock.SelectForUpdateLock(nowait=False)

    mulai = flow.StartHandle().Next(this.menugaskan)
    menugaskan = human("Kadis").Next(this.mendata)
    mendata = human("Admin").Next(this.merekam)
    merekam = human("Operator").Next(this.menyiapkan)
    menyiapkan = human("Admin").Next(this.mengumpulkan)
    mengumpulkan = human("Operator").Next(this.mencetak)
    mencetak = human("Operator").Next(this.meneliti)
    meneliti = human("Kadis").Next(this.keputusan)
    keputusan = (
        flow.If(lambda activation: activation.process.data["keputusan"] == RETURNED)
        .Then(this.mengumpulkan)
        .Else(this.melaporkan)
    )
    melaporkan = human("Admin").Next(this.mengarsipkan)
    mengarsipkan = human("Operator").Next(this.selesai)
    selesai = flow.End()
