"""The process beside us: one for many jobs, whatever becomes of a single one."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from documents.exceptions import RenderingError
from documents.filling import fill_template
from documents.renderer import client
from documents.renderer.client import RENDERER, Killed, Renderer, TimedOut
from documents.renderer.wire import Limits
from tests.documents.words import make_template, text_of

GOOD = make_template("Halo {{ nama }}")
LOOPS, ENDS = "{% for a in x %}{% for b in x %}{% for c in x %}", "{% endfor %}" * 3
BUSY = make_template(LOOPS + ENDS)
MANY = {"x": list(range(5000))}


def head(template: bytes, context: Mapping[str, object]) -> dict[str, object]:
    return {"task": "fill", "template": len(template), "images": {}, "context": context}


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    own = Renderer()
    yield own
    own.end()


def greet(name: str = "Ani") -> None:
    assert text_of(fill_template(GOOD, {"nama": name}, name="uji.docx")) == [f"Halo {name}"]


def _children_of(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in listed.split()]


def _wait_for_child(pid: int) -> int:
    deadline = time.monotonic() + 60
    while not (children := _children_of(pid)):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return children[0]


def _is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def _wait_until_gone(*pids: int) -> None:
    deadline = time.monotonic() + 60
    while not all(_is_gone(pid) for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_one_process_serves_many_letters() -> None:
    greet()
    first = RENDERER.pid
    greet("Budi")
    assert RENDERER.pid == first


def test_after_a_job_that_went_over_its_time_the_same_process_goes_on(renderer: Renderer) -> None:
    renderer.run(head(GOOD, {"nama": "A"}), [GOOD], Limits())
    pid = renderer.pid
    with pytest.raises(Killed):
        renderer.run(head(BUSY, MANY), [BUSY], Limits(cpu_seconds=1, wall_seconds=120))
    assert renderer.run(head(GOOD, {"nama": "A"}), [GOOD], Limits())[0]["ok"]
    assert renderer.pid == pid


def test_a_job_that_takes_too_long_on_the_clock_is_ended(renderer: Renderer) -> None:
    with pytest.raises(TimedOut):
        renderer.run(head(BUSY, MANY), [BUSY], Limits(cpu_seconds=60, wall_seconds=1))
    assert renderer.pid is not None
    _wait_until_gone(*_children_of(renderer.pid))


def test_a_job_that_takes_too_much_memory_says_so_and_the_process_goes_on() -> None:
    with pytest.raises(RenderingError, match="memori"):
        fill_template(make_template("{{ 'a' * 10000000000 }}"), {}, name="rakus.docx")
    pid = RENDERER.pid
    greet()
    assert RENDERER.pid == pid


def test_a_killed_child_is_an_error_of_its_job_alone(renderer: Renderer) -> None:
    renderer.run(head(GOOD, {"nama": "A"}), [GOOD], Limits())
    assert renderer.pid is not None
    _wait_until_gone(*_children_of(renderer.pid))
    with ThreadPoolExecutor() as pool:
        job = pool.submit(
            renderer.run, head(BUSY, MANY), [BUSY], Limits(cpu_seconds=30, wall_seconds=60)
        )
        os.kill(_wait_for_child(renderer.pid), signal.SIGKILL)
        with pytest.raises(Killed):
            job.result(60)
    assert renderer.run(head(GOOD, {"nama": "A"}), [GOOD], Limits())[0]["ok"]


def test_a_process_that_died_is_started_again(renderer: Renderer) -> None:
    for _ in range(3):
        assert renderer.run(head(GOOD, {"nama": "A"}), [GOOD], Limits())[0]["ok"]
        assert renderer.pid is not None
        os.kill(renderer.pid, signal.SIGKILL)


def test_threads_get_each_their_own_answer() -> None:
    names = [f"Orang {number}" for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        filled = pool.map(lambda name: fill_template(GOOD, {"nama": name}, name="uji.docx"), names)
        assert [text_of(content) for content in filled] == [[f"Halo {name}"] for name in names]


def test_a_forked_process_starts_its_own_and_leaves_ours_alone() -> None:
    greet()
    ours = RENDERER.pid
    context = multiprocessing.get_context("fork")
    queue = context.Queue()

    def work() -> None:
        inherited = RENDERER.pid
        greet("anak")
        queue.put((inherited, RENDERER.pid))

    child = context.Process(target=work)
    child.start()
    inherited, theirs = queue.get(timeout=120)
    child.join(60)
    assert inherited is None
    assert theirs not in (None, ours)
    greet()
    assert RENDERER.pid == ours


def test_the_process_ends_with_ours_even_when_ours_is_killed() -> None:
    code = (
        "import os, signal\n"
        "from documents.renderer.client import RENDERER\n"
        "from documents.renderer.wire import Limits\n"
        "from tests.documents.words import make_template\n"
        "t = make_template('x')\n"
        "h = {'task': 'fill', 'template': len(t), 'images': {}, 'context': {}}\n"
        "assert RENDERER.run(h, [t], Limits())[0]['ok']\n"
        "print(RENDERER.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    _wait_until_gone(int(done.stdout))


def test_it_knows_no_secret_and_holds_no_file_of_ours(
    monkeypatch: pytest.MonkeyPatch, renderer: Renderer, tmp_path: Path
) -> None:
    monkeypatch.setenv("SOPAN_SECRET_KEY", "rahasia")
    with (tmp_path / "terbuka").open("w") as inherited:
        os.set_inheritable(inherited.fileno(), True)
        renderer.run(head(GOOD, {"nama": "A"}), [GOOD], Limits())
        assert renderer.pid is not None
        environment = Path(f"/proc/{renderer.pid}/environ").read_bytes()
        held = [os.readlink(path) for path in Path(f"/proc/{renderer.pid}/fd").iterdir()]
    assert environment == b"LANG=C.UTF-8\x00"
    assert sorted(where.partition(":")[0] for where in held) == ["/dev/null"] * 3 + ["socket"]


def test_jobs_leave_no_descriptor_behind() -> None:
    greet()
    assert RENDERER.pid is not None
    folders = (Path("/proc/self/fd"), Path(f"/proc/{RENDERER.pid}/fd"))
    before = [len(list(folder.iterdir())) for folder in folders]
    for _ in range(20):
        greet()
    assert [len(list(folder.iterdir())) for folder in folders] == before


def test_an_answer_beyond_every_document_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MAX_ANSWER_BYTES", 1000)
    with pytest.raises(RenderingError, match="batas"):
        greet()


def test_a_process_that_cannot_start_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "rusak.py"
    broken.write_text("raise SystemExit")
    monkeypatch.setattr(client, "SCRIPT", broken)
    monkeypatch.setattr("documents.filling.RENDERER", Renderer())
    with pytest.raises(RenderingError, match="tidak dapat dijalankan"):
        greet()
