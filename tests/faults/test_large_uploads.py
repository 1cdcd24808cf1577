"""An upload beyond all measure is read away: neither memory nor disk fills."""

import http.client
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.http_client import HttpClient, wait_until_served
from tests.office import Office, Service
from tests.ports import free_port

pytestmark = [pytest.mark.xdist_group("kills"), pytest.mark.slow, pytest.mark.timeout(600)]

MIB = 1024 * 1024
SENT = 256  # MiB
GROWTH = 50  # MiB that a server may need for it
MARK = "batas-uji"


@pytest.fixture
def web(model_office: Callable[[str], Office], tmp_path: Path) -> Iterator[Service]:
    shutil.copytree(model_office("sqlite").folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / "temporary").mkdir()
    service = Service(
        Office(tmp_path), "web", SOPAN_PORT=str(free_port()), TMPDIR=str(tmp_path / "temporary")
    )
    service.start()
    try:
        yield service
    finally:
        service.kill()


def peak(service: Service) -> int:
    """Return the most memory, in MiB, that a process of the server has ever held."""
    assert service.process is not None
    pid = service.process.pid
    workers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    assert workers
    told = [Path(f"/proc/{worker}/status").read_text() for worker in workers]
    return max(int(re.findall(r"VmHWM:\s+(\d+)", text)[0]) for text in told) // 1024


def left_on_disk(service: Service) -> int:
    """Return how many bytes lie where the server keeps what it is just being told."""
    sizes = 0
    for path in service.office.folder.glob("temporary/*"):
        with suppress(FileNotFoundError):
            sizes += path.stat().st_size
    return sizes


def parts(token: str) -> tuple[bytes, bytes]:
    """Return what stands before and behind the content of the file."""
    head = (
        f'--{MARK}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
        f'--{MARK}\r\nContent-Disposition: form-data; name="berkas"; filename="besar.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    return head.encode(), f"\r\n--{MARK}--\r\n".encode()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="tells no memory here")
@pytest.mark.fault("F26")
def test_an_upload_beyond_all_measure_fills_neither_memory_nor_disk(web: Service) -> None:
    port = int(web.environment["SOPAN_PORT"])
    wait_until_served(port, seconds=180)
    window = HttpClient(port)
    window.get("/accounts/login/")
    head, tail = parts(window.cookies["csrftoken"])
    before = peak(web)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=240)
    connection.putrequest("POST", "/accounts/login/")
    connection.putheader("Content-Type", f"multipart/form-data; boundary={MARK}")
    connection.putheader("Cookie", f"csrftoken={window.cookies['csrftoken']}")
    connection.putheader("Content-Length", str(len(head) + SENT * MIB + len(tail)))
    connection.endheaders()
    status = 0  # the server may hang up before it was told everything
    try:
        connection.send(head)
        for _ in range(SENT):
            connection.send(b"x" * MIB)
        connection.send(tail)
        status = connection.getresponse().status
    except OSError:
        pass
    finally:
        connection.close()
    assert status < 500
    assert peak(web) - before < GROWTH
    deadline = time.monotonic() + 120  # who hung up early may still be tidying
    while left_on_disk(web) >= GROWTH * MIB and time.monotonic() < deadline:
        time.sleep(0.2)
    assert left_on_disk(web) < GROWTH * MIB
    assert HttpClient(port).get("/accounts/login/").status == 200
