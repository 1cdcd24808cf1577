"""What is on record: SOP files, and the anchors of the ledger."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.core import checks

from config.doctor.registry import Found, examines, fine, grave, notice
from foundation.indonesian import duration_text, number_text
from foundation.ledger.anchors import anchor_path
from foundation.models import Anchor, Event

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
