"""A figure of the audit, or a kept SOP, that was changed by hand in the database is found."""

import base64
from typing import Any

import pytest
from django.db.models import F

from foundation import ledger
from processes.audit.measured.refreshing import refresh
from processes.models import Definition, Instance, InstanceAudit, VisitTiming
from tests.cast import NOW, Cast
from tests.processes.audit.test_agreement import LATER, finished, found
from tests.processes.conftest import instance, world

__all__ = ["finished", "instance", "world"]


@pytest.fixture
def measured(finished: Instance) -> Instance:
    assert refresh(now=LATER) == 1
    finished.refresh_from_db()
    return finished


def test_what_was_measured_agrees(measured: Instance) -> None:
    assert VisitTiming.objects.filter(instance=measured).exists()
    assert found() == []


@pytest.mark.parametrize(
    "changes", [{"handling_work": 60}, {"waiting_wall": 7}, {"lane": "Kadis"}, {"forced": True}]
)
def test_a_figure_changed_by_hand_is_found(measured: Instance, changes: dict[str, Any]) -> None:
    row = VisitTiming.objects.filter(instance=measured, kind="user").order_by("pk")[0]
    was = {name: getattr(row, name) for name in changes}
    assert was != changes
    VisitTiming.objects.filter(pk=row.pk).update(**changes)
    (fault,) = ledger.disagreements()
    assert fault.stream == measured.stream
    assert fault.reason.startswith("Angka audit berkas ini bukan hasil ukur tahapnya")


def test_a_verdict_on_the_course_changed_by_hand_is_found(measured: Instance) -> None:
    audit = InstanceAudit.objects.filter(instance=measured)
    audit.update(conforms=not audit.get().conforms)
    assert len(found()) == 1


def test_a_figure_taken_out_is_found_and_measuring_anew_mends_it(measured: Instance) -> None:
    VisitTiming.objects.filter(instance=measured).first().delete()  # type: ignore[union-attr]
    assert len(found()) == 1
    Instance.objects.update(measured_version=None)
    assert found() == []  # no figure yet
    refresh(now=LATER)
    assert found() == []


def test_what_moved_on_since_it_was_measured_is_no_forgery(measured: Instance) -> None:
    Instance.objects.update(measured_version=F("version") - 1)
    VisitTiming.objects.filter(instance=measured).update(handling_work=60)
    assert found() == []


@pytest.mark.parametrize("changed", ["sop.toml", "process.bpmn"])
def test_a_kept_version_changed_by_hand_is_named(instance: Instance, changed: str) -> None:
    row = Definition.objects.get(pk=instance.definition_id)
    content = base64.b64decode(row.files[changed]) + b"\n"
    row.files[changed] = base64.b64encode(content).decode()
    row.save()
    assert found() == [f"Versi SOP “{row.title}” diubah."]


def test_another_title_of_a_kept_version_is_found(instance: Instance) -> None:
    Definition.objects.filter(pk=instance.definition_id).update(title="Lain")
    assert found() == ["Versi SOP “Lain” diubah."]


def test_a_kept_version_that_can_no_longer_be_read_is_found(instance: Instance) -> None:
    Definition.objects.filter(pk=instance.definition_id).update(files={"sop.toml": 7})
    (reason,) = found()
    assert reason.endswith("diubah.")


def test_the_title_of_an_instance_is_held(instance: Instance, cast: Cast) -> None:
    Instance.objects.filter(pk=instance.pk).update(title="Palsu", started_at=NOW)
    assert any("judul" in reason for reason in found())
