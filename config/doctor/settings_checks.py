"""What the environment says: addresses, TLS, secrets, time zone, mail."""

import os
import platform
import stat
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection

from config import serving
from config.checks import LOCAL
from config.doctor.registry import Found, examines, fine, grave, notice
from config.env import IN_FILES, env_int
from organization.questions import without_second_factor
from processes.notices.channels import push, telegram
from processes.notices.channels.failing import NotSent, Unreachable

OLDEST_PYTHON = (3, 11)
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
# Docker lays its secrets here, readable inside one container only.
CONTAINER_SECRETS = Path("/run/secrets")


@examines("Python")
def python_version(now: datetime) -> Iterator[Found]:
    if sys.version_info < OLDEST_PYTHON:
        yield grave(
            f"Versi {platform.python_version()} terlalu lama.",
            "Pasang Python 3.11 atau lebih baru.",
        )
    else:
        yield fine(f"Versi {platform.python_version()}.")


@examines("Alamat")
def addresses(now: datetime) -> Iterator[Found]:
    outside = sorted(set(settings.ALLOWED_HOSTS) - LOCAL)
    public = urlsplit(settings.PUBLIC_URL)
    if not outside:
        yield fine("Hanya dipanggil dari komputer ini (SOPAN_HOSTS tidak diatur).")
    elif "*" in outside:
        yield grave(
            "SOPAN_HOSTS menerima nama apa saja.", "Tulis nama situs ini, dipisah dengan koma."
        )
    elif public.hostname not in settings.ALLOWED_HOSTS:
        yield notice(
            f"SOPAN_PUBLIC_URL menunjuk {public.hostname}, yang tidak ada dalam SOPAN_HOSTS.",
            "Samakan keduanya: alamat itu tercetak sebagai kode QR pada surat.",
        )
    else:
        yield fine(f"Dipanggil sebagai {', '.join(outside)}.")


@examines("Sambungan aman")
def secure(now: datetime) -> Iterator[Found]:
    outside = set(settings.ALLOWED_HOSTS) - LOCAL
    if settings.DEBUG and outside:
        yield grave("SOPAN_DEBUG menyala.", "Matikan: halaman galat menunjukkan isi program.")
    if not settings.SECURE_SSL_REDIRECT:
        if outside:
            yield grave(
                "Tanpa HTTPS: kata sandi melewati jaringan apa adanya.",
                "Pasang proxy dengan TLS (deploy/nginx/sopan.conf), lalu SOPAN_HTTPS=1.",
            )
        else:
            yield fine("HTTPS tidak perlu: hanya komputer ini yang memanggil.")
    elif not serving.forwarded_allow_ips:
        yield grave(
            "SOPAN_HTTPS=1 tanpa SOPAN_PROXIES: setiap halaman dialihkan berputar-putar.",
            "Isi SOPAN_PROXIES dengan alamat proxy, misalnya 127.0.0.1.",
        )
    elif serving.forwarded_allow_ips == "*":
        yield grave(
            "SOPAN_PROXIES mempercayai siapa saja: alamat pemanggil dapat dipalsukan.",
            "Isi dengan alamat proxy saja.",
        )
    else:
        yield fine(f"HTTPS, melalui proxy {serving.forwarded_allow_ips}.")


@examines("Rahasia")
def secrets(now: datetime) -> Iterator[Found]:
    own = [settings.DATA_DIR / name for name in ("secret-key", "field-keys", "push-key")]
    open_files = [path for path in own if path.exists() and _mode(path) & 0o077]
    named = [Path(os.environ[f"{n}_FILE"]) for n in IN_FILES if os.environ.get(f"{n}_FILE")]
    open_files += [
        path for path in named if CONTAINER_SECRETS not in path.parents and _mode(path) & 0o007
    ]
    for path in open_files:
        yield grave(
            f"{path} dapat dibaca orang lain (mode {_mode(path):o}).", f"chmod o=,g= {path}"
        )
    if not open_files:
        yield fine("Berkas rahasia hanya terbaca oleh pemiliknya.")


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@examines("Kode masuk", needs_database=True)
def second_factor(now: datetime) -> Iterator[Found]:
    """Say whether those who decide and administrate sign in with two steps."""
    without = without_second_factor(now)
    if not settings.SECOND_FACTOR_REQUIRED:
        outside = set(settings.ALLOWED_HOSTS) - LOCAL
        text = f"Kode masuk dari ponsel tidak diwajibkan; {without} pejabat hanya memakai sandi."
        yield notice(text, "Atur SOPAN_TOTP_REQUIRED=1.") if outside else fine(text)
    elif without:
        yield notice(
            f"{without} pejabat yang wajib memakai kode masuk belum memasangnya.",
            "Mereka diminta memasangnya saat masuk berikutnya.",
        )
    else:
        yield fine("Semua pejabat yang wajib memakai kode masuk sudah memasangnya.")


