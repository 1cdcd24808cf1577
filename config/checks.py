"""`manage.py check` speaks for settings that would fail later, in front of people."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils import timezone

from config.backups.keeping import alarm, numbers_kept
from config.backups.restoring import marker_path
from config.privacy.retention import RetentionError, faults, rules, standard_rules
from processes.notices.channels.push_messages import public_key

BROKERS = ("filesystem", "redis", "rediss", "amqp", "amqps", "pyamqp", "memory")
SHORTEST_KEY = 32  # characters
SHORTEST_LEASE = 5  # seconds; a third of it passes between two renewals
LOCAL = {"localhost", "127.0.0.1", "[::1]", "testserver"}


@register()
def check_settings(**_: Any) -> list[CheckMessage]:
    return [
        *_keys(), *_times(), *_broker(), *_debugging(), *_backups(), *_retention(), *_locks(),
        *_notices(),
    ]  # fmt: skip


@register(deploy=True)
def check_server(**_: Any) -> list[CheckMessage]:
    """Speak for what a server should have and a first try at a desk need not."""
    if settings.SECOND_FACTOR_REQUIRED:
        return []
    return [
        Warning(
            "Pimpinan dan pengelola data masuk dengan sandi saja.",
            hint="Atur SOPAN_TOTP_REQUIRED=1; kode masuk dipasang saat masuk berikutnya.",
            id="config.W012",
        )
    ]


def _locks() -> Iterator[CheckMessage]:
    limits = (settings.LOCK_AFTER, settings.LOCK_NAME_AFTER, settings.LOCK_ADDRESS_AFTER)
    if min(*limits, settings.LOCK_MINUTES) < 1 or sorted(limits) != list(limits):
        yield Error(
            "SOPAN_LOCK_AFTER, _NAME_AFTER, dan _ADDRESS_AFTER harus naik dan paling kecil 1.",
            hint="Bila batas satu alamat terlalu kecil, satu orang mengunci seluruh kantornya.",
            id="config.E013",
        )


def _notices() -> Iterator[CheckMessage]:
    if bool(settings.TELEGRAM_TOKEN) != bool(settings.TELEGRAM_BOT):
        yield Warning(
            "SOPAN_TELEGRAM_TOKEN dan SOPAN_TELEGRAM_BOT harus diatur bersama.",
            hint="Token untuk mengirim, nama bot untuk tautan yang ditekan orang.",
            id="config.W014",
        )
    if not settings.PUSH_KEY:
        return
    try:
        public_key()
    except ValueError:
        yield Error(
            "Kunci pemberitahuan peramban (SOPAN_PUSH_KEY) tidak dapat dibaca.",
            hint="Buat yang baru dengan manage.py make_push_key --print.",
            id="config.E015",
        )
    public = urlsplit(settings.PUBLIC_URL)
    if public.scheme != "https" and public.hostname not in LOCAL:
        yield Warning(
            "Pemberitahuan peramban memerlukan https, sedangkan SOPAN_PUBLIC_URL bukan https.",
            hint="Pasang TLS, lalu tulis SOPAN_PUBLIC_URL=https://....",
            id="config.W016",
        )


def _keys() -> Iterator[CheckMessage]:
    if any(len(key) < SHORTEST_KEY for key in settings.FIELD_KEYS):
        yield Error(
            f"SOPAN_FIELD_KEYS memuat kunci yang lebih pendek dari {SHORTEST_KEY} huruf.",
            hint="Buat kunci acak yang panjang; yang terbaru berdiri paling depan.",
            id="config.E001",
        )


def _times() -> Iterator[CheckMessage]:
    if settings.OUTBOX_LEASE_SECONDS < SHORTEST_LEASE:
        yield Error(
            f"SOPAN_LEASE_SECONDS kurang dari {SHORTEST_LEASE} detik.",
            hint="Pekerjaan yang masih dikerjakan akan dimulai lagi oleh pekerja lain.",
            id="config.E002",
        )
    try:
        ZoneInfo(settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        yield Error(
            f"TIME_ZONE “{settings.TIME_ZONE}” tidak dikenal.",
            hint="Di Indonesia: Asia/Jakarta, Asia/Makassar, atau Asia/Jayapura.",
            id="config.E003",
        )


def _broker() -> Iterator[CheckMessage]:
    scheme = settings.CELERY_BROKER_URL.partition("://")[0]
    if scheme not in BROKERS:
        yield Error(
            f"CELERY_BROKER_URL berawalan “{scheme}”, yang tidak dikenal.",
            hint="Pakai redis://..., amqp://..., atau kosongkan untuk broker berkas.",
            id="config.E004",
        )


def _debugging() -> Iterator[CheckMessage]:
    if settings.DEBUG and set(settings.ALLOWED_HOSTS) - LOCAL:
        yield Warning(
            "SOPAN_DEBUG menyala pada situs yang dapat dipanggil dari luar.",
            hint="Matikan: halaman galat akan menunjukkan isi program dan data.",
            id="config.W005",
        )


def _backups() -> Iterator[CheckMessage]:
    if marker_path().exists():
        yield Error(
            "Pemulihan cadangan di tempat ini terputus; isinya tidak lengkap.",
            hint="Kosongkan folder data dan basis datanya, lalu jalankan restore lagi.",
            id="config.E006",
        )
    try:
        numbers_kept()
    except ValueError:
        yield Error(
            f"SOPAN_BACKUPS_KEPT “{settings.BACKUPS_KEPT}” bukan tiga angka.",
            hint="Banyaknya cadangan harian, mingguan, dan bulanan: 7,4,12.",
            id="config.E007",
        )
    if reason := alarm(timezone.now()):
        yield Warning(
            reason, hint="Jalankan manage.py backup; periksa worker dan clock.", id="config.W008"
        )


def _retention() -> Iterator[CheckMessage]:
    for fault in faults(standard_rules()):
        yield Error(f"Tabel retensi: {fault}", id="config.E010")
    try:
        rules()
    except RetentionError as error:
        yield Error(
            f"Tabel retensi: {error}",
            hint="Selama itu tidak ada yang dibersihkan.",
            id="config.E011",
        )
