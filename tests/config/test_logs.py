"""Lines of the log: whole objects for programs, under the id of the request, and washed."""

import io
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from config.env import env_choice, env_networks
from config.logs import HIDDEN, JsonFormatter, PlainFormatter, washed
from foundation import outbox
from foundation.middleware import TraceMiddleware
from foundation.tracing import asked_by, traced
from tests.cast import Cast
from tests.pages import browser

Written = Callable[[], str]
FINGER = "TVhTUzIxAAAEBwkJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8w" * 4
NIP = "198503122010011001"


@pytest.fixture(params=[PlainFormatter, JsonFormatter])
def log(request: pytest.FixtureRequest) -> Any:
    """What the root logger writes during a test."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(request.param())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def line_of(formatter: logging.Formatter, message: str, *arguments: Any, **more: Any) -> str:
    record = logging.LogRecord("uji", logging.WARNING, __file__, 1, message, arguments, None)
    vars(record).update(more)
    return formatter.format(record)


def test_a_line_for_programs_says_who_what_and_under_which_id() -> None:
    with traced("7K3M-Q9TD-2HXA", job=12), asked_by(lambda: 5):
        line = json.loads(line_of(JsonFormatter(), "outbox: %s failed", "ä"))
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "WARNING", "logger": "uji", "event": "outbox: ä failed",
        "request_id": "7K3M-Q9TD-2HXA", "user_id": 5, "job_id": 12,
    }  # fmt: skip


def test_a_line_for_people_names_only_what_there_is() -> None:
    assert line_of(PlainFormatter(), "selesai").endswith(" WARNING uji selesai")
    with traced("7K3M-Q9TD-2HXA", job=12):
        line = line_of(PlainFormatter(), "selesai")
    assert line.endswith("selesai permintaan=7K3M-Q9TD-2HXA pekerjaan=12")


def test_a_line_is_one_line_whatever_is_said() -> None:
    assert "\n" not in line_of(JsonFormatter(), 'satu\n{"level": "dua"}')


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("password=Rahasia-123 user=5", "Rahasia-123"),
        ('{"password": "Rahasia 123", "n": 1}', "Rahasia 123"),
        ("kata sandi: Rahasia-123", "Rahasia-123"),
        ("SOPAN_SECRET_KEY=abc/def", "abc/def"),
        ("csrfmiddlewaretoken=abcDEF123&x=1", "abcDEF123"),
        ("Cookie: sessionid=abc; csrftoken=def", "def"),
        ("{'Authorization': 'Bearer abc.def'}", "abc.def"),
        ("got Bearer abc.def", "abc.def"),
        ("sopan_ab12cd34_0123456789abcdefghij is wrong", "0123456789"),
        ("postgres://sopan:kata@db/sopan refused", "kata"),
        (f"pegawai {NIP} tidak ada", NIP),
        ("pegawai 19850312 201001 1 001 tidak ada", "201001"),
        (f"FP PIN=7 TMP={FINGER}", FINGER[:64]),
        (f"FP PIN=7 TMP={FINGER}", FINGER[-64:]),
    ],
)
def test_what_is_secret_or_personal_is_washed_out(text: str, secret: str) -> None:
    for formatter in (PlainFormatter(), JsonFormatter()):
        assert secret not in line_of(formatter, text)
        assert secret not in line_of(formatter, "%s", text)


@pytest.mark.parametrize(
    "text",
    [
        "GET /tugas/7/ 200",
        "outbox: processes.task:123456 attempt 2 failed: TimeoutError",
        "a" * 64,
        "1790000000000 bytes",
        "succeeded in 0.023648100000000001s",
    ],
)
def test_what_is_neither_stays(text: str) -> None:
    assert washed(text) == text


def test_a_failure_says_its_kind_and_place_never_its_words() -> None:
    def fail() -> None:
        try:
            raise KeyError("Petrus Nahak")
        except KeyError as error:
            raise ValueError(f"template {FINGER}") from error

    for formatter in (PlainFormatter(), JsonFormatter()):
        try:
            fail()
        except ValueError as error:
            info = (ValueError, error, error.__traceback__)
            text = line_of(formatter, "rusak", exc_info=info)
        assert "ValueError" in text
        assert "KeyError" in text
        assert "test_logs.py" in text
        assert "Petrus" not in text
        assert FINGER[:20] not in text


def test_celerys_own_line_about_a_failure_says_no_words_either() -> None:
    told = {"name": "config.tasks.x", "exc": "ValueError('Petrus')", "traceback": "Petrus"}
    record = logging.LogRecord(
        "celery.app.trace", logging.ERROR, __file__, 1,
        "Task %(name)s raised unexpected: %(exc)s\n%(traceback)s", (told,), None,
    )  # fmt: skip
    assert PlainFormatter().format(record).endswith("task config.tasks.x failed")


@pytest.mark.django_db
def test_a_request_is_logged_with_its_id_and_the_number_of_who_asked(
    cast: Cast, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    logger = logging.getLogger("uji.permintaan")

    def telling(self: Any, request: HttpRequest) -> HttpResponse:
        logger.warning("dilihat oleh %s", request.user.pk)
        return HttpResponse()

    monkeypatch.setattr("viewflow.middleware.SiteMiddleware.__call__", telling, raising=False)
    monkeypatch.setattr("config.middleware.LostPostMiddleware.__call__", telling)
    browser(cast.operator).get("/tugas/", headers={"X-Request-ID": "dari-luar-1"})
    text = log.getvalue()
    assert "dari-luar-1" in text
    assert f"={cast.operator.pk}" in text or f'"user_id": {cast.operator.pk}' in text
    assert cast.operator.username not in text


@pytest.mark.django_db
@pytest.mark.fault("F58")
def test_a_run_with_faults_leaves_no_finger_password_or_token_in_the_log(
    log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Work fails with the worst words, a page breaks down, somebody logs what he should not."""
    secrets = [FINGER[:64], "Rahasia-123", "sopan_ab12cd34_0123456789abcdefghij", NIP]

    def break_down(*given: Any) -> Any:
        raise ValueError(f"password=Rahasia-123 {FINGER} {NIP} {secrets[2]}")

    monkeypatch.setattr(outbox, "_handlers", {"uji": break_down})
    monkeypatch.setattr(outbox, "_kick", break_down)
    with traced("asal-1"):
        outbox.enqueue(kind="uji", key="a", payload={"finger": FINGER}, run_after=timezone.now())
    outbox.drain()
    outbox._kick_quietly()
    request = RequestFactory().get("/", {"password": "Rahasia-123"})
    with pytest.raises(ValueError, match="password"):
        TraceMiddleware(break_down)(request)
    try:
        break_down()
    except ValueError:
        logging.getLogger("django.request").error("rusak: %s", request.GET, exc_info=True)
    text = log.getvalue()
    assert "asal-1" in text
    assert "ValueError" in text
    assert not [secret for secret in secrets if secret in text]


def test_the_house_writes_so() -> None:
    told: Any = settings.LOGGING["formatters"]
    assert {name: made["()"] for name, made in told.items()} == {
        "plain": "config.logs.PlainFormatter",
        "json": "config.logs.JsonFormatter",
    }
    assert HIDDEN in washed("password=x")


def test_a_wrong_word_in_the_settings_ends_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UJI", "xml")
    with pytest.raises(ValueError, match="must be one of: plain, json"):
        env_choice("UJI", "plain", "json")
    with pytest.raises(ValueError, match="xml"):
        env_networks("UJI")
    monkeypatch.setenv("UJI", "192.0.2.0/24, 10.0.0.7")
    assert env_networks("UJI") == ["192.0.2.0/24", "10.0.0.7/32"]
