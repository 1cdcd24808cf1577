"""The page Serah terima tugas: who holds what, and to whom it goes."""

from collections.abc import Iterator

import pytest
import time_machine
from django.urls import reverse

from organization.models import Appointment
from processes.models import Instance
from tests.cast import NOW, Cast
from tests.pages import browser, html_of
from tests.processes.test_services__tasks import claim, open_task

pytestmark = pytest.mark.django_db
LIST = "tasks:handing_over"


@pytest.fixture(autouse=True)
def standing_clock() -> Iterator[None]:
    with time_machine.travel(NOW.replace(hour=3), tick=False):
        yield


def page_of(holder: int) -> str:
    return reverse("tasks:hand_over", args=[holder])


def test_the_head_sees_who_holds_what_and_gives_it_to_a_successor(
    cast: Cast, instance: Instance
) -> None:
    claim(instance, cast.operator)
    head = browser(cast.kadis)
    shown = html_of(head.get(reverse(LIST)))
    assert "Sari Benu" in shown
    assert "Masih bertugas" in shown
    page = page_of(cast.operator.pk)
    assert "Yohanes Klau" in html_of(head.get(page))
    response = head.post(
        page, {"to_user": cast.operator2.pk, "reason": "mutasi ke Dinkes"}, follow=True
    )
    assert "1 tugas diserahkan kepada Yohanes Klau." in html_of(response)
    assert "mutasi ke Dinkes" in html_of(response)
    assert open_task(instance).assignee == cast.operator2


def test_without_a_reason_nothing_is_given_on(cast: Cast, instance: Instance) -> None:
    claim(instance, cast.operator)
    head = browser(cast.kadis)
    assert head.post(page_of(cast.operator.pk), {"reason": ""}).status_code == 422
    assert open_task(instance).owner == cast.operator


def test_who_holds_a_role_no_longer_stands_first_and_is_marked(
    cast: Cast, instance: Instance
) -> None:
    claim(instance, cast.operator)
    Appointment.objects.filter(user=cast.operator).update(valid_until="2026-04-19")
    assert "Penugasan berakhir" in html_of(browser(cast.admin).get(reverse(LIST)))


def test_somebody_who_holds_nothing_has_no_page_and_others_may_not_look(
    cast: Cast, instance: Instance
) -> None:
    head = browser(cast.kadis)
    assert head.get(page_of(cast.operator.pk)).status_code == 404
    claim(instance, cast.operator)
    for user, status in ((cast.operator2, 403), (cast.outsider, 200)):
        assert browser(user).get(reverse(LIST)).status_code == status
    for user in (cast.operator2, cast.outsider):
        client = browser(user)
        assert client.get(page_of(cast.operator.pk)).status_code == 404
