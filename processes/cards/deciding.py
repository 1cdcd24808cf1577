"""Deciding on a card: the person takes the task, reads the figures again, and says so.

Taking and completing stay two acts of the record, as everywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from organization.models import User
from processes import queries
from processes.access import is_mine
from processes.cards.reading import Card, Choice, card_of, decisions
from processes.exceptions import ProcessError
from processes.models import Task
from processes.services import claim_task, complete_task
from processes.services.completion import Completion

MOST_AT_ONCE = 20


@dataclass(frozen=True)
class Approved:
    """What became of one of several: approved, or the sentence that says why not."""

    title: str
    refusal: str = ""


def decide(
    *, card: Card, choice: Choice, reason: str, key: str, user: User, now: datetime
) -> Completion:
    """Take the task if it is free, and complete it with this choice.

    Raises what `claim_task` and `complete_task` raise.
    """
    if not is_mine(user, card.task):
        claim_task(task_id=card.task.pk, actor_user=user, now=now)
    return complete_task(
        task_id=card.task.pk,
        actor_user=user,
        answers=card.answers(choice, reason),
        now=now,
        idempotency_key=key,
    )


def plain_cards(user: User, now: datetime) -> list[tuple[Card, Choice]]:
    """Return the cards that may be approved together: nothing in them asks for a second look."""
    found = []
    for task in decisions(user, now):
        card = card_of(user, queries.get_visible_task(user, task.pk, now), now)
        if card is not None and card.figures.is_plain and (choice := approval_of(card)):
            found.append((card, choice))
        if len(found) == MOST_AT_ONCE:
            break
    return found


def approval_of(card: Card) -> Choice | None:
    """Return the one button that approves; None where it asks for a reason, or there are two."""
    found = [choice for choice in card.choices if choice.is_approval]
    return found[0] if len(found) == 1 and not found[0].option.comment_required else None


def approve_together(
    *, chosen: Mapping[int, str], key: str, user: User, now: datetime
) -> Sequence[Approved]:
    """Approve the cards whose seals were read, each for itself; say what became of each.

    `chosen` are the seals by task. What has changed since it was read, or stands out now, is left.
    """
    told = []
    for task_id, seal in list(chosen.items())[:MOST_AT_ONCE]:
        task = queries.get_visible_task(user, task_id, now)
        told.append(
            Approved(task.instance.title, _approve(task, seal, f"{key}-{task_id}", user, now))
        )
    return told


def _approve(task: Task, seal: str, key: str, user: User, now: datetime) -> str:
    """Return why a card was not approved, "" where it was."""
    card = card_of(user, task, now)
    if card is None:
        return "Sudah diputuskan, atau tidak lagi untuk Anda."
    choice = approval_of(card)
    if card.seal != seal or not card.figures.is_plain or choice is None:
        return "Berubah sejak Anda baca; buka kartunya."
    try:
        decide(card=card, choice=choice, reason="", key=key, user=user, now=now)
    except ProcessError as error:
        return error.message
    return ""
