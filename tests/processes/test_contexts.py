"""What Word files say about a process: the audit as a table and drawn as bars."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from foundation.actors import SYSTEM
from processes import contexts, quality
from processes.context import step_context
from processes.definitions import definition_of
from processes.models import Instance, Task
from processes.quality_chart import BOXES, Scale, chart
from tests.cast import NOW, Cast
from tests.processes.test_services__tasks import decide, prepare
from workflows.registry import Request, StepContext


def context_of(instance: Instance) -> StepContext:
    task = Task.objects.filter(instance=instance).latest("id")
    return step_context(task, definition_of(instance), actor=SYSTEM, now=NOW)


def test_the_longest_bar_fits_and_whatever_took_time_is_seen() -> None:
    scale = Scale.fitting([timedelta(minutes=2), timedelta(hours=3), None])

    assert scale.unit == timedelta(minutes=5)
    assert [scale.boxes(timedelta(minutes=m)) for m in (0, 1, 5, 180)] == [0, 1, 1, 36]
    assert scale.boxes(None) == 0


def test_what_is_longer_than_every_scale_fills_the_room() -> None:
    scale = Scale.fitting([timedelta(days=400)])

    assert scale.boxes(timedelta(days=400)) == BOXES


def test_norm_and_work_share_a_scale_and_a_breach_is_marked(instance: Instance, cast: Cast) -> None:
    prepare(instance, cast)
    decide(instance, cast, "ulang", "Kurang")

    drawn = chart(quality.rows(instance, NOW + timedelta(minutes=30)))

    first, again, decision = drawn["baris"]
    assert drawn["skala"] == "1 menit"
    assert (first["norma"]["panjang"], first["kerja"]["panjang"], first["lewat"]) == (10, 7, False)
    assert (decision["norma"]["panjang"], decision["kerja"]["panjang"]) == (5, 7)
    assert decision["lewat"]
    assert again["kerja"] == {"panjang": 0, "teks": "-"}
    assert again["tunggu"]["teks"] == "23 menit"


def test_the_table_tells_when_a_step_was_offered_taken_and_handed_in(
    instance: Instance, cast: Cast
) -> None:
    prepare(instance, cast)

    first = contexts.quality_table(context_of(instance))["mutu"][0]

    assert first["tersedia"].endswith("WITA")
    assert first["diambil"].endswith("WITA")
    assert first["selesai"].endswith("WITA")


def test_outside_of_a_step_it_is_the_agencys_process_of_the_period(
    instance: Instance, cast: Cast
) -> None:
    asked: Any = Request(
        agency_id=instance.agency_id, subject=instance.subject, actor=SYSTEM, now=NOW
    )  # fmt: skip
    assert contexts.quality_table(asked) == contexts.quality_table(context_of(instance))

    with pytest.raises(contexts.NoInstance, match="Belum ada berkas SOP untuk Mei 2031"):
        contexts.quality_table(replace(asked, subject="2031-05"))
