"""F1 over the API: what two programs complete at one moment is completed once."""

from pathlib import Path

import pytest

from tests.office import Clerk
from tests.processes.small_sops import sop
from tests.workflows.sop_files import write_folder

pytestmark = [pytest.mark.xdist_group("races"), pytest.mark.timeout(300)]

TIMES = 8
ONE_TASK = sop(
    {"kerja": "U"}, ["mulai>kerja", "kerja>selesai"], {"kerja": "number = 1"},
    head='subject = "text"',
)  # fmt: skip


def test_f1_two_tokens_that_complete_one_task_at_once_complete_it_once(
    clerk: Clerk, tmp_path: Path
) -> None:
    before, after = b'name="Operator"', b'name="Kadis"'
    heads = {path: content.replace(before, after) for path, content in ONE_TASK.items()}
    write_folder(tmp_path, heads, "tunggal")
    found = clerk.call("tests.api.races:two_programs", root=str(tmp_path), times=TIMES)
    assert found == [{"errors": [], "told": [200, 409], "completed": 1}] * TIMES
