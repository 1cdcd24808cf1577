"""Panels stand beside the step that names them, or on the page of every instance."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.utils.safestring import mark_safe

from processes import services
from processes.models import Instance
from processes.panels import RenderedPanel
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.pages import open_task, text_of
from tests.processes.test_services__tasks import prepare
from workflows import registry
from workflows.registry import StepContext

pytestmark = pytest.mark.django_db
SEEN: list[StepContext] = []


@pytest.fixture
def panel_of_instances() -> Iterator[None]:
    @registry.panel("tests.of_instance", template="403_csrf.html")
    def data(context: StepContext) -> Mapping[str, Any]:
        SEEN.append(context)
        return {}

    yield
    del registry._panels["tests.of_instance"]
    SEEN.clear()


@pytest.mark.usefixtures("panel_of_instances")
def test_a_panel_called_of_instance_stands_on_every_instance(
    instance: Instance, cast: Cast
) -> None:
    assert "Formulir sudah kedaluwarsa" in text_of(
        browser(cast.secretary).get(f"/proses/{instance.pk}/")
    )
    (context,) = SEEN
    assert (context.instance_id, context.step, context.subject) == (instance.pk, "", "Cuti Joko")
    assert context.actor.user_id == cast.secretary.pk


@pytest.mark.usefixtures("panel_of_instances")
def test_it_does_not_stand_beside_a_step_that_does_not_name_it(
    instance: Instance, cast: Cast
) -> None:
    page = browser(cast.operator).get(f"/tugas/{open_task(instance).pk}/")
    assert "kedaluwarsa" not in text_of(page)
    assert SEEN == []


def test_what_a_panel_says_in_one_line_stands_above_a_decision(
    instance: Instance, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = prepare(instance, cast)
    said = RenderedPanel(mark_safe("<p>rinci</p>"), headline="90 pegawai, hadir 97,6 %.")
    monkeypatch.setattr("processes.views.task.render_panels", lambda *_: [said])
    services.claim_task(task_id=task.pk, actor_user=cast.kadis, now=NOW)
    page = browser(cast.kadis).get(f"/tugas/{task.pk}/").content.decode()
    assert page.index("90 pegawai, hadir 97,6 %.") < page.index("Setujui")
