"""Decisions as cards: read by GET, taken and decided by POST, with the figures that were read."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from django.test import Client

from foundation.models import Event
from processes import services
from processes.cards.reading import card_of, decisions
from processes.models import Instance, Task
from tests.cast import NOW, Cast, appoint
from tests.pages import browser
from tests.processes.conftest import begin
from tests.processes.pages import text_of, to_decision
from workflows.cards import DecisionFigures, StandsOut

pytestmark = pytest.mark.django_db

APPROVE, RETURN = "ya", "ulang"
CARDS = "/tugas/kartu/"


@pytest.fixture
def task(instance: Instance, cast: Cast) -> Task:
    """A decision that waits for the head."""
    return to_decision(instance, cast)


def decision_page(task: Task, choice: str) -> str:
    return f"{CARDS}{task.pk}/putuskan/?pilihan={choice}"


def hidden_of(page: Any) -> dict[str, str]:
    found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode())
    return dict(found)


def decide(client: Client, task: Task, choice: str, **more: Any) -> Any:
    """Press the button of the card, then the one that confirms."""
    asked = client.post(f"{CARDS}{task.pk}/putuskan/", {"pilihan": choice})
    page = client.get(asked["Location"])
    return client.post(f"{CARDS}{task.pk}/putuskan/", hidden_of(page) | more)


def test_the_first_card_says_what_is_decided_and_how_many_wait(task: Task, cast: Cast) -> None:
    told = text_of(browser(cast.kadis).get(CARDS))
    assert "Satu keputusan menunggu Anda" in told
    assert task.instance.title in told


def test_looking_takes_and_decides_nothing(task: Task, cast: Cast) -> None:
    client, before = browser(cast.kadis), Event.objects.count()
    for path in (CARDS, f"{CARDS}{task.pk}/", decision_page(task, APPROVE), f"{CARDS}bersama/"):
        assert client.get(path).status_code == 200
    task.refresh_from_db()
    assert (task.status, task.owner_id, Event.objects.count()) == ("ready", None, before)


def test_two_buttons_approve(task: Task, cast: Cast) -> None:
    answer = decide(browser(cast.kadis), task, APPROVE)
    assert answer["Location"] == CARDS
    task.refresh_from_db()
    assert (task.status, task.outcome_kind, task.owner) == ("completed", "approve", cast.kadis)
    verbs = Event.objects.filter(subject=f"processes.task:{task.pk}").order_by("sequence")
    assert [event.verb for event in verbs][-2:] == ["task_claimed", "task_completed"]


def test_after_the_last_card_nothing_is_left(task: Task, cast: Cast) -> None:
    client = browser(cast.kadis)
    decide(client, task, APPROVE)
    told = text_of(client.get(CARDS))
    assert "Tercatat." in told
    assert "Tidak ada lagi" in told


def test_a_return_says_to_which_step_and_needs_a_reason(task: Task, cast: Cast) -> None:
    client = browser(cast.kadis)
    client.post(f"{CARDS}{task.pk}/putuskan/", {"pilihan": RETURN})
    page = client.get(decision_page(task, RETURN))
    assert "Berkas kembali ke tahap" in text_of(page)
    refused = client.post(f"{CARDS}{task.pk}/putuskan/", hidden_of(page))
    assert refused.status_code == 422
    assert "Tuliskan alasan" in text_of(refused)
    said = hidden_of(refused) | {"sebab": ["Lampiran belum lengkap."], "alasan": "Tanggalnya juga."}
    assert client.post(f"{CARDS}{task.pk}/putuskan/", said).status_code == 302
    task.refresh_from_db()
    assert (task.outcome_kind, task.comment) == (
        "return", "Lampiran belum lengkap.\nTanggalnya juga.",
    )  # fmt: skip


def test_the_same_press_twice_is_recorded_once(task: Task, cast: Cast) -> None:
    client = browser(cast.kadis)
    client.post(f"{CARDS}{task.pk}/putuskan/", {"pilihan": APPROVE})
    said = hidden_of(client.get(decision_page(task, APPROVE)))
    for _ in range(2):
        assert client.post(f"{CARDS}{task.pk}/putuskan/", said).status_code == 302
    assert "tidak dicatat dua kali" in text_of(client.get(CARDS))
    assert (
        Event.objects.filter(verb="task_completed", subject=f"processes.task:{task.pk}").count()
        == 1
    )


def test_who_comes_second_reads_who_was_faster(task: Task, cast: Cast) -> None:
    acting = cast.secretary
    appoint(acting, task.lane, cast.agency, capacity="plh")
    second = browser(acting)
    assert second.get(f"{CARDS}{task.pk}/").status_code == 200
    decide(browser(cast.kadis), task, APPROVE)
    answer = second.post(f"{CARDS}{task.pk}/putuskan/", {"pilihan": APPROVE}, follow=True)
    assert "Tidak ada lagi" in text_of(answer) or task.full_name in text_of(answer)


def test_who_acts_for_another_reads_so(task: Task, cast: Cast) -> None:
    appoint(cast.secretary, task.lane, cast.agency, capacity="plh")
    assert f"Anda bertindak sebagai Plh. {task.lane}" in text_of(browser(cast.secretary).get(CARDS))


def test_nobody_else_sees_a_card_of_it(task: Task, cast: Cast) -> None:
    for other in (cast.operator, cast.employee, cast.outsider):
        assert decisions(other, NOW) == []
        assert "Tidak ada lagi" in text_of(browser(other).get(CARDS))
    assert browser(cast.outsider).get(f"{CARDS}{task.pk}/").status_code == 404


def test_what_somebody_else_holds_is_no_card(task: Task, cast: Cast) -> None:
    appoint(cast.secretary, task.lane, cast.agency, capacity="plh")
    services.claim_task(task_id=task.pk, actor_user=cast.secretary, now=NOW)
    assert card_of(cast.kadis, Task.objects.get(pk=task.pk), NOW) is None
    assert browser(cast.kadis).get(f"{CARDS}{task.pk}/")["Location"] == f"/tugas/{task.pk}/"


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the panels of every card tell in this test; `stands_out` and `is_plain` may be set."""
    told: dict[str, Any] = {"headline": "Permohonan", "is_plain": True}

    def card(*_: Any) -> DecisionFigures:
        return DecisionFigures(**told)

    monkeypatch.setattr("processes.cards.reading.figures_of", card)
    return told


