"""One id from a press of a button to the machine that obeys: what was begun by it carries it.

A request has one (foundation/middleware.py); rows that are made meanwhile keep it, and whoever does
their work later goes on under it. People read it out on the telephone, so it is short and has no
letter that sounds or looks like another.
"""

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

LONGEST = 64
ACCEPTED = re.compile(rf"[A-Za-z0-9-]{{1,{LONGEST}}}")
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

_trace: ContextVar[str] = ContextVar("trace", default="")
_job: ContextVar[int | None] = ContextVar("job", default=None)
# Asked when a line of the log is written: at the start of a request nobody knows who it is.
_user: ContextVar[Callable[[], int | None]] = ContextVar("user", default=lambda: None)


def new_trace() -> str:
    """Return an id that nobody has, as "7K3M-Q9TD-2HXA"."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


def accepted(told: str | None) -> str:
    """Return the id that a caller brings along, or a new one where it is no id."""
    return told if told and ACCEPTED.fullmatch(told) else new_trace()


def current_trace() -> str:
    """Return the id under which this thread works; empty where nobody gave one."""
    return _trace.get()


def current_job() -> int | None:
    """Return the number of the outbox's job that this thread does."""
    return _job.get()


def current_user() -> int | None:
    """Return the number of the account that asked, never a name; None while it is not known."""
    return _user.get()()


@contextmanager
def asked_by(user: Callable[[], int | None]) -> Iterator[None]:
    before = _user.set(user)
    try:
        yield
    finally:
        _user.reset(before)


@contextmanager
def traced(trace: str, *, job: int | None = None) -> Iterator[None]:
    """Work under an id; without one, under that of whoever calls."""
    before = _trace.set(trace or _trace.get())
    job_before = _job.set(job if job is not None else _job.get())
    try:
        yield
    finally:
        _trace.reset(before)
        _job.reset(job_before)
