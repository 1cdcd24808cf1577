"""A bar for commands that take long, drawn where somebody looks."""

import sys

from django.core.management.base import OutputWrapper

WIDTH = 30  # letters


def draw_bar(stream: OutputWrapper, done: int, total: int, unit: str) -> None:
    """Draw "[####......] 4/10 berkas" over the last one; a log or a file gets none."""
    if total == 0 or not sys.stderr.isatty():
        return
    filled = WIDTH * done // total
    bar = "#" * filled + "." * (WIDTH - filled)
    stream.write(f"\r[{bar}] {done}/{total} {unit}", ending="\n" if done == total else "")