@examines("Zona waktu")
def time_zone(now: datetime) -> Iterator[Found]:
    if settings.TIME_ZONE in ZONES:
        yield fine(f"{settings.TIME_ZONE}.")
    else:
        yield notice(
            f"TIME_ZONE={settings.TIME_ZONE} bukan zona di Indonesia.", f"Pilih {', '.join(ZONES)}."
        )


@examines("Hitungan permintaan")
def counting(now: datetime) -> Iterator[Found]:
    """Say whether the processes of the server count requests together."""
    is_shared = not settings.CACHES["default"]["BACKEND"].endswith("LocMemCache")
    processes = env_int("SOPAN_WEB_WORKERS", 1)
    if not is_shared and processes > 1:
        yield notice(
            f"{processes} proses server menghitung sendiri-sendiri: batas permintaan API menjadi "
            f"{processes} kali lipat.",
            "Atur CACHE_URL ke Redis agar semua proses menghitung bersama.",
        )
    else:
        yield fine("Semua proses menghitung bersama." if is_shared else "Satu proses menghitung.")


@examines("Telegram")
def bot(now: datetime) -> Iterator[Found]:
    if not telegram.is_set_up():
        yield fine("Tidak diatur: tidak ada yang dikirim lewat Telegram.")
        return
    try:
        name = telegram.name_of_bot()
    except (NotSent, Unreachable) as failed:
        yield grave(
            str(failed) or "Telegram menolak bot ini.",
            "Periksa SOPAN_TELEGRAM_TOKEN dan apakah server ini boleh menghubungi Telegram.",
        )
        return
    if name != settings.TELEGRAM_BOT:
        yield notice(
            f"SOPAN_TELEGRAM_BOT tidak sama dengan nama bot milik token itu, {name}.",
            f"Tulis SOPAN_TELEGRAM_BOT={name}.",
        )
    else:
        yield fine(f"Bot {name} siap.")


@examines("Pemberitahuan peramban")
def browsers(now: datetime) -> Iterator[Found]:
    if not push.is_set_up():
        yield fine("Tidak diatur: tidak ada yang dikirim ke peramban.")
    elif urlsplit(settings.PUBLIC_URL).scheme != "https":
        yield notice(
            "Kuncinya ada, tetapi SOPAN_PUBLIC_URL bukan https.",
            "Peramban hanya mendengarkan situs yang dipanggil dengan https.",
        )
    else:
        yield fine("Kuncinya ada.")


@examines("Surat elektronik")
def mail(now: datetime) -> Iterator[Found]:
    if not settings.MAIL_IS_SET_UP:
        yield notice(
            "Tidak diatur: tidak ada yang dikirim lewat surat.",
            "Atur SOPAN_EMAIL_URL bila ringkasan mingguan dan jangkar hendak dikirim.",
        )
        return
    try:
        server = get_connection(timeout=5)
        server.open()
        server.close()
    except (OSError, SMTPException) as error:
        yield grave(
            f"Server surat {settings.EMAIL_HOST}:{settings.EMAIL_PORT} tidak menerima "
            f"({type(error).__name__}).",
            "Periksa SOPAN_EMAIL_URL: nama server, port, nama pengguna, dan kata sandinya.",
        )
    else:
        yield fine(f"Server {settings.EMAIL_HOST}:{settings.EMAIL_PORT} menerima.")
