"""The other end of `Office.call`: runs one function with Django set up."""

import json
import sys
from importlib import import_module

import django


def main() -> None:
    django.setup()
    module, name = sys.argv[1].split(":")
    function = getattr(import_module(module), name)
    answer = function(**json.loads(sys.argv[2]))
    sys.stdout.write(f"\nANSWER {json.dumps(answer)}\n")


def wait_for_signal() -> str:
    """Say that all is prepared, wait for the word of the one who started this process."""
    sys.stdout.write("READY\n")
    sys.stdout.flush()
    return sys.stdin.readline().strip()


if __name__ == "__main__":
    main()
