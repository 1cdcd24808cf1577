"""What the finished months of the demo handed to the SOPs that follow, and what BKD received."""

from datetime import datetime, timedelta

from config.demo.office import local
from config.demo.player import Player, agreeing_answers
from processes import services
from processes.definitions import definition_of
from processes.models import Instance, Message, Task
from workflows.definitions import FieldType, TaskKind

DAY, CLOCK = 4, "09:20"  # of the month after: when BKD receives what it takes


def receive_packages(player: Player, month: Instance) -> None:
    """Let what a month sent arrive when it was sent, and BKD take it; a ralat waits for it anew."""
    now = local(player.office.agency, player.month.next_days[DAY - 1], CLOCK)
    for message in Message.objects.filter(sent_by_task__instance=month).order_by("sent_at"):
        services.deliver_message(message_id=message.pk, now=message.sent_at)
        for receipt in message.receipts.select_related("instance"):
            player.let_the_system_work(message.sent_at, receipt.instance)
            _take(player, receipt.instance, now)
            now += timedelta(minutes=20)


def _take(player: Player, run: Instance, now: datetime) -> None:
    """Let BKD agree to what lies before it, under a number of its own."""
    task = Task.objects.get(instance=run, kind=TaskKind.USER, status=Task.Status.READY)
    fields = definition_of(run).tasks[task.step].form.fields
    numbers = {f.name: f"800/{run.pk}/BKD" for f in fields if f.type is FieldType.TEXT}
    answers = {**agreeing_answers(task), **numbers}
    end = now + timedelta(minutes=6)
    player.work(task, player.office.users["bkd"], answers, now=now, end=end)