def test_figures_that_changed_are_read_again_before_anything_is_decided(
    task: Task, cast: Cast, figures: dict[str, Any]
) -> None:
    client = browser(cast.kadis)
    client.post(f"{CARDS}{task.pk}/putuskan/", {"pilihan": APPROVE})
    said = hidden_of(client.get(decision_page(task, APPROVE)))
    figures["headline"] = "Permohonan dengan lampiran lain"
    answer = client.post(f"{CARDS}{task.pk}/putuskan/", said)
    assert answer.status_code == 409
    assert "Angkanya berubah" in text_of(answer)
    assert Task.objects.get(pk=task.pk).status == "claimed"


def test_who_stands_out_is_named_with_the_way_to_the_evidence(
    task: Task, cast: Cast, figures: dict[str, Any]
) -> None:
    figures |= {"stands_out": [StandsOut("Joko", "tiga hari tanpa keterangan", "/absensi/1/")]}
    html = browser(cast.kadis).get(CARDS).content.decode()
    assert '<a href="/absensi/1/"><strong>Joko</strong><span>Tiga hari' in html


def together(client: Client, tasks: Sequence[Task], **more: Any) -> Any:
    page = client.get(f"{CARDS}bersama/")
    told: Mapping[str, str] = dict(re.findall(r'value="(\d+):(\w+)"', page.content.decode()))
    chosen = [f"{task.pk}:{told.get(str(task.pk), 'x')}" for task in tasks]
    said = hidden_of(page) | {"kartu": chosen, "dibaca": "ya"} | more
    return client.post(f"{CARDS}bersama/", said)


def test_what_is_plain_is_approved_together_after_the_list_was_read(
    task: Task, cast: Cast, figures: dict[str, Any]
) -> None:
    other = to_decision(begin(cast, subject="Cuti Maria"), cast)
    client = browser(cast.kadis)
    assert together(client, [task, other], dibaca="").status_code == 422
    assert text_of(together(client, [task, other])).count("Disetujui.") == 2
    assert {row.outcome_kind for row in Task.objects.filter(pk__in=[task.pk, other.pk])} == {
        "approve"
    }


def test_what_stands_out_is_never_approved_together(
    task: Task, cast: Cast, figures: dict[str, Any]
) -> None:
    client = browser(cast.kadis)
    page = client.get(f"{CARDS}bersama/")
    said = dict(re.findall(r'value="(\d+):(\w+)"', page.content.decode()))
    figures["is_plain"] = False
    assert "Tidak ada keputusan tanpa catatan" in text_of(client.get(f"{CARDS}bersama/"))
    forged = {"kartu": [f"{task.pk}:{said[str(task.pk)]}"], "dibaca": "ya", "kunci": "k"}
    assert "Tidak disetujui" in text_of(client.post(f"{CARDS}bersama/", forged))
    assert Task.objects.get(pk=task.pk).status == "ready"
