"""The last quarter under evaluation: one agency has answered, another is late; BKD is to check."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from attendance.models import Evaluation, FollowUp, Side
from attendance.recaps.evaluation_periods import quarter_before
from attendance.services.evaluation_findings import write_finding
from attendance.services.evaluation_runs import follow_up_runs, reviewing, side_of
from attendance.services.evaluations import begin_evaluation
from config.demo.office import local
from config.demo.player import Player, agreeing_answers
from foundation.actors import SYSTEM
from organization import services as organization
from organization.models import Agency, User
from organization.permissions import local_date, users_with_role
from processes import services
from processes.definitions import definition_of
from processes.models import Instance, Message, Task
from workflows.definitions import FieldType, TaskKind

BEGUN = 20  # days ago; the follow-ups were due some days ago
DUE = 8  # days after
LETTER = "800/112/BKD/2026"
CONCLUDED = "Disiplin membaik; perangkat dan petugas masih perlu dilengkapi."
PROVEN = "Pegawai sudah dibina; rekap disahkan sebelum batasnya."
TEXTS = {
    Side.DISCIPLINE: (
        "Ada hari tanpa keterangan, dan ada bulan yang belum disahkan.",
        "Bina pegawai yang bersangkutan dan sahkan rekap dalam batas hari kerja.",
    ),
    Side.MACHINES: (
        "Belum ada mesin aktif dan petugas e-absensi belum dua orang.",
        "Sediakan mesin dan tugaskan petugas sampai sedikitnya dua orang PNS.",
    ),
}


def play_evaluation(player: Player, now: datetime) -> Evaluation:
    """Let BKD and the manager evaluate, one head answer, and the day of the other pass."""
    office = player.office
    seat, late = (Agency.objects.get(code=row) for row in _offices(player))
    day = local_date(seat, now) - timedelta(days=BEGUN)
    at = local(seat, day, "09:00")
    for appointed in office.script["evaluation"]["appointments"]:
        organization.appoint(
            user=office.users[appointed["username"]], role=appointed["role"],
            agency=Agency.objects.get(code=appointed["agency"]), letter_number=LETTER,
            actor=SYSTEM, now=at, valid_from=day,
        )  # fmt: skip
    period = quarter_before(local_date(seat, at))
    row = begin_evaluation(agency=seat, period=period, user=office.users["bkd"], now=at)
    run = _run(row)
    player.let_the_system_work(at, run)
    _review(player, row, {Side.DISCIPLINE: office.agency, Side.MACHINES: late}, at)
    _finish(player, run, at + timedelta(hours=3))
    _answer(player, row, local(office.agency, day + timedelta(days=3), "10:00"))
    for one in [*follow_up_runs(row.follow_ups.all()).values(), run]:
        player.let_the_system_work(now, one)
    return row


def _offices(player: Player) -> tuple[str, str]:
    """Return the codes of the office of BKD and of that of the managers."""
    by_user = {one["username"]: str(one["code"]) for one in player.office.script["others"]}
    return by_user["bkd"], by_user["pengelola"]


def _run(row: Evaluation) -> Instance:
    if row.instance is None:
        raise RuntimeError("the evaluation began no procedure")
    return row.instance


def _review(player: Player, row: Evaluation, where: Mapping[Side, Agency], at: datetime) -> None:
    """Let each side take its task, write one finding, and send it in."""
    for task in reviewing(row):
        side, user = Side(side_of(task)), _worker(task, at)
        services.claim_task(task_id=task.pk, actor_user=user, now=at)
        text, advice = TEXTS[side]
        due = local_date(row.agency, at) + timedelta(days=DUE)
        write_finding(
            evaluation_id=row.pk, agency=where[side], side=side.value, text=text,
            recommendation=advice, due_on=due, user=user, now=at + timedelta(minutes=20),
        )  # fmt: skip
        end = at + timedelta(minutes=40)
        services.complete_task(
            task_id=task.pk, actor_user=user, answers=_answers(task, end.date()), now=end
        )


def _finish(player: Player, run: Instance, at: datetime) -> None:
    """Let everybody agree until the agencies are asked."""
    while task := _waiting(run):
        player.work(
            task, _worker(task, at), _answers(task, at.date()), now=at,
            end=at + timedelta(minutes=25),
        )  # fmt: skip
        at += timedelta(hours=1)
    for message_id in Message.objects.filter(received_at=None).values_list("pk", flat=True):
        services.deliver_message(message_id=message_id, now=at)


def _answer(player: Player, row: Evaluation, at: datetime) -> None:
    """Let the head of the demo office say what was done, with its proof."""
    mine = FollowUp.objects.filter(evaluation=row, agency=player.office.agency)
    for run in follow_up_runs(mine).values():
        task = _waiting(run)
        if task is not None:
            player.work(
                task, player.office.users["kadis"], _answers(task, at.date()), now=at,
                end=at + timedelta(minutes=30),
            )  # fmt: skip


def _waiting(run: Instance) -> Task | None:
    tasks = Task.objects.filter(instance=run, kind=TaskKind.USER, status=Task.Status.READY)
    return tasks.select_related("instance", "agency").order_by("pk").first()


def _worker(task: Task, at: datetime) -> User:
    return users_with_role(task.lane, task.agency, at).order_by("pk")[0]


def _answers(task: Task, on: date) -> dict[str, Any]:
    """Return the form of a step filled in so that it agrees."""
    said = agreeing_answers(task)
    fields = definition_of(task.instance).tasks[task.step].form.fields
    words = PROVEN if any(field.type is FieldType.FILE for field in fields) else CONCLUDED
    for field in fields:
        if field.type is FieldType.TEXT:
            said[field.name] = "Ruang rapat Badan Kepegawaian Daerah"
        elif field.type is FieldType.BOOLEAN:
            said[field.name] = True
        elif field.type is FieldType.DATE:
            said[field.name] = on.isoformat()
        elif field.type is FieldType.FILE:
            said[field.name] = "@file"
        elif field.type is FieldType.LONG_TEXT:
            said[field.name] = words
    return said
