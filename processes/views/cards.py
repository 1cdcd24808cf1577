"""The cards: one decision per page, confirmed with the figures that were read."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organization.models import User
from processes import queries, services
from processes.access import is_mine
from processes.cards.deciding import approve_together, decide, plain_cards
from processes.cards.reading import Card, Choice, card_of, decisions
from processes.exceptions import AlreadyDone, InvalidAnswers, ProcessError
from processes.models import Task
from processes.services.locking import overtaken
from processes.views.common import person, refusals_as_pages

LONGEST_REASON = 500
CHANGED = "Angkanya berubah sejak Anda baca. Periksa lagi sebelum memutuskan."


@require_safe
@refusals_as_pages
def first(request: HttpRequest) -> HttpResponse:
    """Show the first decision that waits; `?sesudah=` leaves those up to this one for later."""
    user, now = person(request), timezone.now()
    waiting = decisions(user, now)
    ids = [task.pk for task in waiting]
    after = request.GET.get("sesudah", "")
    start = ids.index(int(after)) + 1 if after.isdigit() and int(after) in ids else 0
    for task in waiting[start:] + waiting[:start]:
        card = card_of(user, queries.get_visible_task(user, task.pk, now), now)
        if card is not None:
            return _shown(request, card, waiting)
    return render(request, "processes/cards/none.html")


@require_safe
@refusals_as_pages
def one(request: HttpRequest, task_id: int) -> HttpResponse:
    card = _card(request, task_id)
    if card is None:
        return redirect("tasks:detail", task_id)
    return _shown(request, card, decisions(person(request), timezone.now()))


@require_POST
@refusals_as_pages
def choose(request: HttpRequest, task_id: int) -> HttpResponse:
    """Take the task and go on to the question whether this is meant."""
    user, card = person(request), _card(request, task_id)
    choice = card.choice(request.POST.get("pilihan", "")) if card else None
    if card is None or choice is None:
        return redirect("tasks:card", task_id)
    try:
        if not is_mine(user, card.task):
            services.claim_task(task_id=task_id, actor_user=user, now=timezone.now())
    except AlreadyDone as error:
        return _overtaken(request, error)
    return redirect(f"{request.path}?pilihan={choice.option.value}")


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_as_pages
def confirm(request: HttpRequest, task_id: int) -> HttpResponseBase:
    """Ask once more with the same figures; on POST, decide."""
    if request.method == "POST" and "kunci" not in request.POST:
        return choose(request, task_id)
    card = _card(request, task_id)
    asked = (request.POST if request.method == "POST" else request.GET).get("pilihan", "")
    choice = card.choice(asked) if card else None
    if card is None or choice is None:
        if request.method == "POST":
            return _repeated(request, task_id)
        return redirect("tasks:card", task_id)
    if request.method != "POST":
        return _asked(request, card, choice)
    if request.POST.get("sidik") != card.seal:
        return _asked(request, card, choice, problem=CHANGED, status=409)
    return _decided(request, card, choice)


def _decided(request: HttpRequest, card: Card, choice: Choice) -> HttpResponse:
    user, reason = person(request), _reason(request)
    try:
        decide(
            card=card, choice=choice, reason=reason, key=request.POST.get("kunci", "")[:64],
            user=user, now=timezone.now(),
        )  # fmt: skip
    except AlreadyDone as error:
        return _overtaken(request, error)
    except InvalidAnswers as error:
        problem = " ".join(error.errors.values())
        return _asked(request, card, choice, problem=problem, status=422)
    words = f" ke “{choice.leads_to}”" if choice.leads_to else ""
    messages.success(
        request, f"{card.task.instance.title}: {choice.option.label}{words}. Tercatat."
    )
    return redirect("tasks:cards")


def _reason(request: HttpRequest) -> str:
    """Return the chosen sentence and what was typed beside it, as one text."""
    said = [*request.POST.getlist("sebab"), request.POST.get("alasan", "")]
    return "\n".join(filter(None, (" ".join(text.split()) for text in said)))[:LONGEST_REASON]


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_as_pages
def together(request: HttpRequest) -> HttpResponse:
    """Approve several at once: only those in which nothing stands out, after reading the list."""
    user, now = person(request), timezone.now()
    if request.method != "POST":
        return _together(request, user)
    chosen = {
        int(number): seal
        for number, _, seal in (told.partition(":") for told in request.POST.getlist("kartu"))
        if number.isdigit()
    }
    if not chosen or request.POST.get("dibaca") != "ya":
        problem = "Centang yang disetujui, dan bahwa daftarnya sudah Anda baca."
        return _together(request, user, problem=problem, status=422)
    key = request.POST.get("kunci", "")[:40]
    told = approve_together(chosen=chosen, key=key, user=user, now=now)
    return render(request, "processes/cards/together_done.html", {"told": told})


def _together(
    request: HttpRequest, user: User, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "lines": plain_cards(user, timezone.now()),
        "problem": problem,
        "key": uuid.uuid4().hex,
    }
    return render(request, "processes/cards/together.html", context, status=status)


def _card(request: HttpRequest, task_id: int) -> Card | None:
    user, now = person(request), timezone.now()
    return card_of(user, queries.get_visible_task(user, task_id, now), now)


def _shown(request: HttpRequest, card: Card, waiting: Sequence[Task]) -> HttpResponse:
    context = {"card": card, "waiting": len(waiting), "task": card.task}
    return render(request, "processes/cards/card.html", context)


def _asked(
    request: HttpRequest, card: Card, choice: Choice, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "card": card,
        "task": card.task,
        "choice": choice,
        "problem": problem,
        "key": request.POST.get("kunci", "")[:64] or uuid.uuid4().hex,
        "suggestions": card.step.form.comment.suggestions if card.step.form.comment else (),
        "chosen": request.POST.getlist("sebab"),
        "typed": request.POST.get("alasan", ""),
        "longest": LONGEST_REASON,
    }
    return render(request, "processes/cards/confirm.html", context, status=status)


def _overtaken(request: HttpRequest, error: ProcessError) -> HttpResponse:
    messages.warning(request, error.message)
    return redirect("tasks:cards")


def _repeated(request: HttpRequest, task_id: int) -> HttpResponse:
    """Answer a decision that was sent twice, or after another had decided."""
    user = person(request)
    task = queries.get_visible_task(user, task_id, timezone.now())
    mine = task.status == Task.Status.COMPLETED and task.owner_id == user.pk
    if mine:
        messages.info(
            request, f"{task.instance.title}: sudah Anda putuskan; tidak dicatat dua kali."
        )
        return redirect("tasks:cards")
    return _overtaken(request, overtaken(task_id))
