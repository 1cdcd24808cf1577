"""What is typed is kept by itself, and the page says when."""

from datetime import timedelta

import pytest
import time_machine

from processes.models import Instance, Task
from processes.views.task import BY_ITSELF
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.pages import claimed, open_task, text_of

pytestmark = pytest.mark.django_db
SELF = {BY_ITSELF: "1"}


def test_what_is_typed_is_kept_by_itself_and_the_time_is_told(
    instance: Instance, cast: Cast
) -> None:
    task, client = claimed(instance, cast.operator), browser(cast.operator)
    with time_machine.travel(NOW + timedelta(minutes=2, seconds=7), tick=False):
        answer = client.post(f"/tugas/{task.pk}/draf/", {"isi": "mohon cu"}, headers=SELF)
    assert answer.json() == {"words": "Draf tersimpan pukul 09.02.07."}
    assert Task.objects.get(pk=task.pk).draft == {"isi": "mohon cu"}
    page = client.get(f"/tugas/{task.pk}/")
    assert "Draf tersimpan 20 April 2026 09.02 WITA." in text_of(page)
    assert f'data-draft="/tugas/{task.pk}/draf/"' in page.content.decode()
    assert "Draf tersimpan. Tugas ini tetap" not in text_of(
        page
    )  # no message for each five seconds


def test_what_is_no_longer_ones_own_is_not_kept_and_the_page_hears_it(
    instance: Instance, cast: Cast
) -> None:
    task = open_task(instance)
    answer = browser(cast.operator).post(f"/tugas/{task.pk}/draf/", {"isi": "mohon"}, headers=SELF)
    assert answer.status_code == 409
    assert answer.json()["words"].startswith("Tidak tersimpan. ")
    assert Task.objects.get(pk=task.pk).draft == {}
