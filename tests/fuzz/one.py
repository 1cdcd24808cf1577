"""One target under the fuzzer, in a process of its own: it ends the process as it pleases.

`python -m tests.fuzz.one NAME FOLDER [libFuzzer options]`; what breaks the reader is written into
FOLDER. Exit 0: nothing was found.
"""

import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FunctionType

import atheris
import django

import tests.environment  # noqa: F401  a data folder of its own
from tests.fuzz.targets import TARGETS, Target


def main(name: str, folder: Path, options: Sequence[str]) -> None:
    target = TARGETS[name]
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    run, seeds = load(target)
    corpus = folder / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        (corpus / f"seed{number}").write_bytes(seed)
    logging.disable(logging.CRITICAL)
    given = [
        sys.argv[0], str(corpus), f"-artifact_prefix={folder}/{name}-", "-timeout=20",
        f"-max_len={target.max_length}", "-rss_limit_mb=2048", "-verbosity=0", *options,
    ]  # fmt: skip
    atheris.Setup(given, run)
    atheris.Fuzz()


def load(target: Target) -> tuple[Callable[[bytes], None], list[bytes]]:
    """Return what the fuzzer runs and begins with; it sees the branches of our modules alone."""
    run, seeds = target.load()
    for module in [m for name, m in sys.modules.items() if _guides(name, target.guided_by)]:
        for value in list(vars(module).values()):
            if getattr(value, "__module__", "") == module.__name__:
                _guide(value)
    return run, seeds


def _guides(name: str, modules: Sequence[str]) -> bool:
    return any(name == each or name.startswith(f"{each}.") for each in modules)


def _guide(value: object) -> None:
    if isinstance(value, type):
        for member in vars(value).values():
            _guide(getattr(member, "__func__", member) if not isinstance(member, type) else None)
    elif isinstance(value, FunctionType):
        atheris.instrument_func(value)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
