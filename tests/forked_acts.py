"""What the processes of tests/test_forks.py do."""

import os
import random
from typing import Any

from django.conf import settings

from tests.inside import wait_for_signal

_counted: list[int] = []


def count() -> dict[str, Any]:
    _counted.append(1)
    return {"count": len(_counted), "pid": os.getpid(), "chance": random.random()}


def zone() -> str:
    return str(settings.TIME_ZONE)


def wait() -> str:
    return wait_for_signal()


def fail() -> None:
    raise ValueError("as it should be")
