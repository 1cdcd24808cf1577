"""What is on record: SOP files, the anchors of the ledger, and the backups."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.core import checks

from config.backups.evidence import kept, last_good
from config.backups.keeping import alarm
from config.backups.places import backup_folder
from config.doctor.registry import Found, examines, fine, grave, notice
from foundation.indonesian import duration_text, number_text
from foundation.ledger.anchors import anchor_path
from foundation.models import Anchor, Event
from organization.mandates.heads import headless
from organization.models import Agency

STALE_ANCHOR = timedelta(hours=50)  # one a day; a day may be missed by a server that was off


@examines("Pengaturan dan berkas SOP", needs_database=True)
def system_checks(now: datetime) -> Iterator[Found]:
    found = checks.run_checks(include_deployment_checks=settings.SECURE_SSL_REDIRECT)
    told = [message for message in found if not message.is_silenced()]
    errors = [message for message in told if message.level >= checks.ERROR]
    if errors:
        yield grave(
            f"{number_text(len(errors))} kesalahan, antara lain: {errors[0].msg}",
            "manage.py check menyebut semuanya, masing-masing dengan petunjuk.",
        )
    elif told:
        yield notice(
            f"{number_text(len(told))} peringatan, antara lain: {told[0].msg}",
            "manage.py check --deploy menyebut semuanya.",
        )
    else:
        yield fine("Tidak ada kesalahan.")


@examines("Jangkar catatan", needs_database=True)
def anchors(now: datetime) -> Iterator[Found]:
    last = Anchor.objects.last()
    if last is None:
        if Event.objects.exists():
            yield notice(
                "Belum ada jangkar.",
                "Penjadwal membuatnya dalam satu jam; atau manage.py verify_ledger --anchor.",
            )
        else:
            yield fine("Belum ada catatan yang perlu dijangkar.")
    elif not anchor_path(last.number).exists():
        yield grave(
            f"{anchor_path(last.number)} tidak ada.",
            "Kembalikan berkas itu dari salinannya: ia bukti bahwa catatan tidak diubah.",
        )
    elif now - last.at > STALE_ANCHOR:
        yield grave(
            f"Jangkar terakhir berumur {duration_text(now - last.at)}.",
            "Periksa penjadwal dan pekerja; lalu manage.py verify_ledger --anchor.",
        )
    else:
        yield fine(f"Jangkar {last.number}, {duration_text(now - last.at)} yang lalu.")


@examines("Cadangan")
def backups(now: datetime) -> Iterator[Found]:
    if wrong := alarm(now):
        yield grave(
            wrong,
            "Jalankan manage.py backup; sebabnya ada di halaman Cadangan dan catatan pekerja.",
        )
    elif good := last_good(kept(backup_folder())):
        yield fine(f"{good.name}, {duration_text(now - good.made_at)} yang lalu.")
    else:
        yield notice("Belum ada: pemasangan ini masih baru.", "Penjadwal membuatnya setiap hari.")
    if backup_folder().resolve().is_relative_to(settings.DATA_DIR):
        yield notice(
            "Cadangan terletak di dalam folder data: disk yang rusak membawa keduanya.",
            "Tunjuk disk lain dengan SOPAN_BACKUPS.",
        )


@examines("Pimpinan", needs_database=True)
def heads(now: datetime) -> Iterator[Found]:
    without = headless(Agency.objects.all(), now)
    if without:
        yield notice(
            f"Tanpa pimpinan hari ini: {', '.join(agency.name for agency in without)}.",
            "BKD atau Pengelola mencatat suratnya di Pegawai - Pejabat; atau appoint_official.",
        )
    else:
        yield fine("Setiap instansi yang bekerja mempunyai pimpinan.")
