"""The process that has everything loaded and forks one child per job.

It reads no template itself, so nothing can stay behind in it. Each child has its own address space,
processor time and clock; when it goes over one of them, the kernel ends it and nothing else. The
zygote ends, and takes its children along, when the program that started it ends.
"""

import contextlib
import gc
import io
import os
import resource
import signal
import socket
import sys
from typing import NoReturn

from docx import Document

from documents.renderer.jobs import answer
from documents.renderer.wire import LIMITS, STARTED, packed_answer, unpacked_job
from documents.renderer.word import fill

CHUNK = 1024 * 1024
OPEN_FILES = 32


def serve(control: socket.socket) -> NoReturn:
    """Fork a child for each job that comes; end when the other side closes."""
    _warm_up()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the children
    while True:
        message, sockets, _, _ = socket.recv_fds(control, LIMITS.size, 1)
        if len(message) < LIMITS.size:
            _end()
        if not sockets:
            continue
        # Without a child the socket closes here, and the other side hears that nobody started.
        with contextlib.suppress(OSError):
            if os.fork() == 0:
                control.close()
                _child(sockets[0], *LIMITS.unpack(message))
        os.close(sockets[0])


def _warm_up() -> None:
    """Fill one letter, so that every child finds modules loaded and expressions compiled."""
    blank = io.BytesIO()
    word = Document()
    word.add_paragraph("{{ x }}")
    word.save(blank)
    fill(blank.getvalue(), {"x": ""}, {})
    gc.collect()
    gc.freeze()  # children would copy every page that the collector touches


def _end() -> NoReturn:
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    sys.exit(0)


def _child(job: int, memory_bytes: int, cpu_seconds: int, wall_seconds: int) -> NoReturn:
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.alarm(wall_seconds)
        _limit(resource.RLIMIT_AS, memory_bytes)
        _limit(resource.RLIMIT_CPU, cpu_seconds)
        _limit(resource.RLIMIT_CORE, 0)
        _limit(resource.RLIMIT_FSIZE, 0)  # writes no file
        _limit(resource.RLIMIT_NPROC, 0)  # starts no program
        _limit(resource.RLIMIT_NOFILE, OPEN_FILES)
        with socket.socket(fileno=job) as connection:
            connection.sendall(STARTED)
            head, blobs = unpacked_job(_all(connection))
            for piece in packed_answer(*answer(head, blobs)):
                connection.sendall(piece)
    finally:
        os._exit(0)


def _limit(kind: int, value: int) -> None:
    resource.setrlimit(kind, (value, value))


def _all(connection: socket.socket) -> bytes:
    message = bytearray()
    while piece := connection.recv(CHUNK):
        message += piece
    return bytes(message)
