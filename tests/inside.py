"""The other end of `Office.call` and `Office.clerk`: runs functions with Django set up."""

import json
import socket
import sys
from importlib import import_module
from typing import Any

import django

from tests.forks import stand_by


def main() -> None:
    django.setup()
    stand_by(socket.socket(fileno=int(sys.argv[1])))
    if once := json.loads(sys.stdin.readline()):
        _answer(*once)
        return
    for line in sys.stdin:
        _answer(*json.loads(line))


def _answer(path: str, arguments: dict[str, Any]) -> None:
    module, name = path.split(":")
    answer = getattr(import_module(module), name)(**arguments)
    sys.stdout.write(f"\nANSWER {json.dumps(answer)}\n")
    sys.stdout.flush()


def wait_for_signal() -> str:
    """Say that all is prepared, wait for the word of the one who started this process."""
    sys.stdout.write("READY\n")
    sys.stdout.flush()
    return sys.stdin.readline().strip()


if __name__ == "__main__":
    main()
