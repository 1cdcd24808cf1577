"""The pooled converter: few LibreOffice at a time, each with a kept profile, one start per batch.

A slot is a folder with a profile and a lock that the running LibreOffice holds too: whoever gets it
finds nobody in the profile. Files go in by path and come out beside each other in a work folder.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

CHILD = Path(__file__).with_name("office_child.py")
SLOTS = 2
MEMORY_BYTES = 4 * 1024**3  # of addresses: LibreOffice itself takes more than one
# A worker begins no job after 20 s and is ended after 110 (config/tasks.py, config/celery.py).
MOST_SECONDS = 85
START_SECONDS, SECONDS_PER_FILE = 15, 2  # on a busy machine; a tenth of it on an idle one
STYLE_BYTES = 24 * 1024  # of each Word file: its styles, whatever stands in it
BYTES_PER_SECOND = 7 * 1024  # of what stands in tables
MISSING = "LibreOffice tidak terpasang di server ini"
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
{items}
</oor:items>
"""
# Macros off, links never followed, nothing looked up; a proxy that is none where the kernel does
# not keep it off the network.
CHOICES = (
    # No newer LibreOffice than it has seen: else it tests drawing at each start, half a second.
    ("Setup/Product", "ooSetupLastVersion", "99.9"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Misc", "FirstRun", "false"),
    ("Office.Common/Save/Document", "AutoSave", "false"),
    ("Office.Writer/Content/Update", "Link", "2"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


class OfficeMissing(Exception):
    """There is no LibreOffice on this server."""


class AllBusy(Exception):
    """As many LibreOffice as there may be are at work."""


@dataclass(frozen=True)
class Batch:
    """What came of one start: PDFs by key, and whether LibreOffice came to its own end."""

    made: Mapping[str, bytes]
    timed_out: bool
    code: int

    @property
    def is_whole(self) -> bool:
        """Say whether LibreOffice looked at every file: what is not made, it cannot make."""
        return not self.timed_out and self.code == 0


def program() -> str:
    """Return the path of LibreOffice, empty where there is none."""
    return shutil.which(settings.SOFFICE) or ""


def seconds_of(size: int) -> int:
    """Return how long one Word file of so many bytes may take on the clock."""
    return SECONDS_PER_FILE + max(0, size - STYLE_BYTES) // BYTES_PER_SECOND


def seconds_for(sizes: Iterable[int]) -> int:
    """Return how long one start with Word files of these sizes may take on the clock."""
    return min(MOST_SECONDS, START_SECONDS + sum(map(seconds_of, sizes)))


@contextmanager
def slot() -> Iterator["Slot"]:
    """Hold one of the slots. Raises AllBusy."""
    for number in range(SLOTS):
        folder = Path(settings.DATA_DIR) / "libreoffice" / f"slot-{number}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Closing lets go only when the LibreOffice that inherited it is gone too.
        with (folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield Slot(folder, lock)
            return
    raise AllBusy


@dataclass(frozen=True)
class Slot:
    """A profile that nobody else is in."""

    folder: Path
    lock: IO[str]

    def convert(self, words: Mapping[str, bytes], *, seconds: int | None = None) -> Batch:
        """Return the PDFs of Word files by the same keys (letters and digits), with one start.

        `seconds` on the clock, by their sizes unless told; then the whole process group is killed
        and what was finished is returned. Raises OfficeMissing.
        """
        if seconds is None:
            seconds = seconds_for(len(content) for content in words.values())
        self._clear()
        work = self.folder / f"work-{uuid.uuid4().hex}"
        made = work / "made"
        made.mkdir(mode=0o700, parents=True)
        try:
            for key, content in words.items():
                (work / f"{key}.docx").write_bytes(content)
            code = self._run([str(work / f"{key}.docx") for key in words], made, seconds)
            return Batch(_finished(words, made), code is None, code or 0)
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def _run(self, files: list[str], target: Path, seconds: int) -> int | None:
        """Return the exit code of LibreOffice; None when its time was over."""
        path = program()
        if not path:
            raise OfficeMissing(MISSING)
        profile = self._profile()
        child = subprocess.Popen(
            [
                sys.executable, "-I", str(CHILD), str(MEMORY_BYTES), str(2 * seconds),
                path, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
                "--nolockcheck", "--nodefault", "--nologo",
                "--infilter=MS Word 2007 XML", "--convert-to", "pdf",
                "--outdir", str(target), *files,
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,  # it may quote what stands in the documents
            env=self._environment(),
            cwd=self.folder,
            pass_fds=(self.lock.fileno(),),
            start_new_session=True,
        )  # fmt: skip
        code: int | None = None
        try:
            code = child.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            pass
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            if code != 0:
                # Ended in the middle of something: the next one gets a profile of its own.
                shutil.rmtree(profile, ignore_errors=True)
        return code

    def _environment(self) -> dict[str, str]:
        """Return what LibreOffice needs to know; no secret of ours."""
        temporary = self.folder / "tmp"
        temporary.mkdir(mode=0o700, exist_ok=True)
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.folder),
            "TMPDIR": str(temporary),
            "LANG": "C.UTF-8",
            "SAL_USE_VCLPLUGIN": "svp",
        }

    def _profile(self) -> Path:
        profile = self.folder / "profile"
        user = profile / "user"
        if not user.exists():
            user.mkdir(mode=0o700, parents=True)
            items = "\n".join(
                f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
                f"<value>{value}</value></prop></item>"
                for path, name, value in CHOICES
            )
            (user / "registrymodifications.xcu").write_text(PROFILE.format(items=items))
        return profile

    def _clear(self) -> None:
        """Take away what a worker that died left behind."""
        for folder in (*self.folder.glob("work-*"), self.folder / "tmp"):
            shutil.rmtree(folder, ignore_errors=True)


def _finished(words: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    made = {}
    for key in words:
        path = folder / f"{key}.pdf"
        content = path.read_bytes() if path.is_file() else b""
        # The last one may be half written when its time was over.
        if content.startswith(b"%PDF-") and b"%%EOF" in content[-1024:]:
            made[key] = content
    return made
