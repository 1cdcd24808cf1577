"""What happens to an evaluation in processes that end in between; each is called by itself."""

from datetime import datetime

import time_machine
from django.conf import settings

from foundation import outbox
from organization.models import Agency, User
from processes import services
from processes.models import Instance, Message, Notice, Task
from tests.attendance.asking import wita
from tests.attendance.evaluation_runs import MONDAY, Run
from tests.cast import Cast

NAMES = {
    "kadis": "ratna", "admin": "budi", "operator": "sari", "operator2": "yohanes",
    "superior": "maria", "secretary": "anselmus", "employee": "joko", "outsider": "umbu",
}  # fmt: skip


def agree() -> dict[str, object]:
    """Evaluate and agree upon a finding in both agencies; nobody has been told of it yet."""
    settings.SOP_ROOTS = [settings.BASE_DIR / "workflows" / "bpmn"]  # not those of other tests
    people = {field: User.objects.get(username=name) for field, name in NAMES.items()}
    cast = Cast(
        agency=Agency.objects.get(code="diskominfo"),
        other_agency=Agency.objects.get(code="dinkes"),
        **people,
    )
    run = Run(cast, now=wita(MONDAY, "09:00")).begin()
    run.reviewed(cast.agency, cast.other_agency)
    run.do("tulis_berita_acara")
    run.claim("setujui_berita_acara")
    return state()


def send_agreement() -> dict[str, object]:
    """Send in what was taken before the process ended; what follows is left to the next one."""
    settings.SOP_ROOTS = [settings.BASE_DIR / "workflows" / "bpmn"]
    task = Task.objects.get(step="setujui_berita_acara", status="claimed")
    services.complete_task(
        task_id=task.pk,
        actor_user=task.owner,
        answers={"keputusan_berita_acara": "ba_disetujui"},
        now=wita(MONDAY, "15:00"),
    )
    return state()


def work_at(moment: str) -> dict[str, object]:
    """Do what is due at a moment (ISO, with its zone); return what waits then."""
    settings.SOP_ROOTS = [settings.BASE_DIR / "workflows" / "bpmn"]
    with time_machine.travel(datetime.fromisoformat(moment), tick=False):
        outbox.drain(limit=1000)
    return state()


def state() -> dict[str, object]:
    open_tasks = Task.objects.filter(status__in=("ready", "claimed"))
    notices = Notice.objects.filter(text__contains="melewati batas waktunya")
    return {
        "zone": settings.TIME_ZONE,
        "people": sorted(open_tasks.filter(kind="user").values_list("step", flat=True)),
        "timers": sorted(
            due.isoformat()
            for due in open_tasks.filter(kind="timer").values_list("due_at", flat=True)
            if due
        ),
        "follow_ups": Instance.objects.filter(definition_key="tindak_lanjut_evaluasi").count(),
        "messages": Message.objects.count(),
        "reminded": notices.count(),
    }
