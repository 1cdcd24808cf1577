"""Whose word about the caller's address is taken: that of the proxies which are named, only."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from tests.deploy.example import ROOT
from tests.ports import free_port

GUNICORN = Path(sys.executable).parent / "gunicorn"
ECHO = """
import json

async def application(scope, receive, send):
    if scope["type"] != "http":
        return
    body = json.dumps([scope["client"][0], scope["scheme"]]).encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})
"""


@contextmanager
def server(folder: Path, proxies: str) -> Iterator[int]:
    """Run a program that tells who called it, by the settings of every installation."""
    (folder / "echo_caller.py").write_text(ECHO)
    port = free_port()
    environment = os.environ | {
        "SOPAN_BIND": "127.0.0.1",
        "SOPAN_PORT": str(port),
        "SOPAN_PROXIES": proxies,
        "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}",
        "FORWARDED_ALLOW_IPS": "*",  # what gunicorn would go by is no way in
    }
    process = subprocess.Popen(
        [GUNICORN, "echo_caller", "--config", "python:config.serving"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield port
    finally:
        process.terminate()
        process.wait()


def seen(port: int) -> tuple[str, str]:
    """Call as a proxy would for somebody at 203.0.113.7; return who was seen, and how he came."""
    headers = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
    until = time.monotonic() + 120
    while True:
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
                connection.request("GET", "/", headers=headers)
                caller, scheme = json.load(connection.getresponse())
                return caller, scheme
        except (OSError, HTTPException):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


@pytest.mark.parametrize(
    ("proxies", "expected"),
    [
        ("127.0.0.1", ("203.0.113.7", "https")),
        ("172.30.53.0/24,127.0.0.0/8", ("203.0.113.7", "https")),
        ("172.30.53.0/24", ("127.0.0.1", "http")),
        ("", ("127.0.0.1", "http")),
    ],
)
def test_a_callers_address_is_taken_from_the_proxies_that_are_named_only(
    tmp_path: Path, proxies: str, expected: tuple[str, str]
) -> None:
    with server(tmp_path, proxies) as port:
        assert seen(port) == expected
