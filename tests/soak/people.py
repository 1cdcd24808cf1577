"""People at work while servers die: over pages and over the API, each click with its own key.

Every request stands in the history before it is sent and after it was answered, or was not. After
silence the same click is sent again, with the same key, until somebody answers.
"""

import http.client
import json
import random
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.faults.http_client import HttpClient
from tests.soak.history import History, Type

TIMEOUT = 15  # seconds that anybody waits for an answer
RETURNED_SHARE = 0.4
SILENT = (OSError, http.client.HTTPException)
STEPS = {"memperbaiki": "issue", "mengarsipkan": "file"}
TASK_LINK = re.compile(r'href="/tugas/(\d+)/"')
SOP = "persetujuan"


@dataclass(frozen=True)
class Found:
    """A task that may be worked on: its id, instance (0 where a page does not tell), step."""

    task: int
    instance: int
    step: str


class Person(threading.Thread):
    """One person in one window: takes what is there, does it, begins new work when idle."""

    def __init__(
        self, name: str, history: History, *, seed: int, may_start: Callable[[], bool]
    ) -> None:
        super().__init__(name=f"person-{name}", daemon=True)
        self.person, self.history, self.may_start = name, history, may_start
        self.random = random.Random(f"{name}{seed}")
        self.stop = threading.Event()
        self.odd: list[str] = []  # answers that nobody should ever get

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                self.sign_in()
                found = self.find()
            except SILENT:
                self.stop.wait(0.1)  # the server is down; so is everybody's patience
                continue
            if found:
                self.work(found)
            elif self.may_start():
                self.begin()
            else:
                self.stop.wait(0.3)

    def begin(self) -> None:
        subject = f"usulan {uuid4().hex[:12]}"
        self.insist("start", {"subject": subject}, lambda: self.start_one(subject))

    def work(self, found: Found) -> None:
        value = {"task": found.task, "person": self.person}
        claim = value | {"key": uuid4().hex}
        if self.insist("claim", claim, lambda: self.claim(found)) != "ok":
            return
        is_return = self.random.random() < RETURNED_SHARE
        if found.step in STEPS:
            f, outcome, answers = STEPS[found.step], "", {"catatan": "sudah"}
        else:
            f, outcome = ("return", "dikembalikan") if is_return else ("approve", "disetujui")
            answers = {"putusan": outcome, "alasan": "Lampiran kurang" if is_return else ""}
        key = uuid4().hex
        done = value | {"key": key, "outcome": outcome, "instance": found.instance}
        self.insist(f, done, lambda: self.complete(found, answers, key))

    def insist(self, f: str, value: Mapping[str, Any], ask: Callable[[], int]) -> Type:
        """Ask until there is an answer: the same click, with the same key."""
        while True:
            self.history.add(self.person, "invoke", f, value)
            try:
                status = ask()
            except SILENT:
                told: Type = "info"
                status = 0
            else:
                told = self.outcome(status)
            self.history.add(self.person, told, f, dict(value) | {"status": status})
            if told != "info" or self.stop.wait(0.2):
                return told

    def outcome(self, status: int) -> Type:
        """Return what a status means: a fault of the server (5xx) tells nothing about the act."""
        if status in (200, 201):
            return "ok"
        if status == 500:
            self.odd.append(f"{self.person}: 500")
        # Too many requests, or not signed in: nothing was looked at, it is asked again.
        return "fail" if 400 <= status < 500 and status not in (401, 429) else "info"

    def sign_in(self) -> None:
        """Be known to the server before anything is asked."""

    def find(self) -> Found | None:
        raise NotImplementedError

    def start_one(self, subject: str) -> int:
        raise NotImplementedError

    def claim(self, found: Found) -> int:
        raise NotImplementedError

    def complete(self, found: Found, answers: Mapping[str, str], key: str) -> int:
        raise NotImplementedError


class ByPages(Person):
    """Somebody at a browser, with a session and forms."""

    def __init__(self, port: int, agency: int, name: str, history: History, **more: Any) -> None:
        super().__init__(name, history, **more)
        self.client, self.agency = HttpClient(port, timeout=TIMEOUT), agency

    def sign_in(self) -> None:
        if "sessionid" in self.client.cookies:
            return
        try:
            self.client.sign_in(self.person)
        except AssertionError as error:  # 503 while the database is away
            raise ConnectionError(str(error)) from error

    def find(self) -> Found | None:
        for path in ("/tugas/", "/tugas/antrean/"):
            if links := TASK_LINK.findall(self.client.get(path).text):
                return Found(int(self.random.choice(links)), 0, "")
        return None

    def start_one(self, subject: str) -> int:
        fields = {"agency": str(self.agency), "subject": subject}
        return self._post(f"/proses/mulai/{SOP}/", fields)

    def claim(self, found: Found) -> int:
        return self._post(f"/tugas/{found.task}/ambil/", {})

    def complete(self, found: Found, answers: Mapping[str, str], key: str) -> int:
        return self._post(f"/tugas/{found.task}/selesai/", {**answers, "kunci": key})

    def _post(self, path: str, fields: Mapping[str, str]) -> int:
        answer = self.client.post(path, fields)
        if answer.status == 302:
            if answer.location.startswith("/accounts/"):
                self.client.cookies.pop("sessionid", None)
                return 401
            return 200  # the page that follows what was done
        # A form that is shown again did not do what it was sent for.
        return 422 if answer.status == 200 else answer.status


class ByApi(Person):
    """A program with somebody's token."""

    def __init__(self, port: int, agency: str, token: str, name: str, history: History,
                 **more: Any) -> None:  # fmt: skip
        super().__init__(name, history, **more)
        self.port, self.agency, self.token = port, agency, token
        self.connection: http.client.HTTPConnection | None = None
        self.versions: dict[str, str] = {}  # by click: sent again, a request says the same

    def find(self) -> Found | None:
        for box in ("inbox", "queue"):
            status, told = self._ask("GET", f"/tasks?limit=50&box={box}")
            if status != 200:
                raise ConnectionError(status)
            if told["items"]:
                task = self.random.choice(told["items"])
                return Found(task["id"], task["instance"], task["step"])
        return None

    def start_one(self, subject: str) -> int:
        body = {"definition": SOP, "agency": self.agency, "subject": subject}
        return self._ask("POST", "/instances", body, key=subject.split()[-1])[0]

    def claim(self, found: Found) -> int:
        return self._ask("POST", f"/tasks/{found.task}/claim")[0]

    def complete(self, found: Found, answers: Mapping[str, str], key: str) -> int:
        if key not in self.versions:
            status, task = self._ask("GET", f"/tasks/{found.task}")
            if status != 200:
                raise ConnectionError(status)
            self.versions = {key: task["version"]}
        body = {"answers": dict(answers), "version": self.versions[key]}
        return self._ask("POST", f"/tasks/{found.task}/complete", body, key=key)[0]

    def _ask(self, method: str, path: str, body: Any = None, key: str = "") -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        try:
            content = json.dumps(body or {}) if method == "POST" else None
            self.connection.request(method, f"/api/v1{path}", content, headers)
            answer = self.connection.getresponse()
            text = answer.read()
        except SILENT:
            self.connection.close()
            self.connection = None
            raise
        is_json = "json" in (answer.getheader("Content-Type") or "")
        return answer.status, json.loads(text) if is_json else None
