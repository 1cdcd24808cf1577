"""The doctor reads the settings: addresses, TLS, secrets, time zone, mail."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from config import serving
from config.doctor import Level
from tests.config.doctor.asked import levels_of, rows_of
from tests.ports import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_these(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what reads settings is asked here: the rest has a module of its own."""
    from config.doctor import registry

    kept = {
        "Python", "Alamat", "Sambungan aman", "Rahasia", "Zona waktu", "Surat elektronik",
        "Hitungan permintaan",
    }  # fmt: skip
    listed = [each for each in registry._checks if each.subject in kept]
    monkeypatch.setattr(registry, "_checks", listed)


def test_an_installation_on_one_computer_needs_nothing() -> None:
    for subject in ("Python", "Alamat", "Sambungan aman", "Rahasia", "Zona waktu"):
        assert levels_of(subject) == [Level.FINE], subject


def test_a_server_without_tls_is_grave(settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["absensi.example.go.id"]
    settings.PUBLIC_URL = "https://absensi.example.go.id"
    assert levels_of("Sambungan aman") == [Level.GRAVE]
    assert levels_of("Alamat") == [Level.FINE]


@pytest.mark.parametrize(
    ("proxies", "level"),
    [("", Level.GRAVE), ("*", Level.GRAVE), ("127.0.0.1", Level.FINE)],
)
def test_behind_tls_the_proxy_is_named_and_nobody_else(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch, proxies: str, level: Level
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    monkeypatch.setattr(serving, "forwarded_allow_ips", proxies)
    assert levels_of("Sambungan aman") == [level]


def test_debugging_on_a_server_is_grave(settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS, settings.DEBUG = ["absensi.example.go.id"], True
    assert Level.GRAVE in levels_of("Sambungan aman")
    assert "SOPAN_DEBUG" in rows_of("Sambungan aman")[0].text


def test_an_address_on_paper_that_nobody_answers_at_is_noticed(settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["absensi.example.go.id"]
    settings.PUBLIC_URL = "http://localhost:8000"
    assert levels_of("Alamat") == [Level.NOTICE]


def test_a_site_that_answers_to_any_name_is_grave(settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    assert levels_of("Alamat") == [Level.GRAVE]


def test_a_secret_that_others_can_read_is_grave_and_never_shown(
    settings: LazySettings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    key = tmp_path / "field-keys"
    key.write_text("kunci-yang-tidak-boleh-tampil")
    key.chmod(0o644)
    (row,) = rows_of("Rahasia")
    assert row.level is Level.GRAVE
    assert row.advice == f"chmod o=,g= {key}"
    assert "kunci-yang" not in row.text
    key.chmod(0o600)
    assert levels_of("Rahasia") == [Level.FINE]


def test_a_file_of_a_secret_may_be_read_by_its_group_but_by_nobody_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    named = tmp_path / "database-url"
    named.write_text("x")
    monkeypatch.setenv("DATABASE_URL_FILE", str(named))
    named.chmod(0o640)
    assert levels_of("Rahasia") == [Level.FINE]
    named.chmod(0o644)
    assert levels_of("Rahasia") == [Level.GRAVE]


def test_a_zone_outside_of_indonesia_is_noticed(settings: LazySettings) -> None:
    settings.TIME_ZONE = "UTC"
    assert levels_of("Zona waktu") == [Level.NOTICE]


def test_no_mail_is_noticed_and_a_server_that_does_not_answer_is_grave(
    settings: LazySettings,
) -> None:
    settings.MAIL_IS_SET_UP = False
    assert levels_of("Surat elektronik") == [Level.NOTICE]
    settings.MAIL_IS_SET_UP = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    assert levels_of("Surat elektronik") == [Level.GRAVE]


def test_processes_that_count_requests_each_for_itself_are_told(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOPAN_WEB_WORKERS", "3")
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    (row,) = rows_of("Hitungan permintaan")
    assert row.level == Level.NOTICE
    assert "CACHE_URL" in row.advice
    monkeypatch.setenv("SOPAN_WEB_WORKERS", "1")
    assert levels_of("Hitungan permintaan") == [Level.FINE]
    monkeypatch.setenv("SOPAN_WEB_WORKERS", "3")
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}
    assert levels_of("Hitungan permintaan") == [Level.FINE]
