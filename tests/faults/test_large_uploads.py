"""What is beyond all measure is refused in words: neither memory nor disk fills."""

import http.client
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.faults.http_client import HttpClient, wait_until_served
from tests.office import Office, Service
from tests.ports import free_port

pytestmark = [
    pytest.mark.xdist_group("kills"),
    pytest.mark.timeout(600),
    pytest.mark.fault("F26"),
    pytest.mark.skipif(
        not Path("/proc/self/status").exists(), reason="tells no memory of processes here"
    ),
]

MIB = 1024 * 1024
SENT = 256  # MiB
GROWTH = 50  # MiB that a server may need for it


@pytest.fixture(scope="module")
def web(
    model_office: Callable[[str], Office], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    tmp_path = tmp_path_factory.mktemp("uploads")
    shutil.copytree(model_office("sqlite").folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / "temporary").mkdir()
    service = Service(
        Office(tmp_path), "web", SOPAN_PORT=str(free_port()), TMPDIR=str(tmp_path / "temporary")
    )
    service.start()
    try:
        wait_until_served(port_of(service), seconds=180)
        yield service
    finally:
        service.kill()


def port_of(service: Service) -> int:
    return int(service.environment["SOPAN_PORT"])


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


def told(
    port: int, path: str, *, length: int | None, sent: int = 0, **headers: str
) -> tuple[int, str, str]:
    """Send so many bytes under a length (None: in chunks); return status, kind of answer, text."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=240)
    connection.putrequest("POST", path)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    if length is None:
        connection.putheader("Transfer-Encoding", "chunked")
    else:
        connection.putheader("Content-Length", str(length))
    connection.endheaders()
    piece = b"x" * MIB
    for _ in range(sent):
        connection.send(piece if length is not None else b"%x\r\n%b\r\n" % (MIB, piece))
    if length is None:
        connection.send(b"0\r\n\r\n")
    with closing(connection):
        answer = connection.getresponse()
        return answer.status, answer.getheader("Content-Type") or "", answer.read().decode()


def test_an_upload_beyond_all_measure_fills_neither_memory_nor_disk(web: Service) -> None:
    port = port_of(web)
    HttpClient(port).get("/accounts/login/")
    before = peak(web)
    status, _, page = told(
        port, "/accounts/login/", length=SENT * MIB, sent=SENT,
        Content_Type="multipart/form-data; boundary=batas-uji",
    )  # fmt: skip
    assert status == 413
    assert "Berkas ini terlalu besar" in page
    assert peak(web) - before < GROWTH
    assert left_on_disk(web) == 0
    assert HttpClient(port).get("/accounts/login/").status == 200


def test_who_asks_first_is_refused_before_he_sends_anything(web: Service) -> None:
    status, _, page = told(port_of(web), "/tugas/", length=SENT * MIB, Expect="100-continue")
    assert status == 413
    assert "tidak ada yang tersimpan" in page


def test_a_program_reads_the_refusal_as_a_problem(web: Service) -> None:
    status, kind, text = told(port_of(web), "/api/v1/punches", length=SENT * MIB, sent=30)
    assert (status, kind) == (413, "application/problem+json")
    assert json.loads(text)["type"] == "urn:sopan:masalah:too-large"


def test_a_machine_is_refused_beyond_its_own_measure(web: Service) -> None:
    path = "/iclock/cdata?SN=BESAR001&table=ATTLOG&Stamp=1"
    assert told(port_of(web), path, length=SENT * MIB, Expect="100-continue")[0] == 413
    assert left_on_disk(web) == 0


def test_a_body_in_chunks_is_asked_for_its_length(web: Service) -> None:
    assert told(port_of(web), "/accounts/login/", length=None, sent=2)[0] == 411
    assert told(port_of(web), "/api/v1/punches", length=None, sent=2)[0] == 411


def test_the_largest_file_that_is_allowed_reaches_the_site(web: Service) -> None:
    status, _, _ = told(
        port_of(web), "/accounts/login/", length=20 * MIB, sent=20,
        Content_Type="application/octet-stream",
    )  # fmt: skip
    assert status == 403  # read, and refused for want of a token against forged forms
