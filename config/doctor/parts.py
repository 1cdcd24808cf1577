"""The running parts: database, broker, worker, clock, and the door of the machines."""

import os
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from config import serving
from config.celery import app
from config.doctor.registry import Found, examines, fine, grave, notice
from config.health.parts import SILENT
from foundation import outbox
from foundation.heartbeats import CLOCK, WORKER, last_beats
from foundation.indonesian import duration_text, number_text
from foundation.models import OutboxJob

OLDEST_POSTGRESQL = 14
LATE = timedelta(minutes=2)  # a due job that nobody has taken by then waits for a worker
APART, FAR_APART = 2.0, 30.0  # seconds between our time and the database's
PATIENCE = 5  # seconds that a server is given to answer


@examines("Basis data")
def database(now: datetime) -> Iterator[Found]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        yield grave(
            f"Tidak terjangkau ({type(error).__name__}).",
            "Jalankan servernya; periksa nama, port, dan kata sandi dalam DATABASE_URL.",
        )
        return
    if connection.vendor == "postgresql":
        yield from _postgresql()
    else:
        yield from _sqlite()


def _postgresql() -> Iterator[Found]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = str(cursor.fetchone()[0]).split()[0]
    if int(version.split(".")[0]) < OLDEST_POSTGRESQL:
        yield grave(
            f"PostgreSQL {version} terlalu lama.", f"Pasang {OLDEST_POSTGRESQL} atau lebih baru."
        )
    else:
        yield fine(f"PostgreSQL {version}.")


def _sqlite() -> Iterator[Found]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        mode = str(cursor.fetchone()[0])
        cursor.execute("SELECT sqlite_version()")
        version = str(cursor.fetchone()[0])
    if mode not in ("wal", "memory"):
        yield grave(
            f"SQLite {version} tanpa WAL ({mode}): pembaca dan penulis saling menunggu.",
            "Pindahkan SOPAN_DATA ke disk setempat; pada folder jaringan WAL tidak berjalan.",
        )
    else:
        yield fine(f"SQLite {version} ({mode.upper()}), cukup untuk satu kantor.")


@examines("Migrasi", needs_database=True)
def migrations(now: datetime) -> Iterator[Found]:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield grave(
            f"{len(waiting)} perubahan tabel belum dijalankan, mulai dari {waiting[0][0]}.",
            "Cadangkan, lalu jalankan manage.py migrate.",
        )
    else:
        yield fine("Semua tabel sesuai dengan versi ini.")


@examines("Jam", needs_database=True)
def clocks_agree(now: datetime) -> Iterator[Found]:
    if connection.vendor != "postgresql":
        yield fine("Basis data memakai jam komputer ini.")
        return
    with connection.cursor() as cursor:
        before = time.time()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        apart = abs(float(cursor.fetchone()[0]) - (before + time.time()) / 2)
    text = f"Berselisih {number_text(apart, 1)} detik dengan jam basis data."
    if apart > FAR_APART:
        yield grave(text, "Nyalakan NTP pada kedua server: ketukan dan tenggat dihitung salah.")
    elif apart > APART:
        yield notice(text, "Nyalakan NTP pada kedua server.")
    else:
        yield fine(text)


@examines("Broker")
def broker(now: datetime) -> Iterator[Found]:
    scheme = settings.CELERY_BROKER_URL.partition("://")[0]
    if scheme == "filesystem":
        if os.access(settings.BROKER_FOLDER / "messages", os.W_OK | os.X_OK):
            yield fine("Berkas di folder data, cukup untuk satu kantor.")
        else:
            yield grave(
                f"{settings.BROKER_FOLDER} tidak dapat ditulis.", "Berikan kepada pengguna SOPan."
            )
        return
    try:
        with app.connection_for_write(connect_timeout=PATIENCE) as link:
            link.ensure_connection(max_retries=1, interval_start=0, timeout=PATIENCE)
            link.default_channel.close()
    except Exception as error:
        # Each transport has errors of its own; what matters is that nobody answered.
        yield grave(
            f"Broker {scheme} tidak terjangkau ({type(error).__name__}).",
            "Jalankan servernya; periksa CELERY_BROKER_URL. Tidak ada yang hilang: yang jatuh "
            "tempo menunggu dalam basis data.",
        )
    else:
        yield fine(f"Broker {scheme} menjawab.")


@examines("Pekerja", needs_database=True)
def worker(now: datetime) -> Iterator[Found]:
    oldest = outbox.due(now).first()
    if oldest is not None and now - oldest.run_after > LATE:
        yield grave(
            f"Pekerjaan tertua sudah menunggu {duration_text(now - oldest.run_after)}.",
            "Pekerja tidak berjalan atau kewalahan: systemctl status sopan-worker.",
        )
    else:
        yield _seen(WORKER, now, "Jalankan: systemctl start sopan-worker.")
    failed = OutboxJob.objects.filter(state=OutboxJob.State.INCIDENT).count()
    if failed:
        yield notice(
            f"{number_text(failed)} pekerjaan gagal dan menunggu tindakan.",
            "Buka Proses - Gangguan, perbaiki sebabnya, lalu tekan Coba lagi.",
        )


@examines("Penjadwal", needs_database=True)
def clock(now: datetime) -> Iterator[Found]:
    yield _seen(
        CLOCK,
        now,
        "Jalankan satu saja di semua server: systemctl start sopan-clock. Ia terlihat melalui "
        "pekerja: tanpa pekerja keduanya diam.",
    )


def _seen(name: str, now: datetime, advice: str) -> Found:
    last = last_beats().get(name)
    if last is None:
        return grave("Belum pernah terlihat.", advice)
    if now - last > SILENT:
        return grave(f"Terakhir terlihat {duration_text(now - last)} yang lalu.", advice)
    return fine("Berjalan.")


@examines("Pintu mesin")
def machine_door(now: datetime) -> Iterator[Found]:
    """Call without a serial: the door refuses that with 400 and remembers nothing."""
    host, _, port = serving.bind.rpartition(":")
    if not host.strip("0.:[]"):
        host = "127.0.0.1"  # what listens everywhere listens here too
    try:
        with closing(HTTPConnection(host, int(port), timeout=PATIENCE)) as call:
            call.request("GET", "/iclock/cdata")
            status = call.getresponse().status
    except (OSError, HTTPException):
        yield grave(
            f"Tidak ada yang menjawab di {host}:{port}.", "systemctl start sopan-web sopan-machines"
        )
        return
    if status == 400:
        yield fine(f"/iclock/ menjawab di {host}:{port}.")
    else:
        yield grave(
            f"/iclock/ di {host}:{port} menjawab {status}: itu bukan SOPan, atau ia bermasalah.",
            "Periksa SOPAN_PORT dan catatan sopan-web.",
        )
