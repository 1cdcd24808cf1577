"""What people are told because a SOP asks for it at its own time."""

from datetime import timedelta
from pathlib import Path

from django.conf import LazySettings

from processes import services
from processes.models import Notice
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.pages import text_of
from tests.processes.small_sops import offer, sop, start, task_of, waiting
from tests.workflows.elements.making import on_edge

LATER = NOW + timedelta(hours=1)
FILES = sop(
    {"kerja": "U", "ingat": "B", "beri_tahu": "S", "teringat": "E"},
    ["mulai>kerja", "kerja>selesai", "ingat>beri_tahu", "beri_tahu>teringat"],
    {
        "kerja": "number = 1",
        "ingat": 'serves = "kerja"',
        "beri_tahu": 'serves = "kerja"\noperation = { use = "processes.tell_people",'
        ' roles = ["Operator"], text = "Notulen belum disusun." }',
    },
    head='subject = "text"',
    inside={"ingat": "<timerEventDefinition><timeDuration>PT1H</timeDuration>"
            "</timerEventDefinition>"},
    attributes={"ingat": on_edge("kerja", beside=True)},
)  # fmt: skip


def test_a_timer_beside_a_task_reminds_under_its_own_name(
    cast: Cast, tmp_path: Path, settings: LazySettings
) -> None:
    offer(tmp_path, settings, notulen=FILES)
    instance = start(cast, "notulen")
    services.run_timer(task_id=task_of(instance, "ingat").pk, now=LATER)
    services.perform_task(task_id=task_of(instance, "beri_tahu").pk, now=LATER)
    assert waiting(instance) == ["kerja"]
    told = Notice.objects.filter(kind="reminder").values_list("user", flat=True)
    assert set(told) == {cast.operator.pk, cast.operator2.pk}
    page = text_of(browser(cast.operator).get("/tugas/pemberitahuan/"))
    assert "Pengingat" in page
    assert "Notulen belum disusun." in page
    assert "Menunggu lama" not in page
