"""A program outside that acts for somebody of the cast by his token."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from foundation.actors import SYSTEM
from organization.api_scopes import SCOPES
from organization.models import User
from organization.services import IssuedToken, create_api_token

ROOT = "/api/v1"
_keys = count(1)


@dataclass
class Answer:
    """What came back: the status, the body as JSON, the headers."""

    status: int
    body: Any
    headers: Mapping[str, str]
    content: bytes = b""


@dataclass
class Program:
    """Asks the API with a token, or without any."""

    text: str = ""
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def get(self, path: str, **query: Any) -> Answer:
        return self._told(self.client.get(ROOT + path, query, **self._headers()))

    def post(self, path: str, body: Any = None, *, key: str = "") -> Answer:
        extra: dict[str, Any] = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
        return self._told(
            self.client.post(
                ROOT + path, json.dumps(body or {}), content_type="application/json",
                **self._headers(), **extra,
            )
        )  # fmt: skip

    def delete(self, path: str) -> Answer:
        return self._told(self.client.delete(ROOT + path, **self._headers()))

    def upload(self, path: str, name: str, content: bytes, **values: str) -> Answer:
        body = values | {"file": SimpleUploadedFile(name, content)}
        return self._told(self.client.post(ROOT + path, body, **self._headers()))

    def complete(
        self, task: Mapping[str, Any], answers: Mapping[str, Any], key: str = ""
    ) -> Answer:
        """Send in a task that was claimed, as it was read."""
        body = {"answers": dict(answers), "version": task["version"]}
        return self.post(f"/tasks/{task['id']}/complete", body, key=key or f"kunci-{next(_keys)}")

    def _headers(self) -> dict[str, Any]:
        return {"HTTP_AUTHORIZATION": f"Bearer {self.text}"} if self.text else {}

    def _told(self, response: Any) -> Answer:
        parts = response.streaming_content if response.streaming else [response.content]
        content = b"".join(parts)
        is_json = "json" in response.headers.get("Content-Type", "")
        body = json.loads(content) if is_json and content else None
        return Answer(response.status_code, body, response.headers, content)


def issue(user: User, *scopes: str, days: int = 30) -> IssuedToken:
    """Give a program a token of this person; every scope unless some are named."""
    return create_api_token(
        user=user, name="Uji", scopes=scopes or tuple(SCOPES), days=days, actor=SYSTEM,
        now=timezone.now(),
    )  # fmt: skip


def program_of(user: User, *scopes: str) -> Program:
    return Program(issue(user, *scopes).text)
