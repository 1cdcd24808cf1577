"""Panels stand beside the step that names them, or on the page of every instance."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from processes.models import Instance
from tests.cast import Cast
from tests.processes.pages import browser, open_task, text_of
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
