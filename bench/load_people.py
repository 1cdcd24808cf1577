"""Fifty people at their desks: a process of its own, started by `python -m bench.load`.

Each has a window of his own, signs in, and does what his role does all day: looks at lists, opens
a task, takes it, completes it, reads, thinks for some seconds. Timed is a request from its first
byte to the last of its answer, as the person's browser would see it without the network.
"""

import http.client
import json
import random
import re
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.load_pages import HOME, LISTS, LOOKED_AT, STARTERS
from tests.faults.http_client import Answer, HttpClient

TASK_LINK = re.compile(r'href="/tugas/(\d+)/"')
INSTANCE_LINK = re.compile(r'href="/proses/(\d+)/"')
THINKING = (1.0, 20.0)  # seconds: nobody is faster, and nobody counts as working after longer
RETURNED_SHARE = 0.2
START = "/proses/mulai/sembilan_tugas/"
GONE = {404, 409, 410}  # a colleague was faster


class Notes:
    """What everybody saw: seconds and statuses by page, and how many tasks were completed."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.statuses: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self.completed: list[int] = []
        self._lock = threading.Lock()

    def add(self, page: str, status: str, seconds: float) -> None:
        with self._lock:
            self.seconds[page].append(seconds)
            self.statuses[page][status] += 1


class Worker(threading.Thread):
    """One person until `end` (monotonic seconds); the first request comes after `wait` seconds."""

    def __init__(
        self, spec: dict[str, Any], person: dict[str, Any], notes: Notes, wait: float, end: float
    ) -> None:
        super().__init__(name=person["username"], daemon=True)
        self.client = HttpClient(spec["port"], timeout=60)
        self.password, self.think = spec["password"], spec["think"]
        self.username, self.role = person["username"], person["role"]
        self.agency = str(person["agency"])
        self.notes, self.wait, self.end = notes, wait, end
        self.chance = random.Random(self.username)

    def run(self) -> None:
        time.sleep(self.wait)
        self.ask("masuk: halaman", "GET", "/accounts/login/")
        fields = {"username": self.username, "password": self.password}
        self.ask("masuk", "POST", "/accounts/login/", fields)
        self.look(*HOME)
        pages = LOOKED_AT[self.role]
        while self.rest():
            if self.role in LISTS and self.chance.random() < LISTS[self.role]:
                self.work()
            else:
                page, path = self.chance.choice(pages)
                self.look(page, path)

    def rest(self) -> bool:
        """Think for a while; tell whether there is time left."""
        lowest, highest = (second * self.think / 5 for second in THINKING)
        seconds = min(max(self.chance.expovariate(1 / self.think), lowest), highest)
        time.sleep(max(0.0, min(seconds, self.end - time.monotonic())))
        return time.monotonic() < self.end

    def look(self, page: str, path: str) -> None:
        answer = self.ask(page, "GET", path)
        if path == "/proses/" and (links := INSTANCE_LINK.findall(answer.text)) and self.rest():
            self.ask("satu proses", "GET", f"/proses/{self.chance.choice(links)}/")

    def work(self) -> None:
        """Take what is mine already, else one of the queue; begin something where nothing waits."""
        task = self.find()
        if not task:
            if self.role in STARTERS:
                self.begin()
            return
        if not self.rest():
            return
        if self.ask("buka tugas", "GET", f"/tugas/{task}/").status != 200 or not self.rest():
            return
        if self.ask("ambil tugas", "POST", f"/tugas/{task}/ambil/", {}).status in GONE:
            return
        self.ask("buka tugas", "GET", f"/tugas/{task}/")
        if self.rest():
            self.complete(task)

    def find(self) -> str:
        for page, path in (("kotak masuk", "/tugas/"), ("antrean", "/tugas/antrean/")):
            if links := TASK_LINK.findall(self.ask(page, "GET", path).text):
                return str(self.chance.choice(links))
        return ""

    def complete(self, task: str) -> None:
        returns = self.chance.random() < RETURNED_SHARE
        fields = {
            "kunci": uuid4().hex,
            "catatan": "sudah dikerjakan",
            "keputusan": "dikembalikan" if returns else "disetujui",
            "alasan": "Tanggal 3 kurang lengkap" if returns else "",
        }
        if self.ask("selesaikan tugas", "POST", f"/tugas/{task}/selesai/", fields).status == 302:
            self.notes.completed.append(int(task))

    def begin(self) -> None:
        fields = {"agency": self.agency, "subject": f"beban {uuid4().hex[:8]}"}
        self.ask("mulai proses", "POST", START, fields)

    def ask(
        self, page: str, method: str, path: str, fields: dict[str, str] | None = None
    ) -> Answer:
        """Ask and note it. No answer is one of its own, as bad as a 5xx."""
        begun = time.perf_counter()
        try:
            answer = (
                self.client.get(path) if method == "GET" else self.client.post(path, fields or {})
            )
            status = str(answer.status)
        except (OSError, http.client.HTTPException) as error:
            answer, status = Answer(0, "", ""), type(error).__name__
        if answer.location.startswith("/accounts/login") and page != "masuk":
            status = "keluar"  # a session that is lost answers quickly, and must not pass for good
        self.notes.add(page, status, time.perf_counter() - begun)
        # The proxy holds the connection to the program, not the person: none stays idle here.
        self.client.close()
        return answer


def at_work(spec: dict[str, Any], people: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Let everybody work for `spec["seconds"]`; return what they saw."""
    notes, begun = Notes(), time.monotonic()
    arriving = min(60.0, spec["seconds"] / 5)  # seconds in which all have come
    workers = [
        Worker(spec, person, notes, arriving * n / len(people), begun + spec["seconds"])
        for n, person in enumerate(people)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return {
        "seconds": notes.seconds,
        "statuses": notes.statuses,
        "completed": notes.completed,
        "processor_seconds": time.process_time(),
    }


if __name__ == "__main__":
    told = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    Path(sys.argv[2]).write_text(json.dumps(at_work(told, told["people"])), encoding="utf-8")
