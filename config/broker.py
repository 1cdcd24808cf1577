"""The broker in files, which `make run` uses: what a kill may leave of it."""

import fcntl
from pathlib import Path


def mend_control_files(folder: Path) -> None:
    """Give a table of bindings that is empty the form of one, so that it can be read and added to.

    kombu creates such a file and writes it a moment later; whoever is killed in between leaves it
    empty, and nobody could send or fetch any more. Its lock is waited for: a file that somebody is
    just writing is left as he leaves it.
    """
    for path in folder.glob("*.exchange"):
        with path.open("rb+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if not file.read(1):
                file.write(b"[]")
