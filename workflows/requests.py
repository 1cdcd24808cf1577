"""Work that one room asks of another by name, done by a worker: no import between them.

The request is a row of the caller's transaction, so it is asked exactly when that commits.
"""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from foundation import outbox
from foundation.actors import Actor
from foundation.incidents import About, describe
from workflows.registry import Request, requested

JOB = "workflows.requested"


def request_operation(*, name: str, key: str, request: Request) -> None:
    """Ask for an operation that is registered in `requested`; the same key twice is one request.

    The parameters must be plain values of JSON. Raises UnknownName at once, while the caller can
    still be told; what the operation itself refuses becomes an incident of the outbox.
    """
    requested.get(name)
    outbox.enqueue(
        kind=JOB,
        key=f"{name}:{key}",
        payload={
            "name": name,
            "agency": request.agency_id,
            "subject": request.subject,
            "parameters": dict(request.parameters),
            "actor": vars(request.actor),
        },
        run_after=request.now,
    )


@outbox.handles(JOB)
def perform(payload: Mapping[str, Any]) -> None:
    """Do what was asked: {"name", "agency", "subject", "parameters", "actor"}."""
    request = Request(
        agency_id=payload["agency"],
        subject=payload["subject"],
        actor=Actor(**payload["actor"]),
        now=timezone.now(),
        parameters=payload["parameters"],
    )
    requested.get(payload["name"])(request)


def _about(payload: Mapping[str, Any]) -> About:
    return About(text=payload["subject"] or payload["name"], agency_id=payload["agency"])


describe({JOB: "Permintaan antarbagian aplikasi"}, _about)
