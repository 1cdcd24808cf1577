"""People at work while servers die: each sends a request, and notes what it was told.

A history as Jepsen keeps it: "ok" was acknowledged and must have happened once, "fail" was refused
and must not have happened, "info" got no answer, and may have happened or not.
"""

import http.client
import random
import re
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from uuid import uuid4

from tests.faults.http_client import Answer, HttpClient

TASK_LINK = re.compile(r'href="/tugas/(\d+)/"')
START_PATH = "/proses/mulai/persetujuan/"
RETURNED_SHARE = 0.3


@dataclass(frozen=True)
class Told:
    """One request and what came of it. `key` tells requests of one click from others."""

    act: str  # start, claim, complete
    person: str
    target: str  # a subject, or the id of a task
    key: str
    outcome: str  # ok, fail, info
    status: int = 0

    def as_json(self) -> dict[str, object]:
        return asdict(self)


class History:
    """Everything that was told to anybody."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self._lock = threading.Lock()

    def add(self, told: Told) -> None:
        with self._lock:
            self.told.append(told)

    def acknowledged(self) -> int:
        return sum(told.outcome == "ok" for told in list(self.told))


class Clerk(threading.Thread):
    """One person in one window: takes what is there, decides, begins new work when idle."""

    def __init__(
        self,
        port: int,
        person: str,
        history: History,
        *,
        start: dict[str, str],
        may_start: Callable[[], bool],
    ) -> None:
        super().__init__(name=f"clerk-{person}", daemon=True)
        self.client = HttpClient(port, timeout=10)
        self.person, self.history = person, history
        self.start_fields, self.may_start = start, may_start
        self.random = random.Random(person)
        self.stop = threading.Event()

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                if "sessionid" not in self.client.cookies:
                    self.client.sign_in(self.person)
                task = self.find()
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)  # the server is down; so is everybody's patience
                continue
            if task:
                self.work(task)
            elif self.may_start():
                self.begin()
            else:
                time.sleep(0.1)

    def find(self) -> str:
        """Return a task that is mine already, else one of my queue."""
        for path in ("/tugas/", "/tugas/antrean/"):
            if links := TASK_LINK.findall(self.client.get(path).text):
                return str(self.random.choice(links))
        return ""

    def begin(self) -> None:
        subject = f"usulan {uuid4().hex[:8]}"
        # Asked again without an answer, a start would be refused as a second one: it is asked once.
        fields = {**self.start_fields, "subject": subject}
        self.ask("start", subject, subject, START_PATH, fields)

    def work(self, task: str) -> None:
        key = uuid4().hex
        if self.ask("claim", task, key, f"/tugas/{task}/ambil/", {}) == "fail":
            return
        is_return = self.random.random() < RETURNED_SHARE
        fields = {
            "kunci": key,
            "putusan": "dikembalikan" if is_return else "disetujui",
            "alasan": "Lampiran belum lengkap" if is_return else "",
            "catatan": "sudah",
        }
        # No answer: the same click again, with the same key, until somebody answers.
        while self.ask("complete", task, key, f"/tugas/{task}/selesai/", fields) == "info":
            if self.stop.wait(0.1):
                return

    def ask(self, act: str, target: str, key: str, path: str, fields: dict[str, str]) -> str:
        try:
            answer = self.client.post(path, fields)
        except (OSError, http.client.HTTPException):
            told = Told(act, self.person, target, key, "info")
        else:
            told = Told(act, self.person, target, key, _outcome(answer), answer.status)
        self.history.add(told)
        return told.outcome


def _outcome(answer: Answer) -> str:
    if answer.status == 302 and not answer.location.startswith("/accounts/"):
        return "ok"
    return "fail" if 400 <= answer.status < 500 else "info"
